"""Maximum likelihood for rows whose probability depends on a few linear predictors.

Whatever the family, a row's log-probability is a function of one, two or three numbers, each linear in the
parameters: log mean, log odds of a zero, log dispersion, distances to two thresholds. A family states that
function with its first two derivatives; scores, observed information and the search are written here once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from hypnic.analysis.regression.problem import Array

# The squared distance to the maximum, in standard errors, below which rounding rules.
_DONE = 1e-22


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Log-probability of each of n rows, and its derivatives by the row's m linear predictors."""

    logp: Array  # (n,)
    gradient: Array  # (n, m)
    hessian: Array  # (n, m, m)


@dataclass(frozen=True, eq=False)
class Predictor:
    """One linear predictor: offset + matrix @ its part of the parameters."""

    matrix: Array  # (n, p)
    part: slice
    offset: Array | float = 0.0


@dataclass(frozen=True, eq=False)
class Point:
    """A likelihood at one value of its q parameters."""

    params: Array  # (q,)
    loglik: float
    scores: Array  # (n, q), weights included
    information: Array  # (q, q), observed

    @property
    def gradient(self) -> Array:
        """Return the score of the sample."""
        return np.asarray(self.scores.sum(axis=0))

    @property
    def distance(self) -> float:
        """Return how far the maximum is, in standard errors; infinite where the likelihood is not concave."""
        try:
            half = np.linalg.solve(np.linalg.cholesky(self.information), self.gradient)
        except np.linalg.LinAlgError:
            return float("inf")
        return float(np.sqrt(half @ half))


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The rows' function of their predictors, the predictors, and the rows' weights."""

    rows: Callable[[Array], Derivatives]
    predictors: Sequence[Predictor]
    weights: Array

    def at(self, params: Array) -> Point:
        """Evaluate; where a row has no finite probability the log-likelihood is minus infinity."""
        with np.errstate(all="ignore"):
            eta = np.column_stack([p.offset + p.matrix @ params[p.part] for p in self.predictors])
            rows = self.rows(eta)
            loglik = float(self.weights @ rows.logp)
            scores = np.zeros((len(eta), len(params)))
            information = np.zeros((len(params), len(params)))
            for j, one in enumerate(self.predictors):
                scores[:, one.part] += one.matrix * (self.weights * rows.gradient[:, j])[:, None]
                for k, other in enumerate(self.predictors[j:], j):
                    curve = self.weights * rows.hessian[:, j, k]
                    block = one.matrix.T @ (other.matrix * curve[:, None])
                    information[one.part, other.part] -= block
                    if k > j:
                        information[other.part, one.part] -= block.T
        finite = np.isfinite(loglik) and np.isfinite(information).all()
        return Point(params, loglik if finite else -np.inf, scores, information)


def maximise(likelihood: Likelihood, start: Array) -> Point:
    """Climb from `start` by a trust region, which bears curvature of any sign, then polish by Newton's method."""
    total = likelihood.weights.sum()
    latest = likelihood.at(start)

    def at(params: Array) -> Point:  # value, slope and curvature are asked for one by one
        nonlocal latest
        if not np.array_equal(params, latest.params):
            latest = likelihood.at(params.copy())
        return latest

    def value_and_slope(params: Array) -> tuple[float, Array]:
        return -at(params).loglik / total, -at(params).gradient / total

    def curvature(params: Array) -> Array:
        return np.asarray(at(params).information / total)

    result = minimize(
        value_and_slope,
        start,
        jac=True,
        hess=curvature,
        method="trust-exact",
        options={"gtol": 1e-6, "maxiter": 300},
    )
    return polish(likelihood.at, at(np.asarray(result.x)))


def polish(at: Callable[[Array], Point], point: Point) -> Point:
    """Take Newton steps to rounding error; where the likelihood is not concave, or no step climbs, stay."""
    for _ in range(50):
        try:
            np.linalg.cholesky(point.information)
            step = np.linalg.solve(point.information, point.gradient)
        except np.linalg.LinAlgError:
            break
        for halving in range(30):
            trial = at(point.params + step / 2**halving)
            if trial.loglik >= point.loglik - 1e-12 * abs(point.loglik):
                break
        else:
            break
        distance, point = point.gradient @ step, trial
        if distance < _DONE:
            break
    return point
