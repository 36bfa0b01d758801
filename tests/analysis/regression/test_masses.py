"""Row probabilities of counts and ordered answers: they add up, and their derivatives are slopes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from hypnic.analysis.regression import masses
from hypnic.analysis.regression.ordered import _between

KERNELS = {
    "poisson": masses.poisson,
    "nb2": masses.nb2,
    "zip": lambda k: masses.inflated(masses.poisson, k),
    "zinb": lambda k: masses.inflated(masses.nb2, k),
    "hurdle-poisson": lambda k: masses.hurdle(masses.poisson, k),
    "hurdle-nb2": lambda k: masses.hurdle(masses.nb2, k),
}
PREDICTORS = {"poisson": 1, "nb2": 2, "zip": 2, "zinb": 3, "hurdle-poisson": 2, "hurdle-nb2": 3}
each_kernel = pytest.mark.parametrize("kernel", KERNELS)
values = st.floats(-2.5, 2.5)


@each_kernel
@settings(max_examples=30, deadline=None)
@given(eta=st.tuples(values, values, values))
def test_the_probabilities_of_all_counts_add_to_one(kernel, eta):
    k = np.arange(3000.0)
    rows = KERNELS[kernel](k)(np.tile(eta[: PREDICTORS[kernel]], (len(k), 1)))
    assert np.exp(rows.logp).sum() == pytest.approx(1, rel=1e-9)


def assert_derivatives(rows, eta):
    """Compare gradient and Hessian with differences of the log-probability and of the gradient."""
    here, h = rows(eta), 1e-5
    for j, step in enumerate(h * np.eye(eta.shape[1])):
        up, down = rows(eta + step), rows(eta - step)
        np.testing.assert_allclose(here.gradient[:, j], (up.logp - down.logp) / (2 * h), rtol=1e-5, atol=1e-5)
        slope = (up.gradient - down.gradient) / (2 * h)
        np.testing.assert_allclose(here.hessian[:, j], slope, rtol=1e-5, atol=1e-5)


@each_kernel
@settings(max_examples=30, deadline=None)
@given(eta=st.tuples(values, values, values), k=st.integers(0, 60))
def test_derivatives_are_slopes_of_the_log_probability(kernel, eta, k):
    # Dispersion is one number for all rows, so rows are taken one at a time.
    assert_derivatives(KERNELS[kernel](np.array([float(k)])), np.array([eta[: PREDICTORS[kernel]]]))


@settings(max_examples=30, deadline=None)
@given(lower=st.floats(-30, 29), gap=st.floats(0.01, 5))
def test_derivatives_of_an_interval_of_the_logistic_are_its_slopes(lower, gap):
    assert_derivatives(lambda eta: _between(eta[:, 0], eta[:, 1]), np.array([[lower + gap, lower]]))


@given(k=st.integers(0, 300), eta=st.floats(-3, 5), log_theta=st.floats(-3, 8))
def test_nb2_is_scipys_negative_binomial(k, eta, log_theta):
    theta = np.exp(log_theta)
    expected = nbinom.logpmf(k, theta, theta / (theta + np.exp(eta)))
    assert masses.nb2(np.array([float(k)]))(np.array([[eta, log_theta]])).logp[0] == pytest.approx(
        expected, rel=1e-8, abs=1e-8
    )


def test_nb2_with_a_vast_theta_is_poisson():
    k = np.arange(20.0)
    nb2 = masses.nb2(k)(np.tile([1.0, 20.0], (20, 1)))
    np.testing.assert_allclose(nb2.logp, masses.poisson(k)(np.ones((20, 1))).logp, atol=1e-6)
    assert np.isfinite(nb2.hessian).all()


def test_an_answer_far_out_keeps_its_digits():
    """P(-40 < L < -39) is about e^-39, and beyond 39 the same: as a difference of shares the second is zero."""
    both = _between(np.array([-39.0, 40.0]), np.array([-40.0, 39.0]))
    assert both.logp[1] == pytest.approx(both.logp[0], rel=1e-14)
    assert np.isfinite(both.hessian).all()
