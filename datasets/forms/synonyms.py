"""What people call the instrument's columns in spreadsheets of their own: a data file a language."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import NamedTuple

from hypnic.datasets.forms.layouts import PROFILES, normalised, profiles, word_lists
from hypnic.schemas import TABLES, columns

NAMES = PROFILES.parent / "names"
UMLAUTS = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue"})


@cache
def spelt() -> dict[str, str]:
    """Give the column of each name of each language, as it is spelt."""
    listed = [tomllib.loads(path.read_text("utf-8")) for path in sorted(NAMES.glob("*.toml"))]
    return {name: column for known in listed for column, names in known.items() for name in names}


@cache
def synonyms() -> dict[str, str]:
    """Give the column that each name of each language stands for; a name that stands for two is left out.

    >>> synonyms()[normalised("Bettzeit")], synonyms()[normalised("heure du coucher")]
    ('bed_clock_h', 'bed_clock_h')
    """
    known: dict[str, set[str]] = {}
    for name, column in spelt().items():
        for way in (name, name.casefold().translate(UMLAUTS)):
            known.setdefault(normalised(way), set()).add(column)
    return {name: min(found) for name, found in known.items() if len(found) == 1}


@cache
def words() -> dict[str, dict[str, str]]:
    """Give the words of answers that people type in their own languages, normalised, by column.

    >>> words()["exercise_intensity"][normalised("m\u00e4\u00dfig")]
    'moderate'
    """
    listed = word_lists("words")
    return {
        column: {normalised(said): word for word, several in known.items() for said in several}
        for column, known in listed.items()
    }


@cache
def unlike() -> frozenset[str]:
    """Give the names, normalised, that look like a column's and mean something else.

    >>> normalised("Minutes Asleep") in unlike()
    True
    """
    return frozenset(map(normalised, word_lists("unlike")["others"]))


@cache
def nearest() -> dict[str, list[str]]:
    """Give the words, folded, that only the column has which asks what the instrument asks, by its name."""
    return word_lists("nearest")


class Names(NamedTuple):
    """The names, normalised, of `columns` of the instrument, and of `every` column that is known: who and when too."""

    columns: frozenset[str]
    every: frozenset[str]


@cache
def column_names() -> frozenset[str]:
    """Give every name by which a column is known, normalised: the instrument's, its questions, and people's own."""
    facts = [column for model in TABLES.values() for column in columns(model).values()]
    return frozenset({normalised(text) for f in facts for text in (f.name, f.question)} | synonyms().keys()) - {""}


@cache
def key_names() -> frozenset[str]:
    """Give every name of a column that says whose or when a row is, normalised."""
    own = profiles()["spreadsheet"]
    return frozenset(normalised(name) for names in (own.respondent, own.night, own.dates) for name in names)
