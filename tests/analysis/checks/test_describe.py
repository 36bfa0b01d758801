"""Descriptions: rare counts pooled, shares with the survey's design."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.checks.describe import count_distribution, leg_cramps, tally, weighted_share


def test_rare_high_counts_end_in_one_open_class() -> None:
    counts = pl.Series([0] * 50 + [1] * 20 + [2] * 12 + [3] * 6 + [7] * 5)
    spread = count_distribution(counts, pl.Series(range(93)))
    assert spread.rows() == [(0, 0, 50), (1, 1, 20), (2, 2, 12), (3, None, 11)]


def test_a_tail_of_few_persons_takes_the_class_below_with_it() -> None:
    counts = pl.Series([0] * 50 + [1] * 20 + [2] * 12 + [9] * 3)
    spread = count_distribution(counts, pl.Series(range(85)))
    assert spread.rows() == [(0, 0, 50), (1, 1, 20), (2, None, 15)]


def test_one_persons_many_nights_are_no_class_of_their_own() -> None:
    counts = pl.Series([0] * 30 + [4] * 30)
    persons = pl.Series([*range(30), *([99] * 30)])
    assert count_distribution(counts, persons).rows() == [(0, None, 60)]


def test_neighbouring_counts_can_share_a_class() -> None:
    spread = count_distribution(pl.Series([0] * 10 + [1] * 10 + [5] * 10 + [6] * 10), pl.Series(range(40)), width=5)
    assert spread.rows() == [(0, 0, 10), (1, 5, 20), (6, 10, 10)]


def test_without_answers_there_is_no_class() -> None:
    assert count_distribution(pl.Series([None], dtype=pl.Int64), pl.Series(["a"])).is_empty()


def test_an_answer_nobody_gave_is_counted_as_zero() -> None:
    assert tally(pl.Series(["b", None, "b"]), ["a", "b"]) == {"a": 0, "b": 2, "no answer": 1}


@pytest.fixture
def people() -> pl.DataFrame:
    """Two cycles of four strata with two sampling units each."""
    rng = np.random.default_rng(5)
    n = 800
    answers = rng.choice(["never", "rarely", "sometimes", "often", "almost_always"], n, p=[0.7, 0.1, 0.1, 0.06, 0.04])
    return pl.DataFrame(
        {
            "cycle": np.repeat(["2005-2006", "2007-2008"], n // 2), "stratum": np.repeat(range(8), n // 8),
            "psu": np.tile([1, 2], n // 2), "weight_interview": rng.uniform(1, 5, n), "leg_cramps": answers,
            "age": rng.integers(10, 80, n),
        }
    )  # fmt: skip


def test_a_weighted_share_is_the_weighted_mean_of_those_asked(people: pl.DataFrame) -> None:
    share = weighted_share(people, pl.col("leg_cramps") == "never", pl.col("age") >= 20)
    asked = people.filter(pl.col("age") >= 20)
    weights, never = asked["weight_interview"].to_numpy(), (asked["leg_cramps"] == "never").to_numpy()
    expected = np.average(never, weights=weights)
    assert share["estimate"] == pytest.approx(expected, rel=1e-6)
    assert 0 < share["conf_low"] < share["estimate"] < share["conf_high"] < 1


def test_mild_cramps_are_those_of_up_to_four_nights(people: pl.DataFrame) -> None:
    found = leg_cramps(people).filter(cycle="2005-2006")
    first = people.filter(cycle="2005-2006")
    mild = weighted_share(first, pl.col("leg_cramps").is_in(["rarely", "sometimes"]), pl.col("age") >= 20)
    assert found["cramps"].to_list() == ["mild", "moderate or severe"]
    assert found["estimate"][0] == mild["estimate"]
