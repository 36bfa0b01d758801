"""The frozen table: what is compared, and what is adjusted for."""

from __future__ import annotations

import pytest

from hypnic.analysis import ESTIMANDS, estimands, specification_hash
from hypnic.analysis.estimands import EXPOSURES, FROZEN


def test_the_specification_is_the_frozen_one() -> None:
    assert specification_hash() == FROZEN


@pytest.mark.parametrize("table", ["diary", "survey", "nhanes"])
def test_each_design_has_five_primary_estimands_one_for_each_exposure(table: str) -> None:
    primary = [row.exposure for row in estimands(table) if row.role == "primary"]  # type: ignore[arg-type]
    assert tuple(primary) == EXPOSURES


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


def test_diet_in_an_nhanes_model_brings_the_weight_of_the_diet_sample() -> None:
    for row in estimands("nhanes"):
        diet = "caffeine_mg" in {row.column, *row.adjustment}
        assert row.weights == ("weight_diet1" if diet else "weight_exam")
