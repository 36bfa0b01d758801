"""Influence by person: how an estimate would change without each one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from hypnic.analysis.question.fittedmodel import FittedModel
from hypnic.analysis.question.model import fit_estimand
from hypnic.analysis.regression.covariance import scores_without_each
from hypnic.analysis.regression.design import INTERCEPT
from hypnic.analysis.regression.problem import Array, Codes, group_sums
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.study import AnalysisSet


def influence(model: FittedModel) -> Array:
    """Give the change (persons,) of the first slope when each person is left out, by one Newton step from the fit.

    The same step as the jackknife of CR3 and HC3: exact for least squares, near it for counts.
    """
    bread = np.asarray(np.linalg.inv(model.estimation.information), dtype=np.float64)
    scores = group_sums(model.estimation.scores, model.person, int(model.person.max()) + 1)
    scores = scores_without_each(model.estimation, bread, model.person, scores)
    changes = -scores @ bread @ model.columns.back.T
    first = int(model.columns.names[0] == INTERCEPT)
    return np.asarray(changes[:, first])


def refitted(data: AnalysisSet, estimand: Estimand, model: FittedModel, persons: Codes) -> Array:
    """Give the change of the estimate when each of some persons is left out, by fitting anew; `persons` are codes."""
    whole = _slope(data, estimand)
    names = data.frame[data.person].gather(model.places)
    changes = []
    for code in persons:
        name = names[int(np.flatnonzero(model.person == code)[0])]
        changes.append(_slope(replace(data, frame=data.frame.filter(pl.col(data.person) != name)), estimand) - whole)
    return np.array(changes)


def _slope(data: AnalysisSet, estimand: Estimand) -> float:
    return float(fit_estimand(data, estimand).contrast({estimand.exposure: 1})["estimate"].item())
