"""From a study to its table of estimates: one model for each estimand, Holm over the primary five."""

from __future__ import annotations

from math import exp, floor, log10
from typing import TYPE_CHECKING, Any

import polars as pl
from statsmodels.stats.multitest import multipletests

from hypnic.analysis.fitting import Fit, fit
from hypnic.analysis.studies import AnalysisSet, Study, study
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hypnic.analysis.estimands import Estimand

DIGITS = 8
SCORE_DIGITS = 9
FEWEST_PERSONS = 10  # nothing is published about fewer
RATIOS = ("estimate", "conf_low", "conf_high")


def estimate(of: Study | str, *, source: Path | str | None = None) -> pl.DataFrame:
    """Fit every estimand of a study.

    Parameters
    ----------
    of
        `demo`, `open` or `nhanes`, or a study that has been made ready.
    source
        A folder with the NHANES files; without it, `HYPNIC_NHANES`, or a download from CDC.

    Returns
    -------
    polars.DataFrame
        One row for each estimate, as `hypnic.schemas.estimates.Estimates` says: ratios with 95 % limits, the
        standard error of their log, two-sided p, and for primary rows p after Holm over the design's five.

    Raises
    ------
    HypnicError
        There is no such study, or its files are not at hand.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.estimate("demo").filter(design="diary")["exposure"].to_list()
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']

    """
    ready = study(of, source) if isinstance(of, str) else of
    rows = [row for data in ready.sets for estimand in data.estimands for row in _rows(ready.name, data, estimand)]
    frame = pl.DataFrame(rows, schema=dtypes(Estimates), orient="row")
    return Estimates.validate(_holm(frame), lazy=True)


def fit_estimand(data: AnalysisSet, estimand: Estimand, terms: list[str] | None = None) -> Fit:
    """Fit one estimand's model: its exposure in its unit, or `terms` in its place, and its adjustment set."""
    frame = data.frame.with_columns((pl.col(estimand.column) / estimand.step).alias(estimand.exposure))
    if estimand.by and terms is None:
        levels = frame[estimand.by].unique().sort()
        split = {f"{estimand.exposure} in {level}": pl.col(estimand.by) == level for level in levels}
        frame = frame.with_columns((pl.col(estimand.exposure) * there).alias(name) for name, there in split.items())
        terms = list(split)
    return fit(
        frame, data.outcome, [*(terms or [estimand.exposure]), *estimand.adjustment], estimand.family,
        covariance=estimand.covariance, weights=estimand.weights, **data.keywords,
    )  # fmt: skip


def _rows(name: str, data: AnalysisSet, estimand: Estimand) -> Iterator[dict[str, Any]]:
    blank = _blank_row(name, data, estimand)
    absent = [c for c in (estimand.column, *estimand.adjustment) if data.frame[c].is_null().all()]
    if absent:
        yield blank | {"estimator": f"not estimable: nobody answered {', '.join(absent)}"}
        return
    try:
        fitted = fit_estimand(data, estimand)
    except HypnicError as error:
        yield blank | {"estimator": f"not estimable: {error}"}
        return
    if _persons(fitted) < FEWEST_PERSONS:
        yield blank | {"estimator": f"not estimable: fewer than {FEWEST_PERSONS} persons"}
        return
    if not fitted.info["converged"]:
        blank["estimator"] += ": did not converge"
    if not estimand.by:
        yield blank | _numbers(data, fitted, fitted.contrast({estimand.exposure: 1}))
        return
    parts = [term for term in fitted.names if term.startswith(f"{estimand.exposure} in ")]
    mean = fitted.contrast(dict.fromkeys(parts, 1 / len(parts)))
    yield blank | _numbers(data, fitted, mean)
    for part in parts:
        unit = f"{estimand.unit.partition(',')[0]}, {part.partition(' in ')[2]}"
        yield blank | _numbers(data, fitted, fitted.contrast({part: 1})) | {"role": "secondary", "unit": unit}


def _blank_row(name: str, data: AnalysisSet, estimand: Estimand) -> dict[str, Any]:
    """Say what the row is about, before there is a fit."""
    return dict.fromkeys(dtypes(Estimates)) | {
        "study": name, "design": estimand.design, "role": estimand.role, "outcome": estimand.outcome,
        "exposure": estimand.exposure, "unit": estimand.unit, "effect": estimand.effect, "scale": "IRR",
        "estimator": estimand.family, "covariance": estimand.covariance, "adjustment": "+".join(estimand.adjustment),
        "n_rows": 0, "n_persons": 0, "n_dropped": data.frame.height, "converged": False,
    }  # fmt: skip


def _numbers(data: AnalysisSet, fitted: Fit, line: pl.DataFrame) -> dict[str, Any]:
    """Give the numbers of one linear combination; none of its estimate where the fit did not converge."""
    info = fitted.info
    row = {
        "n_rows": info["n_rows"],
        "n_persons": _persons(fitted),
        "n_dropped": data.frame.height - info["n_rows"],
        "converged": info["converged"],
        # Of a score as good as zero no digit is real: they differ between machines.
        "score_max": round(info["score_max"], SCORE_DIGITS),
    }
    if not info["converged"]:
        return row
    numbers = line.row(0, named=True)
    ratios = {key: rounded(exp(numbers[key])) for key in RATIOS}
    return row | ratios | {key: rounded(numbers[key]) for key in ("std_error", "statistic", "p_value")}


def _persons(fitted: Fit) -> int:
    """Count the persons of a fit; without groups, a row is one."""
    return int(fitted.info["n_groups"] or fitted.info["n_rows"])


def _holm(frame: pl.DataFrame) -> pl.DataFrame:
    """Adjust the primary p values of each design, five at a time (Holm 1979, Scand J Stat 6:65)."""
    family = frame.with_row_index("row").filter((pl.col("role") == "primary") & pl.col("p_value").is_not_null())
    adjusted: dict[int, float] = {}
    for _, rows in family.group_by("design", maintain_order=True):
        adjusted |= zip(rows["row"], multipletests(rows["p_value"].to_numpy(), method="holm")[1], strict=True)
    values = [rounded(adjusted[row]) if row in adjusted else None for row in range(frame.height)]
    return frame.with_columns(p_adjusted=pl.Series(values, dtype=pl.Float64))


def rounded(value: float) -> float:
    """Round once, to 8 significant digits: beyond them, machines differ."""
    return value if value == 0 else round(value, DIGITS - 1 - floor(log10(abs(value))))
