"""Texts held against words: what an honest answer is made of, and which names people have."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from hypnic.schemas import Nights, Participants, columns, languages
from hypnic.schemas.privacy import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.schemas import Column
    from hypnic.schemas.privacy import Kind

LOOKED = 256  # characters of a text that are searched, so that no text, however made, holds the search up
WORD = re.compile(r"[^\W\d_]+")
OTHER_SCRIPT = re.compile("(?:(?![\u0250-\u036f\u1e00-\u1eff\u2000-\u2bff\uff00-\uffef])[^\\W\\d_\u0000-\u024f]){2,}")

ONE_LETTER = re.compile("[\u3400-\u9fff\uac00-\ud7a3]+")  # a word of one letter may be a name here


def plain(text: str) -> str:
    """Write a text with ordinary characters: full-width digits become plain, zero-width characters go."""
    folded = unicodedata.normalize("NFKC", text[: 16 * LOOKED])
    return "".join(letter for letter in folded if unicodedata.category(letter) != "Cf").strip()


def spoken(text: str) -> list[str]:
    """Give the words of a text in lower case; "don't" is one word, whichever apostrophe."""
    return WORD.findall(re.sub(r"['\u2019]", "", text.casefold()))


def finds(kind: Kind, text: str) -> bool:
    """Tell whether a text holds a kind of private thing."""
    return re.search(kind.pattern, text[:LOOKED]) is not None


def facts() -> Sequence[Column]:
    """Give all columns of the instrument."""
    return [column for model in (Participants, Nights) for column in columns(model).values()]


@cache
def own_words() -> frozenset[str]:
    """Give every word that the instrument itself uses in an answer, and those of honest answers around it."""
    said = [text for f in facts() for text in (f.name, f.title, f.question, f.unit, *f.words)]
    return ANSWERS.union(*(spoken(text) for text in said))


@cache
def own_folded() -> frozenset[str]:
    """Give the same words folded."""
    return frozenset(map(languages.fold, own_words()))


@cache
def honest_words() -> frozenset[str]:
    """Give every word that an honest answer may hold, in any of the languages; folded."""
    return languages.harmless() | own_folded()


def strange(words: Iterable[str]) -> list[str]:
    """Give the folded words that no honest answer holds; other languages are read only where ours has not all words.

    >>> strange(["seven", "or", "eight", "qwrtz"])
    ['qwrtz']
    """
    unknown = [word for word in words if len(word) > 1 and word not in own_folded()]
    return [word for word in unknown if word not in honest_words()]


def named(words: Iterable[str], but: frozenset[str] = frozenset()) -> bool:
    """Tell whether a frequent name is among folded words, or several in a row are one.

    >>> named(["kept", "by", "anna"]), named(["mild", "pain"]), named(["van", "den", "berg"])
    (True, False, True)
    """
    known, listed = languages.names() - but, list(words)
    joined = f" {' '.join(listed)} "
    return not known.isdisjoint(listed) or any(f" {name} " in joined for name in _long_names())


@cache
def _long_names() -> frozenset[str]:
    return frozenset(name for name in languages.names() if " " in name)


def foreign(text: str) -> bool:
    """Tell whether a text has a word in another script than ours that is no harmless word.

    >>> foreign("\u041d\u0435\u0432\u0430"), foreign("\u043d\u0435\u0442"), foreign("400 \u00b5g")
    (True, False, False)
    """
    known, said = languages.harmless(), text[:LOOKED]
    runs = [*OTHER_SCRIPT.finditer(said), *ONE_LETTER.finditer(said)]
    return any(languages.fold(run[0]) not in known for run in runs)
