"""The tidy diary written in parts is the one that is made in memory."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import hypnic
from hypnic.analysis import tidy_nights
from hypnic.analysis.scale.lines import frames
from hypnic.analysis.scale.spool import by_range, in_order
from hypnic.analysis.scale.tidied import tidy
from hypnic.errors import HypnicError

KEYS = ["participant_id", "night_index"]


@pytest.fixture(scope="module")
def tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    return hypnic.load("nights", study="demo"), hypnic.load("participants", study="demo")


def ordinary(nights: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    return tidy_nights(nights.lazy(), people.lazy()).collect().sort(KEYS)


def read(folder: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(part) for part in sorted(folder.iterdir())])


@pytest.mark.parametrize("shuffled", [False, True], ids=["sorted", "in any order"])
def test_parts_hold_the_ordinary_tidy_table(tables, tmp_path: Path, shuffled: bool) -> None:
    nights, people = tables
    given = nights.sample(fraction=1.0, shuffle=True, seed=3) if shuffled else nights.sort(KEYS)
    assert tidy(given.lazy(), people.lazy(), tmp_path / "tidy", rows=700) == nights.height
    found = read(tmp_path / "tidy")
    assert_frame_equal(found, ordinary(nights, people), rel_tol=1e-14, abs_tol=1e-14)
    parts = [pl.read_parquet(part) for part in sorted((tmp_path / "tidy").iterdir())]
    assert len(parts) > 3
    assert sum(part["participant_id"].n_unique() for part in parts) == found["participant_id"].n_unique()
    assert list(tmp_path.iterdir()) == [tmp_path / "tidy"]


def test_csv_and_parquet_give_the_same(tables, tmp_path: Path) -> None:
    nights, people = tables
    nights.write_csv(tmp_path / "nights.csv")
    people.write_parquet(tmp_path / "participants.parquet")
    tidy(tmp_path / "nights.csv", tmp_path / "participants.parquet", tmp_path / "tidy")
    assert_frame_equal(read(tmp_path / "tidy"), ordinary(nights, people), rel_tol=1e-14, abs_tol=1e-14)


def test_a_column_that_only_some_participants_answered_is_not_zero_for_the_others(tables, tmp_path: Path) -> None:
    nights, people = tables
    nights = nights.filter(pl.col("participant_id").rank("dense") <= 12)  # parts of ten rows: few are soon done
    first = nights["participant_id"].min()
    asked = pl.when(pl.col("participant_id") != first).then("waso_min")
    gaps = nights.with_columns(waso_min=asked)
    tidy(gaps.lazy(), people.lazy(), tmp_path / "tidy", rows=10)
    assert_frame_equal(read(tmp_path / "tidy"), ordinary(gaps, people), rel_tol=1e-14, abs_tol=1e-14)
    assert read(tmp_path / "tidy").filter(participant_id=first)["tst_h"].is_null().all()


def test_a_later_scan_can_skip_the_parts_of_other_participants(tables, tmp_path: Path) -> None:
    nights, people = tables
    tidy(nights.lazy(), people.lazy(), tmp_path / "tidy", rows=500)
    people = [pl.read_parquet(part)["participant_id"] for part in sorted((tmp_path / "tidy").iterdir())]
    assert all(one.max() < other.min() for one, other in pairwise(people))


def test_an_interrupted_tidy_leaves_nothing(tables, tmp_path: Path) -> None:
    def fail(_: pl.DataFrame) -> pl.DataFrame:
        raise KeyboardInterrupt

    nights, people = tables
    with pytest.raises(KeyboardInterrupt):
        tidy(nights.lazy(), people.lazy(), tmp_path / "tidy", change=fail)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_written_over(tables, tmp_path: Path) -> None:
    nights, people = tables
    with pytest.raises(HypnicError, match="is there already: name a new folder"):
        tidy(nights.lazy(), people.lazy(), tmp_path)


def test_a_table_as_it_was_typed_is_refused(tmp_path: Path, tables) -> None:
    (tmp_path / "nights.csv").write_text("participant_id,night_index,evening_on_time\np_1,1,yes\n", "utf-8")
    with pytest.raises(HypnicError, match="the rows cannot be read"):
        tidy(tmp_path / "nights.csv", tables[1].lazy(), tmp_path / "tidy")


def test_ranges_hold_the_same_parts_as_sorted_rows() -> None:
    rows = pl.DataFrame({"p": [3, 1, 2, 1, None, 3, 2, 1], "n": [1, 2, 1, 1, 1, 2, 2, 3]})
    parts = [rows[:3], rows[3:6], rows[6:]]
    ordered = pl.concat(in_order([rows.sort("p", "n")], ["p", "n"]))
    assert_frame_equal(pl.concat(by_range(rows.lazy(), parts, ["p", "n"], rows=3)), ordered)


def test_nights_of_a_person_that_come_in_any_order_are_sorted() -> None:
    rows = pl.DataFrame({"p": [1, 1, 1, 2, 2], "n": [2, 1, 3, 1, 2]})
    for at in range(1, 5):
        found = pl.concat(in_order([rows[:at], rows[at:]], ["p", "n"]))
        assert_frame_equal(found, rows.sort("p", "n"))


@pytest.mark.parametrize("rows", [1, 7, 100])
def test_a_csv_is_cut_at_the_ends_of_lines_only(tables, tmp_path: Path, rows: int) -> None:
    nights = tables[0].head(200).with_columns(note=pl.lit('two\nlines, and a "word"'))
    nights.write_csv(tmp_path / "nights.csv")
    found = [part.drop("note") for part in frames(tmp_path / "nights.csv", nights.schema, rows)]
    assert len(found) > 1
    assert_frame_equal(pl.concat(found), nights.drop("note"))
