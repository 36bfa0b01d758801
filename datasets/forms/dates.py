"""Dates in a diary: read only to count the nights, and never kept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypnic.datasets.forms.calendar import WEEK, month, weekday, weekdays_cut
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 28  # nights of a diary
DATE = re.compile(r"(?P<a>\d{1,4})[-./ ](?P<b>\d{1,2})(?:[-./ ](?P<c>\d{1,4}))?\.?")
WEEKLY = re.compile(r"\d{4}-?w\d\d-?[1-7]")
TIME = re.compile(r"[ t](?P<hour>\d{1,2}):\d\d(?P<half>[^ap]*[ap]\.?\s?m)?.*", re.IGNORECASE)
RANGE = re.compile(r"(?P<a>\d{1,2})\.?\s*(?:/|-|\u2013|to|bis|au|al)\s*(?P<b>\d{1,2})(?=\.?\s*[a-z])\.?\s*")
SPOKEN = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?:de\s+|of\s+|di\s+)?(?P<month>[a-z]{3,10})\.?"
    r"|(?P<first>[a-z]{3,10})\.?\s*(?P<then>\d{1,2})(?:st|nd|rd|th)?)(?:,?\s*(?:de\s+)?(?P<year>\d{4}))?"
)
NOON = 12
FAR = 3  # days from one weekday to the next; more may be a file that begins with the last night
LEAP = 2024  # where no year stands: the one that has every day


def dated_numbers(cells: Mapping[int, str], people: Mapping[int, str], order: str = "") -> dict[int, str | None] | None:
    """Give each row the number of days since its person's first date, from 1; None where hardly a cell is a date.

    A date such as 3/4/2026 is read with the day or the month first, whichever makes the shorter diary: dates that
    differ within 28 days in one reading are a month apart in the other. Where both are long, nobody can tell. `order`
    settles it: `day` or `month`. A time after midnight is the night before's. A row without a date has no number.

    >>> dated_numbers({0: "30.4.2026", 1: "1.5.2026"}, {0: "a", 1: "a"})
    {0: '1', 1: '2'}
    >>> dated_numbers({0: "Mon 30 Dec", 1: "1. Jan", 2: ""}, {0: "a", 1: "a", 2: "a"})
    {0: '1', 1: '3', 2: None}
    """
    filled = {row: cell for row, cell in cells.items() if cell}
    if len(filled) < 2 and len(cells) > 1:
        return None
    timed = any((time := TIME.search(cell)) and time["hour"].strip("0") for cell in filled.values())
    ways = ("dmy", "mdy", "ymd") if not order else ("dmy",) if order == "day" else ("mdy",)
    read = [_numbers({row: _read(cell, way, timed=timed) for row, cell in filled.items()}, people) for way in ways]
    known: list[dict[int, str]] = []
    for numbers in read:
        known += [numbers] if numbers and numbers not in known else []
    known.sort(key=_longest)
    if not known or (len(known) > 1 and _longest(known[0]) > LONGEST and _longest(known[1]) < 2 * _longest(known[0])):
        return None
    return {row: known[0].get(row) for row in cells}


def _longest(numbers: Mapping[int, str]) -> int:
    return max(map(int, numbers.values()))


def _read(cell: str, way: str, *, timed: bool) -> date | None:
    """Read a date; of a `timed` one before noon, that of the evening before."""
    time = TIME.search(cell)
    whole = fold(cell[: time.start()] if time else cell).strip(" ,")
    if (nights := RANGE.match(whole)) and int(nights["b"]) in {int(nights["a"]) + 1, 1}:  # 1/2 March is that of the 1st
        whole = nights["a"] + whole[nights.end() :]
    tried = (whole, weekdays_cut(whole))  # `mar 3` is of March, or a Tuesday
    day = next((day for text in tried if (day := _digits(text, way) or _spoken(text))), None)
    early = timed and time is not None and _hour(time) < NOON
    return day - timedelta(days=1) if day and early else day


def _hour(time: re.Match[str]) -> int:
    """Give the hour of a time on the clock of 24."""
    half = (time["half"] or "").casefold()
    return int(time["hour"]) % NOON + NOON * ("p" in half) if half else int(time["hour"])


def _digits(bare: str, way: str) -> date | None:
    if WEEKLY.fullmatch(bare):
        return _of_week(bare)
    found = DATE.fullmatch(bare)
    if not found or (len(found["a"]) == 4 and not found["c"]):
        return None
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"] or LEAP)
    if len(found["a"]) == 4 or (way == "ymd" and found["c"]):
        year, month, day = a, b, c
    else:
        year, (day, month) = c, (a, b) if way == "dmy" else (b, a)
    return _date(year + 2000 if year < 100 else year, month, day)


def _of_week(bare: str) -> date | None:
    """Read a day of a week of a year, as ISO 8601 writes it: `2026-W31-1`."""
    try:
        return date.fromisoformat(bare.upper())
    except ValueError:
        return None


def _spoken(bare: str) -> date | None:
    """Read `1. M\u00e4rz`, `March 1st, 2026`."""
    found = SPOKEN.fullmatch(bare)
    if not found:
        return None
    word = found["month"] or found["first"]
    return _date(int(found["year"] or LEAP), month(word) or 0, int(found["day"] or found["then"]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numbers(dates: Mapping[int, date | None], people: Mapping[int, str]) -> dict[int, str] | None:
    if None in dates.values():
        return None
    dates = _over_new_year(dates)
    first: dict[str, date] = {}
    for row, day in _known(dates):
        first[people[row]] = min(first.get(people[row], day), day)
    return {row: str((day - first[people[row]]).days + 1) for row, day in _known(dates)}


def _over_new_year(dates: Mapping[int, date | None]) -> Mapping[int, date | None]:
    """Put January after December where no year was typed."""
    months = {day.month for _, day in _known(dates) if day.year == LEAP}
    if not {1, 12} <= months:
        return dates
    return {row: day.replace(year=LEAP + 1) if day and day.month < 7 else day for row, day in dates.items()}


def weekday_numbers(cells: Mapping[int, str], people: Mapping[int, str]) -> dict[int, str | None] | None:
    """Give nights their numbers by their weekdays, in the file's order, a day left out kept as a gap.

    None where a cell is no weekday, or the next is none of the next three days: then nobody knows how far apart.

    >>> weekday_numbers({0: "Sat", 1: "Sun", 2: "Tue"}, {0: "a", 1: "a", 2: "a"})
    {0: '1', 1: '2', 2: '4'}
    """
    days = {row: weekday(cell) for row, cell in cells.items() if cell}
    if len(days) < 2 or len(days) < len(cells) or None in days.values():
        return None
    last: dict[str, tuple[int, int]] = {}
    numbers: dict[int, str | None] = {}
    for row, day in sorted(_all(days)):
        number, before = last.get(people[row], (0, day - 1))
        step = (day - before) % WEEK
        if not 0 < step <= FAR:
            return None
        last[people[row]] = (number + step, day)
        numbers[row] = str(number + step)
    return numbers


def _all(days: Mapping[int, int | None]) -> list[tuple[int, int]]:
    return [(row, day) for row, day in days.items() if day is not None]


def dates_of(cells: Iterable[str]) -> bool:
    """Tell whether every filled cell is a date, two of them at least.

    >>> dates_of(["Mon 2/3", "Tue 3/3", ""]), dates_of(["1", "2"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    dated = any(all(_read(cell, way, timed=False) for cell in filled) for way in ("dmy", "mdy"))
    return len(filled) > 1 and (dated or all(map(weekday, filled)))


def days_in(cells: Iterable[str], number: int) -> list[date]:
    """Give the dates of cells that are all dates, read so that each lies in a month; none where they do not.

    >>> days_in(["3/1/2026", "3/4/2026"], 3)
    [datetime.date(2026, 3, 1), datetime.date(2026, 3, 4)]
    """
    filled = [cell for cell in cells if cell]
    for way in ("dmy", "mdy"):
        read = [day for cell in filled if (day := _read(cell, way, timed=False)) and day.month == number]
        if filled and len(read) == len(filled):
            return read
    return []


def _known(dates: Mapping[int, date | None]) -> Iterable[tuple[int, date]]:
    return [(row, day) for row, day in dates.items() if day is not None]
