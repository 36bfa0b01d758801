"""Each person's slope by their own counts alone, next to what is drawn of it: how far the others pull it in."""

from __future__ import annotations

import numpy as np
import polars as pl

from hypnic.analysis.bayes.arrays import Array
from hypnic.analysis.bayes.counts import Counts
from hypnic.analysis.bayes.sampler import Draws

MOST_GROUPS = 20
STEPS = 100


def shrinkage(counts: Counts, draws: Draws, fewest: int) -> pl.DataFrame:
    """Give the means of persons' `alone` and `drawn` slopes, in groups by the former, of `fewest` persons or more.

    One row a group, in order, with its `persons`. The slope alone is by Poisson's law with a level of the person's own
    and the other columns at their mean effects. Who has none, since no slope is likeliest, is in no group.
    """
    slopes = alone(counts, draws)
    known = np.flatnonzero(np.isfinite(slopes))
    groups = min(MOST_GROUPS, len(known) // fewest)
    order = known[np.argsort(slopes[known], kind="stable")]
    drawn = draws.slopes.mean(axis=(0, 1))
    rows = [
        (float(slopes[group].mean()), float(drawn[group].mean()), len(group))
        for group in (np.array_split(order, groups) if groups else ())
    ]
    return pl.DataFrame(rows, schema={"alone": pl.Float64, "drawn": pl.Float64, "persons": pl.Int64}, orient="row")


def alone(counts: Counts, draws: Draws) -> Array:
    """Give each person's own slope, no number where their counts have none."""
    present, dose, count = counts.present > 0, counts.dose, counts.count
    offset = np.zeros_like(count)
    if len(counts.within):
        offset = np.tensordot(draws.shared["within"].mean(axis=(0, 1)), counts.within, 1)
    known = _finite(counts)
    level, slope = np.log(count.sum(axis=1) + 0.5) - np.log(present.sum(axis=1)), np.zeros(len(count))
    for _ in range(STEPS):
        mean = present * np.exp(level[:, None] + slope[:, None] * dose + offset)
        residual = present * (count - mean)
        a, b, c = mean.sum(axis=1), (mean * dose).sum(axis=1), (mean * dose**2).sum(axis=1)
        by_level, by_slope = residual.sum(axis=1), (residual * dose).sum(axis=1)
        step = np.where(known, a * c - b**2, 1.0)
        level = level + np.where(known, np.clip((c * by_level - b * by_slope) / step, -1, 1), 0.0)
        slope = slope + np.where(known, np.clip((a * by_slope - b * by_level) / step, -1, 1), 0.0)
    return np.asarray(np.where(known, slope, np.nan))


def _finite(counts: Counts) -> Array:
    """Tell whose counts have a likeliest slope: their events lie at two doses, or inside of those without any."""
    events, nothing = counts.count > 0, (counts.present > 0) & (counts.count == 0)
    lowest = np.where(events, counts.dose, np.inf).min(axis=1)
    highest = np.where(events, counts.dose, -np.inf).max(axis=1)
    under = np.where(nothing, counts.dose, np.inf).min(axis=1)
    over = np.where(nothing, counts.dose, -np.inf).max(axis=1)
    return np.asarray(events.any(axis=1) & ((lowest < highest) | ((under < lowest) & (lowest < over))))
