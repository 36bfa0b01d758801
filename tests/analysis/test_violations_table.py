"""The table of exposure, violation and estimator: biases and shares from estimates that are known."""

from __future__ import annotations

import runpy
from math import exp, log
from pathlib import Path

import polars as pl
import pytest

TABLE = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "violations.py"))
TRUTH = TABLE["truth"]()


def estimates(*logs: float) -> pl.DataFrame:
    """Give one estimate a study, with limits a tenth to either side."""
    about = {"violation": "none", "exposure": "alcohol", "estimator": "main"}
    return pl.DataFrame([
        about | {"seed": seed, "estimate": value, "conf_low": value - 0.1, "conf_high": value + 0.1}
        for seed, value in enumerate(logs)
    ])  # fmt: skip


def test_the_bias_is_the_mean_distance_of_log_ratios_in_hundredths() -> None:
    at = TRUTH["alcohol"]
    (row,) = TABLE["summary"](estimates(at + 0.05, at + 0.01)).iter_rows(named=True)
    assert row["bias"] == pytest.approx(3.0)
    assert row["bias_error"] == pytest.approx(2.0)
    assert row["mean"] == pytest.approx(exp(at + 0.03))


def test_coverage_is_the_share_of_intervals_that_include_the_truth() -> None:
    at = TRUTH["alcohol"]
    (row,) = TABLE["summary"](estimates(at, at + 0.09, at - 0.11, at + 0.2)).iter_rows(named=True)
    assert (row["studies"], row["coverage"], row["coverage_error"]) == (4, 0.5, 0.25)


def test_alcohol_is_held_against_the_slope_that_everybody_has() -> None:
    assert TRUTH["alcohol"] == pytest.approx(log(1.05))
    assert TRUTH["stress"] > log(1.16)


def test_studies_at_hand_are_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def rows(study: tuple[str, int, bool]) -> list[dict[str, object]]:
        drawn.append(study)
        return estimates(0.1).to_dicts()

    monkeypatch.setitem(TABLE["run"].__globals__, "rows", rows)
    (tmp_path / TABLE["fingerprint"]()).mkdir()
    for studies in (1, 2):
        found = TABLE["run"]([("none", seed, True) for seed in range(studies)], tmp_path, 1)
        assert found.height == studies
    assert [study[1] for study in drawn] == [0, 1]


@pytest.mark.slow
def test_a_study_has_every_estimator_of_each_exposure() -> None:
    found, cheap = (pl.DataFrame(TABLE["rows"](("misreport", 0, whole))) for whole in (True, False))
    assert set(found["exposure"]) == set(TRUTH)
    assert {"main", "lagged-outcome-jackknife", "response-weights", "doubly-robust"} <= set(found["estimator"])
    assert set(found.filter(estimator="simex")["exposure"]) == {"caffeine", "alcohol"}
    assert set(cheap["estimator"]) == {"main", "jackknife", "trend-and-week", "same-week"}
    assert found.join(cheap, on=cheap.columns, how="semi").height == cheap.height
