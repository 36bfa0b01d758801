"""Influence by person: how an estimate would change without each one of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from hypnic.analysis.question.question import Question
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.covariance import scores_without_each
from hypnic.analysis.regression.design import INTERCEPT
from hypnic.analysis.regression.problem import Array, Codes, group_sums


def influence(fitted: Fit, persons: Codes) -> Array:
    """Give the change (persons,) of the first slope when each person is left out, by one Newton step from the fit.

    The same step as the jackknife of CR3 and HC3: exact for least squares, near it for counts.
    """
    estimation, columns = fitted.estimation, fitted.columns
    bread = np.asarray(np.linalg.inv(estimation.information), dtype=np.float64)
    scores = group_sums(estimation.scores, persons, int(persons.max()) + 1)
    scores = scores_without_each(estimation, bread, persons, scores)
    changes = -scores @ bread @ columns.back.T
    first = int(columns.names[0] == INTERCEPT)
    return np.asarray(changes[:, first])


def refitted(question: Question, codes: Codes) -> Array:
    """Give the change of the estimate when each of some persons is left out, by fitting anew.

    `codes` are those of `Question.persons`.
    """
    frame, person = question.data.frame, question.data.person
    fitted = question.fit()
    whole, persons, used = _slope(question), question.persons(fitted), question.rows_used()["person"]
    changes = []
    for code in codes:
        name = used[int(np.flatnonzero(persons == code)[0])]
        changes.append(_slope(question.on(frame.filter(pl.col(person) != name))) - whole)
    return np.array(changes)


def _slope(question: Question) -> float:
    return float(question.fit().contrast({question.estimand.exposure: 1})["estimate"].item())
