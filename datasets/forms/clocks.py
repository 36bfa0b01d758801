"""The times of somebody's own diary: of 24 hours or of twelve, with a colon or a point, or as parts of a day."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.clocks import in_digits, in_parts_of_a_day
from hypnic.datasets.checking.nightclocks import BED, LONGEST, SHORTEST, WAKE, evening_hour, face
from hypnic.datasets.forms import readings, spoken
from hypnic.datasets.forms.hours import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

UNCLEAR = math.nan  # a time that can be read in two ways
LAST = 47  # an hour of the diary day that somebody may have typed already
UNMARKED = re.compile(r"(?P<hour>\d{1,2}):\d\d(?::\d\d)?")
UNPOINTED = re.compile(r"0\d[0-5]\d")  # 0030 is half past midnight, whatever the rest of its column is
DATED = re.compile(r"^(?:\d{4}-\d\d-\d\d[ T]|\d{1,2}[./]\d{1,2}[./]\d{2,4},? )(?=\d{1,2}:\d\d)")
DIGITS = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?: ?(?:h|hrs|uhr))?")  # 2315
OCLOCK = re.compile(  # 11 Uhr: of the evening for most, in a bedtime
    r"(\d{1,2})(?:[:.h]([0-5]\d))? ?(?:h|uhr|uur|u|ore|heures|horas|o'?clock)", re.IGNORECASE
)
SMALL = frozenset("123456")  # hours of the night, and of the afternoon
HALVES = re.compile(r"\d\s*[ap]\.?\s?m\b")  # a mark of one half of the day
MORNING, EVENING = 8, 18  # a bedtime from there on without a mark may be of the evening; one that is
LAST_COFFEE = "caffeine_last_clock_h"
HOURS = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")


class Clocks:
    """Reads the times of a table, whose cells are given by column, all as long; `given` is what a map answers.

    `times` says of each column how a point is meant, `face` whether the clock has 24 hours or twelve; None where the
    cells prove neither.
    """

    def __init__(self, columns: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> None:
        said = {cell: spoken.languages_of(cell) for cells in columns.values() for cell in cells}
        sure = {language for languages in said.values() if len(languages) == 1 for language in languages}
        self._language = sure.pop() if len(sure) == 1 else ""
        columns = {name: [self.in_digits(cell, name) for cell in cells] for name, cells in columns.items()}
        self._parts = {name for name, cells in columns.items() if _in(in_parts_of_a_day, cells)}
        self._digits = {name for name, cells in columns.items() if _in(in_digits, cells)}
        pointed = {name: cells for name, cells in columns.items() if name not in self._parts}
        whole = readings.times(cell for cells in pointed.values() for cell in cells)
        self.times = {name: given.get("times") or readings.times(cells) or whole for name, cells in pointed.items()}
        self._short = given.get("short", "")
        plain = {name: [self._plain(cell, name) for cell in cells] for name, cells in columns.items()}
        beds = plain.pop(BED, [])
        wakes = plain.pop(WAKE, [""] * len(beds))
        others = [cell for cells in plain.values() for cell in cells]
        self._told = "clock" in given
        self.face = given.get("clock") or face(beds, wakes or [""] * len(beds), others)
        marked = any(HALVES.search(cell.casefold()) for cells in columns.values() for cell in cells)
        mixed = self.face == "24" and not self._told
        self.evenings = evenings(columns.get(BED, []), beds, wakes, marked=marked) if mixed else {}

    def in_digits(self, cell: str, name: str) -> str:
        """Write a time in words as a clock shows it, in the language of the table's other words."""
        return spoken.in_digits(cell, name, self._language)

    def _plain(self, cell: str, name: str) -> str:
        """Write an unmarked time with a colon, and one of an app without its date; another cell as it is."""
        cell = DATED.sub("", cell)
        found = DIGITS.fullmatch(cell)
        if name == BED and (said := OCLOCK.fullmatch(cell)) and MORNING <= int(said[1]) <= 12:
            found = said
        if found:
            return f"{found[1]}:{found[2] or '00'}"
        if name in self._parts and (day := _number(cell)) is not None:
            minutes = round(day * 24 * 60)
            return f"{minutes // 60 % 24}:{minutes % 60:02}"
        if (name in self._digits and cell.isdecimal()) or UNPOINTED.fullmatch(cell):
            number = int(cell)
            whole = self.short(cell, name) and self._short == "hours"
            return f"{number}:00" if whole else f"{number // 100}:{number % 100:02}"
        if not HOURS.fullmatch(cell):
            return cell
        way = self.times.get(name)
        hour, _, part = cell.replace(",", ".").partition(".")
        if way is None and part.strip("0"):
            return cell
        minutes = int(part.ljust(2, "0") or 0) if way == "minutes" else round(float(f"0.{part or 0}") * 60)
        return f"{hour}:{minutes:02}"

    def short(self, cell: str, name: str) -> bool:
        """Tell whether a number next to times such as 715 may be an hour, or minutes past midnight: 7, 15, 23."""
        found = name in self._digits and HOURS.fullmatch(cell) and cell.isdecimal()
        return bool(found) and not _past_midnight(int(cell), name)

    def hours(self, cell: str, name: str) -> float | None:
        """Give a time in hours; None where a cell is no time, UNCLEAR where it may be two.

        >>> Clocks({BED: ["23.30", "22.45"]}, {}).hours("23.30", BED)
        23.5
        """
        cell = self.in_digits(cell, name)
        plain = self._plain(cell, name)
        if self.short(cell, name) and not self._short:
            return UNCLEAR
        hours = clock(plain, last=LAST)
        if hours is None:
            return UNCLEAR if HOURS.fullmatch(plain) else None
        if cell in SMALL and name not in {BED, WAKE} and not self._told:
            return UNCLEAR  # the last coffee at 3 was in the afternoon for most
        if name == BED and cell in self.evenings:
            return self.evenings[cell]
        if not UNMARKED.fullmatch(plain) or hours >= 13 or self.face == "24":
            early = 1 <= hours < 6.5 and UNMARKED.fullmatch(plain) and not cell.startswith("0")
            return UNCLEAR if early and name not in {BED, WAKE} and not self._told else hours
        return self._in_the_evening(hours, name)

    def _in_the_evening(self, hours: float, name: str) -> float:
        """Read a time of a clock of twelve hours; UNCLEAR where it may be of either half of the day."""
        evening = evening_hour(hours, name) if self.face or hours >= 12 else None
        if evening is None and self._told and name == LAST_COFFEE:
            return hours  # coffee at 9 or 10:30 was in the morning
        return UNCLEAR if evening is None else evening


def evenings(cells: Sequence[str], beds: Sequence[str], wakes: Sequence[str], *, marked: bool) -> dict[str, float]:
    """Give the hour of bedtimes from 8 to 12 that are typed without a mark, in a table of 24 hours with evenings too.

    `beds` and `wakes` are the same times, written plainly. A bare 11 next to 11:30 pm is 23 where only so its nights
    are as long as nights; UNCLEAR where that cannot be told, and nothing where it is of the morning.

    >>> evenings(["23.15", "11"], ["23:15", "11:00"], ["6:45", "6:45"], marked=True)
    {'11': 23.0}
    >>> evenings(["23:15", "11:00"], ["23:15", "11:00"], ["6:45", "18:30"], marked=False)
    {}
    >>> evenings(["23:15", "12"], ["23:15", "12:00"], ["6:45", ""], marked=False)
    {'12': nan}
    """
    hours = [clock(bed, last=LAST) for bed in beds]
    if not any(hour is not None and hour % 24 >= EVENING for hour in hours):
        return {}
    found: dict[str, set[str]] = {}
    for cell, bed, hour, wake in zip(cells, beds, hours, wakes or [""] * len(beds), strict=True):
        if hour is None or not MORNING <= hour < 13 or cell.startswith("0") or not UNMARKED.fullmatch(bed):
            continue
        up = clock(wake, last=LAST)
        late = evening_hour(hour, BED)
        fits = [] if up is None else [way for way, at in (("24", hour), ("evening", late)) if _a_night(at, up)]
        found.setdefault(cell, set()).add(fits[0] if len(fits) == 1 else "")
    bare = {cell for cell in found if HOURS.fullmatch(cell) or OCLOCK.fullmatch(cell)}
    sure = {cell for cell, ways in found.items() if ways == {"evening"} and (marked or cell in bare)}
    return {
        cell: (evening_hour(hour, BED) or 0.0) if cell in sure else UNCLEAR
        for cell, hour in zip(cells, hours, strict=True)
        if hour is not None and cell in found and found[cell] != {"24"}
    }


def _a_night(bed: float | None, up: float) -> bool:
    return bed is not None and SHORTEST <= (up - bed) % 24 <= LONGEST


def _past_midnight(number: int, name: str) -> bool:
    """Tell whether a short number next to 2315 can only be minutes: no hour, or none at which people go to bed."""
    return not 0 < number <= 24 or (name == BED and 13 <= number <= 17)


def _in(way: Callable[[pl.Series], object], cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and bool(way(pl.Series(filled)))


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None
