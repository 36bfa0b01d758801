"""Which of a question's words a choice stands for: told by its label, and never by its number alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.answers import word
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.synonyms import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hypnic.schemas import Column

NUMBER = re.compile(r"-?\d+(\.0)?")
PIECES = 64  # of one cell that are put together again; nobody ticks so many
# By the two letters of a language: f and m, w and m (German), h and m (Spanish), h and f (French), v and m (Dutch).
LETTERS = {
    frozenset("fm"): {"f": "female", "m": "male"},
    frozenset("wm"): {"w": "female", "m": "male"},
    frozenset("hm"): {"h": "male", "m": "female"},
    frozenset("hf"): {"h": "male", "f": "female"},
    frozenset("vm"): {"v": "female", "m": "male"},
}
OTHERS = {"d", "x", "o", "nb"}  # diverse, other, non-binary
EXCUSES = {"-8": "don't know", "-9": "refused"}  # the instrument's own codes


class Unknown(NamedTuple):
    """A choice that is none of the question's words: one that the study `named`, or of which only a code is known."""

    choice: str
    named: bool


@dataclass(frozen=True)
class Choices:
    """Reads the choices of one question, by the labels of the study's codebook where it has any.

    `names` are what the codebook may call the question, `code` matches what is a code in the tool's exports.
    """

    facts: Column
    names: tuple[str, ...]
    code: str
    codebook: Codebook

    def is_code(self, choice: str) -> bool:
        """Tell whether a choice is only a number, or a code that the tool makes of one."""
        return bool(NUMBER.fullmatch(choice) or (self.code and re.fullmatch(self.code, choice)))

    def read(self, choice: str) -> str | None:
        """Give the word that a label or a code stands for; None where nothing tells."""
        said = self.codebook.said(self.names, choice)
        told = next((found for label in said if (found := self._word(label)) is not None), None)
        if told is not None:
            return told
        if said and self.is_code(choice):
            return None  # the study's label is none of the question's words
        return self._word(EXCUSES.get(choice, choice))

    def _word(self, label: str) -> str | None:
        found = word(label, self.facts)
        return found if found is not None else words().get(self.facts.name, {}).get(normalised(label))

    def told(self, choices: Iterable[str]) -> str | Unknown:
        """Give the word of a column that holds one choice, from all that its headers say of the choice."""
        ways = sorted(dict.fromkeys(choices), key=self.is_code)  # labels first
        labels = [way for way in ways if not self.is_code(way)]
        said = [label for way in ways for label in self.codebook.said(self.names, way)]
        asked = ways if said or not labels else labels  # next to a label, a code alone says nothing
        found = next((found for way in asked if (found := self.read(way)) is not None), None)
        return Unknown((*said, *ways)[0], named=bool(labels or said)) if found is None else found


def apart(cell: str, separator: str, read: Callable[[str], str | None]) -> list[str] | None:
    """Read the choices of one cell, where a label may itself hold the separator: the longest label first.

    None where the cell cannot be read to its end.

    >>> known = {"leg": "leg", "head, neck": "head_neck", "head": "head"}
    >>> apart("leg, head, neck", r"\\s*,\\s*", known.get)
    ['leg', 'head_neck']
    >>> apart("leg, tail", r"\\s*,\\s*", known.get) is None
    True
    """
    parts, marks = _cut(cell, separator)
    if len(parts) > PIECES:
        return None

    @cache
    def rest(start: int) -> tuple[str, ...] | None:
        if start == len(parts):
            return ()
        for end in range(len(parts), start, -1):
            label = "".join(
                part + mark for part, mark in zip(parts[start:end], [*marks[start : end - 1], ""], strict=True)
            )
            found, after = read(label), None
            if found is not None:
                after = rest(end)
            if found is not None and after is not None:
                return (found, *after)
        return None

    words = rest(0)
    return None if words is None else list(words)


def _cut(cell: str, separator: str) -> tuple[Sequence[str], Sequence[str]]:
    """Give the parts between separators, none empty, and the separator after each but the last."""
    parts: list[str] = []
    marks: list[str] = []
    start = 0
    for found in re.finditer(separator, cell):
        if found.end() > found.start() and found.start() > start:
            parts.append(cell[start : found.start()])
            marks.append(found[0])
        start = max(start, found.end())
    if start < len(cell):
        parts.append(cell[start:])
        marks.append("")
    return parts, marks[: max(len(parts) - 1, 0)]


def sexes(cells: Iterable[str]) -> dict[str, str]:
    """Give what each letter of a column stands for; nothing where its letters are of no language, or of several.

    >>> sexes(["F", "M", "F", "X"])["m"], sexes(["H", "M"])["m"], sexes(["M", "M"]), sexes(["F", "woman"])["f"]
    ('male', 'female', {}, 'female')
    """
    said = {letters for cell in cells if len(letters := cell.casefold().strip(" .")) == 1 or letters in OTHERS}
    rest = frozenset(said - OTHERS)
    known = LETTERS.get(rest) or ({"f": "female"} if rest == {"f"} else {})  # a lone m may be a man or a mujer
    return {**known, **dict.fromkeys(said & OTHERS, "other_or_undisclosed")} if known else {}
