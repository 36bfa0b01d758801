"""Large tables among those that are checked: opened by their header alone, and read in a streaming pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.failures import Failure
from hypnic.datasets.checking.sieve import Kept, cells, header_of, keep
from hypnic.datasets.reading.text import TextTable
from hypnic.schemas import Nights, conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hypnic.schemas import Table

LARGE = 16 << 20  # bytes, of some 100,000 nights: below, a table is read whole at once


@dataclass(frozen=True)
class Sifted(TextTable):
    """The rows of a large table that were kept, each of which knows where it stands in the file."""

    rows: tuple[int, ...] = field(default=(), repr=False)

    def sheet_row(self, row: int | None) -> int:
        """Give the row that a spreadsheet shows a record in, or the header."""
        return self.top if row is None else self.rows[row] + 1 + self.top

    def column(self, place: int) -> pl.Series:
        """Give the cells of the column at a place, from 0: all that the file has."""
        return cells(self.path, place)


def large(path: Path, table: str | None = None) -> bool:
    """Whether a file is a large table of nights, as `hypnic` itself would write it."""
    return (
        path.is_file()
        and path.stat().st_size >= LARGE
        and table != "participants"
        and header_of(path, Nights) is not None
    )


def sift(path: Path, people: Sequence[pl.DataFrame]) -> tuple[Sifted, Kept] | None:
    """Read a large table of nights in one pass; None where it has to be read whole."""
    header, kept = header_of(path, Nights), keep(path, Nights, people)
    if header is None or kept is None:
        return None
    return Sifted(path, tuple(header), kept.text, b"", rows=tuple(kept.rows)), kept


def together(kept: Kept, frame: pl.DataFrame, model: type[Table]) -> Iterable[Failure]:
    """Yield what fails among rows that are looked at together; `frame` is what was kept, in context."""
    for condition in conditions(model):
        group = condition.clause.group
        if group and condition.runs_on(frame.columns):
            places = kept.whole[group.by]
            holds = frame[places].select(condition.clause.holds.fill_null(value=True)).to_series()
            for place in places.gather((~holds).arg_true()):
                yield Failure(condition.rule, place, condition.clause.column, int(condition.name.split(":")[2]))
