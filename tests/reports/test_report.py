"""The report value: what a study with little in it still shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.reports.building import report_files
from hypnic.reports.names import EXPOSURES, PHRASES, readable
from hypnic.reports.provenance import commit
from hypnic.reports.report import UNITS, report

if TYPE_CHECKING:
    from hypnic.analysis import Study


def quiet(_: str) -> None:
    pass


def test_a_study_without_a_diary_says_so_and_still_has_its_survey(demo: Study) -> None:
    diary, survey = demo.sets
    poor = replace(demo, sets=(replace(diary, frame=diary.frame.clear()), survey), truth=None)
    made = report(poor, quiet)
    assert "there is no estimate" in made.findings[0][1][0]
    assert "was associated with" in made.findings[1][1][0]
    assert "index.html" in report_files(made)


def test_a_handful_of_diaries_is_not_counted_on_the_page(demo: Study) -> None:
    diary, survey = demo.sets
    few = diary.frame["participant_id"].unique(maintain_order=True)[:7]
    small = replace(diary, frame=diary.frame.filter(pl.col("participant_id").is_in(few.implode())))
    assert report(replace(demo, sets=(small, survey), truth=None), quiet).people_note == "1,200 respondents."


def test_every_estimand_has_its_words(demo: Study) -> None:
    for data in demo.sets:
        for row in data.estimands:
            assert (row.table, row.exposure) in PHRASES
            assert (row.table, row.exposure) in UNITS
            assert row.exposure in EXPOSURES
            assert not any("_" in readable(column) for column in row.adjustment)


def test_the_commit_can_be_named_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPNIC_COMMIT", "abc123")
    assert commit() == "abc123"


def test_without_git_the_commit_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYPNIC_COMMIT", raising=False)
    monkeypatch.setenv("PATH", "")
    assert commit() is None
