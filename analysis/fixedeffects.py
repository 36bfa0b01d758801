"""Within-person Poisson: the conditional likelihood given each person's total, by Newton's method.

Own code because `statsmodels.ConditionalPoisson` 0.15 drops persons whose count is constant but positive
(they do carry information) and stops early. The estimate equals a Poisson regression with one intercept a
person (Hausman, Hall & Griliches 1984, Econometrica 52:909); it needs only the conditional mean to be right
(Wooldridge 1999, J Econometrics 90:77).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from hypnic.analysis.estimation import Array, Codes, Estimation, Problem

# The squared distance to the maximum, in standard errors, below which rounding rules.
_DONE = 1e-20


@dataclass(frozen=True, eq=False)
class _Point:
    """The conditional likelihood at one value of the coefficients; rows are sorted by person."""

    loglik: float
    scores: Array
    whitened: Array
    expected: Array

    @property
    def information(self) -> Array:
        return np.asarray(self.whitened.T @ self.whitened)


def estimate_fe_poisson(problem: Problem) -> Estimation:
    """Fit exp(person + offset + x b) given persons' totals, none of which may be zero."""
    assert problem.groups is not None  # noqa: S101
    order = np.argsort(problem.groups, kind="stable")
    person, size = np.unique(problem.groups[order], return_counts=True)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    ids = np.repeat(np.arange(len(person)), size)
    rows = Problem(problem.matrix[order], problem.outcome[order], problem.offset[order], problem.weights[order])
    params, point = _maximise(rows, starts, ids)
    events = rows.weights * rows.outcome
    constant = gammaln(np.add.reduceat(events, starts) + 1).sum() - rows.weights @ gammaln(rows.outcome + 1)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Estimation(
        params=params,
        scores=point.scores[back],
        information=point.information,
        fitted=(point.expected / rows.weights)[back],
        optimizer="newton",
        loglik=float(point.loglik + constant),
        whitened=point.whitened[back],
    )


def _maximise(rows: Problem, starts: Codes, ids: Codes) -> tuple[Array, _Point]:
    params = np.zeros(rows.matrix.shape[1])
    point = _evaluate(params, rows, starts, ids)
    for _ in range(50):
        gradient = point.scores.sum(axis=0)
        try:
            step = np.linalg.solve(point.information, gradient)
        except np.linalg.LinAlgError:  # the caller sees the singular information and says so
            break
        # The likelihood is concave, so halving a Newton step always reaches a point that is no worse.
        for halving in range(30):
            trial = _evaluate(params + step / 2**halving, rows, starts, ids)
            if trial.loglik >= point.loglik - 1e-12 * abs(point.loglik):
                params, point = params + step / 2**halving, trial
                break
        if gradient @ step < _DONE:
            break
    return params, point


def _evaluate(params: Array, rows: Problem, starts: Codes, ids: Codes) -> _Point:
    eta = rows.matrix @ params + rows.offset
    eta -= np.maximum.reduceat(eta, starts)[ids]
    rate = rows.weights * np.exp(eta)
    rates = np.add.reduceat(rate, starts)
    events = rows.weights * rows.outcome
    share = rate / rates[ids]
    expected = np.add.reduceat(events, starts)[ids] * share
    # Columns centred at the person's mean under the fitted shares: what is left of them beside intercepts.
    within = rows.matrix - np.add.reduceat(share[:, None] * rows.matrix, starts)[ids]
    return _Point(
        loglik=float(events @ (eta - np.log(rates)[ids])),
        scores=(events - expected)[:, None] * within,
        whitened=np.sqrt(expected)[:, None] * within,
        expected=expected,
    )
