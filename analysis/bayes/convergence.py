"""Whether chains have come together, and how many independent draws theirs are worth.

Rank-normalised split R-hat, bulk and tail effective sample size (Vehtari et al. 2021, Bayesian Analysis 16:667).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, rankdata

from hypnic.analysis.bayes.arrays import Array

WORST_R_HAT, FEWEST = 1.01, 400  # as that paper asks


def r_hat(draws: Array) -> Array:
    """Give the larger R-hat of location and of spread, of draws (chains, draws, ...).

    >>> r_hat(np.arange(20.0).reshape(2, 10)).item() > 2
    True
    """
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    return np.maximum(_split_r_hat(_scores(halves)), _split_r_hat(_scores(folded)))


def bulk(draws: Array) -> Array:
    """Give the effective sample size of the middle of each distribution, of draws (chains, draws, ...)."""
    return _effective(_scores(_halves(draws)))


def tail(draws: Array) -> Array:
    """Give the lesser of those of the 5 % and the 95 % quantile."""
    halves = _halves(draws)
    ends = np.quantile(halves, [0.05, 0.95], axis=(0, 1))
    return np.minimum(*(_effective((halves <= end).astype(float)) for end in ends))


def _halves(draws: Array) -> Array:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _scores(draws: Array) -> Array:
    """Put normal scores in the place of ranks over all chains (Blom 1958)."""
    flat = draws.reshape(draws.shape[0] * draws.shape[1], -1)
    ranks = rankdata(flat, axis=0)
    return np.asarray(norm.ppf((ranks - 3 / 8) / (len(flat) + 1 / 4)).reshape(draws.shape))


def _split_r_hat(draws: Array) -> Array:
    n = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((n - 1) / n + between / within))


def _effective(draws: Array) -> Array:
    """Sum autocorrelations in pairs as far as they fall and are positive (Geyer 1992, Statistical Science 7:473)."""
    chains, n = draws.shape[:2]
    centred = draws - draws.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred, 2 * n, axis=1)) ** 2
    autocovariance = np.fft.irfft(spectrum, 2 * n, axis=1)[:, :n].mean(axis=0) / n
    within = autocovariance[0] * n / (n - 1)
    total = within * (n - 1) / n + draws.mean(axis=1).var(axis=0, ddof=1)
    correlation = 1 - (within - autocovariance * n / (n - 1)) / total
    correlation[0] = 1.0
    flat = correlation.reshape(n, -1)
    time = np.array([_correlation_time(column) for column in flat.T])
    most = chains * n * np.log10(chains * n)
    return np.asarray(np.minimum(chains * n / time, most).reshape(draws.shape[2:]))


def _correlation_time(correlation: Array) -> float:
    n = len(correlation) - len(correlation) % 2
    pairs = correlation[:n:2] + correlation[1:n:2]
    last = int(np.argmax(pairs <= 0)) if (pairs <= 0).any() else len(pairs)
    falling = np.minimum.accumulate(pairs[:last])
    # The first term of the pair that was not taken improves the estimate where correlations alternate.
    rest = max(float(correlation[2 * last]), 0.0) if 2 * last < n else 0.0
    return float(-1 + 2 * falling.sum() + rest)
