"""Columns next to each other that are nights, as of `bedtime_1`, `bedtime_2`, or that are no part of the table."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.synonyms import key_names
from hypnic.datasets.forms.wording import bare
from hypnic.datasets.reading.references import letters
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from hypnic.datasets.forms.synonyms import Names

WORDS = "night|day|nacht|tag|nuit|jour|noche|dia|d\u00eda|dag|notte|giorno|noite"
NUMBERED = re.compile(rf"(?P<stem>.*?\D)[\s_.\-]*(?:(?:{WORDS}|n|d)[\s_.\-]*)?(?P<night>\d{{1,2}})", re.IGNORECASE)
LEADING = re.compile(rf"(?:{WORDS}|n|d)[\s_.#\-]*(?P<night>\d{{1,2}})[\s_.:\-]+(?P<stem>\D.*)", re.IGNORECASE)
Cells = tuple[tuple[str, ...], ...]
WEEK = re.compile(r"(?:week|wk|woche|kw|semaine|semana|settimana|tydzien)\W*\d{1,2}\b.{0,30}")
LEAST = 2  # names that two tables share


class Night(NamedTuple):
    """The name of a column and the night that stands before or after it."""

    stem: str
    night: int


def night_in(head: str) -> Night | None:
    """Cut the number of a night off a header; None where it has none.

    >>> night_in("bedtime_3"), night_in("Night 2 Bedtime"), night_in("Bedtime")
    (Night(stem='bedtime', night=3), Night(stem='Bedtime', night=2), None)
    """
    found = LEADING.fullmatch(head) or NUMBERED.fullmatch(head)
    return Night(found["stem"].strip(" _.-:"), int(found["night"])) if found else None


class Long(NamedTuple):
    """A table with a row a night: its headers and rows, and what was done to it."""

    heads: tuple[str, ...]
    rows: Cells
    said: tuple[str, ...]


def as_long(columns: tuple[str, ...], cells: Cells, names: Names) -> Long:
    """Make a row a night of a row a person, as of `bedtime_1`, `bedtime_2`; unchanged where no names are numbered."""
    wide: dict[int, dict[str, int]] = {}
    for place, head in enumerate(columns):
        found = night_in(head)
        if found and not bare(head, names.every) and bare(found.stem, names.columns):
            wide.setdefault(found.night, {})[found.stem] = place
    stems = list(dict.fromkeys(stem for places in wide.values() for stem in places))
    if len(wide) < 2 or not stems:
        return Long(columns, cells, ())
    taken = {place for places in wide.values() for place in places.values()}
    others = [place for place in range(len(columns)) if place not in taken]
    rows = [
        (*(row[place] for place in others), str(night), *(row[places[s]] if s in places else "" for s in stems))
        for row in cells
        for night, places in sorted(wide.items())
        if any(row[place] for place in places.values())
    ]
    heads = (*(columns[place] for place in others), "night", *stems)
    side = f"{len(wide)} nights side by side in a row: rows below count nights, person by person"
    return Long(heads, tuple(rows), (side,))


def parted(cells: Cells, at: int, names: Names) -> tuple[Cells, tuple[str, ...] | None]:
    """Blank what stands right of the table, behind an empty column, and say so; None where that is a table like it.

    What has a name over each column may be more of the table's answers: it stays.
    """
    width = len(cells[at]) if cells else 0
    empty = [place for place in range(1, width) if not any(row[place] for row in cells[at:])]
    known = [bare(head, names.every) for head in cells[at]] if cells else []
    for gap in empty:
        left, right = ({*side} - {""} for side in (known[:gap], known[gap:]))
        if len(left & right) >= LEAST and left & right - key_names():
            return cells, None
        filled = [place for place in range(gap, width) if any(row[place] for row in cells[at:])]
        if len(left) >= LEAST and not right and not all(cells[at][place] for place in filled):
            alone = tuple((*row[:gap], *("" for _ in row[gap:])) if n >= at else row for n, row in enumerate(cells))
            return alone, (f"left out: columns {letters(gap + 1)} to {letters(width - 1)}, next to the table",)
    return cells, ()


def one_block(cells: Cells, at: int, names: Names, *, sure: bool = True) -> Cells | None:
    """Put blocks of the same columns after each other: the weeks of a turned table, or a card a night.

    The column before a block's answers that is filled on each row says which day or night it is. None where there is
    no such column, the blocks differ, or it is not `sure` that they follow: a name stands by them, or no week above.
    """
    known = [bare(head, names.every) for head in cells[at]]
    starts = [0]
    for place, name in enumerate(known):
        if name and name in known[starts[-1] : place]:
            starts.append(max(n for n in range(starts[-1], place) if known[n]) + 1)
    spans = [range(start, end) for start, end in pairwise([*starts, len(known)])]
    blocks = [{known[place]: place for place in span if known[place] in names.columns} for span in spans]
    if len(blocks) < LEAST or not blocks[0] or any(block.keys() != blocks[0].keys() for block in blocks):
        return None
    weeks = [any(WEEK.fullmatch(fold(row[place])) for row in cells[:at] for place in span) for span in spans]
    days = [_day(cells, at, span.start, min(block.values())) for span, block in zip(spans, blocks, strict=True)]
    titles = [cells[at][place] for span in spans for place in span if not known[place]]
    named = any(title and not re.search(r"\d", title) for title in titles)  # Anna, Ben: a person each
    if None in days or (named if sure else not all(weeks)):
        return None
    first = cells[at][days[0] or 0]
    heads = (first if bare(first, names.every) else "day", *(cells[at][place] for place in blocks[0].values()))
    rows = [
        (row[day or 0], *(row[block[name]] for name in blocks[0]))
        for block, day in zip(blocks, days, strict=True)
        for row in cells[at + 1 :]
        if any(row[place] for place in block.values())
    ]
    return (heads, *rows)


def _day(cells: Cells, at: int, start: int, first: int) -> int | None:
    """Give the column before the answers of a block that has something on every row."""
    filled = [place for place in range(start, first) if all(row[place] for row in cells[at + 1 :] if any(row))]
    return filled[-1] if filled else None
