"""A person's own workbook or CSV: which of its sheets hold a table, and several that hold one table put together."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.answers import is_answer
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.dates import dates_of
from hypnic.datasets.forms.grid import LEAST, NIGHTS, Grid, known_names, records, table_in
from hypnic.datasets.forms.layouts import clear, normalised, profiles
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.synonyms import Names, bare, column_names, key_names
from hypnic.datasets.reading.dialects import SEPARATORS, Dialect, plain
from hypnic.datasets.reading.limits import OLD_WORKBOOK, ZIP, read_bytes, refuse_ragged_size
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import MASK, named
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hypnic.datasets.forms.grid import Cells

WEEK = re.compile(
    r"(?:week|wk|woche|kw|cw|kalenderwoche|calendar week|semaine|semana|settimana)[\s._#-]*(?:n[or]?\.?)?\s*(\d{1,2})"
)
CODE = re.compile(  # of a person: what stands before the number says so
    r"p_[a-z2-7]{16}|(?:p|vp|vpn|id|pid|tn|pt|participant|proband|probandin|person|patient|subject|subj|teilnehmer|sujet|sujeto"
    r"|participante|respondent|case)[\s._#-]*(?:no?\.?|nr\.?)?\s*\d{1,5}[a-z]?"
)
Rows = list[tuple[str, ...]]
MOST_WEEKS = 8  # between the first and the last: more may be over New Year, where the numbers start again
DAYS = 7  # of a week
ASKS = (
    "several sheets have the same columns: are they one person's nights, one sheet after the other, or a person each?"
)


class Found(NamedTuple):
    """The sheets that hold tables, those with the same columns together, and those that only say some of it again.

    `told` says of each sheet that can be seen what it seems to hold.
    """

    groups: list[tuple[str, ...]]
    others: tuple[str, ...] = ()
    told: str = ""


class Together(NamedTuple):
    """The sheets that are joined, in their order, as what, and those that are not."""

    names: tuple[str, ...]
    way: str
    others: tuple[str, ...] = ()


def read_grid(path: Path, sheet: str | Sequence[str] | None = None, codebook: Codebook | None = None) -> Grid:
    """Find the table in a spreadsheet: below a title, in one of several sheets, turned, or with a column a night.

    The names in a person's map are known in a header too. Sheets that hold the same columns are joined where their
    names say in which order, or whose they are, or where the map says it.

    Raises
    ------
    HypnicError
        The file cannot be read, or several sheets hold a table and it cannot be told how they belong together.

    """
    codebook = codebook or Codebook()
    names = _names(codebook)
    content, packed = read_bytes(path)
    if not content.startswith((ZIP, OLD_WORKBOOK)):
        if sheet is not None:
            message = f"{named(path)}: not a workbook, so it has no sheets; leave --sheet out"
            raise HypnicError(message)
        return table_in(path, *_plain(path, content, names, packed=packed), names)
    if isinstance(sheet, str):
        return _of_sheet(path, content, sheet, names, given=True)
    found = Found([tuple(sheet)]) if sheet else _found(path, content, names)
    if len(found.groups) > 1:
        raise _different(path, found)
    group = found.groups[0] if found.groups else ()
    if len(group) < 2:
        one = _of_sheet(path, content, group[0] if group else None, names, given=False)
        return replace(one, said=(*one.said, *_left(found.others)), whole=not found.others)
    plan = _together(group, codebook.readings.get("sheets", ""))
    if plan is None:
        raise _alike_unknown(path, found)
    plan = plan._replace(others=(*plan.others, *found.others))
    grids = {name: _of_sheet(path, content, name, names, given=False) for name in plan.names}
    return _joined(grids, plan)


def groups_of(path: Path, codebook: Codebook | None = None) -> Found:
    """Give the sheets of a workbook that hold tables; none of another file."""
    content, _ = read_bytes(path)
    packed = content.startswith((ZIP, OLD_WORKBOOK))
    return _found(path, content, _names(codebook or Codebook())) if packed else Found([])


def _names(codebook: Codebook) -> Names:
    own = frozenset(codebook.questions)
    return Names(column_names() | own, column_names() | key_names() | own)


def _plain(path: Path, content: bytes, names: Names, *, packed: bool) -> tuple[Cells, Dialect]:
    text, dialect, top = plain(path, content, packed=packed)
    lines = text.count(b"\n")
    best = max(SEPARATORS, key=lambda mark: _fits(text, mark, names))
    refuse_ragged_size(path, lines, max(map(len, records(text[: 1 << 16], best)), default=0), 1)
    return _clear([*[()] * (top - 1), *records(text, best)]), replace(dialect, separator=best)


def _fits(text: bytes, separator: str, names: Names) -> tuple[int, int]:
    """Tell how well a separator parts the first lines: by names that are known, then by rows as wide as the widest."""
    rows = records(b"\n".join(text.split(b"\n", 30)[:30]), separator)
    widest = max(map(len, rows), default=0)
    return len(known_names(_clear(rows), names, upright=True)), sum(len(row) == widest for row in rows) * (widest > 1)


def _clear(rows: Sequence[Sequence[str | None]]) -> Cells:
    """Give cells without markup and odd spaces, all rows as wide as the widest."""
    width = max((len(row) for row in rows), default=0)
    return tuple(tuple(clear(cell or "") for cell in row) + ("",) * (width - len(row)) for row in rows)


def _of_sheet(path: Path, content: bytes, sheet: str | None, names: Names, *, given: bool) -> Grid:
    from hypnic.datasets.reading.spreadsheets import read_sheet

    cells, which, notes, _ = read_sheet(path, content, sheet)
    if not given and sheet is not None:
        which = f"its sheet {file_name(sheet)!r}"
    return table_in(path, _clear(cells.rows()), Dialect(sheet=which, notes=notes), names)


def _found(path: Path, content: bytes, names: Names) -> Found:
    """Put the sheets together that hold a table of the same columns; one may lack some that another has.

    One with a few of another's columns and other keys holds its sums or means.
    """
    from hypnic.datasets.reading.spreadsheets import sheets

    seen = {name: _clear(rows) for name, rows in sheets(path, content).items()}
    known = {name: known_names(cells, names) for name, cells in seen.items()}
    tables = [name for name in known if len(known[name]) >= LEAST]
    tables = [name for name in tables if not _legend(seen[name], names)] or tables
    groups: list[list[str]] = []
    for name in tables:
        group = next((group for group in groups if _alike(known[group[0]], known[name])), None)
        if group is None:
            groups.append(group := [])
        group.append(name)
    asked = [set[str]().union(*(known[name] for name in group)) - key_names() for group in groups]
    sums = [any(one < other for other in asked) for one in asked]
    return Found(
        [tuple(group) for group, less in zip(groups, sums, strict=True) if not less],
        tuple(name for group, less in zip(groups, sums, strict=True) if less for name in group),
        "; ".join(
            f"{file_name(name)!r}: {len(known[name])} known names, {sum(any(row) for row in cells)} filled rows"
            for name, cells in seen.items()
        ),
    )


def _alike(one: set[str], other: set[str]) -> bool:
    return (one <= other or other <= one) and one & key_names() == other & key_names()


def _legend(cells: Cells, names: Names) -> bool:
    """Tell whether a sheet says what columns are: their names stand below each other, and next to none is an answer."""
    filled = [cell for row in cells for cell in row if cell]
    upright = len(known_names(cells, names, upright=True))
    return upright < len(known_names(cells, names)) and sum(map(is_answer, filled)) * 5 <= len(filled)


def _alike_unknown(path: Path, found: Found) -> HypnicError:
    return HypnicError(
        f"{named(path)}: several sheets hold a table of the same columns ({found.told}); they may be one person's"
        " nights, one sheet after the other, or a person each; run it with --map MAP.toml, and type there, under"
        ' [readings], sheets = "nights" or sheets = "people"; or name one of them with --sheet'
    )


def _different(path: Path, found: Found) -> HypnicError:
    return HypnicError(
        f"{named(path)}: several sheets hold a table, not all of the same columns ({found.told}); name one of them with"
        " --sheet, or a folder with --out for all of them"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(file_name(name)) for name in names)


def _together(names: Sequence[str], way: str) -> Together | None:
    """Say how sheets of the same columns belong together: by the map, or by names that leave no choice; else None."""
    weeks = {name: int(found[1]) for name in names if (found := WEEK.fullmatch(_plainly(name)))}
    codes = [name for name in names if CODE.fullmatch(_plainly(name))]
    if way == "people":
        return Together(tuple(names), "people")
    several = len({*weeks.values()}) == len(weeks) > 1 and max(weeks.values()) - min(weeks.values()) <= MOST_WEEKS
    if several and (way or len(weeks) > len(names) / 2):
        order = sorted(weeks, key=lambda name: weeks[name])
        return Together(tuple(order), "weeks", tuple(name for name in names if name not in weeks))
    if way == "nights":
        return Together(tuple(names), "nights")
    if len(codes) > 1 and len(codes) > len(names) / 2 and not weeks:
        return Together(tuple(codes), "people", tuple(name for name in names if name not in codes))
    return None


def _plainly(name: str) -> str:
    return " ".join(fold(name).split())


def _joined(grids: Mapping[str, Grid], plan: Together) -> Grid:
    """Put the rows of several sheets under one header, with whose they are, or with nights that go on counting."""
    own = {normalised(name) for name in profiles()["spreadsheet"].respondent}
    keyed = all(any(normalised(head) in own for head in grid.heads) for grid in grids.values())
    people = plan.way == "people" and not keyed
    heads = list(dict.fromkeys(head for grid in grids.values() for head in grid.heads if head))
    night = next((n for n, head in enumerate(heads) if normalised(head) in NIGHTS), None)
    tables = {name: [_under(heads, grid, row) for row in grid.rows] for name, grid in grids.items()}
    counts = night is not None and not people and not keyed and not _dated(grids.values()) and _again(tables, night)
    if counts and night is not None:
        tables = _counted_on(tables, night, weeks=plan.way == "weeks")
    labels = [f"'sheet {n}'" if MASK in file_name(name) else repr(file_name(name)) for n, name in enumerate(grids, 1)]
    rows = [(name if any(row) else "", *row) if people else row for name, several in tables.items() for row in several]
    first = next(iter(grids.values()))
    more = dict.fromkeys(line for grid in grids.values() for line in (*grid.dialect.notes, *grid.said))
    return Grid(
        heads=(*(["respondent_id"] if people else []), *heads),
        rows=tuple(rows),
        first=2,
        dialect=replace(first.dialect, sheet="several sheets", notes=()),
        said=(*_told(grids, plan, people=people, counts=counts), *more),
        where=tuple(
            f"{label}!{grid.first + n}"
            for label, grid in zip(labels, grids.values(), strict=True)
            for n in range(len(grid.rows))
        ),
        whole=not plan.others,
    )


def _under(heads: Sequence[str], grid: Grid, row: Sequence[str]) -> tuple[str, ...]:
    """Put a row of one sheet under the header of all."""
    at = {head: n for n, head in reversed([*enumerate(grid.heads)]) if head}
    return tuple(row[at[head]] if head in at else "" for head in heads)


def _again(tables: Mapping[str, Rows], night: int) -> bool:
    """Tell whether the numbers of nights start again in a sheet: they do not go on from the one before."""
    numbers = [[int(cell) for row in rows if (cell := _whole(row[night]))] for rows in tables.values()]
    some = [several for several in numbers if several]
    return any(min(later) <= max(before) for before, later in pairwise(some))


def _whole(cell: str) -> str:
    """Give a whole number without a workbook's .0; blank for another cell."""
    bare = cell.removesuffix(".0")
    return bare if bare.isascii() and bare.isdecimal() else ""


def _counted_on(tables: Mapping[str, Rows], night: int, *, weeks: bool) -> dict[str, Rows]:
    """Count nights on from sheet to sheet: by 7 a week, whose number the name holds, else from the last one before."""
    made: dict[str, Rows] = {}
    start, first = 0, 0
    for name, rows in tables.items():
        if weeks and (found := WEEK.fullmatch(_plainly(name))):
            first = first or int(found[1])
            start = (int(found[1]) - first) * DAYS
        cells = [_whole(row[night]) for row in rows]
        made[name] = [
            (*row[:night], str(start + int(cell)), *row[night + 1 :]) if cell else row
            for row, cell in zip(rows, cells, strict=True)
        ]
        start += max((int(cell) for cell in cells if cell), default=0)
    return made


def _dated(grids: Iterable[Grid]) -> bool:
    """Tell whether every sheet has a column of dates."""
    known = {normalised(name) for name in profiles()["spreadsheet"].dates}
    return all(
        any(bare(head, frozenset(known)) and dates_of(row[n] for row in grid.rows) for n, head in enumerate(grid.heads))
        for grid in grids
    )


def _told(grids: Mapping[str, Grid], plan: Together, *, people: bool, counts: bool) -> list[str]:
    what = "each a person's" if people else "one after the other"
    said = [f"its sheets {_listed(grids)} joined, {what}"]
    if counts:
        weeks = "a week has 7" if plan.way == "weeks" else "on from the last one of the sheet before"
        said.append(f"nights start again in each sheet, and are counted through: {weeks}")
    every = {head for grid in grids.values() for head in grid.heads if head}
    if short := [name for name, grid in grids.items() if every - set(grid.heads)]:
        said.append(f"columns that only other sheets have are blank in {_listed(short)}")
    return [*said, *_left(plan.others)]


def _left(others: Sequence[str]) -> list[str]:
    way = "another name or other columns than those read; convert one of them with --sheet"
    return [f"left out: sheet{'s' if len(others) > 1 else ''} {_listed(others)}: {way}"] if others else []
