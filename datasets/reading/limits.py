"""How large a contributed file may be: found out chunk by chunk, before memory is."""

from __future__ import annotations

import gzip
import math
import stat
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, NoReturn, cast

from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 512 << 20  # once unpacked; a million nights are 170 MB
MAX_LINE = 1 << 20  # bytes without a line end
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
MAX_CELLS = 100_000_000  # whatever memory there is
MEMORY = 1 << 30  # bytes that the check of a table may take
BASE, BYTE, CELL = 64 << 20, 2, 36  # bytes that it takes: before it reads, for each byte of a table, for each cell
MAX_RAGGED_CELLS = 10_000_000  # of a table that is not one line a record, one cell a column: Python holds each apart
MAX_SHEET_CELLS = 10_000_000  # of a sheet of a workbook, whose reader holds them several times over
MAX_SHEETS_CELLS = 5 * MAX_SHEET_CELLS  # of all its sheets, which are read one after the other
MAX_TEXT = 96 << 20  # characters of a workbook's cells, whose reader gives each cell its own copy
MAX_EMPTY_CELLS, SPARSE = 1_000_000, 20  # a sheet that is larger has one cell in twenty filled
MAX_OLD_BYTES = 24 << 20  # of an old workbook, whose cells take two bytes and more there, and hundreds in memory
GZIP, ZIP, OLD_WORKBOOK = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Contents(NamedTuple):
    """The bytes of a file, unpacked where it was gzip."""

    content: bytes
    packed: bool


def read_bytes(path: Path) -> Contents:
    """Read a file, unpacking gzip, and stop as soon as it is too large.

    Raises
    ------
    HypnicError
        There is no such file, it is a pipe or a device, it cannot be read or unpacked, or it is larger than can be
        held: more than `MAX_BYTES` in all, or a mebibyte of text without a line end.

    """
    try:
        _refuse_device(path)
        with path.open("rb") as file:
            packed = file.peek(len(GZIP)).startswith(GZIP)
            source = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file
            return Contents(b"".join(_chunks(path, source)), packed)
    except FileNotFoundError:
        message = f"{shown_path(path)}: there is no such file; look at the name and the folder"
    except IsADirectoryError:
        message = f"{shown_path(path)}: this is a folder; name the CSV files in it"
    except (gzip.BadGzipFile, EOFError, zlib.error):
        message = f"{named(path)}: the gzip file is damaged or cut short; pack it again, or send the CSV as it is"
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "no file has such a name"
        message = f"{shown_path(path)}: cannot be read ({said}); look at its permissions"
    raise HypnicError(message)


def refuse_size(path: Path, rows: int, columns: int) -> None:
    """Raise HypnicError where a table has more rows, columns or cells than can be held."""
    if columns > MAX_COLUMNS:
        _refuse(path, f"the first line names more than {MAX_COLUMNS:,} columns", "send the instrument's columns alone")
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        most = min(MAX_ROWS, MAX_CELLS // max(columns, 1))
        _refuse(path, f"it has more than {most:,} lines", "send it in parts")


def needed(size: int, cells: int) -> int:
    """Give the bytes that the check of a table takes that is read whole."""
    return BASE + BYTE * size + CELL * cells


def refuse_need(path: Path, size: int, cells: int, memory: int) -> None:
    """Raise HypnicError where a table that is read whole would take more memory than it may."""
    need = needed(size, cells)
    if need > memory:
        why = f"read whole, it would take {need / 1e9:.1f} GB of memory, of which it may take {memory / 1e9:.1f}"
        remedy = (
            "save it as CSV in UTF-8 with commas, decimal points and the instrument's column names, which is read in"
            f" parts; or send it in parts, or give `hypnic check` more: --memory {math.ceil(need / 1e9)}GB"
        )
        _refuse(path, why, remedy)


def refuse_far(path: Path, rows: int, columns: int, cells: int) -> None:
    """Raise HypnicError where the cells of a sheet reach further than can be held: full, or nearly empty."""
    if rows * columns > max(MAX_EMPTY_CELLS, SPARSE * cells):
        why = f"its sheet reaches over {rows:,} rows and {columns:,} columns, and nearly all of it is empty"
        _refuse(path, why, "delete the empty rows and columns, or save the table as CSV")
    if rows * columns > MAX_SHEET_CELLS:
        _refuse(path, f"its sheet reaches over {rows:,} rows and {columns:,} columns", "save it as CSV")


def refuse_sheets(path: Path, cells: int) -> None:
    """Raise HypnicError where the sheets of a workbook reach further, all together, than anybody waits for."""
    if cells > MAX_SHEETS_CELLS:
        _refuse(path, f"its sheets reach over {cells:,} cells", "save the sheet that holds the table as CSV")


def refuse_text(path: Path, characters: int) -> None:
    """Raise HypnicError where the cells of a workbook hold more text than can be held."""
    if characters > MAX_TEXT:
        _refuse(path, f"its cells hold more than {MAX_TEXT >> 20} million characters", "save the table as CSV")


def refuse_ragged_size(path: Path, rows: int, columns: int, line: int) -> None:
    """Raise HypnicError where a table that is no plain rectangle, from `line` on, is too large to be read so."""
    if rows * columns > MAX_RAGGED_CELLS:
        why = f"line {line} is the first that is not one record with one cell for each column name"
        _refuse(path, why, "fix such lines first, or send it in parts")


def refuse_bytes(path: Path, size: int) -> None:
    """Raise HypnicError where a file has more bytes, unpacked, than can be held."""
    if size > MAX_BYTES:
        _refuse(path, f"it is larger than {MAX_BYTES >> 20} MiB", "send it in parts")


def refuse_old(path: Path, size: int) -> None:
    """Raise HypnicError where an old workbook (.xls) has more bytes than can be held."""
    if size > MAX_OLD_BYTES:
        _refuse(path, f"it is an old workbook of more than {MAX_OLD_BYTES >> 20} MiB", "save it as .xlsx or as CSV")


def _refuse_device(path: Path) -> None:
    """Refuse what is no file before it is opened: a pipe that nobody writes into is waited for without end."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        message = f"{shown_path(path)}: this is a pipe or a device, not a file; save the table as a file and name that"
        raise HypnicError(message)


def _chunks(path: Path, source: BinaryIO) -> Iterator[bytes]:
    size, bound = 0, True
    while chunk := source.read(MAX_LINE):
        if not size:
            bound = not chunk.startswith(ZIP)
        size += len(chunk)
        refuse_bytes(path, size)
        if bound and len(chunk) == MAX_LINE and b"\n" not in chunk and b"\r" not in chunk:
            _refuse(path, f"it has a line of {MAX_LINE >> 20} MiB or more", "save it as CSV with one record a line")
        yield chunk


def _refuse(path: Path, why: str, remedy: str) -> NoReturn:
    message = f"{named(path)}: too large to check: {why}; {remedy}"
    raise HypnicError(message)
