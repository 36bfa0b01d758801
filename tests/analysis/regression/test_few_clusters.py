"""CR2 and CR3 with few clusters, written out as they are defined: rows times rows, as clubSandwich does."""

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression.fit import fit


@pytest.fixture(scope="module")
def clinics():
    """Simulate six clinics of unequal size, with k of n nights and counts."""
    rng = np.random.default_rng(31)
    clinic = np.repeat(np.arange(6), [5, 30, 12, 8, 20, 9])
    n = len(clinic)
    x, trials = rng.normal(size=n) + 0.5 * clinic, rng.integers(3, 30, n)
    rate = 0.1 * np.exp(0.3 * x + rng.normal(size=6)[clinic] * 0.4)
    return pl.DataFrame(
        {
            "clinic": clinic,
            "x": x,
            "n": trials,
            "k": rng.binomial(trials, 1 - np.exp(-rate)),
            "count": rng.negative_binomial(2, 2 / (2 + 20 * rate)),
            "w": rng.uniform(0.5, 2, n),
        }
    )


def working_model(frame, family, params, alpha):
    """Return residuals, derivative of the mean by each coefficient (n, p), and variance, of the response."""
    x = np.column_stack([np.ones(frame.height), frame["x"]])
    eta, n = x @ params, frame["n"].to_numpy()
    if family in ("poisson", "nb2"):
        mu = np.exp(eta)
        return frame["count"].to_numpy() - mu, x * mu[:, None], mu + alpha * mu**2
    mu = 1 - np.exp(-np.exp(eta)) if family == "cloglog" else 1 / (1 + np.exp(-eta))
    slope = np.exp(eta - np.exp(eta)) if family == "cloglog" else mu * (1 - mu)
    return frame["k"].to_numpy() / n - mu, x * slope[:, None], mu * (1 - mu) / n


def written_out(frame, kind, residual, slopes, variance):
    """Sum the squares of X' W A e over clusters, between two breads; A is the adjustment of the kind."""
    bread = np.linalg.inv(slopes.T @ (slopes / variance[:, None]))
    meat = np.zeros_like(bread)
    for clinic in range(6):
        own = (frame["clinic"] == clinic).to_numpy()
        x, v = slopes[own], variance[own]
        rest = np.eye(len(v)) - x @ bread @ x.T / v
        if kind == "CR3":
            adjusted = np.linalg.solve(rest, residual[own])
        else:  # symmetric on the scale of the response: D' (D (I - H) V D')^(-1/2) D, with D the root of V
            root = np.sqrt(v)
            values, vectors = np.linalg.eigh(root[:, None] * (rest * v) * root)
            adjusted = root * ((vectors / np.sqrt(values)) @ vectors.T @ (root * residual[own]))
        score = x.T @ (adjusted / v)
        meat += np.outer(score, score)
    return bread @ meat @ bread


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
@pytest.mark.parametrize("family", ["poisson", "nb2", "binomial", "cloglog"])
@pytest.mark.parametrize("weights", [None, "w"])
def test_few_clusters_have_the_errors_of_the_definition(clinics, family, kind, weights):
    outcome = "count" if family in ("poisson", "nb2") else ("k", "n")
    fitted = fit(clinics, outcome, ["x"], family, cluster="clinic", weights=weights, covariance=kind)
    residual, slopes, variance = working_model(clinics, family, fitted.params, fitted.info["alpha"] or 0.0)
    if weights:
        variance = variance / clinics["w"].to_numpy() * clinics["w"].mean()
    np.testing.assert_allclose(fitted.vcov, written_out(clinics, kind, residual, slopes, variance), rtol=1e-6)


def test_cr3_is_wider_than_cr0_where_clusters_are_few(clinics):
    cr0, cr3 = (
        fit(clinics, ("k", "n"), ["x"], "cloglog", cluster="clinic", covariance=kind).tidy()["std_error"]
        for kind in ("CR0", "CR3")
    )
    assert (cr3 > 1.2 * cr0).all()
