"""From a study to its table of estimates."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import hypnic
from hypnic.analysis import Study, estimate, study
from hypnic.analysis.estimating import PROGRAMME
from hypnic.analysis.rows import rounded
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def demo() -> Study:
    return study("demo")


def only(ready: Study, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Estimate one set of a study, with another frame."""
    data = next(data for data in ready.sets if data.table == table)
    return estimate(replace(ready, sets=(replace(data, frame=frame),)))


def frame_of(ready: Study, table: str) -> pl.DataFrame:
    return next(data.frame for data in ready.sets if data.table == table)


def test_every_estimate_has_the_contracts_columns_and_its_numbers_once_rounded(demo: Study) -> None:
    table = estimate(demo)
    assert dict(table.schema) == dtypes(Estimates)
    assert table["estimate"].to_list() == [rounded(value) for value in table["estimate"]]
    assert table["converged"].all()


def test_holm_is_over_the_five_primary_rows_of_a_design(demo: Study) -> None:
    table = estimate(demo)
    for design in ("diary", "survey"):
        raw = table.filter(design=design, role="primary").sort("p_value")
        steps = pl.Series([(5 - rank) * p for rank, p in enumerate(raw["p_value"])]).cum_max().clip(upper_bound=1)
        assert raw["p_adjusted"].to_list() == pytest.approx(steps.to_list(), rel=1e-6)
    assert table.filter(pl.col("role") != "primary")["p_adjusted"].null_count() == 1


def test_a_column_that_nobody_answered_is_said_in_the_row_and_the_row_stays(demo: Study) -> None:
    frame = frame_of(demo, "diary").with_columns(next_day_free=pl.lit(None, pl.Int8))
    table = only(demo, "diary", frame)
    assert table["estimator"].unique().to_list() == ["not estimable: nobody answered next_day_free"]
    assert table["estimate"].null_count() == table.height == 5


def test_nothing_is_estimated_from_fewer_than_ten_persons(demo: Study) -> None:
    frame = frame_of(demo, "diary")
    few = frame["participant_id"].unique(maintain_order=True).head(9)
    table = only(demo, "diary", frame.filter(pl.col("participant_id").is_in(few.to_list())))
    assert table["estimate"].null_count() == 5
    assert table["estimator"].str.starts_with("not estimable: ").all()


def test_the_order_of_rows_changes_no_estimate(demo: Study) -> None:
    frame = frame_of(demo, "diary")
    shuffled = only(demo, "diary", frame.sample(fraction=1, shuffle=True, seed=3))
    assert shuffled.drop("score_max").equals(only(demo, "diary", frame).drop("score_max"))


@pytest.mark.parametrize(
    ("value", "kept"),
    [(1.234567891234, 1.2345679), (0.00012345678912, 0.00012345679), (0.0, 0.0), (123456789.0, 1.2345679e8)],
)
def test_numbers_keep_eight_significant_digits(value: float, kept: float) -> None:
    assert rounded(value) == kept


def test_the_front_door_estimates_a_study_by_name(demo: Study) -> None:
    assert hypnic.estimate("demo").equals(estimate(demo))


def test_the_benchmark_times_every_analysis_of_the_programme() -> None:
    made = runpy.run_path(str(BENCHMARKS / "analysis.py"))["table"]("demo")
    names = [f"{table}: {a.__module__.rpartition('.')[2]}" for table in ("diary", "survey") for a in PROGRAMME[table]]
    assert [line.step for line in made][1:-1] == names
    assert all(line.seconds > 0 for line in made[:-1])


@pytest.mark.slow
def test_within_persons_the_truth_comes_out_and_pooled_over_persons_coffee_seems_harmless() -> None:
    draw = runpy.run_path(str(BENCHMARKS / "coverage.py"))
    table = draw["summary"](pl.DataFrame([row for seed in range(30) for row in draw["rows"](seed)]))
    within, pooled = (
        table.filter(fit=fit).rows_by_key("exposure", named=True, unique=True) for fit in ("within person", "pooled")
    )
    assert all(row["hold_target"] >= 0.8 for row in within.values())
    assert within["caffeine"]["mean"] == pytest.approx(within["caffeine"]["target"], abs=0.04)
    assert pooled["caffeine"]["mean"] < 1
    assert pooled["caffeine"]["hold_total"] < 0.5
