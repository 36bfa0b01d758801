"""What each family expects of a row, with its derivatives: an outcome's mean, a share, or the chance of each answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from hypnic.analysis.regression.expectations import expected_counts
from hypnic.analysis.regression.expected import expected_answer
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.newrows import NewRows
    from hypnic.analysis.regression.problem import Array

CHANCES = frozenset({"binomial", "cloglog", "ordered"})  # what they expect lies between 0 and 1


class Means(NamedTuple):
    """Expected values of n rows; an ordered outcome has one for each of m levels, all others one.

    The q parameters are those of the fit, and a dispersion behind them where the mean hangs on it.
    """

    expected: Array  # (n, m)
    slopes: Array  # (n, m, q)


def expected_means(fitted: Fitted, rows: NewRows) -> Means:
    """Expect the outcome of rows: see `Fit.predict` for what that is in each family.

    Raises HypnicError for a family that is conditional on groups, whose level it does not estimate.
    """
    family = fitted.asked.family
    if family.startswith("fe-"):
        message = (
            f"family {family} estimates no level of {fitted.asked.roles.groups!r}, so it expects no outcome:"
            " use tidy or contrast, or family='gee-poisson'"
        )
        raise HypnicError(message)
    if not fitted.info["converged"]:
        message = "the fit did not reach its maximum, so nothing is expected from it: drop terms or pool levels"
        raise HypnicError(message)
    with np.errstate(over="ignore", invalid="ignore"):
        if family == "ordered":
            return _answers(fitted, rows)
        values, slopes = _OF[family](fitted, rows) if family in _OF else _counts(fitted, rows)
    return Means(values[:, None], slopes[:, None, :])


def _answers(fitted: Fitted, rows: NewRows) -> Means:
    n = len(fitted.sample.levels)
    found = [expected_answer(fitted, rows.matrix, row) for row in np.eye(n).tolist()]
    return Means(np.column_stack([value for value, _ in found]), np.stack([slope for _, slope in found], axis=1))


def _logit(fitted: Fitted, rows: NewRows) -> tuple[Array, Array]:
    share = expit(rows.matrix @ fitted.params)
    return share, (share * (1 - share))[:, None] * rows.matrix


def _cloglog(fitted: Fitted, rows: NewRows) -> tuple[Array, Array]:
    rate = np.exp(rows.matrix @ fitted.params + rows.offset)
    return -np.expm1(-rate), (rate * np.exp(-rate))[:, None] * rows.matrix


def _counts(fitted: Fitted, rows: NewRows) -> tuple[Array, Array]:
    family = fitted.asked.family
    theta = _log_theta(fitted)
    eta = rows.matrix @ fitted.params + rows.offset
    mean, by_eta, by_theta = expected_counts(family, eta, np.inf if theta is None else theta, rows.ceiling)
    slopes = by_eta[:, None] * rows.matrix
    if family != "truncated-nb2" or theta is None:
        return mean, slopes
    return mean, np.column_stack([slopes, by_theta])


def _inflated(fitted: Fitted, rows: NewRows) -> tuple[Array, Array]:
    """Expect (1 - pi) mu, pi the chance of a zero that no count explains."""
    p = rows.matrix.shape[1]
    mu = np.exp(rows.matrix @ fitted.params[:p] + rows.offset)
    never = expit(rows.zero @ fitted.params[p:])
    mean = mu * (1 - never)
    return mean, np.hstack([mean[:, None] * rows.matrix, -(mean * never)[:, None] * rows.zero])


def _hurdle(fitted: Fitted, rows: NewRows) -> tuple[Array, Array]:
    """Expect P mu / (1 - f0), P the chance of any and f0 that of a zero of the count without its hurdle."""
    p = rows.matrix.shape[1]
    eta = rows.matrix @ fitted.params[:p] + rows.offset
    any_ = expit(rows.zero @ fitted.params[p:])
    theta = _log_theta(fitted)
    mu = np.exp(eta)
    if theta is None:
        log_zero, by_eta, by_theta = -mu, -mu, np.zeros((len(mu), 0))
    else:
        size = np.exp(theta)
        log_zero = -size * np.log1p(mu / size)
        by_eta = -mu / (1 + mu / size)
        by_theta = (log_zero - by_eta)[:, None]
    mean = -any_ * mu / np.expm1(log_zero)
    odds = 1 / np.expm1(-log_zero)  # of a zero; the log of the mean moves by it times that of the zero's chance
    return mean, mean[:, None] * np.hstack(
        [(1 + odds * by_eta)[:, None] * rows.matrix, (1 - any_)[:, None] * rows.zero, odds[:, None] * by_theta]
    )


def _log_theta(fitted: Fitted) -> float | None:
    """Give the log dispersion; None where there is none, or it is at its bound."""
    return fitted.info.get("log_theta")


_OF: dict[str, Callable[[Fitted, NewRows], tuple[Array, Array]]] = {
    "binomial": _logit,
    "cloglog": _cloglog,
    "zip": _inflated,
    "zinb": _inflated,
    "hurdle-poisson": _hurdle,
    "hurdle-nb2": _hurdle,
}
