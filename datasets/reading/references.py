"""Cells as spreadsheets name them, and numbers as the attributes of their parts tell them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE = re.compile(r"\s*\$?([A-Za-z]*)\$?(\d*)\s*")


@cache
def letters(position: int) -> str:
    """Name a spreadsheet column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def placed(reference: str) -> tuple[int, int]:
    """Give the column and the row of `AB12`, from 1; 0 for what it does not say.

    >>> placed("AB12"), placed("$c$0007"), placed("?")
    ((28, 12), (3, 7), (0, 0))
    """
    match = REFERENCE.fullmatch(reference)
    if not match:
        return 0, 0
    column = 0
    for letter in match[1][:9].upper():
        column = column * 26 + ord(letter) - 64
    return column, _number(match[2])


def times(attributes: Mapping[str, str], name: str) -> int:
    """Give how often something comes, as an attribute says; once where it does not."""
    said = attributes.get(name, "1").strip().removeprefix("+")
    return _number(said) if said.isdecimal() else 1


def _number(digits: str) -> int:
    plain = digits.lstrip("0")
    return int(plain or 0) if len(plain) < 10 else 10**9
