"""One line of a form, before any tool's own spelling.

Conditions and calculations are written once: `{jerk_ever}` is another answer, `{red_flags:weakness}` whether a box is
ticked, and `.` the answer itself. `spell` turns them into what a tool understands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypnic.schemas import Column

Answer = Literal["one", "many", "integer", "decimal", "text", "calculated", "words", "note"]


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
    required: bool = True
    asked: str = ""  # condition; empty is always
    must: str = ""  # condition on the answer itself
    among: str = ""  # another item: only what was ticked there is offered
    calculation: str = ""
    default: str = ""
    hint: str = ""
    excuse: str = ""  # what to say where `must` fails
    column: Column | None = None  # of the instrument; None where an item only helps to compute one


def self_contained(items: Iterable[Item]) -> list[Item]:
    """Ask always what was to be asked on the word of an item that is not among `items`."""
    items = list(items)
    names = {item.name for item in items}
    return [i if names.issuperset(re.findall(r"{(\w+)", i.asked)) else replace(i, asked="") for i in items]


def spell(condition: str, value: str, ticked: str) -> str:
    """Write a condition in a tool's way: `value` and `ticked` are format strings of a name, and of a name and a word.

    >>> spell("{a} = 'yes' or {b:none}", "[{}]", "[{}({})] = '1'")
    "[a] = 'yes' or [b(none)] = '1'"
    """

    def one(found: re.Match[str]) -> str:
        name, word = found.groups()
        return ticked.format(name, word) if word else value.format(name)

    return re.sub(r"{(\w+)(?::(\w+))?}", one, condition)
