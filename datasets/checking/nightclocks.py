"""The clock of a night: which hour a time such as 7:00 is, told by the night's own bedtime and by its columns."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from hypnic.datasets.checking.clocks import quarters
from hypnic.datasets.checking.times import as_minutes
from hypnic.schemas import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.datasets.checking.suggestion import Suggestion
    from hypnic.datasets.checking.times import Times
    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Column, Table

BED, WAKE = "bed_clock_h", "wake_clock_h"
PLAIN = re.compile(  # 7:00, 7 h 15, 7 Uhr, 715
    r"(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d)(?::\d\d)?|\s?(?:h|uhr)(?:\s?(?P<part>[0-5]\d))?|(?P<bare>[0-5]\d))",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")
SHORTEST, LONGEST = 2.5, 14.0  # hours that somebody lies in bed
MOST, CLEAR = 0.8, 0.2  # of the nights that must fit one reading, and by how many more than the other
POSSIBLE = 16  # hours from going to bed to waking, at most


def face(beds: Sequence[str], wakes: Sequence[str], others: Iterable[str] = ()) -> str | None:
    """Tell whether unmarked times are of a clock of 24 hours, or of one of twelve with bedtimes in the `evening`.

    A time from 13:00 on, or of hour 0, proves the clock of 24. Else that reading is taken by which nearly all nights
    are as long as nights are, and clearly fewer by the other. None where neither is better.

    >>> face(["11:15", "12:30", "1:00"], ["7:00", "7:30", "8:00"]), face(["8:30", "9:00"], ["15:30", "16:00"])
    ('evening', '24')
    >>> face(["8:30", "9:15", "10:00"], ["", "", ""]) is None
    True
    """
    bed_hours, wake_hours = list(map(typed_hours, beds)), list(map(typed_hours, wakes))
    found = [hour for hour in (*bed_hours, *wake_hours, *map(typed_hours, others)) if hour is not None]
    early = [hour for hour in bed_hours if hour is not None and 8 <= hour < 13]
    if any(13 <= hour < 24 or hour < 1 for hour in found) or not early:  # 31 is of the diary, and of no clock
        return "24"
    nights = [(b, w) for b, w in zip(bed_hours, wake_hours, strict=True) if b is not None and w is not None]
    if not nights:
        late = [hour for hour in bed_hours if hour is not None and (hour >= 12 or hour < 6)]
        return (
            "evening" if late and min(early) < 12 else None
        )  # from eleven to one: nobody goes to bed around noon and around one
    as_typed = sum(SHORTEST <= (w - b) % 24 <= LONGEST for b, w in nights) / len(nights)
    later = [(_bedtime(b), w % 12) for b, w in nights]
    evenings = sum(SHORTEST <= (w - b) % 24 <= LONGEST for b, w in later) / len(nights)
    if evenings >= MOST and evenings - as_typed >= CLEAR:
        return "evening"
    return "24" if as_typed >= MOST and as_typed - evenings >= CLEAR else None


@lru_cache(1 << 12)  # the times of a large table are few
def typed_hours(cell: str) -> float | None:
    """Give the hours of an unmarked time; None for what is none."""
    found = PLAIN.fullmatch(cell)
    return int(found["hour"]) + int(found["minute"] or found["part"] or found["bare"] or 0) / 60 if found else None


def evening_hour(hours: float, name: str) -> float | None:
    """Put a time on a clock of twelve hours on that of the day; None where it may be either half.

    Going to bed is in the evening or after midnight; so is the last coffee or the end of exercise from noon to six.
    """
    if name == BED:
        return _bedtime(hours)
    if name == WAKE:
        return hours % 12
    return hours if hours >= 12 else hours + 12 if hours < 6.5 else None


def _bedtime(hours: float) -> float:
    """Put a bedtime of a clock of twelve hours on that of the day.

    >>> _bedtime(11.25), _bedtime(12.0), _bedtime(1.0)
    (23.25, 0.0, 1.0)
    """
    return hours % 12 if hours >= 12 or hours < 6 else hours + 12


class NightClock:
    """Reads the unmarked times of a table by its nights."""

    def __init__(self, text: TextTable, model: type[Table]) -> None:
        self._text, self._facts = text, columns(model)
        self._read: dict[tuple[str, str, float, Times | None], Suggestion | None] = {}

    def _cells(self, name: str) -> list[str]:
        if name not in self._text.header:
            return [""] * self._text.frame.height
        # Of a large table, the rows that were kept: an unmarked time is no number, so that every row with one is there.
        return [(cell or "").strip() for cell in self._text.frame[:, self._text.header.index(name)]]

    @cached_property
    def _face(self) -> str | None:
        clocks = [
            name for name, column in self._facts.items() if column.unit == "clock h" and name in self._text.header
        ]
        others = [cell for name in clocks if name not in {BED, WAKE} for cell in self._cells(name)]
        return face(self._beds, self._cells(WAKE), others)

    @cached_property
    def _beds(self) -> list[str]:
        return self._cells(BED)

    def bed(self, row: int) -> float | None:
        """Give when the person of a row went to bed, in hours of the diary day; None where nothing tells."""
        return self._bed(self._beds[row])

    def _bed(self, cell: str) -> float | None:
        column, hours = self._facts[BED], typed_hours(cell)
        if hours is None:
            number = float(cell.replace(",", ".")) if NUMBER.fullmatch(cell) else None
            return number if number is not None and (column.low or 0) <= number <= (column.high or 48) else None
        if hours >= 13 or hours < 1:
            return _in_range([hours, hours + 24], column)
        if self._face is None:
            return None
        hours = hours if self._face == "24" else _bedtime(hours)
        return _in_range([hours, hours + 24], column)

    def suggestion(self, row: int, column: Column, typed: str, times: Times | None = None) -> Suggestion | None:
        """Read an unmarked time of a row; None where it is none, or may still be two hours.

        What `times` says of the part after a point is taken of `6.45`; `7.00` is seven o'clock either way.
        """
        hours = typed_hours(typed.strip())
        if hours is None and column.name == WAKE:
            hours = _pointed(typed.strip(), times)
        if hours is None or hours >= 13 or column.name not in {BED, WAKE} or BED not in self._text.header:
            return None
        night = (self._beds[row], column.name, hours, times)
        if night not in self._read:
            self._read[night] = self._suggestion(self._bed(self._beds[row]), hours, column, times)
        return self._read[night]

    def _suggestion(self, bed: float | None, hours: float, column: Column, times: Times | None) -> Suggestion | None:
        found = bed if column.name == BED else self._wake(bed, hours, column)
        read = None if found is None else quarters([found], column)
        return read._replace(certain=True) if read and times == "decimal" else read  # as the person says

    def _wake(self, bed: float | None, hours: float, column: Column) -> float | None:
        if bed is None:
            return None
        low, high = column.low or 0, column.high or 48
        fitting = [
            h for h in (hours, hours + 12, hours + 24, hours + 36) if low <= h <= high and 0 < h - bed <= POSSIBLE
        ]
        if self._face is None:
            return fitting[0] if len(fitting) == 1 else None
        as_typed = hours if self._face == "24" else hours % 12
        return next((h for h in fitting if abs(h % 24 - as_typed) < 0.01), None)


def _pointed(typed: str, times: Times | None) -> float | None:
    """Give the hours of `6.45` as minutes or as hundredths; of `7.00`, which is the same in both."""
    if not NUMBER.fullmatch(typed) or (typed.isdecimal() and times is None):  # 7 may be of the evening
        return None
    number = float(typed.replace(",", "."))
    if number.is_integer() or times == "decimal":
        return number
    return typed_hours(as_minutes(typed) or "") if times == "minutes" else None


def _in_range(hours: list[float], column: Column) -> float | None:
    return next((h for h in hours if (column.low or 0) <= h <= (column.high or 48)), None)
