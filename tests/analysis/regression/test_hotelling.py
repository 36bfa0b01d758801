"""The joint test of several coefficients when clusters are few."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2

from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.hotelling import joint_test
from hypnic.errors import HypnicError

HERE = Path(__file__).parents[2] / "reference"
TERMS = ["caf", "alc", "stress"]
R40 = json.loads((HERE / "diary40_htz.json").read_text("utf-8"))
R25 = json.loads((HERE / "simdiary25_htz.json").read_text("utf-8"))
KEYS = ("Fstat", "df_num", "df_denom", "p_val", "delta")


@pytest.fixture(scope="module")
def diary40():
    """Fit the counts of 40 simulated persons under CR2."""
    frame = pl.read_csv(HERE / "diary40.csv")
    return fit(frame, "y", TERMS, "poisson", exposure="hours", cluster="pid", covariance="CR2")


@pytest.fixture(scope="module")
def persons25():
    """Give 25 persons of the simulated diary."""
    return pl.read_csv(HERE / "simdiary.csv").filter(pl.col("pid") <= 25).with_columns(any=pl.col("y") > 0)


@pytest.mark.parametrize(("name", "terms"), [("all", TERMS), ("caf_alc", ["caf", "alc"])])
def test_a_poisson_fit_has_the_test_of_clubsandwich(diary40, name, terms):
    r = next(line for line in R40[name] if line["test"] == "HTZ")
    assert joint_test(diary40, terms) == pytest.approx([r[key] for key in KEYS], rel=1e-8)


@pytest.mark.parametrize("covariance", ["CR2", "CR3"])
def test_a_logit_has_the_test_of_clubsandwich_under_either_covariance(persons25, covariance):
    fitted, r = fit(persons25, "any", TERMS, "binomial", cluster="pid", covariance=covariance), R25["logit"][covariance]
    assert joint_test(fitted, TERMS) == pytest.approx([r["all"][key] for key in KEYS], rel=1e-8)
    assert joint_test(fitted, ["caf"], ["alc"]) == pytest.approx([r["caf_is_alc"][key] for key in KEYS], rel=1e-8)


def test_within_persons_it_is_that_of_the_rows_that_conditioning_leaves(persons25):
    fitted, r = fit(persons25, "y", TERMS, "fe-poisson", groups="pid", covariance="CR3"), R25["within"]
    assert joint_test(fitted, TERMS) == pytest.approx([r["CR3"]["all"][key] for key in KEYS], rel=1e-8)
    assert joint_test(fitted, TERMS[:2]) == pytest.approx([r["CR3"]["caf_alc"][key] for key in KEYS], rel=1e-8)
    np.testing.assert_allclose(fitted.freedom(np.eye(3)), list(r["df"].values()), rtol=1e-8)


def test_of_one_coefficient_it_is_satterthwaites_t(diary40):
    found, line = joint_test(diary40, ["caf"]), diary40.tidy().row(1, named=True)
    assert found.statistic == pytest.approx(line["statistic"] ** 2)
    assert (found.p_value, found.delta) == pytest.approx((line["p_value"], 1.0))


def test_the_unit_of_an_exposure_and_the_order_of_rows_do_not_matter(persons25):
    in_other_units = persons25.with_columns(pl.col("caf") * 50 - 3).sample(fraction=1.0, shuffle=True, seed=1)
    one, other = (
        joint_test(fit(frame, "any", TERMS, "binomial", cluster="pid", covariance="CR2"), TERMS)
        for frame in (persons25, in_other_units)
    )
    assert one == pytest.approx(other, rel=1e-8)


def test_with_few_clusters_it_rejects_far_less_often_than_chi_square():
    """Twelve clusters, three exposures of clusters that do nothing: 5 % is promised."""
    rng = np.random.default_rng(8)
    small, large = [], []
    for _ in range(150):
        pid = np.repeat(np.arange(12), 6)
        names = {name: rng.normal(size=12)[pid] for name in TERMS}
        frame = pl.DataFrame({"pid": pid, "y": rng.poisson(3 * rng.gamma(4.0, 0.25, 12)[pid]), **names})
        fitted = fit(frame, "y", TERMS, "poisson", cluster="pid", covariance="CR2")
        found = joint_test(fitted, TERMS)
        small.append(found.p_value < 0.05)
        large.append(chi2.sf(found.statistic / found.delta * 3, 3) < 0.05)
    assert np.mean(small) < 0.1
    assert np.mean(large) > 0.2


def test_it_is_refused_where_it_is_not_defined_or_nothing_is_left(persons25):
    with pytest.raises(HypnicError, match="needs covariance='CR2' or, within persons, 'CR3'"):
        joint_test(fit(persons25, "any", TERMS, "binomial", cluster="pid", covariance="CR1S"), TERMS)
    with pytest.raises(HypnicError, match="the fit has no term 'tea'"):
        joint_test(fit(persons25, "any", TERMS, "binomial", cluster="pid", covariance="CR2"), ["tea"])
    three = persons25.filter(pl.col("pid").is_between(7, 9))
    with pytest.raises(HypnicError, match="degrees of freedom, too few to test 3 coefficients together"):
        joint_test(fit(three, "y", TERMS, "poisson", cluster="pid", covariance="CR2"), TERMS)
