"""Clean tables: typed, offline, and honest about what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import hypnic
from hypnic.datasets.intake.submission import submit
from hypnic.datasets.loading import LONG
from hypnic.datasets.sources import CONTRIBUTED, SOURCES
from hypnic.schemas import PUBLISHED, TABLES, columns
from hypnic.schemas.publish.labels import safe


def spelled(dtype: pl.DataType) -> pl.DataType:
    """Give a type with its levels as a release spells them."""
    match dtype:
        case pl.Enum():
            return pl.Enum([safe(level) for level in dtype.categories])
        case pl.List():
            return pl.List(spelled(dtype.inner))
        case _:
            return dtype


@pytest.mark.parametrize(("table", "rows"), [("participants", 1200), ("nights", 5339)])
def test_a_demo_table_has_every_column_in_its_clean_type(table, rows) -> None:
    frame, today = hypnic.load(table, study="demo"), hypnic.load(table, study="demo", version="unreleased")
    assert dict(frame.schema) == {name: spelled(c.clean_dtype) for name, c in columns(PUBLISHED[table]).items()}
    assert dict(today.schema) == {name: facts.clean_dtype for name, facts in columns(TABLES[table]).items()}
    assert (frame.height, today.height) == (rows, rows)


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
    with pytest.raises(hypnic.HypnicError, match="this is no release of that study"):
        hypnic.load("nights", study="demo", source=tmp_path)


def test_the_dictionary_says_what_each_released_column_holds() -> None:
    for table in CONTRIBUTED:
        assert hypnic.dictionary(table)["column"].to_list() == hypnic.load(table, study="demo").columns
    row = hypnic.dictionary("participants").filter(column="jerk_freq_12mo").row(0, named=True)
    assert (row["ordered"], row["levels"][1], row["labels"][1]) == (True, "few_a_year", "a few times a year")
    with pytest.raises(hypnic.HypnicError, match="there is no table 'dreams'; choose one of participants, nights"):
        hypnic.dictionary("dreams")


def test_the_catalog_lists_every_table_of_every_study() -> None:
    listed = hypnic.catalog()
    assert set(zip(listed["study"], listed["table"], strict=True)) == {
        (source.name, table) for source in SOURCES.values() for table in source.tables
    }
    assert listed.filter(study="demo", table="participants")["rows"].to_list() == [1200]
    assert listed.filter(study="open")["version"].null_count() == len(CONTRIBUTED)


def test_a_study_is_cited_by_its_release_and_else_by_the_package() -> None:
    assert "version 1.0.0" in hypnic.cite("demo")
    assert hypnic.__version__ in hypnic.cite()


def test_the_package_lists_what_there_is_to_use() -> None:
    assert {"load", "scan", "catalog", "dictionary", "cite", "check", "estimate", "__version__"} <= set(dir(hypnic))


def test_a_folder_of_ones_own_is_loaded_as_a_contributed_one_is(contribute, tmp_path: Path) -> None:
    folder = contribute(tmp_path / "mine")
    typed = hypnic.load("participants", "demo", version="unreleased").schema
    assert hypnic.load("nights", data=folder).height == 12 * hypnic.load("participants", data=folder).height
    assert hypnic.load("participants", data=str(folder)).schema == typed


def test_a_table_that_a_folder_of_ones_own_lacks_is_not_taken_for_an_empty_one(contribute, tmp_path: Path) -> None:
    folder = contribute(tmp_path / "mine")
    (folder / "participants.csv").unlink()
    assert hypnic.load("nights", data=folder).height == 12 * 12
    assert not hypnic.load("missingness", data=folder).is_empty()
    with pytest.raises(hypnic.HypnicError, match=r"mine: there is no participants\.csv in it"):
        hypnic.load("participants", data=folder)


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


def test_a_folder_in_publishable_form_is_not_called_faulty_but_read_as_the_study_open(
    contribute, tmp_path: Path
) -> None:
    """`hypnic check` takes none either, so that it cannot show what is wrong."""
    sent = submit(contribute(tmp_path / "mine"), tmp_path / "box").folder
    with pytest.raises(hypnic.HypnicError, match=r"in publishable form; .*take the study open from .*box$"):
        hypnic.load("nights", data=sent)
    with pytest.raises(hypnic.HypnicError, match="in publishable form already; name the folder that you keep"):
        submit(sent, tmp_path / "box")
    assert hypnic.load("nights", source=tmp_path / "box").height == 12 * 12


def test_submissions_are_read_from_the_folder_that_is_named(contribute, tmp_path: Path) -> None:
    submit(contribute(tmp_path / "mine"), tmp_path / "accepted")
    assert hypnic.load("nights", source=tmp_path / "accepted").height > 0
    with pytest.raises(hypnic.HypnicError, match="no release"):
        hypnic.load("nights", source=tmp_path / "mine")


def test_a_source_of_contributed_tables_offers_all_that_are_made_of_them() -> None:
    assert sorted(CONTRIBUTED) == sorted([*TABLES, *LONG])


def test_the_list_of_sources_is_read_without_what_reads_them() -> None:
    program = "import sys, hypnic.datasets.sources; print(*{'polars', 'pandera', 'hypnic.schemas'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == ""
