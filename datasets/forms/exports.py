"""Exports of form tools: their headers and their cells as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypnic.datasets.forms.layouts import clear
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.synonyms import header_row
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.reading.dialects import Dialect

SEARCHED = 30  # rows of a person's own spreadsheet in which its names may stand


@dataclass(frozen=True)
class Export:
    """An export as text: for each column all its headers, for each respondent's row all its cells."""

    name: str
    dialect: Dialect
    headers: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int

    def spreadsheet_row(self, number: int) -> int:
        """Say where a row, from 0, stands in a spreadsheet."""
        return number + self.first_row


def read_export(path: Path, profile: Profile, sheet: str | None = None) -> Export:
    """Read an export as text, cleared of markup and odd spaces: in whatever dialect `hypnic check` reads.

    Raises HypnicError where the file cannot be read or is not laid out as the profile says.
    """
    name, text = file_name(path.name), read_text(path, sheet)
    text.refuse_ragged_lines("convert")
    cells = [tuple(map(clear, row)) for row in (text.header, *text.frame.fill_null("").iter_rows())]
    if profile.own_names:
        cells = cells[header_row(cells[:SEARCHED]) :]
        skipped = text.frame.height + 1 - len(cells)
        return Export(name, text.dialect, tuple((head,) for head in cells[0]), tuple(cells[1:]), skipped + 2)
    first = _first_row(cells, profile)
    if first is None:
        message = f"{name}: this is not laid out as {profile.title} exports: {profile.export}"
        raise HypnicError(message)
    return Export(name, text.dialect, tuple(zip(*cells[:first], strict=True)), tuple(cells[first:]), first + 1)


def _first_row(cells: list[tuple[str, ...]], profile: Profile) -> int | None:
    """Give the place of the first row of answers."""
    for mark in profile.header_marks:
        for number, row in enumerate(cells[: profile.header_rows], 1):
            if any(mark in cell for cell in row):
                return number
    return None if profile.header_marks else 1
