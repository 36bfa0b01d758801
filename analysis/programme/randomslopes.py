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


@analysis("random slopes", tables=("diary",), cost=9)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for each exposure, the typical person's ratio, the sd of persons' log ratios, and where 95 of 100 lie.

    Between `range-of-persons-low` and `range-of-persons-high` lies the ratio of 95 of 100 people, by the estimates of
    the other two rows. Of alcohol those are in `heterogeneity`.
    """
    for question in questions(data):
        facts = {"role": "exploratory", "covariance": "CR1S", "family": LAW, "variant": "range-of-persons-low"}
        yield from attempt(_rows, question.blank(**facts), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, question = question.data, question.kept()
    blank, found = blank | question.adjusted(), heterogeneity(question)
    facts = blank | fit_facts(data, found.fitted)
    if question.estimand.exposure != TOLD:
        yield line_row(blank | {"variant": "typical-person"}, data, found.fitted, found.typical)
        spread = {"variant": "sd-of-log-ratios", "scale": "difference", "covariance": "profile likelihood"}
        yield facts | spread | _interval(found.spread) | {"p_value": rounded(found.p_value)}
    for end, ratio in zip(("low", "high"), reach(found), strict=True):
        yield facts | {"covariance": "none", "variant": f"range-of-persons-{end}", "estimate": rounded(ratio)}


def reach(found: Heterogeneity) -> tuple[float, float]:
    """Give the ratios between which 95 of 100 persons lie by the estimates."""
    mean, sd = float(found.typical["estimate"][0]), found.spread[0]
    return exp(mean - REACH * sd), exp(mean + REACH * sd)


def _interval(found: Sequence[float]) -> Row:
    return dict(zip(("estimate", "conf_low", "conf_high"), map(rounded, found), strict=True))
