"""How surely a combination knows: the parts' own degrees of freedom, and their spread where there are three or more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import t as student

from hypnic.analysis.programme.combining import Combined, combine, paule_mandel, random_effects, satterthwaite
from hypnic.analysis.regression.problem import Array

REFERENCE = Path(__file__).parents[2] / "reference"
METAFOR = json.loads((REFERENCE / "combine6_metafor_knha.json").read_text("utf-8"))
Parts = tuple[Array, Array]


def parts(logs: list[float], errors: list[float], df: list[float | None] | None = None) -> pl.DataFrame:
    alike = {"design": "survey", "outcome": "jerks", "exposure": "stress", "unit": "2 points", "effect": "total"}
    frame = pl.DataFrame({"estimate": np.exp(logs), "std_error": errors, "df": df or [None] * len(logs)})
    return frame.with_columns(
        pl.col("df").cast(pl.Float64), **{name: pl.lit(value) for name, value in (alike | {"scale": "IRR"}).items()}
    )


def reach(found: Combined) -> float:
    """Give the distance of the limits from the mean, in standard errors."""
    return float(np.log(found.conf_high / found.estimate)) / found.std_error


@pytest.fixture
def six() -> Parts:
    data = pl.read_csv(REFERENCE / "combine6.csv")
    return data["yi"].to_numpy(), data["vi"].to_numpy()


@pytest.mark.parametrize("method", ["DL", "PM", "REML"])
def test_six_parts_are_combined_as_metafor_combines_them_after_hartung_and_knapp(method: str, six: Parts) -> None:
    r = METAFOR[method]
    mean, error, df = random_effects(*six, r["tau2"], np.full(6, np.inf))
    assert (mean, error, df) == pytest.approx((r["est"], r["se"], r["df"]), rel=1e-12)
    far = student.ppf(0.975, df) * error
    assert (mean - far, mean + far) == pytest.approx(r["ci"], rel=1e-12)


def test_metafors_search_for_the_variance_between_parts_ends_where_ours_does(six: Parts) -> None:
    # R's `uniroot` stops within 1.2e-4 of the root; ours goes on until the equation holds.
    assert paule_mandel(*six) == pytest.approx(METAFOR["PM"]["tau2"], abs=1.2e-4)
    found = combine(parts(six[0].tolist(), np.sqrt(six[1]).tolist()))
    assert (found.df, found.q) == (5, pytest.approx(METAFOR["PM"]["Q"], rel=1e-12))
    assert np.log(found.estimate) == pytest.approx(METAFOR["PM"]["est"], abs=1e-5)


def test_two_cycles_with_fifteen_degrees_of_freedom_have_thirty_together() -> None:
    found = combine(parts([0.2, 0.2], [0.1, 0.1], [15, 15]))
    assert found.df == pytest.approx(30)
    assert reach(found) == pytest.approx(student.ppf(0.975, 30))
    assert found.p_value == pytest.approx(2 * student.sf(found.statistic, 30))


def test_a_part_that_weighs_nothing_lends_no_degrees_of_freedom() -> None:
    assert combine(parts([0.2, 0.2], [0.1, 10.0], [15, 1000])).df == pytest.approx(15, rel=0.01)


def test_parts_whose_errors_are_known_have_normal_limits_when_they_are_two() -> None:
    assert combine(parts([0.2, 0.2], [0.1, 0.1])).df == np.inf


def test_a_spread_between_two_parts_lends_no_degrees_of_freedom() -> None:
    apart = combine(parts([0.0, 0.6], [0.1, 0.1], [15, 15]))
    assert apart.tau2 > 0
    assert apart.df == pytest.approx(30)
    assert satterthwaite(np.ones(2), np.array([1.0, 3.0]), np.full(2, 15.0)) == pytest.approx(15 * 16 / 10)


def test_three_parts_that_happen_to_agree_have_no_smaller_error_for_it() -> None:
    found = combine(parts([0.2, 0.2001, 0.1999], [0.1, 0.1, 0.1]))
    assert found.std_error == pytest.approx(0.1 / np.sqrt(3))
    assert found.df == 2


def test_three_parts_have_no_more_degrees_of_freedom_than_their_own_errors_leave() -> None:
    assert combine(parts([0.2, 0.2, 0.2], [0.01, 1.0, 1.0], [1.5, 9, 9])).df == pytest.approx(1.5, rel=0.01)


def test_at_paule_and_mandels_variance_the_parts_spread_as_much_as_they_should() -> None:
    effects, variances = np.array([0.0, 0.5, 2.0, 1.0]), np.array([0.1, 0.2, 0.05, 0.3])
    tau2 = paule_mandel(effects, variances)
    weights = 1 / (variances + tau2)
    mean = weights @ effects / weights.sum()
    assert weights @ (effects - mean) ** 2 == pytest.approx(3, rel=1e-9)
