"""Counts with random effects of persons: against R, against integrals by brute force, and against themselves."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad
from scipy.stats import nbinom, norm

from hypnic.analysis.mixed.fit import fit_mixed
from hypnic.analysis.mixed.marginal import MixedCounts
from hypnic.errors import HypnicError

REFERENCE = runpy.run_path(str(Path(__file__).parents[2] / "reference" / "agreement_mixed.py"))
LAPLACE = "simdiary_glmer_laplace"
MATCHED = [file for file in REFERENCE["FITS"] if file != LAPLACE]


@cache
def fitted_to(file):
    """Give R's numbers; our parameters, errors and facts; and R's after a step. Fits when a test first asks."""
    return REFERENCE["truth"](file), *REFERENCE["ours"](file), REFERENCE["stepped"](file)


@pytest.mark.parametrize("file", MATCHED)
def test_one_newton_step_from_rs_parameters_arrives_at_ours(file):
    r, ours, _, _, stepped = fitted_to(file)
    assert {name: ours[name] for name in r["params"]} == pytest.approx(
        {name: stepped[name] for name in r["params"]}, rel=1e-9
    )


@pytest.mark.parametrize("file", MATCHED)
def test_rs_parameters_are_a_small_part_of_a_standard_error_away(file):
    r, ours, errors, _, _ = fitted_to(file)
    assert max(abs(ours[name] - value) / errors[name] for name, value in r["coef"].items()) < 1e-4


def test_parameters_equal_those_of_r_where_it_reached_its_maximum():
    r, ours, *_ = fitted_to("simdiary_glmmTMB_nb2_rslope")
    assert {name: ours[name] for name in r["params"]} == pytest.approx(r["params"], rel=1e-6)


@pytest.mark.parametrize("file", MATCHED)
def test_standard_errors_equal_those_of_r(file):
    r, _, errors, _, _ = fitted_to(file)
    assert {name: errors[name] for name in r["se"]} == pytest.approx(r["se"], rel=1e-5)


@pytest.mark.parametrize("file", [file for file in MATCHED if "glmmTMB" in file])
def test_the_likelihood_is_that_of_glmmtmb(file):
    r, _, _, info, stepped = fitted_to(file)
    assert stepped["loglik"] == pytest.approx(r["loglik"], rel=1e-9)
    assert info["loglik"] >= r["loglik"]


def test_glmer_ends_below_the_maximum_of_laplaces_approximation():
    """By its own count and by ours; glmmTMB and glmer's quadrature agree with us to ten digits."""
    r, _, _, info, stepped = fitted_to(LAPLACE)
    assert info["loglik"] > stepped["loglik"] > r["loglik"]


@pytest.mark.parametrize("file", REFERENCE["FITS"])
def test_every_reference_fit_reaches_its_maximum(file):
    info = fitted_to(file)[3]
    assert info["converged"]
    assert info["score_max"] < 1e-9


def few_persons(rng, law, r, m, points):
    """Draw 12 persons of 1 to 6 rows, whose counts owe nothing to the model."""
    person = np.repeat(np.arange(12), rng.integers(1, 7, 12))
    n = len(person)
    x, z = (np.column_stack([np.ones(n), rng.normal(size=n)]) for _ in range(2))
    count = rng.poisson(1.5, size=(n, 1)).astype(float)
    model = MixedCounts(law, x, z[:, :r], x[:, :m], count, 0.1 * rng.normal(size=n), person, points)
    return model, 0.3 * rng.normal(size=model.parts[3].stop)


def test_a_sd_is_kept_off_zero_by_its_logarithm(diary):
    """The penalty is no part of the log likelihood that is reported."""
    alike = diary.with_columns(x=pl.col("x").shuffle(seed=1))  # a dose that does nothing, to anybody
    plain, kept = (fit_mixed(alike, "y", ["x"], "nb2", "person", slope="x", off_zero=on) for on in (False, True))
    assert plain.params[-1] < 0.01
    assert kept.params[-1] > 0.03
    assert plain.info["loglik"] - 2 < kept.info["loglik"] < plain.info["loglik"]
    assert kept.info["converged"]


@pytest.mark.parametrize("points", [1, 3])
@pytest.mark.parametrize("m", [0, 2])
@pytest.mark.parametrize("r", [1, 2])
@pytest.mark.parametrize("law", ["poisson", "nb2"])
def test_the_score_of_every_person_is_the_gradient_of_their_log_likelihood(law, r, m, points):
    model, params = few_persons(np.random.default_rng(7), law, r, m, points)
    scores = model.evaluate(params, model.zeros)[1]
    for j in range(len(params)):
        shift = np.zeros_like(params)
        shift[j] = 1e-5
        ahead, behind = (model.evaluate(params + sign * shift, model.zeros)[0] for sign in (1, -1))
        assert scores[:, j] == pytest.approx((ahead - behind) / 2e-5, abs=1e-7)


def test_many_nodes_give_the_integral_over_the_random_intercept():
    model, params = few_persons(np.random.default_rng(11), "nb2", 1, 1, points=41)
    coef, (sd,), (log_theta,), (zero,) = (params[part] for part in model.parts)
    theta, certain = np.exp(log_theta), 1 / (1 + np.exp(-zero))
    found = model.evaluate(params, model.zeros)[0]
    for who in range(3):
        own = model.person == who
        fixed, count = (model.matrix @ coef + model.offset)[own], model.count[own, 0]

        def density(b, fixed=fixed, count=count):
            mass = nbinom.pmf(count, theta, theta / (theta + np.exp(fixed + sd * b)))
            return np.prod((1 - certain) * mass + certain * (count == 0)) * norm.pdf(b)

        assert found[who] == pytest.approx(np.log(quad(density, -12, 12, epsabs=0, epsrel=1e-10)[0]), rel=1e-9)


@pytest.fixture(scope="module")
def diary():
    """Ten nights of 80 simulated persons, a tenth of whom never have an event."""
    rng = np.random.default_rng(3)
    person, n = np.repeat(np.arange(80), 10), 800
    x, own, slope = rng.exponential(size=n), rng.normal(0, 0.8, 80), rng.normal(0.2, 0.3, 80)
    mean = np.exp(own[person] + slope[person] * x) * rng.gamma(2, 0.5, n) * (person % 10 > 0)
    return pl.DataFrame({"person": person, "x": x, "y": rng.poisson(mean)})


def numbers(fitted):
    return dict(zip(fitted.names, fitted.params, strict=True)), np.sqrt(np.diag(fitted.vcov))


def test_a_person_without_any_event_stays_in_the_fit(diary):
    fitted = fit_mixed(diary, "y", ["x"], "nb2", "person", slope="x")
    assert fitted.info["n_groups"] == 80
    assert fitted.info["n_dropped"] == {}


def test_the_order_of_rows_and_the_names_of_persons_change_nothing(diary):
    moved = diary.sample(fraction=1, shuffle=True, seed=1).with_columns(person=pl.format("p{}", 99 - pl.col("person")))
    for frame in (diary, moved):
        params, errors = numbers(fit_mixed(frame, "y", ["x"], "nb2", "person", slope="x", zero_terms=["x"]))
        if frame is diary:
            first = params, errors
    assert params == pytest.approx(first[0], rel=1e-8)
    assert errors == pytest.approx(first[1], rel=1e-6)


def test_a_smaller_unit_makes_the_slope_and_its_spread_smaller(diary):
    tenths = diary.with_columns(pl.col("x") * 10)
    (before, _), (after, _) = (numbers(fit_mixed(f, "y", ["x"], "nb2", "person", slope="x")) for f in (diary, tenths))
    factors = {"(Intercept)": 1, "x": 10, "sd:(Intercept)": 1, "sd:x": 10}
    assert {name: factors[name] * value for name, value in after.items()} == pytest.approx(before, rel=1e-8)


@pytest.mark.parametrize("covariance", ["model", "CR0"])
def test_every_person_twice_halves_the_variance(diary, covariance):
    twice = pl.concat([diary, diary.with_columns(pl.col("person") + 1000)])
    (one, error), (two, smaller) = (
        numbers(fit_mixed(f, "y", ["x"], "nb2", "person", slope="x", covariance=covariance)) for f in (diary, twice)
    )
    assert two == pytest.approx(one, rel=1e-8)
    assert smaller == pytest.approx(error / np.sqrt(2), rel=1e-5)


def test_the_sandwich_widens_what_poisson_takes_for_certain(diary):
    """Counts over-dispersed within the person are news to a Poisson model, and not to its sandwich."""
    model, robust = (
        numbers(fit_mixed(diary, "y", ["x"], "poisson", "person", covariance=covariance))[1][1]
        for covariance in ("model", "CR1S")
    )
    assert robust > 1.3 * model


def test_counts_that_are_not_overdispersed_get_poissons_law():
    rng = np.random.default_rng(5)
    even = pl.DataFrame({"person": np.repeat(np.arange(50), 8), "x": rng.normal(size=400)})
    even = even.with_columns(y=rng.binomial(4, 0.5, 400))
    fitted = fit_mixed(even, "y", ["x"], "nb2", "person")
    assert fitted.info["converged"]
    assert fitted.info["log_theta"] is None
    poisson = fit_mixed(even, "y", ["x"], "poisson", "person")
    assert fitted.info["loglik"] == pytest.approx(poisson.info["loglik"], rel=1e-12)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"slope": "z"}, "slope 'z' is not among the terms"),
        ({"off_zero": True}, "off_zero is about the sd of a slope"),
        ({"family": "zip"}, "no family 'zip' with random effects"),
        ({"covariance": "CR2"}, "covariance 'CR2' is not available"),
        ({"points": 0}, "points is 0"),
        ({"terms": ["x", "x"]}, "term 'x' is given twice"),
        ({"groups": "persons"}, "no column 'persons': did you mean 'person'"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(diary, keywords, message):
    with pytest.raises(HypnicError, match=message):
        fit_mixed(diary, **({"outcome": "y", "terms": ["x"], "family": "nb2", "groups": "person"} | keywords))
