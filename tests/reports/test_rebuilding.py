"""Only what changed is built again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.analysis import studies
from hypnic.errors import HypnicError
from hypnic.reports import building
from hypnic.reports.rebuilding import rebuild
from hypnic.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "nights.csv").write_text("1")
    return folder


@pytest.fixture
def builds(source: Path, monkeypatch) -> list[str]:
    """Put a quick build in the place of the long one; it lists what it read."""
    read: list[str] = []

    def study_files(*_: object, **__: object) -> dict[str, bytes]:
        read.append((source / "nights.csv").read_text())
        return {
            "index.html": read[-1].encode(),
            "provenance.json": b'{"report": "hypnic", "outputs": {"index.html": 0}}',
        }

    monkeypatch.setattr(studies, "study", lambda *_: None)
    monkeypatch.setattr(building, "study_files", study_files)
    return read


def test_where_nothing_changed_nothing_is_built_and_the_report_is_the_same(
    source: Path, builds: list[str], tmp_path: Path
) -> None:
    for out in ("first", "second"):
        rebuild("open", tmp_path / out, source, shelf=Shelf(tmp_path / "kept"))
    assert builds == ["1"]
    assert (tmp_path / "second" / "index.html").read_bytes() == (tmp_path / "first" / "index.html").read_bytes() == b"1"


def test_one_byte_of_the_input_that_changed_builds_it_again(source: Path, builds: list[str], tmp_path: Path) -> None:
    for content in ("1", "2"):
        (source / "nights.csv").write_text(content)
        page = rebuild("open", tmp_path / "out", source, shelf=Shelf(tmp_path / "kept"))
        assert (page / "index.html").read_text() == content
    assert builds == ["1", "2"]


def test_another_commit_builds_it_again(source: Path, builds: list[str], tmp_path: Path, monkeypatch) -> None:
    for commit in ("a" * 40, "b" * 40):
        monkeypatch.setenv("HYPNIC_COMMIT", commit)
        rebuild("open", tmp_path / "out", source, shelf=Shelf(tmp_path / "kept"))
    assert len(builds) == 2


def test_without_a_shelf_it_is_built_each_time(source: Path, builds: list[str], tmp_path: Path) -> None:
    for _ in range(2):
        rebuild("open", tmp_path / "out", source)
    assert len(builds) == 2


def test_what_stands_in_a_folder_is_no_build_only_because_something_was_kept(
    source: Path, builds: list[str], tmp_path: Path
) -> None:
    rebuild("open", tmp_path / "out", source, shelf=Shelf(tmp_path / "kept"))
    (tmp_path / "out" / "note.txt").write_text("mine")
    with pytest.raises(HypnicError, match=r"contains note\.txt"):
        rebuild("open", tmp_path / "out", source, shelf=Shelf(tmp_path / "kept"))
    assert len(builds) == 1
