"""What each command says, and how it ends."""

from __future__ import annotations

import gzip
import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.datasets.loading import data_folder
from hypnic.schemas import dtypes
from hypnic.schemas.outputs import Findings

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS, PEOPLE = (str(data_folder() / "demo" / f"{name}.csv") for name in ("nights", "participants"))


def test_help_reads_like_a_guide(hypnic, snapshot) -> None:
    assert hypnic("--help").stdout == snapshot


@pytest.mark.parametrize("command", ["template", "check", "load", "release", "dictionary", "report", "simulate"])
def test_the_help_of_a_command_shows_an_example(command: str, hypnic) -> None:
    assert f"  hypnic {command} " in hypnic(command, "--help").stdout


def test_a_clean_file_says_so_and_what_it_can_do_and_ends_with_0(hypnic) -> None:
    run = hypnic("check", PEOPLE, NIGHTS)
    first, diary, survey = run.stdout.splitlines()
    assert (run.returncode, first) == (0, "participants.csv, nights.csv: no findings")
    enters = "enters caffeine, alcohol, stress, exercise, sleep loss (adjusted, as each needs, for"
    assert diary.startswith(f"diary: {enters} stress_0_10")
    assert survey.startswith(f"survey: {enters} age_band")


def test_errors_are_grouped_with_their_cells_and_remedy_and_end_with_1(hypnic, diary, save, snapshot) -> None:
    diary[1] |= {"stress_0_10": "11"}
    diary[4] |= {"stress_0_10": "12", "caffeine_mg": "two cups"}
    run = hypnic("check", str(save("nights", diary)))
    assert run.returncode == 1
    assert run.stdout == snapshot


def test_flags_and_warnings_alone_end_with_0(hypnic, diary, save) -> None:
    diary[1] |= {"evening_on_time": "false", "sol_min": "200"}
    assert hypnic("check", str(save("nights", diary))).returncode == 0


def test_json_is_one_finding_a_line_with_exactly_its_fields(hypnic, diary, save) -> None:
    diary[1] |= {"stress_0_10": "11", "sol_min": ""}
    lines = hypnic("check", str(save("nights", diary)), "--format", "json").stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [list(finding) for finding in found] == [list(dtypes(Findings))] * 2
    assert [finding["cell"] for finding in found] == ["L3", "AA3"]


def test_a_clean_file_has_no_lines_of_json(hypnic) -> None:
    assert hypnic("check", NIGHTS, "--format", "json").stdout == ""


def test_load_prints_csv_and_writes_parquet(hypnic, tmp_path: Path) -> None:
    printed = hypnic("load", "participants", "--study", "demo").stdout
    assert printed.count("\n") == 1201
    assert hypnic("load", "nights", "--study", "demo", "--out", "n.parquet").returncode == 0
    assert pl.read_parquet(tmp_path / "n.parquet").height == 5339


def test_load_makes_the_folder_that_it_is_to_write_into_and_says_what_it_wrote(hypnic, tmp_path: Path) -> None:
    run = hypnic("load", "flags", "--study", "demo", "--out", "new/folder/flags.csv")
    assert (run.returncode, run.stderr) == (0, "")
    height = pl.read_csv(tmp_path / "new" / "folder" / "flags.csv").height
    assert run.stdout == f"new/folder/flags.csv: {height:,} rows\n"


def test_the_empty_study_is_named_on_standard_error(hypnic) -> None:
    run = hypnic("load", "nights")
    assert run.stderr == (
        "hypnic: the study 'open' is empty, since no survey submission has been accepted yet; take --study demo"
        " (synthetic) or --study nhanes (leg jerks, a proxy), or in Python study='demo' or 'nhanes'\n"
    )
    assert run.stdout.startswith("participant_id,night_index")
    assert run.stdout.count("\n") == 1


def test_the_dictionary_prints_columns_and_rules(hypnic) -> None:
    assert "`jerk_nights_30d`" in hypnic("dictionary", "--table", "participants").stdout
    assert "| N20 |" in hypnic("dictionary", "--rules").stdout


def test_simulate_draws_the_same_bytes_from_the_same_seed(hypnic, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert (
            hypnic("simulate", "--participants", "40", "--diaries", "10", "--seed", "5", "--out", name).returncode == 0
        )
    for file in ("participants.csv", "nights.csv", "truth.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


BAD = {
    "no such file": (("check", "nope.csv"), "nope.csv"),
    "a folder": (("check", "."), "folder"),
    "an empty file": (("check", "empty.csv"), "empty.csv: the file is empty"),
    "another table": (("check", "other.csv"), "other.csv: the first line does not hold the column names"),
    "not UTF-8": (("check", "latin.csv"), "latin.csv: not UTF-8 text, nor UTF-16 or"),
    "a row too long to fix": (("check", "ragged.csv", "--fix", "f.csv"), "ragged.csv, line 2: fix the lines"),
    "the file itself to fix": (("check", "ragged.csv", "--fix", "ragged.csv"), "this is the file that is read"),
    "a sheet of a CSV": (("check", "ragged.csv", "--sheet", "one"), "leave --sheet out"),
    "no gzip": (("check", "cut.csv.gz"), "cut.csv.gz: the gzip file is damaged"),
    "no workbook": (("check", "cut.xlsx"), "cut.xlsx: not a workbook that can be read"),
    "a device without end": (("check", "/dev/zero"), "zero: this is a pipe or a device, not a file"),
    "an unknown study": (("report", "--study", "mine", "--out", "r"), "there is no study 'mine'; choose one of demo"),
    "an unknown study to load": (("load", "nights", "--study", "mine"), "there is no study 'mine'; choose one of"),
    "the empty study": (("report", "--study", "open", "--out", "r"), "'open' is empty"),
    "a folder for what is read from none": (("report", "--study", "demo", "--from", "void", "--out", "r"), "--from"),
    "a folder without a release": (("load", "nights", "--study", "demo", "--from", "void"), "no release"),
    "a release of nobody": (("release", "--study", "open", "--out", "r"), "'open' is empty"),
    "a release of nobody in a folder": (("release", "--from", "void", "--out", "r"), "no submission of real answers"),
    "a release of a study read from nowhere": (("release", "--study", "demo", "--from", "void"), "from no folder"),
    "a release without a version": (("release", "--study", "demo", "--version", "x"), "no version of a release"),
    "a comparison of no releases": (("release", "--diff", "void", "cut"), "void: this is no release of hypnic"),
    "a folder for no one study": (("report", "--from", "void", "--out", "r"), "--from is the folder of one study"),
    "a folder for a study of two that has none": (
        ("report", "--study", "nhanes", "--study", "demo", "--from", "void"),
        "the study demo is read from no folder",
    ),
    "a folder without submissions": (
        ("report", "--study", "open", "--from", "void", "--out", "r"),
        "there is no submission of real answers",
    ),
    "a folder of one's own and a study": (
        ("report", "--study", "demo", "--data", "void"),
        "--data is a folder of your",
    ),
    "a folder of one's own without a table": (("report", "--data", "void", "--out", "r"), "void: this folder holds"),
    "no NHANES folder": (("report", "--study", "nhanes", "--from", "absent", "--out", "r"), "absent"),
    "an empty NHANES folder": (("report", "--study", "nhanes", "--from", "void", "--out", "r"), "_D"),
    "a truncated XPT": (("report", "--study", "nhanes", "--from", "cut", "--out", "r"), ".xpt"),
    "a foreign output folder": (("report", "--study", "demo", "--out", "taken"), "taken"),
    "an output folder under a file": (("report", "--study", "demo", "--out", "empty.csv/r"), "empty.csv"),
    "a simulation under a file": (("simulate", "--out", "empty.csv/r"), "empty.csv"),
    "a table under a file": (("load", "nights", "--study", "demo", "--out", "empty.csv/n.csv"), "empty.csv"),
    "a place that takes no files": (
        ("load", "nights", "--study", "demo", "--out", "/proc/n.csv"),
        "/proc/n.csv: nothing",
    ),
    "the wrong table": (("check", "ragged.csv", "--table", "participants"), "type --table nights, or leave it out"),
    "an unknown ending": (("load", "nights", "--study", "demo", "--out", "n.xls"), "n.xls: cannot tell the format"),
}


@pytest.fixture
def bad_files(tmp_path: Path) -> set[str]:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "latin.csv").write_bytes(b"participant_id,night_index\n\x81,1\n")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"participant_id,night_index\n")[:20])
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "ragged.csv").write_text("participant_id,night_index\np,1,2\n")
    for folder in ("void", "cut", "taken"):
        (tmp_path / folder).mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("keep")
    (tmp_path / "cut" / "DEMO_D.xpt").write_bytes(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000")
    (tmp_path / "cut" / "RXQ_DRUG.xpt").write_bytes(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000")
    return {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(("arguments", "words"), BAD.values(), ids=BAD)
def test_what_the_user_can_fix_is_one_line_that_names_it_and_nothing_is_left_behind(
    arguments: tuple[str, ...], words: str, hypnic, bad_files: set[str], tmp_path: Path
) -> None:
    if sys.platform == "win32" and arguments[-1].startswith(("/dev/", "/proc/")):
        pytest.skip("Windows has no such place")
    run = hypnic(*arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("hypnic: ")
    assert run.stderr.count("\n") == 1
    assert words in run.stderr
    assert {path.name for path in tmp_path.iterdir()} == bad_files


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root, and Windows, may write everywhere")
def test_a_folder_without_permission_is_named(hypnic, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    run = hypnic("report", "--study", "demo", "--out", "locked/report")
    assert (run.returncode, "locked" in run.stderr) == (2, True)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
def test_a_name_that_is_not_utf_8_is_told_with_a_mark_in_place_of_its_byte(hypnic, tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/f\xfcr.csv"
    with open(odd, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a path of bytes
        file.write("x\n")
    run = hypnic("submit", os.fsdecode(odd), "--dry-run")
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "/f\ufffdr.csv: this is a file" in run.stderr
