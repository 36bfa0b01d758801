"""One line of a form, before any tool's own spelling.

Conditions and calculations are written once: `{jerk_ever}` is another answer, `{red_flags:weakness}` whether a box is
ticked, and `.` the answer itself. `spell` turns them into what a tool understands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hypnic.schemas import Column

Answer = Literal["one", "many", "integer", "decimal", "text", "calculated", "words", "note", "hidden"]


@dataclass(frozen=True)
class Item:
    """One line of a form: a question, a calculation or a note."""

    name: str
    answer: Answer
    label: str
    section: str
    choices: tuple[tuple[str, str], ...] = ()
    alone: tuple[str, ...] = ()  # choices that exclude all others
    low: float | None = None
    high: float | None = None
    codes: tuple[int, ...] = ()
    pattern: str | None = None
    checked: bool = False  # its last character checks the others
    required: bool = True
    asked: str = ""  # condition; empty is always
    must: str = ""  # condition on the answer itself
    among: str = ""  # another item: only what was ticked there is offered
    calculation: str = ""
    default: str = ""
    hint: str = ""
    excuse: str = ""  # what to say where `must` fails
    column: Column | None = None  # of the instrument; None where an item only helps to compute one


def spell(condition: str, value: str, ticked: str) -> str:
    """Write a condition in a tool's way: `value` and `ticked` are format strings of a name, and of a name and a word.

    >>> spell("{a} = 'yes' or {b:none}", "[{}]", "[{}({})] = '1'")
    "[a] = 'yes' or [b(none)] = '1'"
    """

    def one(found: re.Match[str]) -> str:
        name, word = found.groups()
        return ticked.format(name, word) if word else value.format(name)

    return re.sub(r"{(\w+)(?::(\w+))?}", one, condition)
