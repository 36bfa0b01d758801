"""What a conversion says of itself: by places, and never a cell or a private name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.matching import is_private, place_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hypnic.datasets.transcribing import Transcriber

SHOWN = 48  # characters of a foreign header that are printed
ROWS = 10  # rows that are named where a cell could not be read


def left_out(lost: Mapping[str, int]) -> Iterator[str]:
    """Say how many rows were left out, and why."""
    yield from (f"left out: {_rows(count)} {why}" for why, count in lost.items() if count)


def matched(reader: Transcriber) -> Iterator[str]:
    """Say which column is which, what was computed from drinks by whose table, and how codes were read."""
    found = reader.found
    where = {name: [place] for name, place in found.answers.items()} | {n: list(p) for n, p in found.ticks.items()}
    yield f"matched: {', '.join(f'{name} ({_places(where[name])})' for name in found.facts if name in where)}"
    for name, drinks in found.drinks.items():
        if name in found.computable:
            sources = ", ".join(sorted({re.split(r",| \(", unit.source)[0] for unit in drinks.values()}))
            units = ", ".join(f"{unit.name} of {unit.ml:g} ml" for unit in drinks.values())
            yield f"computed: {name} from {units} ({sources})"
        else:
            yield f"not computed: {name}; it is there already, or not every drink is counted after 14:00"
    for name, stand_for in reader.codes.items():
        cells = {row[found.answers[name]] for row in reader.export.rows} - set(found.facts[name].words)
        if stand_for and any(re.fullmatch(reader.profile.code, cell) for cell in cells):
            yield f"codes: {name}: {', '.join(f'{code} = {word}' for code, word in stand_for.items())}"


def filled(routed: Mapping[str, int]) -> Iterator[str]:
    """Say where -7 was filled in."""
    yield from (f"filled: -7 (not asked) in {_rows(count)} of {name}" for name, count in routed.items() if count)


def not_read(reader: Transcriber) -> Iterator[str]:
    """Say which cells could not be read, and what to type there."""
    for name, rows in reader.unread.items():
        more = f" and {len(rows) - ROWS} more" if len(rows) > ROWS else ""
        hint = reader.found.facts[name].hint if name in reader.found.facts else ""
        yield f"not read, left blank: {name} in row {', '.join(map(str, rows[:ROWS]))}{more}; {hint}"


def dropped(reader: Transcriber) -> Iterator[str]:
    """Say which columns were dropped: by place, and by name only where the name tells nobody anything private."""
    found = reader.found
    if found.dropped:
        yield f"dropped, as the tool's own or private: {_places(found.dropped)}"
    if found.repeats:
        yield f"dropped, as the same answers again: {_places(found.repeats)}"
    if found.elsewhere:
        yield f"left for the other table (--table): {_places(found.elsewhere)}"
    for place, near in found.unmatched.items():
        head = reader.export.headers[place][0]
        shown = "" if is_private(head) else f' "{head[:SHOWN]}"'
        hint = f"; rename it to {near} if it is that" if near else ""
        yield f"dropped, as no question of {found.table}: {place_name(place)}{shown}{hint}"


def _places(places: Iterable[int]) -> str:
    return ", ".join(place_name(place) for place in places)


def _rows(count: int) -> str:
    return f"{count} row{'s' if count != 1 else ''}"
