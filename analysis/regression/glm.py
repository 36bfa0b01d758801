"""Generalised linear models: statsmodels fits them, the covariances are ours.

It is imported where it is used: half of a start, and a hundred megabytes, that other families and large tables spare.
"""

from __future__ import annotations

import gc
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hypnic.analysis.regression import masses
from hypnic.analysis.regression.likelihood import Likelihood, Predictor, maximise
from hypnic.analysis.regression.problem import SCORE_TOLERANCE, Array, Estimation, Problem

if TYPE_CHECKING:
    from statsmodels.genmod import families

LARGE = 4 << 20  # bytes of columns


def estimate_poisson(problem: Problem) -> Estimation:
    """Fit a log link by Poisson's likelihood; right for any outcome whose conditional mean is log-linear."""
    from statsmodels.genmod import families

    return _estimate(problem, families.Poisson())


def estimate_quasipoisson(problem: Problem) -> Estimation:
    """Fit the same means, with variance = scale x mean; the scale is Pearson's chi-square over n - p."""
    from statsmodels.genmod import families

    return _estimate(problem, families.Poisson(), quasi=True)


def estimate_binomial(problem: Problem) -> Estimation:
    """Fit the log odds of k out of n."""
    from statsmodels.genmod import families

    return _estimate(problem, families.Binomial())


def estimate_cloglog(problem: Problem) -> Estimation:
    """Fit k out of n by complementary log-log; as P(any) = 1 - exp(-rate), it gives rate ratios."""
    from statsmodels.genmod import families

    return _estimate(problem, families.Binomial(families.links.CLogLog()))


def _estimate(problem: Problem, family: families.Family, *, quasi: bool = False) -> Estimation:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    x, w, endog = problem.matrix, problem.weights, problem.outcome
    if endog.ndim > 1:
        endog = np.column_stack([endog[:, 0], endog[:, 1] - endog[:, 0]])
    model = GLM(endog, x, family=family, offset=problem.offset, var_weights=problem.weights)
    with warnings.catch_warnings():  # whether it converged is judged by the score, not by statsmodels' word
        warnings.simplefilter("ignore")
        result = model.fit(tol=1e-13, tol_criterion="params", maxiter=100)
    estimation = _estimation(problem, family, np.asarray(result.params), quasi=quasi)
    if not estimation.score_max <= SCORE_TOLERANCE and isinstance(family, Poisson):
        # IRLS stops where means round to zero; the likelihood itself tells a separated term, which climbs on.
        rows = Likelihood(masses.poisson(problem.outcome), [Predictor(x, slice(0, x.shape[1]), problem.offset)], w)
        estimation = _estimation(problem, family, maximise(rows, estimation.params).params, quasi=quasi)
    if not quasi:
        with np.errstate(all="ignore"):
            estimation = replace(estimation, loglik=float(model.loglike(estimation.params)))
    if x.nbytes > LARGE:  # what statsmodels made refers to itself: eight copies of the columns would lie about
        del model, result
        gc.collect()
    return estimation


def _estimation(problem: Problem, family: families.Family, params: Array, *, quasi: bool) -> Estimation:
    x, w, y = problem.matrix, problem.weights, problem.outcome
    if y.ndim > 1:
        y, w = y[:, 0] / y[:, 1], w * y[:, 1]
    with np.errstate(all="ignore"):  # where a term separates the outcome, numbers may overflow before it is named
        eta = x @ params + problem.offset
        mu = family.link.inverse(eta)
        slope, variance = family.link.inverse_deriv(eta), family.variance(mu)
        scores, steepness = w * (y - mu) * slope / variance, w * slope**2 / variance
        pearson = w * (y - mu) ** 2 / variance
    # Expected information and leverages of the weighted least-squares problem, as R's sandwich uses. In
    # statsmodels 0.15 the cov_type HC1-HC3 is HC0 (its issue 7798), so nothing robust is taken from there.
    whitened = x * np.sqrt(steepness)[:, None]
    return Estimation(
        params=params,
        scores=x * scores[:, None],
        information=whitened.T @ whitened,
        fitted=mu,
        optimizer="irls",
        scale=float(pearson.sum() / (len(y) - x.shape[1])) if quasi else 1.0,
        whitened=whitened,
        variance=variance / w,
    )
