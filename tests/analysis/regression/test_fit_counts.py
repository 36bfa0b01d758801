"""Counts with more spread or more zeros than Poisson's: boundaries, hard data, what each part means."""

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression import counts as countmodels
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.likelihood import maximise
from hypnic.errors import HypnicError

FAMILY_NAMES = ["nb2", "zip", "zinb", "hurdle-poisson", "hurdle-nb2"]
each_family = pytest.mark.parametrize("family", FAMILY_NAMES)


def boat_trips(seed=0, n=659):
    """Simulate counts like those of the hardest public example: two thirds zero, mean 2, largest about 88."""
    rng = np.random.default_rng(seed)
    quality, income = rng.choice([0, 0, 0, 1, 2, 3, 4, 5], n), rng.integers(1, 10, n)
    cost = rng.gamma(2.0, 30.0, n)
    mean = np.exp(0.8 + 0.3 * quality - 0.01 * cost) * rng.gamma(0.7, 1 / 0.7, n)
    never = rng.random(n) < 1 / (1 + np.exp(-(1.5 - 1.2 * quality)))
    return pl.DataFrame(
        {
            "trips": rng.poisson(mean) * ~never,
            "quality": quality,
            "income": income,
            "cost": cost,
            "ski": rng.choice(["yes", "no"], n),
            "weeks": rng.integers(1, 9, n),
            "even": rng.poisson(2.0, n),
        }
    )


CALL = {"outcome": "trips", "terms": ["quality", "ski", "income", "cost"], "exposure": "weeks", "covariance": "model"}


@each_family
@pytest.mark.parametrize("seed", range(4))
def test_heavy_tails_and_many_zeros_reach_a_maximum_with_finite_errors(family, seed):
    frame = boat_trips(seed)
    assert frame["trips"].max() > 20
    zero = {} if family == "nb2" else {"zero_terms": ["quality", "income"]}
    fitted = fit(frame, **CALL, **zero, family=family)
    assert fitted.info["converged"]
    assert fitted.info["score_max"] < 1e-9
    assert fitted.tidy()["std_error"].is_finite().all()
    assert (np.linalg.eigvalsh(fitted.vcov) > 0).all()


@each_family
def test_no_random_start_climbs_higher_than_the_fit(monkeypatch, family):
    searches = []
    highest = countmodels._highest

    def watched(likelihood, starts, kernel):
        point, path = highest(likelihood, starts, kernel)
        searches.append((likelihood, point))
        return point, path

    monkeypatch.setattr(countmodels, "_highest", watched)
    zero = {} if family == "nb2" else {"zero_terms": ["quality", "income"]}
    fit(boat_trips(seed=1), **CALL, **zero, family=family)
    likelihood, best = searches[-1]
    rng = np.random.default_rng(8)
    others = [maximise(likelihood, best.params + rng.normal(size=len(best.params))) for _ in range(6)]
    assert max(other.loglik for other in others) == pytest.approx(best.loglik, abs=1e-7)
    for other in others:
        if other.loglik > best.loglik - 1e-7:
            np.testing.assert_allclose(other.params, best.params, atol=1e-5)


@pytest.mark.parametrize(("family", "plain"), [("nb2", "poisson"), ("hurdle-nb2", "hurdle-poisson"), ("zinb", "zip")])
def test_counts_without_overdispersion_give_the_poisson_fit_and_say_so(family, plain):
    """Counts spread less than Poisson's leave no room for alpha: it is 0, and nothing is NaN."""
    rng = np.random.default_rng(6)
    frame = boat_trips().with_columns(
        trips=rng.binomial(6, 0.5, 659) * (rng.random(659) < 0.7) if family == "zinb" else rng.binomial(6, 0.3, 659)
    )
    call = CALL | {"exposure": None, "covariance": "HC0"}
    fitted, poisson = fit(frame, **call, family=family), fit(frame, **call, family=plain)
    assert fitted.info["alpha"] == 0
    assert "alpha at its bound of 0: the Poisson fit" in fitted.info["optimizer"]
    assert fitted.info["converged"]
    np.testing.assert_allclose(fitted.params, poisson.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(fitted.vcov, poisson.vcov, rtol=1e-6, atol=1e-12)


def test_nb2_lies_above_poisson_only_where_there_is_overdispersion():
    frame = boat_trips()
    nb2, poisson = (fit(frame, **CALL, family=family) for family in ("nb2", "poisson"))
    assert nb2.info["loglik"] > poisson.info["loglik"]
    assert nb2.info["log_theta"] == pytest.approx(-np.log(nb2.info["alpha"]))
    assert nb2.info["log_theta_std_error"] > 0


def test_a_little_overdispersion_of_large_counts_is_found():
    """With a mean of 50,000 an alpha of 4e-6 is a fifth more variance than Poisson's."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=3000)
    mean = np.exp(10.8 + 0.1 * x)
    y = rng.negative_binomial(1 / 4e-6, 1 / (1 + 4e-6 * mean))
    info = fit(pl.DataFrame({"x": x, "y": y}), "y", ["x"], "nb2").info
    assert info["converged"]
    assert info["alpha"] == pytest.approx(4e-6, rel=0.5)


def test_a_hurdle_is_a_logit_of_any_and_a_count_of_how_many():
    """Its zero part is the logit, to the last digit, whatever the counts above zero are."""
    frame = boat_trips().with_columns(any=pl.col("trips") > 0)
    call = CALL | {"exposure": None}
    logit = fit(frame, **call | {"outcome": "any"}, family="binomial")
    for family in ("hurdle-poisson", "hurdle-nb2"):
        fitted = fit(frame, **call, family=family)
        zero = [name.startswith("zero:") for name in fitted.names]
        np.testing.assert_allclose(fitted.params[zero], logit.params, rtol=1e-8)
        np.testing.assert_allclose(fitted.vcov[np.ix_(zero, zero)], logit.vcov, rtol=1e-8)


def test_the_exposure_enters_the_counts_only():
    """Ten times the weeks lowers the log rate by log(10), and leaves the zero part as it is."""
    frame = boat_trips()
    longer = frame.with_columns(pl.col("weeks") * 10)
    for family in FAMILY_NAMES[1:]:
        zero = {"zero_terms": ["quality"]}
        one, ten = (fit(f, **CALL, **zero, family=family).tidy()["estimate"].to_numpy() for f in (frame, longer))
        np.testing.assert_allclose(one - ten, [np.log(10), *[0.0] * 6], atol=1e-7)


def test_a_zero_part_of_its_own_is_found():
    rng = np.random.default_rng(3)
    x, z = rng.normal(size=(2, 6000))
    never = rng.random(6000) < 1 / (1 + np.exp(1 - 0.8 * z))
    y = rng.negative_binomial(2.0, 2.0 / (2.0 + np.exp(1 + 0.5 * x))) * ~never
    fitted = fit(pl.DataFrame({"x": x, "z": z, "y": y}), "y", ["x"], "zinb", zero_terms=["z"], covariance="HC0")
    truth = [1.0, 0.5, -1.0, 0.8]
    assert (np.abs(fitted.tidy()["estimate"].to_numpy() - truth) < 4 * fitted.tidy()["std_error"].to_numpy()).all()
    assert fitted.info["alpha"] == pytest.approx(0.5, abs=0.15)


def test_zeros_that_the_counts_explain_leave_no_zero_part():
    with pytest.raises(HypnicError, match=r"the zero part has no finite 'zero:\(Intercept\)': give fewer zero_terms"):
        fit(boat_trips().with_columns(trips=pl.col("even")), "trips", ["cost"], "zip", zero_terms=[], covariance="HC0")


def test_a_coefficient_can_be_large_where_it_is_certain():
    """Size alone is no separation: here a standard deviation moves the log odds of a zero by far."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=4000)
    y = rng.poisson(20.0, 4000) * (rng.random(4000) < 1 / (1 + np.exp(-25 * (x - 0.3))))
    fitted = fit(pl.DataFrame({"x": x, "y": y}), "y", [], "zip", zero_terms=["x"], covariance="HC0")
    assert fitted.params[-1] < -15
    assert fitted.info["converged"]
