"""Draws of persons are refits of the rows that those persons have."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import questions, study
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.scale.bootstrap import SEED, bootstrap
from hypnic.errors import HypnicError


def nights(persons: int = 30, each: int = 8) -> pl.DataFrame:
    """Draw nights of persons who all have a jerk on some night."""
    rng = np.random.default_rng(4)
    person = np.repeat(np.arange(persons), each)
    dose = rng.integers(0, 4, persons * each)
    jerks = rng.poisson(np.exp(0.2 * dose)) + (np.arange(persons * each) % each == 0)
    return pl.DataFrame({"who": person, "dose": dose, "late": rng.integers(0, 2, persons * each), "jerks": jerks})


def test_each_draw_is_the_fit_of_the_persons_drawn() -> None:
    frame = nights()
    found = bootstrap(frame, "jerks", ["dose", "late"], "who", replicates=5)
    rng = np.random.default_rng(SEED)
    for draw in found.draws:
        times = rng.multinomial(30, np.full(30, 1 / 30))
        copies = [
            frame.filter(who=who).with_columns(who=pl.lit(100 * who + copy))
            for who in range(30)
            for copy in range(times[who])
        ]
        expected = fit(pl.concat(copies), "jerks", ["dose", "late"], "fe-poisson", groups="who", covariance="CR1S")
        np.testing.assert_allclose(draw, expected.params, rtol=1e-9)


def test_the_spread_of_draws_is_near_the_clustered_error_of_the_diarys_primary_model() -> None:
    (asked,) = (one for one in questions(study("demo").sets[0]) if one.estimand.exposure == "caffeine")
    terms = [*asked.terms, *asked.estimand.adjustment]
    found = bootstrap(asked.exposed(), "jerk_count", terms, "participant_id", replicates=200)
    plain = asked.fit()
    np.testing.assert_allclose(found.fit.params, plain.params, rtol=1e-9)
    assert found.limits()["std_error"][0] == pytest.approx(np.sqrt(plain.vcov[0, 0]), rel=0.2)


def test_the_same_seed_draws_the_same_persons() -> None:
    one, other, third = (
        bootstrap(nights(), "jerks", ["dose"], "who", replicates=3, seed=seed).draws for seed in (1, 1, 2)
    )
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)


def test_one_replicate_has_no_spread() -> None:
    with pytest.raises(HypnicError, match="a bootstrap needs at least two replicates"):
        bootstrap(nights(), "jerks", ["dose"], "who", replicates=1)
