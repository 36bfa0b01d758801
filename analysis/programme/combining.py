"""Like with like: random-effects combination of the same estimate from several parts of a study."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import chdtrc, ndtr, ndtri
from statsmodels.stats.meta_analysis import combine_effects

from hypnic.analysis.question import model as primary
from hypnic.analysis.question.rows import Row, attempt, blank_row, rounded
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.study import AnalysisSet

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
    parts: int
    tau2: float
    i2: float
    q_p: float


def rows(name: str, data: AnalysisSet) -> Iterator[Row]:
    """Estimate each primary estimand in each part of a set alone, and combine the parts, as a sensitivity row.

    A set without parts gives no rows.
    """
    if not data.parts:
        return
    labels = data.frame[data.parts].drop_nulls().unique().sort()
    alone = pl.DataFrame(
        [row for label in labels for row in primary.rows(name, _part(data, str(label)))], infer_schema_length=None
    )
    for estimand in data.estimands:
        if estimand.role != "primary" or estimand.by:
            continue
        blank = blank_row(name, data, estimand, role="sensitivity")
        found = alone.filter(pl.col("estimate").is_not_null(), exposure=estimand.exposure, role="primary")
        yield from attempt(_rows, blank, found, data)


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
        raise HypnicError(message)
    ratio = estimates["scale"][0] in {"IRR", "OR"}
    effects = estimates["estimate"].log().to_numpy() if ratio else estimates["estimate"].to_numpy()
    with np.errstate(divide="ignore"):  # statsmodels' own I2, which is not read, where the parts agree exactly
        found = combine_effects(effects, estimates["std_error"].to_numpy() ** 2, method_re="iterated")
    mean, error = float(found.mean_effect_re), float(found.sd_eff_w_re)
    reach, statistic = float(ndtri(0.975)) * error, mean / error
    value, low, high = (exp(end) if ratio else end for end in (mean, mean - reach, mean + reach))
    q, df = float(found.q), len(effects) - 1
    return Combined(
        value, low, high, error, statistic, float(2 * ndtr(-abs(statistic))), len(effects), float(found.tau2),
        0.0 if q <= df else 1 - df / q, float(chdtrc(df, q)),
    )  # fmt: skip


def _part(data: AnalysisSet, label: str) -> AnalysisSet:
    """Keep one part of a set; what names the parts is constant in it and leaves the adjustment."""
    estimands = tuple(
        replace(estimand, adjustment=tuple(c for c in estimand.adjustment if c != data.parts), by=None)
        for estimand in data.estimands
        if estimand.role == "primary" and not estimand.by
    )
    return replace(data, frame=data.frame.filter(pl.col(data.parts or "") == label), estimands=estimands)


def _rows(blank: Row, found: pl.DataFrame, data: AnalysisSet) -> Iterator[Row]:
    combined = combine(found)
    words = (
        f"random effects over {combined.parts} parts by {data.parts} (tau2 {combined.tau2:.2g}, I2"
        f" {100 * combined.i2:.0f} %, Q p {combined.q_p:.2g})"
    )
    numbers = {key: rounded(getattr(combined, key)) for key in Combined._fields[:6]}
    used = int(found["n_rows"].sum())
    yield blank | numbers | {
        "estimator": f"{blank['estimator']}, {words}", "adjustment": found["adjustment"][0], "n_rows": used,
        "n_persons": int(found["n_persons"].sum()), "n_dropped": data.frame.height - used, "converged": True,
        "score_max": max(found["score_max"]),
    }  # fmt: skip
