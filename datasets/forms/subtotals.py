"""Rows of bare numbers among nights: sums and means that nobody labelled, and nights of which little was kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d{1,6})?")
MOST = 0.8  # of the other rows that have a time, a date or a word in a column
LEAST = 2  # such columns that are blank in a row of bare numbers
NEAR = 0.06  # a mean may be typed with one decimal


def bare_numbers(rows: Sequence[Sequence[str]], kinds: Sequence[str], sums: str, alone: str) -> list[str]:
    """Tell which rows hold only numbers where all others have times, dates or words too.

    `kinds` says what other rows are, blank for nights. Such a row is called `sums` where each of its numbers is the sum
    or the mean of those above it, from the last such row on or from the first, and `alone` where they are not.

    >>> nights = [("Mon", "23:00", "2"), ("Tue", "23:15", "0"), ("", "", "2"), ("Wed", "22:00", "1"), ("", "", "7")]
    >>> bare_numbers(nights, [""] * 5, "sums", "alone")
    ['', '', 'sums', '', 'alone']
    """
    told, made = _worded(rows, kinds), [*kinds]
    since = 0
    for n, row in enumerate(rows):
        if kinds[n] or not any(row) or len(told) < LEAST or any(row[place] for place in told):
            since = n + 1 if kinds[n] == sums else since
            continue
        if all(not cell or NUMBER.fullmatch(cell) for cell in row):
            spans = [[other for other in range(start, n) if not made[other]] for start in (since, 0)]
            added = any(_adds_up(row, [rows[other] for other in span]) for span in spans)
            made[n] = sums if added else alone
            since = n + 1 if added else since
    return made


def _worded(rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> list[int]:
    """Give the columns in which nearly all rows have something else than a bare number."""
    nights = [row for row, kind in zip(rows, kinds, strict=True) if not kind and any(row)]
    said = [[bool(cell) and not NUMBER.fullmatch(cell) for cell in row] for row in nights]
    some = [row for row in said if any(row)]  # a row of bare numbers tells nothing of the others
    return [n for n, column in enumerate(zip(*some, strict=True)) if sum(column) >= MOST * len(some)]


def _adds_up(row: Sequence[str], above: Sequence[Sequence[str]]) -> bool:
    """Tell whether each number of a row is the sum or the mean of its column in the rows above it."""
    each = [(_number(cell), [*_numbers(above, place)]) for place, cell in enumerate(row) if cell]
    return len(above) > 1 and all(
        bool(column) and (abs(said - sum(column)) < NEAR or abs(said - sum(column) / len(column)) < NEAR)
        for said, column in each
    )


def _numbers(rows: Sequence[Sequence[str]], place: int) -> Iterator[float]:
    yield from (_number(row[place]) for row in rows if NUMBER.fullmatch(row[place]))


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))
