"""The evenings around a night: what yesterday's dose leaves, and what tomorrow's must not predict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.sets import AnalysisSet


@analysis("carryover", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for each primary exposure, the night before, both nights together, and the night after.

    The night after is a negative control: what is yet to be drunk cannot lead to tonight's jerks, so a ratio away
    from 1 tells of feedback or of a cause that both share, and against the strict exogeneity that the primary
    estimator supposes (Wooldridge 2010, Econometric Analysis, 10.7). Of sleep loss, the hours lost after a jerk are
    that evening's exposure: there it shows the feedback itself.
    """
    for question in questions(data):
        yield from attempt(_before, question.blank(role="secondary", variant="lag-1"), question)
        # The hours lost after a jerk are that evening's sleep loss: the feedback itself, and no control.
        variant = "feedback" if question.estimand.exposure == "sleep_loss" else "lead-1"
        yield from attempt(_after, question.blank(role="sensitivity", variant=variant), question)


def shifted(nights: pl.DataFrame, column: str, nights_later: int, name: str) -> pl.DataFrame:
    """Add what `column` was in the same person so many nights later (or before: below 0); null where that is absent.

    >>> nights = pl.DataFrame({"participant_id": ["a", "a", "a"], "night_index": [1, 2, 4], "x": [5, 6, 7]})
    >>> shifted(nights, "x", -1, "before")["before"].to_list()
    [None, 5, None]
    """
    other = nights.select("participant_id", pl.col("night_index") - nights_later, pl.col(column).alias(name))
    return nights.join(other, on=["participant_id", "night_index"], how="left", maintain_order="left")


def _before(blank: Row, question: Question) -> Iterator[Row]:
    unit, now = question.estimand.unit, question.estimand.exposure
    lag = f"{now} before"
    fitted = _with(question, -1, lag).fit([now, lag])
    told = {
        "lag-1": ("direct", "one night earlier", fitted.contrast({lag: 1})),
        "both-nights": ("total", "on both nights", fitted.contrast({now: 1, lag: 1})),
    }
    for variant, (effect, when, line) in told.items():
        facts = {"effect": effect, "unit": f"{unit}, {when}", "variant": variant}
        yield line_row(blank | facts, question.data, fitted, line)


def _after(blank: Row, question: Question) -> Iterator[Row]:
    unit, now = question.estimand.unit, question.estimand.exposure
    lead = f"{now} after"
    fitted = _with(question, 1, lead).fit([now, lead])
    facts = {"effect": "direct", "unit": f"{unit}, one night later"}
    yield line_row(blank | facts, question.data, fitted, fitted.contrast({lead: 1}))


def _with(question: Question, nights_later: int, name: str) -> Question:
    frame = shifted(question.data.frame, question.estimand.column, nights_later, name)
    return question.on(frame.with_columns(pl.col(name) / question.estimand.step))
