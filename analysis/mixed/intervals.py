"""Profile likelihood of what a random slope says of persons: its sd, and the ratio of its mean to it.

Normal limits fail where an sd is near zero, as its likelihood is then lopsided; the likelihood ratio does not (Venzon &
Moolgavkar 1988, JRSS C 37:87). Values are in the coordinates of the model.
"""

from __future__ import annotations

from functools import cache
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from hypnic.analysis.mixed.maximum import Maximum, climb

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.analysis.regression.problem import Array

# How far the root of the likelihood ratio may go: that of the 95 % point of chi-square with one degree of freedom.
_ROOT = float(norm.ppf(0.975))
# Beyond this ratio of mean to sd, a share of persons is zero or one to four digits.
FURTHEST = 4.0


def spread_profile(found: Maximum) -> Callable[[float], float]:
    """Return the log likelihood, maximised over all else, of an sd of the slope."""
    at, every = found.model.parts[1].stop - 1, np.eye(len(found.params))
    along = _standardised(found, np.delete(every, at, axis=1))

    def loglik(value: float) -> float:
        start = found.params.copy()
        start[at] = value
        return climb(found.model, start, along)[1]

    return loglik


def ratio_profile(found: Maximum, mean: int) -> Callable[[float], float]:
    """Return the same of the mean slope, parameter number `mean`, over its sd; at worst there is no slope at all."""
    at, every = found.model.parts[1].stop - 1, np.eye(len(found.params))
    start = found.params.copy()
    start[[mean, at]] = 0.0
    nowhere = climb(found.model, start, _standardised(found, np.delete(every, [mean, at], axis=1)))[1]

    def loglik(ratio: float) -> float:
        start = found.params.copy()
        start[mean] = ratio * start[at]
        together = every[:, at] + ratio * every[:, mean]  # mean and sd move as one
        others = np.delete(every, [mean, at], axis=1)
        along = _standardised(found, np.column_stack([together, others]))
        return max(nowhere, climb(found.model, start, along, least=-start[at] / along[at, 0])[1])

    return loglik


def _standardised(found: Maximum, directions: Array) -> Array:
    """Turn directions into ones of a standard error each, by a triangular matrix: the first keeps its way."""
    variance = np.linalg.inv(directions.T @ found.information @ directions)
    return np.asarray(directions @ np.linalg.cholesky((variance + variance.T) / 2))


def limits(profile: Callable[[float], float], top: float, at: float, low: float, high: float) -> tuple[float, float]:
    """Return the 95 % limits about the estimate `at`, whose log likelihood is `top`; the ends where none lies between.

    >>> low, high = limits(lambda value: -(value**2) / 2, top=0, at=0, low=-9, high=1)
    >>> round(low, 4), high
    (-1.96, 1)
    """

    @cache
    def beyond(value: float) -> float:
        """Give the root of the likelihood ratio less its limit, which is nearly linear in the value."""
        return sqrt(max(0.0, 2 * (top - profile(value)))) - _ROOT

    ends = []
    for end in (low, high):
        held = end == at or beyond(end) <= 0
        ends.append(end if held else float(brentq(beyond, min(end, at), max(end, at), xtol=1e-9, rtol=1e-12)))
    return ends[0], ends[1]
