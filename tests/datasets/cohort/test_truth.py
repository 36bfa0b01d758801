"""Truth of the synthetic population: interventions, and the committed numbers computed again in small."""

import json
from importlib.resources import files
from math import log
from typing import Any

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.truth import population_truth
from hypnic.datasets.cohort.people import draw_traits, habits
from hypnic.datasets.cohort.process import Process, direct_ratios
from hypnic.datasets.cohort.truth import (
    chunks,
    diary_totals,
    generator,
    population_diary,
    population_survey,
    survey_totals,
)


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    text = files("hypnic.datasets").joinpath("demo/truth.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def test_nothing_acts_when_every_ratio_is_one() -> None:
    idle = Process(1, 1, 1, 0, 1, 1, 1)
    assert diary_totals(0, 200, idle, n_nights=3) == pytest.approx(dict.fromkeys(direct_ratios(idle)["diary"], 1.0))
    assert survey_totals(0, 200, idle) == pytest.approx(dict.fromkeys(direct_ratios(idle)["survey"], 1.0))


def test_what_comes_last_has_no_more_than_its_direct_effect() -> None:
    total, direct = diary_totals(0, 500, Process(), n_nights=3), direct_ratios(Process())["diary"]
    assert total["caffeine"] == pytest.approx(direct["caffeine"])
    assert total["exercise"] == pytest.approx(direct["exercise"])


def test_stress_also_acts_through_coffee_and_drink() -> None:
    assert diary_totals(0, 2000, Process(), n_nights=3)["stress"] > Process().stress + 0.01


def test_moving_stress_moves_what_follows_from_it_and_nothing_before() -> None:
    traits = draw_traits(generator(0), 2000)
    plain, moved = habits(traits, Process()), habits(traits, Process(), {"stress": 2})
    np.testing.assert_array_equal(moved.stress, plain.stress + 2)
    np.testing.assert_array_equal(moved.sleep_need, plain.sleep_need)
    np.testing.assert_array_equal(moved.base, plain.base)
    assert moved.caffeine.mean() > plain.caffeine.mean()
    assert moved.sleep_usual.mean() < plain.sleep_usual.mean()


def test_sleep_loss_is_unseen_on_the_first_night_and_after_a_gap() -> None:
    diary = population_diary(generator(0), 200, Process(), n_nights=14)
    firsts = diary.group_by("person", maintain_order=True).first()
    assert firsts["sleep_loss"].null_count() == 200
    gaps = 200 * 14 - diary.height
    assert 200 < diary["sleep_loss"].null_count() <= 200 + gaps


def test_large_populations_come_in_parts() -> None:
    assert sum(chunks(50_001)) == 50_001
    assert max(chunks(50_001)) <= 20_000


def test_survey_background_is_coded_as_zero_and_one() -> None:
    survey = population_survey(generator(0), 500, Process())
    flags = survey.select(pl.col("^.*\\[.*$"), "nicotine", "ssri", "stimulant", "rls")
    assert flags.width == 16
    assert set(np.unique(flags.to_numpy())) == {0.0, 1.0}


@pytest.mark.slow
def test_committed_totals_come_out_again(truth: dict[str, Any]) -> None:
    # no closed form for their Monte Carlo error: ten draws of other people show it
    for design, totals in (("diary", diary_totals), ("survey", survey_totals)):
        draws = [totals(seed, 5_000, Process()) for seed in range(11, 21)]
        for name, entry in truth[design].items():
            logs = np.log([draw[name] for draw in draws])
            # the committed number has an error too, from at least three times as many people, and is rounded
            error = logs.std(ddof=1) * (1 / 10 + 1 / 30) ** 0.5
            # Student's t with 9 degrees of freedom, two-sided 99.9 %
            assert abs(logs.mean() - log(entry["total"])) < 4.78 * error + 1e-4, (design, name)


@pytest.mark.slow
def test_committed_targets_come_out_again(truth: dict[str, Any]) -> None:
    again = population_truth(seed=77, n_diarists=100_000, n_people=200_000)
    for design in ("diary", "survey"):
        for name, entry in truth[design].items():
            error = np.hypot(entry["target_log_se"], again[design][name]["target_log_se"])
            distance = abs(log(again[design][name]["target"]) - log(entry["target"]))
            assert distance < 4.5 * error, (design, name)  # ten comparisons, errors from 5 and 10 parts
