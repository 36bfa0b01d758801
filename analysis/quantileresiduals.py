"""Randomised quantile residuals: how far up its distribution each count lies (Dunn & Smyth 1996, JCGS 5:236).

No residual of statsmodels suits counts near zero. Where rows belong together, their distribution comes from whole
simulated sets (as in R's DHARMa), so that what is compared is as clustered as the data.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import nbinom, norm, rankdata

from hypnic.analysis.estimation import Array


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
