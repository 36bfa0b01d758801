"""One suggestion: what to type instead of a cell, and whether anything else can have been meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hypnic.schemas import Column

UNITS = {
    "min": ("min", "mins", "minute", "minutes", "m"),
    "h": ("h", "hr", "hrs", "hour", "hours", "std"),
    "mg": ("mg", "milligram", "milligrams"),
    "g": ("g", "gram", "grams", "g ethanol"),
    "times": ("x", "time", "times"),
    "nights": ("night", "nights"),
    "points": ("point", "points", "/10", "/ 10", "out of 10"),
    "jerks": ("jerk", "jerks"),
    "days": ("day", "days"),
}


class Suggestion(NamedTuple):
    """What to type instead; `certain` where nothing else can have been meant, so that a program may type it."""

    text: str
    certain: bool = True
    remark: str = ""


def stands(value: float, column: Column) -> bool:
    """Tell whether a number may stand in a column: a code, or in its range and on its steps."""
    if value in column.codes:
        return True
    low, high, step = column.low, column.high, column.step
    inside = (low is None or value >= low) and (high is None or value <= high)
    return inside and (not step or round(value / step, 6) % 1 == 0)


def unit_of(column: Column) -> str:
    """Give the unit of a column in a word: `min`, `mg`, `clock`."""
    return re.split("[/ ]", column.unit, maxsplit=1)[0]
