"""Exports of form tools: how each is laid out, and its cells as text."""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.datasets.reading.dialects import Dialect

PROFILES = Path(str(resources.files("hypnic.datasets.forms"))) / "profiles"
SEARCHED = 30  # rows of a person's own spreadsheet in which its names may stand
MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Profile:
    """How one tool lays its export out; a data file in `profiles/` says it.

    The last of the `header_rows`, which come before the answers, has the first of the `header_marks` that is found in
    it; without marks it is the first row. With `own_names` it is a person's own table: its columns go by synonyms too,
    the row with most of them is the header, and without a respondent all nights are one person's. A name may follow
    its `groups`; the answers of one cell are split at `joined`; a column named as `ticked` says holds one choice of a
    question; `code` matches a choice that is given by its code. Cells in `blank` hold no answer. Of the tool's own
    columns, `metadata` are harmless and `private` tell who, when or where; a row is `void` where such a column has what
    is said there: a preview, say. `links` says which column of a repeat's rows has the key of the row that they belong
    to, and what that is called there.
    """

    title: str
    export: str
    documented: str
    header_rows: int = 1
    header_marks: tuple[str, ...] = ()
    own_names: bool = False
    groups: str = ""
    joined: str = r"\s*,\s*"
    ticked: str = ""
    code: str = ""
    name_length: int = 0
    blank: tuple[str, ...] = ()
    respondent: tuple[str, ...] = ()
    night: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    void: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


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


@cache
def profiles() -> dict[str, Profile]:
    """Give every known layout by its name, with what all of them share added.

    >>> profiles()["redcap"].title
    'REDCap'
    """
    found = {path.stem: _toml(path) for path in sorted(PROFILES.glob("*.toml"))}
    shared = found.pop("common")
    return {
        name: Profile(**facts | {key: (*facts.get(key, ()), *shared[key]) for key in shared})
        for name, facts in found.items()
    }


def read_export(path: Path, profile: Profile, sheet: str | None = None) -> Export:
    """Read an export as text, cleared of markup and odd spaces: in whatever dialect `hypnic check` reads.

    Raises HypnicError where the file cannot be read or is not laid out as the profile says.
    """
    from hypnic.datasets.forms.naming import file_name  # which needs the profiles of this module

    name, text = file_name(path.name), read_text(path, sheet)
    text.refuse_ragged_lines("convert")
    cells = [tuple(map(clear, row)) for row in (text.header, *text.frame.fill_null("").iter_rows())]
    if profile.own_names:
        from hypnic.datasets.forms.synonyms import header_row  # which needs the profiles too

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


def _toml(path: Path) -> dict[str, Any]:
    facts = tomllib.loads(path.read_text("utf-8"))
    return {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
