"""Every form tool, whatever it is: one set of checks, which a new profile passes too."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, profiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOOLS = pytest.mark.parametrize("tool", profiles())
NIGHTS = [
    {"respondent_id": person, "stress_0_10": stress, "sol_min": "15", "jerk_count": "1"}
    for person, stress in (("first@example.org", "4"), ("second@example.org", "5"), ("third@example.org", "6"))
]


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a tool does that heads its columns by their names: with as many header rows as its profile says."""

    def write(tool: str, rows: list[dict[str, str]]) -> Path:
        path, names, profile = tmp_path / "export.csv", list((rows or NIGHTS)[0]), profiles()[tool]
        heads = [names] * profile.header_rows
        if profile.header_marks:
            heads[-1] = [profile.header_marks[0]] * len(names)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*heads, *([row[name] for name in names] for row in rows)])
        return path

    return write


@TOOLS
def test_a_profile_says_its_title_its_export_and_where_it_is_documented(tool: str) -> None:
    profile = profiles()[tool]
    assert profile.title
    assert profile.export
    assert profile.documented.startswith("https://")


@TOOLS
def test_an_export_without_answers_makes_a_table_without_rows(tool: str, export) -> None:
    assert convert(tool, export(tool, []), "nights").frame.height == 0


@TOOLS
def test_one_answered_row_makes_one_night(tool: str, export) -> None:
    made = convert(tool, export(tool, NIGHTS[:1]))
    assert (made.table, made.frame.height, made.complete) == ("nights", 1, True)
    assert made.frame.select("stress_0_10", "sol_min", "jerk_count").row(0) == ("4", "15", "1")


@TOOLS
def test_rows_in_another_order_are_the_same_nights(tool: str, export) -> None:
    forwards, backwards = (convert(tool, export(tool, rows)).frame for rows in (NIGHTS, NIGHTS[::-1]))
    drawn_anew = forwards.drop("participant_id"), backwards.drop("participant_id").reverse()
    assert drawn_anew[0].equals(drawn_anew[1])


@TOOLS
def test_columns_in_another_order_make_the_same_table(tool: str, export) -> None:
    swapped = [dict(reversed(night.items())) for night in NIGHTS]
    forwards, backwards = (convert(tool, export(tool, rows)).frame for rows in (NIGHTS, swapped))
    assert forwards.drop("participant_id").equals(backwards.drop("participant_id"))


@TOOLS
def test_what_tells_respondents_apart_is_nowhere_in_the_table_and_in_what_is_said(tool: str, export) -> None:
    made = convert(tool, export(tool, NIGHTS))
    assert made.frame["participant_id"].n_unique() == len(NIGHTS)
    assert "example.org" not in made.frame.write_csv() + "\n".join(made.said)
