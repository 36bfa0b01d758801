"""What a report says of how far people differ."""

from __future__ import annotations

import polars as pl
import pytest

from hypnic.analysis.studies import estimands
from hypnic.analysis.studies.diary import DIARY
from hypnic.reports.ratios import Found, Ratio
from hypnic.reports.sentences import between_people

ALCOHOL = Ratio(DIARY, estimands("diary")[1], Found(1.06, 0.99, 1.13), 0.07, None, None)


def table(p_value: float, status: str = "estimated") -> pl.DataFrame:
    about = {"design": "diary", "exposure": "alcohol", "status": status}
    spread = {"analysis": "heterogeneity", "variant": "sd-of-log-ratios", "conf_low": 0.1, "conf_high": 0.2}
    reach = {"analysis": "random slopes", "variant": "range-of-persons", "conf_low": 0.7586, "conf_high": 1.3674}
    return pl.DataFrame([about | spread | {"p_value": p_value}, about | reach | {"p_value": None}])


@pytest.mark.parametrize(
    ("p_value", "end"),
    [(0.001, "between 0.76 and 1.37."), (0.06, "1.37; the data do not exclude that it is one for all.")],
)
def test_in_95_of_100_people_the_ratio_lies_between_two_numbers(p_value: float, end: str) -> None:
    said = str(between_people(ALCOHOL, table(p_value))).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Each 10 g of ethanol between waking and bed: by the estimates, in 95 of 100 people")
    assert said.endswith(end)


def test_without_an_estimate_nothing_is_said() -> None:
    assert between_people(ALCOHOL, table(0.001, "not_estimable")) is None
