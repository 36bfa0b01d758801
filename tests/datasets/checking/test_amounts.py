"""Amounts typed as counts, times typed with a point, and several missing columns: each is one finding that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import hypnic
from hypnic.datasets.checking.changes import fix
from hypnic.datasets.checking.suggestions import suggest
from hypnic.schemas import Nights, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]


@pytest.mark.parametrize(
    ("column", "cells", "comes_to"),
    [
        ("caffeine_mg", "203139", "filter coffee 90 mg"), ("alcohol_g", "120510", "wine 14.2 g"),
        ("exercise_min", "102150", "an hour comes to 60 min"),
    ],
)  # fmt: skip
def test_a_column_of_counts_is_one_warning_that_says_what_one_comes_to(column, cells, comes_to, diary, save) -> None:
    rows = [night | {column: cell} for night, cell in zip(diary, cells, strict=False)]
    found = hypnic.check(save("nights", rows)).filter(rule="unit")
    assert found.select("line", "column", "level").rows() == [(1, column, "warning")]
    assert comes_to in found["hint"][0]


@pytest.mark.parametrize("cells", [["2", "0", "3"], ["2", "3", "180"], ["2", "3", "10"], ["-8", "-9", "2"]])
def test_few_small_amounts_or_one_that_is_no_count_are_left_alone(cells: list[str], diary, save) -> None:
    rows = [night | {"caffeine_mg": cell} for night, cell in zip(diary, cells, strict=False)]
    assert hypnic.check(save("nights", rows)).filter(rule="unit").is_empty()


def with_times(diary: list[Row], *times: str) -> list[Row]:
    return [night | {"bed_clock_h": time} for night, time in zip(diary, times, strict=False)]


@pytest.mark.parametrize(
    ("times", "first"), [(("23.30", "22.45", "23.00", "23.15"), "23.5"), (("23.30", "22.25", "22.75"), "23.25")]
)
def test_both_readings_of_a_time_with_a_point_are_said_the_habit_of_its_column_first(times, first, diary, save) -> None:
    hint = hypnic.check(save("nights", with_times(diary, *times))).filter(column="bed_clock_h", line=2)["hint"].item()
    assert hint.startswith(f"type {first} for")
    assert all(reading in hint for reading in ("23.5 for 23:30", "23.25 for 23:15"))


@pytest.mark.parametrize(
    ("times", "typed"),
    [
        (None, ["23.30", "22.45", "23,3"]), ("minutes", ["23.5", "22.75", "23.5"]),
        ("decimal", ["23.25", "22.5", "23.25"]),
    ],
)  # fmt: skip
def test_a_fixed_copy_has_such_times_only_as_a_person_said_they_are_meant(times, typed, diary, save, tmp_path) -> None:
    fix(save("nights", with_times(diary, "23.30", "22.45", "23,3")), tmp_path / "fixed.csv", times=times)
    lines = (tmp_path / "fixed.csv").read_text().splitlines()
    place = lines[0].split(",").index("bed_clock_h")
    if times is None:
        assert [line.split(",")[place] for line in lines[1:3]] == typed[:2]
    else:
        assert [line.split(",")[place] for line in lines[1:]] == typed


def test_several_missing_columns_are_one_finding(diary, save) -> None:
    gone = ("sol_min", "stress_0_10", "jerk_count")
    found = hypnic.check(save("nights", [{k: v for k, v in night.items() if k not in gone} for night in diary]))
    missing = found.filter(rule="column_missing")["message"].to_list()
    assert missing == ["3 columns are missing: stress_0_10, sol_min and jerk_count"]


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("bed_clock_h", "0.96875", "23.25"), ("bed_clock_h", "1,010416667", "24.25"),
        ("wake_clock_h", "1.291666667", "31.0"), ("wake_clock_h", "0.291666666666667", "31.0"),
    ],
)  # fmt: skip
def test_a_part_of_a_day_is_read_as_the_clock_that_a_spreadsheet_showed(column: str, cell: str, text: str) -> None:
    found = suggest(cell, columns(Nights)[column])
    assert found
    assert (found.text, found.certain) == (text, True)
