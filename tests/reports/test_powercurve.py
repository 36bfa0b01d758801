"""The figure of a plan, and the words next to it."""

from __future__ import annotations

import polars as pl
import pytest

from hypnic.commands.power import _lines
from hypnic.reports.powercurve import power_curve


def plan(ratio: float) -> pl.DataFrame:
    known = {"design": "survey", "exposure": "sleep_loss", "unit": "1 h", "nights": None, "ratio": ratio}
    rows = [
        {"persons": 500, "simulations": 50, "fitted": 50, "detected": 0.3, "low": 0.19, "high": 0.44},
        {"persons": 1000, "simulations": 50, "fitted": 49, "detected": 0.5, "low": 0.37, "high": 0.63},
    ]
    return pl.DataFrame([known | row | {"mean_ratio": ratio} for row in rows])


def test_the_picture_is_the_same_on_every_run_and_says_what_it_shows() -> None:
    one, two = power_curve(plan(1.1)), power_curve(plan(1.1))
    assert one.svg == two.svg
    assert one.title == "Power for a ratio of 1.1, sleep loss in a survey (synthetic data)"
    assert one.description == "500 persons 30 %; 1,000 persons 50 %."


@pytest.mark.parametrize(("ratio", "name"), [(1.1, "power"), (1, "type I error")])
def test_what_is_found_where_nothing_is_planted_is_called_an_error(ratio: float, name: str) -> None:
    assert power_curve(plan(ratio)).title.lower().startswith(f"{name.lower()} for a ratio of {ratio:g}")
    assert name in _lines(plan(ratio))[1]


def test_studies_without_an_estimate_are_told() -> None:
    assert _lines(plan(1.1))[-1] == "   1,000        50.0 %    37.0 to 63.0 %       1.100  1 gave no estimate"
