"""Like with like: random-effects combination of the same estimate from several parts of a study.

Normal limits would take the parts' errors for known. Each is an estimate with degrees of freedom of its own, and under
a survey design these are few. The variance of the mean is a weighted sum of the parts' variances, and Satterthwaite's
approximation gives such a sum its degrees of freedom (1946, Biometrics Bull 2:110). The smallest of the parts' would be
safe but would throw the other parts' knowledge away: two cycles of a survey with 15 each have 30 together, as if they
had been analysed as one.

From three parts on, their own spread says how uncertain the mean is: limits are then those of Hartung & Knapp (2001,
Stat Med 20:3875) and Sidik & Jonkman (2002, Stat Med 21:3153), Student's with one degree of freedom fewer than parts,
or with Satterthwaite's where these are fewer still. Their error is never taken below the usual one (Roever, Knapp &
Friede 2015, BMC Med Res Methodol 15:99): parts that agree by chance would make it nothing. Two parts have no spread to
speak of: one degree of freedom makes limits that say nothing, so that they keep Satterthwaite's alone.
"""

from __future__ import annotations

from math import exp, inf, isfinite, sqrt
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
from scipy.optimize import brentq
from scipy.special import chdtrc, stdtr, stdtrit

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, line_row, rounded
from hypnic.analysis.studies.grouping import GROUPING
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet

APART = " | "  # between the adjustment sets of parts, in the row that combines them
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
    df: float  # of the limits; infinite where they are normal
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
    `estimates` has the parts' degrees of freedom in `df`, null where they are many.

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
    variances = estimates["std_error"].to_numpy() ** 2
    tau2, q = paule_mandel(effects, variances), _spread(effects, variances, 0.0)
    mean, error, freedom = random_effects(effects, variances, tau2, estimates["df"].fill_null(inf).to_numpy())
    df = len(effects) - 1
    reach, statistic = float(stdtrit(freedom, 0.975)) * error, mean / error
    value, low, high = (exp(end) if ratio else end for end in (mean, mean - reach, mean + reach))
    return Combined(
        value, low, high, error, statistic, float(2 * stdtr(freedom, -abs(statistic))), freedom, tau2,
        0.0 if q <= df else 1 - df / q, q, float(chdtrc(df, q)),
    )  # fmt: skip


def random_effects(effects: Array, variances: Array, tau2: float, freedom: Array) -> tuple[float, float, float]:
    """Give the weighted mean of parts that differ by `tau2`, its standard error, and the degrees of freedom of that.

    `freedom` (k,) are the degrees of freedom of the `variances`, infinite where they are known. From three parts on the
    error is Hartung & Knapp's, as `metafor::rma(test = "knha")` has it, where that is the larger one.
    """
    weights, df = 1 / (variances + tau2), len(effects) - 1
    mean, error = float(weights @ effects / weights.sum()), float(weights.sum()) ** -0.5
    left = satterthwaite(weights, variances, freedom)
    if len(effects) < GROUPING.spread_from:
        return mean, error, left
    return mean, error * sqrt(max(1.0, _spread(effects, variances, tau2) / df)), min(left, float(df))


def paule_mandel(effects: Array, variances: Array) -> float:
    """Give the variance between parts that makes their spread about the mean what it should be; 0 for less spread.

    Source: Paule & Mandel 1982, J Res Natl Bur Stand 87:377; `metafor::rma(method = "PM")`.

    >>> import numpy as np
    >>> round(paule_mandel(np.array([0.0, 1.0, 2.0]), np.full(3, 0.25)), 10)
    0.75
    """
    expected = len(effects) - 1
    if _spread(effects, variances, 0.0) <= expected:
        return 0.0
    highest = float(((effects - effects.mean()) ** 2).sum())  # there the spread is below 1
    return float(brentq(lambda tau2: _spread(effects, variances, tau2) - expected, 0.0, highest, xtol=1e-15))


def _spread(effects: Array, variances: Array, tau2: float) -> float:
    """Sum the squared distances from the weighted mean, weighted: chi-square if the parts differ by `tau2`."""
    weights = 1 / (variances + tau2)
    return float(weights @ (effects - weights @ effects / weights.sum()) ** 2)


def satterthwaite(weights: Array, variances: Array, freedom: Array) -> float:
    """Give the degrees of freedom of the variance of a weighted mean of parts.

    `variances` (k,) have `freedom` (k,), infinite where they are known. What parts differ by lends none, although it
    adds to the variance: few parts know it worse than their own errors.

    >>> import numpy as np
    >>> satterthwaite(np.ones(2), np.ones(2), np.array([15.0, 15.0]))
    30.0
    """
    whole = float(weights**2 @ variances) ** 2
    unsure = float(((weights**2 * variances) ** 2 / freedom).sum())
    return whole / unsure if unsure > 0 else inf


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
        "adjustment": APART.join(found["adjustment"].unique(maintain_order=True)), "n_rows": used,
        "n_persons": int(found["n_persons"].sum()),
        "n_dropped": question.data.frame.height - used, "score_max": max(found["score_max"]),
    }  # fmt: skip
    numbers = {key: rounded(getattr(combined, key)) for key in Combined._fields[:6]}
    yield facts | numbers | {"df": rounded(combined.df) if isfinite(combined.df) else None}
    q = {"variant": "heterogeneity", "scale": "test", "statistic": rounded(combined.q), "df": found.height - 1.0}
    yield facts | q | {"p_value": rounded(combined.q_p)}
    yield facts | {"variant": "between-parts-sd", "scale": "difference", "estimate": rounded(sqrt(combined.tau2))}
    yield facts | {"variant": "i2", "scale": "share", "estimate": rounded(combined.i2)}
