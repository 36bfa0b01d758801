"""`hypnic template` and the formats of `hypnic dictionary`, as a user runs them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hypnic.datasets.intake.withdrawal import code_hash
from hypnic.schemas import Nights, columns

if TYPE_CHECKING:
    from pathlib import Path


def test_a_template_is_printed_or_written(hypnic, tmp_path: Path) -> None:
    printed = hypnic("template", "nights", "--tier", "core").stdout
    assert printed.startswith("participant_id,night_index,caffeine_mg,")
    assert hypnic("template", "nights", "--tier", "core", "--out", "n.csv").stdout == ""
    assert (tmp_path / "n.csv").read_text() == printed


def test_the_examples_pass_the_check(hypnic) -> None:
    for table in ("participants", "nights"):
        assert hypnic("template", table, "--example", "--out", f"{table}.csv").returncode == 0
    run = hypnic("check", "participants.csv", "nights.csv")
    assert (run.returncode, run.stdout.splitlines()[0]) == (0, "participants.csv, nights.csv: no findings")


def test_tokens_are_drawn_anew_and_the_nights_of_each_are_numbered(hypnic) -> None:
    people = hypnic("template", "participants", "--tokens", "3", "--tier", "core").stdout.splitlines()[1:]
    nights = hypnic("template", "nights", "--tokens", "2").stdout.splitlines()[1:]
    tokens = [line.split(",")[0] for line in people]
    assert all(re.fullmatch("p_[a-z2-7]{16}", token) for token in tokens)
    assert len({*tokens, *(line.split(",")[0] for line in nights)}) == 5
    assert [line.split(",")[1] for line in nights] == [str(n) for n in range(1, 15)] * 2


def test_help_shows_an_example_and_says_that_it_is_synthetic(hypnic) -> None:
    said = hypnic("template", "--help").stdout
    assert "  hypnic template nights" in said
    assert "synthetic" in said


@pytest.mark.parametrize(("form", "start"), [("md", "# Data"), ("csv", "table,name,"), ("redcap", "Variable / Field")])
def test_the_dictionary_has_its_formats(form: str, start: str, hypnic) -> None:
    assert hypnic("dictionary", "--format", form).stdout.startswith(start)


@pytest.mark.parametrize(("form", "start"), [
    ("redcap", "Variable / Field"), ("questionnaire", "# Cuestionario"), ("information", "# Información y consent"),
])  # fmt: skip
def test_forms_and_sheets_come_in_other_languages(form: str, start: str, hypnic) -> None:
    run = hypnic("dictionary", "--format", form, "--language", "es")
    assert run.stdout.startswith(start)
    assert "¿Tiene 18 años o más?" in run.stdout


def test_the_dictionary_of_one_table_as_json(hypnic) -> None:
    told = json.loads(hypnic("dictionary", "--format", "json", "--table", "nights").stdout)
    assert [column["name"] for column in told] == list(columns(Nights))


def test_an_xlsform_is_written_whole(hypnic, tmp_path: Path) -> None:
    run = hypnic("dictionary", "--format", "xlsform", "--table", "nights", "--out", "forms/n.xlsx")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert zipfile.is_zipfile(tmp_path / "forms" / "n.xlsx")
    assert [path.name for path in (tmp_path / "forms").iterdir()] == ["n.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "xlsform"), "--table nights --out nights.xlsx"),
        (("--format", "xlsform", "--table", "nights"), "--out"),
        (("--format", "xlsform", "--table", "nights", "--out", "n.csv"), "nights.xlsx"),
        (("--format", "json", "--rules"), "--rules"),
        (("--format", "redcap", "--language", "xx"), "there are en, de, es, fr"),
        (("--format", "json", "--language", "de"), "redcap, questionnaire or information"),
        (("--format", "information", "--table", "nights"), "leave out --table"),
    ],
)
def test_what_cannot_be_made_is_one_line_with_the_remedy(arguments, words: str, hypnic, tmp_path: Path) -> None:
    run = hypnic("dictionary", *arguments)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert words in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("table", ["participants", "nights"])
def test_a_workbook_that_is_filled_in_comes_back_without_findings(table: str, hypnic) -> None:
    assert hypnic("template", table, "--workbook", "--example", "--out", f"{table}.xlsx").returncode == 0
    run = hypnic("check", f"{table}.xlsx")
    assert (run.returncode, run.stdout.splitlines()[-2]) == (0, f"{table}.xlsx: no findings")
    assert hypnic("check", f"{table}.xlsx", "--fix", f"{table}.csv").returncode == 0
    assert hypnic("check", f"{table}.csv").stdout.startswith(f"{table}.csv: no findings\n")


def test_a_workbook_has_lists_times_and_a_sheet_of_help(hypnic, tmp_path: Path) -> None:
    hypnic("template", "nights", "--workbook", "--example", "--tokens", "2", "--nights", "7", "--out", "n.xlsx")
    book = openpyxl.load_workbook(tmp_path / "n.xlsx")
    sheet = book["nights"]
    assert book.sheetnames == ["nights", "help", "lists"]
    assert sheet.max_row == 1 + 14 + 2 * 7
    assert {rule.type for rule in sheet.data_validations.dataValidation} >= {"list"}
    assert sheet["Z2"].value == dt.time(23)
    assert book["help"]["A27"].value == "bed_clock_h"


def test_a_study_has_the_same_tokens_in_both_tables_and_a_code_for_each_person(hypnic, tmp_path: Path) -> None:
    run = hypnic("template", "study", "--people", "3", "--nights", "5", "--tier", "core", "--out", "mine")
    assert run.returncode == 0
    files = (tmp_path / "mine").iterdir()
    tables = {path.name: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in files}
    tokens = [row["participant_id"] for row in tables["participants.csv"]]
    assert [row["participant_id"] for row in tables["nights.csv"]] == [one for one in tokens for _ in range(5)]
    codes = {row["participant_id"]: row["withdrawal_code"] for row in tables["hand-out.csv"]}
    assert list(codes) == tokens
    assert {row["code_hash"]: row["participant_id"] for row in tables["withdrawals.csv"]} == {
        code_hash(code): one for one, code in codes.items()
    }
    again = hypnic("template", "study", "--out", "mine")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
