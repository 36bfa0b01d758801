"""The models that hold last night's jerks still, against diaries in which they act."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import polars as pl
import pytest
from nights import Floats, Night, asked, lived, only

from hypnic.analysis.programme.dynamic import rows, with_jerks_before
from hypnic.analysis.regression.fit import fit

CAFFEINE, PERSISTENCE = 0.15, 0.35


def jerk_after_jerk(rng: np.random.Generator, own: Floats, before: Night) -> Night:
    """After a jerk people drink less coffee and jerk more."""
    last = np.log1p(before["jerk_count"])
    caffeine = rng.normal(size=len(own)) - last
    rate = np.exp(own - 0.3 + CAFFEINE * caffeine + PERSISTENCE * last)
    return {"caffeine_after_14_mg": 100 * caffeine, "jerk_count": rng.poisson(rate).astype(float)}


@pytest.fixture(scope="module")
def found() -> list[dict[str, object]]:
    return list(rows(lived(jerk_after_jerk, persons=600)))


def test_without_last_nights_jerks_coffee_is_off_and_with_them_it_is_not(found) -> None:
    primary = asked(lived(jerk_after_jerk, persons=600), "caffeine").fit().contrast({"caffeine": 1})
    assert primary["conf_high"][0] < CAFFEINE
    row = only(found, exposure="caffeine", variant="lagged-outcome-jackknife")
    assert row["conf_low"] < exp(CAFFEINE) < row["conf_high"]
    assert row["adjustment"].endswith("+jerks_prev")


def test_the_jackknife_takes_away_two_thirds_and_more_of_what_the_persons_intercepts_take_from_a_lagged_outcome(
    found,
) -> None:
    plain, jackknifed = (
        only(found, exposure="jerks_before", variant=variant)
        for variant in ("lagged-outcome", "lagged-outcome-jackknife")
    )
    assert plain["conf_high"] < exp(PERSISTENCE)
    assert abs(log(jackknifed["estimate"]) - PERSISTENCE) < abs(log(plain["estimate"]) - PERSISTENCE) / 3


def test_each_of_the_five_has_both_rows_and_last_nights_jerks_two_of_their_own(found) -> None:
    told = [(row["exposure"], row["role"]) for row in found]
    five = ("caffeine", "alcohol", "stress", "exercise", "sleep_loss")
    assert [pair for pair in told if pair[1] == "sensitivity"] == [(e, "sensitivity") for e in five for _ in range(2)]
    assert told.count(("jerks_before", "exploratory")) == 2


def test_the_uncorrected_row_is_fixed_effects_poisson_with_one_column_more() -> None:
    data = lived(lambda *_: {}, persons=40, nights=6)
    terms = ["stress_0_10", "sleep_loss_prev_h", "next_day_free", "jerks_prev"]
    theirs = fit(with_jerks_before(data), "jerk_count", terms, "fe-poisson", covariance="CR3", **data.keywords)
    ours = only(list(rows(data)), exposure="stress", variant="lagged-outcome")
    assert log(ours["estimate"]) == pytest.approx(2 * theirs.params[0], rel=1e-7)


def test_a_night_without_the_one_before_has_no_jerks_before() -> None:
    data = lived(lambda *_: {}, persons=20, nights=4)
    gap = with_jerks_before(replace(data, frame=data.frame.filter(pl.col("night_index") != 2)))
    assert gap["jerks_prev"].null_count() == 40
