"""Reading a contributed CSV as text, cell by cell, without losing where each cell stood."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class TextTable:
    """A file as text: `frame` holds strings and nulls for blanks, one row for each data record."""

    path: Path
    header: tuple[str, ...]
    frame: pl.DataFrame
    text: bytes

    @cached_property
    def lines(self) -> list[int] | None:
        """The physical line each record starts on, or None where record n simply stands on line n + 1."""
        if self.text.rstrip(b"\r\n").count(b"\n") == self.frame.height:
            return None
        reader = csv.reader(io.StringIO(self.text.decode("utf-8-sig"), newline=""))
        starts, end = [], 0
        for _ in reader:
            starts.append(end + 1)
            end = reader.line_num
        return starts[1:]

    def repeated(self) -> list[str]:
        """Names that stand in the header more than once."""
        return sorted({name for name in self.header if self.header.count(name) > 1})


def read_text(path: Path) -> TextTable:
    """Read a UTF-8, comma-separated file with a header; every cell stays the text that was typed.

    Raises
    ------
    HypnicError
        The file is missing, empty, not UTF-8, or a row has more cells than the header.

    """
    content = _bytes(path)
    try:
        opening = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"{path.name}, line {line}: not UTF-8 text; save the file as CSV in UTF-8 and try again"
        raise HypnicError(message) from None
    header = tuple(next(csv.reader(io.StringIO(opening, newline="")), ()))
    if not any(header):
        message = f"{path.name}: the file is empty; the first line must hold the column names"
        raise HypnicError(message)
    return TextTable(path, header, _frame(path, content, opening, header), content)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = f"{path}: there is no such file; look at the name and the folder"
    except IsADirectoryError:
        message = f"{path}: this is a folder; name the CSV files in it"
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); look at its permissions"
    raise HypnicError(message)


def _frame(path: Path, content: bytes, opening: str, header: tuple[str, ...]) -> pl.DataFrame:
    positions = [str(number) for number in range(len(header))]
    try:
        frame = pl.read_csv(content, has_header=False, new_columns=positions, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise HypnicError(_ragged(path, opening, len(header))) from None
    frame = frame[1:].with_columns(pl.when(pl.all() != "").then(pl.all()))
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null()).arg_true().max()).item()
    return frame[: 0 if filled is None else filled + 1]


def _ragged(path: Path, opening: str, width: int) -> str:
    reader, start = csv.reader(io.StringIO(opening, newline="")), 1
    for cells in reader:
        if len(cells) > width:
            return (
                f"{path.name}, line {start}: {len(cells)} cells under {width} column names; put quotes round"
                " a cell that holds a comma, or take the extra cells out"
            )
        start = reader.line_num + 1
    return f"{path.name}: this is not a CSV table; save it from the spreadsheet as CSV in UTF-8"
