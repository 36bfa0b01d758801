"""Single letters for sex, which several languages use for several words: read only where their column tells which."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# By the two letters of a language: f and m, w and m (German), h and m (Spanish), h and f (French), v and m (Dutch).
LETTERS = {
    frozenset("fm"): {"f": "female", "m": "male"},
    frozenset("wm"): {"w": "female", "m": "male"},
    frozenset("hm"): {"h": "male", "m": "female"},
    frozenset("hf"): {"h": "male", "f": "female"},
    frozenset("vm"): {"v": "female", "m": "male"},
}
OTHERS = {"d", "x", "o", "nb"}  # diverse, other, non-binary


def sexes(cells: Iterable[str]) -> dict[str, str]:
    """Give what each letter of a column stands for; nothing where its letters are of no language, or of several.

    >>> sexes(["F", "M", "F", "X"])["m"], sexes(["H", "M"])["m"], sexes(["M", "M"])
    ('male', 'female', {})
    """
    said = {cell.casefold().strip(" .") for cell in cells} - {""}
    letters = LETTERS.get(frozenset(said - OTHERS), {})
    return {**letters, **dict.fromkeys(said & OTHERS, "other_or_undisclosed")} if letters else {}
