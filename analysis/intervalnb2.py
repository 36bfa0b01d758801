"""Counts known only to lie between two limits: negative binomial (NB2) maximum likelihood.

Own code, as no Python library fits it. A row says lo <= Y <= hi, with Var(Y) = mu + mu^2 / theta; an exact
count has lo = hi, an open category hi = infinity. Probabilities are sums of point masses, not differences of
distribution functions, so a category far in a tail keeps its digits. First and second derivatives are
conditional moments of the complete-data ones (Louis 1982, JRSS B 44:226): robust covariances are exact.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, gammaln, logsumexp

from hypnic.analysis.estimation import Array, Codes, Estimation, Problem

# Beyond log theta = 10 (alpha 5e-5) the likelihood is Poisson's and flat: theta is held there.
LOG_THETA_MAX = 10.0
# A tail below this would lose digits as one minus the rest; where masses hardly shrink, it is no tail.
_FAR, _SLOW = 1e-4, 0.99
_OPEN = -1.0


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Log-probability of each row and its derivatives by eta = log(mu) and lambda = log(theta)."""

    logp: Array  # (n,)
    gradient: Array  # (n, 2): eta, lambda
    hessian: Array  # (n, 3): eta eta, eta lambda, lambda lambda


def estimate_interval_nb2(problem: Problem) -> Estimation:
    """Fit log(mu) = offset + x b and log(theta) jointly; information is observed."""
    x, w = problem.matrix, problem.weights
    lo, hi = problem.outcome.T
    middle = np.where(np.isinf(hi), 1.5 * lo, (lo + hi) / 2)
    level = np.log((w * middle).sum() / (w * np.exp(problem.offset)).sum())
    stage = _maximise(Problem(x[:, :1], problem.outcome, problem.offset, w), np.array([level, 0.0]))
    start = np.concatenate([stage[:1], np.zeros(x.shape[1] - 1), [min(stage[-1], LOG_THETA_MAX - 1)]])
    params = _maximise(problem, start)
    for _ in range(3):
        params = _newton(problem, params)
    rows, scores, information = _evaluate(problem, params)
    q = len(params)
    bounded = params[-1] >= LOG_THETA_MAX
    if bounded:  # no over-dispersion left to estimate
        q, params = q - 1, np.append(params[:-1], LOG_THETA_MAX)
    return Estimation(
        params=params[:q],
        scores=scores[:, :q],
        information=information[:q, :q],
        fitted=np.exp(x @ params[:-1] + problem.offset),
        optimizer="trust-exact, newton" + (", theta at its bound" if bounded else ""),
        loglik=float(w @ rows.logp),
        extra=() if bounded else ("log_theta",),
    )


def _maximise(problem: Problem, start: Array) -> Array:
    total = problem.weights.sum()
    seen: dict[bytes, tuple[Derivatives, Array, Array]] = {}

    def evaluated(params: Array) -> tuple[Derivatives, Array, Array]:
        """Evaluate a point once, though value and curvature are asked for apart."""
        key = params.tobytes()
        if key not in seen:
            seen.clear()
            seen[key] = _evaluate(problem, params)
        return seen[key]

    def value_and_slope(params: Array) -> tuple[float, Array]:
        rows, scores, _ = evaluated(params)
        return -float(problem.weights @ rows.logp) / total, -scores.sum(axis=0) / total

    def curvature(params: Array) -> Array:
        return np.asarray(evaluated(params)[2] / total)

    result = minimize(
        value_and_slope,
        start,
        jac=True,
        hess=curvature,
        method="trust-exact",
        options={"gtol": 1e-7, "maxiter": 200},
    )
    return np.asarray(result.x)


def _newton(problem: Problem, params: Array) -> Array:
    """Polish an optimum to rounding error; far from one, or at the bound, stay."""
    _, scores, information = _evaluate(problem, params)
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return params
    return np.asarray(params + np.linalg.solve(information, scores.sum(axis=0)))


def _evaluate(problem: Problem, params: Array) -> tuple[Derivatives, Array, Array]:
    x, w = problem.matrix, problem.weights
    rows = log_probability(problem.outcome, x @ params[:-1] + problem.offset, float(params[-1]))
    scores = np.column_stack([x * rows.gradient[:, :1], rows.gradient[:, 1]]) * w[:, None]
    ee, el, ll = -(rows.hessian * w[:, None]).T
    cross = x.T @ el
    corner = np.array([[ll.sum()]])
    information = np.block([[x.T @ (x * ee[:, None]), cross[:, None]], [cross[None, :], corner]])
    return rows, scores, information


def log_probability(interval: Array, eta: Array, log_theta: float) -> Derivatives:
    """Return log P(lo <= Y <= hi) of each row and its derivatives; `interval` is (n, 2), `eta` (n,).

    >>> never = log_probability(np.array([[0.0, 0.0]]), np.array([0.0]), log_theta=0.0)
    >>> np.exp(never.logp)
    array([0.5])
    """
    # Rows that share an interval share the constants of its point masses.
    capped = min(log_theta, LOG_THETA_MAX)
    rows = Derivatives(np.zeros(len(eta)), np.zeros((len(eta), 2)), np.zeros((len(eta), 3)))
    lo, hi = interval.T
    pairs = lo + 1j * np.where(np.isinf(hi), _OPEN, hi)  # numbers sort much faster than rows
    distinct, codes = np.unique(pairs, return_inverse=True)
    for code, (lo, hi) in enumerate(zip(distinct.real, distinct.imag, strict=True)):
        where = np.flatnonzero(codes == code)
        if hi == _OPEN:
            _open_block(rows, where, eta[where], capped, int(lo))
        else:
            _closed_block(rows, where, eta[where], capped, np.arange(lo, hi + 1))
    if log_theta > LOG_THETA_MAX:
        rows.gradient[:, 1] = 0.0
        rows.hessian[:, 1:] = 0.0
    return rows


def _closed_block(rows: Derivatives, where: Codes, eta: Array, log_theta: float, counts: Array) -> None:
    mass, *moments = _complete(eta, log_theta, counts)
    logp = logsumexp(mass, axis=1)
    _condition(rows, where, logp, np.exp(mass - logp[:, None]), moments)


def _open_block(rows: Derivatives, where: Codes, eta: Array, log_theta: float, lo: int) -> None:
    """Take `lo` and more as one minus what lies below; far in the tail, add masses upwards instead."""
    theta, share = np.exp(log_theta), 1 / (1 + np.exp(log_theta - eta))
    above = betainc(lo, theta, share)
    ratio = share * max(1.0, (lo + theta) / (lo + 1))  # each mass from `lo` up is below this times the one before
    far = (above < _FAR) & (ratio < _SLOW)
    if far.any():
        enough = np.log(np.finfo(float).eps) / np.log(ratio[far].max())
        _closed_block(rows, where[far], eta[far], log_theta, np.arange(lo, lo + enough + 1))
    near = ~far
    if near.any():
        mass, *moments = _complete(eta[near], log_theta, np.arange(float(lo)))
        logp = np.log(above[near])
        # The complete-data moments sum to zero over all counts, so the part above is minus the part below.
        _condition(rows, where[near], logp, -np.exp(mass - logp[:, None]), moments)


def _condition(rows: Derivatives, where: Codes, logp: Array, chance: Array, moments: list[Array]) -> None:
    """Turn complete-data derivatives at each count into those of the interval, given the counts' chances."""
    se, sl, hee, hel, hll = moments
    ge, gl = (chance * se).sum(axis=1), (chance * sl).sum(axis=1)
    rows.logp[where] = logp
    rows.gradient[where] = np.column_stack([ge, gl])
    rows.hessian[where, 0] = (chance * (hee + se * se)).sum(axis=1) - ge * ge
    rows.hessian[where, 1] = (chance * (hel + se * sl)).sum(axis=1) - ge * gl
    rows.hessian[where, 2] = (chance * (hll + sl * sl)).sum(axis=1) - gl * gl


def _complete(eta: Array, log_theta: float, k: Array) -> tuple[Array, ...]:
    """Return the NB2 log mass (m, len(k)) at counts k, its gradient and its Hessian by eta and lambda."""
    theta, gap = np.exp(log_theta), (eta - log_theta)[:, None]
    logp, logq = -np.logaddexp(0, gap), -np.logaddexp(0, -gap)  # p = theta / (theta + mu)
    p, q, residual = np.exp(logp), np.exp(logq), k - np.exp(eta)[:, None]
    # Sums over j < k stand for differences of gamma functions at k + theta and theta, which would cancel.
    j = np.arange(k[-1]) if len(k) else np.zeros(0)
    rising, harmonic, squares = (
        _sums_below(k, terms) for terms in (np.log(theta + j), 1 / (theta + j), (theta + j) ** -2)
    )
    mass = rising - gammaln(k + 1) + k * logq + theta * logp
    se = p * residual
    sl = theta * (harmonic + logp) - se
    hee = -p * q * (k + theta)
    hel = p * q * residual
    hll = sl + theta * q - theta**2 * squares + p * se
    return mass, se, sl, hee, hel, hll


def _sums_below(k: Array, terms: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(terms)])[k.astype(np.intp)]
