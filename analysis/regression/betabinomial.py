"""Counts out of a number of trials that vary more than a binomial: beta-binomial, interval-censored, cloglog link.

P(Y = k) = C(n, k) B(pi phi + k, (1 - pi) phi + n - k) / B(pi phi, (1 - pi) phi), with pi = 1 - exp(-exp(x b)) and
phi the precision: trials of one person correlate by 1 / (1 + phi) (Skellam 1948, JRSS B 10:257). A row says
lo <= Y <= hi; derivatives of an interval are conditional moments of those of its counts, as for NB2.
"""

from dataclasses import replace

import numpy as np
from scipy.special import gammaln, logsumexp

from hypnic.analysis.regression.interval import LOG_DISPERSION_MAX, condition, estimate_dispersed
from hypnic.analysis.regression.likelihood import Derivatives
from hypnic.analysis.regression.problem import Array, Estimation, Problem


def estimate_beta_binomial(problem: Problem) -> Estimation:
    """Fit the mean share and log(phi) jointly, with `problem.ceiling` trials; information is observed."""
    assert problem.ceiling is not None  # noqa: S101
    trials = problem.ceiling

    def rows(eta: Array) -> Derivatives:
        return log_share(problem.outcome, trials, eta[:, 0], float(eta[0, 1]))

    w, middle = problem.weights, problem.outcome.mean(axis=1)
    share = (w @ middle + 0.5) / (w @ trials + 1)
    level = float(np.log(-np.log1p(-share)) - np.log(w @ np.exp(problem.offset) / w.sum()))
    estimation = estimate_dispersed(problem, rows, level, "log_precision")
    log_phi = float(estimation.params[-1]) if estimation.extra else np.inf
    return replace(
        estimation,
        fitted=trials * -np.expm1(-np.exp(estimation.fitted)),
        info={"log_precision": log_phi, "correlation": float(1 / (1 + np.exp(log_phi)))},
    )


def log_share(interval: Array, trials: Array, eta: Array, log_phi: float) -> Derivatives:
    """Return log P(lo <= Y <= hi) of each row and its derivatives; `interval` is (n, 2), `trials` and `eta` (n,).

    >>> even = log_share(np.array([[0.0, 0.0]]), np.array([2.0]), np.array([np.log(np.log(2))]), np.log(2.0))
    >>> np.exp(even.logp).round(4)
    array([0.3333])
    """
    rows = Derivatives(np.zeros(len(eta)), np.zeros((len(eta), 2)), np.zeros((len(eta), 2, 2)))
    phi = float(np.exp(min(log_phi, LOG_DISPERSION_MAX)))
    lows, highs = interval.T
    _, first, codes = np.unique(lows + 1j * (highs + trials / 4096), return_index=True, return_inverse=True)
    for code, (lo, hi, n) in enumerate(zip(lows[first], highs[first], trials[first], strict=True)):
        where = np.flatnonzero(codes == code)
        mass, *moments = _terms(np.arange(lo, hi + 1), int(n), eta[where], phi)
        logp = logsumexp(mass, axis=1)
        condition(rows, where, logp, np.exp(mass - logp[:, None]), moments)
    if log_phi > LOG_DISPERSION_MAX:
        rows.gradient[:, 1] = 0.0
        rows.hessian[:, 1] = rows.hessian[:, :, 1] = 0.0
        rows.hessian[:, 1, 1] = -1.0  # flat, yet Newton's method can polish the rest
    return rows


def _terms(k: Array, n: int, eta: Array, phi: float) -> tuple[Array, ...]:
    """Return the log mass of counts `k` (m,) in rows (r,): (r, m), its gradient and its Hessian by eta and log phi.

    Rising factorials are sums of logarithms: differences of gamma functions cancel where phi is large.
    """
    rate = np.exp(np.minimum(eta, 600.0))
    pi, slope = -np.expm1(-rate), rate * np.exp(-rate)
    bend = slope * (1 - rate)
    a, b = np.maximum(pi * phi, 1e-300), np.maximum(np.exp(-rate) * phi, 1e-300)
    one, other = _rising(a, k), _rising(b, n - k)
    whole = [sums[0, 0] for sums in _rising(np.array([phi]), np.array([n]))]
    mass = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + one[0] + other[0] - whole[0]
    a, b, slope, bend = (values[:, None] for values in (a, b, slope, bend))
    apart = one[1] - other[1]
    grown = a * one[1] + b * other[1] - phi * whole[1]
    return (
        mass,
        phi * slope * apart,
        grown,
        phi * bend * apart - (phi * slope) ** 2 * (one[2] + other[2]),
        phi * slope * (apart - a * one[2] + b * other[2]),
        grown - a**2 * one[2] - b**2 * other[2] + phi**2 * whole[2],
    )


def _rising(start: Array, k: Array) -> list[Array]:
    """Sum log(start + j), 1 / (start + j) and its square over j < k: each (rows, counts)."""
    steps = start[:, None] + np.arange(k.max())
    nothing = np.zeros((len(start), 1))
    return [
        np.hstack([nothing, np.cumsum(terms, axis=1)])[:, k.astype(np.intp)]
        for terms in (np.log(steps), 1 / steps, steps**-2.0)
    ]
