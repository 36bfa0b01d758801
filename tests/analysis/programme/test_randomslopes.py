"""Where persons' ratios lie, of each of the five exposures."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from nights import Floats, Night, lived, only
from scipy.stats import norm

from hypnic.analysis.programme.randomslopes import rows

pytestmark = pytest.mark.xdist_group("randomslopes")  # what its tests share is made once, in one process
MEAN, SD = 0.1, 0.3


def differing(rng: np.random.Generator, own: Floats, _before: Night) -> Night:
    """Let stress act on each person by a slope of their own; nothing else acts."""
    slope = MEAN + SD * norm.ppf(np.random.default_rng(8).permutation(np.arange(0.5, len(own)) / len(own)))
    stress = rng.normal(size=len(own))
    noise = rng.gamma(2, 0.5, len(own))
    return {"stress_0_10": 2 * stress, "jerk_count": rng.poisson(np.exp(own + slope * stress) * noise).astype(float)}


@pytest.fixture(scope="module")
def found() -> list[dict[str, object]]:
    return list(rows(lived(differing, persons=250)))


def test_in_95_of_100_people_the_ratio_lies_between_the_ends(found) -> None:
    low, high = (only(found, exposure="stress", variant=f"range-of-persons-{end}") for end in ("low", "high"))
    assert log(low["estimate"]) == pytest.approx(MEAN - 1.96 * SD, abs=0.12)
    assert log(high["estimate"]) == pytest.approx(MEAN + 1.96 * SD, abs=0.12)
    assert low["p_value"] is low["std_error"] is low["conf_low"] is None


def test_the_ends_lie_twice_the_sd_to_both_sides_of_the_typical_ratio(found) -> None:
    typical, sd, low, high = (
        only(found, exposure="stress", variant=variant)
        for variant in ("typical-person", "sd-of-log-ratios", "range-of-persons-low", "range-of-persons-high")
    )
    assert log(high["estimate"] / typical["estimate"]) == pytest.approx(1.959964 * sd["estimate"], rel=1e-6)
    assert log(typical["estimate"] / low["estimate"]) == pytest.approx(1.959964 * sd["estimate"], rel=1e-6)
    assert sd["p_value"] < 1e-4


def test_an_exposure_whose_effect_is_one_for_all_is_not_said_to_differ(found) -> None:
    for exposure in ("caffeine", "exercise", "sleep_loss"):
        assert only(found, exposure=exposure, variant="sd-of-log-ratios")["conf_low"] < 0.02


def test_alcohol_is_left_to_heterogeneity_so_that_its_slope_is_fitted_once(found) -> None:
    assert {row["exposure"] for row in found} == {"caffeine", "stress", "exercise", "sleep_loss"}
    assert [row["role"] for row in found] == ["exploratory"] * (4 * 4)
