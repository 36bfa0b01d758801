"""Reading a contributed table as text, cell by cell, without losing where each cell stood."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.reading.columnar import COLUMNAR, as_text, names_of, rows_of
from hypnic.datasets.reading.dialects import Dialect, first_record, plain
from hypnic.datasets.reading.limits import (
    MEMORY,
    OLD_WORKBOOK,
    ZIP,
    read_bytes,
    refuse_need,
    refuse_ragged_size,
    refuse_size,
)
from hypnic.datasets.reading.records import opened_at, records_of, unclosed
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.reading.properties import Property

SAVED_BY_HYPNIC = Dialect()


@dataclass(frozen=True)
class TextTable:
    """A file as text: `frame` holds strings and nulls for blanks, one row for each data record.

    `ragged` lists the records (from 0) that are blank, or have more or fewer cells than the header: nobody can tell
    which column their cells belong to. `misspelt` lists the names in `header` that the file spells otherwise. The
    header stands on line `top`. `outside` is what a workbook holds outside its cells,
    `sheet` the name of the sheet that was read; neither may be printed. `typed_header` is the header as it was typed.
    """

    path: Path
    header: tuple[str, ...]
    frame: pl.DataFrame
    text: bytes
    dialect: Dialect = SAVED_BY_HYPNIC
    ragged: tuple[int, ...] = ()
    misspelt: tuple[str, ...] = ()
    top: int = 1
    outside: tuple[Property, ...] = ()
    sheet: str = ""
    typed_header: tuple[str, ...] = ()

    @cached_property
    def name(self) -> str:
        """The name of the file as it can be printed."""
        return named(self.path)

    @cached_property
    def lines(self) -> list[int] | None:
        """The physical line each record starts on, or None where record n simply stands on line n + 1."""
        if not self.text or self.text.rstrip(b"\n").count(b"\n") == self.frame.height:
            return None
        return records_of(self.text, self.dialect.separator)[1][1:]

    def line(self, row: int | None) -> int:
        """Give the physical line of a record (from 0), or of the header."""
        return self.sheet_row(row) if row is None or not self.lines else self.lines[row] + self.top - 1

    def sheet_row(self, row: int | None) -> int:
        """Give the row that a spreadsheet shows a record in, or the header."""
        return self.top if row is None else row + 1 + self.top

    def file(self, row: int | None) -> str:  # noqa: ARG002 -- of a table in several files, each row has its own
        """Name the file that a record stands in, or the header."""
        return self.name

    def column(self, place: int) -> pl.Series:
        """Give the cells of the column at a place, from 0."""
        return self.frame[:, place]

    def empty(self, place: int) -> bool:
        """Whether the column at a place, from 0, has no cell."""
        return self.frame[:, place].null_count() == self.frame.height

    def refuse_ragged_lines(self, then: str) -> None:
        """Raise HypnicError where a line, but a blank one, does not have one cell for each column name."""
        first = next((n for n in self.ragged if any(self.frame.row(n))), None)
        if first is not None:
            remedy = "fix the lines that do not have one cell for each column name"
            message = f"{self.name}, line {self.line(first)}: {remedy}, then {then}"
            raise HypnicError(message)

    def repeated(self) -> list[str]:
        """Names that stand in the header more than once."""
        return sorted({name for name in self.header if name and self.header.count(name) > 1})


def read_text(path: Path, sheet: str | None = None, memory: int | None = MEMORY) -> TextTable:
    """Read a table with a header; every cell stays the text that was typed.

    Text in UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or pipes between its cells, plain or packed
    with gzip; or an Excel workbook, of which `sheet` names the sheet (else the first). `memory` is how many bytes the
    check of a large table may take; None leaves that open.

    Raises
    ------
    HypnicError
        The file is missing, empty, larger than can be held, or neither text nor a workbook.

    """
    if path.suffix in COLUMNAR and path.is_file():
        return _columnar(path)
    content, packed = read_bytes(path)
    if content.startswith((ZIP, OLD_WORKBOOK)):
        return _workbook(path, content, sheet)
    if sheet is not None:
        message = f"{named(path)}: not a workbook, so it has no sheets; leave --sheet out"
        raise HypnicError(message)
    content, dialect, top = plain(path, content, packed=packed)
    content = content.rstrip(b"\n")
    header = first_record(content, dialect.separator)
    _refuse_empty(path, header)
    refuse_size(path, content.count(b"\n"), len(header))
    if memory is not None:
        refuse_need(path, len(content), content.count(b"\n") * len(header), memory)
    rectangle = _rectangle(content, dialect.separator, len(header))
    if rectangle is not None:
        return TextTable(path, header, rectangle, content, dialect, _blank(rectangle), top=top, typed_header=header)
    frame, ragged = _exactly(path, content, dialect.separator, len(header), top)
    return TextTable(path, header, frame, content, dialect, ragged, top=top, typed_header=header)


def _columnar(path: Path) -> TextTable:
    header = tuple(names_of(path))
    _refuse_empty(path, header)
    refuse_size(path, rows_of(path), len(header))
    frame = _filled(as_text(path))
    return TextTable(path, header, frame, b"", ragged=_blank(frame), typed_header=header)


def _workbook(path: Path, content: bytes, sheet: str | None) -> TextTable:
    from hypnic.datasets.reading.properties import properties
    from hypnic.datasets.reading.spreadsheets import read_sheet

    cells, which, notes, taken = read_sheet(path, content, sheet)
    filled = _filled(cells)
    blank = set(_blank(filled))
    first = next((row for row in range(filled.height) if row not in blank), 0)
    notes += (f"the column names in row {first + 1}",) if first else ()
    header = tuple(name or "" for name in filled.row(first)) if filled.height else ()
    _refuse_empty(path, header)
    frame = filled[first + 1 :]
    dialect, outside = Dialect(sheet=which, notes=notes), tuple(properties(content))
    ragged = _blank(frame)
    return TextTable(path, header, frame, b"", dialect, ragged, (), first + 1, outside, taken, header)


def _blank(frame: pl.DataFrame) -> tuple[int, ...]:
    return tuple(frame.select(pl.all_horizontal(pl.all().is_null()).alias("blank"))["blank"].arg_true())


def _refuse_empty(path: Path, header: tuple[str, ...]) -> None:
    if not any(name.strip() for name in header):
        message = f"{named(path)}: the file is empty; the first line must hold the column names"
        raise HypnicError(message)


def _rectangle(content: bytes, separator: str, width: int) -> pl.DataFrame | None:
    """Read a table with polars; None where a record is not on a line of its own, or has not a cell for each column.

    As many separators as a rectangle has, none of them in a cell and no record too long: then none is too short.
    """
    lines = content.count(b"\n") + 1
    quoted = b'"' in content
    if content.count(separator.encode()) != (width - 1) * lines or content.count(b'"') % 2:
        return None
    try:
        frame = pl.read_csv(
            content, has_header=False, new_columns=[str(place) for place in range(width)], infer_schema=False,
            separator=separator, quote_char='"' if quoted else None,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lines or (quoted and _any_holds(frame, separator)):
        return None
    return _filled(frame[1:])


def _any_holds(frame: pl.DataFrame, separator: str) -> bool:
    inside = frame.select(pl.any_horizontal(pl.all().str.contains(separator, literal=True).any()))
    return bool(inside.item())


def _exactly(path: Path, content: bytes, separator: str, width: int, top: int) -> tuple[pl.DataFrame, tuple[int, ...]]:
    """Read record by record what is no plain rectangle, and name the records that do not fit under the header."""
    try:
        refuse_ragged_size(path, content.count(b"\n"), width, _first_ragged(content, separator, width))
        records, starts, closed = records_of(content, separator)
    except csv.Error:
        message = f"{named(path)}: a cell holds more than 128 KiB; look for a quote that is never closed"
        raise HypnicError(message) from None
    if not closed:
        line = opened_at(records, starts, width) + top - 1
        raise unclosed(path, line)
    records = records[1:]
    ragged = [n for n, cells in enumerate(records) if not any(cells) or not _fits(cells, width, separator)]
    rows = [(cells + [""] * width)[:width] for cells in records]
    frame = pl.DataFrame(rows, schema={str(place): pl.String for place in range(width)}, orient="row")
    frame = _filled(frame, extra=max((n for n in ragged if any(records[n])), default=-1) + 1)
    return frame, tuple(n for n in ragged if n < frame.height)


def _first_ragged(content: bytes, separator: str, width: int) -> int:
    reader = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=separator)
    return next((n for n, cells in enumerate(reader, 1) if len(cells) != width or reader.line_num != n), 1)


def _fits(cells: list[str], width: int, separator: str) -> bool:
    """Tell whether a record has a cell for each name, none of which a quote has made of whole lines."""
    if any("\n" in cell and cell.count(separator) >= width - 1 > 0 for cell in cells):
        return False
    return len(cells) == width or (len(cells) > width and not any(cells[width:]))


def _filled(frame: pl.DataFrame, extra: int = 0) -> pl.DataFrame:
    """Turn blanks into nulls, and leave out the empty rows at the end (but the first `extra`)."""
    frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    last = frame.select(pl.any_horizontal(pl.all().is_not_null()).arg_true().max()).item()
    return frame[: max(0 if last is None else last + 1, extra)]
