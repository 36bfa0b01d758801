"""A column that asks whether, and one that asks how many: `Jerks?` with yes and no, and `How many` next to it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.forms.answers import NO, YES
from hypnic.datasets.forms.layouts import normalised, word_lists
from hypnic.datasets.reading.references import letters

if TYPE_CHECKING:
    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching
    from hypnic.schemas import Column


def counted_after(export: Export, found: Matching) -> tuple[Export, list[str]]:
    """Take a number from the column that asks how many; where the one that asks whether says no, it is 0.

    What the two say against each other, and a yes without a number, is left for the person.
    """
    said = []
    for name in [*found.answers, *found.doubtful.values()]:
        facts = found.facts[name]
        if facts.kind in {"integer", "number"} and facts.unit not in {"clock h", "points"} and facts.low == 0:
            for gate, count in _pairs(export, found, name):
                export = replace(export, rows=tuple(_joined(row, gate, count) for row in export.rows))
                found.answers[name] = [count]
                found.own.append(gate)
                for places in (found.unmatched, found.doubtful):
                    places.pop(gate, None)
                    places.pop(count, None)
                said.append(f"{name}: {letters(count)} says how many, and {letters(gate)} where there were none")
    return export, said


def _pairs(export: Export, found: Matching, name: str) -> list[tuple[int, int]]:
    """Give the column that asks whether and the one that asks how many, if there is one of each."""
    places = {*found.answers.get(name, ()), *(place for place, held in found.doubtful.items() if held == name)}
    gates = [place for place in places if _yes_or_no(export, place)]
    after = [gate + 1 for gate in gates if gate + 1 in found.unmatched and _asks(export, gate + 1, found.facts[name])]
    counts = [place for place in found.answers.get(name, ()) if place not in gates] or after
    return [(gates[0], counts[0])] if len(gates) == len(counts) == 1 else []


def _yes_or_no(export: Export, place: int) -> bool:
    said = {normalised(row[place]) for row in export.rows if row[place]}
    return bool(said & YES) and said <= YES | NO


def _asks(export: Export, place: int, facts: Column) -> bool:
    """Tell whether a header asks how many, or of minutes how long, or of drinks which."""
    kind = {"min": "long", "mg": "what", "g": "what"}.get(facts.unit.split(" ")[0], "many")
    return normalised(export.headers[place][0]) in _asked(kind)


@cache
def _asked(kind: str) -> frozenset[str]:
    return frozenset(map(normalised, word_lists("many")[kind]))


def _joined(row: tuple[str, ...], gate: int, count: int) -> tuple[str, ...]:
    """Fill in 0 after a no; where the two do not go together, give both, which is no number."""
    whether, many = normalised(row[gate]), row[count]
    some = many.strip("0., ") != ""
    if whether in NO and not many:
        many = "0"
    elif (whether in NO and some) or (whether in YES and not some):
        many = f"{row[gate]} {many}".strip()
    return (*row[:count], many, *row[count + 1 :])
