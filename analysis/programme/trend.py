"""The diary's own time held still: a trend, its first nights, a rhythm of seven nights, and the week itself.

People may tire of noticing, or come to notice more; the first nights may be unlike the rest; and weeks have a rhythm
beyond free days. No dates exist, so that the week is a sine and a cosine of seven nights, whose phase is one for all:
it takes up a rhythm as far as people begin on the same weekday. `next_day_free` tells each person's own.

What lasts for some nights and nobody asked about (an illness, a hard week) differs less between nights that are near:
`same-week` compares each night with the nights of its own week alone (time-stratified, as case-crossover studies do:
Levy, Lumley, Sheppard, Kaufman & Checkoway 2001, Epidemiology 12:186). It takes away part of such a cause, and is
nearer to what jerks do to the days after them: see `halfpanel`.
"""

from __future__ import annotations

from dataclasses import replace
from math import tau
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.question.tests import wald_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.sets import AnalysisSet

FIRST_NIGHTS = 2
TREND = ("week", "first_nights")
WEEK = ("week_sine", "week_cosine")


@analysis("trend", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio with trend and rhythm held still, a test of their four terms, and one within weeks."""
    frame = with_time(data.frame)
    for question in questions(data):
        timed = question.on(frame).but(adjustment=(*question.estimand.adjustment, *TREND, *WEEK))
        blank = timed.blank(role="sensitivity", variant="trend-and-week")
        yield from attempt(_row, blank, timed)
        yield from attempt(_tested, blank | {"variant": "time-terms", "scale": "test"}, timed)
        weekly = _within_weeks(question)
        yield from attempt(_weekly, weekly.blank(role="sensitivity", variant="same-week"), weekly)


def with_time(nights: pl.DataFrame) -> pl.DataFrame:
    """Add weeks since the first night, whether it is one of the first two, and a rhythm of seven nights.

    >>> with_time(pl.DataFrame({"night_index": [1, 8]})).select("week", "first_nights").rows()
    [(0.0, 1), (1.0, 0)]
    """
    week = (pl.col("night_index") - 1) / 7
    return nights.with_columns(
        week=week,
        first_nights=(pl.col("night_index") <= FIRST_NIGHTS).cast(pl.Int8),
        week_sine=(tau * week).sin(),
        week_cosine=(tau * week).cos(),
    )


def _within_weeks(question: Question) -> Question:
    """Ask the same of nights of one person's one week: errors stay clustered by person."""
    data = question.data
    week = pl.format("{} {}", data.person, (pl.col("night_index") - 1) // 7)
    keywords = {**data.keywords, "groups": "person_week"}
    return replace(question, data=replace(data, frame=data.frame.with_columns(person_week=week), keywords=keywords))


def _row(blank: Row, question: Question) -> Iterator[Row]:
    fitted = question.fit()
    yield line_row(blank, question.data, fitted, fitted.contrast({question.estimand.exposure: 1}))


def _weekly(blank: Row, question: Question) -> Iterator[Row]:
    fitted = question.fit()
    persons = len(set(question.persons(fitted).tolist()))  # the fit's own groups are weeks
    told = replace(fitted, info={**fitted.info, "n_groups": persons})
    yield line_row(blank, question.data, told, told.contrast({question.estimand.exposure: 1}))


def _tested(blank: Row, question: Question) -> Iterator[Row]:
    yield wald_row(blank, question.data, question.fit(), [*TREND, *WEEK])
