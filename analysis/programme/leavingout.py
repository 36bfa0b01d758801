"""What becomes of a primary ratio without the one person, or the one submission, that moves it most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.checks.influence import influence
from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.asking import combined
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.sets import AnalysisSet


@analysis("leaving out", tables=("diary", "survey"), cost=1)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio without the person who raises it most, without the one who lowers it most, and, where
    a study has several submissions, without each of them.

    The persons are found by one Newton step for each (a jackknife), and the model is then fitted anew without them. Who
    they are is told nowhere.
    """  # noqa: D205
    for question in questions(data):
        yield from attempt(_without_a_person, question.blank(role="sensitivity", variant="without-person"), question)
        if data.parts == "submission":
            blank = question.blank(role="sensitivity", variant="without-submission")
            yield from attempt(_without_a_part, blank, question)


def _without_a_person(blank: Row, question: Question) -> Iterator[Row]:
    frame, person = question.data.frame, question.data.person
    fitted = question.fit()
    codes = question.persons(fitted)
    changes = influence(fitted, codes)
    used = question.rows_used()["person"]
    for variant, code in (("raises", int(changes.argmin())), ("lowers", int(changes.argmax()))):
        who = used[int(np.flatnonzero(codes == code)[0])]
        facts = {"variant": f"without-person-who-{variant}"}
        yield from attempt(_refitted, blank | facts, question, frame[person] != who)


def _without_a_part(blank: Row, question: Question) -> Iterator[Row]:
    frame, part = question.data.frame, question.data.parts or ""
    for label in frame[part].drop_nulls().unique().sort():
        left = question.on(frame.filter(frame[part] != label))
        yield next(combined(left, blank | {"variant": f"without-{label}"}))


def _refitted(blank: Row, question: Question, kept: pl.Series) -> Iterator[Row]:
    fitted = question.on(question.data.frame.filter(kept)).fit()
    yield line_row(blank, question.data, fitted, fitted.contrast({question.estimand.exposure: 1}))
