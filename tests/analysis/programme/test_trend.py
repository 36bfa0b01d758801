"""Ratios with the diary's own time held still, against diaries with a trend and a rhythm."""

from __future__ import annotations

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
