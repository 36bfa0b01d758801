"""The frozen estimands, fitted: one model for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.asking import combined, groups
from hypnic.analysis.question.averages import AVERAGED, ratio_of_means
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.sets import AnalysisSet


@analysis("primary", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give the primary rows; where one is the mean over levels of `by`, a secondary row for each level follows.

    Submissions that did not ask the same are fitted in groups and combined: see `asking`.
    """
    for question in questions(data):
        if len(groups(question)) > 1:
            yield from combined(question, question.blank())
        else:
            yield from attempt(_rows, question.blank(), question)


@analysis("further", tables=("diary", "survey"), cost=1.5)
def further(data: AnalysisSet) -> Iterator[Row]:
    """Give all other frozen rows: the same comparisons otherwise, and what popular sources name besides the five."""
    for question in questions(data, role=None):
        if question.estimand.role != "primary":
            yield from attempt(_rows, question.blank(), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, estimand, fitted = question.data, question.estimand, question.fit()
    if estimand.family in AVERAGED:
        yield line_row(blank, data, fitted, ratio_of_means(question))
        return
    if not estimand.by:
        yield line_row(blank, data, fitted, fitted.contrast({estimand.exposure: 1}))
        if (zero := f"zero:{estimand.exposure}") in fitted.names:
            # The odds of one who never jerks (zero-inflated), or of any night with a jerk (hurdle).
            facts = {"scale": "OR", "variant": f"{blank['variant']}-zero"}
            yield from attempt(_line, blank | facts, data, fitted, {zero: 1.0})
        return
    terms = question.terms
    mean, ratio = dict.fromkeys(terms, 1 / len(terms)), {terms[-1]: 1, terms[0]: -1}
    yield line_row(blank, data, fitted, fitted.contrast(mean if estimand.across == "mean" else ratio))
    for term in terms if estimand.role == "primary" else ():
        level = term.partition(" in ")[2]
        facts = {"role": "secondary", "unit": f"{estimand.unit.partition(',')[0]}, {level}", "variant": f"in-{level}"}
        yield from attempt(_line, blank | facts, data, fitted, {term: 1.0})


def _line(blank: Row, data: AnalysisSet, fitted: Fit, weights: Mapping[str, float]) -> Iterator[Row]:
    yield line_row(blank, data, fitted, fitted.contrast(weights))
