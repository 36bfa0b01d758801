"""A person's own workbook or CSV: which of its sheets hold a table, and several that hold one table put together."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from statistics import mode
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.answers import is_answer
from hypnic.datasets.forms.apps import in_one_table
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.grid import LEAST, Grid, known_names, table_in
from hypnic.datasets.forms.layouts import clear
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.stacking import by_months, left, stacked, together
from hypnic.datasets.forms.synonyms import Names, column_names, key_names
from hypnic.datasets.reading.dialects import SEPARATORS, Dialect, plain
from hypnic.datasets.reading.limits import OLD_WORKBOOK, ZIP, read_bytes, refuse_ragged_size
from hypnic.datasets.reading.records import opened_at, records_of, unclosed
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.datasets.forms.grid import Cells

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
        return replace(one, said=(*one.said, *left(found.others)), whole=not found.others)
    every = {name: _of_sheet(path, content, name, names, given=False) for name in group}
    way = codebook.readings.get("sheets", "")
    plan = together(group, way) if way else by_months(every) or together(group, way)
    if plan is None:
        raise _alike_unknown(path, found)
    plan = plan._replace(others=(*plan.others, *found.others))
    return stacked({name: every[name] for name in plan.names}, plan)


def groups_of(path: Path, codebook: Codebook | None = None) -> Found:
    """Give the sheets of a workbook that hold tables; none of another file."""
    content, _ = read_bytes(path)
    packed = content.startswith((ZIP, OLD_WORKBOOK))
    return _found(path, content, _names(codebook or Codebook())) if packed else Found([])


def sheets_seen(path: Path) -> list[str]:
    """Name the sheets of a workbook that can be seen and are not empty; none of another file."""
    from hypnic.datasets.reading.spreadsheets import sheets

    content, _ = read_bytes(path)
    packed = content.startswith((ZIP, OLD_WORKBOOK))
    return [name for name, rows in sheets(path, content).items() if rows] if packed else []


def _names(codebook: Codebook) -> Names:
    own = frozenset(codebook.questions)
    return Names(column_names() | own, column_names() | key_names() | own)


def _plain(path: Path, content: bytes, names: Names, *, packed: bool) -> tuple[Cells, Dialect]:
    text, dialect, top = plain(path, content, packed=packed)
    text = in_one_table(text)
    lines = text.count(b"\n")
    best = max(SEPARATORS, key=lambda mark: _fits(text, mark, names))
    refuse_ragged_size(path, lines, max(map(len, _records(text[: 1 << 16], best)), default=0), 1)
    rows = _records(text, best)
    if b'"' in text and rows:
        each, starts, closed = records_of(text, best)
        if not closed:
            raise unclosed(path, opened_at(each, starts, mode(map(len, each))) + top - 1)
    return _clear([*[()] * (top - 1), *rows]), replace(dialect, separator=best)


def _records(text: bytes, separator: str) -> list[tuple[str, ...]]:
    """Cut a text into lines of cells; none where it cannot be."""
    reader = csv.reader(io.StringIO(text.decode(errors="replace"), newline=""), delimiter=separator)
    try:
        return [tuple(cells) for cells in reader]
    except csv.Error:
        return []


def _fits(text: bytes, separator: str, names: Names) -> tuple[int, int]:
    """Tell how well a separator parts the first lines: by names that are known, then by rows as wide as the widest."""
    rows = _records(b"\n".join(text.split(b"\n", 30)[:30]), separator)
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
