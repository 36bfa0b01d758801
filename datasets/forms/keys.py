"""Which private column of a person's own table tells people apart, and which one only counts its rows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypnic.datasets.checking.failures import letters
from hypnic.datasets.forms.people import persons
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching

DIGITS = 10  # of a number that counts rows
LEAST = 3  # rows that show it


def person_of(export: Export, found: Matching) -> list[int]:
    """Give the private column by which people are told apart; raise HypnicError where that cannot be known.

    Participants have a row each, so two rows of one name are two people.
    """
    sure, perhaps = persons(export, found)
    if found.table == "participants":
        return [place for place in sure if len({row[place].casefold() for row in export.rows}) == len(export.rows)][:1]
    several = len(sure) > 1 and not any(_tells_all(export, place, sure) for place in sure)
    if several or (perhaps and not sure):
        places = ", ".join(letters(place) for place in (sure if several else perhaps))
        message = (
            f"{export.name}: {places} may tell people apart, and nothing else does; run it with --map MAP.toml, and"
            ' type there "respondent_id" next to the name of the column that does, or "" next to one that does not'
        )
        raise HypnicError(message)
    return [place for place in sure if _tells_all(export, place, sure)][:1]


def counters(export: Export, found: Matching) -> list[int]:
    """Give the columns of a diary that are called as people are and count its rows: 1, 2, 3 or 101, 102, 103."""
    if found.table != "nights":
        return []
    counting = []
    for place in found.keys:
        cells = [row[place].removesuffix(".0") for row in export.rows if any(row)]
        numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdecimal() and len(cell) < DIGITS]
        steps = {later - before for before, later in pairwise(numbers)}
        if len(cells) >= LEAST and len(numbers) == len(cells) and steps in ({1}, {-1}):
            counting.append(place)
    return counting


def _tells_all(export: Export, place: int, several: Sequence[int]) -> bool:
    """Tell whether a column tells apart whom several tell apart together."""
    return len({row[place].casefold() for row in export.rows if any(row)}) == len(
        {tuple(row[one].casefold() for one in several) for row in export.rows if any(row)}
    )
