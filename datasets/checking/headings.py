"""The privacy gate for names of columns: what they ask for, in the words of many languages."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import pairwise

from hypnic.datasets.checking.spoken import WORD, facts, finds, honest_words, named, plain, spoken
from hypnic.schemas import languages
from hypnic.schemas.asked import asks
from hypnic.schemas.privacy import DENIED, EVERYDAY, EXCUSED, JOINERS, KINDS, NAME

RUN = 32  # letters of a word that may be several run together
MASKED = "a name that asks for what is private"
SCALE = re.compile(
    r"(?i)\d\s*(?:[-/\u2013]|bis|to|a|\u00e0|tot|out of)\s*\d|\b(?:sur|von|out of|su|sobre|de|van)\s+\d+\s*\)?$"
    r"|\(note\)$"
)
MEASURED = re.compile(r"(?i)[\s_(](?:\d+_\d+|mg|ml|cl|dl|mins?|hrs?|pct|yn)\)?$")
ABBREVIATED = 3  # letters of a word that may be short for anything
MARKS = {"note", "notes", "noten"}  # words for a mark in some language and for a remark in another
CUT = re.compile(r"(?<![^\W\d_])([^\W\d_]{4,})\.")  # a word that a full stop cuts short
UMLAUT = re.compile(r"(?<=[^\Waeiouq_])([aou])e")
PARTICLE = 3  # letters of "van", "de" and the like, which take no capital
CUT_OFF = 2  # letters at least that are left out then


@lru_cache(4096)  # a name is asked for again by each table it may belong to, and in each part of one
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
    left, typed = _left(name, words), plain(name)[: 4 * RUN]
    short = any(map(_short_for_private, CUT.findall(languages.fold(typed))))
    if short or _asks(left, typed if len(left) == len(words) and not typed.isascii() else " ".join(left)):
        return MASKED
    kind = next((kind for kind in KINDS if kind.in_header and finds(kind, plain(name))), None)
    if kind is None and (named(left, honest_words()) or _of_somebody(typed)):
        return "a name that may be somebody's"
    return kind.says if kind else None


def _left(name: str, words: tuple[str, ...]) -> list[str]:
    """Give the words of a name, folded, without those that are harmless next to the others."""
    left = _excused().sub(" ", " ".join(map(languages.fold, words))).split()
    if SCALE.search(name):  # a note from 1 to 6 is a mark
        left = [word for word in left if word not in MARKS]
    for things, when, least in (*EVERYDAY, *languages.everyday()):
        if any(word in when for word in left) and sum(word not in things for word in left) * 3 >= least:
            left = [word for word in left if word not in things]
    if MEASURED.search(name):  # what is in milligrams is no street
        left = [word for word in left if len(word) > ABBREVIATED]
    return left


def _asks(left: list[str], said: str) -> bool:
    """Tell whether words ask for what is private: one of them, or two together."""
    spelt_out = len(left) > 1 and all(len(word) == 1 for word in left) and "".join(left) in DENIED  # D.O.B.
    alone = any(_denied().fullmatch(word[:RUN]) for word in left) or any(a + b in DENIED for a, b in pairwise(left))
    return spelt_out or alone or asks(said) or _two_together(" ".join(left))


def _of_somebody(name: str) -> bool:
    """Tell whether a header that is one or two words long is somebody's full name.

    Only a script with capitals tells names by their look: elsewhere any two words would be one.
    """
    words = spoken(name)
    strange = all(languages.fold(word) not in honest_words() for word in words)
    long = [word for word in name.split() if len(word) > PARTICLE or word[0].isupper()]
    return (
        strange
        and len(long) > 1
        and all(word[0].isupper() for word in long)
        and re.search(NAME.pattern, name) is not None
    )


def _two_together(words: str) -> bool:
    """Tell whether two words are private together, or one of them is where its umlauts are written with an e."""
    plainer = UMLAUT.sub(r"\1", words)
    return any(languages.pairs().search(said) for said in {words, plainer}) or (plainer != words and asks(plainer))


def _short_for_private(word: str) -> bool:
    """Tell whether a word that ends in a full stop is the beginning of a private one, and of no harmless one.

    >>> _short_for_private("nachn"), _short_for_private("temp")
    (True, False)
    """
    if word in honest_words():
        return False
    private, harmless = _sorted_words()
    return _begins(word, private) and not _begins(word, harmless)


def _begins(word: str, ordered: list[str]) -> bool:
    """Tell whether a word is the beginning of one of a sorted list."""
    place = bisect_left(ordered, word + "a" * CUT_OFF)
    return place < len(ordered) and ordered[place].startswith(word)


@cache
def _sorted_words() -> tuple[list[str], list[str]]:
    """Give the private words and the harmless ones, each sorted."""
    asked = {word.lstrip("~-") for word in languages.listed("headers") if word[0] != "="}
    return sorted(DENIED | {word for word in asked if word.isalpha()}), sorted(honest_words())


def _words(name: str) -> tuple[str, ...]:
    """Give the words of a column name: `StartDate2` is start, date.

    >>> _words("IPAddress-last_Used2")
    ('ip', 'address', 'last', 'used')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain(name))
    return tuple(word.casefold() for word in WORD.findall(parted))


@cache
def _excused() -> re.Pattern[str]:
    """Match what is taken out of a name before it is held against the lists."""
    phrases = sorted({*EXCUSED, *languages.listed("excused")}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


@cache
def _denied() -> re.Pattern[str]:
    """Match a word that is denied, or several run together of which one is."""
    endings = {word: "(?:e?s)?" if len(word) > 3 else "s?" for word in DENIED}  # late is no latitude
    denied = "|".join(re.escape(word) + endings[word] for word in sorted(DENIED, key=len, reverse=True))
    joiners = "|".join(JOINERS)
    return re.compile(rf"(?:{joiners})*(?:{denied})(?:{joiners}|(?:{denied}))*")


@cache
def _own_names() -> frozenset[tuple[str, ...]]:
    """Give the words of every name, title and question of the instrument: a form export has the questions on top."""
    return frozenset(_words(said) for fact in facts() for said in (fact.name, fact.title, fact.question))
