"""What a level still separates, fitted with its mean bias reduced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from hypnic.analysis.studies.instrument import Outcome

REDUCIBLE = frozenset({"binomial", "cloglog"})
LACKING = frozenset({"separated", "leverage"})
# What a row of results calls the errors of such a fit.
SPREAD = "bias-reduced"


def fit_or_reduced(
    frame: pl.DataFrame, outcome: Outcome, terms: Sequence[str], family: str, covariance: str, **keywords: Any
) -> Fit:
    """Fit; where a level separates the outcome, or one row fixes a coefficient alone, fit with the mean bias reduced.

    So is a fit that ends short of its maximum: its likelihood still climbs, if too slowly to be refused.

    There is no sandwich there. In its place stand model errors times the spread of the answers about the model, as of a
    quasi-binomial fit: people differ in more than the columns say, and nights of one person are no independent draws.
    Limits are Student's, with as many degrees of freedom as there are rows more than coefficients.
    """
    reducible = family in REDUCIBLE and keywords.get("weights") is None
    try:
        plain = fit(frame, outcome, terms, family, covariance=covariance, **keywords)
        if plain.info["converged"] or not reducible:
            return plain
    except HypnicError as error:
        if error.reason not in LACKING or not reducible:
            raise
    return _spread(fit(frame, outcome, terms, family, covariance="model", bias_reduced=True, **keywords))


def _spread(fitted: Fit) -> Fit:
    """Multiply model errors of k out of n by Pearson's dispersion, never below 1."""
    share, variance = fitted.estimation.fitted, fitted.estimation.variance
    assert variance is not None  # noqa: S101
    k, n = fitted.sample.outcome.T
    left = len(share) - len(fitted.names)
    # Where an answer is as certain as numbers can say, its variance is 0 and so is its distance.
    pearson = (k / n - share) ** 2 / np.maximum(variance, np.finfo(np.float64).tiny)
    dispersion = max(1.0, float(pearson.sum()) / left)
    info = {**fitted.info, "scale": dispersion, "covariance": SPREAD}
    return replace(fitted, vcov=fitted.vcov * dispersion, df=float(left), info=info)
