"""Draws from the posterior: of small diaries whose truth is known, and of none at all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from hypnic.analysis.bayes import Counts, Draws, absent, draw
from hypnic.analysis.bayes.convergence import bulk, r_hat
from hypnic.analysis.bayes.predictive import predicted
from hypnic.analysis.bayes.priors import PRIORS
from hypnic.analysis.bayes.shrinkage import alone, shrinkage
from hypnic.analysis.mixed import fit_mixed

pytestmark = pytest.mark.skipif(absent(), reason="the extra bayes is not installed")
SLOPE, SPREAD, LEVELS, NOISE = 0.4, 0.3, 0.6, 0.5
PERSONS, NIGHTS = 80, 12


class Diaries(NamedTuple):
    """Counts of persons, row by row."""

    person: np.ndarray
    count: np.ndarray
    dose: np.ndarray
    other: np.ndarray
    slope: np.ndarray


def diaries(persons: int = PERSONS) -> Diaries:
    """Draw counts of persons whose levels and log ratios spread just as said: they are shuffled quantiles."""
    rng = np.random.default_rng(7)
    person = np.repeat(np.arange(persons), NIGHTS)
    dose = rng.normal(1, 1, len(person))
    quantiles = norm.ppf(np.arange(0.5, persons) / persons)
    level, slope = LEVELS * rng.permutation(quantiles), SLOPE + SPREAD * rng.permutation(quantiles)
    noise = rng.gamma(NOISE**-2, NOISE**2, len(person))
    count = rng.poisson(np.exp(level[person] + slope[person] * dose) * noise).astype(float)
    return Diaries(person, count, dose, rng.normal(size=len(person)), slope)


def mean_dose(one: Diaries) -> np.ndarray:
    return (np.bincount(one.person, one.dose) / np.bincount(one.person))[one.person]


def made(persons: int = PERSONS) -> Counts:
    one = diaries(persons)
    return Counts.of(one.person, one.count, one.dose, one.other[:, None], mean_dose(one)[:, None])


@cache
def drawn() -> tuple[Counts, Draws]:
    counts = made()
    return counts, draw(counts, warmup=300, kept=300)


def test_the_limits_hold_what_the_counts_were_drawn_with():
    _, draws = drawn()
    for name, truth in {"slope": SLOPE, "spread_slope": SPREAD, "spread_level": LEVELS, "noise": NOISE}.items():
        low, high = np.quantile(draws.shared[name], [0.025, 0.975])
        assert low < truth < high
        assert high - low < 0.4
        assert r_hat(draws.shared[name]) < 1.03
        assert bulk(draws.shared[name]) > 100
    assert draws.divergences == 0


def test_the_middle_of_the_draws_is_near_the_likeliest_values():
    _, draws = drawn()
    one = diaries()
    columns = {"y": one.count.astype(int), "dose": one.dose, "mean": mean_dose(one), "other": one.other}
    frame = pl.DataFrame({"person": one.person} | columns)
    fitted = fit_mixed(frame, "y", ["dose", "mean", "other"], "nb2", "person", slope="dose", points=5)
    likeliest = dict(zip(fitted.names, fitted.params, strict=True))
    pairs = {"slope": "dose", "spread_slope": "sd:dose", "spread_level": "sd:(Intercept)"}
    found = {name: (np.median(draws.shared[name]), np.std(draws.shared[name])) for name in (*pairs, "noise")}
    for name, other in pairs.items():
        assert abs(found[name][0] - likeliest[other]) < 0.4 * found[name][1]
    assert abs(found["noise"][0] - np.sqrt(fitted.info["alpha"])) < 0.4 * found["noise"][1]


def test_persons_slopes_are_pulled_in_from_their_own_towards_the_typical_one():
    counts, draws = drawn()
    own, middle = alone(counts, draws), draws.slopes.mean(axis=(0, 1))
    known = np.isfinite(own)
    assert known.sum() > 60
    assert np.std(middle[known]) < 0.9 * np.std(own[known])
    # What it is for: drawn slopes lie nearer to those that the counts came from than persons' own do.
    truth = diaries().slope
    own_error, drawn_error = (np.sqrt(np.mean((found - truth)[known] ** 2)) for found in (own, middle))
    assert drawn_error < SPREAD < own_error
    groups = shrinkage(counts, draws, 10)
    assert groups["persons"].min() >= 10
    assert groups["alone"].is_sorted()
    assert groups["drawn"][0] < SLOPE < groups["drawn"][-1]
    assert groups["persons"].sum() == known.sum()


def test_the_model_predicts_counts_that_were_drawn_by_it():
    found = predicted(*drawn(), fewest=10)
    assert found.select(pl.col("observed").is_between("low", "high").all()).item()
    assert (found["p_value"] > 0.05).all()


def test_without_any_night_the_draws_are_those_of_the_priors():
    counts = made(20)
    nothing = replace(counts, count=0 * counts.count, present=0 * counts.present, dose=0 * counts.dose)
    draws = draw(nothing, warmup=300, kept=500).shared
    for name in ("level", "slope"):
        assert np.std(draws[name]) == pytest.approx(getattr(PRIORS, name), rel=0.15)
        assert abs(np.mean(draws[name])) < 0.2 * getattr(PRIORS, name)
    for name in ("spread_level", "spread_slope", "noise"):  # the mean of a half-normal is 0.8 of its sd
        assert np.mean(draws[name]) == pytest.approx(0.798 * getattr(PRIORS, name), rel=0.15)


def test_the_same_counts_give_the_same_draws_to_the_last_digit():
    counts = made(15)
    one, two = (draw(counts, warmup=30, kept=20) for _ in range(2))
    assert all(np.array_equal(one.shared[name], two.shared[name]) for name in one.shared)
    assert np.array_equal(one.slopes, two.slopes)
