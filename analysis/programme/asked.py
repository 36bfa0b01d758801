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

    import polars as pl

    from hypnic.analysis.studies.asked import Asked
    from hypnic.analysis.studies.sets import AnalysisSet


@analysis("asked", tables=("diary", "survey"), cost=1)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give one exploratory row for each: a ratio, or of a number that is no count the difference within a person."""
    for asked in data.instrument.asked:
        yield from attempt(_row, Question(data, asked.estimand).blank(), data, asked)


def ready(data: AnalysisSet, asked: Asked) -> AnalysisSet:
    """Give the rows that are asked, with what is derived for the question.

    Raises HypnicError where a column is not there, or nobody answered it.
    """
    estimand = asked.estimand
    refuse_unasked(data, *asked.derived, asked.among)
    frame = data.frame.with_columns(asked.derived)
    for column in (estimand.column, estimand.outcome):
        if column in frame.columns and frame[column].is_null().all():
            message = f"nobody answered {column}"
            raise HypnicError(message, reason="unanswered")
    frame = frame if asked.among is None else frame.filter(asked.among)
    own = estimand.outcome in {row.outcome for row in data.instrument.primary}  # the set's, a column or a pair
    outcomes = {**data.instrument.outcomes} | ({} if own else {estimand.outcome: estimand.outcome})
    return replace(data, frame=frame, instrument=replace(data.instrument, outcomes=outcomes))


def refuse_unasked(data: AnalysisSet, *expressions: pl.Expr | None) -> None:
    """Raise HypnicError where an expression needs a column that nobody was asked, or that is not published."""
    needed = {name for one in expressions if one is not None for name in one.meta.root_names()}
    if absent := sorted(needed - {*data.frame.columns}):
        message = f"nobody was asked {absent[0]}"
        raise HypnicError(message, reason="unanswered")


def _row(blank: Row, data: AnalysisSet, asked: Asked) -> Iterator[Row]:
    question = Question(ready(data, asked), asked.estimand)
    fitted = question.fit()
    yield line_row(blank, question.data, fitted, fitted.contrast({asked.estimand.exposure: 1}))
