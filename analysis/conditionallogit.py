"""Within-person logit: the exact conditional likelihood of which rows of a person are events, given how many.

Own code, as statsmodels' ConditionalLogit takes seconds where this takes milliseconds. A person's denominator is
the elementary symmetric polynomial of their odds, built row by row for all persons at once (Gail, Lubin &
Rubinstein 1981, Biometrika 68:703), as in R's `survival::clogit(method = "exact")`.
"""

from dataclasses import dataclass

import numpy as np

from hypnic.analysis.estimation import Array, Codes, Estimation, Problem
from hypnic.analysis.likelihood import Point, polish


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
