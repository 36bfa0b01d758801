"""Changes of the data whose effect on a fit is known exactly, for every family and covariance."""

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression.families import FAMILIES
from hypnic.analysis.regression.fit import fit

TERMS = ["caffeine_mg", "alcohol_g", "place"]
OUTCOMES = {
    "binomial": "any",
    "cloglog": ("nights_with", "nights"),
    "interval-nb2": ("low", "high"),
    "truncated-nb2": ("low", "high"),
    "beta-binomial": ("low", "high"),
    "ordered": "some",
    "fe-logit": "any",
}
# Every family with every covariance it has.
CASES = [(family, covariance) for family, entry in FAMILIES.items() for covariance in entry.covariances]
LAST = [(family, entry.covariances[-1]) for family, entry in FAMILIES.items()]
# Residual variances over n - p, and over rows less persons less p, do not halve to the last digit.
ONCE = [case for case in CASES if case[1] in ("model", "HC0", "CR0") and case != ("fe-linear", "model")]


def each(cases):
    return pytest.mark.parametrize(("family", "covariance"), cases, ids=["-".join(case) for case in cases])


@pytest.fixture(scope="module")
def diary():
    """Simulate 40 persons of 4 to 8 nights, some nights with no chance of a jerk."""
    rng = np.random.default_rng(12)
    person = np.repeat(np.arange(40), rng.integers(4, 9, 40))
    n = len(person)
    caffeine, alcohol = rng.gamma(2.0, 80.0, n).round(), rng.poisson(0.7, n) * 10.0
    rate = rng.gamma(2.0, 0.7, 40)[person] * np.exp(0.002 * caffeine + 0.01 * alcohol)
    jerks = rng.poisson(rate * rng.gamma(3.0, 0.5, n)) * (rng.random(n) < 0.75)
    nights = rng.integers(2, 9, n)
    return pl.DataFrame(
        {
            "pid": [f"p{i:02d}" for i in person],
            "jerks": jerks,
            "caffeine_mg": caffeine,
            "alcohol_g": alcohol,
            "place": rng.choice(["home", "away"], n),
            "nights": nights,
            "nights_with": rng.binomial(nights, 1 - np.exp(-rate / 4)),
            "w": rng.gamma(2.0, 500.0, 40)[person],
        }
    ).with_columns(
        low=pl.when(pl.col("jerks") < 5).then("jerks").otherwise(5),
        high=pl.when(pl.col("jerks") < 5).then("jerks").otherwise(None),
        any=pl.col("jerks") > 0,
        some=pl.col("jerks").clip(0, 3),
        most=25 + pl.col("nights") % 2,
    )


def call(family, covariance):
    """Say how `fit` is called for a family and a covariance."""
    entry = FAMILIES[family]
    keywords = {"outcome": OUTCOMES.get(family, "jerks"), "terms": TERMS, "family": family, "covariance": covariance}
    if entry.groups:
        keywords["groups"] = "pid"
    if entry.ceiling:
        keywords["maximum"] = "most"
    if covariance.startswith("CR"):
        keywords["cluster"] = "pid"
    if covariance == "design":
        keywords |= {"weights": "w", "psu": "pid"}
    if entry.rate and family != "cloglog":
        keywords["exposure"] = "nights"
    return keywords


def table(frame, keywords):
    return fit(frame, **keywords).tidy()


def assert_same(one, other):
    """Compare estimates in units of their errors, and errors in their own."""
    assert one["term"].to_list() == other["term"].to_list()
    apart = (one["estimate"] - other["estimate"]) / other["std_error"]
    np.testing.assert_allclose(apart, 0, atol=1e-9)
    np.testing.assert_allclose(one["std_error"], other["std_error"], rtol=1e-8)


@each(CASES)
def test_the_order_of_rows_does_not_matter(diary, family, covariance):
    keywords = call(family, covariance)
    assert_same(table(diary.sample(fraction=1.0, shuffle=True, seed=3), keywords), table(diary, keywords))


@each(CASES)
def test_the_unit_of_an_exposure_only_rescales_its_coefficients(diary, family, covariance):
    keywords = call(family, covariance)
    in_grams = table(diary.with_columns(pl.col("caffeine_mg") / 1000), keywords)
    rescaled = in_grams.with_columns(
        pl.when(pl.col("term").str.contains("caffeine")).then(pl.col(column) / 1000).otherwise(column).alias(column)
        for column in ("estimate", "std_error")
    )
    assert_same(rescaled, table(diary, keywords))


@each(LAST)
def test_the_names_of_columns_and_persons_do_not_matter(diary, family, covariance):
    keywords = call(family, covariance)
    renamed = diary.rename({"caffeine_mg": "x (mg)", "alcohol_g": "a"}).with_columns(pl.col("pid").hash(seed=1))
    other = table(renamed, keywords | {"terms": ["x (mg)", "a", "place"]})
    back = other.with_columns(pl.col("term").replace({"x (mg)": "caffeine_mg", "a": "alcohol_g"}))
    back = back.with_columns(pl.col("term").replace({"zero:x (mg)": "zero:caffeine_mg", "zero:a": "zero:alcohol_g"}))
    assert_same(back, table(diary, keywords))


@each(LAST)
def test_the_order_of_terms_does_not_matter(diary, family, covariance):
    keywords = call(family, covariance)
    turned = table(diary, keywords | {"terms": TERMS[::-1]})
    assert_same(turned.sort("term"), table(diary, keywords).sort("term"))


@each(ONCE)
def test_every_person_twice_gives_the_same_estimates_and_errors_over_root_two(diary, family, covariance):
    keywords = call(family, covariance)
    twice = pl.concat([diary, diary.with_columns(pid="copy of " + pl.col("pid"))])
    once, doubled = fit(diary, **keywords), fit(twice, **keywords)
    # The scale of quasi-Poisson divides by rows minus coefficients, so it is not the same twice.
    scale = doubled.info["scale"] / once.info["scale"] if covariance == "model" else 1.0
    errors = once.tidy()["std_error"] * np.sqrt(scale / 2)
    assert_same(doubled.tidy(), once.tidy().with_columns(std_error=errors))


@pytest.mark.parametrize("family", FAMILIES)
def test_two_half_weights_are_one_whole(diary, family):
    """A row split into two of half its weight, in the same PSU, leaves the design's answer as it is."""
    keywords = call(family, "design")
    halves = pl.concat([diary, diary]).with_columns(pl.col("w") / 2)
    if FAMILIES[family].groups:  # where rows of a group are tied, the group is split, not the row
        group = pl.Series(["a"] * diary.height + ["b"] * diary.height)
        halves = halves.with_columns(half=pl.col("pid") + group)
        keywords |= {"groups": "half"}
    assert_same(table(halves, keywords), table(diary, call(family, "design")))
