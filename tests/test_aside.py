"""A run that is killed leaves what was there, and nothing that the next run does not clear."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from hypnic import aside as module
from hypnic.aside import LOCK, OLD, aside, put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="killed as POSIX kills")
# A run that makes a folder aside, says so, and waits to be killed.
FILLING = """
import sys, time
from pathlib import Path
from hypnic.aside import aside
with aside(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half-written")
    print("here", flush=True)
    time.sleep(60)
"""


@contextmanager
def filling(place: Path) -> Iterator[None]:
    """Start a run that fills a folder aside, wait until it has begun, and kill it at the end."""
    with subprocess.Popen([sys.executable, "-P", "-c", FILLING, str(place)], stdout=subprocess.PIPE, text=True) as run:  # noqa: S603
        assert run.stdout is not None
        assert run.stdout.readline() == "here\n"
        yield
        run.kill()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def folder_with(place: Path, text: str) -> Path:
    place.mkdir()
    (place / "page.html").write_text(text)
    return place


def test_what_a_killed_run_left_is_cleared_by_the_next_one(tmp_path: Path) -> None:
    with filling(tmp_path / "report"):
        pass
    assert len(names(tmp_path)) == 1
    with aside(tmp_path / "report"):
        assert len(names(tmp_path)) == 1
    assert names(tmp_path) == []


def test_what_another_run_still_fills_is_left_alone(tmp_path: Path) -> None:
    with filling(tmp_path / "report"), aside(tmp_path / "report"):
        assert len(names(tmp_path)) == 2
    assert [len(names(tmp_path / name)) for name in names(tmp_path)] == [2]  # its lock and its file


def test_a_folder_of_somebody_elses_is_never_cleared(tmp_path: Path) -> None:
    theirs = folder_with(tmp_path / ".report.abcdefgh", "theirs")
    with aside(tmp_path / "report"):
        pass
    assert names(theirs) == ["page.html"]


def test_a_folder_takes_the_place_of_another_in_one_step(tmp_path: Path) -> None:
    place = folder_with(tmp_path / "report", "old")
    with aside(place) as folder:
        put_in_place(folder_with(folder / "new", "new"), place)
    assert (place / "page.html").read_text() == "new"
    assert names(tmp_path) == ["report"]


@pytest.fixture
def two_steps(monkeypatch) -> None:
    """Take from the system what exchanges two names."""
    monkeypatch.setattr(module, "_exchanged", lambda *_: False)


@pytest.mark.usefixtures("two_steps")
def test_in_two_steps_the_new_folder_comes_too(tmp_path: Path) -> None:
    place = folder_with(tmp_path / "report", "old")
    with aside(place) as folder:
        put_in_place(folder_with(folder / "new", "new"), place)
    assert (place / "page.html").read_text() == "new"
    assert names(tmp_path) == ["report"]


@pytest.mark.usefixtures("two_steps")
def test_a_second_step_that_fails_brings_the_old_folder_back(tmp_path: Path) -> None:
    place = folder_with(tmp_path / "report", "old")
    with aside(place) as folder, pytest.raises(FileNotFoundError):
        put_in_place(folder / "new", place)  # there is none
    assert (place / "page.html").read_text() == "old"


def test_what_was_moved_away_by_a_run_killed_between_two_steps_is_put_back(tmp_path: Path) -> None:
    place = folder_with(tmp_path / "report", "old")
    with filling(place):
        (left,) = (path for path in tmp_path.iterdir() if path != place)
        place.rename(left / OLD)
    with aside(place):
        assert (place / "page.html").read_text() == "old"
    assert names(tmp_path) == ["report"]


def test_the_lock_is_the_last_to_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is killed while it clears up must leave what the next one knows to clear."""
    left: list[list[str]] = []
    removed = shutil.rmtree

    def noted(path: Path, *, ignore_errors: bool) -> None:
        left.append(sorted(one.name for one in path.iterdir()))
        removed(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", noted)
    with aside(tmp_path / "report") as folder:
        (folder / "new").mkdir()
        (folder / "new" / "index.html").write_text("half", "utf-8")
        (folder / "note").write_text("half", "utf-8")
    assert left == [["index.html"], [LOCK]]
    assert list(tmp_path.iterdir()) == []
