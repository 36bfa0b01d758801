"""Words of many languages by which private things are known, and harmless ones: a data file a language."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

from hypnic.schemas.privacy import ANSWERS, STUDY, Kind

FOLDER = Path(str(resources.files("hypnic.schemas"))) / "languages"
SINGLE = str.maketrans({"\u0142": "l", "\xf8": "o", "\u0111": "d", "\u0131": "i", "\xe6": "ae", "\u02bc": "'"})
ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts without capitals.
CASELESS = "\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
WORD = re.compile(rf"[^\W\d_]+|[{CASELESS}]+")
# Between two words that belong together: an ending, a space, and words such as "of the".
JOINED = (
    "(?:e?s|e?n)? ?"
    "(?:(?:of|the|your|my|de|del|della|dello|di|du|des|do|da|van|der|die|das|het|la|le|l|d|el|ihrer?|votre|su|uw|o|a) )"
    "{0,2}"
)
LEGAL = "16|18|21"  # ages from which people may take part


def fold(text: str) -> str:
    """Write a text in lower case without accents: what is left of a word is compared.

    >>> fold("T\u00e9l\u00e9phone"), fold("Imi\u0119 i Nazwisko"), fold("Stra\u00dfe")
    ('telephone', 'imie i nazwisko', 'strasse')
    """
    if text.isascii():
        return text.lower()
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFKC", bare).translate(SINGLE)


@cache
def _written() -> dict[str, dict[str, Any]]:
    """Read the lists of every language as they are written; as JSON, since every check of an odd name reads them.

    `asked` has what a header may ask for, a list a thing; `pairs` what is private where a word before the plus stands
    next to one after it; `diary` further words of diaries; `language` the name of the language.
    """
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
    for lists in found.values():
        del lists["language"]
        lists["headers"] = [*lists.get("headers", ()), *chain.from_iterable(lists.pop("asked", {}).values())]
    return found


@cache
def languages() -> dict[str, dict[str, tuple[str, ...]]]:
    """Give the lists of every language, folded."""
    return {code: {key: tuple(map(fold, words)) for key, words in lists.items()} for code, lists in _written().items()}


@cache
def listed(key: str) -> frozenset[str]:
    """Give the words and phrases of one list of all languages.

    >>> "achternaam" in listed("headers"), "ja" in listed("harmless")
    (True, True)
    """
    return frozenset(fold(word) for lists in _written().values() for word in lists.get(key, ()))


@cache
def harmless() -> frozenset[str]:
    """Give every single word that answers, titles and consents are made of, whatever the language."""
    said = " ".join(listed("harmless") | listed("diary") | listed("study") | listed("countries"))
    return frozenset(WORD.findall(said)) | ANSWERS | STUDY


@cache
def names() -> frozenset[str]:
    """Give frequent names that are no other word; several in a row where a name has several words."""
    return listed("names") - harmless()


@cache
def places() -> frozenset[str]:
    """Give the names of large towns that are no other word."""
    return listed("places") - harmless()


@cache
def everyday() -> tuple[tuple[frozenset[str], frozenset[str], int], ...]:
    """Give, for each language, the devices of everyday life and the words next to which they are harmless.

    They are as `EVERYDAY` in `hypnic.schemas.privacy`: the phone in bed is nobody's number.
    """
    both = [(lists["devices"], lists["using"]) for lists in languages().values() if "devices" in lists]
    return tuple((frozenset(things), frozenset(when), 3) for things, when in both)


@cache
def pairs() -> re.Pattern[str]:
    """Match two words that are private next to each other, apart or run together, in either order; folded.

    >>> [pairs().search(name) is not None for name in ("heimatort", "nom du patient", "ort der zuckung")]
    [True, True, False]
    """
    ways = set()
    for pair in listed("pairs"):
        one, other = ("|".join(side.split()) for side in pair.split("+"))
        ways |= {rf"(?:{one}){JOINED}(?:{other})", rf"(?:{other}){JOINED}(?:{one})"}
    return re.compile(rf"\b(?:{'|'.join(sorted(ways))})(?:e?s|e?n|e|r)?\b")


def _either(words: frozenset[str] | set[str], space: str = " ") -> str:
    """Match any of several words, the longest first."""
    ordered = sorted((word for word in words if word[0] != "="), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", space) for word in ordered)


def _of(key: str) -> str:
    """Match any word of a list as a word of its own; words of a script without spaces wherever they stand."""
    scripts = frozenset(word for word in listed(key) if re.search(f"[{CASELESS}]", word))
    apart = rf"(?<!\w)(?:{_either(listed(key) - scripts, '[ -]')})(?!\w)"
    return f"(?:{apart}|{_either(scripts)})" if scripts else apart


@cache
def kinds(*, sentence: bool = False) -> tuple[Kind, ...]:
    """Give the kinds of private things that are told by words of a language; patterns are searched in a folded text.

    In a `sentence`, the ages from which people may take part are harmless.
    """
    months, ages, tens = _of("months"), _of("age"), _either(listed("tens"))
    roads = _either(frozenset(word[1:] for word in listed("streets") if word[0] == "="))
    aged = rf"(?!(?:{LEGAL})\b)" if sentence else ""
    said = r"(?:st|nd|rd|th|er|\xba|\.)?\s*(?:de\s|of\s|d')?"
    told = () if sentence else (Kind("an exact age", rf"^(?:1[6-9]|[2-9]\d|10\d)[\s-]?{_of('years')}\.?$"),)
    return (
        *told,
        Kind("a calendar date", rf"(?<!\d)(?:0?[1-9]|[12]\d|3[01]){said}{months}|{months}\.?\s*(?:de\s)?\d"
                                r"|\d\s*[\u5e74\ub144]\s*\d{1,2}\s*[\u6708\uc6d4]|\d\s*[\u6708\uc6d4]\s*\d{1,2}\s*[\u65e5\uc77c]"),
        Kind("an exact age", rf"(?<![\d-])(?<!to\s){aged}\d{{2,3}}[\s-]*{ages}"
                             rf"|\b(?:\w*(?:{tens})\w*)(?:[\s-]+\w+){{0,2}}?[\s-]+{ages}"
                             rf"|\b(?:i\s?am|i'm|im alter von|aged?)\W{{1,3}}{aged}\d\d\b"
                             r"(?!\s*(?:to|-|\u2013|and|or|years and|\+)\s*(?:\d|over|older|above|up|$))"),
        Kind("a person of somebody's family", _of("kin")),
        Kind("a patient or insurance number", rf"{_of('documents')}\W*(?:no|nr|num\w*|id|n)?\W*[a-z]{{0,3}}\W?\d{{3}}"),
        Kind("an address", rf"\b\w{{3,}}(?:{_either(listed('streets'))})\.?\s\d{{1,4}}\b"
                           rf"|\b(?:{roads}|jalan|jl|rua|calle|viale|piazza|rue|avenida)\.?\s+[^\d,]{{3,30}},?\s\d"),
    )  # fmt: skip
