"""Two columns of one meaning by their names: what their cells hold decides, and what they leave open is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion


def diary(folder: Path, names: str, *nights: str) -> Conversion:
    """Convert nights with a date, a bedtime and jerks, next to the columns asked about."""
    path = folder / "diary.csv"
    rows = [f"2026-01-{12 + n},22:{15 + n},{n % 2},{night}" for n, night in enumerate(nights)]
    path.write_text("\n".join([f"Date,Bedtime,Jerks,{names}", *rows]), "utf-8")
    return convert("spreadsheet", path)


@pytest.mark.parametrize(
    "names",
    [
        "Woke up,Got up", "Awoke,Out of bed", "Aufgewacht,Aufgestanden", "Me desperté,Me levanté", "Réveillé,Levé",
        "Mi sono svegliata,Alzata", "Wakker,Opgestaan", "Acordei,Levantei-me",
    ],
)  # fmt: skip
@pytest.mark.parametrize("woken", [("3", "0", "4"), ("2x", "0", "1 x"), ("5", "7", "6"), ("12", "9", "5")])
def test_times_woken_next_to_times_of_rising_are_counts_and_the_times_are_the_waking(
    names: str, woken: tuple[str, ...], tmp_path: Path
) -> None:
    up = ("7:00", "8:45", "9:15")
    made = diary(tmp_path, names, *(f"{n},{time}" for n, time in zip(woken, up, strict=True)))
    assert made.frame["wake_clock_h"].to_list() == ["31", "32.75", "33.25"]
    assert made.frame["awakenings_n"].to_list() == [cell.rstrip("x ") for cell in woken]
    assert made.complete


def test_times_woken_in_words_are_counts_too(tmp_path: Path) -> None:
    made = diary(tmp_path, "Aufgewacht,Aufgestanden", "einmal,7:00", "zweimal,7:15", "0,7:00", "3,6:45")
    assert (made.frame["awakenings_n"].to_list(), made.complete) == (["1", "2", "0", "3"], True)


def test_bare_hours_shortly_before_the_times_of_rising_are_the_waking(tmp_path: Path) -> None:
    made = diary(tmp_path, "Woke up,Got up", "7,7:15", "6,7:00", "8,8:30")
    assert (made.frame["wake_clock_h"].to_list(), made.complete) == (["31", "30", "32"], True)
    assert "awakenings_n" not in made.frame.columns


@pytest.mark.parametrize("woken", [("30", "45", "10"), ("2", "0", "31")])
def test_minutes_under_a_name_of_waking_are_asked_about_and_never_times(woken, tmp_path: Path) -> None:
    made = diary(tmp_path, "Awake at night,Woke up,Got up", *(f"1,{n},7:00" for n in woken))
    assert (made.frame["wake_clock_h"].to_list(), made.complete) == (["31"] * 3, False)
    assert any(line.startswith('not sure: E "Woke up" is called as wake_clock_h is') for line in made.said)
    assert "awakenings_n" not in made.frame.columns


def test_counts_of_waking_with_no_time_next_to_them_are_asked_about_and_the_map_says_what_they_are(tmp_path) -> None:
    made = diary(tmp_path, "Woke up", "2", "0", "3")
    assert ("wake_clock_h" in made.frame.columns, made.complete) == (False, False)
    assert '# "Woke up" = ""  # take the first # away' in made.map
    named = made.map.replace('# "Woke up" = ""', '"Woke up" = "awakenings_n"')
    (tmp_path / "map.toml").write_text(named, "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert (again.frame["awakenings_n"].to_list(), again.complete) == (["2", "0", "3"], True)


def test_counts_are_not_taken_for_the_awakenings_where_another_column_counts_them(tmp_path: Path) -> None:
    made = diary(tmp_path, "Woke up,Got up,Awakenings", "2,7:00,1", "0,7:15,0", "3,7:00,2")
    assert (made.frame["awakenings_n"].to_list(), made.complete) == (["1", "0", "2"], False)


@pytest.mark.parametrize(
    ("names", "cells", "column", "read"),
    [
        ("Lights out,Bed time", ("yes,23:00", "no,23:30"), "bed_clock_h", ["23", "23.5"]),
        ("Time to fall asleep,Minutes to fall asleep", ("23:45,15", "22:30,20"), "sol_min", ["15", "20"]),
        ("Caffeine,Caffeine (mg)", ("2,180", "1,90"), "caffeine_mg", ["180", "90"]),
        ("Alkohol,Alkohol in g", ("2,28", "1,14"), "alcohol_g", ["28", "14"]),
        ("Quality,Sleep quality", ("80,4", "65,3"), "sleep_quality_1_5", ["4", "3"]),
        ("Stress,Stress level", ("70,7", "35,3"), "stress_0_10", ["7", "3"]),
        ("Stress,Stress heute", ("viel,7", "wenig,3"), "stress_0_10", ["7", "3"]),
    ],
)
def test_of_two_columns_of_one_name_the_one_whose_cells_are_like_it_is_taken(
    names: str, cells: tuple[str, ...], column: str, read: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "diary.csv"
    rows = [f"{n},{cell},yes,0" for n, cell in enumerate(cells, 1)]
    path.write_text("\n".join([f"Night,{names},Cramp,Nap (min)", *rows]), "utf-8")
    made = convert("spreadsheet", path, "nights")
    assert made.frame[column].to_list() == read
    assert any(line.startswith('not sure: B "') for line in made.said)
    assert not made.complete


def test_an_empty_column_of_waking_leaves_the_time_of_rising(tmp_path: Path) -> None:
    made = diary(tmp_path, "Woke up,Got up", ",7:00", ",7:15")
    assert (made.frame["wake_clock_h"].to_list(), made.complete) == (["31", "31.25"], True)


def test_a_column_of_parts_of_the_body_under_a_name_that_says_nothing_is_offered_as_the_place_of_the_jerk(
    tmp_path: Path,
) -> None:
    made = diary(tmp_path, "Where,Wetter", "legs,sun", "head,rain", ",sun")
    assert '"Where" = ""  # perhaps jerk_location' in made.map
    assert '"Wetter" = ""\n' in made.map
    assert "jerk_location" not in made.frame.columns
