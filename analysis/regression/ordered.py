"""Ordered answers: cumulative logits with common slopes (proportional odds).

P(Y <= j) = 1 / (1 + exp(-(threshold_j - x b))), the signs of R's `polr` and `clm`. statsmodels' OrderedModel
fits the same, but hides thresholds behind a transformation and stops early by default; the log-likelihood is
concave in thresholds and slopes themselves (Pratt 1981, JASA 76:103), so Newton's method climbs it as it is.
"""

import numpy as np
from scipy.special import expit

from hypnic.analysis.regression.likelihood import Derivatives, Likelihood, Predictor, maximise
from hypnic.analysis.regression.problem import Array, Estimation, Problem


def estimate_ordered(problem: Problem) -> Estimation:
    """Fit the thresholds, then the slopes; codes start at 0 and leave none out. Information is observed."""
    codes, w = problem.outcome.astype(np.intp), problem.weights
    below = np.cumsum(np.bincount(codes, weights=w))[:-1] / w.sum()
    start = np.concatenate([np.log(below / (1 - below)), np.zeros(problem.matrix.shape[1])])
    cuts = np.eye(len(below) + 2)[:, 1:-1]  # a code's upper threshold, after a row for each end that has none
    every = slice(0, len(start))
    predictors = [Predictor(np.hstack([cuts[codes + side], -problem.matrix]), every) for side in (1, 0)]
    lowest, highest = codes == 0, codes == len(below)

    def rows(eta: Array) -> Derivatives:
        return _between(np.where(highest, np.inf, eta[:, 0]), np.where(lowest, -np.inf, eta[:, 1]))

    point = maximise(Likelihood(rows, predictors, w), start)
    slopes = point.params[len(below) :]
    reached = [expit(threshold - problem.matrix @ slopes) for threshold in point.params[: len(below)]]
    return Estimation(
        params=point.params,
        scores=point.scores,
        information=point.information,
        fitted=np.asarray(sum(1 - chance for chance in reached)),
        optimizer="trust-exact, newton",
        loglik=point.loglik,
    )


def _between(upper: Array, lower: Array) -> Derivatives:
    """Return log(expit(upper) - expit(lower)) and its derivatives; a lower above its upper has no probability.

    The difference is expit(upper) expit(-lower) (1 - exp(lower - upper)), which keeps its digits in both tails.
    """
    gap = lower - upper
    logp = -np.logaddexp(0, -upper) - np.logaddexp(0, lower) + np.log(-np.expm1(gap))
    odds = 1 / np.expm1(-gap)
    curve = odds * (1 + odds)
    pu, pl = expit(upper), expit(lower)
    gradient = np.column_stack([1 - pu + odds, -pl - odds])
    uu, ll = -pu * (1 - pu) - curve, -pl * (1 - pl) - curve
    hessian = np.stack([np.stack([uu, curve], axis=1), np.stack([curve, ll], axis=1)], axis=2)
    return Derivatives(logp, gradient, hessian)
