"""Mean-bias-reduced fits of k out of n: finite where a level separates the outcome, and less biased in small samples.

The scores are adjusted by what the first term of the bias costs them (Firth 1993, Biometrika 80:27): each row's by half
its leverage times the curvature of its mean. Equal to R's `brglm2` with `type = "AS_mean"` (Kosmidis, Kenne Pagui &
Sartori 2020, Stat Comput 30:43). "model" errors invert the expected information at the estimate.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import expit, gammaln

from hypnic.analysis.regression.problem import Array, Estimation, Problem

# The squared distance to the root, in standard errors, below which rounding rules.
_DONE = 1e-26


class _Rows(NamedTuple):
    """What a link makes of linear predictors (n,), for one trial."""

    none: Array  # log of the chance of no success
    some: Array  # log of the chance of one
    weight: Array  # expected information
    pull: Array  # score, as a multiple of successes less expected ones
    bend: Array  # second derivative of the mean over its first


def estimate_reduced_binomial(problem: Problem) -> Estimation:
    """Fit the log odds of k out of n; for a logit the adjusted scores are those of Jeffreys' prior."""
    return _estimate(problem, _logit)


def estimate_reduced_cloglog(problem: Problem) -> Estimation:
    """Fit k out of n by complementary log-log."""
    return _estimate(problem, _cloglog)


def _logit(eta: Array) -> _Rows:
    mu = expit(eta)
    return _Rows(-np.logaddexp(0, eta), -np.logaddexp(0, -eta), mu * expit(-eta), np.ones_like(eta), 1 - 2 * mu)


def _cloglog(eta: Array) -> _Rows:
    rate = np.exp(np.minimum(eta, 600.0))  # beyond, a success is as certain as numbers can say
    with np.errstate(over="ignore"):
        weight = np.where(rate < 1e-8, rate, rate**2 / np.expm1(rate))
    mean = -np.expm1(-rate)
    return _Rows(-rate, np.log(mean), weight, rate / mean, 1 - rate)


def _estimate(problem: Problem, link: Callable[[Array], _Rows]) -> Estimation:
    """Climb by Fisher scoring, halving steps that lead away from the root."""
    successes, trials = problem.outcome.T
    share = (successes.sum() + 0.5) / (trials.sum() + 1)
    start = np.zeros(problem.matrix.shape[1])
    start[0] = (
        np.log(share / (1 - share)) if link is _logit else np.log(-np.log1p(-share) / np.exp(problem.offset).mean())
    )
    ways = float((gammaln(trials + 1) - gammaln(successes + 1) - gammaln(trials - successes + 1)).sum())
    found, step, distance = _equations(problem, link, start, ways)
    for _ in range(500):
        for halving in range(30):
            trial = _equations(problem, link, found.params + step / 2**halving, ways)
            if trial[2] < distance or trial[2] < _DONE:
                break
        else:
            break  # rounding alone is left, or the caller sees that the scores are not zero
        found, step, distance = trial
        if distance < _DONE:
            break
    return found


def _equations(
    problem: Problem, link: Callable[[Array], _Rows], params: Array, ways: float
) -> tuple[Estimation, Array, float]:
    """Give the equations at some coefficients, the step to their root, and its squared length in standard errors.

    `ways` is the log of how often k successes can fall on n trials, over all rows.
    """
    x, (k, n) = problem.matrix, problem.outcome.T
    rows = link(x @ params + problem.offset)
    mean = np.exp(rows.some)
    whitened = x * np.sqrt(n * rows.weight)[:, None]
    information = whitened.T @ whitened
    inverse = np.linalg.inv(information)
    leverage = np.einsum("ij,ij->i", whitened @ inverse, whitened)
    with np.errstate(invalid="ignore"):
        scores = x * ((k - n * mean) * rows.pull)[:, None]
        adjustment = x.T @ (leverage * rows.bend / 2)
        chances = k * rows.some + (n - k) * rows.none
    total = scores.sum(axis=0) + adjustment
    step = inverse @ total
    distance = float(total @ step)
    estimation = Estimation(
        params=params,
        scores=scores,
        information=information,
        fitted=mean,
        optimizer="fisher scoring of adjusted scores",
        loglik=ways + float(chances.sum()),
        whitened=whitened,
        variance=mean * np.exp(rows.none) / n,
        info={"bias_reduced": True},
        adjustment=adjustment,
    )
    return estimation, step, distance if np.isfinite(distance) else np.inf
