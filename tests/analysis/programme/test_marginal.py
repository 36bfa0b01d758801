"""The marginal structural model: what it finds where last night's jerks and stress lead to tonight's coffee."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from nights import Floats, Night, asked, lived, only

from hypnic.analysis.programme.dynamic import BEFORE, with_jerks_before
from hypnic.analysis.programme.marginal import WEIGHT, complete, dose_classes, dose_weights, marginal_structural, rows
from hypnic.analysis.question.question import Question
from hypnic.analysis.regression.fit import fit

CAFFEINE = 0.12


def led_by_the_past(rng: np.random.Generator, own: Floats, before: Night) -> Night:
    """After a jerk and on a tense day people drink more coffee, which acts; so do both themselves."""
    last, stress = np.log1p(before["jerk_count"]), rng.normal(size=len(own))
    dose = np.maximum(rng.normal(size=len(own)) + 0.6 * last + 0.5 * stress, 0)
    rate = np.exp(own - 0.3 + CAFFEINE * dose + 0.2 * last + 0.3 * stress)
    jerks = rng.poisson(rate).astype(float)
    return {"caffeine_after_14_mg": 100 * dose, "stress_0_10": stress, "jerk_count": jerks}


def caffeine(persons: int, seed: int = 2) -> Question:
    data = lived(led_by_the_past, persons=persons, seed=seed)
    return asked(replace(data, frame=with_jerks_before(data)), "caffeine")


@pytest.fixture(scope="module")
def many() -> Question:
    return caffeine(800)


def test_weights_take_away_most_of_what_leads_to_both_and_slopes_most_of_the_rest(many: Question) -> None:
    past = [*many.estimand.adjustment, BEFORE]
    fits = [many.but(adjustment=()).fit(), *marginal_structural(many, (), past)]
    alone, weighted, both = (fitted.contrast({"caffeine": 1})["estimate"][0] - CAFFEINE for fitted in fits)
    assert alone > 0.1
    assert abs(weighted) < alone / 2
    assert abs(both) < weighted / 2


def test_among_weighted_nights_seven_tenths_of_what_went_with_the_dose_before_are_gone(many: Question) -> None:
    frame = complete(many)
    frame = frame.with_columns(pl.Series(WEIGHT, dose_weights(many, frame).values), even=pl.lit(1.0))
    by = {"groups": "participant_id", "cluster": "participant_id", "covariance": "CR1S"}
    slopes = {
        weight: np.abs(fit(frame, "caffeine", [BEFORE, "stress_0_10"], "fe-linear", weights=weight, **by).params)
        for weight in ("even", WEIGHT)
    }
    assert (slopes[WEIGHT] < 0.3 * slopes["even"]).all()


def test_weights_lie_about_one_and_none_is_large(many: Question) -> None:
    values = dose_weights(many, complete(many)).values
    assert values.mean() == pytest.approx(1, abs=0.05)
    assert values.max() < 15


def test_errors_are_those_of_leaving_out_each_person_in_turn_weights_and_all() -> None:
    few = caffeine(70, seed=5)
    ours = marginal_structural(few, ())[0].contrast({"caffeine": 1})["std_error"][0]
    persons = few.data.frame["participant_id"].unique().sort()
    left = np.array([
        marginal_structural(few.on(few.data.frame.filter(pl.col("participant_id") != person)), ())[0].params[0]
        for person in persons
    ])  # fmt: skip
    jackknife = np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum())
    assert ours == pytest.approx(jackknife, rel=0.1)


def test_a_dose_that_follows_nothing_is_hardly_weighted() -> None:
    data = lived(lambda *_: {}, persons=400)
    question = asked(replace(data, frame=with_jerks_before(data)), "stress")
    assert dose_weights(question, complete(question)).values.std() < 0.1


def test_classes_are_a_spike_and_tenths_or_tenths_alone() -> None:
    grams = np.concatenate([np.zeros(50), np.linspace(1, 100, 100)])
    assert np.bincount(dose_classes(grams)).tolist() == [50, *[10] * 10]
    assert np.bincount(dose_classes(np.linspace(1, 100, 100))).tolist() == [10] * 10
    assert dose_classes(np.array([0.0, 1.0, 0.0, 1.0])).tolist() == [0, 1, 0, 1]


def test_each_of_the_five_has_rows_that_say_what_it_is_weighted_for() -> None:
    found = list(rows(lived(lambda *_: {}, persons=80)))
    assert [row["status"] for row in found] == ["estimated"] * 10
    row = only(found, exposure="sleep_loss", variant="inverse-probability")
    assert row["adjustment"] == "stress_prev+caffeine_prev_mg+alcohol_prev_g+next_day_free+jerks_prev"
    assert row["covariance"] == "CR3, weights estimated"


def test_without_answers_a_row_says_so() -> None:
    data = lived(lambda *_: {}, persons=20)
    silent = replace(data, frame=data.frame.with_columns(stress_0_10=pl.lit(None, pl.Float64)))
    told = [(row["variant"], row["reason"]) for row in rows(silent) if row["exposure"] == "stress"]
    assert told == [("inverse-probability", "unanswered"), ("doubly-robust", "unanswered")]
