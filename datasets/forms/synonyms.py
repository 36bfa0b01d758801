"""What people call the instrument's columns in spreadsheets of their own: a data file a language, and their own map."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.layouts import PROFILES, normalised
from hypnic.datasets.forms.naming import file_name
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NAMES = PROFILES.parent / "names"
HEAD = """\
# Which column of your spreadsheet is which of hypnic's. Type a name of `hypnic dictionary` where none stands, keep the
# file, and give it with --map each time. It holds no answer. Take out any line that names a person.
[columns]
"""


@cache
def synonyms() -> dict[str, str]:
    """Give the column that each name of each language stands for; a name that stands for two is left out.

    >>> synonyms()[normalised("Bettzeit")], synonyms()[normalised("heure du coucher")]
    ('bed_clock_h', 'bed_clock_h')
    """
    known: dict[str, set[str]] = {}
    for path in sorted(NAMES.glob("*.toml")):
        for column, names in tomllib.loads(path.read_text("utf-8")).items():
            for name in names:
                known.setdefault(normalised(name), set()).add(column)
    return {name: min(found) for name, found in known.items() if len(found) == 1}


@cache
def known_names() -> frozenset[str]:
    """Give every name by which a column is known, normalised: the instrument's, its questions, and people's own."""
    facts = [column for model in TABLES.values() for column in columns(model).values()]
    return frozenset({normalised(text) for f in facts for text in (f.name, f.question)} | synonyms().keys()) - {""}


def read_map(path: Path) -> Codebook:
    """Read a map of a spreadsheet's own names; raise HypnicError where it is none, or names no column."""
    try:
        own = tomllib.loads(path.read_text("utf-8"))["columns"]
        named = {normalised(header): column for header, column in own.items() if column}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, AttributeError):
        message = f"{file_name(path.name)}: this is no map; leave the file away, and --map writes one"
        raise HypnicError(message) from None
    known = {name for model in TABLES.values() for name in columns(model)}
    wrong = [column for column in named.values() if column not in known]
    if wrong:
        message = f"{file_name(path.name)}: {len(wrong)} of its names are no column; `hypnic dictionary` lists them"
        raise HypnicError(message)
    return Codebook(questions=named)


def as_map(
    heads: Sequence[Sequence[str]], answers: Mapping[str, Sequence[int]], unmatched: Mapping[int, str | None]
) -> str:
    """Write the map of a spreadsheet: each of its names with its column, or with the nearest in a remark."""
    lines = []
    for name, places in answers.items():
        lines += [f"{json.dumps(heads[place][0], ensure_ascii=False)} = {json.dumps(name)}" for place in places]
    for place, near in unmatched.items():
        if heads[place][0]:
            remark = f"  # perhaps {near}" if near else ""
            lines.append(f'{json.dumps(heads[place][0], ensure_ascii=False)} = ""{remark}')
    return HEAD + "\n".join(dict.fromkeys(lines)) + "\n"
