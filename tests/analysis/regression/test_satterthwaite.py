"""Degrees of freedom of clustered errors, against their definition and against Welch's."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from hypnic.analysis.regression.covariance import degrees_of_freedom
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.glm import estimate_poisson
from hypnic.analysis.regression.problem import Problem


@pytest.fixture(scope="module")
def nights() -> pl.DataFrame:
    """Simulate 12 persons of 3 to 9 nights; few of them ever train late."""
    rng = np.random.default_rng(8)
    person = np.repeat(np.arange(12), rng.integers(3, 10, 12))
    late = (person < 3) & (rng.random(len(person)) < 0.5)
    return pl.DataFrame(
        {"person": person, "jerks": rng.poisson(1.5, len(person)), "coffee": rng.normal(size=len(person)),
         "late": late.astype(int)}
    )  # fmt: skip


def by_definition(kind: str, x: np.ndarray, variance: np.ndarray, cluster: np.ndarray, weights: np.ndarray) -> float:
    """Write the variance estimate as e'Qe in whitened residuals e: its mean is tr Q, its variance 2 tr QQ."""
    bread = np.linalg.inv(x.T @ x)
    rest = np.eye(len(x)) - x @ bread @ x.T
    total = np.zeros_like(rest)
    for code in np.unique(cluster):
        i = np.flatnonzero(cluster == code)
        block = rest[np.ix_(i, i)]
        if kind == "CR3":
            adjust = np.linalg.inv(block)
        else:
            scale = np.diag(variance[i])
            values, vectors = np.linalg.eigh(scale @ block @ scale)
            adjust = vectors @ np.diag(values**-0.5) @ vectors.T @ scale
        q = rest[:, i] @ adjust.T @ x[i] @ bread @ weights
        total += np.outer(q, q)
    return float(np.trace(total) ** 2 / np.trace(total @ total))


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_they_are_what_their_definition_says(kind: str, nights) -> None:
    columns = np.column_stack([np.ones(nights.height), nights["coffee"], nights["late"]])
    ones = np.ones(nights.height)
    made = estimate_poisson(Problem(columns, nights["jerks"].to_numpy().astype(float), 0 * ones, ones))
    cluster, weights = nights["person"].to_numpy(), np.array([[0, 0, 1.0], [0, 1, -0.5]])
    slow = [by_definition(kind, made.whitened, made.variance, cluster, row) for row in weights]
    np.testing.assert_allclose(degrees_of_freedom(kind, made, cluster, weights), slow, rtol=1e-9)


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_between_two_groups_of_clusters_they_are_those_of_welch(kind: str) -> None:
    """Each cluster one night, in either group alike: the difference of two means with a variance each."""
    jerks = np.array([1, 2, 3, 2, 4, 9, 7, 8, 5, 6, 3, 7, 5])
    frame = pl.DataFrame({"jerks": jerks, "late": [0] * 4 + [1] * 9, "person": range(13)})
    row = fit(frame, "jerks", ["late"], "poisson", cluster="person", covariance=kind).tidy().row(1, named=True)
    # Of a log mean of m Poisson counts the variance is 1 / (m mean), estimated with m - 1 degrees of freedom.
    parts = [1 / jerks[:4].sum(), 1 / jerks[4:].sum()]
    if kind == "CR3":
        parts = [parts[0] * 4 / 3, parts[1] * 9 / 8]
    welch = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 8)
    reach = (row["conf_high"] - row["conf_low"]) / 2
    assert reach / row["std_error"] == pytest.approx(t.ppf(0.975, welch), rel=1e-9)
    assert row["p_value"] == pytest.approx(2 * t.sf(abs(row["statistic"]), welch), rel=1e-6)


def test_what_hangs_on_three_persons_has_no_more_than_two(nights) -> None:
    frame = nights.with_columns(late=pl.col("late") * 1)
    fitted = fit(frame, "jerks", ["coffee", "late"], "fe-poisson", groups="person", covariance="CR3")
    rare, common = fitted.freedom(np.array([[0, 1.0], [1.0, 0]]))
    assert rare <= 2.0
    assert common > 2 * rare


def test_units_do_not_matter(nights) -> None:
    grams = nights.with_columns(pl.col("coffee") * 1000)
    per_unit, per_gram = (
        fit(frame, "jerks", ["coffee", "late"], "fe-poisson", groups="person", covariance="CR3").tidy()
        for frame in (nights, grams)
    )
    np.testing.assert_allclose(per_gram["p_value"], per_unit["p_value"], rtol=1e-9)
