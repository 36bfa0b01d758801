"""What a fit expects of a row, with its derivatives by all coefficients: for averages over people (g-computation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from hypnic.analysis.regression.interval import LOG_DISPERSION_MAX
from hypnic.analysis.regression.masses import nb2_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.problem import Array

# Each value (n,), and its derivatives (n, q) by the coefficients and, after them, by a dispersion where there is one.
Expected = tuple["Array", "Array"]


def expected_answer(fitted: Fitted, matrix: Array, values: Sequence[float]) -> Expected:
    """Give the mean of the `values` (K,) that an ordered logit's K answers stand for; `matrix` (n, p) is by `names`.

    With values of 0 and 1 it is the chance of the answers that have a 1.

    >>> import polars as pl
    >>> from hypnic.analysis import fit
    >>> answers = pl.DataFrame({"x": [0.0, 1.0, 2.0] * 4, "y": [0, 0, 1, 0, 1, 2, 2, 1, 2, 0, 2, 2]})
    >>> fitted = fit(answers, "y", ["x"], "ordered", covariance="HC0")
    >>> chances = [expected_answer(fitted, np.array([[0.0, 0.0, 1.0]]), row)[0][0] for row in np.eye(3)]
    >>> round(float(sum(chances)), 12)
    1.0
    """
    thresholds = len(values) - 1
    above = expit((matrix @ fitted.params)[:, None] - fitted.params[:thresholds])
    slopes = np.diff(values) * above * (1 - above)
    gradient = slopes.sum(axis=1)[:, None] * matrix
    gradient[:, :thresholds] -= slopes
    return np.asarray(values[0] + above @ np.diff(values)), gradient


def expected_count(fitted: Fitted, matrix: Array, family: str, maximum: int) -> Expected:
    """Give the mean count up to `maximum` of a fit of `truncated-nb2` or `beta-binomial`; `matrix` is by `names`."""
    eta = matrix @ fitted.params
    extra = np.zeros((len(eta), len(fitted.estimation.extra)))
    if family == "beta-binomial":
        rate = np.exp(eta)
        slope = maximum * rate * np.exp(-rate)
        return -maximum * np.expm1(-rate), np.hstack([slope[:, None] * matrix, extra])
    log_theta = float(fitted.info.get("log_theta", LOG_DISPERSION_MAX))
    counts = np.arange(maximum + 1.0)
    mass, by_eta, by_theta = nb2_terms(counts, eta[:, None], log_theta)[:3]
    chance = np.exp(mass - mass.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    mean = chance @ counts

    def moved(score: Array) -> Array:  # a mean moves by the covariance of the count with the score
        return np.asarray((chance * score) @ counts - mean * (chance * score).sum(axis=1))

    extra[:] = moved(by_theta)[:, None]
    return mean, np.hstack([moved(by_eta)[:, None] * matrix, extra])
