"""Probabilities of counts as functions of their linear predictors: Poisson, NB2, and either with a zero part.

Each function takes counts `k` (n,) and returns a function of the predictors (n, m), in the order log mean, log
theta (NB2 only, Var(Y) = mu + mu^2 / theta), log odds of the zero part (where there is one).
"""

from collections.abc import Callable

import numpy as np
from scipy.special import expit, gammaln

from hypnic.analysis.regression.likelihood import Derivatives
from hypnic.analysis.regression.problem import Array

Rows = Callable[[Array], Derivatives]


def poisson(k: Array) -> Rows:
    """Return Poisson's log mass.

    >>> np.exp(poisson(np.array([0.0, 1.0]))(np.array([[0.0], [0.0]])).logp).round(4)
    array([0.3679, 0.3679])
    """
    constant = gammaln(k + 1)

    def rows(eta: Array) -> Derivatives:
        mu = np.exp(eta[:, 0])
        return Derivatives(k * eta[:, 0] - mu - constant, (k - mu)[:, None], -mu[:, None, None])

    return rows


def nb2(k: Array) -> Rows:
    """Return the log mass of the negative binomial whose variance is mu + mu^2 / theta.

    >>> np.exp(nb2(np.array([0.0, 1.0]))(np.zeros((2, 2))).logp)
    array([0.5 , 0.25])
    """

    def rows(eta: Array) -> Derivatives:
        mass, se, sl, hee, hel, hll = nb2_terms(k, eta[:, 0], float(eta[0, 1]) if len(eta) else 0.0)
        hessian = np.stack([np.stack([hee, hel], axis=1), np.stack([hel, hll], axis=1)], axis=2)
        return Derivatives(mass, np.column_stack([se, sl]), hessian)

    return rows


def nb2_terms(k: Array, eta: Array, log_theta: float) -> tuple[Array, ...]:
    """Return the NB2 log mass, its gradient and its Hessian by eta and log theta, as five more arrays.

    `k` and `eta` broadcast; k holds whole numbers. Sums over j < k stand for differences of gamma functions at
    k + theta and theta, which would cancel where theta is large; theta multiplies what rounding leaves of them.
    """
    theta, gap = np.exp(log_theta), eta - log_theta
    logp, logq = -np.logaddexp(0, gap), -np.logaddexp(0, -gap)  # p = theta / (theta + mu)
    p, q, residual = np.exp(logp), np.exp(logq), k - np.exp(eta)
    j = np.arange(k.max(initial=0.0))
    rising, harmonic, squares = (
        np.concatenate([[0.0], np.cumsum(terms, dtype=np.longdouble).astype(np.float64)])[k.astype(np.intp)]
        for terms in (np.log(theta + j), 1 / (theta + j), (theta + j) ** -2)
    )
    mass = rising - gammaln(k + 1) + k * logq + theta * logp
    se = p * residual
    sl = theta * (harmonic + logp) - se
    hee = -p * q * (k + theta)
    hel = p * q * residual
    hll = sl + theta * q - theta**2 * squares + p * se
    return mass, se, sl, hee, hel, hll


def inflated(base: Callable[[Array], Rows], k: Array) -> Rows:
    """Mix a count with a zero that comes from elsewhere; the last predictor is the log odds of "elsewhere".

    Source: Lambert (1992), Technometrics 34:1; the sign of `pscl::zeroinfl`.
    """
    zero = k == 0
    counted, never = base(k[~zero]), base(k[zero])

    def rows(eta: Array) -> Derivatives:
        some, none = counted(eta[~zero, :-1]), never(eta[zero, :-1])
        z = eta[:, -1]
        share = expit(z)
        inside = expit(z[zero] - none.logp)  # the chance that a zero came from elsewhere
        out = _empty(eta)
        out.logp[:] = -np.logaddexp(0, z)
        out.logp[~zero] += some.logp
        out.logp[zero] += np.logaddexp(z[zero], none.logp)
        out.gradient[~zero, :-1] = some.gradient
        out.gradient[zero, :-1] = (1 - inside)[:, None] * none.gradient
        out.gradient[:, -1] = -share
        out.gradient[zero, -1] += inside
        mixed = inside * (1 - inside)
        out.hessian[~zero, :-1, :-1] = some.hessian
        out.hessian[zero, :-1, :-1] = (1 - inside)[:, None, None] * none.hessian + mixed[:, None, None] * _square(
            none.gradient
        )
        out.hessian[:, -1, -1] = -share * (1 - share)
        out.hessian[zero, -1, -1] += mixed
        cross = -mixed[:, None] * none.gradient
        out.hessian[zero, :-1, -1] = out.hessian[zero, -1, :-1] = cross
        return out

    return rows


def hurdle(base: Callable[[Array], Rows], k: Array) -> Rows:
    """Let a logit say whether a count is above zero, and a count without its zero say how far.

    The last predictor is the log odds of *above* zero, as in `pscl::hurdle`. Source: Mullahy (1986),
    J Econometrics 33:341.
    """
    above = k > 0
    counted, never = base(k[above]), base(0 * k[above])

    def rows(eta: Array) -> Derivatives:
        some, none = counted(eta[above, :-1]), never(eta[above, :-1])
        z = eta[:, -1]
        share = expit(z)
        odds = 1 / np.expm1(-none.logp)  # of a zero, where zeros were counted
        out = _empty(eta)
        out.logp[:] = -np.logaddexp(0, z)
        out.logp[above] += z[above] + some.logp - np.log(-np.expm1(none.logp))
        out.gradient[above, :-1] = some.gradient + odds[:, None] * none.gradient
        out.gradient[:, -1] = above - share
        out.hessian[above, :-1, :-1] = (
            some.hessian
            + odds[:, None, None] * none.hessian
            + (odds * (1 + odds))[:, None, None] * _square(none.gradient)
        )
        out.hessian[:, -1, -1] = -share * (1 - share)
        return out

    return rows


def _empty(eta: Array) -> Derivatives:
    n, m = eta.shape
    return Derivatives(np.zeros(n), np.zeros((n, m)), np.zeros((n, m, m)))


def _square(gradient: Array) -> Array:
    return np.asarray(gradient[:, :, None] * gradient[:, None, :])
