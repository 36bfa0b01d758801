"""Which private column of a person's own table tells people apart, and which one only counts its rows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hypnic.datasets.forms.people import persons
from hypnic.datasets.reading.references import letters
from hypnic.datasets.reading.workbooks import MERGED
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


def named_once(export: Export, found: Matching) -> tuple[Export, str]:
    """Write whose a row is next to every row, where a person's name stands once above their rows; say which column.

    Cells that are merged say so themselves; blank ones where each name stands once and rows without one follow it.
    """
    if found.table != "nights":
        return export, ""
    for place in (*found.answers.get("participant_id", ()), *found.keys):
        cells = [MERGED if any(row) and not row[place] else row[place] for row in export.rows if any(row)]
        told = [cell.casefold() for cell in cells if cell != MERGED]
        merged = any(row[place] == MERGED for row in export.rows)
        followed = all(later == MERGED for cell, later in pairwise([*cells, ""]) if cell != MERGED)
        if cells[:1] == [MERGED] or len(told) == len(cells) or not (merged or (followed and len({*told}) == len(told))):
            continue
        above, rows = "", []
        for row in export.rows:
            above = row[place] if row[place] not in {"", MERGED} else above
            rows.append((*row[:place], above, *row[place + 1 :]) if any(row) else row)
        return replace(export, rows=tuple(rows)), letters(place)
    return export, ""


def _tells_all(export: Export, place: int, several: Sequence[int]) -> bool:
    """Tell whether a column tells apart whom several tell apart together."""
    return len({row[place].casefold() for row in export.rows if any(row)}) == len(
        {tuple(row[one].casefold() for one in several) for row in export.rows if any(row)}
    )
