"""How far every exposure's effect differs between persons, and between which ratios 95 of 100 people lie.

The model is that of `heterogeneity`, which alcohol has for itself: popular sources say that drink helps some and harms
others, so that its rows are secondary. Nobody says so of the other four: theirs are exploratory.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.heterogeneity import LAW, Heterogeneity, heterogeneity
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, fit_facts, line_row, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.studies.sets import AnalysisSet

TOLD = "alcohol"  # whose typical person and spread are rows of `heterogeneity`
REACH = 1.959963984540054  # 95 of 100 persons lie within so many sds of the mean


@analysis("random slopes", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for each exposure, the typical person's ratio, the sd of persons' log ratios, and where 95 of 100 lie.

    The limits of `range-of-persons` are no confidence limits: in 95 of 100 people the ratio lies between them, by the
    estimates of the other two rows. Of alcohol those are in `heterogeneity`.
    """
    for question in questions(data):
        facts = {"role": "exploratory", "covariance": "CR1S", "family": LAW, "variant": "range-of-persons"}
        yield from attempt(_rows, question.blank(**facts), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, found = question.data, heterogeneity(question)
    facts = blank | fit_facts(data, found.fitted)
    if question.estimand.exposure != TOLD:
        yield line_row(blank | {"variant": "typical-person"}, data, found.fitted, found.typical)
        spread = {"variant": "sd-of-log-ratios", "scale": "difference", "covariance": "profile likelihood"}
        yield facts | spread | _interval(found.spread) | {"p_value": rounded(found.p_value)}
    yield facts | {"covariance": "none"} | _interval(reach(found))


def reach(found: Heterogeneity) -> tuple[float, float, float]:
    """Give the typical person's ratio, and between which ratios 95 of 100 persons lie by the estimates."""
    mean, sd = float(found.typical["estimate"][0]), found.spread[0]
    return exp(mean), exp(mean - REACH * sd), exp(mean + REACH * sd)


def _interval(found: Sequence[float]) -> Row:
    return dict(zip(("estimate", "conf_low", "conf_high"), map(rounded, found), strict=True))
