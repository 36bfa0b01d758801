"""Checks of a weighted ordered logit: fit, one ratio for all answers, spread by design, collinearity, influence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.checks.diagnostics import tidy
from hypnic.analysis.checks.spread import Finding
from hypnic.analysis.question.averages import stepped
from hypnic.analysis.question.rows import refuse_few
from hypnic.analysis.question.tests import wald
from hypnic.analysis.question.thresholds import thresholds
from hypnic.analysis.regression.expected import expected_answer
from hypnic.analysis.regression.problem import Array, Codes, group_sums

if TYPE_CHECKING:
    from hypnic.analysis.question.question import Question
    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.estimands import Estimand

TENTHS = 10


@dataclass(frozen=True, eq=False)
class AnswerDiagnosis:
    """The checks of one ordered logit as a tidy frame, and the changes of its ratio (units,) for a figure.

    `changes` are those without each sampling unit (PSU), in standard errors of the log ratio, the largest first.
    """

    estimand: Estimand
    checks: pl.DataFrame
    changes: Array


def diagnose_answers(question: Question) -> AnswerDiagnosis:
    """Check one question's weighted ordered logit.

    Raises HypnicError where the model cannot be fitted, or fewer than ten persons entered it.
    """
    fitted = question.fit()
    refuse_few(fitted.sample.frame.height)
    direction = _direction(question, fitted)
    error = float(np.sqrt(direction @ fitted.vcov @ direction))
    assert fitted.sample.survey is not None  # noqa: S101 -- it has weights
    units = without_each(fitted, direction, fitted.sample.survey.psu) / error
    persons = without_each(fitted, direction, np.arange(fitted.sample.frame.height)) / error
    found = [
        ("fit: tenths of the expected answer (Lipsitz)", *_lipsitz(question)),
        ("proportional odds: one ratio for all answers", *_proportional(question)),
        ("spread: variance under the design over that of as many people drawn one by one", _spread(fitted, direction),
         None),
        ("collinearity: VIF of the exposure", inflation(fitted, direction), None),
        _link(question),
        ("sampling unit: largest change without one, in standard errors", float(np.abs(units).max()), None),
        ("influence: largest change without one person, in standard errors", float(np.abs(persons).max()), None),
    ]  # fmt: skip
    return AnswerDiagnosis(question.estimand, tidy(found), units[np.argsort(-np.abs(units), kind="stable")])


def without_each(fitted: Fit, direction: Array, codes: Codes) -> Array:
    """Give the change (units,) of a combination of coefficients when each unit's rows leave, by one Newton step.

    `direction` (p,) are the weights of the combination; `codes` (n,) say whose each row is, from 0.
    """
    estimation, p = fitted.estimation, len(fitted.names)
    scores = group_sums(estimation.scores, codes, int(codes.max()) + 1)
    steps = -scores @ np.linalg.inv(estimation.information)
    return np.asarray(steps[:, :p] @ fitted.columns.back.T @ direction)


def inflation(fitted: Fit, direction: Array) -> float:
    """Give the variance inflation of a combination of slopes by the other columns, weighted as the fit is.

    The largest of those of the columns that the combination is made of.
    """
    slopes = fitted.columns.matrix
    spread = np.atleast_2d(np.cov(slopes, rowvar=False, aweights=fitted.sample.weights, ddof=0))
    factors = np.diag(np.linalg.inv(spread)) * np.diag(spread)
    own = np.flatnonzero(direction[len(fitted.names) - slopes.shape[1] :])
    return float(factors[own].max())


def _direction(question: Question, fitted: Fit) -> Array:
    """Give the weights of the primary row: its exposure, or the mean over levels of `by`."""
    return np.array([(name in question.terms) / len(question.terms) for name in fitted.names])


def _spread(fitted: Fit, direction: Array) -> float:
    p = len(fitted.names)
    plain = fitted.columns.back @ np.linalg.inv(fitted.estimation.information)[:p, :p] @ fitted.columns.back.T
    return float((direction @ fitted.vcov @ direction) / (direction @ plain @ direction))


def _lipsitz(question: Question) -> tuple[float, float]:
    """Test whether tenths of the expected answer still differ (Lipsitz et al. 1996, Appl Stat 45:175).

    Under a design the test is the adjusted F, as Archer and Lemeshow (2006, Stata J 6:97) do for a logit.
    """
    fitted, at = question.fit(), stepped(question)
    mean, _ = expected_answer(fitted, at.observed, np.arange(len(fitted.sample.levels), dtype=np.float64).tolist())
    order = np.argsort(mean, kind="stable")
    tenth = np.empty(len(mean), dtype=np.intp)
    reached = np.cumsum(at.weights[order])
    tenth[order] = np.minimum((reached * TENTHS).astype(np.intp), TENTHS - 1)
    names = [f"tenth {n}" for n in range(1, TENTHS)]
    places = fitted.sample.places
    marks = np.zeros((question.data.frame.height, len(names)))
    marks[places] = tenth[:, None] == np.arange(1, TENTHS)
    frame = question.exposed().with_columns(pl.Series(n, c) for n, c in zip(names, marks.T, strict=True))
    found = wald(question.on(frame).fit([*question.terms, *names]), names)
    return found.statistic, found.p_value


def _proportional(question: Question) -> tuple[float, float]:
    line = thresholds(question).together(question.terms).row(0, named=True)
    return line["statistic"], line["p_value"]


def _link(question: Question) -> Finding:
    """Add the square of the linear predictor (Pregibon 1980, Appl Stat 29:15), with the design's errors."""
    fitted, places = question.fit(), question.fit().sample.places
    matrix = fitted.columns.matrix
    line = matrix @ fitted.estimation.params[len(fitted.estimation.params) - matrix.shape[1] :]
    values = np.full((question.data.frame.height, 2), np.nan)
    values[places] = np.column_stack([line - line.mean(), (line - line.mean()) ** 2])
    frame = question.data.frame.with_columns(line=values[:, 0], line_squared=values[:, 1])
    bent = question.on(frame).but(adjustment=()).fit(["line", "line_squared"])
    row = bent.contrast({"line_squared": 1}).row(0, named=True)
    return "link: square of the linear predictor", row["statistic"], row["p_value"]
