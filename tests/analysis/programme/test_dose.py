"""Doses in bins: zero apart where it is common, ten persons in each, the same model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.analysis import Question, estimands
from hypnic.analysis.programme.dose import bin_edges, bin_number, dose_response
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_PERSONS

COFFEE = replace(estimands("survey")[0], adjustment=("stress",), column="coffee")


def survey(n: int = 600) -> AnalysisSet:
    """People whose nightly rate rises by 30 % for each 100 mg."""
    rng = np.random.default_rng(20)
    coffee = np.where(rng.random(n) < 0.3, 0, rng.gamma(2, 100, n).round())
    rate = 0.2 * 1.3 ** (coffee / 100)
    nights = rng.binomial(30, 1 - np.exp(-rate))
    frame = pl.DataFrame(
        {"id": range(n), "coffee": coffee, "stress": rng.integers(0, 11, n), "nights": nights, "of": [30] * n}
    )
    return AnalysisSet(SURVEY, frame, "id", ("nights", "of"), (COFFEE,))


def test_a_common_zero_is_the_reference() -> None:
    bins = dose_response(Question(survey(), COFFEE))
    assert bins["reference"].to_list() == [True, False, False, False, False]
    assert bins.row(0, named=True)["upto"] == 0
    assert bins["n_persons"].sum() == 600


def test_the_bins_follow_the_rate_that_the_data_were_drawn_with() -> None:
    for row in dose_response(Question(survey(6000), COFFEE)).filter(reference=False).iter_rows(named=True):
        assert row["conf_low"] / 1.1 < 1.3 ** (row["dose"] / 100) < row["conf_high"] * 1.1


def test_two_levels_give_the_ratio_of_the_estimate_itself() -> None:
    data = survey()
    drinks = replace(data, frame=data.frame.with_columns(coffee=(pl.col("coffee") > 0).cast(pl.Int8)))
    one = replace(COFFEE, step=1.0)
    row = dose_response(Question(drinks, one)).row(1, named=True)
    expected = np.exp(Question(drinks, one).fit().contrast({"caffeine": 1})["estimate"].item())
    assert row["estimate"] == pytest.approx(expected, rel=1e-6)


def test_the_bin_that_holds_zero_is_the_reference_of_a_surplus_and_a_loss() -> None:
    data = survey()
    shifted = replace(data, frame=data.frame.with_columns(coffee=pl.col("coffee") - 150.5))
    row = dose_response(Question(shifted, COFFEE)).filter("reference").row(0, named=True)
    assert row["above"] < 0 < row["upto"]


def test_rows_that_the_model_leaves_out_are_not_counted() -> None:
    data = survey()
    stress = pl.when(pl.col("id") >= 100).then(pl.col("stress"))
    assert dose_response(Question(replace(data, frame=data.frame.with_columns(stress)), COFFEE))["n_rows"].sum() == 500


def test_persons_that_a_within_person_model_leaves_out_are_not_counted() -> None:
    rng = np.random.default_rng(2)
    nights = pl.DataFrame({"id": np.repeat(np.arange(60), 8), "coffee": rng.gamma(2, 100, 480).round()})
    jerks = pl.Series(rng.poisson(1.0, 480)) * (nights["id"] >= 20)
    diary = replace(estimands("diary")[0], adjustment=(), column="coffee", covariance="CR1S")
    data = AnalysisSet(
        DIARY, nights.with_columns(jerks=jerks), "id", "jerks", (diary,), {"groups": "id", "cluster": "id"}
    )
    assert dose_response(Question(data, diary))["n_rows"].sum() == 320


def test_each_level_of_a_split_has_a_ratio_of_its_own() -> None:
    data = survey()
    frame = data.frame.with_columns(cycle=pl.when(pl.col("id") % 2 == 0).then(pl.lit("a")).otherwise(pl.lit("b")))
    split = replace(COFFEE, by="cycle", adjustment=("stress", "cycle"))
    bins = dose_response(Question(replace(data, frame=frame), split))
    assert bins.filter(~pl.col("reference"))["level"].value_counts(sort=True)["count"].to_list() == [4, 4]


def test_too_few_persons_for_two_bins_is_said() -> None:
    data = survey()
    with pytest.raises(HypnicError, match="coffee can't be cut into bins of 10 persons or more"):
        dose_response(Question(replace(data, frame=data.frame.head(15)), COFFEE))


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)), min_size=1, max_size=200))
def test_every_bin_has_ten_persons_or_there_is_one_bin(rows: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(rows, schema={"dose": pl.Float64, "person": pl.Int64}, orient="row")
    edges = bin_edges(frame["dose"], frame["person"])
    sizes = frame.group_by(bin_number(pl.col("dose"), edges)).agg(pl.col("person").n_unique())["person"]
    assert len(sizes) == len(edges) + 1
    assert not edges or sizes.min() >= FEWEST_PERSONS  # type: ignore[operator]


def test_a_missing_dose_is_in_no_bin() -> None:
    assert pl.select(bin_number(pl.lit(None, pl.Float64), [0.0])).item() is None
