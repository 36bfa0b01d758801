"""Exports of form tools: their headers and their cells as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypnic.datasets.forms.apps import App, app_of
from hypnic.datasets.forms.layouts import clear
from hypnic.datasets.forms.looping import once_each
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.sheets import read_grid
from hypnic.datasets.forms.titles import parts
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.reading.dialects import Dialect


@dataclass(frozen=True)
class Export:
    """An export as text: for each column all its headers, for each respondent's row all its cells."""

    name: str
    dialect: Dialect
    headers: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    said: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    whole: bool = True
    opening: tuple[str, ...] = ()

    @property
    def app(self) -> App | None:
        """The sleep app that made it, where it is one that is known."""
        return app_of(heads[0] for heads in self.headers)

    def spreadsheet_row(self, number: int) -> str:
        """Say where a row, from 0, stands in a spreadsheet; of several sheets, in which."""
        return self.where[number] if self.where else f"{number + self.first_row}"


def read_export(
    path: Path, profile: Profile, sheet: str | Sequence[str] | None = None, codebook: Codebook | None = None
) -> Export:
    """Read an export as text, cleared of markup and odd spaces: in whatever dialect `hypnic check` reads.

    Of a person's own workbook several sheets may be named, and a map says what else its names are.

    Raises HypnicError where the file cannot be read or is not laid out as the profile says.
    """
    if profile.own_names:
        grid, name = read_grid(path, sheet, codebook), file_name(path.name)
        app = app_of(grid.heads)
        heads = tuple((app.unit_said(head) if app else head,) for head in grid.heads)
        return Export(name, grid.dialect, heads, grid.rows, grid.first, grid.said, grid.where, grid.whole, grid.opening)
    name, text = file_name(path.name), read_text(path, sheet if isinstance(sheet, str) else None)
    text.refuse_ragged_lines("convert")
    cells = [tuple(map(clear, row)) for row in (text.header, *text.frame.fill_null("").iter_rows())]
    first = _first_row(cells, profile)
    if first is None:
        message = f"{name}: this is not laid out as {profile.title} exports: {profile.export}"
        raise HypnicError(message)
    above = cells[:first]
    if profile.continued:
        asked, choices = _continued(above[0]), above[-1]
        each = zip(asked, choices, strict=True)
        whole = tuple(head if mark in {"", *profile.header_marks} else f"{head} [{mark}]" for head, mark in each)
        above = [whole, asked, *above[1:]]
    above, rows, came = once_each(above, cells[first:], profile)
    above.insert(0, above.pop(min(profile.called, len(above) - 1)))
    headers = (_with_texts(heads, profile, codebook) for heads in zip(*above, strict=True))
    where = tuple(str(number + first + 1) for number in came) if len(rows) > len(cells) - first else ()
    return Export(name, text.dialect, tuple(headers), tuple(rows), first + 1, where=where)


def _with_texts(heads: tuple[str, ...], profile: Profile, codebook: Codebook | None) -> tuple[str, ...]:
    """Add the question that a study's codebook has for a column, as one more of its headers."""
    texts = map(codebook.text, parts(heads, profile)) if codebook else ()
    return (*heads, *dict.fromkeys(text for text in texts if text and text not in heads))


def _continued(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Repeat a question over the blank headers of its choices."""
    last, filled = "", []
    for cell in cells:
        last = cell or last
        filled.append(last)
    return tuple(filled)


def _first_row(cells: list[tuple[str, ...]], profile: Profile) -> int | None:
    """Give the place of the first row of answers."""
    for mark in profile.header_marks:
        for number, row in enumerate(cells[: profile.header_rows], 1):
            if any(mark in cell for cell in row):
                return number
    if profile.named_rows and len(set(profile.names) & set(cells[0])) > 1:
        return profile.named_rows
    return None if profile.header_marks else 1
