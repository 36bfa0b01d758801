"""Exports of form tools: how each is laid out, and its cells as text."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.profile import Profile
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.datasets.reading.dialects import Dialect

MARKUP = re.compile(r"<[^>]*>")


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


def clear(text: str) -> str:
    r"""Take markup, entities, odd spaces and outer spaces away.

    >>> clear("<p>How&nbsp;stressful was\xa0<b>today</b>?</p> ")
    'How stressful was today?'
    """
    plain = unicodedata.normalize("NFKC", html.unescape(MARKUP.sub(" ", text)))
    return re.sub(r"\s+([?.,:;!])", r"\1", " ".join(plain.replace("\ufeff", "").split()))


def normalised(text: str) -> str:
    """Keep only letters, digits and the plus of `75+`, in lower case: what is left of a label is compared.

    >>> normalised("Head / neck") == normalised("head_neck")
    True
    """
    return re.sub(r"[^a-z0-9+]+", "", text.casefold())
