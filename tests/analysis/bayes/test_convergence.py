"""Whether chains came together, on draws of which that is known."""

from __future__ import annotations

import numpy as np
import pytest

from hypnic.analysis.bayes import absent
from hypnic.analysis.bayes.convergence import bulk, r_hat, tail


def walks(memory: float, chains: int = 4, draws: int = 5000) -> np.ndarray:
    """Draw chains in which each draw keeps a part of the one before."""
    rng = np.random.default_rng(3)
    found = np.zeros((chains, draws))
    found[:, 0] = rng.normal(size=chains)
    for at in range(1, draws):
        found[:, at] = memory * found[:, at - 1] + np.sqrt(1 - memory**2) * rng.normal(size=chains)
    return found


def test_independent_draws_are_worth_their_number_and_have_come_together():
    draws = walks(0)
    assert bulk(draws) == pytest.approx(20_000, rel=0.1)
    assert tail(draws) == pytest.approx(20_000, rel=0.1)
    assert r_hat(draws) < 1.001


def test_draws_that_remember_are_worth_what_the_theory_says():
    # Of an autoregression with coefficient a, n draws are worth n (1 - a) / (1 + a).
    assert bulk(walks(0.5)) == pytest.approx(20_000 / 3, rel=0.1)
    assert bulk(walks(0.9)) == pytest.approx(20_000 / 19, rel=0.2)
    assert bulk(walks(-0.3)) == pytest.approx(20_000 * 1.3 / 0.7, rel=0.15)


def test_a_chain_elsewhere_is_seen_and_one_that_spreads_more_too():
    draws = walks(0)
    assert r_hat(draws + np.array([[0], [0], [0], [1]])) > 1.1
    assert r_hat(draws * np.array([[1], [1], [1], [3]])) > 1.1


def test_chains_that_drift_are_seen_though_they_drift_together():
    assert r_hat(walks(0) + np.linspace(0, 2, 5000)) > 1.1


def test_many_parameters_are_judged_one_by_one():
    draws = np.stack([walks(0), walks(0.5)], axis=-1)
    assert r_hat(draws).shape == bulk(draws).shape == tail(draws).shape == (2,)
    assert bulk(draws)[1] == bulk(walks(0.5))


@pytest.mark.skipif(absent(), reason="the extra bayes is not installed")
def test_r_hat_and_effective_draws_are_those_of_numpyro_on_the_same_scores():
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    from hypnic.analysis.bayes.convergence import _effective, _halves, _scores, _split_r_hat

    draws = walks(0.7, draws=1000)
    scores = _scores(_halves(draws))
    assert _effective(scores) == pytest.approx(float(effective_sample_size(scores)), rel=0.02)
    whole = np.concatenate([scores[:4], scores[4:]], axis=1)
    assert _split_r_hat(scores) == pytest.approx(float(split_gelman_rubin(whole)), rel=1e-9)
