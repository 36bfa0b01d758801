"""What a conversion says of headers and file names holds no word that may be somebody's name or a place."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.datasets.forms import convert
from hypnic.datasets.forms.naming import file_name, shown
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["Anna", "Peter", "Hamburg", "Wojciech", "Siobhan", "Schmidt", "Kovalenko", "Nguyen", "Sevilla", "\u738b\u4f1f"]
FRAMES = [
    "{}'s sleep diary",
    "Diary from {}",
    "stress_{}",
    "{}",
    "Sleep diary - {}",
    "how tired was {} today",
    "{}Stress",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_name_in_a_header_or_a_file_name_is_masked_in_every_case(name: str, frame: str) -> None:
    for written in (name, name.lower(), name.upper()):
        text = frame.format(written)
        assert written.casefold() not in shown(text).casefold()
        assert written.casefold() not in file_name(f"{text}.csv").casefold()


@pytest.mark.parametrize("header", ["Timestamp", "meta-instanceID", "awakenigns_n", "mate_cups", "Shoe size"])
def test_an_ordinary_header_is_shown_whole(header: str) -> None:
    assert shown(header) == header


@given(st.integers(10_000, 10**12))
def test_a_long_number_is_never_shown(number: int) -> None:
    assert str(number) not in shown(f"stress {number}") + file_name(f"export-{number}.csv")


def test_a_conversion_names_no_person_of_a_title_or_a_file(tmp_path: Path) -> None:
    row = {"respondent_id": "7", "stress_0_10": "4", "sol_min": "15", "Anna's notes": "x", "Notes of Anna": "y"}
    path = tmp_path / "anna_schmidt.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(row), list(row.values())])
    assert "anna" not in "\n".join(convert("odk", path).said).casefold()
    path.write_text("Anna's sleep diary,Hamburg\n1,2\n", "utf-8")
    with pytest.raises(HypnicError) as error:
        convert("odk", path)
    assert not {"anna", "hamburg", "schmidt"} & set(str(error.value).casefold().replace("_", " ").split())
