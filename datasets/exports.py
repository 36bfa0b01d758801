"""Exports of form tools: how each is laid out, and its cells as text."""

from __future__ import annotations

import csv
import html
import io
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hypnic.datasets.loading import data_folder
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Profile:
    """How one tool lays its export out; a data file in `profiles/` says it.

    `separators` may stand between cells; `header_rows` come before the answers, the last of them with `header_mark`
    in it. A name may follow its `groups`; the answers of one cell are split at `joined`; a column named as `ticked`
    says holds one choice of a question; a choice may be given by its `code`, a position from 1. Cells in `blank` hold
    no answer. `metadata` are the tool's own columns.
    """

    title: str
    export: str
    documented: str
    separators: str
    header_rows: int = 1
    header_mark: str = ""
    groups: str = ""
    joined: str = r"\s*,\s*"
    ticked: str = ""
    code: str = ""
    name_length: int = 0
    blank: tuple[str, ...] = ()
    respondent: tuple[str, ...] = ()
    night: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export:
    """An export as text: for each column all its headers, for each respondent's row all its cells."""

    name: str
    headers: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


@cache
def profiles() -> dict[str, Profile]:
    """Give every known layout by its name, with what all of them share added.

    >>> list(profiles())
    ['google-forms', 'limesurvey', 'odk', 'qualtrics', 'redcap']
    """
    shared = common()
    found = {path.stem: _toml(path) for path in sorted((data_folder() / "profiles").glob("*.toml"))}
    return {
        name: Profile(**facts | {key: (*facts.get(key, ()), *shared[key]) for key in ("respondent", "night")})
        for name, facts in found.items()
        if name != "common"
    }


@cache
def common() -> dict[str, tuple[str, ...]]:
    """Give what all layouts share: private words, names of the respondent's and of the night's column."""
    return _toml(data_folder() / "profiles" / "common.toml")


def read_export(path: Path, profile: Profile) -> Export:
    """Read an export as text, cleared of markup and odd spaces.

    Raises HypnicError where the file cannot be read or is not laid out as the profile says.
    """
    text = _decoded(path)
    opening = text.split("\n", 1)[0]
    separator = max(profile.separators, key=opening.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(line)]
    except csv.Error:
        message = f"{path.name}: this is not a CSV table; export it again as CSV"
        raise HypnicError(message) from None
    head, rows = lines[: profile.header_rows], lines[profile.header_rows :]
    if len(head) < profile.header_rows or not any(profile.header_mark in cell for cell in head[-1]):
        message = f"{path.name}: this is not laid out as {profile.title} exports: {profile.export}"
        raise HypnicError(message)
    width = len(head[0])
    headers = tuple(
        tuple(clear(cell) for cell in column) for column in zip(*(_fit(h, width) for h in head), strict=True)
    )
    return Export(path.name, headers, tuple(tuple(clear(cell) for cell in _fit(row, width)) for row in rows))


def clear(text: str) -> str:
    r"""Take markup, entities, odd spaces and outer spaces away.

    >>> clear("<p>How&nbsp;stressful was\xa0<b>today</b>?</p> ")
    'How stressful was today?'
    """
    plain = unicodedata.normalize("NFKC", html.unescape(MARKUP.sub(" ", text)))
    return re.sub(r"\s+([?.,:;!])", r"\1", " ".join(plain.replace("\ufeff", "").replace("\0", "").split()))


def folded(text: str) -> str:
    """Fold a name to lower-case letters, digits and single underscores.

    >>> folded("Duration (in seconds)")
    'duration_in_seconds'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def squashed(text: str) -> str:
    """Keep only letters, digits and the plus of `75+`, in lower case: what is left of a label is compared.

    >>> squashed("Head / neck") == squashed("head_neck")
    True
    """
    return re.sub(r"[^a-z0-9+]+", "", text.casefold())


def _fit(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); look at the name and the folder"
        raise HypnicError(message) from None
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = f"{path.name}: not readable as text; export it as CSV in UTF-8 and try again"
    raise HypnicError(message)


def _toml(path: Path) -> dict[str, Any]:
    facts = tomllib.loads(path.read_text("utf-8"))
    return {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
