"""What is said of differences between persons: intervals, shares, and which mean is which."""

from __future__ import annotations

import runpy
from dataclasses import replace
from math import exp, log
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from hypnic.analysis import Question, study
from hypnic.analysis.mixed.intervals import limits, ratio_profile, spread_profile
from hypnic.analysis.mixed.maximum import climb, likeliest
from hypnic.analysis.programme.heterogeneity import heterogeneity, rows, split
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

pytestmark = pytest.mark.xdist_group("heterogeneity")  # what its tests share is made once, in one process
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def diary():
    return next(data for data in study("demo").sets if data.table == "diary")


@pytest.fixture(scope="module")
def alcohol(diary):
    return next(row for row in diary.estimands if row.exposure == "alcohol")


def drinkers(diary, mean, spread, seed, persons=250):
    """Give a synthetic diary in the demo's columns: persons' log ratios per 10 g are normal, nothing else acts."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), 14)
    n = len(person)
    grams = np.where(rng.random(n) < 0.4, rng.gamma(3, 7, n), 0) * rng.gamma(3, 1 / 3, persons)[person]
    slope, own = rng.normal(mean, spread, persons), rng.normal(0, 0.8, persons)
    rate = np.exp(own[person] + slope[person] * grams / 10) * rng.gamma(2, 0.5, n)
    others = {name: rng.normal(size=n) for name in diary.estimands[1].adjustment}
    columns = {"participant_id": person.astype(str), "jerk_count": rng.poisson(rate), "alcohol_g": grams}
    return replace(diary, frame=pl.DataFrame(columns | others))


@pytest.fixture(scope="module")
def differing(diary, alcohol):
    return Question(drinkers(diary, 0.05, 0.25, seed=2), alcohol)


@pytest.fixture(scope="module")
def found(differing):
    return heterogeneity(differing)


def test_intervals_include_what_the_persons_were_drawn_from(found):
    for truth, interval in {0.25: found.spread, float(norm.cdf(-0.05 / 0.25)): found.helped}.items():
        estimate, low, high = interval
        assert low < estimate < high
        assert low < truth < high
    for truth, line in {0.05: found.typical, 0.05 + 0.25**2 / 2: found.average}.items():
        assert line["conf_low"][0] < truth < line["conf_high"][0]
    assert found.p_value < 1e-4


def test_a_fit_of_one_slope_for_all_lies_above_the_typical_person_where_persons_differ(differing, found):
    frame = differing.data.frame.with_columns(pl.col("alcohol_g") / 10)
    pooled = fit(frame, "jerk_count", ["alcohol_g"], "fe-poisson", groups="participant_id", covariance="model").params[
        0
    ]
    assert found.typical["estimate"][0] < found.average["estimate"][0] < pooled


def test_the_mean_of_ratios_is_that_of_a_lognormal(found):
    assert found.average["estimate"][0] == pytest.approx(found.typical["estimate"][0] + found.spread[0] ** 2 / 2)


def test_at_the_limits_the_likelihood_has_fallen_by_half_the_chi_square_point(found):
    maximum, mean = likeliest(found.fitted.maximum), found.fitted.names.index("alcohol")
    unit = found.fitted.design.back[mean, mean]
    spread, ratio = spread_profile(maximum), ratio_profile(maximum, mean)
    for limit in found.spread[1:]:
        assert maximum.loglik - spread(limit / unit) == pytest.approx(3.841458820694124 / 2, abs=1e-6)
    for share in found.helped[1:]:
        assert maximum.loglik - ratio(-norm.ppf(share)) == pytest.approx(3.841458820694124 / 2, abs=1e-6)


def test_a_profile_is_what_a_search_over_every_other_parameter_finds(found):
    """The profile searches in standard errors along a ratio; this one fixes the sd and searches plainly."""
    maximum = likeliest(found.fitted.maximum)
    at = maximum.model.parts[1].stop - 1
    start, every = maximum.params.copy(), np.eye(len(maximum.params))
    start[at] *= 1.3
    plain = climb(maximum.model, start, np.delete(every, at, axis=1) / 10)[1]
    assert spread_profile(maximum)(start[at]) == pytest.approx(plain, abs=1e-6)


def test_where_persons_do_not_differ_the_spread_may_be_zero_and_nobody_be_helped(diary, alcohol):
    alike = heterogeneity(Question(drinkers(diary, 0.15, 1e-9, seed=4), alcohol))
    assert alike.spread[0] > alike.spread[1] == 0.0
    assert alike.helped[0] > alike.helped[1] == 0.0
    assert alike.p_value > 0.05
    assert alike.typical["conf_low"][0] < 0.15 < alike.typical["conf_high"][0]


def test_limits_are_the_ends_of_the_range_where_the_likelihood_falls_too_little():
    assert limits(lambda value: -(value**2) / 200, top=0, at=0, low=-1, high=2) == (-1, 2)


def test_covariates_are_split_within_persons_over_the_nights_that_enter(differing):
    data = differing.data
    gaps = differing.on(data.frame.with_columns(
        stress_0_10=pl.when(pl.int_range(pl.len()) % 5 > 0).then("stress_0_10")
    ))  # fmt: skip
    frame, terms = split(gaps)
    assert frame.height == data.frame.height - data.frame.height // 5
    assert terms[:2] == ["alcohol", "alcohol_mean"]
    within = frame.group_by("participant_id").agg(pl.col("stress_0_10_within").sum().abs())
    assert within["stress_0_10_within"].max() < 1e-9


def test_the_demo_has_six_rows_that_the_table_of_estimates_accepts(diary):
    named = [row | {"study": "demo", "analysis": rows.name} for row in rows(diary)]
    table = Estimates.validate(pl.DataFrame(named, schema=dtypes(Estimates), orient="row"))
    assert table["scale"].to_list() == ["IRR", "IRR", "IRR", "IRR", "difference", "share"]
    assert table["role"].to_list() == ["secondary"] * 2 + ["exploratory"] * 2 + ["secondary"] * 2
    assert table["status"].unique().to_list() == ["estimated"]
    typical, average, lowest, highest, spread, helped = table["estimate"]
    assert log(highest / typical) == pytest.approx(log(typical / lowest)) == pytest.approx(1.959964 * spread, rel=1e-6)
    assert average == pytest.approx(typical * exp(spread**2 / 2), rel=1e-6)
    assert helped == pytest.approx(norm.cdf(-log(typical) / spread), rel=1e-5)


def test_an_exposure_that_nobody_answered_is_said_in_one_row(diary, caplog):
    caplog.set_level("INFO", "hypnic.analysis")
    empty = replace(diary, frame=diary.frame.with_columns(alcohol_g=pl.lit(None, pl.Float64)))
    (row,) = rows(empty)
    assert (row["status"], row["reason"]) == ("not_estimable", "unanswered")
    assert "no night has" in caplog.text
    assert row["estimate"] is None


@pytest.mark.slow
def test_the_simulation_study_counts_every_estimate_of_a_cohort():
    study_of = runpy.run_path(str(BENCHMARKS / "heterogeneity.py"))
    table = study_of["summary"](pl.DataFrame(study_of["rows"](1), infer_schema_length=None))
    assert table["what"].to_list() == list(study_of["TRUTH"])
    assert table["include"].is_in([0.0, 1.0]).all()


def test_two_nights_give_the_means_where_they_give_no_profile_of_the_spread():
    short = simulated_set("diary", 60, seed=4, nights=8)
    short = replace(short, frame=short.frame.filter(pl.col("night_index").is_in([2, 3])))
    typical, average, _, _, spread = rows(short)
    assert typical["status"] == average["status"] == "estimated"
    assert (spread["variant"], spread["status"], spread["reason"]) == (
        "sd-of-log-ratios",
        "not_estimable",
        "no_maximum",
    )
