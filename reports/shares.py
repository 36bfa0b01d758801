"""What each share is called, and of whom it is one: said once, for figures and for sayings."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple


class Named(NamedTuple):
    """A share in words, and those of whom it is a share."""

    words: str
    of: str

    def __str__(self) -> str:
        """Say both in one.

        >>> str(named("survey", "helped-magnesium"))
        'magnesium helped, of those who tried it'
        """
        return f"{self.words}, of {self.of}"


def named(design: str, name: str) -> Named:
    """Name a share of a design in words; one that nobody has named keeps the words of its own name.

    >>> named("diary", "leg")
    Named(words='in a leg', of='nights with a jerk')
    >>> named("survey", "warm-room")
    Named(words='warm room', of='those who answered')
    """
    return _texts().get((design, name), Named(name.replace("-", " "), "those who answered"))


@cache
def _texts() -> dict[tuple[str, str], Named]:
    text = resources.files("hypnic.reports").joinpath("texts/shares.toml").read_text("utf-8")
    return {
        (design, name): Named(words, of)
        for design, groups in tomllib.loads(text).items()
        for of, names in groups.items()
        for name, words in names.items()
    }
