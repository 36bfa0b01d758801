"""Folders of unlike shapes come to a page or to one plain sentence: a few of the benchmark `shapes`."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from hypnic.analysis import StudyData
from hypnic.analysis.studies.open import OPEN, content
from hypnic.errors import HypnicError
from hypnic.reports.building import build_own, study_files

SHAPES = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "shapes.py"))
Shape, Part, write, ODDITIES = SHAPES["Shape"], SHAPES["Part"], SHAPES["write"], SHAPES["ODDITIES"]
FEW = "No report is published of fewer than 10 people"


@pytest.mark.parametrize("parts", [(Part(1),), (Part(4), Part(5, columns="core"))], ids=lambda some: f"{len(some)}")
def test_of_fewer_than_ten_people_the_open_study_says_one_sentence_and_no_number(parts, tmp_path: Path) -> None:
    files = study_files(StudyData(OPEN, *content(write(Shape(parts), tmp_path))))
    assert set(files) == {"index.html", "provenance.json"}
    text = files["index.html"].decode().partition('<main id="main">')[2].partition("</main>")[0]
    assert FEW in text
    assert [word for word in text.split() if any(letter.isdigit() for letter in word)] == ["10"]


def test_the_provenance_has_every_file_of_every_submission(tmp_path: Path) -> None:
    folders = write(Shape((Part(2), Part(3, columns="core"))), tmp_path)
    known = json.loads(study_files(StudyData(OPEN, *content(folders)))["provenance.json"])["inputs"]
    files = ("nights.csv", "participants.csv", "submission.toml")
    assert set(known) == {f"{folder.name}/{name}" for folder in folders for name in files}


@pytest.mark.parametrize("oddity", ["", *ODDITIES])
def test_a_diary_of_one_person_is_a_page_for_them_whatever_is_odd_about_it(oddity: str, tmp_path: Path) -> None:
    (folder,) = write(Shape((Part(1),), oddity=oddity), tmp_path)
    out = build_own(folder, tmp_path / "report")
    page = (out / "index.html").read_text("utf-8")
    assert "Private and exploratory" in page
    assert "Your nights" in page
    assert "How little one diary can say" in page
    assert {path.name for path in out.rglob("*.*")} == {
        "index.html", "provenance.json", "comparisons.csv", "nights.svg", "nights.csv",
    }  # fmt: skip
    told = json.loads((out / "provenance.json").read_text("utf-8"))
    assert told["specification"]["sha256"] is None
    assert not told["specification"]["confirmatory"]
    assert set(told["inputs"]) == {"participants.csv", "nights.csv"}


def test_a_diary_of_two_nights_has_nothing_to_compare_and_says_so(tmp_path: Path) -> None:
    (folder,) = write(Shape((Part(1, "diary", "core"),), nights=2, seed=4), tmp_path)
    page = (build_own(folder, tmp_path / "report") / "index.html").read_text("utf-8")
    assert "there is nothing to compare" in page or "was not answered" in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "unsaid"),
    [
        (Shape((Part(12, "survey", "some"),), missing=0.1), "persons, of"),
        (Shape((Part(12, columns="core"), Part(4, "diary")), oddity="no jerks"), "times as many"),
    ],
    ids=str,
)
def test_a_dozen_people_have_a_page_whose_empty_sections_say_so(shape, unsaid: str, tmp_path: Path) -> None:
    files = study_files(StudyData(OPEN, *content(write(shape, tmp_path))))
    page = files["index.html"].decode()
    assert page.count("<h2") == SHAPES["SECTIONS"]
    assert "Nothing is shown here" in page
    assert f"{len(shape.parts)} submission" in page
    assert "collected by online form (2026 Q3)" in page
    assert unsaid not in page
    assert json.loads(files["provenance.json"])["specification"]["sha256"]


def test_a_folder_with_errors_of_the_check_is_refused_in_one_line(tmp_path: Path) -> None:
    (folder,) = write(Shape((Part(2),)), tmp_path)
    table = folder / "nights.csv"
    table.write_text(table.read_text().replace("\n", "\nx,", 2))
    with pytest.raises(HypnicError, match=r"error.*`hypnic check"):
        build_own(folder, tmp_path / "report")
    assert not (tmp_path / "report").exists()
