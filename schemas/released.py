"""What becomes of a column where it is published, and the code of what is withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What was taken away before a table was published, in words and in numbers: valid in publishable files alone.
WITHHELD: Final = "withheld"
WITHHELD_CODE: Final = -6
ANY: Final = "any answer"
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Released:
    """What becomes of a column where it is published; it is published as typed where nothing else is said.

    `kept` is false where it is never published. A number goes to the nearest `step` (one above zero to the first step
    at least) and to `top` at most. `merged` gives words another name, or none at all; `rare` is the word for those that
    fewer than ten people have. Where people can be known by a column, `place` is its place in the order in which
    answers are coarsened; `coarser` are the rungs of its ladder, words and what they become, `end` is where it ends.
    No class of people may all have the same answer of a column that is `telling`: any (`ANY`), or this word.
    """

    kept: bool = True
    step: float | None = None
    top: float | None = None
    merged: Pairs = ()
    rare: str = ""
    place: int = 0
    coarser: tuple[Pairs, ...] = ()
    end: str = WITHHELD
    telling: str = ""


AS_TYPED: Final = Released()
