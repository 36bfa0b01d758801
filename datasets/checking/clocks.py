"""Times of day as people and spreadsheets write them, read as hours of the diary day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.suggestion import Suggestion
from hypnic.schemas.clocks import time_of_day

if TYPE_CHECKING:
    from hypnic.schemas import Column

PART_OF_A_DAY = re.compile(r"[01]?[.,]\d{2,16}[1-9]")  # .25 and .5 may be hours
SHORT_PART = re.compile(r"[01]?[.,](?:25|50?|75)|1(?:[.,]0+)?")  # of a day, where the rest of the column is
OF_ONE_DAY = re.compile(r"[01]?[.,]\d{1,17}|1")
CODE = r"^-[789]$"
# Excel's and LibreOffice's day 0, and the day after it, which is how a duration past 24 hours is exported.
SERIAL = re.compile(r"(?P<day>1899-12-3[01]|1900-01-0[01])[ t](?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?")
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s?(?::|h|uhr)\s?(?P<minute>[0-5]\d)(?::[0-5]\d)?|\.(?P<part>[0-5]\d)(?=\s?(?:[ap]\.?\s?m|uhr|h))"
    r"|h)?\s*(?:(?P<half>[ap])\.?\s?m\.?)?(?:\s?(?:uhr|hrs?|h))?"
)
UNMARKED = r"^\s*(?:[01]?\d|2[0-3])[0-5]\d\s*$"  # a time typed as 2315 or 0030
BARE = r"^\s*-?\d{1,4}(?:[.,]\d+)?\s*$"
DIGITS = re.compile(r"(?P<hour>[01]\d|2[0-3])(?P<minute>00|15|30|45)\s?h?")
ABOUT = re.compile(r"^(?:~|ca\.?|circa|about|around|approx\.?|vers|gegen|um|at|a las|alle)\s*")
HOURS = {
    word: hour for hour, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1  # noqa: SIM905
    )
}  # fmt: skip
SPOKEN = re.compile(r"(?:(?P<part>half|quarter) (?P<way>past|to) )?(?P<hour>[a-z]+|\d{1,2})(?: o'?clock)?")
NAMED = {"midnight": "0:00", "mitternacht": "0:00", "minuit": "0:00", "medianoche": "0:00", "noon": "12:00"}


def clock(typed: str, column: Column) -> Suggestion | None:
    """Read a time of day: `23:30`, `11:30 pm`, `7h15`, `2330`, `1900-01-01 01:15`, `half past ten`.

    Hours are counted since 00:00 of the diary day, past 24 where the range says so; in every case that a time can be
    that lies in the column's range.

    >>> from hypnic.schemas import Nights, columns
    >>> bed = columns(Nights)["bed_clock_h"]
    >>> [clock(typed, bed).text for typed in ("22 h 30", "1900-01-01 01:15", "2330", "half past ten")]
    ['22.5', '25.25', '23.5', '22.5']
    """
    if serial := SERIAL.fullmatch(typed):
        hour, minutes = map(int, serial["clock"].split(":"))
        later = serial["day"] == "1900-01-01" or serial["day"].endswith("-31")
        hours = [hour + minutes / 60 + 24 * (serial["day"] == "1900-01-01")]
        return options(hours if not later or hours[0] >= 24 else [hour + minutes / 60], column)
    bare = ABOUT.sub("", typed)
    found = _digital(NAMED.get(bare, bare), column) or _spoken(bare, column)
    return found._replace(certain=found.certain and bare == typed) if found else None


def _digital(typed: str, column: Column) -> Suggestion | None:
    match = CLOCK.fullmatch(typed) or DIGITS.fullmatch(typed)
    said = match.groupdict() if match else {}
    minute = said.get("minute") or said.get("part")
    half = said.get("half")
    if not match or not (half or minute is not None or typed.endswith(("h", "uhr"))):
        return None
    hour, minutes = int(said["hour"]), int(minute or 0)
    if hour > (12 if half else 36) or (half and not hour):
        return None
    if half:
        return options([(hour % 12 + (12 if half == "p" else 0)) + minutes / 60], column)
    if said["hour"][0] == "0" or hour >= 13 or not column.low or column.low == 0:
        return options([hour + minutes / 60], column)
    return options([hour + minutes / 60, (hour + 12) % 24 + minutes / 60], column)


def _spoken(typed: str, column: Column) -> Suggestion | None:
    """Read `half past ten`, `quarter to eleven`, `ten o'clock`: of the morning or of the evening."""
    match = SPOKEN.fullmatch(typed)
    if not match or not (match["part"] or "clock" in typed):
        return None
    hour = HOURS.get(match["hour"]) or (int(match["hour"]) if match["hour"].isdecimal() else 0)
    if not 1 <= hour <= 12:
        return None
    minutes = {"half": 30, "quarter": 15}.get(match["part"] or "", 0) * (-1 if match["way"] == "to" else 1)
    hours = (hour % 12) + minutes / 60
    found = options([hours % 24, hours + 12], column)
    return found._replace(certain=False) if found else None


def part_of_a_day(typed: str, column: Column, *, short: bool = False) -> Suggestion | None:
    """Read what a spreadsheet keeps of a time: 0.96875 of a day is 23:15, 1.291666667 is 07:00 of the next.

    `short` ones such as .5 are parts of a day only where the rest of their column is.
    """
    if not (OF_ONE_DAY if short else PART_OF_A_DAY).fullmatch(typed):
        return None
    minutes = float(typed.replace(",", ".")) * 24 * 60
    return options([round(minutes) / 60], column) if short or abs(minutes - round(minutes)) < 0.01 else None


def in_parts_of_a_day(cells: pl.Series) -> bool:
    """Tell whether a column of clock times holds parts of a day: none is an hour, and one at least is no quarter.

    >>> import polars as pl
    >>> in_parts_of_a_day(pl.Series(["0.5", "0.666666667", "-7"])), in_parts_of_a_day(pl.Series(["0.5", "15.25"]))
    (True, False)
    """
    typed = cells.drop_nulls().str.strip_chars()
    typed = typed.filter(~typed.str.contains(CODE))
    number = typed.str.replace(",", ".", literal=True).cast(float, strict=False)
    if not typed.len() or number.null_count() or not number.is_between(0, 2, closed="none").all():
        return False
    return typed.str.contains(f"^(?:{PART_OF_A_DAY.pattern})$").any() or typed.n_unique() >= 3


class Unmarked(NamedTuple):
    """Of the times of a column: how many are typed without a mark, as 2315, and how many are numbers at all."""

    digits: int
    numbers: int

    def __bool__(self) -> bool:
        """Whether the column holds hours and minutes without a mark: a quarter of its numbers or more, codes too.

        Fewer are slips among hours. As many are none, and then 15 may be a quarter past midnight.

        >>> bool(Unmarked(1, 4)), bool(Unmarked(1, 5)), bool(Unmarked(0, 0))
        (True, False, False)
        """
        return self.digits > 0 and self.numbers <= 4 * self.digits


def unmarked(cells: pl.Expr) -> dict[str, pl.Expr]:
    """Give how to count a column's times for `Unmarked`."""
    return {"digits": cells.str.contains(UNMARKED).sum(), "numbers": cells.str.contains(BARE).sum()}


def in_digits(cells: pl.Series) -> Unmarked:
    """Count the times of a column that are typed without a mark.

    >>> import polars as pl
    >>> in_digits(pl.Series(["2315", "30", "-8", "23:15"])), bool(in_digits(pl.Series(["2315", "30"])))
    (Unmarked(digits=1, numbers=3), True)
    """
    return Unmarked(*cells.to_frame("cells").select(**unmarked(pl.col("cells"))).row(0))


def digits(typed: str, column: Column) -> Suggestion | None:
    """Read a cell of a column of hours and minutes without a mark: 30 is half past midnight, 700 is seven o'clock.

    Of 1 to 24 nobody can tell whether they are minutes past midnight or hours, but nobody goes to bed from 13 to 17.
    """
    if not typed.isdecimal() or len(typed) > 4:
        return None
    hours, minutes = divmod(int(typed), 100)
    if len(typed) > 3 or hours:
        return _digital(f"{hours:02}:{minutes:02}" if len(typed) > 3 else f"{hours}:{minutes:02}", column)
    perhaps = 0 < minutes <= 24 and len(typed) < 3 and not (column.name == "bed_clock_h" and 13 <= minutes <= 17)
    return options([minutes / 60, *([minutes] if perhaps else [])], column) if minutes < 60 else None


def short_part(cell: str) -> bool:
    """Tell whether a cell could be an hour as well as a part of a day: .25, .5, .75 and 1."""
    return SHORT_PART.fullmatch(cell.strip()) is not None


def hour(value: float, column: Column) -> Suggestion | None:
    """Read a bare number: an hour off the column's steps, else one of a clock that starts again at 24 or at 12."""
    if (column.low or 0) <= value <= (column.high or 0):
        return quarters([value], column)
    return options([value, value + 12] if value < 12 else [value], column)


def options(hours: list[float], column: Column) -> Suggestion | None:
    """Give the one hour that lies in the column's range today or tomorrow; several, where they do, for a person."""
    low, high = column.low or 0, column.high or 0
    fitting = sorted({h + day for h in hours for day in (0, 24) if low <= h + day <= high})
    if low == 0 and len(fitting) > 1 and fitting[0] >= 6:
        del fitting[1:]  # half past ten in the morning is the diary day's, half past midnight may be either's
    return quarters(sorted(fitting, key=lambda h: abs(h - (low + high) / 2)), column)


def quarters(hours: list[float], column: Column) -> Suggestion | None:
    """Give hours on the column's steps, each with the time that it is; the likeliest, mid-range, comes first."""
    step = column.step or 0.25
    steps = list(dict.fromkeys(round(h / step) * step for h in hours))
    if not steps:
        return None
    exact = all(h in steps for h in hours)
    texts = [f"{h:.1f}" if (h * 10).is_integer() else f"{h:.2f}" for h in steps]
    first, *others = (f"{text} for {time_of_day(h)}" for text, h in zip(texts, steps, strict=True))
    remark = "".join([first.removeprefix(texts[0]), *(f", or {other}" for other in others)])
    remark += "" if exact else ", the nearest quarter of an hour"
    remark += ": clock hours run on past 24" if max(steps) >= 24 else ""
    return Suggestion(texts[0], exact and len(steps) == 1, remark)
