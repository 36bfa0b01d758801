"""What must not leave the contributor's machine: names of columns and texts of cells, told and never repeated."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.checking.clocks import SERIAL
from hypnic.datasets.checking.spoken import finds, foreign, honest_words, named, own_words, plain, spoken, strange
from hypnic.schemas import languages
from hypnic.schemas.privacy import (
    KINDS,
    LINK,
    LOGGED_IN,
    LONG,
    NAME,
    NEAR,
    NUMBERED,
    PLACE,
    POSTAL,
    PROSE,
)

if TYPE_CHECKING:
    from hypnic.schemas import Column
    from hypnic.schemas.privacy import Kind

NUMBER = re.compile(r"[-+−]?\d{1,6}([.,]\d*)?")  # honest numbers are short before the point, phones are not
LISTED = re.compile(r"\s*[|;,/]\s*")
INITIAL = re.compile(r"\b[A-Z]\.")
DOSE = re.compile(r"(?i)\b\d+\s?(?:mg|ml|cl|dl|l|g|kg|\u03bcg|mcg|ug|iu|ie|h|hr|hrs|min|mins|x|%|hz|db|am|pm|uhr)\b")


def private_value(value: str, column: Column | None = None) -> str | None:
    """Name the kind of private thing that a cell holds, or None where it may be sent.

    `column` is what the instrument knows of the cell's column, if anything.

    >>> private_value("write to someone@example.org")
    'an e-mail address'
    >>> private_value("11:30 pm") is None
    True
    """
    typed = plain(value)
    if _offered(typed, column) or _is_number(typed, column) or _is_time(typed, column):
        return None
    name = column.name if column else ""
    for kind in KINDS:
        if (not kind.only or name in kind.only) and name not in kind.never and finds(kind, typed):
            return kind.says
    several = typed.split("|") if column and column.kind == "tokens" else [typed]  # many words may make a long cell
    if any(finds(LONG, part) for part in several):
        return LONG.says
    return _by_words(typed, name)


def _by_words(typed: str, name: str) -> str | None:
    """Name the kind of private thing that the words of a cell tell, in any language."""
    words = [languages.fold(word) for word in spoken(typed)]
    unknown = strange(words)
    if not unknown:
        return None
    folded = languages.fold(typed)
    told = (kind for kind in languages.kinds() if finds(kind, folded))
    told_by_look = (kind for kind in (LINK, LOGGED_IN, NEAR, NUMBERED, POSTAL) if finds(kind, typed))
    if kind := next(told, None) or next(told_by_look, None):
        return kind.says
    if name != "country_code" and (kind := _somebody(typed, words)):
        return kind.says
    return PROSE.says if len(unknown) > 1 and finds(PROSE, typed) else None


def _somebody(typed: str, words: list[str]) -> Kind | None:
    """Tell a name or an address by its words."""
    many = [word for word in words if len(word) > 1]
    apart = spoken(re.sub(r"\w*\d\w*", " ", typed))  # a token with digits is no name
    if named(map(languages.fold, apart), honest_words()) or foreign(typed):
        return NAME
    alone = own_words().isdisjoint(many) or INITIAL.search(typed)
    if alone and (finds(NAME, typed) or _listed_by_surname(typed)):
        return NAME
    return PLACE if finds(PLACE, typed) and not DOSE.search(typed) and len(many) > 1 else None


def _listed_by_surname(typed: str) -> bool:
    """Tell whether a cell is a surname and an initial: `van der Xyz, J.`."""
    return re.fullmatch(r"[^\W\d_][\w'\u2019 -]+,\s*(?:[^\W\d_]\.\s?){1,3}", typed) is not None


def _fold(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _offered(text: str, column: Column | None) -> bool:
    """Whether a cell holds words that its column offers, in whatever spelling and order."""
    if column is None or not column.words:
        return False
    offered = _folded(column)
    return _fold(text) in offered or all(_fold(part) in offered for part in LISTED.split(text))


@cache
def _folded(column: Column) -> frozenset[str]:
    return frozenset(_fold(word) for word in column.words)


def _is_number(text: str, column: Column | None) -> bool:
    typed = column is None or column.kind in {"integer", "number"}
    return typed and NUMBER.fullmatch(text) is not None


def _is_time(text: str, column: Column | None) -> bool:
    """Whether a cell is a time as a spreadsheet exports it, on the first day of its calendar."""
    return column is not None and column.low is not None and SERIAL.fullmatch(text.casefold()) is not None
