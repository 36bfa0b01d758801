"""Fits against R 4.2, number by number."""

import runpy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammaln

from hypnic.analysis.regression.fit import fit

REFERENCE = runpy.run_path(str(Path(__file__).parents[2] / "reference" / "agreement.py"))
CASES = {
    f"{file}-{covariance}": (make, coef, errors)
    for file, _, covariance, make, coef, errors in REFERENCE["comparisons"]()
}
GEE = "simdiary_gee_poisson_exchangeable"
# R stops its searches for zero-inflated models early, and glmmTMB differentiates numerically.
COEF_DIGITS = {"simdiary_zip": 1e-4, "simdiary_zinb": 1e-4}
ERROR_DIGITS = {"simdiary_zip": 1e-3, "simdiary_zinb": 1e-3, "simsurvey_nb2-model": 1e-3}


@cache
def fitted_to(case):
    """Fit when a test first asks, so that collecting the tests is quick."""
    return CASES[case][0]()


def tolerance(case, exceptions, usual):
    return next((digits for start, digits in exceptions.items() if case.startswith(start)), usual)


@pytest.mark.parametrize("case", CASES)
def test_coefficients_equal_those_of_r(case):
    _, coef, _ = CASES[case]
    ours = REFERENCE["numbers"](fitted_to(case), "estimate", coef)
    assert {name: ours[name] for name in coef} == pytest.approx(coef, rel=tolerance(case, COEF_DIGITS, 1e-6))


@pytest.mark.parametrize("case", [case for case, (_, _, errors) in CASES.items() if errors])
def test_standard_errors_equal_those_of_r(case):
    _, _, errors = CASES[case]
    ours = REFERENCE["numbers"](fitted_to(case), "std_error", errors)
    assert ours == pytest.approx(errors, rel=tolerance(case, ERROR_DIGITS, 1e-5))


@pytest.mark.parametrize("case", CASES)
def test_every_reference_fit_reaches_its_maximum(case):
    info = fitted_to(case).info
    assert info["converged"]
    assert info["score_max"] < 1e-9


def test_the_poisson_likelihood_equals_that_of_r():
    r, fitted = REFERENCE["truth"]("simdiary_poisson_offset"), fitted_to("simdiary_poisson_offset-model")
    assert (fitted.info["loglik"], fitted.info["aic"]) == pytest.approx((r["loglik"], r["aic"]), rel=1e-12)


def test_the_interval_likelihood_equals_that_of_r():
    r, fitted = REFERENCE["truth"]("simsurvey_intcens")["nb2"], fitted_to("simsurvey_intcens-model")
    assert fitted.info["loglik"] == pytest.approx(r["loglik"], rel=1e-12)
    assert fitted.info["alpha"] == pytest.approx(np.exp(-r["coef"]["log_theta"]), rel=1e-6)


@pytest.mark.parametrize("file", ["simdiary_zip_offset_cluster", "simdiary_zinb_cluster", "simsurvey_clm"])
def test_the_likelihood_of_a_second_part_equals_that_of_r(file):
    r, info = REFERENCE["truth"](file), fitted_to(f"{file}-model").info
    assert info["loglik"] == pytest.approx(r["loglik"], rel=1e-12)


def test_the_nb2_likelihood_and_its_dispersion_equal_those_of_r():
    r, info = REFERENCE["truth"]("simsurvey_nb2"), fitted_to("simsurvey_nb2-model (glmmTMB)").info
    assert (info["loglik"], info["aic"]) == pytest.approx((r["loglik"], r["aic"]), rel=1e-12)
    assert 1 / info["alpha"] == pytest.approx(r["theta"], rel=1e-9)


def test_the_conditional_logit_likelihood_equals_that_of_r():
    info = fitted_to("simdiary_clogit-model").info
    assert info["loglik"] == pytest.approx(REFERENCE["truth"]("simdiary_clogit")["loglik"][1], rel=1e-12)


def test_the_working_correlation_equals_that_of_geepack():
    r, info = REFERENCE["truth"]("simdiary_gee_poisson_exchangeable"), fitted_to(f"{GEE}-CR0").info
    assert (info["correlation"], info["scale"]) == pytest.approx((r["alpha"], r["scale"]), rel=1e-12)
    assert info["n_groups"] == r["nclusters"]


@pytest.mark.parametrize("table", ["simdiary", "constgroups"])
def test_the_conditional_likelihood_is_that_of_one_intercept_a_person_given_the_totals(table):
    r, info = REFERENCE["truth"](f"{table}_fepoisson"), fitted_to(f"{table}_fepoisson-model").info
    counts = REFERENCE["data"](table).group_by("pid").sum()["y"].to_numpy()
    n = counts[counts > 0]
    assert info["loglik"] + (n * np.log(n) - n - gammaln(n + 1)).sum() == pytest.approx(r["loglik_dummies"])
    assert info["n_groups"] == r["n_groups"]


def test_hc3_is_not_hc0():
    """Guards against the covariance of statsmodels 0.15 that calls HC0 HC3."""
    hc0, hc3 = fitted_to("simdiary_poisson_offset-HC0 (HC0)"), fitted_to("simdiary_poisson_offset-HC3 (HC3)")
    assert (hc3.tidy()["std_error"] > 1.001 * hc0.tidy()["std_error"]).all()


def test_a_person_with_a_constant_positive_count_stays_in_the_fit():
    """Guards against statsmodels' ConditionalPoisson, which drops the 12 such persons of this table."""
    table = REFERENCE["data"]("constgroups")
    fitted = fit(table, "y", ["x"], "fe-poisson", groups="pid", covariance="model")
    assert fitted.info["n_rows"] == table.height
    assert fitted.info["n_dropped"] == {}
