"""Column names as typed, and the names of the instrument that they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

NEAR = 0.85  # difflib's ratio: one letter in seven may be wrong
CLEAR = 0.03  # by which the nearest must beat the next


class Header(NamedTuple):
    """A header put right: `names` by position ('' for an empty column), and which of them were spelt otherwise."""

    names: tuple[str, ...]
    misspelt: tuple[str, ...]


def folded(name: str) -> str:
    """Fold case, spaces and dashes away: ` Stress 0-10` and `stress_0_10` are the same."""
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")


def put_right(typed: Sequence[str], known: Collection[str], empty: Collection[int]) -> Header:
    """Give each column the name of the instrument that it stands for.

    A name stands for the one that it is but for case, spaces and dashes, or else for the nearest one where that is
    clear; never for one that the file has already. A column without a name, whose position is in `empty`, is left out;
    one with cells is called by its place, a name that the instrument does not know.
    """
    names = list(typed)
    missing = set(known) - set(typed)
    misspelt = []
    for match in (_same, nearest):
        for place, name in enumerate(names):
            if name in known or not name.strip():
                continue
            right = match(name, missing)
            if right:
                names[place] = right
                missing.remove(right)
                misspelt.append(right)
    for place, name in enumerate(names):
        if not name.strip():
            names[place] = "" if place in empty else f"column {place + 1}"
    return Header(tuple(names), tuple(misspelt))


def nearest(word: str, known: Collection[str]) -> str | None:
    """Give the one of `known` that is clearly nearest to a misspelt word, digits alike; None where none is.

    >>> nearest("exercise_minn", ["exercise_min", "exercise_type"])
    'exercise_min'
    >>> nearest("gad2_q3", ["gad2_q1", "gad2_q2"])
    """
    from difflib import SequenceMatcher

    typed = folded(word)[:64]
    digits = re.sub(r"\D", "", typed)
    alike = [name for name in known if re.sub(r"\D", "", name) == digits and abs(len(name) - len(typed)) <= 4]
    ratios = sorted(((SequenceMatcher(None, typed, folded(name)).ratio(), name) for name in alike), reverse=True)
    if len(typed) < 4 or not ratios or ratios[0][0] < NEAR:
        return None
    return ratios[0][1] if len(ratios) == 1 or ratios[0][0] - ratios[1][0] > CLEAR else None


def _same(word: str, known: Collection[str]) -> str | None:
    typed = folded(word)
    return next((name for name in known if folded(name) == typed), None)
