"""Names of weekdays and of months, in the languages of the headers: data, and the one day or month that each means."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.layouts import word_lists
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEK = 7
YEAR = 12  # months
SHEET = re.compile(  # February, Feb 2025, Feb. '25, 2025 February, 2025-02, 02/2025
    r"(?:(?P<word>[a-z]{3,10})\.?|(?P<number>\d{1,2})(?=[-./ ]\d{4}))(?:[-./ _']{0,2}(?P<year>\d{4}|\d{2}))?"
    r"|(?P<first>\d{4})[-./ _]{1,2}(?:(?P<then>[a-z]{3,10})\.?|(?P<digits>\d{1,2}))"
)


class Month(NamedTuple):
    """A month; its year is 0 where none was written."""

    year: int
    month: int


@cache
def _listed(key: str) -> Mapping[str, int]:
    """Give the place, from 1, of every name of one kind; a name of two days is left out."""
    facts = word_lists("calendar")[key]
    places: dict[str, set[int]] = {}
    for place, names in enumerate(facts.values(), 1):
        for name in names:
            places.setdefault(fold(name), set()).add(place)
    return {name: min(found) for name, found in places.items() if len(found) == 1}


def weekday(cell: str) -> int | None:
    """Give the place of a weekday in the week, Monday's is 1, that of a night by its evening; None for what is none.

    >>> weekday("Tue"), weekday("Mittwoch"), weekday("sáb."), weekday("Sun/Mon"), weekday("Mon/Thu"), weekday("night")
    (2, 3, 6, 7, None, None)
    """
    whole = fold(cell).strip(" .,")
    if whole in _listed("weekdays"):
        return _listed("weekdays")[whole]
    both = [_listed("weekdays").get(part.strip(" .,")) for part in re.split(r"/|-|\u2013| to | auf ", whole)]
    evening, morning = both if len(both) == 2 else (None, None)
    return evening if evening and morning == evening % WEEK + 1 else None


def weekdays_cut(text: str) -> str:
    """Give a folded text without the weekday that it begins or ends with; blank where there is none.

    >>> weekdays_cut("mon 2/3"), weekdays_cut("2/3 (mon)"), weekdays_cut("2/3")
    ('2/3', '2/3', '')
    """
    first, _, rest = text.partition(" ")
    before, _, last = text.rpartition(" ")
    return rest.strip(" ,") if weekday(first) else before.strip(" ,") if weekday(last.strip("()")) else ""


def month(word: str) -> int | None:
    """Give the number of a month by its name or its short name; None for what is none.

    >>> month("March"), month("Mrz"), month("fevr"), month("Maria")
    (3, 3, 2, None)
    """
    return _listed("months").get(fold(word).strip(" ."))


def month_of(sheet: str) -> Month | None:
    """Read the month that a sheet is called after.

    >>> month_of("Feb 2025"), month_of("März"), month_of("2025-03"), month_of("Sheet1")
    (Month(year=2025, month=2), Month(year=0, month=3), Month(year=2025, month=3), None)
    """
    found = SHEET.fullmatch(" ".join(fold(sheet).split()))
    if not found:
        return None
    name, digits = found["word"] or found["then"], found["number"] or found["digits"]
    number = month(name) if name else int(digits)
    year = int(found["year"] or found["first"] or 0)
    return Month(year + 2000 * (0 < year < 100), number) if number and number <= YEAR else None
