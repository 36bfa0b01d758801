"""Times of day and durations as people and spreadsheets write them: read right, or said with what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import hypnic
from hypnic.datasets.checking import fix
from hypnic.datasets.checking.suggestions import suggest
from hypnic.schemas import Nights, Participants, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]

FACTS = columns(Participants) | columns(Nights)


@pytest.mark.parametrize(
    ("column", "typed", "text"),
    [
        ("bed_clock_h", "22 h 30", "22.5"),
        ("bed_clock_h", "22.30 Uhr", "22.5"),
        ("bed_clock_h", "22 Uhr 30", "22.5"),
        ("bed_clock_h", "2330", "23.5"),
        ("bed_clock_h", "midnight", "24.0"),
        ("bed_clock_h", "1899-12-30 23:15:00", "23.25"),
        ("bed_clock_h", "1900-01-01 01:15", "25.25"),
        ("wake_clock_h", "1900-01-01 07:00:00", "31.0"),
        ("caffeine_last_clock_h", "1900-01-01 01:15", "25.25"),
        ("exercise_min", "1 h 20", "80"),
        ("exercise_min", "1 std 20 min", "80"),
        ("exercise_min", "half an hour", "30"),
        ("sleep_need_h", "7h30", "7.5"),
        ("sleep_need_h", "7:30", "7.5"),
        ("sleep_need_h", "7 1/2", "7.5"),
        ("caffeine_usual_mg", "1 050", "1050"),
    ],
)
def test_a_time_that_can_be_meant_in_one_way_is_read(column: str, typed: str, text: str) -> None:
    found = suggest(typed, FACTS[column])
    assert found is not None
    assert (found.text, found.certain) == (text, True)


@pytest.mark.parametrize(
    ("column", "typed", "first"),
    [
        ("bed_clock_h", "half past ten", "22.5"),
        ("bed_clock_h", "quarter to eleven", "22.75"),
        ("bed_clock_h", "ten o'clock", "22.0"),
        ("bed_clock_h", "~23:00", "23.0"),
        ("bed_clock_h", "7h30", "19.5"),
        ("wake_clock_h", "7 h 30", "31.5"),
        ("wake_clock_h", "half past seven", "31.5"),
        ("exercise_min", "1:20", "80"),
    ],
)
def test_a_time_that_can_be_meant_in_two_ways_is_suggested_and_left_to_a_person(
    column: str, typed: str, first: str
) -> None:
    found = suggest(typed, FACTS[column])
    assert found is not None
    assert (found.text, found.certain) == (first, False)


def test_parts_of_a_day_that_would_pass_as_hours_are_found_where_their_column_holds_parts(
    diary: list[Row], save: Save, tmp_path: Path
) -> None:
    drinkers = [night for night in diary if float(night["caffeine_last_clock_h"]) > 0]
    for night, part in zip(drinkers, ("0.5", "0.75", "0.645833333"), strict=False):
        night["caffeine_last_clock_h"] = part
    for night in drinkers[3:]:
        night["caffeine_last_clock_h"] = "0.604166667"
    path = save("nights", diary)
    found = hypnic.check(path).filter(rule="day_part")
    assert found.select("value", "hint").rows()[:2] == [
        ("0.5", "type 12.0 for 12:00"),
        ("0.75", "type 18.0 for 18:00"),
    ]
    fix(path, tmp_path / "fixed.csv")
    fixed = pl.read_csv(tmp_path / "fixed.csv")["caffeine_last_clock_h"]
    assert fixed.filter(fixed > 0).min() >= 12


def test_a_lone_time_without_a_mark_is_no_number_of_hours(diary: list[Row], save: Save) -> None:
    diary[0]["bed_clock_h"] = "0030"
    hint = "type 24.5 for 00:30 (next day): clock hours run on past 24"
    assert hypnic.check(save("nights", diary)).select("rule", "hint").row(0) == ("type", hint)


@pytest.mark.parametrize("typed", ["7 Uhr", "7h", "7 h 00", "7:00"])
def test_an_hour_in_words_is_of_the_morning_after_its_bedtime(
    typed: str, diary: list[Row], save: Save, tmp_path: Path
) -> None:
    diary[0] |= {"bed_clock_h": "23.25", "wake_clock_h": typed}
    fix(save("nights", diary), tmp_path / "fixed.csv")
    assert pl.read_csv(tmp_path / "fixed.csv")["wake_clock_h"][0] == 31


def test_half_past_midnight_among_hours_is_no_part_of_a_day(diary: list[Row], save: Save) -> None:
    diary[0]["caffeine_last_clock_h"] = "0.5"
    assert "day_part" not in hypnic.check(save("nights", diary))["rule"]


def test_a_time_of_a_spreadsheets_first_day_is_no_calendar_date(diary: list[Row], save: Save) -> None:
    diary[0]["bed_clock_h"] = "1900-01-01 00:15:00"
    assert hypnic.check(save("nights", diary)).select("rule", "hint").row(0) == (
        "type",
        "type 24.25 for 00:15 (next day): clock hours run on past 24",
    )


CORE = {"participant_id": "p_aaaaaaaaaaaaaaaa", "stress_0_10": "4", "sol_min": "10", "jerk_count": "0"}
NIGHTS = {
    "a morning by its bedtime": ([("23", "7:00"), ("22.75", "6:45"), ("23.5", "1:00")], ["31.0", "30.75", "25.0"]),
    "a shift": ([("23:15", "7:00"), ("8:30", "3:30"), ("0:30", "15:30")], ["31.0", None, "39.5"]),
    "twelve hours": ([("11:15", "7:00"), ("12:30", "8:30"), ("10:45", "6:45")], ["31.0", "32.5", "30.75"]),
    "twelve hours, at midnight": ([("11:15", "7:00"), ("12:00", "7:30"), ("10:45", "6:45")], ["31.0", "31.5", "30.75"]),
    "no bedtime": ([("-8", "7:00"), ("-8", "6:45")], [None, None]),
}


@pytest.mark.parametrize(("typed", "wakes"), NIGHTS.values(), ids=NIGHTS)
def test_a_time_is_put_on_its_nights_clock_by_the_bedtime_and_the_columns(
    typed: list[tuple[str, str]], wakes: list[str | None], tmp_path: Path
) -> None:
    rows = [CORE | {"night_index": str(n), "bed_clock_h": b, "wake_clock_h": w} for n, (b, w) in enumerate(typed, 1)]
    path = tmp_path / "nights.csv"
    pl.DataFrame(rows).write_csv(path)
    done = fix(path, tmp_path / "fixed.csv")
    fixed = {change.cell: change.typed for change in done.changes if change.column == "wake_clock_h"}
    place = list(rows[0]).index("wake_clock_h")
    assert [fixed.get(f"{'ABCDEFGH'[place]}{n}") for n in range(2, len(rows) + 2)] == wakes


def test_half_past_twelve_of_a_clock_of_twelve_hours_is_after_midnight_and_else_is_asked_for(tmp_path: Path) -> None:
    night = (["11:15", "12:30"], "7:00", "24.5"), (["11:15", "12:00"], "7:00", "24.0"), (["-8", "12:30"], "-8", None)
    for beds, wake, wanted in night:
        rows = [CORE | {"night_index": str(n), "bed_clock_h": b, "wake_clock_h": wake} for n, b in enumerate(beds)]
        pl.DataFrame(rows).write_csv(tmp_path / "nights.csv")
        changes = fix(tmp_path / "nights.csv", tmp_path / "fixed.csv").changes
        found = [change.typed for change in changes if change.column == "bed_clock_h"]
        assert found[-1:] == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("way", "typed"), [("minutes", ["31.0", "30.75", "31.5", "31.25"]), ("decimal", ["31.0", "30.5", "31.25", "31.25"])]
)
def test_a_waking_time_with_a_point_is_put_on_its_nights_clock_once_a_person_says_how_it_is_meant(
    way, typed, diary: list[Row], save: Save, tmp_path: Path
) -> None:
    rows = [
        row | {"bed_clock_h": "23.25", "wake_clock_h": cell}
        for row, cell in zip(diary, ["7.00", "6.45", "7.30", "7.15"], strict=False)
    ]
    path = save("nights.csv", rows)
    assert "type 31.0 for 07:00 (next day): clock hours" in " ".join(hypnic.check(path)["hint"])
    fix(path, tmp_path / "fixed.csv", times=way)
    assert pl.read_csv(tmp_path / "fixed.csv", infer_schema=False)["wake_clock_h"].to_list() == typed


@pytest.mark.parametrize("midnight", ["0030", "30"])
def test_four_digits_of_a_clock_are_never_hours_past_midnight(midnight: str, diary: list[Row], save: Save) -> None:
    for number, night in enumerate(diary):
        night["bed_clock_h"] = midnight if number % 3 == 1 else "2245"
    path = save("nights", diary)
    found = hypnic.check(path).filter(pl.col("column") == "bed_clock_h")
    assert found["row"].to_list() == list(range(1, len(diary) + 1))
    fix(path, path.with_name("fixed.csv"))
    fixed = pl.read_csv(path.with_name("fixed.csv"), infer_schema=False)["bed_clock_h"]
    assert fixed[:2].to_list() == ["22.75", "24.5"]


def test_one_time_in_four_digits_leaves_the_hours_around_it_as_they_are(diary: list[Row], save: Save) -> None:
    diary[1]["bed_clock_h"] = "2245"
    found = hypnic.check(save("nights", diary)).filter(pl.col("column") == "bed_clock_h")
    assert found["row"].to_list() == [2]
