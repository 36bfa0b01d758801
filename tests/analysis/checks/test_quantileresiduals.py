"""How far up its distribution a count lies: against R, and against what uniform places must look like."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import kstest

from hypnic.analysis.checks.envelopes import nb2_limits, quantile_residuals, simulated_places
from hypnic.analysis.regression.fit import fit

REFERENCE = Path(__file__).parents[2] / "reference"


def test_the_limits_are_those_of_pnbinom_in_r() -> None:
    truth = json.loads((REFERENCE / "simsurvey_nb_rqr.json").read_text("utf-8"))
    frame = pl.read_csv(REFERENCE / "simsurvey.csv").with_columns(top="y", male=(pl.col("sex") == "M").cast(pl.Int8))
    terms = ["caf", "alc", "stress", "debt", "age", "male"]
    fitted = fit(frame, ("y", "top"), terms, "interval-nb2", covariance="HC0")
    matrix = np.column_stack([np.ones(frame.height), frame.select(terms).to_numpy()])
    theta = float(np.exp(fitted.info["log_theta"]))
    limits = nb2_limits(frame["y"].to_numpy(), np.exp(matrix @ fitted.params), theta)
    assert theta == pytest.approx(truth["theta"], rel=1e-5)
    for found, key in zip(limits, ("u_lo", "u_hi"), strict=True):
        np.testing.assert_allclose(found[:50], truth[key], atol=1e-5)


def test_residuals_of_the_true_law_are_standard_normal_and_of_poissons_are_not() -> None:
    rng = np.random.default_rng(1)
    mean = rng.gamma(2, 1, 4000)
    counts = rng.poisson(mean * rng.gamma(0.8, 1 / 0.8, 4000))
    right, poisson = (quantile_residuals(*nb2_limits(counts, mean, theta), rng) for theta in (0.8, 1e6))
    assert kstest(right, "norm").pvalue > 0.05
    assert kstest(poisson, "norm").pvalue < 1e-6


def test_places_among_sets_of_one_law_are_uniform_in_every_row() -> None:
    rng = np.random.default_rng(2)
    places = simulated_places(rng.poisson([0.1, 1.0, 20.0], (2000, 3)), rng)
    for row in places.T:
        assert kstest(row, "uniform").pvalue > 0.01
