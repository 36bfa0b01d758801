"""Synthetic diaries in the columns of the diary models, drawn night after night by a rule that each test writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row
from hypnic.analysis.studies import study
from hypnic.analysis.studies.sets import AnalysisSet

Floats = NDArray[np.float64]
Night = dict[str, Floats]
# One night of everybody, from the random numbers, persons' own levels and the night before (night 0: no jerks).
Rule = Callable[[np.random.Generator, Floats, Night], Night]
NOISE = (
    "caffeine_after_14_mg", "caffeine_before_14_mg", "alcohol_g", "stress_0_10", "sleep_loss_prev_h", "stress_prev",
    "caffeine_prev_mg", "alcohol_prev_g", "sleep_loss_h",
)  # fmt: skip


@cache
def _demo() -> AnalysisSet:
    return study("demo").sets[0]


def lived(rule: Rule, *, persons: int = 300, nights: int = 14, seed: int = 1) -> AnalysisSet:
    """Draw diaries in which nothing depends on anything, but for what the rule says: `present` leaves a night out."""
    rng = np.random.default_rng(seed)
    own = rng.normal(0, 0.5, persons)
    before: Night = {"jerk_count": np.zeros(persons), "night_index": np.zeros(persons)}
    frames = []
    for number in range(1, nights + 1):
        drawn = {name: rng.normal(size=persons) for name in NOISE}
        drawn |= {
            name: rng.integers(0, 2, persons).astype(float) for name in ("next_day_free", "late_vigorous_exercise")
        }
        drawn["night_index"] = np.full(persons, float(number))
        before = drawn | {"jerk_count": rng.poisson(np.exp(own)).astype(float)} | rule(rng, own, before)
        frames.append(pl.DataFrame({"participant_id": [f"p{n:04}" for n in range(persons)], **before}))
    frame = pl.concat(frames).with_columns(pl.col("jerk_count", "night_index").cast(pl.Int64))
    frame = frame.sort("participant_id", "night_index")
    if "present" in frame.columns:
        frame = frame.filter(pl.col("present") == 1)
    return replace(_demo(), frame=frame)


def asked(data: AnalysisSet, exposure: str) -> Question:
    """Ask a set its primary question about one exposure."""
    return next(question for question in questions(data) if question.estimand.exposure == exposure)


def only(rows: list[Row], **facts: object) -> Row:
    """Give the one row with these facts."""
    (row,) = (row for row in rows if all(row[key] == value for key, value in facts.items()))
    return row
