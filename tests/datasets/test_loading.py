"""Clean tables: typed, offline, and honest about what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import hypnic
from hypnic.datasets.loading import LONG
from hypnic.datasets.sources import CONTRIBUTED, SOURCES
from hypnic.schemas import TABLES, Nights, Participants, columns


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
    assert nights.is_empty()
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


def at_hand(folder: Path | None = None) -> list[str]:
    return [name for name, source in SOURCES.items() if source.at_hand(folder)]


def test_the_demo_is_always_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HYPNIC_NHANES", raising=False)
    assert at_hand() == ["demo"]
    assert at_hand(tmp_path) == ["demo", "nhanes"]


def test_a_folder_that_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(hypnic.HypnicError, match="the study demo is read from no folder of yours: leave out --from"):
        hypnic.load("nights", study="demo", source=tmp_path)


def test_a_folder_of_ones_own_is_loaded_as_a_contributed_one_is(contribute, tmp_path: Path) -> None:
    folder = contribute(tmp_path / "mine")
    assert hypnic.load("nights", data=folder).height == 12
    assert hypnic.load("participants", data=str(folder)).schema == hypnic.load("participants", "demo").schema
    (folder / "participants.csv").unlink()
    assert hypnic.load("participants", data=folder).is_empty()


def test_a_folder_of_ones_own_holds_no_errors_and_stands_alone(contribute, tmp_path: Path) -> None:
    folder = contribute(tmp_path / "mine")
    with pytest.raises(hypnic.HypnicError, match="give data alone"):
        hypnic.load("nights", study="demo", data=folder)
    with pytest.raises(hypnic.HypnicError, match="has no table 'persons'"):
        hypnic.load("persons", data=folder)
    with pytest.raises(hypnic.HypnicError, match="absent is no folder"):
        hypnic.load("nights", data=tmp_path / "absent")
    nights = folder / "nights.csv"
    nights.write_text(nights.read_text("utf-8").replace("23.25", "99", 1), "utf-8")
    with pytest.raises(hypnic.HypnicError, match=r"1 error; `hypnic check .*mine` shows them"):
        hypnic.load("nights", data=folder)


def test_submissions_are_read_from_the_folder_that_is_named(contribute, tmp_path: Path) -> None:
    contribute(tmp_path / "mine")
    assert hypnic.load("nights", source=tmp_path).height == 12
    with pytest.raises(hypnic.HypnicError, match="no submission of real answers in the folder"):
        hypnic.load("nights", source=tmp_path / "mine")


def test_a_source_of_contributed_tables_offers_all_that_are_made_of_them() -> None:
    assert sorted(CONTRIBUTED) == sorted([*TABLES, *LONG])


def test_the_list_of_sources_is_read_without_what_reads_them() -> None:
    program = "import sys, hypnic.datasets.sources; print(*{'polars', 'pandera', 'hypnic.schemas'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == ""
