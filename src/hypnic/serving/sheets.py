"""The sheets of a workbook, of which a person picks one by its place; a name may be somebody's and is shown masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypnic.datasets.reading.limits import OLD_WORKBOOK, ZIP
from hypnic.datasets.reading.spreadsheets import sheets
from hypnic.schemas import filenames
from hypnic.serving.asking import SHEETS, MalformedError

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.serving.asking import Asked


def sheet_names(path: Path, content: bytes) -> list[str]:
    """Give the names of the sheets that can be seen and hold anything; none of a file that is no workbook."""
    if not content.startswith((ZIP, OLD_WORKBOOK)):
        return []
    return [name for name, rows in sheets(path, content).items() if any(any(row) for row in rows)][:SHEETS]


def chosen(path: Path, asked: Asked) -> str | None:
    """Give the name of the sheet that was picked, by its place from 1; None where none was.

    Raises MalformedError where there is no such sheet.
    """
    if not asked.sheet:
        return None
    there = sheet_names(path, asked.content)
    if asked.sheet > len(there):
        message = "there is no such sheet in the workbook; drop the file again"
        raise MalformedError(message)
    return there[asked.sheet - 1]


def offered(path: Path, asked: Asked, taken: str | None = None) -> dict[str, Any]:
    """Tell the page which sheets there are, as they can be printed, and the place of the one that is `taken`."""
    there = sheet_names(path, asked.content)
    return {
        "sheets": [filenames.sheet(name) for name in there],
        "sheet": there.index(taken) + 1 if taken in there else 0,
    }
