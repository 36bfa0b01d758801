"""Sixty synthetic studies of each design: how often intervals include the truth, and where estimates lie."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl
import pytest
from scipy.stats import binom

pytestmark = pytest.mark.xdist_group("coverage")  # the studies are drawn once, in one process
STUDIES = 60
# Of 60 intervals that include the truth with a chance of 0.95, fewer than this do so once in a thousand times.
FEWEST = binom.ppf(0.001, STUDIES, 0.95) / STUDIES
COVERAGE = Path(__file__).parents[1] / "benchmarks" / "coverage.py"
Table = dict[tuple[str, str, str], dict[str, float]]


@pytest.fixture(scope="module")
def table() -> Table:
    """Return the rows of `nox -s coverage`, by design, fit and exposure, over the first sixty seeds."""
    study = runpy.run_path(str(COVERAGE))
    seeds = [(design, seed) for design in ("diary", "survey") for seed in range(STUDIES)]
    found = pl.DataFrame([row for each in seeds for row in study["rows"](each, without_effect=False)])
    return {(row["design"], row["fit"], row["exposure"]): row for row in study["summary"](found).iter_rows(named=True)}


@pytest.mark.slow
@pytest.mark.parametrize("design", ["diary", "survey"])
@pytest.mark.parametrize("exposure", ["caffeine", "stress", "exercise", "sleep_loss"])
def test_intervals_include_what_the_estimator_aims_at(design: str, exposure: str, table: Table) -> None:
    row = table[design, "primary", exposure]
    assert row["studies"] == STUDIES
    assert row["include_target"] >= FEWEST
    assert abs(row["bias_target"]) < 4 * row["bias_error"]


@pytest.mark.slow
@pytest.mark.parametrize("exposure", ["caffeine", "stress", "exercise"])
def test_within_persons_intervals_include_the_causal_ratio(exposure: str, table: Table) -> None:
    assert table["diary", "primary", exposure]["include_total"] >= FEWEST


@pytest.mark.slow
def test_pooled_over_persons_coffee_seems_to_help(table: Table) -> None:
    within, pooled = (table["diary", fit, "caffeine"] for fit in ("primary", "pooled"))
    assert pooled["mean"] < 1 < within["mean"]
    assert pooled["include_total"] < 0.5


@pytest.mark.slow
def test_a_half_panel_jackknife_brings_sleep_loss_to_its_causal_ratio(table: Table) -> None:
    plain, corrected = (table["diary", fit, "sleep_loss"] for fit in ("primary", "half-panel"))
    assert plain["bias_total"] < -2 * plain["bias_error"]
    assert abs(corrected["bias_total"]) < 2 * corrected["bias_error"]
    assert corrected["include_total"] >= FEWEST


@pytest.mark.slow
def test_a_survey_cannot_see_that_jerky_people_drink_less_coffee(table: Table) -> None:
    row = table["survey", "primary", "caffeine"]
    assert row["mean"] < 1 < row["total"]
    assert row["include_total"] < 0.1
