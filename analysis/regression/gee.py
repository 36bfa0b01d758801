"""Counts of persons seen many times: population-average Poisson with an exchangeable working correlation.

Fisher scoring with moment estimates in between, as R's `geepack::geeglm`: equal to it and to statsmodels' GEE with
`ddof_scale=0`. Own code, as covariances need the equations row by row, with which solving them is three lines.
"model" is the naive covariance, CR0 the robust one of Liang & Zeger (1986, Biometrika 73:13), CR3 that of Mancl &
DeRouen (2001, Biometrics 57:126).
"""

import numpy as np

from hypnic.analysis.regression.glm import estimate_poisson
from hypnic.analysis.regression.problem import Array, Codes, Estimation, Problem
from hypnic.errors import HypnicError

# The squared distance to the root, in standard errors, below which rounding rules.
_DONE = 1e-26


def estimate_gee_poisson(problem: Problem) -> Estimation:
    """Fit log means with one correlation between any two rows of a group; weights are constant in a group."""
    assert problem.groups is not None  # noqa: S101
    params = estimate_poisson(problem).params
    for _ in range(100):
        estimation = _equations(problem, problem.groups, params)
        score = estimation.scores.sum(axis=0)
        step = np.linalg.solve(estimation.information, score)
        params = params + step
        if score @ step < _DONE * estimation.scale:
            break
    return estimation


def _equations(problem: Problem, groups: Codes, params: Array) -> Estimation:
    x, w = problem.matrix, problem.weights
    mu = np.exp(x @ params + problem.offset)
    pearson = np.sqrt(w / mu) * (problem.outcome - mu)
    scale = float(pearson @ pearson / w.sum())
    if scale == 0:
        msg = "the terms give every outcome exactly, which leaves no residuals to correlate"
        raise HypnicError(msg, reason="no_variation")
    correlation = _correlation(pearson, w, groups) / scale
    whitened, residual = (
        _decorrelated(values, groups, correlation) for values in (x * np.sqrt(w * mu)[:, None], pearson[:, None])
    )
    return Estimation(
        params=params,
        scores=whitened * residual,
        information=whitened.T @ whitened,
        fitted=mu,
        optimizer="fisher scoring",
        scale=scale,
        whitened=whitened,
        info={"correlation": correlation},
    )


def _correlation(pearson: Array, weights: Array, groups: Codes) -> float:
    """Average the products of the residuals of every two rows of a group."""
    size, weight = np.bincount(groups), np.bincount(groups, weights=weights)
    products = np.bincount(groups, weights=pearson) ** 2 - np.bincount(groups, weights=pearson**2)
    pairs = weight @ (size - 1)
    if pairs == 0:
        msg = "no group has two rows, so there is no correlation to fit: use family='poisson'"
        raise HypnicError(msg, reason="no_contrast")
    return float(products.sum() / pairs)


def _decorrelated(values: Array, groups: Codes, correlation: float) -> Array:
    """Multiply each group's rows by the inverse root of 1 on the diagonal and `correlation` off it."""
    size = np.bincount(groups)
    if not -1 / (size.max() - 1) < correlation < 1:
        msg = f"the working correlation is {correlation:.2g}, which none can be: use family='poisson' with CR1S"
        raise HypnicError(msg)
    total = np.column_stack([np.bincount(groups, weights=column) for column in values.T])
    rest, common = 1 / np.sqrt(1 - correlation), 1 / np.sqrt(1 + (size - 1) * correlation)
    return np.asarray(rest * values + ((common - rest) / size)[groups, None] * total[groups])
