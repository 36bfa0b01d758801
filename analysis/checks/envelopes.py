"""Simulated envelopes: sets drawn from a fitted model, each person with a new level, to compare the data with.

A row that looks odd among rows that hang together may be one of many such in every set: only whole sets, drawn with the
persons' own levels, tell (as in R's DHARMa). The levels are gamma in a diary, beta in a survey, fitted by moments. As
the model is fitted to the data and not to each set, p values are near ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import nbinom, norm, rankdata

from hypnic.analysis.regression.problem import Array, Codes, group_sums
from hypnic.schemas.disclosure import too_few

SETS = 199
CLASSES = 10  # of fitted means
ROWS = 30_000  # that are compared with drawn ones, of more than a thousand people: 199 sets of more fill the memory


@dataclass(frozen=True, eq=False)
class Envelope:
    """What was observed and what was drawn, row 0 and the rows after it (1 + s, n), with the fitted means (n,)."""

    mean: Array
    sets: Array
    places: Array

    def quantiles(self, levels: Array) -> Array:
        """Give how far each set's quantiles of places lie from uniform ones (1 + s, levels)."""
        return np.asarray(np.quantile(self.places, levels, axis=1).T - levels)

    def trend(self, persons: Codes) -> tuple[Array, Array]:
        """Give the mean of each of ten equal classes of fitted means, and every set's mean place there.

        There are fewer classes where one would have fewer than ten persons; `persons` (n,) say whose each row is.
        """
        order = np.argsort(self.mean, kind="stable")
        classes = [order]
        for parts in range(CLASSES, 1, -1):
            split = np.array_split(order, parts)
            if not any(too_few(len(np.unique(persons[rows]))) for rows in split):
                classes = split
                break
        return (
            np.array([self.mean[rows].mean() for rows in classes]),
            np.column_stack([self.places[:, rows].mean(axis=1) for rows in classes]),
        )

    def checks(self) -> Iterator[tuple[str, float, float]]:
        """Give the name, the statistic of the data and its two-sided p among the sets, for each check."""
        ordered = np.sort(self.places, axis=1)
        steps = np.arange(1, ordered.shape[1] + 1) / ordered.shape[1]
        ranks = np.argsort(np.argsort(self.mean, kind="stable"), kind="stable") / len(self.mean)
        for name, values in (
            ("residuals: distance from uniform (KS)", np.abs(ordered - steps).max(axis=1)),
            ("residuals: spread", ((self.sets - self.mean) ** 2).sum(axis=1) / self.mean.sum()),
            ("residuals: zeros", (self.sets == 0).sum(axis=1)),
            ("residuals: slope against predicted", (self.places - 0.5) @ (ranks - 0.5) / ((ranks - 0.5) ** 2).sum()),
        ):
            yield name, float(values[0]), rank_p(values[0], values[1:])


def by_lot(frame: pl.DataFrame, person: str, most: int = ROWS) -> pl.DataFrame:
    """Give all rows, or about so many at most: those of people drawn by lot, the same for the same people.

    >>> by_lot(pl.DataFrame({"p": ["a", "a", "b", "b"]}), "p", most=2)["p"].n_unique()
    1
    """
    if frame.height <= most:
        return frame
    people = frame[person].unique().sort()
    number = max(1, people.len() * most // frame.height)
    drawn = np.random.default_rng(SETS).choice(people.len(), number, replace=False)
    return frame.filter(pl.col(person).is_in(people.gather(np.sort(drawn)).implode()))


def rank_p(observed: float, drawn: Array) -> float:
    """Give the two-sided p of a value among values drawn under the model: never below 1 / (s + 1).

    >>> rank_p(9.0, np.arange(1.0, 10.0)), rank_p(5.0, np.arange(1.0, 10.0))
    (0.4, 1.0)
    """
    smaller = min((drawn <= observed).sum(), (drawn >= observed).sum())
    return float(min(1.0, 2 * (1 + smaller) / (1 + len(drawn))))


def diary_envelope(counts: Array, predictor: Array, person: Codes, rng: np.random.Generator) -> Envelope:
    """Draw diaries: Poisson about exp(predictor), a gamma level for each person and gamma noise for each night."""
    mean = np.exp(predictor) * counts.sum() / np.exp(predictor).sum()
    size = int(person.max()) + 1
    columns = np.column_stack([counts, counts**2, mean, mean**2])
    total, squares, expected, expected_squares = group_sums(columns, person, size).T
    level = max(0.0, (total**2 - squares).sum() / (expected**2 - expected_squares).sum() - 1)
    noise = max(0.0, (counts**2 - counts).sum() / (mean**2).sum() / (1 + level) - 1)
    rate = mean * _gamma(rng, level, (SETS, size))[:, person] * _gamma(rng, noise, (SETS, len(counts)))
    return _envelope(counts, mean, rng.poisson(rate).astype(np.float64), rng)


def survey_envelope(counts: Array, trials: Array, share: Array, rng: np.random.Generator) -> Envelope:
    """Draw nights with a jerk out of those asked about: beta-binomial, each person with a level about their share."""
    variance = trials * share * (1 - share)
    alike = ((counts - trials * share) ** 2 / variance - 1).sum() / (trials - 1).sum()
    alike = min(max(alike, 1e-6), 0.99)
    own = rng.beta(share * (1 - alike) / alike, (1 - share) * (1 - alike) / alike, (SETS, len(counts)))
    return _envelope(counts, trials * share, rng.binomial(trials.astype(np.int64), own).astype(np.float64), rng)


def _gamma(rng: np.random.Generator, variance: float, shape: tuple[int, int]) -> Array:
    return rng.gamma(1 / variance, variance, shape) if variance > 0 else np.ones(shape)


def _envelope(counts: Array, mean: Array, drawn: Array, rng: np.random.Generator) -> Envelope:
    sets = np.vstack([counts, drawn])
    return Envelope(mean, sets, simulated_places(sets, rng))


# Randomised quantile residuals: how far up its distribution each count lies (Dunn & Smyth 1996, JCGS 5:236).
#
# No residual of statsmodels suits counts near zero. Where rows belong together, their distribution comes from whole
# simulated sets (as in R's DHARMa), so that what is compared is as clustered as the data.


def nb2_limits(counts: Array, mean: Array, theta: float) -> tuple[Array, Array]:
    """Give P(Y < y) and P(Y <= y) of negative binomial counts with variance mean + mean^2 / theta; both (n,).

    >>> low, high = nb2_limits(np.array([0.0, 1.0]), np.array([1.0, 1.0]), theta=1.0)
    >>> low.tolist(), high.tolist()
    ([0.0, 0.5], [0.5, 0.75])
    """
    p = theta / (theta + mean)
    return np.asarray(nbinom.cdf(counts - 1, theta, p)), np.asarray(nbinom.cdf(counts, theta, p))


def quantile_residuals(low: Array, high: Array, rng: np.random.Generator) -> Array:
    """Draw a standard normal residual between the limits of each row (n,)."""
    return np.asarray(norm.ppf(low + (high - low) * rng.random(low.shape)))


def simulated_places(sets: Array, rng: np.random.Generator) -> Array:
    """Give the place (0 to 1) of each value (s, n) among the values of its row in all sets, ties drawn apart.

    Sets from one law have uniform places, however their rows hang together.
    """
    below, upto = (rankdata(sets, method=method, axis=0) for method in ("min", "max"))
    return np.asarray((below - 1 + (upto - below + 1) * rng.random(sets.shape)) / len(sets))
