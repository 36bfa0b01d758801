"""Diaries as strangers keep them, in four languages and many habits: read right, or asked for, and never guessed."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import hypnic
from hypnic.datasets.forms import convert, read_map
from hypnic.errors import HypnicError

BED = "bed_clock_h"
CASES = tomllib.loads((Path(__file__).parent / "strangers.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["diaries"].values(), ids=CASES["diaries"])
def test_a_diary_is_read_as_it_is_meant(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(case["text"], "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    means = {name: cells for name, cells in case.items() if name != "text"}
    assert {name: made.frame[name].fill_null("").to_list() for name in means} == means


@pytest.mark.parametrize("case", CASES["open"].values(), ids=CASES["open"])
def test_what_may_be_two_things_is_asked_with_three_rows_of_each_and_answered_by_a_map(
    case: dict[str, Any], tmp_path: Path
) -> None:
    column, key, way, read = (case[name] for name in ("column", "key", "way", "read"))
    (tmp_path / "diary.csv").write_text(case["text"], "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert (made.frame[column].null_count(), made.complete) == (len(read), False)
    asked = [line for line in made.said if line.startswith(f'  {key} = "')]
    assert len(asked) == 2
    assert all(line.count("row ") == len(read) for line in asked)
    assert f'{key} = ""  #' in made.map
    answered = made.map.replace(f'{key} = ""', f'{key} = "{way}"')
    (tmp_path / "map.toml").write_text(answered, "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert (again.frame[column].to_list(), again.complete) == (read, True)


def test_json_is_told_as_such_with_the_way_to_a_table(tmp_path: Path) -> None:
    (tmp_path / "oura.json").write_text('{"sleep": [{"bedtime_start": "2026-08-08T23:32:00"}]}', "utf-8")
    for read in (hypnic.check, lambda path: convert("spreadsheet", path)):
        with pytest.raises(HypnicError, match=r"JSON, which is no table; .* or save its list of nights as CSV"):
            read(tmp_path / "oura.json")


@pytest.mark.parametrize("text", ["x" * 200_000, 'Night,"' + "x" * 200_000, "Id,Tz,From,To\n" + "y" * 200_000],
                         ids=["a word", "a quote", "of an app"])  # fmt: skip
def test_a_cell_that_no_reader_takes_is_one_line_and_no_fault_of_ours(text: str, tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(text, "utf-8")
    with pytest.raises(HypnicError, match=r"^diary\.csv: "):
        convert("spreadsheet", tmp_path / "diary.csv")


def test_google_answers_without_a_night_number_are_numbered_and_said_to_be(tmp_path: Path) -> None:
    head = "Timestamp,{}When did you go to bed?,When did you wake up?,How long did it take you to fall asleep (min)?\n"
    night = "2026/08/{} 7:45:01 AM GMT+2,{}11:30 PM,7:00 AM,20\n"
    path = tmp_path / "nights.csv"
    path.write_text(head.format("") + night.format("09", "") + night.format("11", ""), "utf-8")
    with pytest.raises(HypnicError, match="add one named respondent_id, with anything that is the same on all nights"):
        convert("google-forms", path)
    path.write_text(head.format("respondent_id,") + night.format("09", "a,") + night.format("11", "a,"), "utf-8")
    made = convert("google-forms", path)
    assert made.frame["night_index"].to_list() == ["1", "2"]
    assert any("add a column night with each night's number" in line for line in made.said)


def test_two_columns_of_one_name_are_asked_for_with_their_rows_and_the_map_takes_one(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(
        "Night,Went to bed,Into bed,Woke up,Jerks\n1,22:45,23:15,7:00,1\n2,23:45,23:45,7:15,0\n", "utf-8"
    )
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert made.frame[BED].to_list() == [None, "23.75"]
    assert "  B Went to bed: row 2 22.75" in made.said
    one = made.map.replace('"Went to bed" = "bed_clock_h"', '"Went to bed" = ""')
    (tmp_path / "map.toml").write_text(one, "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert (again.frame[BED].to_list(), again.complete) == (["23.25", "23.75"], True)


def test_a_short_number_next_to_times_without_a_mark_is_asked_for_and_the_map_says_it(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text("Night,Bedtime,Wake time,Jerks\n1,2315,715,0\n2,2330,7,1\n3,15,8,1\n", "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert (made.frame[BED].to_list(), made.frame["wake_clock_h"].to_list()) == (
        ["23.25", "23.5", "24.25"],
        ["31.25", None, None],
    )
    assert '  short = "hours": row 3 wake_clock_h 7:00, row 4 wake_clock_h 8:00' in made.said
    (tmp_path / "map.toml").write_text(made.map.replace('short = ""', 'short = "hours"'), "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert (again.frame["wake_clock_h"].to_list(), again.complete) == (["31.25", "31", "32"], True)


@pytest.mark.parametrize(
    ("head", "column"), [("Stress (1-5)", "stress_0_10"), ("Alcohol (units)", "alcohol_g"), ("Schlaf (%)", "sol_min")]
)
def test_numbers_in_another_unit_or_scale_are_not_taken_for_the_columns_own(
    head: str, column: str, tmp_path: Path
) -> None:
    (tmp_path / "diary.csv").write_text(f"Night,Bedtime,Jerks,{head}\n1,23:15,1,4\n2,23:45,0,2\n", "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert column not in made.frame.columns
    assert f'"{head}" = ""' in made.map


def test_an_excel_time_of_minutes_is_a_duration_and_each_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nacht", "Bettzeit", "Einschlafdauer", "Sport", "Zuckungen"])
    book.active.append([1, dt.time(23, 15), dt.time(0, 15), dt.timedelta(hours=1, minutes=20), 1])
    book.active.append([2, dt.time(0, 30), dt.time(0, 20), dt.timedelta(0), 0])
    book.save(tmp_path / "diary.xlsx")
    made = convert("spreadsheet", tmp_path / "diary.xlsx")
    assert made.frame.select(BED, "sol_min", "exercise_min").rows() == [("23.25", "15", "80"), ("24.5", "20", "0")]
    assert "changed: exercise_min in row 2: 1 h 20 min = 80 min" in made.said


def test_the_words_of_a_column_are_translated_by_a_map_and_the_map_it_writes_holds_none(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text("Nacht;Schlafqualit\u00e4t;Zuckungen\n1;solala;1\n2;prima;0\n", "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert "solala" not in made.map
    words = '[values."Schlafqualit\u00e4t"]\nsolala = 3\nprima = "5"\n'
    (tmp_path / "map.toml").write_text(made.map + words, "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert (again.frame["sleep_quality_1_5"].to_list(), again.complete) == (["3", "5"], True)


def test_a_map_says_who_and_when_a_row_is_and_finds_a_header_that_nobody_else_knows(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(
        "Our study;;;\nWer;Wann;Qqq;Zzz\na;2026-03-01;23:15;1\nb;2026-03-01;23:45;0\nb;2026-03-03;22:00;2\n", "utf-8"
    )
    (tmp_path / "map.toml").write_text(
        '[columns]\nWer = "respondent_id"\nWann = "date"\nQqq = "bed_clock_h"\nZzz = "jerk_count"\n', "utf-8"
    )
    made = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert made.frame["night_index"].to_list() == ["1", "1", "3"]
    assert (made.frame["participant_id"].n_unique(), made.frame["jerk_count"].to_list()) == (2, ["1", "0", "2"])


@pytest.mark.parametrize(("most", "asked"), [(5, True), (8, False)])
def test_answers_from_one_to_five_of_a_question_from_nought_to_ten_are_pointed_out(
    most: int,
    asked: bool,
    tmp_path: Path,
) -> None:
    rows = "".join(f"{n},23:15,{n % most + 1},0\n" for n in range(1, 11))
    (tmp_path / "diary.csv").write_text(f"Night,Bedtime,Stress,Jerks\n{rows}", "utf-8")
    said = convert("spreadsheet", tmp_path / "diary.csv").said
    assert any(line.startswith("look at stress_0_10: it holds only 1 to 5") for line in said) == asked


def test_minutes_asleep_are_not_offered_as_the_minutes_to_fall_asleep_nor_an_end_as_a_bedtime(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(
        "Night,Minutes Asleep,End Time,Time in Bed,Jerks,Stress\n1,420,7:00,465,1,4\n2,410,7:15,450,0,5\n", "utf-8"
    )
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert [line for line in made.map.splitlines() if "perhaps" in line] == []
    assert not {"sol_min", BED, "wake_clock_h"} & {*made.frame.columns}


def test_weekdays_that_run_backwards_or_come_again_at_once_number_no_night(tmp_path: Path) -> None:
    for days in (("Wed", "Tue", "Mon"), ("Mon", "Mon", "Tue")):
        rows = "".join(f"{day},23:15,4,0\n" for day in days)
        (tmp_path / "diary.csv").write_text(f"Day,Bedtime,Stress,Jerks\n{rows}", "utf-8")
        made = convert("spreadsheet", tmp_path / "diary.csv")
        assert (made.frame["night_index"].to_list(), made.complete) == (["1", "2", "3"], False)


def test_two_tables_next_to_each_other_are_told_and_not_mixed(tmp_path: Path) -> None:
    heads, nights = "Night,Bedtime,Stress,Jerks", ("1,23:15,4,1", "2,23:45,5,0")
    lines = [f"{heads},,{heads}", *(f"{night},,{night}" for night in nights)]
    (tmp_path / "diary.csv").write_text("\n".join(lines), "utf-8")
    with pytest.raises(HypnicError, match="two tables of the same columns stand next to each other"):
        convert("spreadsheet", tmp_path / "diary.csv")


def test_a_column_that_tells_apart_the_nights_of_one_number_is_named(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(
        "Zzz,Night,Bedtime,Stress,Jerks\na,1,23:15,4,0\na,2,23:15,4,0\nb,1,22:15,4,1\nb,2,22:15,4,1\n", "utf-8"
    )
    said = " ".join(convert("spreadsheet", tmp_path / "diary.csv").said)
    assert "tells people apart, type respondent_id next to it in a map" in said


@pytest.mark.parametrize(("typed", "code"), [("Duitsland", "DE"), ("Svizzera", "CH"), ("Estados Unidos", "US")])
def test_countries_and_ages_are_read_by_name_and_number_in_each_language(typed: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(f"Code;Leeftijd;Geslacht;Land\na;34 jaar;vrouw;{typed}\n", "utf-8")
    frame = convert("spreadsheet", tmp_path / "people.csv").frame
    assert frame.select("age_band", "sex_at_birth", "country_code").row(0) == ("25-34", "female", code)


def test_a_column_of_dates_that_may_number_the_nights_is_named_and_a_map_takes_it(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(
        "Start time,Bedtime,Stress,Jerks\n2026-03-02 8:00,23:15,4,1\n2026-03-04 8:05,23:45,5,0\n", "utf-8"
    )
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert not made.complete
    assert 'or type date next to A "Start time" in a map' in " ".join(made.said)
    (tmp_path / "map.toml").write_text(made.map.replace('"Start time" = ""', '"Start time" = "date"'), "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert (again.frame["night_index"].to_list(), again.complete) == (["1", "3"], True)


def test_two_rows_of_a_night_that_answer_the_same_question_stay_two_and_are_told(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text("Date,Stress,Bedtime,Jerks\n1.3.2026,3,,0\n1.3.2026,4,23:15,\n", "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert (made.frame["stress_0_10"].to_list(), made.complete) == (["3", "4"], False)
    assert any(line.startswith("night_index: the same number twice for one person in rows 2, 3") for line in made.said)


def test_amounts_as_small_as_cups_are_asked_for_and_taken_as_typed_or_as_the_drink_that_a_map_names(
    tmp_path: Path,
) -> None:
    (tmp_path / "diary.csv").write_text("Night,Bedtime,Caffeine,Jerks\n1,23:15,2,1\n2,23:30,0,0\n", "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert (made.frame["caffeine_mg"].to_list(), made.complete) == ([None, "0"], False)
    assert '  small = "as typed": row 2 caffeine_mg 2 mg' in made.said
    for old, new, read in (
        ('small = ""', 'small = "as typed"', ["2", "0"]),
        ('"Caffeine" = "caffeine_mg"', '"Caffeine" = "filter_coffee_200"', ["180", "0"]),
    ):
        (tmp_path / "map.toml").write_text(made.map.replace(old, new), "utf-8")
        again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
        assert (again.frame["caffeine_mg"].to_list(), again.complete) == (read, True)


def test_a_quote_that_is_never_closed_is_named_by_its_line_and_swallows_no_night(tmp_path: Path) -> None:
    nights = '1,23:15,0,x\n2,23:30,1,"bad night\n3,23:30,1,y\n'
    (tmp_path / "diary.csv").write_text(f"Night,Bedtime,Jerks,Notes\n{nights}", "utf-8")
    with pytest.raises(HypnicError, match=r"diary.csv, line 3: a quote is opened here and never closed"):
        convert("spreadsheet", tmp_path / "diary.csv")
