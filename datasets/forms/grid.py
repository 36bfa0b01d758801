"""A person's own spreadsheet as a grid of cells, and the one table in it: where its names stand, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hypnic.datasets.forms.answers import is_answer
from hypnic.datasets.forms.dates import dates_of
from hypnic.datasets.forms.ending import NUMBERS, ended
from hypnic.datasets.forms.heads import cut
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.openings import rows_told
from hypnic.datasets.forms.wide import as_long, night_in, one_block, parted
from hypnic.datasets.forms.wording import bare
from hypnic.datasets.reading.workbooks import MERGED
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.datasets.forms.synonyms import Names
    from hypnic.datasets.reading.dialects import Dialect

Cells = tuple[tuple[str, ...], ...]
SEARCHED = 30  # rows in which the names may stand
UNIT = re.compile(
    r"\(?(?:in )?(?:mg|g|min|mins|minutes?|minuten|h|hours?|stunden|heures|horas|uren|uur|ore|minuti|minutos"
    r"|hh:mm|h:mm|\d\d?[-\u2013/]\d\d?"
    r"|yes/no|y/n|ja/nein|ja/nee|oui/non|s[i\u00ed]/no|s[i\u00ec]/no|sim/n[a\u00e3]o|number|count|anzahl|aantal|n|#|cups?|drinks?|clock|uhr|time|text)?\)?",
    re.IGNORECASE,
)  # fmt: skip
NIGHT = re.compile(r"\D{0,12}(\d{1,2})\D{0,3}")
SAID_NIGHT = re.compile(
    r"(?:night|day|nacht|tag|nuit|jour|noche|d[i\u00ed]a|dag|notte|giorno|noite|n)[\s_.#\-]*(?:nr\.?\s*)?(\d{1,2})",
    re.IGNORECASE,
)
NIGHTS = frozenset(
    {"nightindex", "night", "nacht", "nuit", "noche", "notte", "noite", "tag", "day", "jour", "dia", "dag", "giorno"}
)
UNNAMED = re.compile(r"Unnamed: \d+|index|column \d+", re.IGNORECASE)
LEAST = 2  # names by which a row is known as a header


@dataclass(frozen=True)
class Grid:
    """A table found in a spreadsheet: its headers, its rows from spreadsheet row `first` on, and what to say of it.

    Of several sheets that were joined, `where` says where each row stands; `whole` is false where one was left out.
    `opening` says what its first rows look like.
    """

    heads: tuple[str, ...]
    rows: Cells
    first: int
    dialect: Dialect
    said: tuple[str, ...] = field(default=())
    where: tuple[str, ...] = field(default=())
    whole: bool = True
    opening: tuple[str, ...] = field(default=())


def table_in(path: Path, cells: Cells, dialect: Dialect, names: Names) -> Grid:
    """Find the table in the cells of a sheet; raises HypnicError where it has no row of names."""
    if not cells:
        message = f"{named(path)}: there is nothing in it that can be read as a table; save it as CSV in UTF-8"
        raise HypnicError(message)
    said: tuple[str, ...] = ()
    upright, turned = _best_row(cells, names), _best_row(_turned(cells), names)
    over = len(turned[1]) > len(upright[1])
    if over:
        cells, said = _turned(cells), ("turned: a column of the file is a night, and a row below is one of them",)
        upright = turned
    if blocks := one_block(cells, upright[0], names, sure=over):
        cells, upright = blocks, (0, upright[1])
        said = (*said, "its blocks of the same names are taken as nights that follow each other")
    if over:
        cells = _with_nights(cells, upright[0], names)
    at, known = upright
    cells = _unmerged(cells, at)
    if len(known) < LEAST and _answered(cells[at] if cells else ()):
        message = (
            f"{named(path)}: no row of column names was found, and row {at + 1} holds answers; put a row above the"
            " answers that names each column"
        )
        raise HypnicError(message)
    alone, further = parted(cells, at, names)
    if further is None:
        message = (
            f"{named(path)}: two tables of the same columns stand next to each other; move one to a sheet or a file of"
            " its own"
        )
        raise HypnicError(message)
    grid = _table(alone, at, dialect, (*said, *further), names)
    made = as_long(grid.heads, grid.rows, names)
    opening = rows_told(cells, at, names)
    return replace(grid, heads=made.heads, rows=made.rows, said=(*grid.said, *made.said), opening=opening)


def _unmerged(cells: Cells, at: int) -> Cells:
    """Write a name that is merged over two header rows into the lower one too, and that over several columns once."""
    heads = [*cells[: at + 1]]
    for n, row in enumerate(heads):
        above = heads[n - 1] if n else ("",) * len(row)
        heads[n] = tuple(up if cell == MERGED else cell for cell, up in zip(row, above, strict=True))
    return (*heads, *cells[at + 1 :])


def known_names(cells: Cells, names: Names, *, upright: bool = False) -> set[str]:
    """Give the names of columns in the row, or else the column, with most of them."""
    ways = (cells,) if upright else (cells, _turned(cells))
    return max((_best_row(way, names)[1] for way in ways), key=len)


def _turned(cells: Cells) -> Cells:
    return tuple(zip(*cells[: SEARCHED * 2], strict=True)) if len(cells) <= SEARCHED * 2 else ()


def _best_row(cells: Cells, names: Names) -> tuple[int, set[str]]:
    """Give the place of the row with most names of columns, the first of them, and the names.

    Where hardly a name is known, the first row of words is taken before one that stands below it: that may be answers.
    """
    found = [_named(row, names) for row in cells[:SEARCHED]]
    filled = _first_full(cells) if not any(found) else next((n for n, row in enumerate(cells) if any(row)), 0)
    best = max(range(len(found)), key=lambda n: (len(found[n]), n == filled, -n), default=0)
    if found and len(found[best]) < LEAST:
        best = min(best, _first_full(cells))
    return (best, found[best]) if found else (0, set())


def _answered(row: Sequence[str]) -> bool:
    """Tell whether a row holds answers: a number or a time, or `no` more than once, which heads one column at most."""
    answers = [cell for cell in row if is_answer(cell)]
    return len(answers) > 1 or any(re.search(r"\d", cell) for cell in answers)


def _named(row: Sequence[str], names: Names) -> set[str]:
    """Give the names of columns in a row; none where as many of its cells are answers: `No` may be a number's name."""
    found = {name for cell in row if not is_answer(cell) and (name := _name(cell, names))}
    return found if len(found) > sum(map(is_answer, row)) else set()


def _first_full(cells: Cells) -> int:
    """Give the first row with as many words as any has, where no name is known: what stands above it is a title."""
    words = [sum(bool(re.search(r"[^\W\d_]", cell)) for cell in row) for row in cells[:SEARCHED]]
    return words.index(max(words)) if words else 0


def _name(cell: str, names: Names) -> str:
    """Give the name by which a column is known, that of `bedtime 3` with its number; blank where it is none."""
    if found := bare(cell, names.every):
        return found
    night = night_in(cell)
    return normalised(cell) if night and bare(night.stem, names.columns) else ""


def _with_nights(cells: Cells, at: int, names: Names) -> Cells:
    """Head the column of `Night 1`, `Night 2` of a turned table, which has no name and stands before those that have.

    Its numbers rise; under a name that is not known each must say night or day: `Coffee (cups)` has numbers too.
    """
    heads = list(cells[at])
    if not NIGHTS.isdisjoint(map(normalised, heads)):
        return cells
    first = next((place for place, head in enumerate(heads) if bare(head, names.every)), 0)
    for place, head in enumerate(heads[:first]):
        below = [row[place] for row in cells[at + 1 :] if any(row)]
        found = [(SAID_NIGHT if head else NIGHT).fullmatch(cell) for cell in below]
        nights = [int(one[1]) for one in found if one]
        if nights and len(nights) == len(below) and all(one < other for one, other in pairwise(nights)):
            heads[place] = "night"
            break
    return (*cells[:at], tuple(heads), *cells[at + 1 :])


def _table(cells: Cells, at: int, dialect: Dialect, said: tuple[str, ...], names: Names) -> Grid:
    """Put two header rows together, and cut the table off where it ends."""
    heads, first = cells[at] if cells else (), at + 1
    below = cells[at + 1] if at + 1 < len(cells) else ()
    above = cells[at - 1] if at else ()
    ways = [(heads, first)]
    if any(above):
        ways.append((_joined(_filled(above), heads, names), first))
    if any(below) and not any(_no_name(cell) for cell in below):
        ways.append((_joined(_filled(heads), below, names), first + 1))
    counted = [len({_name(cell, names) for cell in way} - {""}) - (top > first) for way, top in ways]
    heads, first = ways[
        counted.index(max(counted))
    ]  # one more name in the row below may be an answer, such as Training
    if len(cells) > first and any(cells[first]) and all(UNIT.fullmatch(cell) for cell in cells[first]):
        heads = tuple(_with_unit(head, unit) for head, unit in zip(heads, cells[first], strict=True))
        said, first = (*said, f"row {first + 1} taken as units"), first + 1
    rows, more = ended(cells[first:], cells[at], first + 1, names)
    heads = _with_dates(heads, rows, names)
    notes = (f"the column names in row {at + 1}",) if at and not dialect.notes else ()
    dialect, whole = replace(dialect, notes=(*dialect.notes, *notes)), not any(NUMBERS in line for line in more)
    return Grid(heads, rows, first + 1, dialect, (*said, *more), whole=whole)


def _no_name(cell: str) -> bool:
    """Tell whether a cell below a header is no second part of a name: an answer, or with a number that is no unit."""
    return not UNIT.fullmatch(cell) and (is_answer(cell) or re.search(r"\d", cell) is not None)


def _with_dates(heads: tuple[str, ...], rows: Cells, names: Names) -> tuple[str, ...]:
    """Head a column of dates that has no name, where no other says which night a row is."""
    if any(bare(head, names.every) not in names.columns | {""} for head in heads):
        return heads
    unnamed = (n for n, head in enumerate(heads) if not head or UNNAMED.fullmatch(head))
    dated = next((n for n in unnamed if dates_of(row[n] for row in rows)), None)
    return heads if dated is None else (*heads[:dated], "date", *heads[dated + 1 :])


def _with_unit(head: str, unit: str) -> str:
    """Write the unit of a row of its own next to the name that it stands under."""
    plain = unit.strip("()")
    return f"{head} ({plain})" if head and plain and not cut(head).unit else head


def _filled(row: tuple[str, ...]) -> tuple[str, ...]:
    last, filled = "", []
    for cell in row:
        last = cell or last
        filled.append(last)
    return tuple(filled)


def _joined(above: Sequence[str], below: Sequence[str], names: Names) -> tuple[str, ...]:
    """Put two header rows together: the lower name where it is known, else both, else the upper one if it is alone."""
    both = [f"{one} {other}".strip() for one, other in zip(above, below, strict=True)]
    return tuple(
        pair
        if bare(pair, names.every) or not low or SAID_NIGHT.fullmatch(up)
        else low
        if bare(low, names.every)
        else pair
        for pair, up, low in zip(both, above, below, strict=True)
    )
