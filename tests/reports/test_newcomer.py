"""What a newcomer adds is one module and one line, and then it is on the page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from matplotlib.figure import Figure

import hypnic
from hypnic.reports import gallery
from hypnic.reports.building import report_files
from hypnic.reports.report import report
from hypnic.reports.svg import drawing, look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.results import Results
    from hypnic.reports.svg import Drawing

MODULE = Path(__file__).with_name("tiny.py")
LINE = "STUDIES: dict[str, Study] = {study.name: study for study in (DEMO, OPEN, NHANES)}"
MINE = LINE.replace("NHANES", "NHANES, TINY") + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the package, add a module that says a study, and one line (with its import) to the registry."""
    home = tmp_path_factory.mktemp("newcomer")
    package = home / "hypnic"
    shutil.copytree(Path(hypnic.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(MODULE, package / "analysis" / "studies" / "tiny.py")
    registry = package / "analysis" / "studies" / "registry.py"
    said = registry.read_text("utf-8")
    assert LINE in said
    imported = "from hypnic.analysis.studies.tiny import TINY\nfrom hypnic.errors import"
    registry.write_text(said.replace(LINE, MINE).replace("from hypnic.errors import", imported, 1), "utf-8")
    return home


@pytest.fixture(scope="module")
def run(home: Path) -> subprocess.CompletedProcess[str]:
    """Build the new study's report by the command."""
    words = [sys.executable, "-P", "-c", "from hypnic.cli import main; main()"]
    words += ["report", "--study", "tiny", "--out", "report", "--verbose"]
    here = os.environ | {"PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(words, cwd=home, env=here, capture_output=True, text=True, check=True)  # noqa: S603


def touched(home: Path) -> set[str]:
    """List the files of the package that are not as installed."""
    package, installed = home / "hypnic", Path(hypnic.__file__).parent
    files = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    return {
        path.as_posix()
        for path in files
        if not (installed / path).is_file() or (installed / path).read_bytes() != (package / path).read_bytes()
    }


def test_a_new_study_is_one_module_and_one_line(home: Path) -> None:
    assert touched(home) == {"analysis/studies/tiny.py", "analysis/studies/registry.py"}


@pytest.mark.usefixtures("run")
def test_the_page_of_a_new_study_has_its_title_its_words_and_its_ratios(home: Path) -> None:
    page = (home / "report" / "index.html").read_text("utf-8")
    rows = pl.read_csv(home / "report" / "estimates.csv").filter(analysis="primary")
    assert rows["exposure"].to_list() == ["caffeine", "warmth"]
    assert set(rows["study"]) == {"tiny"}
    for words in (
        "<h1>Sleep starts on sixty postcards</h1>",
        "Two exposures, two rate ratios",
        "Each 1 cup of coffee was associated with",
        "Warmth of the bedroom, per a warm room vs a cool one, was associated with",
        "as many jerks on the postcard",
        "60 postcards came back; the ratios come from 60 to 60 of them.",
        "Adjusted for a warm bedroom.",
        "A postcard can be lost.",
        *(f"{ratio:.2f} times" for ratio in rows["estimate"]),
    ):
        assert words in page
    assert "Who is in the data" in page
    assert "How often it happens" not in page  # nobody said that it is to be shown


@pytest.mark.usefixtures("run")
def test_what_was_frozen_without_a_study_confirms_nothing_of_it(home: Path) -> None:
    assert "Exploratory: this report was not made under a frozen specification" in (
        home / "report" / "index.html"
    ).read_text("utf-8")


def test_what_could_not_be_estimated_is_told_to_who_builds_it_and_no_file_tells_it(
    run: subprocess.CompletedProcess[str], home: Path
) -> None:
    told = [line for line in run.stderr.splitlines() if ": not estimable: " in line]
    assert told
    reasons = {line.partition(": not estimable: ")[2] for line in told}
    for file in (home / "report").rglob("*"):
        if file.is_file():
            written = file.read_text("utf-8", errors="replace")
            assert not {reason for reason in reasons if reason in written}


def _moon(results: Results, _: gallery.Ratios) -> Iterator[Drawing]:
    with look("moon"):
        figure = Figure(figsize=(2, 2))
        figure.subplots().plot([0, 1], [1, 0])
        yield drawing(figure, "moon", "Jerks by moon", "At 0, 1.", synthetic=results.data.study.synthetic)


@pytest.mark.xdist_group("built")  # half a minute to make: once, in one process
@pytest.mark.parametrize("section", [*gallery.SECTIONS, "moons"])
def test_a_figure_is_one_entry_and_then_it_is_on_the_page_and_in_the_folder(
    section: str, found: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gallery.SECTIONS, section, (_moon,))
    files = report_files(report(replace(found, doses={}, checks=dict.fromkeys(found.checks, ()))))
    page = files["index.html"].decode()
    assert page.count("Jerks by moon (synthetic data)</title>") == 1
    assert page.count("<figcaption>Jerks by moon (synthetic data).</figcaption>") == (section != "ratios")
    assert b"Jerks by moon" in files["figures/moon.svg"]
