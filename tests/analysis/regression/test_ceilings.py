"""Counts that cannot exceed a maximum: NB2 cut off there, and beta-binomial, against plain scipy."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import betabinom, nbinom

from hypnic.analysis.regression.betabinomial import log_share
from hypnic.analysis.regression.expectations import expected_counts, ratio_of_means
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.interval import truncated_mean
from hypnic.errors import HypnicError

HERE = Path(__file__).parents[2] / "reference"
SURVEY = pl.read_csv(HERE / "survey60.csv")
intervals = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)


def share(interval, eta, log_phi, trials=30):
    rows = log_share(np.array([interval], dtype=float), np.array([float(trials)]), np.array([eta]), log_phi)
    return rows.logp[0], rows.gradient[0], rows.hessian[0]


@settings(max_examples=200, deadline=None)
@given(interval=intervals, eta=st.floats(-5, 1.2), log_phi=st.floats(-3, 6))
def test_beta_binomial_intervals_are_sums_of_scipys_masses(interval, eta, log_phi):
    pi, phi = -np.expm1(-np.exp(eta)), np.exp(log_phi)
    counts = np.arange(interval[0], interval[1] + 1)
    expected = betabinom.pmf(counts, 30, pi * phi, (1 - pi) * phi).sum()
    assert share(interval, eta, log_phi)[0] == pytest.approx(np.log(expected), rel=1e-8, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(interval=intervals, eta=st.floats(-4, 1), log_phi=st.floats(-2, 5))
def test_beta_binomial_derivatives_are_slopes_of_the_log_probability(interval, eta, log_phi):
    h = 1e-5
    _, gradient, hessian = share(interval, eta, log_phi)
    by_eta = [share(interval, eta + step, log_phi) for step in (h, -h)]
    by_phi = [share(interval, eta, log_phi + step) for step in (h, -h)]
    np.testing.assert_allclose(
        gradient, [(up[0] - down[0]) / (2 * h) for up, down in (by_eta, by_phi)], rtol=1e-5, atol=1e-5
    )
    second = [(up[1] - down[1]) / (2 * h) for up, down in (by_eta, by_phi)]
    np.testing.assert_allclose(hessian, second, rtol=1e-5, atol=1e-5)


def test_a_precision_without_end_is_the_binomial():
    """Six or seven of 30 nights for everyone is less spread than a binomial has."""
    frame = SURVEY.with_columns(even=6 + pl.int_range(60) % 2, n=30)
    binomial = fit(frame, ("even", "n"), ["caf"], "cloglog", covariance="HC0")
    tight = fit(frame, ("even", "even"), ["caf"], "beta-binomial", maximum=30, covariance="HC0")
    assert (tight.info["converged"], tight.info["correlation"]) == (True, 0)
    np.testing.assert_allclose(tight.params, binomial.params, atol=1e-4)
    np.testing.assert_allclose(tight.vcov, binomial.vcov, rtol=1e-2)


def test_k_of_n_is_vgams_fit():
    r = json.loads((HERE / "survey60_betabinomial.json").read_text("utf-8"))
    fitted = fit(
        SURVEY, ("k", "k"), ["caf", "alc", "stress", "age", "sex"], "beta-binomial", maximum=30, covariance="model"
    )
    np.testing.assert_allclose(fitted.params, list(r["coef"].values()), rtol=1e-5)
    assert fitted.info["loglik"] == pytest.approx(r["loglik"], rel=1e-12)
    assert fitted.info["log_precision"] == pytest.approx(-r["logit_rho"], rel=1e-5)


def banded(n=500, seed=6):
    """Simulate counts up to 30, told in five bands as NHANES asks, in 40 PSUs with weights."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    mean = np.exp(0.2 + 0.4 * x)
    y = rng.negative_binomial(0.4, 0.4 / (0.4 + mean))
    place = np.searchsorted([1, 4, 15], y)
    frame = pl.DataFrame({"x": x, "y": y, "psu": np.arange(n) % 40, "w": rng.gamma(3.0, size=n)})
    banded = frame.with_columns(lo=np.where(y == 0, 0, np.array([1, 2, 5, 16])[place]))
    banded = banded.with_columns(hi=np.where(y == 0, 0, np.array([1, 4, 15, 30])[place]))
    return banded.filter(pl.col("y") <= 30)


def masses(family, eta, dispersion):
    """Give the chances of 0 to 30 in each row, by scipy."""
    counts = np.arange(31)
    if family == "beta-binomial":
        pi = -np.expm1(-np.exp(eta))[:, None]
        return betabinom.pmf(counts, 30, pi * np.exp(dispersion), (1 - pi) * np.exp(dispersion))
    theta = np.exp(dispersion)
    chances = nbinom.pmf(counts, theta, theta / (theta + np.exp(eta)[:, None]))
    return chances / chances.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("family", ["truncated-nb2", "beta-binomial"])
def test_estimates_and_design_errors_are_those_of_a_plain_computation(family):
    """Maximise the weighted likelihood by simplex and quasi-Newton; differentiate it for scores and curvature."""
    frame = banded()
    x, lo, hi, w = (frame[name].to_numpy() for name in ("x", "lo", "hi", "w"))
    within = (np.arange(31) >= lo[:, None]) & (np.arange(31) <= hi[:, None])
    w = w / w.mean()

    def rows(b):
        return w * np.log((masses(family, b[0] + b[1] * x, b[2]) * within).sum(axis=1))

    best = minimize(
        lambda b: -rows(b).sum(), np.zeros(3), method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-9}
    )
    best = minimize(lambda b: -rows(b).sum(), best.x, method="BFGS", options={"gtol": 1e-7})
    h = 1e-4 * np.eye(3)
    scores = np.column_stack([(rows(best.x + step) - rows(best.x - step)) / 2e-4 for step in h])
    curve = np.array(
        [
            [
                (rows(best.x + a + b) - rows(best.x + a - b) - rows(best.x - a + b) + rows(best.x - a - b)).sum() / 4e-8
                for a in h
            ]
            for b in h
        ]
    )
    totals = np.array([scores[frame["psu"].to_numpy() == unit].sum(axis=0) for unit in range(40)])
    apart = totals - totals.mean(axis=0)
    bread = np.linalg.inv(curve)
    errors = np.sqrt(np.diag(bread @ (apart.T @ apart * 40 / 39) @ bread))
    fitted = fit(frame, ("lo", "hi"), ["x"], family, maximum=30, weights="w", psu="psu", covariance="design")
    np.testing.assert_allclose(fitted.params, best.x[:2], atol=1e-4)
    np.testing.assert_allclose(fitted.tidy()["std_error"], errors[:2], rtol=1e-3)
    assert fitted.info["loglik"] == pytest.approx(-best.fun, abs=1e-7)


def test_counts_that_pile_up_at_the_maximum_are_left_to_the_beta_binomial():
    """Half have none and the others any number up to 30: below a maximum NB2 cannot rise again."""
    rng = np.random.default_rng(1)
    y = np.where(rng.random(400) < 0.45, 0, rng.integers(10, 31, 400))
    frame = pl.DataFrame({"y": y, "x": rng.normal(size=400)})
    with pytest.raises(HypnicError, match=r"nearer their maximum than NB2 can, .*: use 'beta-binomial'"):
        fit(frame, ("y", "y"), ["x"], "truncated-nb2", maximum=30, covariance="HC0")
    assert fit(frame, ("y", "y"), ["x"], "beta-binomial", maximum=30, covariance="HC0").info["converged"]


def test_the_cut_off_mean_is_that_of_the_cut_off_masses():
    eta = np.array([-1.0, 0.5, 3.0])
    expected = masses("truncated-nb2", eta, -0.7) @ np.arange(31)
    np.testing.assert_allclose(truncated_mean(eta, -0.7, np.full(3, 30.0)), expected, rtol=1e-10)


@pytest.mark.parametrize(("family", "dispersion"), [("truncated-nb2", -0.7), ("beta-binomial", 0.5), ("nb2", 0.1)])
def test_expected_counts_move_as_their_derivatives_say(family, dispersion):
    eta, top, h = np.array([-1.0, 0.2, 1.1]), np.full(3, 30.0), 1e-6
    _, slope, bend = expected_counts(family, eta, dispersion, top)
    by_eta = [expected_counts(family, eta + step, dispersion, top)[0] for step in (h, -h)]
    by_dispersion = [expected_counts(family, eta, dispersion + step, top)[0] for step in (h, -h)]
    np.testing.assert_allclose(slope, (by_eta[0] - by_eta[1]) / (2 * h), rtol=1e-6)
    np.testing.assert_allclose(bend, (by_dispersion[0] - by_dispersion[1]) / (2 * h), rtol=1e-5, atol=1e-8)


def test_expected_counts_are_those_of_scipys_masses():
    eta, top = np.array([-1.0, 0.2, 1.1]), np.full(3, 30.0)
    for family in ("truncated-nb2", "beta-binomial"):
        plain = masses(family, eta, 0.4) @ np.arange(31)
        np.testing.assert_allclose(expected_counts(family, eta, 0.4, top)[0], plain, rtol=1e-10)


def test_without_a_maximum_the_ratio_of_means_of_one_step_is_the_coefficient():
    frame = banded()
    fitted = fit(frame, ("lo", "hi"), ["x"], "interval-nb2", weights="w", psu="psu", covariance="design")
    before = np.column_stack([np.ones(frame.height), frame["x"]])
    line = ratio_of_means(fitted, "interval-nb2", before, before + np.array([0, 1]), frame["w"].to_numpy())
    assert line.drop("term").row(0) == pytest.approx(fitted.tidy().drop("term").row(1))


def test_the_error_of_a_ratio_of_means_is_that_of_leaving_out_each_psu():
    """The jackknife moves the dispersion too, and is another way to the same design error."""
    frame, top = banded(), 30
    before = np.column_stack([np.ones(frame.height), frame["x"]])

    def log_ratio(rows):
        told = fit(rows, ("lo", "hi"), ["x"], "truncated-nb2", maximum=top, weights="w", psu="psu", covariance="design")
        return ratio_of_means(
            told, "truncated-nb2", before, before + np.array([0, 1]), frame["w"].to_numpy(), np.full(len(before), 30.0)
        ).row(0, named=True)

    without = [log_ratio(frame.filter(pl.col("psu") != unit))["estimate"] for unit in range(40)]
    jackknife = np.sqrt(39 / 40 * ((without - np.mean(without)) ** 2).sum())
    assert log_ratio(frame)["std_error"] == pytest.approx(jackknife, rel=0.1)


def test_a_family_without_one_linear_predictor_has_no_expected_count():
    with pytest.raises(HypnicError, match="family zip has no expected count"):
        expected_counts("zip", np.zeros(2))


def test_a_maximum_far_above_every_count_changes_nothing():
    frame = banded()
    plain = fit(frame, ("y", "y"), ["x"], "interval-nb2", covariance="HC0")
    far = fit(frame, ("y", "y"), ["x"], "truncated-nb2", maximum=900, covariance="HC0")
    np.testing.assert_allclose(far.params, plain.params, rtol=1e-8)
    np.testing.assert_allclose(far.vcov, plain.vcov, rtol=1e-7)


@pytest.mark.parametrize("family", ["truncated-nb2", "beta-binomial"])
def test_an_open_end_and_a_column_of_maxima_are_the_same_as_the_number(family):
    frame = banded()
    told = fit(frame, ("lo", "hi"), ["x"], family, maximum=30, covariance="HC0")
    opened = frame.with_columns(hi=pl.when(pl.col("hi") < 30).then("hi"), most=pl.lit(30))
    np.testing.assert_array_equal(
        fit(opened, ("lo", "hi"), ["x"], family, maximum="most", covariance="HC0").params, told.params
    )


def test_an_answer_that_excludes_nothing_up_to_the_maximum_is_dropped():
    frame = banded()
    third = pl.int_range(pl.len()) == 3
    vague = frame.with_columns(lo=pl.when(~third).then("lo").otherwise(0), hi=pl.when(~third).then("hi").otherwise(30))
    fitted = fit(vague, ("lo", "hi"), ["x"], "truncated-nb2", maximum=30, covariance="HC0")
    assert fitted.info["n_dropped"] == {"any lo possible": 1}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "family beta-binomial needs maximum, the largest count there can be: a number or a column"),
        ({"maximum": 20}, "'lo' is above the maximum 20"),
        ({"maximum": 0}, "maximum 0 must be a whole number of 1 or more"),
        ({"maximum": "x"}, "maximum 'x' must be a whole number of 1 or more"),
        ({"maximum": "most"}, "no column 'most'"),
        ({"maximum": 5000}, "maximum 5000 is above 1000: use family='interval-nb2'"),
        ({"maximum": 30, "family": "interval-nb2"}, "family interval-nb2 reads no maximum"),
    ],
)
def test_a_maximum_that_cannot_be_is_refused(changes, message):
    frame = pl.DataFrame({"lo": [0, 1, 25, 3, 0, 2], "hi": [0, 1, 25, 3, 0, 2], "x": [0.1, 0.5, -0.2, 0.4, 0.9, 1.1]})
    with pytest.raises(HypnicError, match=message):
        fit(frame, ("lo", "hi"), ["x"], **({"family": "beta-binomial", "covariance": "HC0"} | changes))
