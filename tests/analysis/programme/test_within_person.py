"""What surrounds the primary diary rows: nights before and after, the way back from jerks, within against between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from hypnic.analysis import fit
from hypnic.analysis.programme.aftermath import rows as aftermath
from hypnic.analysis.programme.carryover import rows as carryover
from hypnic.analysis.programme.carryover import shifted
from hypnic.analysis.programme.hybrid import rows as hybrid
from hypnic.analysis.programme.specifications import rows as curve
from hypnic.analysis.programme.specifications import specifications
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.registry import study
from hypnic.analysis.studies.sets import AnalysisSet

COLUMNS = (
    "caffeine_after_14_mg", "caffeine_before_14_mg", "caffeine_mg", "alcohol_g", "stress_0_10",
    "late_vigorous_exercise", "sleep_loss_prev_h", "next_day_free", "stress_prev", "caffeine_prev_mg",
    "alcohol_prev_g", "anxiety_bedtime_0_10", "sleep_loss_h",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> AnalysisSet:
    return next(data for data in study("demo").sets if data.table == "diary")


def diary(demo: AnalysisSet, **changed: pl.Expr) -> AnalysisSet:
    """Draw 200 synthetic diaries of 10 nights in which nothing depends on anything, then change columns."""
    draw = np.random.default_rng(7)
    rows = 2000
    frame = pl.DataFrame({name: draw.normal(size=rows) for name in COLUMNS}).with_columns(
        participant_id=pl.Series([f"p_{n // 10:03}" for n in range(rows)]),
        night_index=pl.Series([n % 10 + 1 for n in range(rows)]),
        jerk_count=pl.Series(draw.poisson(1.5, size=rows)),
        next_day_free=pl.Series(draw.integers(0, 2, size=rows)),
        late_vigorous_exercise=pl.Series(draw.integers(0, 2, size=rows)),
    )
    frame = frame.with_columns(any_jerk=(pl.col("jerk_count") > 0).cast(pl.Int8)).with_columns(**changed)
    return replace(demo, frame=frame)


def test_a_difference_within_person_equals_least_squares_with_an_indicator_for_each_person(demo: AnalysisSet) -> None:
    frame = diary(demo).frame.head(60)
    ours = fit(frame, "sleep_loss_h", ["alcohol_g"], "fe-linear", groups="participant_id", covariance="model").tidy()
    dummies = frame["participant_id"].to_dummies().to_numpy().astype(float)
    theirs = sm.OLS(frame["sleep_loss_h"].to_numpy(), np.column_stack([frame["alcohol_g"].to_numpy(), dummies])).fit()
    assert ours["estimate"][0] == pytest.approx(theirs.params[0], rel=1e-10)
    assert ours["std_error"][0] == pytest.approx(theirs.bse[0], rel=1e-10)


def test_clustered_errors_of_a_difference_equal_those_of_its_dummy_regression(demo: AnalysisSet) -> None:
    frame = diary(demo).frame.head(60)
    keywords = {"groups": "participant_id", "cluster": "participant_id", "covariance": "CR0"}
    ours = fit(frame, "sleep_loss_h", ["alcohol_g"], "fe-linear", **keywords).tidy()
    persons = frame["participant_id"].cast(pl.Categorical).to_physical().to_numpy()
    matrix = np.column_stack([frame["alcohol_g"].to_numpy(), frame["participant_id"].to_dummies().to_numpy()])
    theirs = sm.OLS(frame["sleep_loss_h"].to_numpy(), matrix.astype(float)).fit(
        cov_type="cluster", cov_kwds={"groups": persons, "use_correction": False}
    )
    assert ours["std_error"][0] == pytest.approx(theirs.bse[0], rel=1e-9)


def test_coffee_of_the_evening_after_predicts_nothing_where_it_leads_to_nothing(demo: AnalysisSet) -> None:
    found = [row for row in carryover(diary(demo)) if row["role"] == "sensitivity"]
    assert len(found) == 5
    assert sum(row["conf_low"] < 1 < row["conf_high"] for row in found) >= 4


def test_jerks_that_follow_tomorrows_coffee_are_caught_by_the_negative_control(demo: AnalysisSet) -> None:
    fed_back = 100 * pl.col("jerk_count").shift(1).over("participant_id").fill_null(0).cast(pl.Float64)
    data = diary(demo, caffeine_after_14_mg=fed_back + 10 * pl.col("stress_0_10"))
    row = next(row for row in carryover(data) if row["role"] == "sensitivity")
    assert row["exposure"] == "caffeine"
    assert row["p_value"] < 0.001


def test_both_nights_together_are_the_sum_of_each_on_the_log_scale(demo: AnalysisSet) -> None:
    data = diary(demo)
    frame = shifted(data.frame, "stress_0_10", -1, "before").with_columns(
        pl.col("stress_0_10") / 2, pl.col("before") / 2
    )
    terms = ["stress_0_10", "before", "sleep_loss_prev_h", "next_day_free"]
    fitted = fit(frame, "jerk_count", terms, "fe-poisson", covariance="CR3", **data.keywords)
    together = next(
        row for row in carryover(data) if row["exposure"] == "stress" and row["unit"].endswith("both nights")
    )
    assert np.log(together["estimate"]) == pytest.approx(fitted.params[:2].sum(), rel=1e-6)


def test_sleep_lost_after_a_jerk_is_a_difference_in_hours(demo: AnalysisSet) -> None:
    data = diary(demo, sleep_loss_h=pl.col("sleep_loss_h") + 2 * pl.col("any_jerk"))
    row = next(iter(aftermath(data)))
    assert (row["outcome"], row["scale"], row["role"]) == ("sleep_loss_h", "difference", "exploratory")
    assert row["conf_low"] < 2 < row["conf_high"]


def test_a_difference_between_people_that_is_no_effect_is_told_from_the_one_within(demo: AnalysisSet) -> None:
    draw = np.random.default_rng(1)
    trait = np.repeat(draw.normal(size=200), 10)
    data = diary(
        demo,
        stress_0_10=pl.Series(draw.normal(size=2000) + trait),
        jerk_count=pl.Series(draw.poisson(np.exp(-0.6 * trait + 0.3))),
    )
    within, between, ratio = (row for row in hybrid(data) if row["exposure"] == "stress")
    assert within["conf_low"] < 1 < within["conf_high"]
    assert between["conf_high"] < 0.7
    assert ratio["variant"] == "within-over-between"
    assert ratio["estimate"] == pytest.approx(within["estimate"] / between["estimate"], rel=1e-6)
    assert ratio["p_value"] < 1e-6
    joint = [row for row in hybrid(data) if row["exposure"] == "all"]
    assert (joint[0]["scale"], joint[0]["estimate"]) == ("test", None)
    assert joint[0]["p_value"] < 1e-6


def test_the_first_specification_is_the_primary_one(demo: AnalysisSet) -> None:
    for estimand in demo.estimands:
        first = specifications(estimand, demo.estimands, DIARY)[0]
        assert (first.column, first.adjustment) == (estimand.column, estimand.adjustment)
        assert (first.coding, first.nights) == ("count", "all-nights")


def test_no_specification_adjusts_for_a_part_of_its_own_dose(demo: AnalysisSet) -> None:
    caffeine = next(estimand for estimand in demo.estimands if estimand.exposure == "caffeine")
    whole_day = [s for s in specifications(caffeine, demo.estimands, DIARY) if s.column == "caffeine_mg"]
    assert whole_day
    assert not [s for s in whole_day if any("caffeine" in name for name in s.adjustment)]


@pytest.mark.parametrize(("slope", "low", "high"), [(0.0, 0.05, 1.0), (0.25, 0.0, 0.005)])
def test_the_permutation_test_tells_an_association_from_none(
    demo: AnalysisSet, slope: float, low: float, high: float
) -> None:
    draw = np.random.default_rng(5)
    dose = draw.normal(size=2000)
    data = diary(
        demo,
        alcohol_g=pl.Series(dose),
        jerk_count=pl.Series(draw.poisson(np.exp(slope * dose))),
        unusual_night=pl.lit("no"),
    )
    alcohol = tuple(estimand for estimand in data.estimands if estimand.exposure == "alcohol")
    joint = list(curve(replace(data, estimands=alcohol)))[-1]
    assert (joint["variant"], joint["scale"]) == ("median", "test")
    assert low <= joint["p_value"] <= high


def test_no_fit_stands_under_two_names(demo: AnalysisSet) -> None:
    for estimand in demo.estimands:
        if estimand.role == "primary":
            every = specifications(estimand, [e for e in demo.estimands if e.role == "primary"], DIARY)
            fits = {(s.column, s.coding, s.nights, frozenset(s.adjustment)) for s in every}
            assert len(fits) == len(every)


def median(data: AnalysisSet, *exposures: str) -> dict[str, object]:
    """Give the row of the median over the specifications of the first exposure, `exposures` being all there are."""
    asked = tuple(row for row in data.estimands if row.role == "primary" and row.exposure in exposures)
    every = list(curve(replace(data, estimands=asked)))
    return next(row for row in every if (row["variant"], row["exposure"]) == ("median", exposures[0]))


@pytest.mark.parametrize("value", [3.0, None])
def test_the_median_is_adjusted_for_nothing_that_is_the_same_in_all_rows(
    demo: AnalysisSet, value: float | None
) -> None:
    row = median(diary(demo, sleep_loss_prev_h=pl.lit(value, pl.Float64), unusual_night=pl.lit("no")), "alcohol")
    assert row["status"] == "estimated"
    assert "sleep_loss_prev_h" not in str(row["adjustment"])


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [("alcohol_g", None, "unanswered"), ("late_vigorous_exercise", 1.0, "no_variation")],
)
def test_the_median_says_why_a_specification_cannot_be_had(
    demo: AnalysisSet, column: str, value: float | None, reason: str
) -> None:
    data = diary(demo, **{column: pl.lit(value, pl.Float64)}, unusual_night=pl.lit("no"))
    row = median(data, "alcohol", "exercise")
    assert (row["status"], row["reason"]) == ("not_estimable", reason)
