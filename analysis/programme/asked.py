"""What popular claims ask besides the frozen rows: the estimands of `hypnic.analysis.studies.asked`, fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.asked import Asked
    from hypnic.analysis.studies.sets import AnalysisSet


@analysis("asked", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give one exploratory row for each: a ratio, or of a number that is no count the difference within a person."""
    for asked in data.instrument.asked:
        yield from attempt(_row, Question(data, asked.estimand).blank(), data, asked)


def ready(data: AnalysisSet, asked: Asked) -> AnalysisSet:
    """Give the rows that are asked, with what is derived for the question.

    Raises HypnicError where a column is not there, or nobody answered it.
    """
    frame = data.frame.with_columns(asked.derived)
    estimand = asked.estimand
    for column in (estimand.column, estimand.outcome):
        if column in frame.columns and frame[column].is_null().all():
            message = f"nobody answered {column}"
            raise HypnicError(message, reason="unanswered")
    frame = frame if asked.among is None else frame.filter(asked.among)
    own = estimand.outcome in {"jerk_count", "jerk_nights_30d"}  # the outcome of the set: a column or a pair
    outcomes = {**data.instrument.outcomes} | ({} if own else {estimand.outcome: estimand.outcome})
    return replace(data, frame=frame, instrument=replace(data.instrument, outcomes=outcomes))


def _row(blank: Row, data: AnalysisSet, asked: Asked) -> Iterator[Row]:
    question = Question(ready(data, asked), asked.estimand)
    fitted = question.fit()
    yield line_row(blank, question.data, fitted, fitted.contrast({asked.estimand.exposure: 1}))
