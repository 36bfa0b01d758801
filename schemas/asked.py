"""What the header of a column asks for, in many languages: words with their endings, compounds, and parts of words."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from hypnic.schemas.languages import CASELESS, WORD, fold, languages

LONGEST = 6  # words of a phrase
SHORT = 3  # letters of a word that takes no ending: too much would be like it
MARKS = "=~-"  # the whole header; anywhere in a word; at the end of a compound
SPACED = re.compile("[\u0590-\u06ff\u0900-\u0dff]")
# "and", "the", "in", "to" of Arabic and Hebrew, written with the word after them
PREFIXED = "\u0648\u0627\u0644\u0628\u0641\u0643\u05d4\u05d5\u05d1\u05dc\u05de\u05e9\u05db"
SCRIPT = re.compile(f"[{CASELESS}]")


class Asked(NamedTuple):
    """Words by which headers ask for what is private: `words` and `tails` with the endings they may take.

    `roots` are searched anywhere in a word, and `scripts` where the header has letters of a script without capitals.
    """

    whole: frozenset[str]
    words: dict[str, frozenset[str]]
    tails: dict[str, frozenset[str]]
    roots: tuple[str, ...]
    scripts: tuple[str, ...]


def asks(header: str) -> bool:
    """Tell whether a header asks for what is private in any language.

    >>> [asks(header) for header in ("Numer telefonu", "\u6c0f\u540d", "Brugernavn", "Schlafdauer")]
    [True, True, True, False]
    """
    spoken, known = WORD.findall(fold(header)), asked()
    said = " ".join(spoken)
    parts = known.scripts if SCRIPT.search(said) else known.roots
    if said in known.whole or any(part in said and _begins(part, said) for part in parts):
        return True
    if any(_ended(word[start:], known.tails) for word in spoken for start in range(1, len(word) - SHORT)):
        return True
    spans = ((start, end) for start in range(len(spoken)) for end in range(start + 1, start + 1 + LONGEST))
    return any(_ended(" ".join(spoken[start:end]), known.words) for start, end in spans if end <= len(spoken))


def _begins(part: str, said: str) -> bool:
    """Tell whether a part of a text begins a word there, as it must in a script that parts its words by spaces."""
    if not SPACED.match(part):
        return True
    before = (said[: found.start()].rsplit(" ", 1)[-1] for found in re.finditer(re.escape(part), said))
    return any(len(letters) <= SHORT and not letters.strip(PREFIXED) for letters in before)


def _ended(said: str, known: dict[str, frozenset[str]]) -> bool:
    """Tell whether a word or phrase is a known one, or one with an ending that its language gives it."""
    if said in known:
        return True
    stems = ((said[:cut], said[cut:]) for cut in range(max(SHORT + 1, len(said) - LONGEST), len(said)))
    return any(ending in known.get(stem, ()) for stem, ending in stems)


@cache
def asked() -> Asked:
    """Give the words of all languages by which headers ask for what is private."""
    every = [
        (word.replace("\u200c", ""), tuple(lists.get("endings", ())))
        for lists in languages().values()
        for word in lists.get("headers", ())
    ]
    marked = {mark: [(word[1:], ends) for word, ends in every if word[0] == mark] for mark in MARKS}
    plain = [(" ".join(WORD.findall(word)), ends) for word, ends in every if word[0] not in MARKS]
    roots = tuple(word for word, _ in marked["~"])
    return Asked(
        frozenset(" ".join(WORD.findall(word)) for word, _ in marked["="]),
        _with_endings(plain),
        _with_endings(marked["-"]),
        roots,
        (*roots, *(word for word, _ in plain if SCRIPT.search(word))),
    )


def _with_endings(words: list[tuple[str, tuple[str, ...]]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for word, endings in words:
        found[word] = found.get(word, frozenset()) | frozenset(endings)
    return found
