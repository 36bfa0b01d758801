"""The frozen table: what is compared, and what is adjusted for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hypnic.analysis import ESTIMANDS, estimands, specification_hash
from hypnic.analysis.studies import EXPOSURES, FROZEN
from hypnic.analysis.studies.grouping import GROUPING
from hypnic.analysis.studies.nhanes import NHANES_INTERVIEW


def test_the_specification_is_the_frozen_one() -> None:
    assert specification_hash() == FROZEN


@pytest.mark.parametrize("change", [{"alike": ("column",)}, {"spread_from": 2}, {"limits": "normal"}], ids=str)
def test_another_way_to_group_submissions_is_another_specification(change, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypnic.analysis.studies.specification.GROUPING", replace(GROUPING, **change))
    assert specification_hash() != FROZEN


@pytest.mark.parametrize("table", ["diary", "survey", "nhanes"])
def test_each_design_has_five_primary_estimands_one_for_each_exposure(table: str) -> None:
    primary = [row.exposure for row in estimands(table) if row.role == "primary"]
    assert primary == list(EXPOSURES)


def test_no_exposure_is_adjusted_for_itself() -> None:
    assert not [row for row in ESTIMANDS if row.column in row.adjustment]


def test_the_total_effect_of_stress_is_not_adjusted_for_what_stress_leads_to() -> None:
    led_to = {"caffeine", "alcohol", "exercise"}
    stress = [row for row in ESTIMANDS if row.exposure == "stress"]
    assert not [row for row in stress if any(word in column for word in led_to for column in row.adjustment)]


def test_the_diary_adjusts_for_the_night_before_and_never_for_the_night_after() -> None:
    columns = {column for row in estimands("diary") for column in row.adjustment}
    assert "sleep_loss_prev_h" in columns
    assert not [column for column in columns if "next" in column and column != "next_day_free"]


DIET = {"caffeine_mg", "caffeine_after_14_mg", "energy_kcal"}
EXAMINED = {"bmi", "distress", "alcohol_g_day"}


def test_the_weight_of_an_nhanes_model_is_that_of_the_smallest_sample_in_it() -> None:
    for row in estimands("nhanes"):
        columns = {row.column, *row.adjustment}
        if columns & DIET:
            assert row.weights == ("weight_diet2" if "both days" in row.unit else "weight_diet1")
        else:
            assert row.weights == ("weight_exam" if columns & EXAMINED else "weight_interview")


@pytest.mark.parametrize("exposure", EXPOSURES)
def test_every_primary_comparison_of_nhanes_is_made_otherwise_too(exposure: str) -> None:
    rows = [row for row in NHANES_INTERVIEW.restated if row.exposure == exposure]
    again = {(row.outcome, row.family): row.scale for row in rows if row.outcome != "leg_jerks_order"}
    assert again == {
        ("leg_jerks", "interval-nb2"): "IRR", ("leg_jerks_open", "interval-nb2"): "IRR",
        ("leg_jerks", "truncated-nb2"): "IRR", ("leg_jerks", "beta-binomial"): "IRR",
        ("leg_jerks_any", "binomial"): "OR", ("leg_jerks_often", "binomial"): "OR",
        ("leg_jerks_midpoint", "quasipoisson"): "IRR", ("leg_cramps_order", "ordered"): "OR",
        ("snoring", "binomial"): "OR",
    }  # fmt: skip
    domains = ["in_2005_2006", "in_2007_2008", "without_rls_medicine"]
    assert [row.domain for row in rows if row.domain] == domains + ["not_former_drinker"] * (exposure == "alcohol")
    assert [row.role for row in rows if row.across == "ratio"] == [
        "secondary" if exposure == "exercise" else "exploratory"
    ]


def test_no_two_rows_say_the_same_of_themselves() -> None:
    told = [
        (row.table, row.exposure, row.unit, row.outcome, row.effect, row.family, row.adjustment) for row in ESTIMANDS
    ]
    assert len(set(told)) == len(told)


def test_one_cycle_alone_is_not_adjusted_for_the_cycle() -> None:
    for row in estimands("nhanes"):
        assert ("cycle" in row.adjustment) == (row.domain not in {"in_2005_2006", "in_2007_2008"})
