"""Last night's jerks held still: the primary diary models with a lagged outcome.

By the graph last night's jerks lead both to today's exposures and to tonight's jerks, and no frozen set holds them. A
lagged outcome with an intercept for each person is off by about one over the number of nights (Nickell 1981,
Econometrica 49:1417), so that each row has its half-panel jackknife next to it (Dhaene & Jochmans 2015, Rev Econ Stud
82:991), which takes away most of that, not all. Where they agree, neither the feedback nor its correction matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.carryover import shifted
from hypnic.analysis.programme.halfpanel import half_panel
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.sets import AnalysisSet

BEFORE = "jerks_prev"  # log(1 + last night's count): a doubling counts as much at the top as at the bottom
UNIT = "log(1 + jerks), one night earlier"
# Whose model tells of last night's jerks themselves: the one with the widest set.
TOLD_BY = "caffeine"


@analysis("dynamic", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio with last night's jerks held still, as fitted and by the half-panel jackknife.

    Two exploratory rows tell how tonight's jerks follow last night's in the same person.
    """
    frame = with_jerks_before(data)
    for question in questions(data):
        dynamic = question.on(frame).but(adjustment=(*question.estimand.adjustment, BEFORE))
        blank = dynamic.blank(role="sensitivity", variant="lagged-outcome")
        yield from _rows(blank, dynamic)


def with_jerks_before(data: AnalysisSet) -> pl.DataFrame:
    """Give the nights of a diary with last night's jerks, as log(1 + count); null where that night is absent.

    >>> from hypnic.analysis import study
    >>> with_jerks_before(study("demo").sets[0])["jerks_prev"].head(3).round(2).to_list()
    [None, 0.0, 0.0]
    """
    frame = shifted(data.frame, str(data.outcome), -1, BEFORE)
    return frame.with_columns(pl.col(BEFORE).cast(pl.Float64).log1p())


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    told = question.estimand.exposure == TOLD_BY
    for variant, make in (("lagged-outcome", Question.fit), ("lagged-outcome-jackknife", _jackknifed)):
        yield from attempt(_lines, blank | {"variant": variant}, question, make, told=told)


def _lines(blank: Row, question: Question, make: Callable[[Question], Fit], *, told: bool) -> Iterator[Row]:
    fitted = make(question)
    yield line_row(blank, question.data, fitted, fitted.contrast({question.estimand.exposure: 1}))
    if told:
        facts = {"exposure": "jerks_before", "unit": UNIT, "role": "exploratory", "effect": "association"}
        yield line_row(blank | facts, question.data, fitted, fitted.contrast({BEFORE: 1}))


def _jackknifed(question: Question) -> Fit:
    data, estimand = question.data, question.estimand
    terms = [estimand.exposure, *estimand.adjustment]
    return half_panel(
        question.exposed(), str(data.outcome), terms, data.person, "night_index", estimand.covariance
    )  # fmt: skip
