"""Dates in a diary: read only to count the nights, and never kept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 28  # nights of a diary
DATE = re.compile(r"(?P<a>\d{1,4})[-./ ](?P<b>\d{1,2})(?:[-./ ](?P<c>\d{1,4}))?\.?")
TIME = re.compile(r"[ t](?P<hour>\d{1,2}):\d\d.*", re.IGNORECASE)
SPOKEN = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?:de\s+|of\s+)?(?P<month>[a-z]{3,10})\.?"
    r"|(?P<first>[a-z]{3,10})\.?\s*(?P<then>\d{1,2})(?:st|nd|rd|th)?)(?:,?\s*(?:de\s+)?(?P<year>\d{4}))?"
)
WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend"
    r"|sonntag|lun|mar|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mie|jue|vie|sab|dom|lunes"
    r"|martes|miercoles|jueves|viernes|sabado|domingo|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|thur"
    r"|thurs|weds)\.?,?\s+"
)
MONTHS = (
    ("jan", "ene"), ("feb", "fev"), ("mar", "mrz"), ("apr", "avr", "abr"), ("may", "mai"), ("jun", "juin"),
    ("jul", "juil"), ("aug", "aou", "ago"), ("sep", "set"), ("oct", "okt"), ("nov",), ("dec", "dez", "dic"),
)  # fmt: skip
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
    weekday = WEEKDAY.match(whole)
    tried = (whole, whole[weekday.end() :].strip(" ,") if weekday else "")  # `mar 3` is of March, or a Tuesday
    day = next((day for text in tried if (day := _digits(text, way) or _spoken(text))), None)
    early = timed and time is not None and int(time["hour"]) < 12
    return day - timedelta(days=1) if day and early else day


def _digits(bare: str, way: str) -> date | None:
    found = DATE.fullmatch(bare)
    if not found or (len(found["a"]) == 4 and not found["c"]):
        return None
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"] or LEAP)
    if len(found["a"]) == 4 or (way == "ymd" and found["c"]):
        year, month, day = a, b, c
    else:
        year, (day, month) = c, (a, b) if way == "dmy" else (b, a)
    return _date(year + 2000 if year < 100 else year, month, day)


def _spoken(bare: str) -> date | None:
    """Read `1. M\u00e4rz`, `March 1st, 2026`."""
    found = SPOKEN.fullmatch(bare)
    if not found:
        return None
    word = found["month"] or found["first"]
    month = next((n for n, starts in enumerate(MONTHS, 1) if word.startswith(starts)), 0)
    return _date(int(found["year"] or LEAP), month, int(found["day"] or found["then"]))


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


def dates_of(cells: Iterable[str]) -> bool:
    """Tell whether every filled cell is a date, two of them at least.

    >>> dates_of(["Mon 2/3", "Tue 3/3", ""]), dates_of(["1", "2"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and any(all(_read(cell, way, timed=False) for cell in filled) for way in ("dmy", "mdy"))


def _known(dates: Mapping[int, date | None]) -> Iterable[tuple[int, date]]:
    return [(row, day) for row, day in dates.items() if day is not None]
