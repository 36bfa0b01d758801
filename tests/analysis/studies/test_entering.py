"""What a folder can do, said before anybody looks at its jerks: the same as the rows of its report say."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hypnic.analysis import StudyData, entering, estimate
from hypnic.analysis.studies.entering import COARSER, of_tables, sentences
from hypnic.analysis.studies.open import OPEN, content
from hypnic.datasets.checking.files import tables_of
from hypnic.datasets.checking.opened import open_table

SHAPES = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "shapes.py"))
Shape, Part = SHAPES["Shape"], SHAPES["Part"]


def said(folder: Path) -> list[str]:
    tables = {path.stem: open_table(path, path.stem).cast.frame for path in tables_of(folder)}
    assert of_tables(tables).equals(entering(folder))
    return list(sentences(entering(folder), published=False))


@pytest.mark.parametrize(
    "shape",
    [Shape((Part(60),)), Shape((Part(60, columns="core"),)), Shape((Part(40, "survey", "some"),), oddity="one level")],
    ids=str,
)
def test_what_is_said_to_enter_is_what_the_primary_rows_are_adjusted_for(shape, tmp_path: Path) -> None:
    (folder,) = SHAPES["write"](shape, tmp_path / "typed")
    ((published,), _) = SHAPES["accepted"]([folder], tmp_path / "box")
    for place in (folder, published):
        _held_against_rows(place)


def _held_against_rows(folder: Path) -> None:
    found = entering(folder).filter("enters")
    rows = estimate(StudyData(OPEN, *content([folder])), only=["primary"]).filter(pl.col("role") == "primary")
    given = {(row["design"], row["exposure"]): row["adjustment"] for row in rows.iter_rows(named=True)}
    assert found.height
    for row in found.iter_rows(named=True):
        assert given[row["design"], row["exposure"]] == "+".join(row["adjustment"])


def test_how_often_anybody_jerked_changes_nothing(tmp_path: Path) -> None:
    (plain,) = SHAPES["write"](Shape((Part(30),)), tmp_path / "a")
    (none,) = SHAPES["write"](Shape((Part(30),), oddity="no jerks"), tmp_path / "b")
    columns = ["design", "exposure", "enters", "adjustment", "left", "why_not"]
    assert entering(plain).select(columns).equals(entering(none).select(columns))


def test_what_does_not_enter_has_its_reason(tmp_path: Path) -> None:
    (folder,) = SHAPES["write"](Shape((Part(60, "survey"),), oddity="alcohol missing for all"), tmp_path)
    (line,) = said(folder)
    assert line.startswith(
        "survey: enters caffeine, stress, exercise, sleep loss (adjusted, as each needs, for age_band"
    )
    assert "; not alcohol: nobody answered it" in line
    (folder,) = SHAPES["write"](Shape((Part(40, "survey"),), oddity="caffeine constant"), tmp_path / "constant")
    assert "; not caffeine: it is the same throughout" in said(folder)[0]


def test_a_few_people_are_told_that_they_count_together_with_others(tmp_path: Path) -> None:
    (folder,) = SHAPES["write"](Shape((Part(3),)), tmp_path)
    few = "fewer than 10 people; alone too few for any ratio, together with other submissions they count"
    assert said(folder) == [f"diary: {few}", f"survey: {few}"]


@pytest.mark.parametrize(("people", "lines"), [(12, 2), (60, 1)])
def test_some_more_people_are_told_that_publication_may_leave_fewer_ratios(people: int, lines: int, tmp_path) -> None:
    (folder,) = SHAPES["write"](Shape((Part(people, "survey"),)), tmp_path)
    assert said(folder)[1:] == [COARSER][: lines - 1]
    assert len(list(sentences(entering(folder), published=True))) == 1


def test_a_survey_that_nobody_filled_in_is_not_said_to_count_with_others(tmp_path: Path) -> None:
    """A diary alone comes with people of whom nothing but their consent is known."""
    (folder,) = SHAPES["write"](Shape((Part(12, "diary", "core"),)), tmp_path)
    diary, survey, _ = said(folder)
    assert diary.startswith("diary: enters caffeine")
    assert survey == "survey: nobody is left without the rows that a check flags"


def test_it_needs_no_library_of_the_analyses() -> None:
    program = (
        "import sys, hypnic.analysis.studies.entering;"
        "print(*{'statsmodels', 'scipy', 'seaborn', 'matplotlib', 'tqdm', 'threadpoolctl'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == ""
