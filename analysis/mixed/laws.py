"""Laws of a count given its log mean: log mass and the derivatives that a mixed model needs, to third order.

NB2 has Var(Y) = mu + mu^2 / theta (Cameron & Trivedi 2013, Regression Analysis of Count Data, 3.3). A zero-inflated
law is zero for certain with probability expit(zero), else that of its base (Lambert 1992, Technometrics 34:1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln

from hypnic.analysis.regression.problem import Array

NONE = np.empty((0, 0))


@dataclass(frozen=True, eq=False)
class Mass:
    """Log mass of counts (n, 1) at log means eta (n, k), and its derivatives, each (n, k).

    `by_theta` (log theta) and `by_zero` (log odds of a certain zero) hold the first derivative by that parameter, and
    the first and second derivatives of that by eta; they are empty where the law has no such parameter. They and `d3`
    are empty too where they were not asked for: a search for modes needs two derivatives.
    """

    value: Array
    d1: Array
    d2: Array
    d3: Array
    by_theta: tuple[Array, ...] = ()
    by_zero: tuple[Array, ...] = ()


def poisson(count: Array, eta: Array) -> Mass:
    """Evaluate Poisson's law.

    >>> float(poisson(np.array([[0.0]]), np.array([[0.0]])).value[0, 0])
    -1.0
    """
    mean = np.exp(eta)
    return Mass(count * eta - mean - _log_factorial(count), count - mean, -mean, -mean)


def nb2(count: Array, eta: Array, log_theta: float, *, further: bool = True) -> Mass:
    """Evaluate the negative binomial law of size theta; without `further`, no derivatives past the second by eta.

    >>> float(np.exp(nb2(np.array([[0.0]]), np.array([[0.0]]), log_theta=0.0).value[0, 0]).round(12))
    0.5
    """
    theta, below = np.exp(log_theta), count.astype(np.intp)
    p, q = expit(log_theta - eta), expit(eta - log_theta)  # p = theta / (theta + mean)
    log_p = -np.logaddexp(0, eta - log_theta)
    # Sums over j < count stand for differences of gamma functions at count + theta and theta, which would cancel.
    j = np.arange(count.max(initial=0))
    rising, harmonic = (
        np.concatenate([[0.0], np.cumsum(terms)])[below] for terms in (np.log(theta + j), theta / (theta + j))
    )
    d1 = p * count - theta * q
    d2 = -(count + theta) * p * q
    value = rising - _log_factorial(count) + count * (eta - log_theta + log_p) + theta * log_p
    if not further:
        return Mass(value, d1, d2, NONE)
    return Mass(
        value=value,
        d1=d1,
        d2=d2,
        d3=d2 * (p - q),
        by_theta=(harmonic + theta * log_p - d1, q * d1, q * ((p - q) * d1 - theta * q)),
    )


def _log_factorial(count: Array) -> Array:
    """Look the logarithms up: counts are few, and the function takes long."""
    known = gammaln(np.arange(count.max(initial=0) + 1) + 1.0)
    return np.asarray(known[count.astype(np.intp)])


def zero_inflated(count: Array, base: Mass, zero: Array) -> Mass:
    """Mix a law with zeros that are certain, with log odds `zero` (n, 1)."""
    none = count == 0
    chance = np.where(none, expit(base.value - zero), 1.0)  # that the base gave this count
    first = chance * (1 - chance)
    second = first * (1 - 2 * chance)
    one, two = base.d1, base.d2
    by_theta: tuple[Array, ...] = ()
    if base.by_theta:
        by, by_one, by_two = base.by_theta
        by_theta = (
            chance * by,
            first * one * by + chance * by_one,
            second * one**2 * by + first * (2 * one * by_one + by * two) + chance * by_two,
        )
    return Mass(
        value=np.where(none, np.logaddexp(zero, base.value), base.value) - np.logaddexp(0, zero),
        d1=chance * one,
        d2=first * one**2 + chance * two,
        d3=second * one**3 + 3 * first * one * two + chance * base.d3,
        by_theta=by_theta,
        by_zero=(1 - chance - expit(zero), -first * one, -(second * one**2 + first * two)),
    )
