"""Counts known only to lie between two limits: negative binomial (NB2) maximum likelihood.

Own code, as no Python library fits it. A row says lo <= Y <= hi, with Var(Y) = mu + mu^2 / theta; an exact
count has lo = hi, an open category hi = infinity. Probabilities are sums of point masses, not differences of
distribution functions, so a category far in a tail keeps its digits. First and second derivatives are
conditional moments of the complete-data ones (Louis 1982, JRSS B 44:226): robust covariances are exact.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.special import betainc, logsumexp

from hypnic.analysis.regression.likelihood import Derivatives, Likelihood, Predictor, maximise
from hypnic.analysis.regression.masses import nb2_terms
from hypnic.analysis.regression.problem import Array, Codes, Estimation, Problem
from hypnic.errors import HypnicError

# Beyond log theta = 10 (alpha 5e-5) the likelihood is Poisson's and flat: theta is held there.
LOG_DISPERSION_MAX = 10.0
# A tail below this would lose digits as one minus the rest; where masses hardly shrink, it is no tail.
_FAR, _SLOW = 1e-4, 0.99
_OPEN = -1.0
# Log of how far above the maximum a mean without it may lie: beyond, all shapes below the maximum are alike.
_BEYOND = 8.0


def estimate_interval_nb2(problem: Problem) -> Estimation:
    """Fit log(mu) = offset + x b and log(theta) jointly; information is observed."""

    def rows(eta: Array) -> Derivatives:
        return log_probability(problem.outcome, eta[:, 0], float(eta[0, 1]))

    estimation = estimate_dispersed(problem, rows, _level(problem), "log_theta")
    return replace(estimation, fitted=np.exp(estimation.fitted))


def estimate_truncated_nb2(problem: Problem) -> Estimation:
    """Fit the same to counts that cannot exceed `problem.ceiling`: probabilities are given that they do not.

    exp(x b) is then the mean without the ceiling; what is expected under it is in `fitted`, by `truncated_mean`.
    """
    assert problem.ceiling is not None  # noqa: S101
    possible = np.column_stack([np.zeros_like(problem.ceiling), problem.ceiling])

    def rows(eta: Array) -> Derivatives:
        log_theta = float(eta[0, 1])
        some, every = (log_probability(interval, eta[:, 0], log_theta) for interval in (problem.outcome, possible))
        found = Derivatives(some.logp - every.logp, some.gradient - every.gradient, some.hessian - every.hessian)
        if log_theta > LOG_DISPERSION_MAX:
            found.hessian[:, 1, 1] = -1.0
        return found

    estimation = estimate_dispersed(problem, rows, _level(problem), "log_theta")
    if np.median(estimation.fitted) > np.log(problem.ceiling.max()) + _BEYOND:
        msg = "the counts lie nearer their maximum than NB2 can, whose mean grows without end: use 'beta-binomial'"
        raise HypnicError(msg)
    log_theta = float(estimation.params[-1]) if estimation.extra else LOG_DISPERSION_MAX
    return replace(estimation, fitted=truncated_mean(estimation.fitted, log_theta, problem.ceiling))


def truncated_mean(eta: Array, log_theta: float, ceiling: Array) -> Array:
    """Return E(Y | Y <= ceiling), each (n,), of an NB2 count whose log mean without the ceiling is `eta`.

    >>> truncated_mean(np.array([0.0]), 0.0, np.array([1.0])).round(4)
    array([0.3333])
    """
    return truncated_moments(eta, log_theta, ceiling)[0]


def truncated_moments(eta: Array, log_theta: float, ceiling: Array) -> list[Array]:
    """Return that mean, and its derivatives by `eta` and by log theta: the count's covariances with its scores."""
    counts = np.arange(ceiling.max() + 1)
    mass, *scores = nb2_terms(counts, eta[:, None], min(log_theta, LOG_DISPERSION_MAX))[:3]
    chance = np.where(counts <= ceiling[:, None], np.exp(mass - mass.max(axis=1, keepdims=True)), 0.0)
    chance /= chance.sum(axis=1, keepdims=True)
    mean = np.asarray(chance @ counts)
    apart = chance * (counts - mean[:, None])
    return [mean, *((apart * score).sum(axis=1) for score in scores)]


def estimate_dispersed(
    problem: Problem, rows: Callable[[Array], Derivatives], level: float, dispersion: str
) -> Estimation:
    """Fit x b and one dispersion, whose logarithm is the second predictor of `rows`; `level` is a first intercept.

    The linear predictors are returned as `fitted`. At its bound there is no dispersion left to estimate.
    """
    x, w, p = problem.matrix, problem.weights, problem.matrix.shape[1]

    def likelihood(columns: int) -> Likelihood:
        mean = Predictor(x[:, :columns], slice(0, columns), problem.offset)
        return Likelihood(rows, [mean, Predictor(np.ones((len(x), 1)), slice(columns, columns + 1))], w)

    stage = maximise(likelihood(1), np.array([level, 0.0]))
    start = np.concatenate([stage.params[:1], np.zeros(p - 1), [min(stage.params[-1], LOG_DISPERSION_MAX - 1)]])
    point = maximise(likelihood(p), start)
    bounded = point.params[-1] >= LOG_DISPERSION_MAX
    q = p if bounded else p + 1
    return Estimation(
        params=point.params[:q],
        scores=point.scores[:, :q],
        information=point.information[:q, :q],
        fitted=x @ point.params[:p] + problem.offset,
        optimizer="trust-exact, newton" + (f", {dispersion.removeprefix('log_')} at its bound" if bounded else ""),
        loglik=point.loglik,
        extra=() if bounded else (dispersion,),
    )


def _level(problem: Problem) -> float:
    w, (lo, hi) = problem.weights, problem.outcome.T
    middle = np.where(np.isinf(hi), 1.5 * lo, (lo + hi) / 2)
    return float(np.log((w * middle).sum() / (w * np.exp(problem.offset)).sum()))


def log_probability(interval: Array, eta: Array, log_theta: float) -> Derivatives:
    """Return log P(lo <= Y <= hi) of each row and its derivatives; `interval` is (n, 2), `eta` (n,).

    >>> never = log_probability(np.array([[0.0, 0.0]]), np.array([0.0]), log_theta=0.0)
    >>> np.exp(never.logp)
    array([0.5])
    """
    # Rows that share an interval share the constants of its point masses.
    capped = min(log_theta, LOG_DISPERSION_MAX)
    rows = Derivatives(np.zeros(len(eta)), np.zeros((len(eta), 2)), np.zeros((len(eta), 2, 2)))
    lows, highs = interval.T
    pairs = lows + 1j * np.where(np.isinf(highs), _OPEN, highs)  # numbers sort much faster than rows
    distinct, codes = np.unique(pairs, return_inverse=True)
    for code, (lo, hi) in enumerate(zip(distinct.real, distinct.imag, strict=True)):
        where = np.flatnonzero(codes == code)
        if hi == _OPEN:
            _open_block(rows, where, eta[where], capped, int(lo))
        else:
            _closed_block(rows, where, eta[where], capped, np.arange(lo, hi + 1.0))
    if log_theta > LOG_DISPERSION_MAX:
        rows.gradient[:, 1] = 0.0
        rows.hessian[:, 1] = rows.hessian[:, :, 1] = 0.0
        rows.hessian[:, 1, 1] = -1.0  # flat, yet Newton's method can polish the rest
    return rows


def _closed_block(rows: Derivatives, where: Codes, eta: Array, log_theta: float, counts: Array) -> None:
    mass, *moments = nb2_terms(counts, eta[:, None], log_theta)
    logp = logsumexp(mass, axis=1)
    condition(rows, where, logp, np.exp(mass - logp[:, None]), moments)


def _open_block(rows: Derivatives, where: Codes, eta: Array, log_theta: float, lo: int) -> None:
    """Take `lo` and more as one minus what lies below; far in the tail, add masses upwards instead."""
    theta, share = np.exp(log_theta), 1 / (1 + np.exp(log_theta - eta))
    above = betainc(lo, theta, share)
    ratio = share * max(1.0, (lo + theta) / (lo + 1))  # each mass from `lo` up is below this times the one before
    far = (above < _FAR) & (ratio < _SLOW)
    if far.any():
        enough = np.log(np.finfo(float).eps) / np.log(ratio[far].max())
        _closed_block(rows, where[far], eta[far], log_theta, np.arange(lo, lo + enough + 1.0))
    near = ~far
    if near.any():
        mass, *moments = nb2_terms(np.arange(float(lo)), eta[near, None], log_theta)
        logp = np.log(above[near])
        # The complete-data moments sum to zero over all counts, so the part above is minus the part below.
        condition(rows, where[near], logp, -np.exp(mass - logp[:, None]), moments)


def condition(rows: Derivatives, where: Codes, logp: Array, chance: Array, moments: list[Array]) -> None:
    """Turn complete-data derivatives at each count into those of the interval, given the counts' chances."""
    se, sl, hee, hel, hll = moments
    ge, gl = (chance * se).sum(axis=1), (chance * sl).sum(axis=1)
    rows.logp[where] = logp
    rows.gradient[where] = np.column_stack([ge, gl])
    rows.hessian[where, 0, 0] = (chance * (hee + se * se)).sum(axis=1) - ge * ge
    rows.hessian[where, 0, 1] = rows.hessian[where, 1, 0] = (chance * (hel + se * sl)).sum(axis=1) - ge * gl
    rows.hessian[where, 1, 1] = (chance * (hll + sl * sl)).sum(axis=1) - gl * gl
