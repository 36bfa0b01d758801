"""What a table leaves open: times, marks and dates that can be read in two ways, and which one its own cells prove."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What a map may answer, by the question.
WAYS = {
    "clock": ("24", "evening"),
    "times": ("minutes", "decimal"),
    "marks": ("thousands", "decimals"),
    "dates": ("day", "month"),
    "short": ("minutes", "hours"),
    "small": ("as typed", "hours"),
    "long": ("minutes", "seconds"),
    "sheets": ("nights", "people"),
    "beer": ("330 ml", "500 ml"),
    "dash": ("none", "unknown"),
    "not_asked": ("yes", "no"),
}
POINTED = re.compile(r"\d{1,2}[.,](?P<part>\d{1,2})")
SHOWN = 3  # rows by which a reading is shown


class Question(NamedTuple):
    """One thing that is left open: the key of its answer in a map, what is asked, and what each answer makes of rows.

    `ways` has three rows of each reading at most, as `row 2: 20.5`.
    """

    key: str
    asks: str
    ways: Mapping[str, Sequence[str]]

    def lines(self) -> list[str]:
        """Say the question, each reading with its rows, and where the answer is kept."""
        told = [f'  {self.key} = "{way}": {", ".join(rows)}' for way, rows in self.ways.items()]
        answer = "under [readings] in a map (--map MAP.toml)"
        if not self.key:  # which of several columns
            told = [f"  {way}: {', '.join(rows)}" for way, rows in self.ways.items()]
            answer = 'by typing "" next to the other\'s name in a map (--map MAP.toml)'
        return [
            f"question: {self.asks}",
            *told,
            f"  until it is answered these cells are left blank; answer it {answer}",
        ]


def times(cells: Iterable[str]) -> str | None:
    """Tell whether the part after the mark of times such as 23.30 is minutes or a part of an hour; None if neither.

    Only quarters of an hour have .25 and .75, and only minutes .10, .15, .30 or .45. A .5 next to a .3 proves nothing:
    a spreadsheet makes .5 of .50, which may be minutes too.

    >>> times(["23.30", "22.45", "7.00"]), times(["23.25", "22.5"]), times(["23.15", "22.75"]), times(["23.00"])
    ('minutes', 'decimal', None, 'decimal')
    >>> times(["23.5", "22.3"]), times(["23.75", "22.3"])
    (None, 'decimal')
    """
    parts = [found["part"] for cell in cells if (found := POINTED.fullmatch(cell))]
    minutes = any(len(part) == 2 and int(part) < 60 and int(part) % 25 for part in parts)
    proven = any(part in {"25", "75"} or int(part.ljust(2, "0")) >= 60 for part in parts)
    tenths = any(part in {"1", "2", "3", "4"} for part in parts)  # of 23.30 a spreadsheet makes 23.3
    if minutes and not proven and "5" not in parts:
        return "minutes"
    return None if minutes or (tenths and not proven) else "decimal"


def as_time(cell: str) -> str:
    """Write a time with a point as a clock does: 23.30 and 23.3 are 23:30.

    >>> as_time("23.3"), as_time("7,05")
    ('23:30', '7:05')
    """
    hour, _, part = cell.replace(",", ".").partition(".")
    return f"{hour}:{part.ljust(2, '0')}"
