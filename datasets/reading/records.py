"""The records of a text, one by one, and the quote that is never closed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from pathlib import Path

END = "\x1f\x1f"  # a line that nobody types


def opened_at(records: list[list[str]], starts: list[int], width: int) -> int:
    """Give the line that opens the quote: of the first record that goes on over lines and does not fit, or the last."""
    for cells, start in zip(records, starts, strict=True):
        if len(cells) != width and any("\n" in cell for cell in cells):
            at = next(place for place, cell in enumerate(cells) if "\n" in cell)
            return start + sum(cell.count("\n") for cell in cells[:at])
    return starts[-1] + sum(cell.count("\n") for cell in records[-1][:-1])


def records_of(content: bytes, separator: str) -> tuple[list[list[str]], list[int], bool]:
    """Give every record, the physical line that it starts on, and whether every quote is closed.

    A line of our own at the end is a record of its own only where none is open.
    """
    reader = csv.reader(io.StringIO(f"{content.decode()}\n{END}", newline=""), delimiter=separator)
    records, starts, end = [], [], 0
    for cells in reader:
        records.append(cells)
        starts.append(end + 1)
        end = reader.line_num
    closed = records[-1] == [END]
    return (records[:-1], starts[:-1], closed) if closed else (records, starts, closed)


def unclosed(path: Path, line: int) -> HypnicError:
    """Say on which line a quote is opened that nothing closes."""
    why = "a quote is opened here and never closed, so that nobody can tell the lines after it apart"
    return HypnicError(f"{named(path)}, line {line}: {why}; close it, or take it out")
