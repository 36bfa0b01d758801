"""Power by simulation: what is planted, what is counted, and that the table hangs on nothing but its seed."""

from __future__ import annotations

import pytest

from hypnic.analysis.power import power
from hypnic.analysis.studies.estimands import EXPOSURES
from hypnic.datasets.cohort.process import Process, direct_ratios, with_total
from hypnic.datasets.cohort.truth import diary_totals, survey_totals
from hypnic.errors import HypnicError


@pytest.mark.parametrize("ratio", [1.0, 1.3])
@pytest.mark.parametrize("exposure", EXPOSURES)
def test_the_ratio_asked_for_is_the_total_one_of_the_process(exposure: str, ratio: float) -> None:
    diary, survey = (with_total(Process(), design, exposure, ratio) for design in ("diary", "survey"))
    assert diary_totals(0, 300, diary, n_nights=3)[exposure] == pytest.approx(ratio, rel=1e-12)
    assert direct_ratios(survey)["survey"][exposure] == pytest.approx(ratio, rel=1e-12)
    # whole sessions and clock steps of a quarter hour keep a usual week from following the ratio exactly
    assert survey_totals(0, 300, survey)[exposure] == pytest.approx(ratio, rel=1e-12 if ratio == 1 else 0.05)


def test_the_same_seed_gives_the_same_table_whatever_the_number_of_processes() -> None:
    one, two = (power(30, 6, 1.5, simulations=3, seed=4, jobs=jobs) for jobs in (1, 2))
    assert one.equals(two)


def test_more_people_find_more() -> None:
    table = power(60, 10, 1.5, exposure="stress", simulations=12, seed=2)
    assert table["persons"].to_list() == [30, 60, 120]
    assert table["detected"].is_sorted()
    assert table["detected"][-1] > table["detected"][0]
    assert (table["low"] <= table["detected"]).all()
    assert (table["detected"] <= table["high"]).all()


def test_a_study_too_small_to_fit_detects_nothing_and_is_counted() -> None:
    row = power(20, 2, 1.1, exposure="sleep_loss", simulations=2, seed=1).row(0, named=True)
    assert (row["persons"], row["fitted"], row["detected"], row["mean_ratio"]) == (10, 0, 0.0, None)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"persons": 5}, "5 persons are too few to plan for: ask for at least 20"),
        ({"persons": 50, "exposure": "tea"}, "no exposure 'tea': choose from caffeine, alcohol"),
        ({"persons": 50, "ratio": 0}, "a ratio of 0 cannot be simulated: choose one from 0.2 to 5"),
    ],
)
def test_what_cannot_be_simulated_is_refused(asked: dict, message: str) -> None:
    with pytest.raises(HypnicError, match=message):
        power(**asked)
