"""From a study to its table of estimates."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import hypnic
from hypnic.analysis import StudyData, estimate, programme, study
from hypnic.analysis import estimates as estimating
from hypnic.analysis.question.rows import rounded
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

pytestmark = pytest.mark.xdist_group("estimating")  # what its tests share is made once, in one process
REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="module")
def demo() -> StudyData:
    return study("demo")


@pytest.fixture(scope="module")
def table(demo: StudyData) -> pl.DataFrame:
    return estimate(demo, only=["primary", "E-values"])


def only(ready: StudyData, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Estimate one set of a study, with another frame; give the primary rows."""
    data = next(data for data in ready.sets if data.table == table)
    return estimate(replace(ready, sets=(replace(data, frame=frame),)), only=["primary"])


def frame_of(ready: StudyData, table: str) -> pl.DataFrame:
    return next(data.frame for data in ready.sets if data.table == table)


def test_every_estimate_has_the_contracts_columns_and_its_numbers_once_rounded(table: pl.DataFrame) -> None:
    assert dict(table.schema) == dtypes(Estimates)
    given = table["estimate"].drop_nulls().to_list()
    assert given == [rounded(value) for value in given]
    assert table["status"].unique().to_list() == ["estimated"]


def test_holm_is_over_the_five_primary_rows_of_a_design(table: pl.DataFrame) -> None:
    for design in ("diary", "survey"):
        raw = table.filter(design=design, role="primary").sort("p_value")
        steps = pl.Series([(5 - rank) * p for rank, p in enumerate(raw["p_value"])]).cum_max().clip(upper_bound=1)
        assert raw["p_adjusted"].to_list() == pytest.approx(steps.to_list(), rel=1e-6)
    unadjusted = table.filter(~pl.col("role").is_in(["primary", "secondary"]))
    assert unadjusted["p_adjusted"].is_null().all()


@pytest.mark.parametrize(("role", "method"), [("primary", "holm"), ("secondary", "BH"), ("exploratory", None)])
def test_p_values_are_adjusted_as_r_adjusts_them(role: str, method: str | None) -> None:
    r = json.loads((REFERENCE / "p_adjust.json").read_text("utf-8"))
    facts = {"design": "diary", "role": role, "analysis": "some", "variant": "main"}
    given = pl.DataFrame({"p_value": [*r["p"], None]}).with_columns(pl.lit(v).alias(k) for k, v in facts.items())
    expected = [rounded(p) for p in r[method]] if method else [None] * len(r["p"])
    assert estimating._adjusted(given)["p_adjusted"].to_list() == [*expected, None]


def test_every_primary_ratio_has_an_e_value_beside_it(table: pl.DataFrame) -> None:
    found = table.filter(analysis="E-values")
    primary = table.filter(pl.col("estimate").is_not_null(), role="primary")
    assert found.select("design", "exposure").rows() == primary.select("design", "exposure").rows()
    assert (found["estimate"] >= found["conf_low"]).all()


def test_what_nobody_answered_leaves_the_adjustment_and_the_rows_say_so(demo: StudyData) -> None:
    frame = frame_of(demo, "diary").with_columns(next_day_free=pl.lit(None, pl.Int8))
    table = only(demo, "diary", frame)
    assert table["status"].to_list() == ["estimated"] * 5
    assert not table["adjustment"].str.contains("next_day_free").any()


def test_an_exposure_that_nobody_answered_is_said_in_its_row_and_costs_no_other(demo: StudyData) -> None:
    frame = frame_of(demo, "diary").with_columns(late_vigorous_exercise=pl.lit(None, pl.Int8))
    table = only(demo, "diary", frame)
    assert table.height == 5
    assert table.filter(status="not_estimable").select("exposure", "reason").rows() == [("exercise", "unanswered")]


def test_nothing_is_estimated_from_fewer_than_ten_persons(demo: StudyData) -> None:
    frame = frame_of(demo, "diary")
    few = frame["participant_id"].unique(maintain_order=True).head(9)
    table = only(demo, "diary", frame.filter(pl.col("participant_id").is_in(few.to_list())))
    assert table["estimate"].null_count() == table.height
    assert table["status"].is_in(["suppressed", "not_estimable"]).all()


def test_the_order_of_rows_changes_no_estimate(demo: StudyData) -> None:
    frame = frame_of(demo, "diary")
    shuffled = only(demo, "diary", frame.sample(fraction=1, shuffle=True, seed=3))
    assert shuffled.drop("score_max").equals(only(demo, "diary", frame).drop("score_max"))


def test_an_analysis_that_does_not_exist_is_refused_with_the_list(demo: StudyData) -> None:
    with pytest.raises(HypnicError, match="no analysis 'primry': choose from primary, "):
        estimate(demo, only=["primry"])


@pytest.mark.parametrize(
    ("value", "kept"),
    [(1.234567891234, 1.2345679), (0.00012345678912, 0.00012345679), (0.0, 0.0), (123456789.0, 1.2345679e8)],
)
def test_numbers_keep_eight_significant_digits(value: float, kept: float) -> None:
    assert rounded(value) == kept


def test_the_front_door_estimates_a_study_by_name(demo: StudyData) -> None:
    assert hypnic.estimate("demo", only=["primary"]).equals(estimate(demo, only=["primary"]))


def test_the_benchmark_times_every_analysis_of_the_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = tuple(analysis for analysis in programme.PROGRAMME if analysis.name == "primary")
    monkeypatch.setattr(programme, "PROGRAMME", quick)
    lines = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "analysis.py"))["table"]("demo")
    assert [line.step for line in lines] == ["reading the study", "diary: primary", "survey: primary"]
    assert [line.rows for line in lines] == [None, 5, 5]
    assert all(line.seconds > 0 for line in lines)
