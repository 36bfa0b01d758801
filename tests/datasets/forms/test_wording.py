"""A header in other words than the known names is known, and one that means something else is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert
from hypnic.datasets.forms.spoken import in_digits, spoken_count
from hypnic.datasets.forms.wording import reworded, with_unit
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("Final wake up", "wake_clock_h"),
        ("Twitches as I dozed off", "jerk_count"),
        ("Sursauts à l'endormissement", "jerk_count"),
        ("Usual hours of sleep", "sleep_usual_h"),
        ("Nights with jerks in the last 30 days", "jerk_nights_30d"),
        ("Wie war der Stress heute?", "stress_0_10"),
    ],
)
def test_words_that_say_nothing_more_do_not_hide_a_name(head: str, column: str) -> None:
    assert reworded(head) == column


@pytest.mark.parametrize(
    "head",
    [
        "Total time in bed",
        "Who",
        "Last night",
        "Bed partner's jerks",
        "Alarm time",
        "Target wake time",
        "Coffee after lunch",
        "Weekly stress",
        "No jerks",
        "No exercise",
        "Magnesium no",
        "Jerks during the day",
        "Zuckungen am Tag",
        "Partner woke up",
    ],
)
def test_a_name_with_a_word_of_its_own_is_not_known(head: str) -> None:
    assert reworded(head) == ""


def test_fell_asleep_is_minutes_only_next_to_their_unit(tmp_path: Path) -> None:
    assert (with_unit("Fell asleep", "min"), reworded("Fell asleep")) == ("sol_min", "")
    for head, cell, read in (("Fell asleep (min)", "20", ["20"]), ("Fell asleep", "23:40", None)):
        path = tmp_path / "a.csv"
        path.write_text(f"Night,Bedtime,{head},Woke up,Jerks\n1,23:15,{cell},7:00,2\n", "utf-8")
        frame = convert("spreadsheet", path).frame
        assert (frame["sol_min"].to_list() if read else None) == read


@pytest.mark.parametrize(
    ("said", "column", "read"),
    [
        ("ten to twelve", "bed_clock_h", "11:50 pm"),
        ("five past seven", "wake_clock_h", "7:05 am"),
        ("ten to midnight", "bed_clock_h", "23:50"),
        ("zehn vor zwölf", "bed_clock_h", "11:50 pm"),
        ("fünf nach halb acht", "wake_clock_h", "7:35 am"),
        ("onze heures moins dix", "bed_clock_h", "10:50 pm"),
        ("las once y diez", "bed_clock_h", "11:10 pm"),
        ("le undici e venti", "bed_clock_h", "11:20 pm"),
        ("vijf voor half acht", "wake_clock_h", "7:25 am"),
        ("dez para as onze", "bed_clock_h", "10:50 pm"),
        ("wpół do dwunastej", "bed_clock_h", "11:30 pm"),
        ("za dziesięć jedenasta", "bed_clock_h", "10:50 pm"),
    ],
)
def test_minutes_to_and_past_an_hour_are_read(said: str, column: str, read: str) -> None:
    assert in_digits(said, column) == read


@pytest.mark.parametrize("said", ["10 to 12", "half 7", "between ten and eleven", "eleven to twelve"])
def test_what_can_be_read_in_two_ways_stays_as_it_is(said: str) -> None:
    assert in_digits(said, "bed_clock_h") == said


def test_the_other_words_of_a_table_say_in_which_language_half_7_is(tmp_path: Path) -> None:
    read = {}
    for other in ("quarter past seven", "kwart over zeven"):
        path = tmp_path / "a.csv"
        path.write_text(f"Night,Bedtime,Woke up,Jerks\n1,23:15,half 7,2\n2,23:30,{other},0\n", "utf-8")
        read[other] = convert("spreadsheet", path).frame["wake_clock_h"].to_list()
    assert read == {"quarter past seven": ["31.5", "31.25"], "kwart over zeven": ["30.5", "31.25"]}


def test_a_count_in_words_is_read() -> None:
    assert [spoken_count(cell) for cell in ("two", "keine", "trzy", "some")] == ["2", "keine", "3", "some"]


def test_blocks_of_weeks_below_each_other_are_nights_that_follow(tmp_path: Path) -> None:
    days = "Mon,Tue,Wed,Thu,Fri,Sat,Sun"
    week = "{label}," + days + "\nBedtime" + ",23:15" * 7 + "\nWake time" + ",7:00" * 7 + "\nJerks,{jerks}\n"
    text = (
        week.format(label="Week 1", jerks="0,1,2,3,4,5,6")
        + "\n"
        + week.format(label="Week 2", jerks="7,8,9,10,11,12,13")
    )
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    frame = convert("spreadsheet", path).frame
    assert frame["night_index"].to_list() == [str(night) for night in range(1, 15)]
    assert frame["jerk_count"].to_list() == [str(jerks) for jerks in range(14)]


def test_999_is_no_answer_where_99_stands_for_none_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Night,Bedtime,Jerks,Caffeine (mg)\n1,23:15,2,100\n2,23:30,-99,999\n3,23:30,1,90\n", "utf-8")
    made = convert("spreadsheet", path)
    assert (made.frame["caffeine_mg"].to_list(), made.complete) == (["100", None, "90"], False)


def test_a_date_of_the_evening_numbers_the_nights(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Date (evening),Bedtime,Wake time,Jerks\n2026-03-02,23:15,7:00,2\n2026-03-04,23:30,7:00,0\n", "utf-8"
    )
    assert convert("spreadsheet", path).frame["night_index"].to_list() == ["1", "3"]


def test_a_total_of_a_week_is_no_night(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Night,Bedtime,Wake time,Jerks\n1,23:15,7:00,2\n2,23:30,7:00,0\nWeek 1 total,,,2\n3,23:30,7:00,4\n", "utf-8"
    )
    assert convert("spreadsheet", path).frame["jerk_count"].to_list() == ["2", "0", "4"]


def test_11_oclock_next_to_half_twelve_is_of_the_evening(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nacht;bedtijd;wakker;schokken\n1;half twaalf;7:00;1\n2;11 uur;7 uur;0\n3;22:45;6:30;0\n", "utf-8")
    beds = convert("spreadsheet", path).frame["bed_clock_h"].to_list()
    assert beds == ["23.5", "23", "22.75"]


def test_weeks_next_to_each_other_follow_each_other_where_a_week_stands_above_each(tmp_path: Path) -> None:
    head = ["Day,Bedtime,Up,Jerks"] * 2
    days = [f"{day},23:15,7:00,{{}}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
    rows = [f"{day.format(n)},{day.format(n + 7)}" for n, day in enumerate(days)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["Week 1,,,,Week 2,,,", ",".join(head), *rows]), "utf-8")
    frame = convert("spreadsheet", path).frame
    assert frame.select("night_index", "jerk_count").rows() == [(str(n + 1), str(n)) for n in range(14)]


def test_a_card_a_night_is_read(tmp_path: Path) -> None:
    cards = [f"Night,{n}\nBedtime,23:15\nWake time,7:00\nJerks,{n}\n\n" for n in (1, 2, 4)]
    path = tmp_path / "a.csv"
    path.write_text("".join(cards), "utf-8")
    assert convert("spreadsheet", path).frame["night_index"].to_list() == ["1", "2", "4"]


def test_a_diary_from_polish_excel_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "Noc;Pójście spać;Pobudka;Zrywy mięśniowe;Położenie\n1;23:15;7:00;dwa;x\n2;wpół do dwunastej;7:15;0;x\n"
    path.write_bytes(text.encode("cp1250"))
    frame = convert("spreadsheet", path).frame
    assert frame.select("bed_clock_h", "jerk_count").rows() == [("23.25", "2"), ("23.5", "0")]


def test_blocks_that_are_called_after_somebody_are_not_taken_as_one_persons(tmp_path: Path) -> None:
    block = "{name},Mon,Tue\nBedtime,23:15,23:30\nWake time,7:00,7:15\nJerks,0,1\n\n"
    path = tmp_path / "a.csv"
    path.write_text(block.format(name="Anna") + block.format(name="Ben"), "utf-8")
    with pytest.raises(HypnicError, match="two tables of the same columns"):
        convert("spreadsheet", path)
