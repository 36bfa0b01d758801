"""Reading a sheet of an Excel workbook as text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.reading.limits import named, refuse_bytes, refuse_size
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")


def read_sheet(path: Path, content: bytes, sheet: str | None) -> pl.DataFrame:
    """Give a sheet (the first, or the one named) as strings, blanks null; the header is the first row.

    Raises
    ------
    HypnicError
        It is no workbook, it has no such sheet, or the sheet is larger than can be held.

    """
    import fastexcel

    _refuse_bombs(path, content)
    try:
        book = fastexcel.read_excel(content)
        names = book.sheet_names
    except BaseException as error:  # noqa: BLE001 -- a panic of the reader is no Exception
        raise _no_workbook(path, error) from None
    if sheet is not None and sheet not in names:
        message = f"{named(path)}: there is no sheet {sheet!r}; name one of {', '.join(map(repr, names))} with --sheet"
        raise HypnicError(message)
    if not names:
        message = f"{named(path)}: the workbook has no sheet; save the table as CSV"
        raise HypnicError(message)
    try:
        frame = book.load_sheet(sheet or 0, header_row=None, dtypes="string", skip_rows=0).to_polars()
    except BaseException as error:  # noqa: BLE001
        raise _no_workbook(path, error) from None
    return frame.rename(dict(zip(frame.columns, map(str, range(frame.width)), strict=True)))


def _no_workbook(path: Path, error: BaseException) -> BaseException:
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        return error
    return HypnicError(f"{named(path)}: not a workbook that can be read; save it again as .xlsx, or as CSV in UTF-8")


def _refuse_bombs(path: Path, content: bytes) -> None:
    """Look through the parts of a workbook: how large they are unpacked, and how far its cells reach.

    The reader holds the whole rectangle from the first cell to the last, so that two cells can fill the memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            refuse_bytes(path, sum(part.file_size for part in parts))
            for part in parts:
                with archive.open(part) as unpacked:  # a part that is larger than it says fails its checksum here
                    seen = b""
                    rows = columns = 0
                    while chunk := unpacked.read(1 << 20):
                        if "sheet" in part.filename.casefold():
                            for letters, digits in ADDRESS.findall(seen[-64:] + chunk):
                                rows = max(rows, int(digits))
                                columns = max(columns, _number(letters))
                        seen = chunk
                    refuse_size(path, rows, columns)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _no_workbook(path, error) from None


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
