"""Times without a mark next to times of 24 hours, and what an answer of a map makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion

BED, COFFEE = "bed_clock_h", "caffeine_last_clock_h"


def diary(folder: Path, names: str, *nights: str, clock: str = "") -> Conversion:
    """Convert nights of these columns, by a map that says how the clock is meant where it is given."""
    rows = [f"{n};{night};{n % 2}" for n, night in enumerate(nights, 1)]
    (folder / "diary.csv").write_text("\n".join([f"Night;{names};Jerks", *rows]), "utf-8")
    (folder / "map.toml").write_text(f'[columns]\n[readings]\nclock = "{clock}"\n', "utf-8")
    return convert("spreadsheet", folder / "diary.csv", codebook=read_map(folder / "map.toml"))


def test_a_bare_11_next_to_times_of_the_evening_is_23_where_only_so_the_night_is_a_night(tmp_path: Path) -> None:
    made = diary(tmp_path, "Lights out;Got up", "11:30 pm;7:00", "23.15;6:45", "11;6:45", "12;7:15", "10.30;7:15")
    assert made.frame[BED].to_list() == ["23.5", "23.25", "23", "24", "22.5"]
    assert made.complete
    assert any(line.startswith("clock: 11, 12, 10.30 in bed_clock_h is of the evening") for line in made.said)


@pytest.mark.parametrize("nights", [("23:15;6:45", "11:00;7:00"), ("23:15;6:45", "12;"), ("11:30 pm;", "11;")])
def test_a_bedtime_of_the_forenoon_next_to_evenings_is_asked_about_where_nothing_proves_it(nights, tmp_path) -> None:
    made = diary(tmp_path, "Bedtime;Wake time", *nights)
    assert (made.frame[BED].to_list()[1], made.complete) == (None, False)
    assert (
        any(line.startswith('  clock = "evening": row 3 bed_clock_h 23:00') for line in made.said) or "12" in nights[1]
    )


@pytest.mark.parametrize(("clock", "read"), [("24", "35"), ("evening", "23")])
def test_a_map_answers_what_a_bedtime_without_a_mark_is(clock: str, read: str, tmp_path: Path) -> None:
    made = diary(tmp_path, "Bedtime;Wake time", "23:15;6:45", "11:00;7:00", clock=clock)
    assert (made.frame[BED].to_list(), made.complete) == (["23.25", read], True)


def test_somebody_who_sleeps_by_day_now_and_then_keeps_that_bedtime(tmp_path: Path) -> None:
    made = diary(tmp_path, "Bedtime;Wake time", "23:15;6:45", "11:00;18:30", "09:30;17:00")
    assert (made.frame[BED].to_list(), made.complete) == (["23.25", "35", "33.5"], True)


def test_an_evening_clock_leaves_the_coffee_of_the_morning_and_asks_no_more(tmp_path: Path) -> None:
    nights = ("11:15;7:00;9", "10:30;7:15;10:30", "12:00;8:00;3")
    made = diary(tmp_path, "Bedtime;Wake time;Last coffee", *nights, clock="evening")
    assert made.frame[COFFEE].to_list() == ["9", "10.5", "15"]
    assert made.complete


def test_exercise_that_ended_at_8_of_an_evening_clock_stays_blank_and_is_not_asked_again(tmp_path: Path) -> None:
    made = diary(tmp_path, "Bedtime;Wake time;Exercise end", "11:15;7:00;8:00", "10:30;7:15;5:30", clock="evening")
    assert made.frame["exercise_end_clock_h"].to_list() == [None, "17.5"]
    assert not any(line.startswith("question:") for line in made.said)
    (told,) = (line for line in made.said if line.startswith("not read"))
    assert told == (
        'not read, left blank: exercise_end_clock_h in row 2 of D "Exercise end"; type a time such as 16:30 or 4:30 pm,'
        " or -7 (not asked), or -8 (do not know), or -9 (refused)"
    )
