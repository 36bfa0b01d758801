"""A time of falling asleep next to a bedtime tells how long it took; what cannot be told is left for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map

if TYPE_CHECKING:
    from pathlib import Path


def diary(folder: Path, names: str, *nights: str) -> Path:
    path = folder / "diary.csv"
    rows = [f"2026-01-{12 + n},{n % 2},{night}" for n, night in enumerate(nights)]
    path.write_text("\n".join([f"Date,Jerks,{names}", *rows]), "utf-8")
    return path


@pytest.mark.parametrize(
    "names",
    [
        "Went to bed,Fell asleep at,Woke up", "Ins Bett,Eingeschlafen,Aufgewacht", "Me acosté,Me dormí,Me desperté",
        "Heure du coucher,Endormie à,Réveil", "Naar bed,In slaap gevallen,Wakker",
    ],
)  # fmt: skip
def test_the_minutes_in_between_are_the_latency(names: str, tmp_path: Path) -> None:
    nights = ("23:00,23:20,7:00", "23:45,0:15,7:15", "0:30,0:30,8:00")
    made = convert("spreadsheet", diary(tmp_path, names, *nights))
    assert made.frame["sol_min"].to_list() == ["20", "30", "0"]
    assert "sol_min: the minutes from C to D" in made.said


def test_halves_of_the_day_may_be_left_unsaid(tmp_path: Path) -> None:
    nights = ("11:00,11:25,7:00", "10:40,11:00,6:45", "12:30,12:45,8:00")
    made = convert("spreadsheet", diary(tmp_path, "Bedtime,Asleep at,Got up", *nights))
    assert made.frame["sol_min"].to_list() == ["25", "20", "15"]


def test_a_time_before_the_bedtime_or_hours_after_it_is_left_for_the_person(tmp_path: Path) -> None:
    nights = ("23:00,22:50,7:00", "23:30,7:00,7:15", "23:00,soon,7:00", "23:00,23:30,7:00", "23:00,23:10,7:00")
    made = convert("spreadsheet", diary(tmp_path, "Bedtime,Fell asleep at,Got up", *nights))
    assert made.frame["sol_min"].to_list() == [None, None, None, "30", "10"]
    assert not made.complete


@pytest.mark.parametrize("names", ["Bedtime,Fell asleep,Got up", "Bedtime,Minutes to fall asleep,Got up"])
def test_minutes_stay_minutes(names: str, tmp_path: Path) -> None:
    made = convert("spreadsheet", diary(tmp_path, names, "23:00,20,7:00", "23:30,5,7:15"))
    assert "sol_min: the minutes from C to D" not in made.said


def test_where_minutes_are_counted_too_these_are_taken(tmp_path: Path) -> None:
    names = "Bedtime,Fell asleep at,Minutes to fall asleep,Got up"
    made = convert("spreadsheet", diary(tmp_path, names, "23:00,23:20,25,7:00", "23:30,23:40,10,7:15"))
    assert made.frame["sol_min"].to_list() == ["25", "10"]


def test_a_map_that_hypnic_wrote_gives_the_same_table(tmp_path: Path) -> None:
    path = diary(tmp_path, "Bedtime,Fell asleep at,Got up", "23:00,23:20,7:00", "23:30,23:40,7:15")
    first = convert("spreadsheet", path)
    (tmp_path / "map.toml").write_text(first.map, "utf-8")
    again = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    assert again.frame.drop("participant_id").equals(first.frame.drop("participant_id"))
