"""Draws from the posterior: of small diaries whose truth is known, and of none at all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hypnic.analysis.bayes import Counts, Draws, absent, draw
from hypnic.analysis.bayes.convergence import bulk, r_hat
from hypnic.analysis.bayes.predictive import predicted
from hypnic.analysis.bayes.priors import PRIORS
from hypnic.analysis.bayes.shrinkage import alone, shrinkage

pytestmark = pytest.mark.skipif(absent(), reason="the extra bayes is not installed")
SLOPE, SPREAD, PERSONS, NIGHTS = 0.4, 0.3, 80, 12


def made(persons: int = PERSONS) -> Counts:
    """Draw counts of persons whose log ratios spread about one."""
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(persons), NIGHTS)
    dose = rng.normal(1, 1, len(person))
    level, slope = rng.normal(0, 0.6, persons), rng.normal(SLOPE, SPREAD, persons)
    noise = rng.gamma(4, 1 / 4, len(person))
    count = rng.poisson(np.exp(level[person] + slope[person] * dose) * noise).astype(float)
    mean = np.bincount(person, dose) / NIGHTS
    return Counts.of(person, count, dose, rng.normal(size=(len(person), 1)), mean[person, None])


@cache
def drawn() -> tuple[Counts, Draws]:
    counts = made()
    return counts, draw(counts, warmup=300, kept=300)


def test_the_limits_hold_what_the_counts_were_drawn_with():
    _, draws = drawn()
    for name, truth in {"slope": SLOPE, "spread_slope": SPREAD, "spread_level": 0.6, "noise": 0.5}.items():
        low, high = np.quantile(draws.shared[name], [0.025, 0.975])
        assert low < truth < high
        assert high - low < 0.4
        assert r_hat(draws.shared[name]) < 1.03
        assert bulk(draws.shared[name]) > 100
    assert draws.divergences == 0


def test_persons_slopes_are_pulled_in_from_their_own_towards_the_typical_one():
    counts, draws = drawn()
    own, middle = alone(counts, draws), draws.slopes.mean(axis=(0, 1))
    known = np.isfinite(own)
    assert known.sum() > 60
    assert np.std(middle[known]) < 0.9 * np.std(own[known])
    assert np.corrcoef(own[known], middle[known])[0, 1] > 0.8
    groups = shrinkage(counts, draws, 10)
    assert groups["persons"].min() >= 10
    assert groups["alone"].is_sorted()
    assert groups["persons"].sum() == known.sum()


def test_the_model_predicts_counts_that_were_drawn_by_it():
    found = predicted(*drawn(), fewest=10)
    assert found.filter(~(found["observed"].is_between("low", "high"))).is_empty()
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
