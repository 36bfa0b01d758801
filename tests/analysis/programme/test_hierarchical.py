"""The Bayesian companion of the diary: what it gives, and what is said where its library is absent."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import polars as pl
import pytest
from nights import Floats, Night, asked, lived, only

import hypnic
from hypnic.analysis import study
from hypnic.analysis.bayes import absent, extra
from hypnic.analysis.bayes.priors import PRIORS
from hypnic.analysis.estimates import estimate
from hypnic.analysis.programme import ON_REQUEST, PROGRAMME, hierarchical
from hypnic.analysis.programme.heterogeneity import heterogeneity
from hypnic.analysis.programme.hierarchical import Companion, companions, counts_of, rows
from hypnic.errors import HypnicError

SLOPE = 0.2


def stressed(rng: np.random.Generator, own: Floats, _before: Night) -> Night:
    """Let stress act, by a ratio that is one for all; nothing else does."""
    stress = rng.normal(size=len(own))
    return {"stress_0_10": 2 * stress, "jerk_count": rng.poisson(np.exp(own + SLOPE * stress)).astype(float)}


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)


@pytest.mark.usefixtures("without")
def test_where_numpyro_is_absent_one_line_says_what_to_install_and_the_rest_is_estimated() -> None:
    with pytest.raises(HypnicError, match=r"^posterior draws need numpyro.*pip install 'hypnic\[bayes\]'") as told:
        hypnic.estimate("demo", only=["primary"], also=["bayes"])
    assert "\n" not in str(told.value)
    with pytest.raises(HypnicError, match="extra bayes"):
        companions(study("demo").sets[0])
    assert hypnic.estimate("demo", only=["primary"]).height == 10


def test_it_is_run_only_where_it_is_asked_for() -> None:
    assert "bayes" in {one.name for one in ON_REQUEST}
    assert "bayes" not in {one.name for one in PROGRAMME}


def test_a_survey_has_no_companion_and_needs_no_library() -> None:
    ready = study("demo")
    survey = replace(ready, sets=ready.sets[1:])
    assert estimate(survey, only=["bayes"]).is_empty()


def told(question, **facts: object) -> Companion:
    """Make up a companion of normal draws."""
    rng = np.random.default_rng(2)
    typical, spread = rng.normal(0.2, 0.05, 4000), np.abs(rng.normal(0.1, 0.02, 4000))
    made = Companion(
        estimand=question.estimand, rows=900, persons=90, typical=typical, average=typical + spread**2 / 2,
        spread=spread, weights=np.ones(4000), r_hat=1.002, bulk=900.0, tail=800.0, divergences=0,
        predictive=pl.DataFrame(), shrinkage=pl.DataFrame(),
    )  # fmt: skip
    return replace(made, **facts)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    """Give the rows of a companion with some facts, without a draw."""

    def make(**facts: object) -> list[dict[str, object]]:
        monkeypatch.setattr(hierarchical, "refuse_absent", lambda: None)
        data = lived(stressed, persons=12)
        question = asked(data, "stress")
        monkeypatch.setattr(hierarchical, "companion", lambda *_: told(question, **facts))
        return list(rows(replace(data, estimands=(question.estimand,))))

    return make


def test_a_row_has_the_median_the_limits_and_the_sd_of_the_draws(given) -> None:
    row = only(given(), variant="typical-person")
    assert log(row["estimate"]) == pytest.approx(0.2, abs=0.005)
    assert log(row["conf_high"] / row["conf_low"]) == pytest.approx(2 * 1.96 * 0.05, rel=0.05)
    assert row["std_error"] == pytest.approx(0.05, rel=0.05)
    assert (row["covariance"], row["role"], row["scale"]) == ("posterior", "sensitivity", "IRR")
    assert row["p_value"] is row["statistic"] is row["df"] is None


@pytest.mark.parametrize("facts", [{"r_hat": 1.02}, {"bulk": 399.0}, {"tail": 399.0}], ids=["R-hat", "bulk", "tail"])
def test_chains_apart_or_too_few_effective_draws_give_no_estimate(given, facts) -> None:
    found = given(**facts)
    assert {row["status"] for row in found} == {"not_converged"}
    assert all(row["estimate"] is None for row in found)


def test_draws_that_wider_priors_would_leave_to_a_few_say_nothing_of_those_priors(given) -> None:
    found = given(weights=np.r_[np.full(50, 1000.0), np.ones(3950)])
    assert only(found, variant="typical-person")["status"] == "estimated"
    assert only(found, variant="typical-person-wider-priors")["status"] == "not_converged"


def test_weights_turn_draws_of_one_prior_into_those_of_a_wider_one() -> None:
    rng = np.random.default_rng(4)
    draws = rng.normal(0, PRIORS.slope, (4, 50_000))
    ratio = PRIORS.wider(1.2).log_density({"slope": draws}) - PRIORS.log_density({"slope": draws})
    assert np.sqrt(np.average(draws**2, weights=np.exp(ratio))) == pytest.approx(1.2 * PRIORS.slope, rel=0.02)


def test_a_diary_without_a_jerk_is_said_to_have_none() -> None:
    data = lived(lambda _rng, own, _before: {"jerk_count": 0 * own}, persons=12)
    with pytest.raises(HypnicError, match="no jerk was noticed"):
        counts_of(asked(data, "stress"))


@pytest.mark.skipif(absent(), reason="the extra bayes is not installed")
def test_the_companion_agrees_with_the_random_slopes_and_holds_the_truth() -> None:
    data = lived(stressed, persons=120)
    question = asked(data, "stress")
    row = only(list(rows(replace(data, estimands=(question.estimand,)))), variant="typical-person")
    assert row["status"] == "estimated"
    assert log(row["conf_low"]) < SLOPE < log(row["conf_high"])
    typical = heterogeneity(question).typical.row(0, named=True)
    assert log(row["estimate"]) == pytest.approx(typical["estimate"], abs=0.3 * typical["std_error"])
    assert row["std_error"] == pytest.approx(typical["std_error"], rel=0.3)
