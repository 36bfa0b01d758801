"""`hypnic report` says what it skips and why, and goes on where one study cannot be built."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer

from hypnic.commands.report import report
from hypnic.datasets.sources import SOURCES
from hypnic.errors import HypnicError
from hypnic.progress import shown
from hypnic.reports import rebuilding
from hypnic.reports.site import building
from hypnic.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path


MADE = {"provenance.json": b'{"report": "hypnic", "outputs": {}}'}


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, Any]]:
    """Put a quick build in the place of the long one; it lists the studies, and cannot build NHANES."""
    built: list[tuple[str, Any]] = []

    def made_files(study_name: str, *_: object, shelf: Shelf | None, **__: object) -> dict[str, bytes]:
        built.append((study_name, shelf))
        if study_name == "nhanes":
            message = "the files are damaged"
            raise HypnicError(message)
        return dict(MADE)

    monkeypatch.setattr(rebuilding, "made_files", made_files)
    monkeypatch.setattr(building, "made_files", made_files)
    monkeypatch.setattr(building, "_files", lambda *_: dict(MADE))
    monkeypatch.setattr(sys.modules[report.__module__], "_tell_what_fails", lambda **_: None)
    monkeypatch.delenv("HYPNIC_NHANES", raising=False)
    return built


@pytest.mark.parametrize("study", [None, ["all"], ["demo", "all"]])
def test_without_a_study_or_with_all_it_is_a_site_and_what_is_not_at_hand_says_what_it_wants(
    asked, study, tmp_path: Path, capsys
) -> None:
    report(study=study, out=tmp_path)
    said = capsys.readouterr()
    assert [name for name, _ in asked] == ["demo"]
    assert said.out == f"{tmp_path / 'index.html'}\n"
    assert said.err.splitlines() == [
        f"skipped open: no survey or diary of volunteers has been accepted yet; {SOURCES['open'].remedy}",
        f"skipped nhanes, and its published report is shown: {SOURCES['nhanes'].wanting}; {SOURCES['nhanes'].remedy}",
    ]


def test_one_study_that_fails_stops_no_other_and_ends_with_2(asked, tmp_path: Path, capsys) -> None:
    with pytest.raises(typer.Exit) as ended:
        report(study=["nhanes", "demo"], out=tmp_path)
    said = capsys.readouterr()
    assert ended.value.exit_code == 2
    assert sorted(name for name, _ in asked) == ["demo", "nhanes"]
    assert "nhanes failed: the files are damaged" in said.err.splitlines()
    assert any(
        line.startswith("skipped open: this build was asked for other studies") for line in said.err.splitlines()
    )
    assert said.out == f"{tmp_path / 'index.html'}\n"


def test_without_a_cache_nothing_is_kept(asked, tmp_path: Path) -> None:
    report(study=["demo"], out=tmp_path / "report", cache=False)
    report(study=["demo"], out=tmp_path / "again")
    assert [type(shelf) for _, shelf in asked] == [type(None), Shelf]


@pytest.mark.parametrize(
    ("lines", "said"), [(False, ""), (True, "  reading the study ...\n  diary: primary (1 of 9) ...\n")]
)
def test_in_a_pipe_progress_is_silent_or_lines(lines: bool, said: str, capsys) -> None:
    with shown("demo", lines=lines) as told:
        told("reading the study")
        told("diary: primary", 1, 9)
    assert capsys.readouterr().err == said


def test_on_a_terminal_a_bar_names_what_is_being_done(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with shown("demo") as told:
        told("diary: primary", 4, 9)
    said = capsys.readouterr().err
    assert "demo: diary: primary" in said
    assert "4/9" in said
