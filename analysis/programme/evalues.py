"""E-values: how strong an unmeasured cause would have to be to explain a ratio away."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.analysis import afterwards
from hypnic.analysis.question.rows import Row, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator


@afterwards("E-values")
def rows(finished: pl.DataFrame) -> Iterator[Row]:
    """Give each primary ratio of a finished table its E-value, as a sensitivity row.

    `estimate` is the E-value of the ratio, `conf_low` that of its limit nearer to 1; there is no upper limit. An odds
    ratio of a common answer is first brought near a ratio of risks by its square root (VanderWeele 2017, Epidemiology
    28:e58).
    """
    primary = finished.filter(pl.col("estimate").is_not_null(), role="primary")
    for row in primary.filter(pl.col("scale").is_in(["IRR", "OR"])).iter_rows(named=True):
        power = 0.5 if row["scale"] == "OR" else 1.0
        nearer = nearer_limit(row["conf_low"], row["conf_high"]) ** power
        yield row | {
            "role": "sensitivity",
            "estimate": rounded(e_value(row["estimate"] ** power)),
            "conf_low": rounded(e_value(nearer)),
            **dict.fromkeys(("conf_high", "std_error", "df", "statistic", "p_value", "p_adjusted")),
            "scale": "e-value",
            "variant": "e-value",
        }


def e_value(ratio: float) -> float:
    """Give the least ratio with which an unmeasured cause must go both with the exposure and with the outcome.

    Both over and above what was adjusted for. For a rate ratio, as for a risk ratio: VanderWeele & Ding 2017, Ann
    Intern Med 167:268.

    >>> e_value(2.0), e_value(0.5), e_value(1.0)
    (3.414213562373095, 3.414213562373095, 1.0)
    """
    away = max(ratio, 1 / ratio)
    return away + sqrt(away * (away - 1))


def nearer_limit(low: float, high: float) -> float:
    """Give the 95 % limit nearer to 1, or 1 where the interval includes it.

    >>> nearer_limit(1.1, 1.4), nearer_limit(0.7, 0.9), nearer_limit(0.9, 1.2)
    (1.1, 0.9, 1.0)
    """
    return low if low > 1 else high if high < 1 else 1.0
