"""Generalised linear models as sums: what rows, or cells of rows alike, add to a likelihood and its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from hypnic.analysis.scale.climbing import Sums

if TYPE_CHECKING:
    from hypnic.analysis.regression.problem import Array


class Parts(NamedTuple):
    """What cells of `counts` rows add, as functions of their linear predictor; every field is (n,)."""

    loglik: Array  # without what no coefficient moves
    slope: Array  # its derivative
    expected: Array  # minus its second derivative, as expected
    observed: Array  # and as it is
    per_unit: Array  # what one unit of a row's outcome adds to `slope`
    fitted: Array  # the mean; of one trial for shares
    variance: Array  # of a row's response: of the share for shares


Link = Callable[["Array", "Array", "Array", "Array"], Parts]


def poisson(eta: Array, counts: Array, mean: Array, trials: Array) -> Parts:  # noqa: ARG001 -- as the others
    """Log link, Poisson variance; `mean` is the cell's mean count."""
    mu = np.exp(eta)
    expected = counts * mu
    return Parts(
        counts * mean * eta - expected, counts * (mean - mu), expected, expected, np.ones_like(mu), mu, mu
    )  # fmt: skip


def logit(eta: Array, counts: Array, mean: Array, trials: Array) -> Parts:
    """Log odds; `mean` is the cell's mean number of `trials`."""
    p = expit(eta)
    tries, variance = counts * trials, p * expit(-eta)
    curve = tries * variance
    loglik = counts * mean * eta - tries * np.logaddexp(0, eta)
    return Parts(loglik, counts * (mean - trials * p), curve, curve, np.ones_like(p), p, variance / trials)


def cloglog(eta: Array, counts: Array, mean: Array, trials: Array) -> Parts:
    """Complementary log-log: any event of a Poisson count."""
    rate = np.exp(eta)
    p, none = -np.expm1(-rate), np.exp(-rate)
    tries, per_unit = counts * trials, rate / p
    expected = tries * rate * per_unit * none
    observed = tries * rate - counts * mean * per_unit * (1 - per_unit * none)
    loglik = counts * mean * np.log(p) - (tries - counts * mean) * rate
    slope = counts * (mean - trials * p) * per_unit
    return Parts(loglik, slope, expected, observed, per_unit, p, p * none / trials)


LINKS: Mapping[str, Link] = {
    "poisson": poisson,
    "quasipoisson": poisson,
    "binomial": logit,
    "cloglog": cloglog,
}


def sums_of(x: Array, here: Parts) -> Sums:
    """Add up columns (p, n) with what their rows say."""
    information = (x * here.expected) @ x.T
    observed = information if here.observed is here.expected else (x * here.observed) @ x.T
    return Sums(float(here.loglik.sum()), np.einsum("pn,n->p", x, here.slope), information, observed)


def first_level(family: str, events: float, tried: float) -> float:
    """Give the intercept of a model without terms: `events` in `tried` rows, exposures or trials."""
    level = events / tried
    if family == "binomial":
        return float(np.log(level) - np.log1p(-level))
    return float(np.log(level) if family != "cloglog" else np.log(-np.log1p(-min(level, 1 - 1e-9))))
