"""A study that a newcomer adds is one module and one line, and then it has a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import hypnic

pytestmark = pytest.mark.xdist_group("newcomer")  # one copy of the package, one build
MODULE = Path(__file__).with_name("tiny.py")
LINE = "STUDIES: dict[str, Study] = {study.name: study for study in (DEMO, OPEN, NHANES)}"
MINE = LINE.replace("NHANES", "NHANES, TINY") + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the package, add a module that says a study, and one line (with its import) to the registry."""
    home = tmp_path_factory.mktemp("newcomer")
    package = home / "hypnic"
    shutil.copytree(Path(hypnic.__file__).parent, package)  # compiled as it is, which takes longer than the build
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
        "Each 1 cup of coffee was associated with",
        "Warmth of the bedroom, per a warm room vs a cool one, was associated with",
        "as many jerks on the postcard",
        "60 postcards came back; the ratios come from 60 of them.",
        "A postcard can be lost.",
        *(f"{ratio:.2f} times" for ratio in rows["estimate"]),
    ):
        assert words in page
    assert "Who is in the data" in page
    assert "for a warm bedroom." in (home / "report" / "methods.html").read_text("utf-8")
    assert "How often it happens" not in page  # nobody said that it is to be shown


@pytest.mark.usefixtures("run")
def test_what_was_frozen_without_a_study_confirms_nothing_of_it(home: Path) -> None:
    assert "Exploratory: not made under a frozen specification" in (home / "report" / "index.html").read_text("utf-8")


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
