"""How well the models fit: what the report keeps of the checks, and what it keeps quiet about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.analysis import questions
from hypnic.analysis.checks.diagnostics import diagnose
from hypnic.errors import HypnicError
from hypnic.reports.checks import Checks, check_rows, checks
from hypnic.reports.panels import check_figures

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.analysis import StudyData
    from hypnic.analysis.results import Results
    from hypnic.reports.report import Report

pytestmark = pytest.mark.xdist_group("built")  # half a minute to make: once, in one process


@pytest.fixture(scope="module")
def survey(made: Report) -> Checks:
    return next(checks for checks in made.checks if checks.name == "survey")


@pytest.fixture(scope="module")
def rows(made: Report) -> pl.DataFrame:
    assert made.check_rows is not None
    return made.check_rows.filter(table="survey")


def test_a_row_of_the_table_is_a_check_and_a_column_an_exposure(survey: Checks, rows: pl.DataFrame) -> None:
    assert survey.table.header[1:-1] == ("Caffeine", "Alcohol", "Stress", "Vigorous exercise", "Sleep loss")
    assert [row[0] for row in survey.table.rows] == rows["check"].unique(maintain_order=True).to_list()


def test_a_reading_that_differs_between_exposures_names_them(survey: Checks, rows: pl.DataFrame) -> None:
    readings = rows.group_by("check", maintain_order=True).agg(pl.col("reading").n_unique())
    for row, (_, different) in zip(survey.table.rows, readings.iter_rows(), strict=True):
        assert ("(" in row[-1]) is (different > 1)


def test_counts_are_said_in_whole_per_cent_only(made: Report) -> None:
    (drawing,) = (drawing for drawing in made.figures["checks"] if drawing.name == "fit-survey-counts")
    said = drawing.description
    classes = re.findall(r"[\d–+]+: (\d+)\s% seen, (\d+)\s% drawn", said)
    assert len(classes) == said.count(";") + 1
    assert all(
        sum(int(share) for share in shares) == pytest.approx(100, abs=5) for shares in zip(*classes, strict=True)
    )


def test_figures_of_more_rows_than_are_compared_say_whose_rows_they_show(found: Results, made: Report) -> None:
    assert not any("by lot" in drawing.meaning for drawing in made.figures["checks"])
    many = {name: tuple(replace(one, some=True) for one in checks) for name, checks in found.checks.items()}
    figures = {sketch().name: sketch().meaning for sketch in check_figures(replace(found, checks=many))}
    shown = [name for name, meaning in figures.items() if "(of more than 30,000 rows, those of people drawn" in meaning]
    assert shown == [name for name in figures if not name.endswith("-without")]


def test_models_of_fewer_than_ten_persons_are_not_checked(demo: StudyData) -> None:
    for data in demo.sets:
        few = data.frame[data.person].unique(maintain_order=True).head(9)
        small = replace(data, frame=data.frame.filter(pl.col(data.person).is_in(few.implode())))
        for question in questions(small):
            with pytest.raises(HypnicError):
                diagnose(question)


def test_a_set_without_checks_has_no_section_no_figure_and_no_rows(found: Results) -> None:
    without = replace(found, checks=dict.fromkeys(found.checks, ()))
    assert (checks(without), list(check_figures(without)), check_rows(without)) == ((), [], None)


def test_the_folder_has_every_check_as_csv_and_a_figure_of_each_analysis(built: Path) -> None:
    written = pl.read_csv(built / "diagnostics.csv")
    assert written.columns == ["table", "exposure", "check", "statistic", "p_value", "reading"]
    assert written.group_by("table").agg(pl.col("exposure").n_unique()).sort("table").rows() == [
        ("diary", 5),
        ("survey", 5),
    ]
    drawn = {path.stem for path in (built / "figures").glob("fit-*.svg")}
    parts = ("counts", "residuals", "trend", "without")
    assert drawn == {f"fit-{table}-{part}" for table in ("diary", "survey") for part in parts}


def test_lines_that_so_few_people_may_not_have_are_neither_drawn_nor_spoken_of(found: Results, made: Report) -> None:
    bare = {
        table: tuple(replace(one, quantiles=one.quantiles.clear(), trend=one.trend.clear()) for one in checks)
        for table, checks in found.checks.items()
    }
    lines = {f"fit-{table}-{part}" for table in bare for part in ("residuals", "trend")}
    figures = {sketch().name for sketch in check_figures(replace(found, checks=bare))}
    assert figures == {drawing.name for drawing in made.figures["checks"]} - lines
    assert len(figures) == 4
