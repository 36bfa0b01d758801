"""The rows of a large table that were kept: as text, each with its place in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.sieve import ROW
from hypnic.datasets.reading.text import TextTable
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from pathlib import Path

PART = "part "


@dataclass(frozen=True)
class Sifted(TextTable):
    """The rows of a large table that were kept, each of which knows its file, and where it stands in it."""

    parts: tuple[Path, ...] = field(default=(), repr=False)
    places: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)  # of each row: PART and ROW

    def sheet_row(self, row: int | None) -> int:
        """Give the row that a spreadsheet shows a record in, or the header."""
        return self.top if row is None else self._rows[row] + 1 + self.top

    def file(self, row: int | None) -> str:
        """Name the file that a record stands in."""
        return self.name if row is None or len(self.parts) == 1 else self._names[self._parts[row]]

    @cached_property
    def _rows(self) -> list[int]:
        return self.places[ROW].to_list()

    @cached_property
    def _parts(self) -> list[int]:
        return self.places[PART].to_list()

    @cached_property
    def _names(self) -> list[str]:
        return [named(part) for part in self.parts]


class Kept(NamedTuple):
    """Rows that do not fall through: all rows of any participant of whom rows are looked at together.

    `whole` says, for each set of columns in which rows are looked at together, which rows have all of theirs here.
    `amounts` holds, for each column of amounts, as many of its largest as show a habit. The last rows are `guests`:
    they prove what the point means in a number, and are judged elsewhere, if at all.
    """

    text: Sifted
    whole: dict[tuple[str, ...], pl.Series]
    amounts: pl.DataFrame
    guests: int
