"""The other direction: what follows a night with jerks, and how the diary itself changes over its nights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.carryover import shifted
from hypnic.analysis.question.question import Question
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.estimands import Estimand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.sets import AnalysisSet

EVENING = (
    "caffeine_mg", "alcohol_g", "stress_0_10", "late_vigorous_exercise", "sleep_loss_prev_h", "next_day_free",
)  # fmt: skip
NEXT_ANXIETY = "anxiety_next_evening"


def _exploratory(exposure: str, column: str, unit: str, outcome: str, family: str, *adjustment: str) -> Estimand:
    return Estimand(
        "diary", exposure, column, 1, unit, "a night", adjustment, outcome, family, "CR3", "exploratory"
    )  # fmt: skip


JERK = ("jerk_night", "any_jerk", "a night with a noticed jerk vs without")
# Anxiety before bed is left out of its own model: a lagged outcome next to person intercepts biases (Nickell 1981).
AFTER = (
    _exploratory(*JERK, "sleep_loss_h", "fe-linear", *EVENING),
    _exploratory(*JERK, NEXT_ANXIETY, "fe-linear", *EVENING),
)
DIARY = ("week", "first_nights", "next_day_free")
REACTIVITY = tuple(
    _exploratory(exposure, exposure, unit, "jerk_count", "fe-poisson", *(x for x in DIARY if x != exposure))
    for exposure, unit in zip(
        DIARY, ("a week later in the diary", "the first two nights vs later", "no alarm the next day vs one"),
        strict=True,
    )
)  # fmt: skip


@analysis("aftermath", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give what follows a jerk night (sleep lost that night, anxiety the next evening), and the diary's own trend.

    Both guard a reading of the primary rows: a jerk that costs sleep or calm is a way back from outcome to exposure,
    and people who keep a diary may come to notice more, or tire of it. Differences are within person.
    """
    frame = shifted(data.frame, "anxiety_bedtime_0_10", 1, NEXT_ANXIETY).with_columns(
        week=(pl.col("night_index") - 1) / 7, first_nights=(pl.col("night_index") <= 2).cast(pl.Int8)
    )
    for estimand in (*AFTER, *REACTIVITY):
        question = Question(data, estimand)
        yield from attempt(_row, question.blank(), question, frame)


def _row(blank: Row, question: Question, frame: pl.DataFrame) -> Iterator[Row]:
    data, estimand = question.data, question.estimand
    terms = [estimand.column, *estimand.adjustment]
    fitted = fit(
        frame, estimand.outcome, terms, estimand.family, covariance=estimand.covariance, **data.keywords
    )  # fmt: skip
    yield line_row(blank, data, fitted, fitted.contrast({estimand.column: 1}))
