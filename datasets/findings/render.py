"""The formats that findings are given in; nothing is imported but the maker of the one that is asked for."""

from __future__ import annotations

from enum import StrEnum
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

ROOM = "hypnic.datasets.findings"


class Format(StrEnum):
    """A format of findings, and the function that makes it: one more is one module and one line here.

    A maker takes the findings and the paths of the files that were checked, and gives a text.
    """

    maker: str

    def __new__(cls, name: str, maker: str) -> Self:
        """Keep the maker next to the name, which is the value."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.maker = maker
        return member

    text = "text", "text:as_text"
    json = "json", "text:as_json"
    html = "html", "page:as_page"
    sarif = "sarif", "sarif:as_sarif"

    def render(
        self, found: pl.DataFrame, paths: Sequence[Path], rest: pl.DataFrame | None = None, *, colour: bool = False
    ) -> str:
        """Give findings in this format: for people as text or a page, for programs as JSON Lines or SARIF.

        `paths` are the files that were checked, `rest` says how many findings of a rule are not listed; `colour` adds
        colour to the text for a terminal, and to nothing else.
        """
        settings = {"colour": colour} if self is Format.text else {}
        return str(resolve_name(f"{ROOM}.{self.maker}")(found, paths, rest, **settings))
