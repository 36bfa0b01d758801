"""Rows of bare numbers among the nights of somebody's own table: never silently a night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion

WEEK = ("Mon,23:00,7:00,2,2", "Tue,23:15,6:30,0,1")


def diary(folder: Path, *rows: str, head: str = "Day,Bedtime,Wake time,Jerks,Coffee") -> Conversion:
    """Convert a diary of these rows."""
    (folder / "diary.csv").write_text("\n".join([head, *rows]), "utf-8")
    return convert("spreadsheet", folder / "diary.csv")


@pytest.mark.parametrize("sums", [",,,2,3", ",,,1,1.5", ",,,1,3"])
def test_sums_and_means_without_a_word_are_left_out_and_said_with_their_row(sums: str, tmp_path: Path) -> None:
    made = diary(tmp_path, *WEEK, sums, "Wed,22:00,8:00,1,2")
    assert made.frame.select("night_index", "jerk_count").rows() == [("1", "2"), ("2", "0"), ("3", "1")]
    assert "diary.csv: left out: sums or means in row 4" in made.said


def test_the_sums_of_each_week_and_of_all_are_left_out(tmp_path: Path) -> None:
    rows = (*WEEK, ",,,2,3", "Wed,22:00,8:00,1,2", "Thu,22:30,8:00,4,0", ",,,5,2", ",,,7,5")
    made = diary(tmp_path, *rows)
    assert made.frame["jerk_count"].to_list() == ["2", "0", "1", "4"]
    assert "diary.csv: left out: sums or means in rows 4, 7, 8" in made.said


def test_sums_are_left_out_where_no_column_says_which_night_it_is(tmp_path: Path) -> None:
    rows = ("23:00,7:00,2,2", "23:15,6:30,0,1", ",,2,3", "22:00,8:00,1,2")
    made = diary(tmp_path, *rows, head="Bedtime,Wake time,Jerks,Coffee")
    assert made.frame["jerk_count"].to_list() == ["2", "0", "1"]


def test_a_row_of_numbers_that_are_no_sums_is_left_out_and_the_table_is_not_called_whole(tmp_path: Path) -> None:
    dated = ("2026-01-12,23:00,7:00,2,2", "2026-01-13,23:15,6:30,0,1", ",,,9,4", "2026-01-14,22:00,8:00,1,2")
    made = diary(tmp_path, *dated, head="Date,Bedtime,Wake time,Jerks,Coffee")
    assert (made.frame["jerk_count"].to_list(), made.complete) == (["2", "0", "1"], False)
    assert any("left out: only numbers, and no night, date or time" in line and "row 4" in line for line in made.said)


@pytest.mark.parametrize("night", ["Wed,,,1,2", ",23:00,,1,2", "Wed,,,,"])
def test_a_night_of_which_a_day_or_a_time_was_kept_stays_a_night(night: str, tmp_path: Path) -> None:
    made = diary(tmp_path, *WEEK, night, "Thu,22:00,8:00,1,2")
    assert not any("left out: only numbers" in line or "left out: sums" in line for line in made.said)
    assert made.frame.height == 4 - (night == "Wed,,,,")


def test_nights_of_numbers_alone_stay_nights(tmp_path: Path) -> None:
    made = diary(tmp_path, "1,23.5,31,2", "2,23,30,0", "3,22.25,31,1", head="Night,bed_clock_h,wake_clock_h,jerk_count")
    assert made.frame["jerk_count"].to_list() == ["2", "0", "1"]
