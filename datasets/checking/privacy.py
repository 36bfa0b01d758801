"""The privacy gate: columns and cells that must not leave the contributor's machine, found and never repeated."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.failures import Failure
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.countries import COUNTRIES
from hypnic.schemas.privacy import (
    ANSWERS,
    DENIED,
    EXCUSED,
    HANDLE,
    JOINERS,
    KINDS,
    LONG,
    NAME,
    PAIR,
    PLACE,
    PROSE,
    STUDY,
    Kind,
)
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Column, Table

NUMBER = re.compile(r"[-+−]?\d{1,6}([.,]\d*)?")  # honest numbers are short before the point, phones are not
LOOKED = 256  # characters of a text that are searched, so that no text, however made, holds the search up
RUN = 32  # letters of a word that may be several run together
SHORT = 6  # characters: a number this short cannot be a long one
LISTED = re.compile(r"\s*[|;,/]\s*")
WORD = re.compile(r"[^\W\d_]+")


def private(text: TextTable, model: type[Table]) -> list[Failure]:
    """Find every column name (`PV1`) and every cell (`PV2`) that is refused at the door.

    Columns with a refused name are one failure each; their cells are not told one by one, as the column must go whole.
    A failure has the place of its column (from 0) and the kind of what was found, and never the cell's text.

    Parameters
    ----------
    text
        A file as text, before anything is typed: its repeated and unknown columns are looked at too.
    model
        The table that the file holds.

    Returns
    -------
    list of Failure
        In the order of the columns; empty where all may leave the machine.

    Notes
    -----
    Section 7 of the instrument lists what is refused; `hypnic.schemas.privacy` says how each is known.

    """
    facts, found = columns(model), []
    for place, name in enumerate(text.header):
        if name in facts:
            found += _cells(text.frame.to_series(place), place, name, facts[name])
        elif kind := private_name(name):
            found.append(Failure(RuleId.PV1, None, name, place=place, kind=kind))
        else:
            found += _cells(text.frame.to_series(place), place, name, None)
    return found


def private_name(name: str) -> str | None:
    """Say why a column must not be called so, or None where it may be.

    >>> private_name("ParticipantEmail")
    'a name that asks for what is private'
    >>> private_name("Sex at birth") is None
    True
    """
    words = _words(name)
    if words in _own_names():
        return None
    rest = " ".join(words)
    for phrase in EXCUSED:
        rest = re.sub(rf"\b{phrase}\b", " ", rest)
    left = rest.split()
    if any(_denied().fullmatch(word[:RUN]) for word in left) or any(a + b in DENIED for a, b in pairwise(left)):
        return "a name that asks for what is private"
    kind = next((kind for kind in KINDS if kind.in_header and _finds(kind, _plain(name))), None)
    return kind.says if kind else None


def private_value(value: str, column: Column | None = None) -> str | None:
    """Name the kind of private thing that a cell holds, or None where it may be sent.

    `column` is what the instrument knows of the cell's column, if anything.

    >>> private_value("write to someone@example.org")
    'an e-mail address'
    >>> private_value("11:30 pm") is None
    True
    """
    plain = _plain(value)
    if _offered(plain, column) or _is_number(plain, column):
        return None
    name = column.name if column else ""
    for kind in KINDS:
        if (not kind.only or name in kind.only) and name not in kind.never and _finds(kind, plain):
            return kind.says
    parts = plain.split("|") if column and column.kind == "tokens" else [plain]  # many words may make a long cell
    if any(_finds(LONG, part) for part in parts):
        return LONG.says
    strange = [word for word in _spoken(plain) if word not in _vocabulary()]
    for kind in (NAME, PLACE) if strange else ():
        if name not in kind.never and _finds(kind, plain):
            return kind.says
    return PROSE.says if len(strange) > 1 and _finds(PROSE, plain) else None


def private_sentence(text: str) -> str | None:
    """Name the kind of private thing that a sentence of a contributor holds, or None where it may be published.

    Whole sentences are meant to be long and wordy, and may say how old respondents had to be.

    >>> private_sentence("Diaries kept by Jo Doe")
    "somebody's name, or a place"
    >>> private_sentence("Every respondent, aged 18 or over, agreed to open data.") is None
    True
    """
    plain = _plain(text)
    kinds = (kind for kind in (*KINDS, HANDLE) if kind.in_sentence and not kind.only and _finds(kind, plain))
    if kind := next(kinds, None):
        return kind.says
    countries = {code.casefold() for code in COUNTRIES}  # JO is one, Jo may be a name
    known = _vocabulary() - countries | ANSWERS | STUDY
    pairs = (_spoken(" ".join(match.groups())) for match in PAIR.finditer(plain[:LOOKED]))
    named = any(known.isdisjoint(word for word in pair if len(word) > 1) for pair in pairs)
    return "somebody's name, or a place" if named else None


def _cells(cells: pl.Series, place: int, name: str, column: Column | None) -> list[Failure]:
    """Find the private cells of one column; only what is unlike an answer is looked at closely, each text once."""
    index = cells.is_not_null()
    if column and column.kind in {"integer", "number"}:
        index &= cells.cast(pl.Float64, strict=False).is_null() | (cells.str.len_bytes() > SHORT)
    elif column and column.pattern:
        index &= ~cells.str.contains(column.pattern)
    elif column:
        index &= ~cells.is_in(list(column.words))
    rows = index.arg_true()
    if rows.is_empty():
        return []
    looked = {text: private_value(text, column) for text in cells.gather(rows).unique()}
    kinds = ((row, looked[cells[row]]) for row in rows) if any(looked.values()) else ()
    return [Failure(RuleId.PV2, row, name, place=place, kind=kind) for row, kind in kinds if kind]


def _plain(text: str) -> str:
    """Write a text with ordinary characters: full-width digits become plain, zero-width characters go."""
    folded = unicodedata.normalize("NFKC", text[: 16 * LOOKED])
    return "".join(letter for letter in folded if unicodedata.category(letter) != "Cf").strip()


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


def _finds(kind: Kind, text: str) -> bool:
    return re.search(kind.pattern, text[:LOOKED]) is not None


def _words(name: str) -> tuple[str, ...]:
    """Give the words of a column name: `StartDate2` is start, date.

    >>> _words("IPAddress-last_Used2")
    ('ip', 'address', 'last', 'used')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", _plain(name))
    return tuple(word.casefold() for word in WORD.findall(parted))


@cache
def _denied() -> re.Pattern[str]:
    """Match a word that is denied, or several run together of which one is."""
    denied = "|".join(sorted((re.escape(word) for word in DENIED), key=len, reverse=True))
    joiners = "|".join(JOINERS)
    return re.compile(rf"(?:{joiners})*(?:{denied})e?s?(?:{joiners}|(?:{denied})e?s?)*")


def _facts() -> Sequence[Column]:
    return [column for model in (Participants, Nights) for column in columns(model).values()]


@cache
def _own_names() -> frozenset[tuple[str, ...]]:
    """Give the words of every name, title and question of the instrument: a form export has the questions on top."""
    return frozenset(_words(said) for fact in _facts() for said in (fact.name, fact.title, fact.question))


@cache
def _vocabulary() -> frozenset[str]:
    """Give every word that an honest answer may hold."""
    said = [text for f in _facts() for text in (f.name, f.title, f.question, f.unit, *f.words)]
    return ANSWERS.union(*(_spoken(text) for text in said))


def _spoken(text: str) -> list[str]:
    return WORD.findall(re.sub(r"['\u2019]", "", text.casefold()))  # "don't" is one word, whichever apostrophe
