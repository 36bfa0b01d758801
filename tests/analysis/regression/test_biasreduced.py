"""Bias-reduced fits: finite where a plain fit is not, and those of R's brglm2."""

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

HERE = Path(__file__).parents[2] / "reference"
# 60 simulated answers; in both people with `rare` = 1 the event happened.
SURVEY = pl.read_csv(HERE / "survey60.csv").with_columns(n=30)
TERMS = ["caf", "alc", "stress", "age", "sex", "rare"]
BRGLM2 = json.loads((HERE / "survey60_brglm2_as_mean.json").read_text("utf-8"))
CASES = {"logit": ("binomial", "any"), "cloglog": ("cloglog", "any"), "cloglog_30": ("cloglog", ("k", "n"))}

# R: sandwich::vcovHC of the brglm2 fit of cbind(k, 30 - k), cloglog: the errors of (Intercept), caf and rare.
HC0 = [0.76156628947937388, 0.17161720368305486, 0.41376932895914231]
HC3 = [0.9304773954744805, 0.2127035406534740, 1.0277201079125537]


def reduced(family="binomial", outcome="any", frame=SURVEY, terms=TERMS, covariance="model", **more):
    return fit(frame, outcome, terms, family, covariance=covariance, bias_reduced=True, **more)


@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_errors_equal_those_of_brglm2(case):
    table, r = reduced(*CASES[case]).tidy(), BRGLM2[case]
    np.testing.assert_allclose(table["estimate"], list(r["coef"].values()), rtol=1e-9)
    np.testing.assert_allclose(table["std_error"], list(r["se"].values()), rtol=1e-9)


def test_a_logit_maximises_the_likelihood_with_jeffreys_prior():
    x = np.column_stack([np.ones(60), SURVEY["caf"], SURVEY["rare"]])
    y = SURVEY["any"].to_numpy()

    def loss(b):
        mu = expit(x @ b)
        information = (x * (mu * (1 - mu))[:, None]).T @ x
        return -(y * np.log(mu) + (1 - y) * np.log1p(-mu)).sum() - np.linalg.slogdet(information)[1] / 2

    best = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000})
    np.testing.assert_allclose(reduced(terms=["caf", "rare"]).params, best.x, atol=1e-6)


@pytest.mark.parametrize("family", ["binomial", "cloglog"])
def test_complete_separation_has_a_finite_estimate(family):
    frame = pl.DataFrame({"x": np.arange(20.0), "y": [0] * 10 + [1] * 10})
    with pytest.raises(HypnicError, match="term 'x' separates the outcome"):
        fit(frame, "y", ["x"], family, covariance="model")
    fitted = reduced(family, "y", frame, ["x"])
    assert fitted.info["converged"]
    assert (0.1 < fitted.params[1] < 2).all()
    assert fitted.tidy()["std_error"].max() < 10


def test_the_fit_says_that_it_is_bias_reduced_and_has_no_aic():
    assert (reduced().info["bias_reduced"], reduced().info["aic"]) == (True, None)
    assert "bias_reduced" not in fit(SURVEY, "any", ["caf"], "binomial").info


def test_the_correction_vanishes_as_the_sample_grows():
    many = pl.concat([SURVEY] * 500)
    plain = fit(many, "any", TERMS[:-1], "binomial", covariance="model")
    apart = reduced(frame=many, terms=TERMS[:-1]).params - plain.params
    assert 0 < np.abs(apart / plain.tidy()["std_error"]).max() < 0.01


def test_robust_errors_are_the_sandwich_of_the_plain_scores():
    hc0 = reduced("cloglog", ("k", "n"), covariance="HC0").tidy()["std_error"]
    hc3 = reduced("cloglog", ("k", "n"), covariance="HC3").tidy()["std_error"]
    np.testing.assert_allclose(hc0[[0, 1, 6]], HC0, rtol=1e-8)
    np.testing.assert_allclose(hc3[[0, 1, 6]], HC3, rtol=1e-8)


def test_robust_errors_are_refused_under_separation():
    message = "term 'rare' separates the outcome and has no finite estimate: drop it or pool levels, or use covariance"
    with pytest.raises(HypnicError, match=re.escape(message)):
        reduced(covariance="HC3")


def test_an_outcome_that_never_happens_is_still_refused():
    with pytest.raises(HypnicError, match="zero in every row: there is nothing to fit"):
        reduced(frame=SURVEY.with_columns(any=0))


def test_weights_and_other_families_are_refused():
    with pytest.raises(HypnicError, match="bias_reduced reads no weights"):
        reduced(weights="n", covariance="HC0")
    with pytest.raises(HypnicError, match="family poisson has no bias-reduced fit"):
        reduced("poisson", "k")


def test_an_exposure_is_an_offset():
    """Twice the nights at risk with the same rate: a constant exposure only shifts the intercept."""
    plain = reduced("cloglog").params
    shifted = reduced("cloglog", frame=SURVEY.with_columns(hours=2.0), exposure="hours").params
    np.testing.assert_allclose(shifted[1:], plain[1:], atol=1e-9)
    np.testing.assert_allclose(shifted[0], plain[0] - np.log(2), atol=1e-9)
