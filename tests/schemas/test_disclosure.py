"""No published table tells a count under ten, not even by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hypnic.schemas.disclosure import (
    FEWEST_PERSONS,
    SMALL,
    WITHHELD,
    in_tens,
    may_follow,
    protected,
    protected_in_tens,
)

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


def spans(marks: list[int | str]) -> list[tuple[float, float]]:
    """Give what each cell may be for who sees it rounded."""
    few = FEWEST_PERSONS - 1
    return [
        (0, few) if mark == SMALL else (FEWEST_PERSONS, 1000) if isinstance(mark, str) else (mark, mark + few)
        for mark in marks
    ]


@given(counts)
def test_next_to_a_rounded_total_a_small_cell_may_be_anything_from_0_to_9(table: list[int]) -> None:
    marks, total = protected_in_tens(table), in_tens(sum(table))
    for place, mark in enumerate(marks):
        if mark == SMALL:
            others = spans(marks[:place] + marks[place + 1 :])
            least, most = (total - sum(span[1] for span in others), total + 9 - sum(span[0] for span in others))
            assert least <= 0
            assert most >= 9


@given(counts)
def test_no_rounded_cell_is_under_ten_or_more_than_there_are(table: list[int]) -> None:
    marks = protected_in_tens(table)
    shown = [(mark, count) for mark, count in zip(marks, table, strict=True) if isinstance(mark, int)]
    assert all(FEWEST_PERSONS <= mark <= count < mark + FEWEST_PERSONS for mark, count in shown)


@given(st.integers(0, 400), st.integers(0, 9))
def test_two_rounded_counts_leave_open_whether_anybody_lies_between(part: int, few: int) -> None:
    apart = in_tens(part + few) - in_tens(part)
    possible = {whole - one for one in range(in_tens(part), in_tens(part) + 10)
                for whole in range(in_tens(part) + apart, in_tens(part) + apart + 10) if whole >= one}  # fmt: skip
    assert set(range(10)) <= possible or max(possible) >= FEWEST_PERSONS


def people(*numbers: int) -> set[str]:
    return {f"p{number}" for number in numbers}


def test_a_release_waits_until_ten_people_or_nobody_has_left() -> None:
    whole = people(*range(40))
    assert may_follow(whole, whole)
    assert not may_follow(whole, whole - people(3))
    assert not may_follow(whole, whole - people(*range(9)))
    assert may_follow(whole, whole - people(*range(10)))


def test_those_who_come_do_not_hide_the_one_who_left() -> None:
    whole = people(*range(40))
    assert not may_follow(whole, whole - people(3) | people(*range(50, 70)))
    assert may_follow(whole, whole | people(*range(50, 60)))
