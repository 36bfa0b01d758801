"""No published table tells a count under ten, not even by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hypnic.schemas.disclosure import FEWEST_PERSONS, SMALL, WITHHELD, protected

counts = st.lists(st.integers(0, 40), min_size=1, max_size=5)


def test_a_table_without_small_cells_is_published_whole() -> None:
    assert protected([120, 10, 45]) == [120, 10, 45]


def test_one_small_cell_takes_the_smallest_other_cell_with_it() -> None:
    assert protected([120, 3, 45, 60]) == [120, SMALL, WITHHELD, 60]


def test_a_zero_is_a_small_cell() -> None:
    assert protected([120, 0, 45]) == [120, SMALL, WITHHELD]


def test_two_nines_would_be_told_by_their_sum_so_a_third_cell_goes_too() -> None:
    assert protected([120, 9, 9, 45]) == [120, SMALL, SMALL, WITHHELD]


def test_a_partner_of_just_ten_would_tell_so_another_is_withheld() -> None:
    assert protected([120, 0, 10, 30]) == [120, SMALL, WITHHELD, WITHHELD]


def test_where_nothing_can_protect_a_cell_every_cell_is_withheld() -> None:
    assert protected([12, 1]) == [WITHHELD, WITHHELD]


@given(counts)
def test_no_published_cell_is_under_ten(table: list[int]) -> None:
    assert all(cell >= FEWEST_PERSONS for cell in protected(table) if isinstance(cell, int))


@given(counts)
def test_every_small_cell_may_be_anything_from_0_to_9_for_who_knows_the_total(table: list[int]) -> None:
    marks = protected(table)
    few, enough = range(FEWEST_PERSONS), range(FEWEST_PERSONS, 201)
    hidden = [few if mark == SMALL else enough for mark in marks if isinstance(mark, str)]
    if SMALL not in marks:
        return
    left = sum(table) - sum(mark for mark in marks if isinstance(mark, int))
    for place, values in enumerate(hidden):
        others = hidden[:place] + hidden[place + 1 :]
        low, high = sum(other[0] for other in others), sum(other[-1] for other in others)
        if values == few:
            assert all(low <= left - value <= high for value in values)
