"""One person's diary: exact counts, a test by shifts, and how little both can show."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from hypnic.analysis.single import SPLITS, detected, share, shifted_p, single_person
from hypnic.errors import HypnicError

NIGHTS = 8


def diary(**columns: list[float | None]) -> pl.DataFrame:
    """Give eight tidy nights on which nothing happened, but for some columns."""
    none = {column: [0.0] * NIGHTS for _, column, _ in SPLITS if column != "slept_before_h"}
    facts = none | {"tst_h": [7.0] * NIGHTS, "jerk_count": [0] * NIGHTS} | columns
    return pl.DataFrame({"participant_id": ["p"] * NIGHTS, "night_index": range(1, NIGHTS + 1)} | facts)


def test_nights_are_counted_with_and_without_and_a_night_without_an_answer_is_neither() -> None:
    found = single_person(
        diary(alcohol_g=[20, 10, 5, 0, 0, 0, None, 10], jerk_count=[2, 0, 1, 0, 1, 0, 5, None])
    ).comparisons[1]
    assert (found.exposure, found.exposed[:2], found.others[:2]) == ("alcohol", (2, 3), (1, 3))


def test_stress_is_above_the_persons_own_middle_night_and_sleep_is_that_of_the_night_before() -> None:
    nights = single_person(diary(stress_0_10=[1, 2, 3, 4, 5, 6, 7, 8], tst_h=[5, 8, 7, 6, 8, 7, 6, 8])).nights
    assert nights["stress"].to_list() == [False] * 4 + [True] * 4
    assert nights["sleep_loss"].to_list() == [None, True, False, False, True, False, False, True]


def test_what_is_alike_on_all_nights_is_not_compared() -> None:
    caffeine = single_person(diary(jerk_count=[1, 0] * 4)).comparisons[0]
    assert (caffeine.exposed.nights, caffeine.p_value, caffeine.shown) == (0, None, None)


def test_a_diary_without_any_jerk_differs_by_nothing() -> None:
    alcohol = single_person(diary(alcohol_g=[10, 0] * 4)).comparisons[1]
    assert (alcohol.p_value, alcohol.shown) == (1.0, 0.0)
    assert alcohol.exposed.high == pytest.approx(1 - 0.025 ** (1 / 4))


@given(st.integers(1, 28).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_limits_are_those_of_clopper_and_pearson(counts: tuple[int, int]) -> None:
    jerks, nights = counts
    theirs = binomtest(jerks, nights).proportion_ci(method="exact")
    assert share(jerks, nights)[2:] == pytest.approx((theirs.low, theirs.high))


@given(st.data(), st.integers(2, 28))
def test_the_test_knows_no_first_night_and_is_never_surer_than_the_number_of_nights_allows(data, nights: int) -> None:
    marks = st.lists(st.booleans(), min_size=nights, max_size=nights)
    exposed = np.array(data.draw(marks.filter(lambda some: 0 < sum(some) < nights)))
    jerk = np.array(data.draw(marks))
    p = shifted_p(exposed, jerk)
    assert 1 / nights <= p <= 1
    assert shifted_p(np.roll(exposed, 3), np.roll(jerk, 3)) == pytest.approx(p)


def test_the_test_keeps_its_level_where_exposure_and_jerks_have_rhythms_of_their_own() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(400):
        walk = np.cumsum(rng.standard_normal((2, 28)), axis=1)  # long runs of nights alike
        exposed, jerk = walk > np.median(walk, axis=1, keepdims=True)
        found.append(shifted_p(exposed, jerk))
    assert np.mean(np.array(found) < 0.05) < 0.15  # a plain shuffle rejects more than a third of them


def test_longer_diaries_show_a_doubling_more_often() -> None:
    chances = [detected(nights, nights, 0.3) for nights in (3, 7, 14)]
    assert chances == sorted(chances)
    assert chances[0] == 0  # no table of six nights has so small a p
    assert chances[-1] < 0.5


def test_several_people_or_no_nights_are_refused() -> None:
    with pytest.raises(HypnicError, match="one person's diary"):
        single_person(diary().clear())
