"""A map that hypnic wrote and that is given back unchanged: the same table again, and what was open is open still."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map
from hypnic.datasets.forms.people import Tokens

if TYPE_CHECKING:
    from hypnic.datasets.forms.conversion import Conversion

LISTED = tomllib.loads((Path(__file__).parent / "strangers.toml").read_text("utf-8"))
DIARIES = {name: case["text"] for kind in ("diaries", "open") for name, case in LISTED[kind].items()}
MORE = {
    "a weekday next to a date": "Date,Day,Lights out,Jerks\n2026-01-12,Mon,23:30,2\n2026-01-13,Tue,23:00,0\n",
    "a number of the week next to a date": "Date,Day,Bedtime,Jerks\n2026-01-12,1,23:30,2\n2026-01-14,1,23:00,0\n",
    "times woken": "Date,Lights out,Woke up,Got up,Jerks\n2026-01-12,22:30,3,7:00,2\n2026-01-13,22:00,2,6:45,0\n",
    "times woken and nothing else": "Date,Lights out,Woke up,Jerks\n2026-01-12,22:30,3,2\n2026-01-13,22:00,2,0\n",
    "of which": "Night,Bedtime,Jerks,Coffee,of which after 2pm\n1,23:15,1,3,1\n2,23:30,0,2,0\n",
    "drinks that nobody knows": "Night,Bedtime,Jerks,Mate,Coffee,Beer\n1,23:15,1,3,1,2\n2,23:30,0,2,0,1\n",
    "words": "Night,Bedtime,Jerks,What exercise,Exercise (min)\n1,23:15,1,running,30\n2,23:30,0,,0\n",
    "two of one name": "Night,Went to bed,Into bed,Woke up,Jerks\n1,22:45,23:15,7:00,1\n2,23:45,23:45,7:15,0\n",
    "people": "Name,Night,Bedtime,Jerks\nA,1,23:15,1\nA,2,23:30,0\nB,1,23:15,1\n",
    "a name of its own for people": "Rower,Date,Bedtime,Jerks\nA,1.3.2026,23:15,1\nA,2.3.2026,23:30,0\n",
    "a unit of its own": "Night,Bedtime,Jerks,Stress (1-5),Alcohol (units)\n1,23:15,1,3,2\n2,23:30,0,2,0\n",
    "an unknown column": "Night,Bedtime,Jerks,Moon\n1,23:15,1,3\n2,23:30,0,2\n",
    "a survey": "ID,Age,Sex,Country,Stress,Coffee (cups a day)\na,34,f,Germany,4,2\nb,41,m,France,5,1\n",
}


def converted(folder: Path, text: str, own: str | None = None) -> Conversion:
    """Convert a diary by a map, with the same tokens each time."""
    (folder / "diary.csv").write_text(text, "utf-8")
    if own is not None:
        (folder / "map.toml").write_text(own, "utf-8")
    book = read_map(folder / "map.toml") if own is not None else None
    return convert("spreadsheet", folder / "diary.csv", tokens=Tokens(), codebook=book)


def table(made: Conversion) -> str:
    """Write a table, its people by their order in place of their random tokens."""
    people = {token: f"{n}" for n, token in enumerate(made.frame["participant_id"].unique(maintain_order=True))}
    return made.table + made.frame.with_columns(made.frame["participant_id"].replace(people)).write_csv()


@pytest.mark.parametrize("text", [*DIARIES.values(), *MORE.values()], ids=[*DIARIES, *MORE])
def test_a_map_given_back_unchanged_makes_the_same_table_byte_for_byte(text: str, tmp_path: Path) -> None:
    first = converted(tmp_path, text)
    again = converted(tmp_path, text, first.map)
    assert table(again) == table(first)
    third = converted(tmp_path, text, again.map)
    assert table(third) == table(first)


@pytest.mark.parametrize("text", [*DIARIES.values(), *MORE.values()], ids=[*DIARIES, *MORE])
def test_a_question_that_a_map_leaves_open_is_asked_again(text: str, tmp_path: Path) -> None:
    first = converted(tmp_path, text)
    again = converted(tmp_path, text, first.map)
    asked = [
        line for line in first.said if line.startswith(("question:", "not sure:", "drink not matched:", "no column"))
    ]
    assert set(asked) <= set(again.said)
    assert first.complete or not again.complete


def test_nights_that_were_counted_by_dates_are_not_mapped_to_the_weekday(tmp_path: Path) -> None:
    made = converted(tmp_path, MORE["a weekday next to a date"])
    assert made.frame["night_index"].to_list() == ["1", "2"]
    assert "night_index" not in made.map


def test_a_blank_not_asked_is_no_answer(tmp_path: Path) -> None:
    made = converted(tmp_path, MORE["an unknown column"])
    assert 'not_asked = ""' in made.map
    again = converted(tmp_path, MORE["an unknown column"], made.map)
    assert "stress_0_10" not in again.frame.columns
    answered = converted(tmp_path, MORE["an unknown column"], made.map.replace('not_asked = ""', 'not_asked = "yes"'))
    assert answered.frame["stress_0_10"].to_list() == ["-8", "-8"]


def test_minus_7_is_taken_where_the_check_takes_it(diary, save) -> None:
    """Who does not know whether there was a jerk is not asked how strong it was."""
    unknown = {"jerk_count": "-8", "jerk_reporter": "-8", "jerk_intensity_0_4": "-7", "jerk_location": ""}
    made = convert("spreadsheet", save("nights", [night | unknown for night in diary]))
    assert set(made.frame["jerk_intensity_0_4"]) == {"-7"}
