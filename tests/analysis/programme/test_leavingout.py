"""A ratio without the person, or the submission, that moves it most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import Question
from hypnic.analysis.programme.leavingout import rows
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.sets import AnalysisSet

ALCOHOL = Estimand(
    "diary", "alcohol", "alcohol_g", 10, "10 g", "waking to bed", ("stress",), "jerk_count", "fe-poisson", "CR3"
)  # fmt: skip


@pytest.fixture
def data() -> AnalysisSet:
    """Draw 30 synthetic diaries without an association, and one of a person who jerks only after drink."""
    draw = np.random.default_rng(3)
    alcohol = draw.integers(0, 4, size=310) * 10
    jerks = draw.poisson(1.0, size=310)
    jerks[300:] = np.where(alcohol[300:] >= 20, 12, 0)
    frame = pl.DataFrame(
        {
            "participant_id": [f"p{n // 10:02}" for n in range(310)],
            "alcohol_g": alcohol,
            "stress": draw.normal(size=310),
            "jerk_count": jerks,
            "submission": ["first"] * 150 + ["second"] * 160,
        }
    )
    keywords = {"groups": "participant_id", "cluster": "participant_id"}
    return AnalysisSet(DIARY, frame, "participant_id", "jerk_count", (ALCOHOL,), keywords)


def test_the_person_who_alone_makes_an_association_is_found_and_never_named(data: AnalysisSet) -> None:
    without_highest, without_lowest = rows(data)
    assert without_highest["variant"] == "without-person-who-raises"
    others = replace(data, frame=data.frame.filter(pl.col("participant_id") != "p30"))
    anew = Question(others, ALCOHOL).fit().contrast({"alcohol": 1})["estimate"].item()
    assert np.log(without_highest["estimate"]) == pytest.approx(anew, rel=1e-6)
    whole = Question(data, ALCOHOL).fit().contrast({"alcohol": 1})["estimate"].item()
    assert anew < whole < np.log(without_lowest["estimate"])
    assert without_highest["n_persons"] == 30
    assert "p30" not in str(without_highest)


def test_each_submission_is_left_out_in_turn_where_there_are_several(data: AnalysisSet) -> None:
    found = list(rows(replace(data, parts="submission")))
    assert [row["variant"] for row in found[2:]] == ["without-first", "without-second"]
    assert found[2]["n_rows"] + found[3]["n_rows"] < data.frame.height + 1


def test_a_fit_that_cannot_be_had_without_one_submission_costs_no_other_row(data: AnalysisSet) -> None:
    first = pl.int_range(pl.len()) < 50
    small = data.frame.with_columns(submission=pl.when(first).then(pl.lit("a")).otherwise(pl.lit("b")))
    *_, without_a, without_b = rows(replace(data, frame=small, parts="submission"))
    assert (without_a["variant"], without_a["status"]) == ("without-a", "estimated")
    assert without_b["variant"] == "without-b"
    assert (without_b["status"], without_b["reason"]) == ("suppressed", "few_persons")
