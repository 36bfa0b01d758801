"""How far every exposure's effect differs between persons, and between which ratios 95 of 100 people lie.

The model is that of `heterogeneity`, which has alcohol: popular sources say that drink helps some and harms others, so
that its rows are secondary. Nobody says so of the other four: theirs are exploratory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.heterogeneity import LAW, TOLD, means, random_slope, reach_rows, spread_of
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, fit_facts, line_row, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.studies.sets import AnalysisSet


@analysis("random slopes", tables=("diary",), cost=7)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for each exposure but alcohol, the typical person's ratio, the sd of persons' log ratios, and their range.

    Between `range-of-persons-low` and `range-of-persons-high` lies the ratio of 95 of 100 people, by the estimates of
    the other two rows.
    """
    for question in questions(data):
        if question.estimand.exposure != TOLD:
            facts = {"role": "exploratory", "covariance": "CR1S", "family": LAW, "variant": "range-of-persons-low"}
            yield from attempt(_rows, question.blank(**facts), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, question, exposure = question.data, question.kept(), question.estimand.exposure
    blank, fitted = blank | question.adjusted(), random_slope(question)
    typical, _ = means(fitted, question)
    yield line_row(blank | {"variant": "typical-person"}, data, fitted, typical)
    facts = blank | fit_facts(data, fitted)
    spread = {"variant": "sd-of-log-ratios", "scale": "difference", "covariance": "profile likelihood"}
    found, p_value = spread_of(fitted, exposure)
    yield facts | spread | _interval(found) | {"p_value": rounded(p_value)}
    yield from reach_rows(facts, question, fitted, typical)


def _interval(found: Sequence[float]) -> Row:
    return dict(zip(("estimate", "conf_low", "conf_high"), map(rounded, found), strict=True))
