"""Clean tables: typed, offline, and honest about what is missing."""

from __future__ import annotations

import polars as pl
import pytest

import hypnic
from hypnic.datasets.loading import at_hand
from hypnic.schemas import Nights, Participants, columns


@pytest.mark.parametrize(("table", "model", "rows"), [("participants", Participants, 1200), ("nights", Nights, 5339)])
def test_a_demo_table_has_every_column_in_its_clean_type(table, model, rows) -> None:
    frame = hypnic.load(table, study="demo")
    assert dict(frame.schema) == {name: facts.clean_dtype for name, facts in columns(model).items()}
    assert frame.height == rows


def test_no_missing_code_is_left_in_a_number() -> None:
    nights = hypnic.load("nights", study="demo")
    assert nights.select(pl.min_horizontal(pl.selectors.numeric().min())).item() >= 0


def test_every_missing_answer_has_one_reason() -> None:
    nights, people = hypnic.load("nights", study="demo"), hypnic.load("participants", study="demo")
    reasons = hypnic.load("missingness", study="demo")
    assert reasons.height == sum(nights.null_count().row(0)) + sum(people.null_count().row(0))
    assert not reasons.is_duplicated().any()
    assert reasons["reason"].null_count() == 0


def test_the_reason_tells_not_asked_from_not_known() -> None:
    reasons = hypnic.load("missingness", study="demo").filter(column="jerk_location")
    nights = hypnic.load("nights", study="demo")
    assert reasons.filter(reason="routing").height == nights.filter(~(pl.col("jerk_count") > 0)).height + (
        nights["jerk_count"].null_count()
    )
    assert set(reasons["reason"]) == {"routing", "unknown"}


def test_choices_are_one_row_for_each_token() -> None:
    people = hypnic.load("participants", study="demo")
    choices = hypnic.load("participant_choices", study="demo").filter(column="supplements")
    assert choices.height == people["supplements"].list.len().sum()


def test_the_open_study_is_empty_and_says_where_else_to_look() -> None:
    with pytest.warns(UserWarning, match=r"study 'open' is empty.*demo.*nhanes"):
        nights = hypnic.load("nights")
    assert nights.shape == (0, 40)
    assert nights.schema == hypnic.load("nights", study="demo").schema


@pytest.mark.parametrize(
    ("table", "study", "message"),
    [
        ("nights", "mine", "there is no study 'mine'; choose one of demo, open, nhanes"),
        ("dreams", "demo", "has no table 'dreams'; choose one of participants, nights"),
        ("nights", "nhanes", "has no table 'nights'; choose one of persons"),
    ],
)
def test_an_unknown_study_or_table_is_named_with_what_there_is(table: str, study: str, message: str) -> None:
    with pytest.raises(hypnic.HypnicError, match=message):
        hypnic.load(table, study=study)


def test_the_demo_is_always_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.delenv("HYPNIC_NHANES", raising=False)
    assert at_hand() == ["demo"]
    assert at_hand(tmp_path) == ["demo", "nhanes"]
