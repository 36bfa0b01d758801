"""Generalised linear models: statsmodels fits them, the covariances are ours."""

import warnings

import numpy as np
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from hypnic.analysis.regression.problem import Estimation, Problem


def estimate_poisson(problem: Problem) -> Estimation:
    """Fit a log link by Poisson's likelihood; right for any outcome whose conditional mean is log-linear."""
    return _estimate(problem, families.Poisson())


def estimate_quasipoisson(problem: Problem) -> Estimation:
    """Fit the same means, with variance = scale x mean; the scale is Pearson's chi-square over n - p."""
    return _estimate(problem, families.Poisson(), quasi=True)


def estimate_binomial(problem: Problem) -> Estimation:
    """Fit the log odds of k out of n."""
    return _estimate(problem, families.Binomial())


def estimate_cloglog(problem: Problem) -> Estimation:
    """Fit k out of n by complementary log-log; as P(any) = 1 - exp(-rate), it gives rate ratios."""
    return _estimate(problem, families.Binomial(families.links.CLogLog()))


def _estimate(problem: Problem, family: families.Family, *, quasi: bool = False) -> Estimation:
    x, w = problem.matrix, problem.weights
    if problem.outcome.ndim == 1:
        y, endog = problem.outcome, problem.outcome
    else:
        k, n = problem.outcome.T
        y, w, endog = k / n, w * n, np.column_stack([k, n - k])
    model = GLM(endog, x, family=family, offset=problem.offset, var_weights=problem.weights)
    with warnings.catch_warnings():  # whether it converged is judged by the score, not by statsmodels' word
        warnings.simplefilter("ignore")
        result = model.fit(tol=1e-13, tol_criterion="params", maxiter=100)
    params = np.asarray(result.params)
    eta = x @ params + problem.offset
    mu = family.link.inverse(eta)
    slope, variance = family.link.inverse_deriv(eta), family.variance(mu)
    # Expected information and leverages of the weighted least-squares problem, as R's sandwich uses. In
    # statsmodels 0.15 the cov_type HC1-HC3 is HC0 (its issue 7798), so nothing robust is taken from there.
    whitened = x * np.sqrt(w * slope**2 / variance)[:, None]
    pearson = w * (y - mu) ** 2 / variance
    return Estimation(
        params=params,
        scores=x * (w * (y - mu) * slope / variance)[:, None],
        information=whitened.T @ whitened,
        fitted=mu,
        optimizer="irls",
        loglik=None if quasi else float(result.llf),
        scale=float(pearson.sum() / (len(y) - x.shape[1])) if quasi else 1.0,
        whitened=whitened,
        variance=variance / w,
    )
