"""What word of a column somebody meant: a tick, a missing code, or one of its words spelt otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.checking.suggestion import Suggestion
from hypnic.datasets.reading.headers import nearest
from hypnic.schemas.column import CODES, EXCLUSIVE
from hypnic.schemas.countries import ALIASES

if TYPE_CHECKING:
    from collections.abc import Collection

    from hypnic.schemas import Column

# What spreadsheets and forms write for a tick, in English, German, French, Spanish, Dutch, Italian and Portuguese.
TRUE = frozenset([
    "true", "t", "yes", "y", "1", "wahr", "ja", "j", "vrai", "oui", "verdadero", "si", "sí", "waar", "vero", "sì",
    "verdadeiro", "sim",
])  # fmt: skip
FALSE = frozenset([
    "false", "f", "no", "n", "0", "falsch", "nein", "faux", "non", "falso", "onwaar", "nee", "não",
])  # fmt: skip


def missing_code(typed: str, column: Column) -> Suggestion | None:
    """Give the missing code that somebody wrote in words, or as a number; None where it is none of the column's."""
    said = _plain(typed)
    code = next(
        (code for code, words in CODES.items() if said in {_plain(words), f"{code}", _plain(words) + "s"}), None
    )
    code = -8 if said in {"dontknow", "donotknow", "dk", "cannotsay"} else code
    return Suggestion(str(code)) if code in column.codes else None


def one_word(typed: str, column: Column) -> Suggestion | None:
    """Give the word of a column that is meant: but for case and spaces, yes or no, a code, or the nearest."""
    found = _one_of(typed, column.words) or ALIASES.get(typed.upper()) or _one_of(f"{typed}.0", column.words)
    if found is None and typed.casefold() in TRUE | FALSE:
        words = ("true", "false") if column.kind == "flag" else ("yes", "no")
        found = words[typed.casefold() in FALSE]
    if found is None:
        code = missing_code(typed, column)
        found = code.text if code else nearest(typed, column.words)
    return Suggestion(found) if found in column.words else None


def tokens(typed: str, column: Column) -> Suggestion | None:
    """Give the words of a cell with several, sorted and with | between them; None where one cannot be told."""
    parts = [part for part in re.split(r"\s*[|;,/\n]\s*", typed) if part]
    words = [_one_of(part, column.words) or nearest(part, column.words) for part in parts]
    known = sorted({word for word in words if word})
    alone = {*EXCLUSIVE, *column.missing_words}
    if not known or None in words or (len(known) > 1 and alone & set(known)):
        return None
    return Suggestion("|".join(known))


def _one_of(typed: str, words: Collection[str]) -> str | None:
    said = _plain(typed)
    return next((word for word in words if _plain(word) == said), None) if said else None


def _plain(word: str) -> str:
    """Fold case, spaces, dashes and underscores away, but for a dash between digits and a minus in front."""
    word = word.casefold().strip().replace("\u2013", "-").replace("\u2212", "-")
    word = re.sub(r"(?<=\d)\s*-\s*(?=\d)", "~", word)
    return re.sub(r"[\s_'\u2019.]+|(?<!^)-", "", word)
