"""What was worked out is kept, and never told of other rows or of other code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic import shelf as module
from hypnic.shelf import Shelf, made_by, print_of, print_of_files

if TYPE_CHECKING:
    from pathlib import Path

ROWS = pl.DataFrame({"person": ["a", "b"], "jerks": [1, 2]})


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "kept")
    shelf.put("key", {"index.html": b"page"})
    return shelf


def test_what_was_put_is_given_back(shelf: Shelf) -> None:
    assert shelf.take("key") == {"index.html": b"page"}


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: b"\0" + whole[1:], lambda _: b""])
def test_an_entry_that_is_damaged_or_half_written_is_none(shelf: Shelf, damage) -> None:
    (entry,) = shelf.folder.iterdir()
    entry.write_bytes(damage(entry.read_bytes()))
    assert shelf.take("key") is None


def test_only_its_user_may_look_at_it(shelf: Shelf) -> None:
    assert shelf.folder.stat().st_mode & 0o077 == 0


def test_what_another_user_put_there_is_not_read(shelf: Shelf, monkeypatch) -> None:
    monkeypatch.setattr(module.os, "getuid", lambda: 12345, raising=False)
    assert shelf.take("key") is None


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "kept")
    shelf.put("key", 1)
    assert shelf.take("key") is None


def test_one_answer_or_one_word_that_differs_is_another_print() -> None:
    same = print_of("demo", ROWS, "rest")
    assert print_of("demo", ROWS.clone(), "rest") == same
    others = [
        print_of("demo", ROWS.with_columns(pl.Series("jerks", [1, 3])), "rest"),
        print_of("demo", ROWS.with_columns(pl.col("jerks").cast(pl.Int8)), "rest"),
        print_of("demo", ROWS, "other"),
        print_of("open", ROWS, "rest"),
    ]
    assert len({same, *others}) == 5


def test_one_byte_of_a_file_or_its_name_that_differs_is_another_print(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "nights.csv").write_bytes(b"1")
    found = {print_of_files(tmp_path)}
    (tmp_path / "one" / "nights.csv").write_bytes(b"2")
    found.add(print_of_files(tmp_path))
    (tmp_path / "one" / "nights.csv").rename(tmp_path / "one" / "night.csv")
    found.add(print_of_files(tmp_path))
    assert len(found) == 3


def test_one_byte_of_code_that_differs_is_another_print(tmp_path: Path, monkeypatch) -> None:
    code = tmp_path / "analysis" / "fit.py"
    code.parent.mkdir()
    code.write_text("x = 1\n")
    monkeypatch.setattr(module, "HERE", tmp_path)
    before = made_by.__wrapped__()
    assert made_by.__wrapped__() == before
    code.write_text("x = 2\n")
    assert made_by.__wrapped__() != before


def test_code_that_does_not_lie_where_it_is_looked_for_never_has_the_same_print(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(module, "HERE", tmp_path)
    assert made_by.__wrapped__() != made_by.__wrapped__()


def test_a_key_leads_to_nothing_once_the_code_is_another(shelf: Shelf, monkeypatch) -> None:
    monkeypatch.setattr(module, "made_by", lambda: "other code")
    assert shelf.take("key") is None
