"""Drinks that an export of both tables counts: those of a night, or those of a usual day or week."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching

USUAL = re.compile(  # a usual day, or a week
    r"usual|typical|normal|average|habit|week\b|weekly|gewohnlich|ublich|normalerweise|durchschnitt|woche"
    r"|d habitude|semaine|semana|generalmente|di solito|settimana|meestal|gewoonlijk|per dag"
)


def part_drinks(known: Mapping[str, Matching], export: Export) -> None:
    """Leave each column that counts a drink to one table alone, where an export has answers of both.

    It is the table whose answers stand in the same rows; where both do, titles that say `usual` are those of people,
    and the others are those of nights.
    """
    people, nights = known["participants"], known["nights"]
    rows = {name: _rows(export, _answers(found)) for name, found in known.items()}
    if not all(rows.values()):
        return
    shared = [place for place in range(len(export.headers)) if all(place in _counted(one) for one in known.values())]
    usual = {place for place in shared if any(USUAL.search(_said(head)) for head in export.headers[place])}
    for place in shared:
        filled = _rows(export, [place])
        of_people, of_nights = (len(filled & rows[one.table]) for one in (people, nights))
        if of_people == of_nights and not usual:
            continue
        theirs = of_people > of_nights if of_people != of_nights else place in usual
        _take_out(nights if theirs else people, place)


def _answers(found: Matching) -> list[int]:
    """Give where the answers of a table stand, its keys and numbers left out."""
    named = {name: places for name, places in found.answers.items() if name not in {"participant_id", "night_index"}}
    return [place for several in (*named.values(), *found.ticks.values()) for place in several]


def _counted(found: Matching) -> set[int]:
    return {place for drinks in found.drinks.values() for place in drinks} | {*found.unmatched_drinks}


def _rows(export: Export, places: Iterable[int]) -> set[int]:
    """Give the rows with an answer in one of some columns."""
    several = list(places)
    return {number for number, row in enumerate(export.rows) if any(row[place] for place in several)}


def _take_out(found: Matching, place: int) -> None:
    """Leave a column to the other table."""
    for name in [*found.drinks]:
        found.drinks[name].pop(place, None)
        if not found.drinks[name]:
            found.drinks.pop(name)
    found.unmatched_drinks.pop(place, None)
    found.unmatched[place] = None


def _said(head: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", fold(head)))
