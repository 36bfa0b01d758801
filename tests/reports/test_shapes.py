"""Folders of unlike shapes come to a page or to one plain sentence: a few of the benchmark `shapes`."""

from __future__ import annotations

import json
import re
import runpy
import tempfile
from pathlib import Path

import polars as pl
import pytest
from drawn import bare_results
from hypothesis import given, settings
from hypothesis import strategies as st

from hypnic.analysis import StudyData
from hypnic.analysis.studies.open import OPEN, content
from hypnic.datasets.checking.files import check
from hypnic.datasets.intake.classes import judge
from hypnic.datasets.intake.problems import problems
from hypnic.datasets.intake.published import read_published
from hypnic.errors import HypnicError
from hypnic.reports.building import build_own, study_files
from hypnic.reports.files import report_files
from hypnic.reports.report import report

SHAPES = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "shapes.py"))
Shape, Part, write, ODDITIES = SHAPES["Shape"], SHAPES["Part"], SHAPES["write"], SHAPES["ODDITIES"]
accepted = SHAPES["accepted"]
FEW = "No report is published of fewer than 10 people"
FORMS, KEPT = ("both", "half", "survey", "diary"), ("all", "some", "core")
REFUSED = r"too few people are alike|\d+ (person is|people are) with(out)? nights, and too few are alike"


def shapes(part: st.SearchStrategy, most: int, nights: int) -> st.SearchStrategy:
    """Draw folders: how many, of whom, which columns, how many nights, how much is missing, and what is odd."""
    return st.builds(
        Shape, st.lists(part, min_size=1, max_size=most).map(tuple), st.integers(2, nights),
        st.sampled_from([0.0, 0.05, 0.2]), st.sampled_from(["", *ODDITIES]), st.integers(0, 999),
    )  # fmt: skip


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


@settings(max_examples=4)
@given(
    shapes(st.builds(Part, st.just(1), st.sampled_from(["both", "diary"]), st.sampled_from(KEPT)), most=1, nights=28)
)
def test_a_diary_of_one_person_is_a_page_for_them_whatever_its_shape(shape) -> None:
    with tempfile.TemporaryDirectory() as place:
        (folder,) = write(shape, Path(place))
        out = build_own(folder, Path(place) / "report")
        page = (out / "index.html").read_text("utf-8")
        assert "Private and exploratory" in page
        assert "Your nights" in page
        assert "How little one diary can say" in page
        assert {path.name for path in out.rglob("*.*")} == {
            "index.html", "report.pdf", "provenance.json", "comparisons.csv", "nights.svg", "nights.png",
            "nights.csv",
        }  # fmt: skip
        told = json.loads((out / "provenance.json").read_text("utf-8"))
        assert told["specification"]["sha256"] is None
        assert not told["specification"]["confirmatory"]
        assert set(told["inputs"]) == {"participants.csv", "nights.csv"}


@settings(max_examples=4)
@given(shapes(st.builds(Part, st.integers(3, 16), st.sampled_from(FORMS), st.sampled_from(KEPT)), most=3, nights=7))
def test_folders_of_any_shape_are_hidden_or_refused_and_what_is_accepted_has_a_page(shape) -> None:
    """From check to submit to the pages, with every warning an error; few analyses, so that it is soon done."""
    with tempfile.TemporaryDirectory() as place:
        folders = write(shape, Path(place) / "raw")
        assert [found for folder in folders for found in check(folder).filter(level="error")["message"]] == []
        taken, refused = accepted(folders, Path(place) / "box")
        assert [said for said in refused if not re.match(REFUSED, said) or "\n" in said] == []
        assert [said for folder in taken for said in problems(folder)] == []
        if not taken:
            return
        judged = judge(*(read_published(folder) for folder in taken))
        assert (judged.k >= 5, judged.alike) == (True, 0)
        data = StudyData(OPEN, *content(taken))
        files = study_files(data) if data.persons < 10 else report_files(report(bare_results(data)))
        known = set(json.loads(files["provenance.json"])["inputs"])
        assert known == {f"{folder.name}/{path.name}" for folder in taken for path in folder.iterdir()}
        if data.persons < 10:
            assert set(files) == {"index.html", "provenance.json"}
            return
        rows = pl.read_csv(files["estimates.csv"], infer_schema_length=None)
        assert rows.filter(pl.col("estimate").is_not_null() == pl.col("reason").is_not_null()).is_empty()
        assert {"index.html", "claims.html", "estimates.html"} <= set(files)


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


def test_a_diary_whose_people_filled_in_no_form_is_a_diary_all_the_same(tmp_path: Path) -> None:
    """Of these people only their consent and their nights are known: an empty form takes no night away."""
    taken, _ = accepted(write(Shape((Part(12, "diary"),)), tmp_path / "raw"), tmp_path / "box")
    diary, survey = content(taken).sets
    assert diary.frame["participant_id"].n_unique() == 12
    assert survey.frame.is_empty()


def test_whoever_failed_the_trap_item_is_in_neither(tmp_path: Path) -> None:
    (folder,) = write(Shape((Part(12),)), tmp_path)
    path = folder / "participants.csv"
    rows = pl.read_csv(path, infer_schema=False).with_row_index()
    failed = pl.when(pl.col("index") < 3).then(pl.lit("false")).otherwise("attention_ok")
    careless = rows.with_columns(failed.alias("attention_ok"))
    path.write_text(careless.drop("index").write_csv())
    assert [data.frame["participant_id"].n_unique() for data in content([folder]).sets] == [9, 9]


def test_a_folder_with_errors_of_the_check_is_refused_in_one_line(tmp_path: Path) -> None:
    (folder,) = write(Shape((Part(2),)), tmp_path)
    table = folder / "nights.csv"
    table.write_text(table.read_text().replace("\n", "\nx,", 2))
    with pytest.raises(HypnicError, match=r"error.*`hypnic check"):
        build_own(folder, tmp_path / "report")
    assert not (tmp_path / "report").exists()
