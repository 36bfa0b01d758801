"""How far every exposure's effect differs between persons, and between which ratios 95 of 100 people lie.

The model is that of `heterogeneity`, which alcohol has for itself: popular sources say that drink helps some and harms
others, so that its rows are secondary. Nobody says so of the other four: theirs are exploratory.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.heterogeneity import LAW, means, own_spread, random_slope, spread_of
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
    data, question, exposure = question.data, question.kept(), question.estimand.exposure
    blank, fitted = blank | question.adjusted(), random_slope(question)
    typical, _ = means(fitted, question)
    facts = blank | fit_facts(data, fitted)
    if exposure != TOLD:
        yield line_row(blank | {"variant": "typical-person"}, data, fitted, typical)
        spread = {"variant": "sd-of-log-ratios", "scale": "difference", "covariance": "profile likelihood"}
        found, p_value = spread_of(fitted, exposure)
        yield facts | spread | _interval(found) | {"p_value": rounded(p_value)}
    ends = reach(float(typical["estimate"][0]), own_spread(fitted, exposure))
    for end, ratio in zip(("low", "high"), ends, strict=True):
        yield facts | {"covariance": "none", "variant": f"range-of-persons-{end}", "estimate": rounded(ratio)}


def reach(mean: float, sd: float) -> tuple[float, float]:
    """Give the ratios between which 95 of 100 persons lie, by the mean and the sd of their log ratios.

    >>> [round(ratio, 2) for ratio in reach(0.0, 0.1)]
    [0.82, 1.22]
    """
    return exp(mean - REACH * sd), exp(mean + REACH * sd)


def _interval(found: Sequence[float]) -> Row:
    return dict(zip(("estimate", "conf_low", "conf_high"), map(rounded, found), strict=True))
