"""Models of persons seen many times: population averages, and yes or no within persons."""

import numpy as np
import polars as pl
import pytest
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_estimating_equations import GEE

from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError


@pytest.fixture(scope="module")
def diary():
    """Simulate 50 persons of 2 to 9 nights with their own level."""
    rng = np.random.default_rng(14)
    person = np.repeat(np.arange(50), rng.integers(2, 10, 50))
    x, z = rng.normal(size=(2, len(person)))
    jerks = rng.poisson(rng.gamma(1.5, 0.8, 50)[person] * np.exp(0.3 * x - 0.2 * z))
    frame = pl.DataFrame({"pid": person, "x": x, "z": z, "jerks": jerks, "hours": rng.uniform(5, 9, len(person))})
    return frame.with_columns(any=pl.col("jerks") > 0, w=pl.Series(rng.gamma(2.0, 1.0, 50)[person]))


GEE_CALL = {"outcome": "jerks", "terms": ["x", "z"], "family": "gee-poisson", "groups": "pid", "exposure": "hours"}
LOGIT = {"outcome": "any", "terms": ["x", "z"], "family": "fe-logit", "groups": "pid"}


@pytest.mark.parametrize("weights", [None, "w"])
def test_the_population_average_is_that_of_statsmodels(diary, weights):
    x = np.column_stack([np.ones(diary.height), diary["x"], diary["z"]])
    theirs = GEE(
        diary["jerks"].to_numpy(),
        x,
        groups=diary["pid"].to_numpy(),
        family=Poisson(),
        cov_struct=Exchangeable(),
        offset=np.log(diary["hours"].to_numpy()),
    ).fit(ddof_scale=0, ctol=1e-9)
    ours = fit(diary.with_columns(w=1.0), weights=weights, covariance="CR0", **GEE_CALL)
    np.testing.assert_allclose(ours.params, theirs.params, rtol=1e-8)
    np.testing.assert_allclose(ours.tidy()["std_error"], theirs.bse, rtol=1e-8)
    assert ours.info["correlation"] == pytest.approx(theirs.cov_struct.dep_params, rel=1e-8)


def test_a_weight_of_two_is_a_person_twice(diary):
    """Weights are of whole persons, so estimates and CR0 meat are those of copies, each its own cluster."""
    some = pl.col("pid") < 10
    weighted = fit(
        diary.with_columns(w=pl.when(some).then(2.0).otherwise(1.0)), weights="w", covariance="CR0", **GEE_CALL
    )
    copies = pl.concat([diary, diary.filter(some).with_columns(pl.col("pid") + 100)])
    np.testing.assert_allclose(weighted.params, fit(copies, covariance="CR0", **GEE_CALL).params, rtol=1e-10)


def test_population_average_cr3_is_close_to_leaving_each_person_out(diary):
    fitted = fit(diary, covariance="CR3", **GEE_CALL)
    pids = diary["pid"].unique().sort()
    left_out = np.array([fit(diary.filter(pl.col("pid") != p), covariance="CR0", **GEE_CALL).params for p in pids])
    apart = left_out - fitted.params
    np.testing.assert_allclose(np.sqrt(np.diag(apart.T @ apart)), fitted.tidy()["std_error"], rtol=0.15)


def test_persons_without_events_stay_in_a_population_average(diary):
    info = fit(diary, covariance="CR0", **GEE_CALL).info
    assert (info["n_rows"], info["n_groups"], info["n_dropped"]) == (diary.height, 50, {})


def test_groups_are_the_clusters_unless_said_otherwise(diary):
    for call in (GEE_CALL, LOGIT):
        np.testing.assert_array_equal(
            fit(diary, covariance="CR1S", **call).vcov, fit(diary, covariance="CR1S", cluster="pid", **call).vcov
        )


def test_a_correlation_that_none_can_be_is_refused():
    """Groups of equal counts and one large group of unequal ones give a moment above one."""
    frame = pl.DataFrame({"pid": [0, 0, 1, 1, *range(2, 42)], "y": [30, 30, 0, 0, *[1, 2] * 20], "x": [0.0, 1.0] * 22})
    with pytest.raises(HypnicError, match=r"the working correlation is .*, which none can be: use family='poisson'"):
        fit(frame, "y", ["x"], "gee-poisson", groups="pid", covariance="CR0")


def test_the_conditional_logit_is_that_of_statsmodels(diary):
    ours = fit(diary, covariance="model", **LOGIT)
    some = diary.filter(pl.col("any").n_unique().over("pid") == 2)
    theirs = ConditionalLogit(
        some["any"].cast(pl.Float64).to_numpy(), some.select("x", "z").to_numpy(), groups=some["pid"].to_numpy()
    )
    np.testing.assert_allclose(theirs.score(ours.params), 0, atol=1e-8)  # its own search stops early
    assert ours.info["loglik"] == pytest.approx(theirs.loglike(ours.params), rel=1e-12)
    np.testing.assert_allclose(np.linalg.inv(-theirs.hessian(ours.params)), ours.vcov, rtol=1e-6)


def test_two_nights_a_person_are_a_logit_of_their_difference():
    """With one event in two nights the conditional likelihood is a logit, without constant, of the difference."""
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 300))
    event = rng.random(300) < 1 / (1 + np.exp(-0.8 * (first - second)))
    pairs = pl.DataFrame(
        {"pid": [*range(300)] * 2, "x": np.concatenate([first, second]), "any": np.concatenate([event, ~event])}
    )
    slope = fit(pairs, "any", ["x"], "fe-logit", groups="pid", covariance="model").params[0]
    chance = 1 / (1 + np.exp(-slope * (first - second)))
    assert ((event - chance) * (first - second)).sum() == pytest.approx(0, abs=1e-9)


def test_persons_who_always_or_never_jerk_say_nothing_about_when(diary):
    info = fit(diary, covariance="CR0", **LOGIT).info
    always = diary.group_by("pid").agg(pl.col("any").all(), never=~pl.col("any").any(), n=pl.len())
    counted = info["n_dropped"]
    assert counted["no event in pid"] == always.filter("never")["n"].sum()
    assert counted["an event in every row of pid"] == always.filter("any")["n"].sum()
    assert info["n_rows"] + sum(counted.values()) == diary.height


def test_many_nights_a_person_do_not_overflow():
    rng = np.random.default_rng(3)
    person, x = np.repeat(np.arange(4), 400), rng.normal(size=1600)
    frame = pl.DataFrame({"pid": person, "x": x, "any": rng.random(1600) < 1 / (1 + np.exp(-x))})
    fitted = fit(frame, "any", ["x"], "fe-logit", groups="pid", covariance="model")
    assert fitted.info["converged"]
    assert fitted.params[0] == pytest.approx(1, abs=0.2)


def test_a_count_that_is_the_same_in_every_row_leaves_no_correlation(diary):
    with pytest.raises(HypnicError, match="no residuals to correlate") as error:
        fit(diary.with_columns(jerks=pl.lit(1)), "jerks", ["x"], "gee-poisson", groups="pid", covariance="CR3")
    assert error.value.reason == "no_variation"
