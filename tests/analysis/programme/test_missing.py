"""From a set with gaps to rows of the table: imputed ratios, and the shift that would tip them."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import Question, StudyData, estimands, study
from hypnic.analysis.programme.missing import imputed_sets, rows, tipping_point
from hypnic.analysis.programme.pooling import pool
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
STRESS = replace(estimands("survey")[2], adjustment=("smoker",), column="stress", step=1.0)


@pytest.fixture(scope="module")
def demo() -> StudyData:
    return study("demo")


def survey(gaps: float = 0.3, n: int = 500) -> AnalysisSet:
    """People with a rate that rises with stress; those who jerk leave stress open."""
    rng = np.random.default_rng(11)
    stress = rng.normal(size=n)
    nights = rng.binomial(30, 1 - np.exp(-0.2 * np.exp(0.15 * stress + 0.5 * rng.normal(size=n))))
    frame = pl.DataFrame(
        {"id": range(n), "stress": stress, "smoker": rng.integers(0, 2, n), "nights": nights, "of": [30] * n}
    )
    open_ = pl.Series(rng.random(n) < np.where(nights > 5, 1.5 * gaps, 0.5 * gaps))
    return AnalysisSet(SURVEY, frame.with_columns(pl.when(~open_).then("stress")), "id", ("nights", "of"), (STRESS,))


def test_there_are_twenty_sets_or_one_for_each_per_cent_with_a_gap() -> None:
    for gaps in (0.05, 0.45):
        data = survey(gaps, n=100)
        incomplete = data.frame["stress"].is_null().mean()
        assert isinstance(incomplete, float)
        assert len(imputed_sets(data, [STRESS])) == max(20, int(np.ceil(100 * incomplete)))


def test_imputed_rows_enter_and_the_interval_is_no_narrower_than_if_they_had_been_answered() -> None:
    data = survey(n=200)
    ratio, share, tipping = rows(data)
    done = replace(data, frame=imputed_sets(data, [STRESS])[0].frame)
    line = Question(done, STRESS).fit().contrast({"stress": 1}).row(0, named=True)
    assert ratio["n_rows"] == 200
    assert ratio["role"] == "sensitivity"
    assert ratio["std_error"] > line["std_error"]
    assert (ratio["variant"], ratio["family"], ratio["status"]) == ("imputed", "cloglog", "estimated")
    assert (share["scale"], share["variant"]) == ("share", "missing-information")
    assert 0 < share["estimate"] < 1
    assert (tipping["scale"], tipping["unit"]) == ("tipping-point", "sd of imputed stress")


def test_the_tipping_point_is_where_the_nearer_limit_is_no_difference() -> None:
    data = survey(n=250)
    ratio, _, tipping = rows(data)
    sets = imputed_sets(data, [STRESS])

    def nearer(delta: float) -> float:
        fits = (Question(replace(data, frame=one.shifted("stress", delta)), STRESS).fit() for one in sets)
        lines = pl.concat(fitted.contrast({"stress": 1}) for fitted in fits)
        pooled = pool(lines["estimate"].to_numpy(), lines["std_error"].to_numpy() ** 2, df=247)
        return min(pooled.limits, key=abs)

    assert nearer(0) == pytest.approx(min(np.log([ratio["conf_low"], ratio["conf_high"]]), key=abs))
    assert abs(nearer(0)) > 0.01
    assert nearer(tipping["estimate"]) == pytest.approx(0, abs=0.001)


def test_none_is_said_where_no_shift_within_one_tips() -> None:
    assert tipping_point(lambda delta: 0.5 + 0.1 * delta) is None
    assert tipping_point(lambda delta: 0.05 - 0.1 * delta) == 0.5
    assert tipping_point(lambda delta: -0.02 - 0.1 * delta) == -0.2


def test_without_a_gap_in_the_exposure_there_is_nothing_to_shift() -> None:
    data = survey()
    whole = replace(data, frame=data.frame.with_columns(pl.col("stress").fill_null(0.0)))
    row, share = rows(whole)
    line = Question(whole, STRESS).fit().contrast({"stress": 1})
    assert row["estimate"] == pytest.approx(np.exp(line["estimate"][0]))
    assert share["estimate"] < 0.01  # what the finite degrees of freedom take


def test_what_nobody_answered_blanks_the_rows_that_study_it_and_leaves_the_others(demo: StudyData) -> None:
    diary = demo.sets[0]
    few = diary.frame["participant_id"].unique(maintain_order=True).head(60)
    frame = diary.frame.filter(pl.col("participant_id").is_in(few.implode())).with_columns(
        stress_prev=pl.lit(None, pl.Int64), alcohol_g=pl.lit(None, pl.Float64)
    )
    made = {(row["exposure"], row["scale"]): row for row in rows(replace(diary, frame=frame))}
    assert (made["alcohol", "IRR"]["status"], made["alcohol", "IRR"]["reason"]) == ("not_estimable", "unanswered")
    assert made["sleep_loss", "IRR"]["status"] == "estimated"
    assert "stress_prev" not in made["sleep_loss", "IRR"]["adjustment"]


def test_fewer_than_ten_persons_are_not_imputed(demo: StudyData) -> None:
    survey_ = demo.sets[1]
    made = list(rows(replace(survey_, frame=survey_.frame.head(9))))
    assert {(row["status"], row["reason"]) for row in made} == {("suppressed", "few_persons")}


@pytest.mark.slow
def test_habits_left_open_on_nights_with_jerks_keep_their_slope_within_persons() -> None:
    draw = runpy.run_path(str(BENCHMARKS / "imputing.py"))
    found = pl.DataFrame([draw["rows"](seed) for seed in range(12)]).mean().row(0, named=True)
    assert found["imputed with the outcome"] > 0.85 * found["every answer"]
    assert found["imputed without it"] < 0.75 * found["every answer"]
