"""Within-person Poisson: the conditional likelihood given each person's total, by Newton's method.

Own code because `statsmodels.ConditionalPoisson` 0.15 drops persons whose count is constant but positive
(they do carry information) and stops early. The estimate equals a Poisson regression with one intercept a
person (Hausman, Hall & Griliches 1984, Econometrica 52:909); it needs only the conditional mean to be right
(Wooldridge 1999, J Econometrics 90:77).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from hypnic.analysis.regression.likelihood import Point, polish
from hypnic.analysis.regression.problem import Array, Codes, Estimation, Problem, group_sums

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
    start = np.zeros(rows.matrix.shape[1]) if problem.start is None else problem.start
    params, point = _maximise(rows, starts, ids, start)
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


def _maximise(rows: Problem, starts: Codes, ids: Codes, params: Array) -> tuple[Array, _Point]:
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
    # Columns centred at the person's mean under the fitted shares: what is left of them next to intercepts.
    within = rows.matrix - np.add.reduceat(share[:, None] * rows.matrix, starts)[ids]
    return _Point(
        loglik=float(events @ (eta - np.log(rates)[ids])),
        scores=(events - expected)[:, None] * within,
        whitened=np.sqrt(expected)[:, None] * within,
        expected=expected,
    )


# Within-person logit: the exact conditional likelihood of which rows of a person are events, given how many.
#
# Own code, as statsmodels' ConditionalLogit takes seconds where this takes milliseconds. A person's denominator is
# the elementary symmetric polynomial of their odds, built row by row for all persons at once (Gail, Lubin &
# Rubinstein 1981, Biometrika 68:703), as in R's `survival::clogit(method = "exact")`.


@dataclass(frozen=True, eq=False)
class _Persons:
    """Rows laid out by person: `x` (persons, most rows, p), with `there` false where a person has fewer rows."""

    x: Array
    there: Array
    events: Codes  # (persons,)
    summed: Array  # (persons, p), x summed over events
    weights: Array  # (persons,)
    first: Codes  # (persons,) row on which the person's score is written
    rows: int

    def at(self, params: Array) -> Point:
        """Evaluate the likelihood, its scores and its information, observed and expected alike."""
        p = len(params)
        persons = np.arange(len(self.events))
        eta = np.where(self.there > 0, self.x @ params, -np.inf)
        top = eta.max(axis=1, keepdims=True)
        odds = np.exp(eta - top)
        most = int(self.events.max())
        ways = np.zeros((len(persons), most + 1))
        ways[:, 0] = 1.0
        slope, curve = np.zeros((*ways.shape, p)), np.zeros((*ways.shape, p, p))
        for x, one in zip(self.x.swapaxes(0, 1), odds.T, strict=True):
            w, s = ways[:, :-1], slope[:, :-1]
            outer = x[:, None, :, None] * s[:, :, None, :]
            square = (x[:, :, None] * x[:, None, :])[:, None] * w[:, :, None, None]
            curve[:, 1:] += one[:, None, None, None] * (curve[:, :-1] + outer + outer.swapaxes(2, 3) + square)
            slope[:, 1:] += one[:, None, None] * (s + x[:, None] * w[:, :, None])
            ways[:, 1:] += one[:, None] * w
        total = ways[persons, self.events]
        mean = slope[persons, self.events] / total[:, None]
        spread = curve[persons, self.events] / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
        logp = self.summed @ params - np.log(total) - self.events * top[:, 0]
        scores = np.zeros((self.rows, p))
        scores[self.first] = self.weights[:, None] * (self.summed - mean)
        return Point(params, float(self.weights @ logp), scores, np.einsum("g,gjk->jk", self.weights, spread))


def estimate_fe_logit(problem: Problem) -> Estimation:
    """Fit logit = person + x b given each person's number of events; a person's score is on their first row."""
    persons = _laid_out(problem)
    point = polish(persons.at, persons.at(np.zeros(problem.matrix.shape[1])))
    share = problem.outcome[:, 0]
    return Estimation(
        params=point.params,
        scores=point.scores,
        information=point.information,
        fitted=np.full(len(share), share.mean()),
        optimizer="newton",
        loglik=point.loglik,
    )


def _laid_out(problem: Problem) -> _Persons:
    assert problem.groups is not None  # noqa: S101
    order = np.argsort(problem.groups, kind="stable")
    size = np.bincount(problem.groups)
    person = problem.groups[order]
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    place = np.arange(len(order)) - starts[person]
    x = np.zeros((len(size), size.max(), problem.matrix.shape[1]))
    there, events = np.zeros(x.shape[:2]), np.zeros(x.shape[:2])
    x[person, place], there[person, place], events[person, place] = (
        problem.matrix[order],
        1.0,
        problem.outcome[order, 0],
    )
    return _Persons(
        x=x,
        there=there,
        events=events.sum(axis=1).astype(np.intp),
        summed=np.einsum("gm,gmp->gp", events, x),
        weights=problem.weights[order[starts]],
        first=order[starts],
        rows=len(order),
    )


# Within-person least squares, for outcomes that are no counts: hours slept, points of anxiety.


def estimate_fe_linear(problem: Problem) -> Estimation:
    """Fit person + x b by least squares on distances from the person's weighted means.

    It equals ordinary least squares with one indicator a person (Mundlak 1978, Econometrica 46:69), whose residual
    variance divides by rows less persons less coefficients.
    """
    assert problem.groups is not None  # noqa: S101
    w, size = problem.weights, int(problem.groups.max()) + 1
    both = np.column_stack([problem.matrix, problem.outcome])
    means = group_sums(w[:, None] * both, problem.groups, size) / np.bincount(problem.groups, weights=w)[:, None]
    within = both - means[problem.groups]
    x, y = within[:, :-1], within[:, -1]
    root = np.sqrt(w)
    params = np.asarray(np.linalg.lstsq(root[:, None] * x, root * y, rcond=None)[0], dtype=np.float64)
    left = y - x @ params
    variance = float(w @ left**2) / (len(y) - size - x.shape[1])
    whitened = x * (root / np.sqrt(variance))[:, None]
    return Estimation(
        params=params,
        scores=x * (w * left / variance)[:, None],
        information=whitened.T @ whitened,
        fitted=problem.outcome - left,
        optimizer="least squares",
        whitened=whitened,
    )
