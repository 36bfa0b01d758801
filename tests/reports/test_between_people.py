"""What a report says of how far people differ."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from hypnic.analysis.studies import estimands
from hypnic.analysis.studies.diary import DIARY
from hypnic.reports.ratios import Found, Ratio
from hypnic.reports.sentences import between_people

ALCOHOL = Ratio(DIARY, estimands("diary")[1], Found(1.06, 0.99, 1.13), 0.07, None, None)


def table(p_value: float, status: str = "estimated") -> pl.DataFrame:
    about = {"design": "diary", "analysis": "heterogeneity", "exposure": "alcohol", "status": status}
    return pl.DataFrame([
        about | {"variant": "sd-of-log-ratios", "estimate": 0.15, "p_value": p_value},
        about | {"variant": "range-of-persons-low", "estimate": 0.7586, "p_value": None},
        about | {"variant": "range-of-persons-high", "estimate": 1.3674, "p_value": None},
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("p_value", "end"),
    [(0.001, "between 0.76 and 1.37."), (0.06, "1.37; it may also be the same for everybody.")],
)
def test_in_95_of_100_people_the_ratio_lies_between_two_numbers(p_value: float, end: str) -> None:
    said = str(between_people(ALCOHOL, table(p_value))).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("By the estimates, in 95 of 100 people this ratio lies between 0.76")
    assert said.endswith(end)


def test_a_range_that_only_a_penalty_makes_is_not_said() -> None:
    assert between_people(ALCOHOL, table(1.0)) == "The data do not show that this ratio differs between people."


def test_without_an_estimate_nothing_is_said() -> None:
    assert between_people(ALCOHOL, table(0.001, "not_estimable")) is None


def test_where_it_is_known_how_many_people_it_helps_that_is_said() -> None:
    share = {"variant": "ratio-below-1", "estimate": 0.45, "conf_low": 0.0, "conf_high": 0.62}
    known = pl.concat([table(0.06), pl.DataFrame([table(0.06).row(0, named=True) | share])], how="diagonal")
    said = str(between_people(ALCOHOL, known)).replace("\N{NO-BREAK SPACE}", " ")
    assert said.endswith("for everybody. It is below 1 in 45 % of people (95 % interval 0 % to 62 %).")


def test_of_a_ratio_that_has_no_estimate_nothing_is_said() -> None:
    assert between_people(replace(ALCOHOL, found=None, reason="few_persons"), table(0.001)) is None
