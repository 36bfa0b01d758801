"""Dates in a diary: read only to count the nights, and never kept."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 28  # nights of a diary
DATE = re.compile(r"(?P<a>\d{1,4})[-./](?P<b>\d{1,2})[-./](?P<c>\d{1,4})\.?(?:[ T]\d\d:\d\d.*)?")


def dated_numbers(cells: Mapping[int, str], people: Mapping[int, str]) -> dict[int, str | None] | None:
    """Give each row the number of days since its person's first date, from 1; None where a cell is no date.

    A date such as 3/4/2026 is read with the day or the month first, whichever makes the diary of every person one of
    at most 28 nights: dates that differ within 28 days in one reading are a month apart in the other.

    >>> dated_numbers({0: "30.4.2026", 1: "1.5.2026"}, {0: "a", 1: "a"})
    {0: '1', 1: '2'}
    """
    if not cells:
        return None
    ways = [_numbers({row: _read(cell, way) for row, cell in cells.items()}, people) for way in ("dmy", "mdy")]
    fitting = [numbers for numbers in ways if numbers is not None]
    return fitting[0] if fitting else None


def _read(cell: str, way: str) -> date | None:
    found = DATE.fullmatch(cell.strip())
    if not found:
        return None
    a, b, c = (int(found[part]) for part in "abc")
    if len(found["a"]) == 4:
        year, month, day = a, b, c
    else:
        year, (day, month) = c, (a, b) if way == "dmy" else (b, a)
        year += 2000 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numbers(dates: Mapping[int, date | None], people: Mapping[int, str]) -> dict[int, str | None] | None:
    if None in dates.values():
        return None
    first: dict[str, date] = {}
    for row, day in _known(dates):
        first[people[row]] = min(first.get(people[row], day), day)
    numbers = {row: (day - first[people[row]]).days + 1 for row, day in _known(dates)}
    most: dict[str, int] = defaultdict(int)
    for row, number in numbers.items():
        most[people[row]] = max(most[people[row]], number)
    if any(number > LONGEST for number in most.values()):
        return None
    return {row: str(number) for row, number in numbers.items()}


def _known(dates: Mapping[int, date | None]) -> Iterable[tuple[int, date]]:
    return [(row, day) for row, day in dates.items() if day is not None]
