"""The time of falling asleep next to the bedtime: what lies between them is how long it took."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.checking.nightclocks import BED
from hypnic.datasets.forms.clocks import LAST
from hypnic.datasets.forms.hours import clock
from hypnic.datasets.forms.layouts import normalised, word_lists
from hypnic.datasets.reading.references import letters

if TYPE_CHECKING:
    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching

LATENCY = "sol_min"
LONGEST = 300  # minutes: more, and one of the two times is another


def latency_between(export: Export, found: Matching) -> tuple[Export, list[str]]:
    """Turn times of falling asleep into minutes after the bedtime, where no column counts these.

    Halves of the day may be left unsaid, since a night's two times lie close. A time that cannot be read, or that is
    hours away, stays as it is and is told.
    """
    beds = found.answers.get(BED, [])
    open_ = [place for place in range(len(export.headers)) if place in found.unmatched or place in found.doubtful]
    places = [
        place
        for place in [*found.answers.get(LATENCY, []), *open_]
        if normalised(export.headers[place][0]) in _onset() and _times(export, place)
    ]
    counted = {*found.answers.get(LATENCY, ())} - {*places}
    if LATENCY not in found.facts or counted or len(beds) != 1 or len(places) != 1:
        return export, []
    (bed,), (place,) = beds, places
    rows = tuple((*row[:place], _minutes(row[bed], row[place]), *row[place + 1 :]) for row in export.rows)
    found.answers[LATENCY] = [place]
    for told in (found.unmatched, found.doubtful):
        told.pop(place, None)
    return replace(export, rows=rows), [f"{LATENCY}: the minutes from {letters(bed)} to {letters(place)}"]


def _times(export: Export, place: int) -> bool:
    """Tell whether times of day stand in a column, and not minutes."""
    cells = [row[place] for row in export.rows if row[place]]
    return bool(cells) and 2 * sum(":" in cell and clock(cell, last=LAST) is not None for cell in cells) > len(cells)


def _minutes(bed: str, asleep: str) -> str:
    """Give the minutes from one time to another; the cell as it is where they cannot be told.

    >>> _minutes("23:30", "0:10"), _minutes("11:30", "11:50 pm"), _minutes("23:30", "7:00"), _minutes("", "23:00")
    ('40', '20', '7:00', '23:00')
    """
    start, end = clock(bed, last=LAST), clock(asleep, last=LAST)
    if start is None or end is None:
        return asleep
    minutes = round(60 * (end - start)) % 720
    return f"{minutes}" if minutes <= LONGEST else asleep


@cache
def _onset() -> frozenset[str]:
    return frozenset(map(normalised, word_lists("onset")["onset"]))
