"""What `fit` promises whatever the data: order, units, names, what is dropped, what converged."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypnic.analysis.regression.families import FAMILIES
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.glm import estimate_poisson

COLUMNS = ["term", "estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value"]


@pytest.fixture(scope="module")
def diary():
    """Simulate 60 persons x 10 nights with their own level of jerks."""
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(60), 10)
    caffeine, alcohol = rng.gamma(2.0, 80.0, 600).round(), rng.poisson(0.7, 600) * 10.0
    rate = rng.gamma(1.5, 0.4, 60)[person] * np.exp(0.001 * caffeine + 0.01 * alcohol)
    return pl.DataFrame(
        {
            "pid": [f"p{i:03d}" for i in person],
            "jerks": rng.poisson(rate),
            "caffeine_mg": caffeine,
            "alcohol_g": alcohol,
            "place": rng.choice(["home", "away", "hotel"], 600),
            "nights": rng.integers(1, 4, 600),
            "w": rng.gamma(2.0, 500.0, 60)[person],
            "noticed": rng.poisson(2 * rate + 1) * (rng.random(600) < 0.7),
        }
    ).with_columns(
        low=pl.when(pl.col("jerks") < 2).then("jerks").when(pl.col("jerks") < 5).then(2).otherwise(5),
        high=pl.when(pl.col("jerks") < 2).then("jerks").when(pl.col("jerks") < 5).then(4).otherwise(None),
        any=pl.col("jerks") > 0,
        some=pl.col("jerks").clip(0, 3),
    )


TERMS = ["caffeine_mg", "alcohol_g"]
FITS = {
    "poisson": {"outcome": "jerks", "family": "poisson", "exposure": "nights", "covariance": "HC3"},
    "quasipoisson": {"outcome": "jerks", "family": "quasipoisson", "covariance": "model"},
    "binomial": {"outcome": "any", "family": "binomial", "cluster": "pid", "covariance": "CR2"},
    "cloglog": {"outcome": "any", "family": "cloglog", "weights": "w", "psu": "pid", "covariance": "design"},
    "interval-nb2": {"outcome": ("low", "high"), "family": "interval-nb2", "covariance": "HC0"},
    "truncated-nb2": {"outcome": ("low", "high"), "family": "truncated-nb2", "maximum": 20, "covariance": "HC0"},
    "beta-binomial": {"outcome": ("low", "high"), "family": "beta-binomial", "maximum": 20, "covariance": "HC0"},
    "nb2": {"outcome": "jerks", "family": "nb2", "exposure": "nights", "covariance": "HC3"},
    "zip": {"outcome": "noticed", "family": "zip", "exposure": "nights", "covariance": "HC0"},
    "zinb": {"outcome": "noticed", "family": "zinb", "zero_terms": [], "covariance": "model"},
    "hurdle-poisson": {"outcome": "jerks", "family": "hurdle-poisson", "cluster": "pid", "covariance": "CR1S"},
    "hurdle-nb2": {"outcome": "jerks", "family": "hurdle-nb2", "zero_terms": ["alcohol_g"], "covariance": "HC1"},
    "ordered": {"outcome": "some", "family": "ordered", "weights": "w", "psu": "pid", "covariance": "design"},
    "gee-poisson": {"outcome": "jerks", "family": "gee-poisson", "groups": "pid", "covariance": "CR3"},
    "fe-logit": {"outcome": "any", "family": "fe-logit", "groups": "pid", "covariance": "CR0"},
    "fe-linear": {"outcome": "jerks", "family": "fe-linear", "groups": "pid", "covariance": "model"},
    "fe-poisson": {
        "outcome": "jerks",
        "family": "fe-poisson",
        "groups": "pid",
        "cluster": "pid",
        "covariance": "CR1S",
    },
}
each_family = pytest.mark.parametrize("family", FITS)


def values(fitted):
    return fitted.tidy().drop("term").to_numpy()


CONSTANTS = {"fe-poisson": [], "fe-linear": [], "fe-logit": [], "ordered": ["0|1", "1|2", "2|3"]}
ZERO_ROWS = {
    "zip": ["zero:(Intercept)", "zero:caffeine_mg", "zero:alcohol_g"],
    "zinb": ["zero:(Intercept)"],
    "hurdle-poisson": ["zero:(Intercept)", "zero:caffeine_mg", "zero:alcohol_g"],
    "hurdle-nb2": ["zero:(Intercept)", "zero:alcohol_g"],
}


@each_family
def test_tidy_has_one_row_a_term_with_constants_first_and_the_zero_part_last(diary, family):
    tidy = fit(diary, terms=TERMS, **FITS[family]).tidy()
    assert tidy.columns == COLUMNS
    expected = CONSTANTS.get(family, ["(Intercept)"]) + TERMS + ZERO_ROWS.get(family, [])
    assert tidy["term"].to_list() == expected


def test_every_family_is_tested():
    assert FITS.keys() == FAMILIES.keys()


@each_family
def test_a_fit_tells_how_it_went(diary, family):
    info = fit(diary, terms=TERMS, **FITS[family]).info
    assert {"loglik", "aic", "alpha", "scale", "n_rows", "n_groups", "n_dropped"} < info.keys()
    assert info["converged"]
    assert 0 <= info["score_max"] < 1e-9
    assert info["n_rows"] + sum(info["n_dropped"].values()) == diary.height


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.floats(1e-4, 1e4), shift=st.floats(-1e3, 1e3))
def test_poisson_fits_follow_any_change_of_unit_and_origin(seed, size, shift):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=80)
    y = rng.poisson(np.exp(0.5 + 0.3 * x)) + (np.arange(80) < 2)
    plain = fit(pl.DataFrame({"x": x, "y": y}), "y", ["x"], "poisson").tidy().row(1)
    moved = fit(pl.DataFrame({"x": size * x + shift, "y": y}), "y", ["x"], "poisson").tidy().row(1)
    assert moved[1] * size == pytest.approx(plain[1], rel=1e-4, abs=1e-6)
    assert moved[2] * size == pytest.approx(plain[2], rel=1e-4)


def test_duplicating_every_person_leaves_within_person_effects_and_divides_errors_by_root_two(diary):
    call = FITS["fe-poisson"] | {"terms": TERMS, "covariance": "CR0"}
    twice = pl.concat([diary, diary.with_columns(pid="copy of " + pl.col("pid"))])
    once, doubled = fit(diary, **call).tidy(), fit(twice, **call).tidy()
    np.testing.assert_allclose(doubled["estimate"], once["estimate"], rtol=1e-10)
    np.testing.assert_allclose(doubled["std_error"], once["std_error"] / np.sqrt(2), rtol=1e-10)


def test_a_constant_added_to_one_person_does_not_move_within_person_effects(diary):
    call = FITS["fe-poisson"] | {"terms": TERMS}
    moved = diary.with_columns(caffeine_mg=pl.col("caffeine_mg") + 50 * (pl.col("pid") < "p020"))
    np.testing.assert_allclose(values(fit(moved, **call)), values(fit(diary, **call)), rtol=1e-8)


def test_an_exposure_that_never_varies_within_a_person_cancels_however_large(diary):
    call = FITS["fe-poisson"] | {"terms": TERMS}
    vast = diary.with_columns(hours=pl.when(pl.col("pid") < "p030").then(1e-300).otherwise(1e308))
    np.testing.assert_allclose(values(fit(vast, exposure="hours", **call)), values(fit(diary, **call)), rtol=1e-8)


def test_within_person_cr3_is_close_to_leaving_each_person_out(diary):
    call = FITS["fe-poisson"] | {"terms": TERMS, "covariance": "CR3"}
    fitted = fit(diary, **call)
    left_out = np.array(
        [fit(diary.filter(pl.col("pid") != pid), **call).params for pid in diary["pid"].unique().sort()]
    )
    apart = left_out - fitted.params
    np.testing.assert_allclose(np.sqrt(np.diag(apart.T @ apart)), fitted.tidy()["std_error"], rtol=0.02)


def test_persons_without_events_or_with_one_night_are_dropped_and_counted():
    frame = pl.DataFrame(
        {
            "pid": ["a", "a", "b", "b", "b", "c", "d", "d", "d"],
            "y": [1, 3, 0, 0, 0, 4, 2, 2, 1],
            "x": [0.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.5, 1.5, 0.0],
        }
    )
    info = fit(frame, "y", ["x"], "fe-poisson", groups="pid", covariance="model").info
    assert info["n_dropped"] == {"no event in pid": 3, "one row in pid": 1}
    assert (info["n_rows"], info["n_groups"]) == (5, 2)


def test_null_and_nan_are_both_missing_and_counted_by_column(diary):
    gaps = diary.with_columns(
        caffeine_mg=pl.when(pl.int_range(pl.len()) < 7).then(float("nan")).otherwise("caffeine_mg"),
        alcohol_g=pl.when(pl.int_range(pl.len()) > 594).then(None).otherwise("alcohol_g"),
    )
    fitted = fit(gaps, terms=TERMS, **FITS["poisson"])
    assert fitted.info["n_dropped"] == {"missing caffeine_mg": 7, "missing alcohol_g": 5}
    np.testing.assert_array_equal(values(fitted), values(fit(diary[7:595], terms=TERMS, **FITS["poisson"])))


def test_a_string_term_becomes_indicators_of_its_later_levels(diary):
    spelled = fit(diary, terms=["place"], **FITS["poisson"])
    by_hand = diary.with_columns((pl.col("place") == level).alias(level) for level in ("home", "hotel"))
    assert spelled.names == ("(Intercept)", "place[home]", "place[hotel]")
    np.testing.assert_array_equal(values(spelled), values(fit(by_hand, terms=["home", "hotel"], **FITS["poisson"])))


def test_an_ordered_category_has_its_own_first_level_as_reference(diary):
    ordered = diary.with_columns(pl.col("place").cast(pl.Enum(["hotel", "away", "home"])))
    assert fit(ordered, terms=["place"], **FITS["poisson"]).names[1:] == ("place[away]", "place[home]")


def test_without_terms_the_intercept_is_the_log_of_the_rate(diary):
    tidy = fit(diary, terms=[], **FITS["poisson"]).tidy()
    assert tidy["estimate"].item() == pytest.approx(np.log(diary["jerks"].sum() / diary["nights"].sum()))


def test_a_domain_outside_a_survey_is_a_filter(diary):
    domain = diary.with_columns(away=(pl.col("place") != "home").cast(pl.Int8))
    fitted = fit(domain, terms=TERMS, domain="away", **FITS["poisson"])
    kept = diary.filter(pl.col("place") != "home")
    assert fitted.info["n_dropped"] == {"outside away": diary.height - kept.height}
    np.testing.assert_array_equal(values(fitted), values(fit(kept, terms=TERMS, **FITS["poisson"])))


def test_quasipoisson_differs_from_poisson_by_the_root_of_its_scale(diary):
    poisson, quasi = (fit(diary, "jerks", TERMS, f, covariance="model") for f in ("poisson", "quasipoisson"))
    np.testing.assert_allclose(quasi.vcov, quasi.info["scale"] * poisson.vcov)
    assert quasi.info["scale"] > 1
    assert quasi.info["loglik"] is None


@pytest.mark.parametrize("family", ["binomial", "cloglog"])
def test_k_of_n_equals_its_rows_written_out(family):
    pairs = pl.DataFrame({"k": [3, 9, 1, 6], "n": [30, 28, 10, 14], "x": [0.0, 2.0, 1.0, 3.0]})
    rows = pl.concat(
        [
            pairs.select("x", one=pl.lit(1).repeat_by("k")).explode("one"),
            pairs.select("x", one=pl.lit(0).repeat_by(pl.col("n") - pl.col("k"))).explode("one"),
        ]
    )
    short = fit(pairs, ("k", "n"), ["x"], family, covariance="model")
    long = fit(rows, "one", ["x"], family, covariance="model")
    np.testing.assert_allclose(values(short), values(long), rtol=1e-9)


def test_cloglog_recovers_the_rate_ratio_that_nights_with_a_jerk_came_from():
    nights, x = np.full(4000, 30), np.repeat([0.0, 1.0], 2000)
    k = np.random.default_rng(8).binomial(nights, 1 - np.exp(-0.1 * np.exp(0.3 * x)))
    tidy = fit(pl.DataFrame({"k": k, "n": nights, "x": x}), ("k", "n"), ["x"], "cloglog").tidy()
    np.testing.assert_allclose(tidy["estimate"], [np.log(0.1), 0.3], atol=3 * tidy["std_error"].max())


def test_equal_weights_change_nothing_and_their_scale_neither(diary):
    plain, ones, twos = (
        fit(diary.with_columns(u=unit), terms=TERMS, weights=w, **FITS["poisson"])
        for unit, w in ((0.0, None), (1.0, "u"), (2000.0, "u"))
    )
    np.testing.assert_allclose(values(ones), values(plain), rtol=1e-9)
    np.testing.assert_allclose(values(twos), values(plain), rtol=1e-9)
    assert ones.info["aic"] is None


def test_a_contrast_is_a_row_of_the_same_columns_and_the_degrees_of_freedom_of_its_limits(diary):
    fitted = fit(diary, terms=TERMS, **FITS["poisson"])
    row = fitted.contrast({"caffeine_mg": 100.0, "alcohol_g": 10.0})
    a, b = fitted.tidy()["estimate"][1:]
    v = fitted.vcov[1:, 1:]
    assert row.columns == [*COLUMNS, "df"]
    assert row["df"].item() == np.inf
    assert row["term"].item() == "100*caffeine_mg + 10*alcohol_g"
    assert row["estimate"].item() == pytest.approx(100 * a + 10 * b)
    assert row["std_error"].item() == pytest.approx(np.sqrt(1e4 * v[0, 0] + 2e3 * v[0, 1] + 100 * v[1, 1]))


def test_limits_are_normal_without_a_survey_design(diary):
    row = fit(diary, terms=TERMS, **FITS["poisson"]).tidy().row(1, named=True)
    reach = (row["conf_high"] - row["conf_low"]) / 2
    assert reach / row["std_error"] == pytest.approx(1.959963984540054)
    assert row["statistic"] == pytest.approx(row["estimate"] / row["std_error"])


def test_convergence_is_judged_by_the_score_whatever_the_optimizer_says(monkeypatch, diary):
    def stopped_early(problem):
        return replace(estimate_poisson(problem), scores=np.ones_like(problem.matrix), optimizer="says it converged")

    monkeypatch.setitem(FAMILIES, "poisson", replace(FAMILIES["poisson"], estimate=stopped_early))
    info = fit(diary, terms=TERMS, **FITS["poisson"]).info
    assert not info["converged"]
    assert info["score_max"] > 1


def test_a_flat_likelihood_has_no_errors_and_has_not_converged(monkeypatch, diary):
    def flat(problem):
        return replace(estimate_poisson(problem), information=np.zeros((3, 3)))

    monkeypatch.setitem(FAMILIES, "poisson", replace(FAMILIES["poisson"], estimate=flat))
    fitted = fit(diary, terms=TERMS, **FITS["poisson"])
    assert fitted.tidy()["std_error"].is_nan().all()
    assert not fitted.info["converged"]
