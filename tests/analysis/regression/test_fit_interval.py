"""Interval-censored counts: probabilities, derivatives, edges."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.interval import log_probability

intervals = st.tuples(st.integers(0, 60), st.integers(0, 40), st.booleans()).filter(lambda i: i[0] or not i[2])


def at(interval, eta, log_theta):
    """Evaluate one row."""
    low, width, is_open = interval
    rows = log_probability(np.array([[low, np.inf if is_open else low + width]]), np.array([eta]), log_theta=log_theta)
    return rows.logp[0], rows.gradient[0], rows.hessian[0][np.triu_indices(2)]


@settings(max_examples=200, deadline=None)
@given(interval=intervals, eta=st.floats(-3, 5), log_theta=st.floats(-3, 5))
def test_interval_probabilities_are_sums_of_scipys_masses(interval, eta, log_theta):
    low, width, is_open = interval
    theta, p = np.exp(log_theta), 1 / (1 + np.exp(eta - log_theta))
    expected = nbinom.sf(low - 1, theta, p) if is_open else nbinom.pmf(np.arange(low, low + width + 1), theta, p).sum()
    if expected > 1e-280:
        assert at(interval, eta, log_theta)[0] == pytest.approx(np.log(expected), rel=1e-9, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(interval=intervals, eta=st.floats(-3, 5), log_theta=st.floats(-3, 5))
def test_derivatives_are_slopes_of_the_log_probability(interval, eta, log_theta):
    h = 1e-5
    _, gradient, hessian = at(interval, eta, log_theta)
    by_eta = [at(interval, eta + step, log_theta) for step in (h, -h)]
    by_theta = [at(interval, eta, log_theta + step) for step in (h, -h)]
    numeric = [(up[0] - down[0]) / (2 * h) for up, down in (by_eta, by_theta)]
    second = [
        (by_eta[0][1] - by_eta[1][1])[0],
        (by_theta[0][1] - by_theta[1][1])[0],
        (by_theta[0][1] - by_theta[1][1])[1],
    ]
    np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(hessian, np.array(second) / (2 * h), rtol=1e-5, atol=1e-5)


def test_a_category_far_in_the_tail_keeps_its_digits():
    """P(Y >= 200) is about 1e-100 here: as one minus a distribution function it would be zero."""
    logp, gradient, _ = at((200, 0, True), 0.0, 1.0)
    assert logp == pytest.approx(nbinom.logsf(199, np.e, np.e / (1 + np.e)), rel=1e-10)
    assert np.isfinite(gradient).all()


def simulated(n=400, seed=2):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    mean = np.exp(0.4 + 0.5 * x)
    return pl.DataFrame({"x": x, "mean": mean, "y": rng.negative_binomial(0.8, 0.8 / (0.8 + mean))})


def test_exact_counts_are_intervals_of_one():
    """The score of NB2 at exact counts is known in closed form, and must be zero at the fit."""
    frame = simulated()
    fitted = fit(frame, ("y", "y"), ["x"], "interval-nb2", covariance="model")
    a, b = fitted.params
    mu = np.exp(a + b * frame["x"].to_numpy())
    residual = (frame["y"].to_numpy() - mu) / (1 + fitted.info["alpha"] * mu)
    assert abs(residual.sum()) < 1e-7
    assert abs(residual @ frame["x"].to_numpy()) < 1e-7


def test_counts_without_overdispersion_give_the_poisson_fit():
    frame = simulated().with_columns(y=pl.col("mean").round())
    interval = fit(frame, ("y", "y"), ["x"], "interval-nb2", covariance="HC0")
    poisson = fit(frame, "y", ["x"], "poisson", covariance="HC0")
    assert interval.info["converged"]
    assert interval.info["alpha"] is None
    np.testing.assert_allclose(interval.params, poisson.params, atol=1e-4)
    np.testing.assert_allclose(interval.vcov, poisson.vcov, rtol=1e-3)


def test_an_answer_that_excludes_nothing_is_dropped_and_counted():
    frame = simulated().with_columns(hi=pl.col("y"))
    vague = pl.DataFrame({"x": [0.3, 0.5], "mean": [1.0, 1.0], "y": [0, 0], "hi": [None, None]}, schema=frame.schema)
    plain, more = (fit(f, ("y", "hi"), ["x"], "interval-nb2", covariance="HC0") for f in (frame, frame.vstack(vague)))
    assert more.info["n_dropped"] == {"any y possible": 2}
    np.testing.assert_array_equal(plain.params, more.params)


def test_an_open_end_may_be_null_nan_or_infinite():
    frame = simulated().with_columns(lo=pl.col("y").clip(0, 3), hi=pl.col("y").cast(pl.Float64))
    ends = [pl.lit(None), pl.lit(float("nan")), pl.lit(float("inf"))]
    opened = [frame.with_columns(hi=pl.when(pl.col("y") >= 3).then(end).otherwise("hi")) for end in ends]
    null, nan, infinite = (fit(f, ("lo", "hi"), ["x"], "interval-nb2", covariance="HC0").params for f in opened)
    np.testing.assert_array_equal(null, nan)
    np.testing.assert_array_equal(null, infinite)


def test_nights_asked_are_an_exposure():
    frame = simulated().with_columns(nights=pl.lit(30.0))
    plain = fit(frame, ("y", "y"), ["x"], "interval-nb2", covariance="HC0").params
    rate = fit(frame, ("y", "y"), ["x"], "interval-nb2", exposure="nights", covariance="HC0").params
    np.testing.assert_allclose(plain - rate, [np.log(30), 0], atol=1e-10)
