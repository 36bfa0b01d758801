"""Reading a sheet of a workbook as text, whatever kind it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.reading.extents import refuse_bombs
from hypnic.datasets.reading.headers import folded
from hypnic.datasets.reading.hiding import hidden_columns
from hypnic.datasets.reading.limits import OLD_WORKBOOK
from hypnic.datasets.reading.oldbooks import OldBook
from hypnic.datasets.reading.references import letters
from hypnic.datasets.reading.workbooks import counts_from_1904, oddities
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants
from hypnic.schemas.filenames import named
from hypnic.schemas.filenames import sheet as sheet_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SERIAL = (
    r"^(?:1899-12-3[01]|1900-0[12]-\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?$"  # what a time or a duration is read as
)
SERIAL_1904 = r"^1904-0[12]-\d\d[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?$"  # the same where days are counted from 1904
YES_NO = {"true", "false"}
PEEKED = 31  # rows by which a sheet shows whether it is a table


class Sheet(NamedTuple):
    """The cells of a sheet as strings, blanks null, which sheet it is in words, what else to say, and its name."""

    cells: pl.DataFrame
    which: str
    notes: tuple[str, ...]
    name: str


def read_sheet(path: Path, content: bytes, sheet: str | None) -> Sheet:
    """Give a sheet as strings, blanks null: the one named, or the first that can be seen and looks like a table.

    Times and durations are hours and minutes, past 24 where they are. Cells that are blank because they are merged
    with another, or hold a formula without a stored value, have a mark of their own; errors their name.

    Raises
    ------
    HypnicError
        It is no workbook, it has no such sheet, or the sheet is larger than can be held.

    """
    names = _names(path, content)
    if sheet is not None and sheet not in names:
        there = ", ".join(repr(sheet_named(name)) for name in names)
        message = f"{named(path)}: there is no sheet {sheet_named(sheet)!r}; name one of {there} with --sheet"
        raise HypnicError(message)
    if not names:
        message = f"{named(path)}: the workbook has no sheet; save the table as CSV"
        raise HypnicError(message)
    seen = _seen(path, content) if sheet is None else {}
    taken = sheet if sheet is not None else _first_table(seen, names)
    cells, hidden, unseen = _sheet(path, content, taken)
    notes: tuple[str, ...] = (f"{hidden} hidden row{'s' if hidden > 1 else ''} read too",) if hidden else ()
    if filled := [letters(place) for place in unseen if place < cells.width and cells[:, place].count()]:
        notes += (f"hidden column{'s' if len(filled) > 1 else ''} {', '.join(filled)} read too",)
    others = [repr(sheet_named(name)) for name, rows in seen.items() if name != taken and _has_names(rows)]
    if others:  # or half a workbook would be clean
        notes += (f"but not {' and '.join(others)}, also a table: check that by itself (--sheet)",)
    which = "the sheet named" if sheet is not None else ""
    if not which and taken != names[0]:
        which = f"its sheet {sheet_named(taken)!r}, the first that can be seen and looks like a table"
    return Sheet(cells, which, notes, taken)


def _names(path: Path, content: bytes) -> list[str]:
    if content.startswith(OLD_WORKBOOK):
        return OldBook(path, content).names
    import fastexcel

    refuse_bombs(path, content)
    try:
        return list(fastexcel.read_excel(content).sheet_names)
    except BaseException as error:  # noqa: BLE001 -- a panic of the reader is no Exception
        raise _no_workbook(path, error) from None


def _sheet(path: Path, content: bytes, name: str) -> tuple[pl.DataFrame, int, Sequence[int]]:
    """Give a sheet of a workbook that is known to be small enough, how many rows are hidden, and which columns."""
    if content.startswith(OLD_WORKBOOK):
        rows, _, hidden, unseen = OldBook(path, content).sheet(name)
        width = len(rows[0]) if rows else 0
        schema = {str(place): pl.String for place in range(width)}
        return pl.DataFrame(rows, schema=schema, orient="row"), hidden, unseen
    import fastexcel

    try:
        frame = (
            fastexcel.read_excel(content).load_sheet(name, header_row=None, dtypes="string", skip_rows=0).to_polars()
        )
    except BaseException as error:  # noqa: BLE001
        raise _no_workbook(path, error) from None
    frame = frame.rename(dict(zip(frame.columns, map(str, range(frame.width)), strict=True)))
    of_1904 = counts_from_1904(content)
    cells = frame.with_columns(_clocks(frame[column], of_1904=of_1904) for column in frame.columns)
    found = oddities(content, name)
    return _marked(cells, found.cells), found.hidden, hidden_columns(content, name)


def sheets(path: Path, content: bytes) -> dict[str, list[tuple[str | None, ...]]]:
    """Give the first rows of every visible sheet; raises HypnicError where it is no workbook."""
    if not content.startswith(OLD_WORKBOOK):
        refuse_bombs(path, content)
    return _seen(path, content)


def _seen(path: Path, content: bytes) -> dict[str, list[tuple[str | None, ...]]]:
    """Give the first rows of every visible sheet of a workbook that is known to be small enough."""
    if content.startswith(OLD_WORKBOOK):
        old = OldBook(path, content)
        read = {name: old.sheet(name, PEEKED) for name in old.names}
        return {name: one.cells for name, one in read.items() if one.seen}
    import fastexcel

    try:
        book = fastexcel.read_excel(content)
        found = {}
        for name in book.sheet_names:
            seen = book.load_sheet(name, header_row=None, dtypes="string", skip_rows=0, n_rows=PEEKED)
            if seen.visible == "visible":
                found[name] = seen.to_polars().rows() if seen.width else []
    except BaseException as error:  # noqa: BLE001
        raise _no_workbook(path, error) from None
    return found


def _first_table(seen: Mapping[str, Sequence[Sequence[str | None]]], names: Sequence[str]) -> str:
    """Take the first visible sheet that has column names, else the first with two columns and rows, else the first."""
    best = (-1, names[0])
    for name, rows in seen.items():
        score = 2 if _has_names(rows) else int(len(rows) > 1 and len(rows[0]) > 1)
        best = max(best, (score, name), key=lambda pair: pair[0])
    return best[1]


def _has_names(rows: Sequence[Sequence[str | None]]) -> bool:
    """Tell whether a row has two names of the instrument's columns."""
    known = Nights.names() | Participants.names()
    return any(len(known & {folded(cell or "") for cell in row}) > 1 for row in rows)


def _clocks(cells: pl.Series, *, of_1904: bool) -> pl.Series:
    """Write times and durations as hours and minutes: 1900-01-01 01:15:00 is 25:15."""
    serial = SERIAL_1904 if of_1904 else SERIAL
    if not cells.str.contains(serial).any():
        return cells
    return pl.Series(cells.name, [_clock(cell, serial) if cell else cell for cell in cells], dtype=pl.String)


def _clock(cell: str, serial: str) -> str:
    if not re.match(serial, cell):
        return cell
    try:
        midnight = datetime(1899, 12, 30 if "T" in cell else 31)  # noqa: DTZ001 -- of .ods, of .xlsx; a clock on a wall
        since = datetime.fromisoformat(cell) - (midnight if serial == SERIAL else datetime(1904, 1, 1))  # noqa: DTZ001
    except ValueError:
        return cell
    minutes = max(0, round(since / timedelta(minutes=1)))
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _marked(frame: pl.DataFrame, marks: Mapping[tuple[int, int], str]) -> pl.DataFrame:
    """Write the marks into cells that are blank, and yes and no in words."""
    by_column: dict[int, dict[int, str]] = {}
    for (row, place), mark in marks.items():
        if row < frame.height and place < frame.width and (mark in YES_NO or not frame.item(row, place)):
            by_column.setdefault(place, {})[row] = mark
    return frame.with_columns(frame[str(n)].scatter(list(new), list(new.values())) for n, new in by_column.items())


def _no_workbook(path: Path, error: BaseException) -> BaseException:
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        return error
    return HypnicError(f"{named(path)}: not a workbook that can be read; save it again as .xlsx, or as CSV in UTF-8")
