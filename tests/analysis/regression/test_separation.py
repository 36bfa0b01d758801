"""What has no finite estimate is named, in every family; what has one is not."""

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError


@pytest.mark.parametrize(
    "family", ["poisson", "quasipoisson", "nb2", "cloglog", "binomial", "fe-poisson", "gee-poisson"]
)
def test_a_number_that_separates_the_outcome_is_named_by_every_family(family):
    """`z` is above 0 only where no jerk was counted, so its coefficient has no end."""
    rng = np.random.default_rng(4)
    jerks = rng.poisson(1.2, 120)
    frame = pl.DataFrame({"jerks": jerks, "any": jerks > 0, "x": rng.normal(size=120), "g": np.arange(120) // 4})
    frame = frame.with_columns(
        z=pl.when((pl.col("jerks") == 0) & (pl.col("x") > 0))
        .then(pl.lit(rng.gamma(2.0, size=120).round(2)))
        .otherwise(0.0)
    )
    kind = {"fe-poisson": "CR0", "gee-poisson": "CR0"}.get(family, "HC0")
    groups = {"groups": "g"} if kind == "CR0" else {}
    outcome = "any" if family in ("cloglog", "binomial") else "jerks"
    with pytest.raises(HypnicError, match=r"^term 'z' separates the outcome and has no finite estimate"):
        fit(frame, outcome, ["x", "z"], family, covariance=kind, **groups)


@pytest.mark.parametrize("family", ["cloglog", "binomial"])
def test_a_level_whose_chance_rounds_to_one_is_no_estimate(family):
    """Coded 0 and 2, two people's level is no 0/1 column: only its huge error tells that it separates."""
    y = [1, 1] + [0, 1, 1, 0] * 15
    frame = pl.DataFrame({"y": y, "two": [2, 2] + [0] * 60, "x": np.arange(62.0) % 7})
    with pytest.raises(HypnicError, match="term 'two' separates the outcome"):
        fit(frame, "y", ["x", "two"], family, covariance="HC0")


def test_least_squares_in_a_small_unit_is_no_separation():
    """A difference of hundreds of steps, and as uncertain, is an estimate: it is no logarithm."""
    rng = np.random.default_rng(2)
    frame = pl.DataFrame({"pid": np.arange(300) // 6, "x": rng.normal(size=300), "steps": 2000 * rng.normal(size=300)})
    fitted = fit(frame, "steps", ["x"], "fe-linear", groups="pid", covariance="CR3")
    assert fitted.info["converged"]
    assert fitted.tidy()["std_error"][0] > 50
