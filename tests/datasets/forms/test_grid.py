"""Spreadsheets as people lay them out: the table is found, or what is there is said and nothing is read."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hypnic.datasets.forms import convert
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.datasets.forms import Conversion

HUMAN = Path(__file__).parents[2] / "benchmarks" / "human.py"
HEADS = ["Night", "Stress", "Bedtime", "Wake time", "Minutes to fall asleep", "Jerks"]
NIGHTS = [
    ["1", "4", "23:15", "7:00", "15", "1"],
    ["2", "6", "0:30", "6:45", "20", "0"],
    ["3", "2", "22:45", "7:15", "5", "2"],
]
READ = [
    ("1", "4", "23.25", "31", "15", "1"),
    ("2", "6", "24.5", "30.75", "20", "0"),
    ("3", "2", "22.75", "31.25", "5", "2"),
]
COLUMNS = ("night_index", "stress_0_10", "bed_clock_h", "wake_clock_h", "sol_min", "jerk_count")


def write(path: Path, *lines: list[str], separator: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(lines)
    return path


def read(made: Conversion) -> list[tuple[str, ...]]:
    return made.frame.select(COLUMNS).rows()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "lines",
    [
        [["My diary"], HEADS, *NIGHTS],
        [["Table 1"], [], HEADS, *NIGHTS],
        [HEADS, ["", "0-10", "hh:mm", "hh:mm", "min", "number"], *NIGHTS],
        [HEADS, *NIGHTS, [], ["Average", "4", "", "", "13", "1"]],
        [HEADS, NIGHTS[0], [], *NIGHTS[1:]],
        [HEADS, NIGHTS[0], HEADS, *NIGHTS[1:]],
        [HEADS, *NIGHTS, [], ["Stress", "Jerks", "Bedtime"], ["9", "9", "23:00"]],
        [list(column) for column in zip(HEADS, *NIGHTS, strict=True)],
        [["", "", "Times", "", "", ""], HEADS, *NIGHTS],
    ],
    ids=[
        "a title",
        "Numbers",
        "units",
        "a footer",
        "an empty row",
        "names again",
        "another table",
        "turned",
        "two rows",
    ],
)
def test_the_table_is_found_however_it_is_laid_out(lines: list[list[str]], separator: str, tmp_path: Path) -> None:
    made = convert("spreadsheet", write(tmp_path / "a.csv", *lines, separator=separator))
    assert (read(made), made.complete) == (READ, True)


@pytest.mark.parametrize(
    "corner", [["", "Mon", "Tue", "Wed"], ["", "1.11.", "2.11.", "3.11."], ["Night", "1", "2", "3"]]
)
@pytest.mark.parametrize(("drink", "drunk"), [("Coffee (cups)", ["630", "360", "180"]), ("Age of dog", None)])
def test_a_row_of_numbers_without_a_known_name_never_numbers_the_nights(
    drink: str, drunk: list[str] | None, corner: list[str], tmp_path: Path
) -> None:
    columns = [list(column) for column in zip(HEADS[1:], *(night[1:] for night in NIGHTS), strict=True)]
    made = convert("spreadsheet", write(tmp_path / "a.csv", corner, [drink, "7", "4", "2"], *columns))
    assert made.frame["night_index"].to_list() == ["1", "2", "3"]
    caffeine = made.frame["caffeine_mg"].to_list() if "caffeine_mg" in made.frame.columns else ["-8"] * 3
    assert caffeine == (drunk or ["-8"] * 3)  # -8 where nobody was asked
    assert '"night" = ' not in made.map


@pytest.mark.parametrize(
    "corner", [["", "1", "2", "4"], ["", "N1", "N2", "N4"], ["Question", "Night 1", "Night 2", "Day 4"]]
)
def test_a_row_that_says_which_night_numbers_the_nights(corner: list[str], tmp_path: Path) -> None:
    columns = [list(column) for column in zip(HEADS[1:], *(night[1:] for night in NIGHTS), strict=True)]
    made = convert("spreadsheet", write(tmp_path / "a.csv", corner, *columns))
    assert made.frame["night_index"].to_list() == ["1", "2", "4"]


def test_a_row_a_person_with_nights_side_by_side_becomes_a_row_a_night(tmp_path: Path) -> None:
    heads = ["Person", *(f"{name}_{night[0]}" for night in NIGHTS for name in HEADS[1:])]
    path = write(tmp_path / "a.csv", heads, ["x", *(cell for night in NIGHTS for cell in night[1:])])
    made = convert("spreadsheet", path)
    assert read(made) == READ
    assert made.frame["participant_id"].n_unique() == 1


def test_nights_are_counted_from_the_first_date_and_no_date_is_kept(tmp_path: Path) -> None:
    dated = [[day, *night[1:]] for day, night in zip(("30.4.2026", "1.5.2026", "3.5.2026"), NIGHTS, strict=True)]
    made = convert("spreadsheet", write(tmp_path / "a.csv", ["Date", *HEADS[1:]], *dated))
    assert made.frame["night_index"].to_list() == ["1", "2", "4"]
    assert "2026" not in made.frame.write_csv()


def test_dates_that_make_a_diary_in_two_ways_are_asked_for(tmp_path: Path) -> None:
    dated = [[day, *night[1:]] for day, night in zip(("1/1/2026", "1/2/2026", "2/1/2026"), NIGHTS, strict=True)]
    path = write(tmp_path / "a.csv", ["Date", *HEADS[1:]], *[dated[0], dated[0]])
    assert not convert("spreadsheet", path).complete  # the same night twice


def test_a_cover_is_passed_over_and_two_sheets_with_a_table_are_told_apart(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["About", "this file"])
    book.active.append(["kept", "by hand"])
    for row in (HEADS, *NIGHTS):
        book.create_sheet("Diary") if "Diary" not in book.sheetnames else None
        book["Diary"].append(row)
    book.save(tmp_path / "a.xlsx")
    assert read(convert("spreadsheet", tmp_path / "a.xlsx")) == READ
    book.copy_worksheet(book["Diary"])
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(HypnicError, match=r"a table of the same columns .*6 known names, 4 filled rows.*--sheet"):
        convert("spreadsheet", tmp_path / "b.xlsx")
    assert read(convert("spreadsheet", tmp_path / "b.xlsx", sheet="Diary")) == READ


def test_a_clock_of_twelve_hours_is_told_by_its_bedtimes_and_said(tmp_path: Path) -> None:
    nights = [
        ["1", "4", "11:15", "7:00", "15", "1"],
        ["2", "6", "12:30", "6:45", "20", "0"],
        ["3", "2", "10:45", "7:15", "5", "2"],
    ]
    made = convert("spreadsheet", write(tmp_path / "a.csv", HEADS, *nights))
    assert read(made) == READ
    assert any("a clock of twelve hours" in line for line in made.said)


@pytest.mark.parametrize(
    ("column", "typed", "word"),
    [("age_band", "34", "25-34"), ("age_band", "25 to 34", "25-34"), ("country_code", "Deutschland", "DE"),
     ("country_code", "Espa\xf1a", "ES"), ("country_code", "276", None), ("age_band", "12", None)],
)  # fmt: skip
def test_countries_and_age_bands_are_read_by_name_and_number(
    column: str, typed: str, word: str | None, tmp_path: Path
) -> None:
    heads = ["sleep_usual_h", "jerk_ever", "stress_usual_0_10", column]
    made = convert("spreadsheet", write(tmp_path / "a.csv", heads, ["7", "yes", "4", typed]), "participants")
    assert made.frame[column].to_list() == [word]


def test_diaries_in_many_habits_end_clean_and_right(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("human_benchmark", HUMAN)
    assert spec
    assert spec.loader
    human = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(human)
    for number, habit in enumerate(human.habits(18, seed=2)):
        (tmp_path / str(number)).mkdir()
        ended = human.tried(habit, human.truth(human.random.Random(number), 7), tmp_path / str(number))
        assert (ended.runs <= 2, ended.wrong, ended.said) == (True, [], ""), habit
