"""How much of each exposure there was: of ten people or more, and weighted where the ratio is."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import polars as pl
import pytest

from hypnic.analysis.checks.exposed import exposed
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.sets import AnalysisSet


def diary(people: int, late: list[int]) -> AnalysisSet:
    """Draw two nights of each person: 0 and 100 mg of caffeine, and late exercise on the second night of `late`."""
    rows = [
        {"participant_id": f"p{n:02}", "caffeine_after_14_mg": 100.0 * night, "alcohol_g": None, "stress_0_10": 4,
         "late_vigorous_exercise": int(night and n in late), "sleep_loss_prev_h": 0.5, "jerk_count": 0}
        for n in range(people) for night in (0, 1)
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema_overrides={"alcohol_g": pl.Float64})
    return AnalysisSet(DIARY, frame, "participant_id", "jerk_count", DIARY.estimands)


def row(data: AnalysisSet, exposure: str) -> dict[str, object]:
    return exposed(data).filter(exposure=exposure).row(0, named=True)


def test_a_spread_over_nights_is_told_from_that_within_a_person() -> None:
    found = row(diary(20, []), "caffeine")
    assert (found["n_rows"], found["n_persons"], found["mean"]) == (40, 20, 50)
    assert found["sd"] == pytest.approx(50 * sqrt(40 / 39))
    assert found["within"] == pytest.approx(50 * sqrt(2))  # of two nights each: the root of 2 * 50 squared, over 1


def test_of_a_yes_or_no_the_share_is_told_where_ten_people_stand_on_either_side() -> None:
    found = row(diary(20, list(range(10))), "exercise")
    assert (found["mean"], found["sd"], found["within"]) == (0.25, None, None)
    assert exposed(diary(20, list(range(9)))).filter(exposure="exercise").is_empty()


def test_what_fewer_than_ten_people_answered_is_left_out() -> None:
    assert exposed(diary(9, [])).is_empty()
    assert exposed(diary(20, [])).filter(exposure="alcohol").is_empty()


def test_a_night_without_a_count_of_jerks_tells_of_no_exposure() -> None:
    data = diary(20, [])
    silent = pl.when(pl.col("caffeine_after_14_mg") > 0).then(None).otherwise("jerk_count")
    found = row(replace(data, frame=data.frame.with_columns(jerk_count=silent)), "caffeine")
    assert (found["n_rows"], found["mean"], found["within"]) == (20, 0, None)


def test_where_a_ratio_is_weighted_its_mean_is() -> None:
    data = diary(20, [])
    caffeine = replace(DIARY.primary[0], weights="weight")
    weighed = replace(
        data,
        frame=data.frame.with_columns(weight=pl.when(pl.col("caffeine_after_14_mg") > 0).then(3.0).otherwise(1.0)),
        instrument=replace(DIARY, estimands=(caffeine,)),
    )
    assert row(weighed, "caffeine")["mean"] == 75
