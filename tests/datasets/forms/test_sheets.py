"""Workbooks with a sheet a week or a person: joined where their names leave no choice, and asked about where not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hypnic.datasets.forms import convert, convert_together, read_map, sketch
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

HEADS = ["Night", "Bedtime", "Wake time", "Minutes to fall asleep", "Stress", "Jerks"]
Sheets = dict[str, list[list[str]]]


def nights(*numbers: int, jerks: int = 0) -> list[list[str]]:
    return [HEADS, *([str(n), "23:15", "7:00", "15", "4", str(jerks)] for n in numbers)]


def dated(*days: str) -> list[list[str]]:
    return [["Date", *HEADS[1:]], *([day, "23:15", "7:00", "15", "4", "0"] for day in days)]


@pytest.fixture
def book(tmp_path: Path):
    """Save a workbook of several sheets."""

    def save(sheets: Sheets) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / "diary.xlsx")
        return tmp_path / "diary.xlsx"

    return save


def numbered(path: Path, **more: object) -> dict[str, list[str]]:
    """Give the nights of each person, by the place of the person."""
    frame = convert("spreadsheet", path, **more).frame
    people = frame["participant_id"].unique(maintain_order=True)
    return {
        str(n): frame.filter(frame["participant_id"] == one)["night_index"].to_list() for n, one in enumerate(people, 1)
    }


@pytest.mark.parametrize(
    ("sheets", "read"),
    [
        ({"Week 1": nights(1, 2), "Week 2": nights(1, 3)}, {"1": ["1", "2", "8", "10"]}),
        ({"Woche 2": nights(1), "Woche 1": nights(7)}, {"1": ["7", "8"]}),
        ({"Semaine 1": nights(1), "Semaine 3": nights(1)}, {"1": ["1", "15"]}),
        ({"Week 1": nights(1, 2), "Week 2": nights(8, 9)}, {"1": ["1", "2", "8", "9"]}),
        ({"KW 10": dated("2.3.26", "3.3.26"), "KW 11": dated("9.3.26", "11.3.26")}, {"1": ["1", "2", "8", "10"]}),
        ({"January": dated("2026-01-30", "2026-01-31"), "Feb 2026": dated("2026-02-01")}, {"1": ["1", "2", "3"]}),
        ({"M\u00e4rz": dated("1.3.26"), "Februar": dated("27.2.26", "28.2.26")}, {"1": ["1", "2", "3"]}),
        ({"Dezember": dated("31.12.", "30.12."), "Januar": dated("1.1.", "2.1.")}, {"1": ["2", "1", "3", "4"]}),
        ({"Mei": nights(1, 2), "Juni": nights(3, 5)}, {"1": ["1", "2", "3", "5"]}),
        ({"P01": nights(1, 2), "P02": nights(1, 4)}, {"1": ["1", "2"], "2": ["1", "4"]}),
        ({"Proband 3": nights(1), "Proband 7": nights(2)}, {"1": ["1"], "2": ["2"]}),
    ],
    ids=["weeks", "out of order", "a week is missing", "numbers go on", "dates", "months", "months out of order",
         "months over New Year", "nights go on from month to month", "codes", "codes in German"],
)  # fmt: skip
def test_sheets_whose_names_leave_no_choice_are_joined(sheets: Sheets, read: dict[str, list[str]], book) -> None:
    made = convert("spreadsheet", path := book(sheets))
    assert made.complete
    assert numbered(path) == read
    joined = re.search("its sheets (.*) joined", " ".join(made.said))
    assert joined is not None
    assert {name.strip("'\u2026 ") for name in joined[1].split(", ")} == {name.removesuffix(" 2026") for name in sheets}


@pytest.mark.parametrize(
    "names", [("Sheet1", "Sheet2"), ("S1", "S2"), ("KW 52", "KW 1"), ("Tabelle1", "Tabelle1 (2)"), ("May", "June")]
)
def test_names_that_may_be_weeks_or_people_are_asked_about_and_the_map_keeps_the_answer(names, book, tmp_path) -> None:
    path = book({name: nights(1, 2) for name in names})
    with pytest.raises(HypnicError, match=r'one sheet after the other, or a person each.*sheets = "nights"'):
        convert("spreadsheet", path)
    (tmp_path / "MAP.toml").write_text(asked := sketch(path), "utf-8")
    assert 'sheets = ""  # "nights" or "people"' in asked
    for way, read in {"nights": {"1": ["1", "2", "3", "4"]}, "people": {"1": ["1", "2"], "2": ["1", "2"]}}.items():
        (tmp_path / "MAP.toml").write_text(asked.replace('sheets = ""', f'sheets = "{way}"'), "utf-8")
        assert numbered(path, codebook=read_map(tmp_path / "MAP.toml")) == read


def test_a_name_of_a_sheet_tells_people_apart_and_is_never_written(book, tmp_path: Path) -> None:
    path = book({"Annabelle": nights(1), "Bert": nights(1)})
    (tmp_path / "MAP.toml").write_text(sketch(path).replace('sheets = ""', 'sheets = "people"'), "utf-8")
    made = convert("spreadsheet", path, codebook=read_map(tmp_path / "MAP.toml"))
    said = " ".join([*made.said, made.map, made.frame.write_csv()])
    assert made.frame.height == 2
    assert "Annabelle" not in said
    assert "Bert" not in said


def test_a_sheet_of_means_and_one_with_another_name_are_left_out_and_said_and_the_end_is_not_clean(book) -> None:
    made = convert("spreadsheet", book({
        "Week 1": nights(1, 2), "Week 2": nights(1), "Holiday": nights(1), "Means": [["Stress", "Jerks"], ["4", "1"]],
    }))  # fmt: skip
    assert made.frame["night_index"].to_list() == ["1", "2", "8"]
    assert not made.complete
    assert "left out: sheets 'Holiday'" in " ".join(made.said)


def test_rows_of_joined_sheets_are_named_by_their_sheet(book) -> None:
    second = nights(1, 2)
    second[2][4] = "rather tense"
    made = convert("spreadsheet", book({"Week 1": nights(1, 2), "Week 2": second}))
    assert "stress_0_10 in row 'Week 2'!3" in " ".join(made.said)


def test_people_on_one_sheet_and_nights_on_another_become_a_study_whose_tables_are_linked(book, tmp_path: Path) -> None:
    people = [["ID", "Age", "Sex", "Country"], ["a1", "34", "female", "Germany"], ["a2", "51", "male", "France"]]
    rows = [["ID", *HEADS], *(["a2", *night] for night in nights(1, 2)[1:]), *(["a1", *n] for n in nights(1)[1:])]
    study = convert_together("spreadsheet", [book({"People": people, "Diary": rows})])
    assert [one.table for one in study] == ["participants", "nights"]
    first, second = study[0].frame["participant_id"].to_list()
    assert study[1].frame["participant_id"].to_list() == [second, second, first]
    (tmp_path / "MAP.toml").write_text(study[0].map, "utf-8")
    assert read_map(tmp_path / "MAP.toml").questions["age"] == "age_band"


def test_a_legend_that_names_the_columns_is_no_second_table(book) -> None:
    legend = [["Column", "What it is"], *([head, "what I wrote down about it in the morning"] for head in HEADS)]
    assert numbered(book({"Diary": nights(1, 2), "Legend": legend})) == {"1": ["1", "2"]}
