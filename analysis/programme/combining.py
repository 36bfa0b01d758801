"""Like with like: random-effects combination of the same estimate from several parts of a study."""

from __future__ import annotations

from math import exp, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import chdtrc, ndtr, ndtri
from statsmodels.stats.meta_analysis import combine_effects

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, line_row, rounded
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.sets import AnalysisSet

# What must be the same before two estimates are two of one thing.
LIKE = ("design", "outcome", "exposure", "unit", "effect", "scale")


class Combined(NamedTuple):
    """A random-effects mean on its own scale, and how far its parts differ."""

    estimate: float
    conf_low: float
    conf_high: float
    std_error: float  # of the log for a ratio
    statistic: float
    p_value: float
    tau2: float
    i2: float
    q: float
    q_p: float


@analysis("combining", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Estimate each primary estimand in each part of a set alone, and combine the parts, as sensitivity rows.

    A set without parts gives no rows. How far the parts differ is said in three more: the Q test, the sd between parts
    on the scale of the log, and I2.
    """
    if not data.parts:
        return
    for question in questions(data):
        if not question.estimand.by:
            yield from attempt(_rows, question.blank(role="sensitivity", variant="random-effects"), question)


def combine(estimates: pl.DataFrame) -> Combined:
    """Combine rows of the table of estimates by random effects (Paule & Mandel's variance between parts).

    Few parts say little about how much they differ: with two or three, tau2 and I2 are hardly more than a hint.
    Limits are normal. statsmodels combines; see its `combine_effects`.

    Raises
    ------
    HypnicError
        There are fewer than two rows, or they differ in what they estimate: then the message names in what.

    """
    for column in LIKE:
        if estimates[column].n_unique() > 1:
            values = ", ".join(str(value) for value in estimates[column].unique(maintain_order=True))
            message = f"only like estimates can be combined, and these differ in {column}: {values}"
            raise HypnicError(message)
    if estimates.height < 2:
        message = "fewer than two parts have an estimate to combine"
        raise HypnicError(message, reason="few_parts")
    ratio = estimates["scale"][0] in {"IRR", "OR"}
    effects = estimates["estimate"].log().to_numpy() if ratio else estimates["estimate"].to_numpy()
    with np.errstate(divide="ignore"):  # statsmodels' own I2, which is not read, where the parts agree exactly
        found = combine_effects(effects, estimates["std_error"].to_numpy() ** 2, method_re="iterated")
    mean, error = float(found.mean_effect_re), float(found.sd_eff_w_re)
    reach, statistic = float(ndtri(0.975)) * error, mean / error
    value, low, high = (exp(end) if ratio else end for end in (mean, mean - reach, mean + reach))
    q, df = float(found.q), len(effects) - 1
    return Combined(
        value, low, high, error, statistic, float(2 * ndtr(-abs(statistic))), float(found.tau2),
        0.0 if q <= df else 1 - df / q, q, float(chdtrc(df, q)),
    )  # fmt: skip


def _alone(question: Question) -> pl.DataFrame:
    """Estimate a question in each part; what names the parts is constant there and leaves the adjustment."""
    part = question.data.parts or ""
    adjustment = tuple(column for column in question.estimand.adjustment if column != part)
    found: list[Row] = []
    for label in question.data.frame[part].drop_nulls().unique().sort():
        one = question.on(question.data.frame.filter(pl.col(part) == label)).but(adjustment=adjustment)
        found += attempt(_part, one.blank(), one)
    return pl.DataFrame(found, schema=dtypes(Estimates), orient="row").filter(pl.col("estimate").is_not_null())


def _part(blank: Row, question: Question) -> Iterator[Row]:
    fitted = question.fit()
    yield line_row(blank, question.data, fitted, fitted.contrast({question.estimand.exposure: 1}))


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    found = _alone(question)
    combined = combine(found)
    used = int(found["n_rows"].sum())
    facts = blank | ESTIMATED | {
        "adjustment": found["adjustment"][0], "n_rows": used, "n_persons": int(found["n_persons"].sum()),
        "n_dropped": question.data.frame.height - used, "score_max": max(found["score_max"]),
    }  # fmt: skip
    yield facts | {key: rounded(getattr(combined, key)) for key in Combined._fields[:6]}
    q = {"variant": "heterogeneity", "scale": "test", "statistic": rounded(combined.q), "df": found.height - 1.0}
    yield facts | q | {"p_value": rounded(combined.q_p)}
    yield facts | {"variant": "between-parts-sd", "scale": "difference", "estimate": rounded(sqrt(combined.tau2))}
    yield facts | {"variant": "i2", "scale": "share", "estimate": rounded(combined.i2)}
