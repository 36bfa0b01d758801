"""Survey designs: strata, PSUs, weights, subpopulations."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

DESIGN = {"weights": "w", "strata": "stratum", "psu": "psu", "covariance": "design"}


@pytest.fixture(scope="module")
def survey():
    """Simulate 6 strata x 2 or 3 PSUs, numbered afresh in each stratum, with unequal weights."""
    rng = np.random.default_rng(11)
    stratum = rng.integers(0, 6, 900)
    psu = rng.integers(1, np.where(stratum < 3, 3, 4))
    x = rng.normal(size=900) + 0.3 * stratum
    y = rng.poisson(np.exp(0.2 * x) * rng.gamma(2, 0.5, 24)[stratum * 4 + psu])
    return pl.DataFrame(
        {
            "stratum": stratum,
            "psu": psu,
            "x": x,
            "y": y,
            "w": rng.gamma(2, 5000, 900),
            "old": rng.integers(0, 2, 900),
        }
    )


def linearised_mean_error(frame):
    """Compute a weighted mean of y and its linearised standard error, the textbook way, in polars."""
    mean = (frame["y"] * frame["w"]).sum() / frame["w"].sum()
    per_psu = frame.group_by("stratum", "psu").agg(z=(pl.col("w") * (pl.col("y") - mean)).sum() / frame["w"].sum())
    per_stratum = per_psu.group_by("stratum").agg(pl.len() * pl.col("z").var(ddof=1))
    return mean, np.sqrt(per_stratum["len"].sum())


def test_the_log_of_a_weighted_mean_has_its_textbook_error(survey):
    mean, error = linearised_mean_error(survey)
    row = fit(survey, "y", [], "poisson", **DESIGN).tidy().row(0, named=True)
    assert row["estimate"] == pytest.approx(np.log(mean), rel=1e-10)
    assert row["std_error"] == pytest.approx(error / mean, rel=1e-10)


def test_a_subpopulation_keeps_every_psu_in_its_variance(survey):
    """A PSU without anyone of the subpopulation counts as a total of zero, as a filter would not."""
    frame = survey.with_columns(old=pl.col("old") * ((pl.col("stratum") > 0) | (pl.col("psu") > 1)))
    outside_at_zero = frame.with_columns(w=pl.col("w") * pl.col("old"))
    mean, error = linearised_mean_error(outside_at_zero)
    fitted = fit(frame, "y", [], "poisson", domain="old", **DESIGN)
    row = fitted.tidy().row(0, named=True)
    assert row["estimate"] == pytest.approx(np.log(mean), rel=1e-10)
    assert row["std_error"] == pytest.approx(error / mean, rel=1e-10)
    assert fitted.info["n_dropped"] == {"outside old": frame.height - frame["old"].sum()}


def test_rows_with_a_missing_value_stay_in_the_design(survey):
    gone = pl.when((pl.col("stratum") == 0) & (pl.col("psu") == 1)).then(None).otherwise("x").alias("x")
    fitted = fit(survey.with_columns(gone), "y", ["x"], "poisson", **DESIGN)
    domain = survey.with_columns(seen=((pl.col("stratum") != 0) | (pl.col("psu") != 1)).cast(pl.Int8))
    np.testing.assert_allclose(
        fitted.vcov, fit(domain, "y", ["x"], "poisson", domain="seen", **DESIGN).vcov, rtol=1e-12
    )


def test_degrees_of_freedom_are_psus_minus_strata_of_those_in_the_domain(survey):
    fitted = fit(survey, "y", ["x"], "poisson", domain="old", **DESIGN)
    assert fitted.df == survey.select("stratum", "psu").n_unique() - survey["stratum"].n_unique()
    row = fitted.tidy().row(1, named=True)
    assert row["conf_high"] - row["estimate"] == pytest.approx(t.ppf(0.975, fitted.df) * row["std_error"])
    assert row["p_value"] == pytest.approx(2 * t.sf(abs(row["statistic"]), fitted.df))


@pytest.mark.parametrize(
    ("outcome", "family"),
    [("y", "poisson"), (("y", "y"), "interval-nb2"), ("any", "binomial"), ("any", "cloglog")],
)
def test_equal_weights_and_persons_as_psus_give_cr0_times_its_correction(survey, outcome, family):
    frame = survey.with_columns(one=1.0, any=pl.col("y") > 0, person=pl.int_range(pl.len()) // 3)
    design = fit(frame, outcome, ["x"], family, weights="one", psu="person", covariance="design")
    cr0 = fit(frame, outcome, ["x"], family, cluster="person", covariance="CR0")
    np.testing.assert_allclose(design.vcov, cr0.vcov * 300 / 299, rtol=1e-12)
    assert design.df == 299


def test_equal_weights_and_persons_as_psus_give_cr0_within_persons_too(survey):
    frame = survey.with_columns(one=1.0, person=pl.int_range(pl.len()) // 9)
    within = {"outcome": "y", "terms": ["x"], "family": "fe-poisson", "groups": "person"}
    design = fit(frame, **within, weights="one", psu="person", covariance="design")
    cr0 = fit(frame, **within, cluster="person", covariance="CR0")
    g = survey.height // 9  # a person without events stays a PSU of the survey, though not a cluster of the fit
    np.testing.assert_allclose(design.vcov, cr0.vcov * g / (g - 1), rtol=1e-12)


def test_without_psu_every_row_is_one(survey):
    named = survey.with_columns(row=pl.int_range(pl.len()))
    by_row, without = (
        fit(named, "y", ["x"], "poisson", weights="w", strata="stratum", psu=psu, covariance="design")
        for psu in ("row", None)
    )
    np.testing.assert_array_equal(by_row.vcov, without.vcov)


def test_a_stratum_with_one_psu_is_refused_by_name(survey):
    lonely = survey.filter((pl.col("stratum") != 4) | (pl.col("psu") == 1))
    with pytest.raises(HypnicError, match=r"stratum 4 of 'stratum' has a single PSU: merge it"):
        fit(lonely, "y", ["x"], "poisson", **DESIGN)


def test_a_row_without_weight_is_not_fitted_and_its_psu_is_no_degree_of_freedom(survey):
    some = survey.with_columns(w=pl.when(pl.col("psu") == 1).then(0.0).otherwise("w"))
    fitted = fit(some, "y", ["x"], "poisson", **DESIGN)
    assert fitted.info["n_dropped"] == {"zero w": survey.filter(psu=1).height}
    left = survey.filter(pl.col("psu") > 1)
    assert fitted.df == left.select("stratum", "psu").n_unique() - left["stratum"].n_unique()
