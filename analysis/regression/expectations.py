"""Expected counts of each family as functions of its linear predictor, and ratios of their averages.

Where a count has a maximum, exp(b) is no ratio of means: means are averaged over people as they are and with an
exposure changed, and compared (g-computation). The error is the delta method's, a dispersion's part included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hypnic.analysis.regression.contrasts import delta_line
from hypnic.analysis.regression.interval import truncated_moments
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    import polars as pl

    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.problem import Array

# Families whose mean without a maximum is exp(x b).
_LOG_LINEAR = ("poisson", "quasipoisson", "nb2", "interval-nb2", "gee-poisson")


def expected_counts(family: str, eta: Array, dispersion: float = np.inf, ceiling: Array | None = None) -> list[Array]:
    """Return the mean (n,) and its derivatives by the linear predictor `eta` (n,) and by the log dispersion.

    `dispersion` is log theta of NB2; `ceiling` (n,) the largest counts. Raises HypnicError for a family whose mean is
    no function of one predictor.

    >>> mean, slope, bend = expected_counts("beta-binomial", np.array([0.0]), ceiling=np.array([30.0]))
    >>> mean.round(2), slope.round(2), bend
    (array([18.96]), array([11.04]), array([0.]))
    """
    if family in _LOG_LINEAR:
        return [np.exp(eta), np.exp(eta), np.zeros_like(eta)]
    if family not in ("beta-binomial", "truncated-nb2") or ceiling is None:
        msg = f"family {family} has no expected count of one linear predictor, or lacks its maximum"
        raise HypnicError(msg)
    if family == "beta-binomial":
        rate = np.exp(eta)
        return [-ceiling * np.expm1(-rate), ceiling * rate * np.exp(-rate), np.zeros_like(eta)]
    return truncated_moments(eta, dispersion, ceiling)


def ratio_of_means(  # noqa: PLR0913, PLR0917 -- a fit, two sets of rows, and what they weigh
    fitted: Fitted, family: str, before: Array, after: Array, weights: Array, ceiling: Array | None = None
) -> pl.DataFrame:
    """Return the log ratio of the average expected count `after` to that `before`, as one row like `Fit.contrast`.

    `before` and `after` are (n, p) design matrices in the order of `fitted.names`, `weights` (n,) those of the rows.
    Covariates are taken as they are.
    """
    params, _ = fitted.whole or (fitted.params, fitted.vcov)
    p = len(fitted.names)
    dispersion = float(params[p]) if len(params) > p else np.inf
    logs: list[float] = []
    gradients: list[Array] = []
    for matrix in (before, after):
        mean, by_eta, by_dispersion = expected_counts(family, matrix @ params[:p], dispersion, ceiling)
        total = float(weights @ mean)
        logs.append(float(np.log(total)))
        gradients.append(np.append((weights * by_eta) @ matrix, weights @ by_dispersion)[: len(params)] / total)
    return delta_line(fitted, logs[1] - logs[0], gradients[1] - gradients[0])
