"""Ordered answers: signs, thresholds, levels."""

import numpy as np
import polars as pl
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from hypnic.analysis.regression.fit import fit

MOODS = pl.Enum(["calm", "tense", "awful"])


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(21)
    x, z = rng.normal(size=(2, 700))
    latent = 0.9 * x - 0.4 * z + rng.logistic(size=700)
    code = (latent[:, None] > [-0.5, 1.5]).sum(axis=1)
    frame = pl.DataFrame({"x": x, "z": z, "code": code})
    return frame.with_columns(mood=pl.Series(np.array(["calm", "tense", "awful"])[code], dtype=MOODS))


def test_it_is_the_ordered_model_of_statsmodels(answers):
    fitted = fit(answers, "code", ["x", "z"], "ordered", covariance="model")
    model = OrderedModel(answers["code"].to_numpy(), answers.select("x", "z").to_numpy(), distr="logit")
    theirs = model.fit(method="bfgs", disp=0, gtol=1e-8)
    thresholds = model.transform_threshold_params(theirs.params)[1:-1]
    np.testing.assert_allclose(fitted.params, [*thresholds, *theirs.params[:2]], rtol=1e-5)
    np.testing.assert_allclose(fitted.tidy()["std_error"][2:], theirs.bse[:2], rtol=1e-4)


def test_a_positive_slope_means_higher_answers(answers):
    fitted = fit(answers, "code", ["x"], "ordered", covariance="model")
    low, slope = fitted.params[0], fitted.params[-1]
    assert slope > 0
    share = (answers.filter(pl.col("x").abs() < 0.2)["code"] == 0).mean()
    assert share == pytest.approx(1 / (1 + np.exp(-low)), abs=0.08)


def test_an_enum_has_its_own_order_and_names_the_thresholds(answers):
    coded, worded = (fit(answers, outcome, ["x"], "ordered", covariance="HC0") for outcome in ("code", "mood"))
    assert worded.names == ("calm|tense", "tense|awful", "x")
    assert coded.names == ("0|1", "1|2", "x")
    np.testing.assert_array_equal(worded.params, coded.params)


def test_two_levels_are_a_logit_with_the_threshold_for_minus_the_intercept(answers):
    frame = answers.with_columns(some=(pl.col("code") > 0).cast(pl.Int8))
    ordered, logit = (fit(frame, "some", ["x", "z"], family, covariance="HC0") for family in ("ordered", "binomial"))
    np.testing.assert_allclose(ordered.params * [-1, 1, 1], logit.params, rtol=1e-9)
    np.testing.assert_allclose(ordered.tidy()["std_error"], logit.tidy()["std_error"], rtol=1e-9)


def test_without_terms_the_thresholds_are_the_log_odds_of_the_shares(answers):
    fitted = fit(answers, "code", [], "ordered", covariance="model")
    below = np.array([(answers["code"] <= j).mean() for j in (0, 1)])
    np.testing.assert_allclose(fitted.params, np.log(below / (1 - below)), rtol=1e-10)


def test_the_codes_may_start_anywhere(answers):
    moved = answers.with_columns(pl.col("code") + 7)
    names = fit(moved, "code", ["x"], "ordered", covariance="model").names
    assert names == ("7|8", "8|9", "x")


def test_turning_the_answers_round_turns_the_signs(answers):
    turned = answers.with_columns(code=2 - pl.col("code"))
    one, other = (fit(f, "code", ["x", "z"], "ordered", covariance="model").params for f in (answers, turned))
    np.testing.assert_allclose(other, [-one[1], -one[0], -one[2], -one[3]], rtol=1e-9)
