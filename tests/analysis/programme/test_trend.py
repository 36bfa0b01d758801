"""Ratios with the diary's own time held still, against diaries with a trend and a rhythm."""

from __future__ import annotations

from dataclasses import replace
from math import tau

import numpy as np
from nights import Floats, Night, asked, lived, only

from hypnic.analysis.programme.trend import rows


def tiring(rng: np.random.Generator, own: Floats, before: Night) -> Night:
    """Jerks and coffee both fall over the nights, and both swing with the week; coffee does nothing."""
    week = before["night_index"] / 7
    course = -0.56 * week + 0.4 * np.sin(tau * week)
    jerks = rng.poisson(np.exp(own + 0.5 + course)).astype(float)
    return {"caffeine_after_14_mg": 100 * (rng.normal(size=len(own)) + 2 * course), "jerk_count": jerks}


def test_a_course_that_both_share_is_no_longer_taken_for_coffee() -> None:
    data = lived(tiring)
    assert asked(data, "caffeine").fit().contrast({"caffeine": 1})["conf_low"][0] > 0.1
    found = list(rows(data))
    row = only(found, exposure="caffeine", variant="trend-and-week")
    assert row["conf_low"] < 1 < row["conf_high"]
    test = only(found, exposure="caffeine", variant="time-terms")
    assert (test["scale"], test["df"], test["estimate"]) == ("test", 4.0, None)
    assert test["p_value"] < 1e-6


def test_where_nothing_changes_over_the_nights_the_test_finds_nothing() -> None:
    found = list(rows(lived(lambda *_: {}, seed=4)))
    assert sum(row["p_value"] < 0.05 for row in found if row["scale"] == "test") <= 1


def hard_weeks(rng: np.random.Generator, own: Floats, before: Night) -> Night:
    """Each week of each person is hard or not: hard ones bring stress and jerks; stress itself does nothing."""
    first = before["night_index"] % 7 == 0
    hard = np.where(first, rng.normal(0, 0.5, len(own)), before.get("hard", own))
    stress = 4 * hard + rng.normal(size=len(own))
    return {"hard": hard, "stress_0_10": stress, "jerk_count": rng.poisson(np.exp(own + hard)).astype(float)}


def test_nights_of_one_week_are_not_confounded_by_what_makes_a_week_hard() -> None:
    data = lived(hard_weeks, seed=2)
    stress = asked(data, "stress").fit().contrast({"stress": 1})
    assert stress["conf_low"][0] > 0.1
    row = only(list(rows(data)), exposure="stress", variant="same-week")
    assert row["conf_low"] < 1 < row["conf_high"]
    assert row["n_persons"] == 300  # errors know that a person's weeks belong together


def test_a_diary_of_single_nights_a_week_has_nothing_to_compare_within_weeks() -> None:
    seldom = lived(lambda *_: {}, nights=15, persons=40)
    alone = seldom.frame.filter((seldom.frame["night_index"] - 1) % 7 == 0)
    found = list(rows(replace(seldom, frame=alone)))
    assert {row["status"] for row in found if row["variant"] == "same-week"} == {"not_estimable"}
