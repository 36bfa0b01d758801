"""Fits against R 4.2, number by number."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammaln

from hypnic.analysis.fitting import fit

REFERENCE = runpy.run_path(str(Path(__file__).parents[1] / "reference" / "agreement.py"))
CASES = {
    f"{file}-{covariance}": (fitted, coef, errors)
    for file, _, covariance, fitted, coef, errors in REFERENCE["comparisons"]()
}


def with_log_theta(fitted, column):
    """Add what R calls log_theta, which `tidy` leaves to `info`."""
    tidy = fitted.tidy()
    values = dict(zip(tidy["term"], tidy[column], strict=True))
    if "log_theta" in fitted.info:
        values["log_theta"] = fitted.info["log_theta" if column == "estimate" else "log_theta_std_error"]
    return values


@pytest.mark.parametrize("case", CASES)
def test_coefficients_equal_those_of_r(case):
    fitted, coef, _ = CASES[case]
    ours = with_log_theta(fitted, "estimate")
    assert {name: ours[name] for name in coef} == pytest.approx(coef, rel=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_equal_those_of_r(case):
    fitted, _, errors = CASES[case]
    assert with_log_theta(fitted, "std_error") == pytest.approx(errors, rel=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_every_reference_fit_reaches_its_maximum(case):
    info = CASES[case][0].info
    assert info["converged"]
    assert info["score_max"] < 1e-9


def test_the_poisson_likelihood_equals_that_of_r():
    r, fitted = REFERENCE["truth"]("simdiary_poisson_offset"), CASES["simdiary_poisson_offset-model"][0]
    assert (fitted.info["loglik"], fitted.info["aic"]) == pytest.approx((r["loglik"], r["aic"]), rel=1e-12)


def test_the_interval_likelihood_equals_that_of_r():
    r, fitted = REFERENCE["truth"]("simsurvey_intcens")["nb2"], CASES["simsurvey_intcens-model"][0]
    assert fitted.info["loglik"] == pytest.approx(r["loglik"], rel=1e-12)
    assert fitted.info["alpha"] == pytest.approx(np.exp(-r["coef"]["log_theta"]), rel=1e-6)


@pytest.mark.parametrize("table", ["simdiary", "constgroups"])
def test_the_conditional_likelihood_is_that_of_one_intercept_a_person_given_the_totals(table):
    r, info = REFERENCE["truth"](f"{table}_fepoisson"), CASES[f"{table}_fepoisson-model"][0].info
    counts = REFERENCE["data"](table).group_by("pid").sum()["y"].to_numpy()
    n = counts[counts > 0]
    assert info["loglik"] + (n * np.log(n) - n - gammaln(n + 1)).sum() == pytest.approx(r["loglik_dummies"])
    assert info["n_groups"] == r["n_groups"]


def test_hc3_is_not_hc0():
    """Guards against the covariance of statsmodels 0.15 that calls HC0 HC3."""
    hc0, hc3 = CASES["simdiary_poisson_offset-HC0 (HC0)"][0], CASES["simdiary_poisson_offset-HC3 (HC3)"][0]
    assert (hc3.tidy()["std_error"] > 1.001 * hc0.tidy()["std_error"]).all()


def test_a_person_with_a_constant_positive_count_stays_in_the_fit():
    """Guards against statsmodels' ConditionalPoisson, which drops the 12 such persons of this table."""
    table = REFERENCE["data"]("constgroups")
    fitted = fit(table, "y", ["x"], "fe-poisson", groups="pid", covariance="model")
    assert fitted.info["n_rows"] == table.height
    assert fitted.info["n_dropped"] == {}
