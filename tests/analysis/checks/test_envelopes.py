"""Sets drawn from the model: data of its own kind lie among them, data of another kind do not."""

from __future__ import annotations

import numpy as np

from hypnic.analysis.checks.envelopes import Envelope, diary_envelope, survey_envelope

PERSON = np.repeat(np.arange(150), 10)


def diary(rng: np.random.Generator) -> np.ndarray:
    level = rng.gamma(1, 1, 150)[PERSON] * rng.gamma(2, 0.5, 1500)
    return rng.poisson(1.5 * level).astype(float)


def p_values(envelope: Envelope) -> dict[str, float]:
    return {name: p for name, _, p in envelope.checks()}


def test_persons_differ_in_the_sets_as_they_do_in_the_data() -> None:
    rng = np.random.default_rng(1)
    envelope = diary_envelope(diary(rng), np.zeros(1500), PERSON, rng)
    assert min(p_values(envelope).values()) > 0.05
    means = envelope.sets.reshape(len(envelope.sets), 150, 10).mean(axis=2).var(axis=1)
    assert np.quantile(means[1:], 0.02) < means[0] < np.quantile(means[1:], 0.98)


def test_rows_that_hang_together_raise_no_alarm_although_one_by_one_they_would() -> None:
    """Thirty diaries of the model itself: the bound of independent rows, 1.36 / sqrt(n), refuses too many of them."""
    steps = np.arange(1, 1501) / 1500
    alarms, refused = 0, 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        counts = rng.poisson(8 * rng.gamma(1, 1, 150)[PERSON]).astype(float)
        envelope = diary_envelope(counts, np.zeros(1500), PERSON, rng)
        alarms += p_values(envelope)["residuals: distance from uniform (KS)"] < 0.05
        refused += np.abs(np.sort(envelope.places[0]) - steps).max() > 1.36 / np.sqrt(1500)
    assert alarms <= 4  # one in twenty would give more in one of fifty runs
    assert refused > 2 * max(alarms, 3)


def test_nights_that_can_have_no_jerk_are_noticed() -> None:
    rng = np.random.default_rng(3)
    counts = np.where(rng.random(1500) < 0.4, 0.0, 1 + rng.poisson(4, 1500))
    assert p_values(diary_envelope(counts, np.zeros(1500), PERSON, rng))["residuals: zeros"] < 0.05


def test_a_rate_that_follows_what_the_model_calls_its_opposite_is_noticed() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=1500) / 2
    counts = rng.poisson(2 * np.exp(-x)).astype(float)
    assert p_values(diary_envelope(counts, x, PERSON, rng))["residuals: slope against predicted"] < 0.05


def test_a_survey_of_persons_with_their_own_shares_lies_among_its_sets() -> None:
    rng = np.random.default_rng(5)
    trials, share = np.full(800, 30.0), np.full(800, 0.25)
    own, alike = rng.binomial(30, rng.beta(1, 3, 800)), rng.choice([0, 15], 800)
    assert min(p_values(survey_envelope(own.astype(float), trials, share, rng)).values()) > 0.05
    assert p_values(survey_envelope(alike.astype(float), trials, share, rng))["residuals: zeros"] < 0.05
