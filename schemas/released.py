"""What becomes of a column where it is published, and the code of what is withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What was taken away before a table was published, in words and in numbers: valid in publishable files alone.
WITHHELD: Final = "withheld"
WITHHELD_CODE: Final = -6
ANY: Final = "any answer"
SEEN: Final = "nights"  # the table in which everybody sees who is: people in it and people who are not look different
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

    def __str__(self) -> str:
        """Say it in a dictionary.

        >>> str(Released(step=5, top=1000))
        'in steps of 5, at most 1000'
        """
        if not self.kept:
            return "never"
        renamed = [word for word, to in self.merged if to]
        dropped = [word for word, to in self.merged if not to]
        parts = [f"in steps of {self.step:g}"] if self.step else []
        parts += [f"at most {self.top:g}"] if self.top else []
        parts += [f"{', '.join(renamed)} as {self.merged[0][1]}"] if renamed else []
        parts += [f"{', '.join(dropped)} left out"] if dropped else []
        parts += [f"what fewer than ten people have as {self.rare}"] if self.rare else []
        parts += ["coarser where few people are alike"] if self.place else []
        return ", ".join(parts) or "as typed"


AS_TYPED: Final = Released()
