"""Submissions that asked differently are fitted in groups and combined; each row says what it is adjusted for."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl
import pytest

from hypnic.analysis import StudyData, estimate, questions
from hypnic.analysis.programme.asking import combined, groups
from hypnic.analysis.programme.combining import combine
from hypnic.analysis.studies.open import OPEN, content

SHAPES = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "shapes.py"))
Shape, Part = SHAPES["Shape"], SHAPES["Part"]


@pytest.fixture(scope="module")
def unlike(tmp_path_factory: pytest.TempPathFactory) -> StudyData:
    """Read four submissions: two asked for everything, one for the core columns, one for some of the rest."""
    parts = (Part(120, "survey"), Part(60, "survey"), Part(120, "survey", "core"), Part(120, "survey", "some"))
    folders = SHAPES["write"](Shape(parts), tmp_path_factory.mktemp("unlike"))
    return StudyData(OPEN, *content(folders))


def test_submissions_are_grouped_by_the_columns_that_they_asked_for(unlike: StudyData) -> None:
    caffeine = questions(unlike.sets[1])[0]
    found = [set(one.data.frame["submission"]) for one in groups(caffeine)]
    assert found[0] == {"synthetic-1", "synthetic-2"}
    assert found[-1] == {"synthetic-3"}
    assert len(found) == 3


def test_the_primary_row_combines_the_groups_as_three_or_more_parts_are(unlike: StudyData) -> None:
    rows = estimate(unlike, only=["primary"]).filter(design="survey", exposure="caffeine")
    (whole,) = rows.filter(role="primary").iter_rows(named=True)
    parts = rows.filter(role="sensitivity")
    assert parts["variant"].to_list() == ["asked-alike-1", "asked-alike-2", "asked-alike-3"]
    expected = combine(parts)
    assert (whole["estimate"], whole["conf_low"]) == pytest.approx((expected.estimate, expected.conf_low))
    assert whole["df"] == 2  # Hartung, Knapp, Sidik and Jonkman: parts less one
    assert whole["n_persons"] == parts["n_persons"].sum()
    assert whole["adjustment"] == " | ".join(parts["adjustment"])
    assert "shift_pattern" in parts["adjustment"][0]
    assert "shift_pattern" not in parts["adjustment"][2]


def test_where_all_asked_the_same_there_is_one_fit(unlike: StudyData) -> None:
    stress = questions(unlike.sets[1])[2]
    alike = stress.on(stress.data.frame.filter(pl.col("submission").is_in(["synthetic-1", "synthetic-2"])))
    assert groups(alike) == (alike,)
    (row,) = combined(alike, alike.blank())
    assert row["variant"] == "main"


def test_a_group_without_an_estimate_leaves_the_row_to_the_other(unlike: StudyData) -> None:
    caffeine = questions(unlike.sets[1])[0]
    frame = caffeine.data.frame
    few = pl.concat([frame.filter(submission="synthetic-1"), frame.filter(submission="synthetic-3").head(9)])
    whole, full, core = combined(caffeine.on(few), caffeine.blank())
    assert (core["status"], core["reason"]) == ("suppressed", "few_persons")
    assert (whole["estimate"], whole["adjustment"]) == (full["estimate"], full["adjustment"])
    assert whole["n_dropped"] == few.height - full["n_rows"]


def test_a_submission_that_never_asked_for_the_exposure_is_in_no_group(unlike: StudyData) -> None:
    alcohol = questions(unlike.sets[1])[1]
    column = pl.col("alcohol_usual_g_day")
    unasked = alcohol.data.frame.with_columns(pl.when(pl.col("submission") != "synthetic-3").then(column))
    assert all("synthetic-3" not in set(one.data.frame["submission"]) for one in groups(alcohol.on(unasked)))
