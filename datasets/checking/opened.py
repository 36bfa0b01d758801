"""A table that has been opened to be checked: read as text, its columns named, and typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.checking.clocks import clock
from hypnic.datasets.checking.openings import UnknownNamesError
from hypnic.datasets.checking.types import Cast, cast
from hypnic.datasets.reading.headers import folded, put_right
from hypnic.datasets.reading.limits import MEMORY
from hypnic.datasets.reading.text import TextTable, read_text
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, Nights, Table, columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import polars as pl

    from hypnic.datasets.checking.kept import Kept
    from hypnic.datasets.checking.large import Sifting


class Opened(NamedTuple):
    """A file that has been read and typed; of a large one, what was sifted, of which a batch is `kept`."""

    text: TextTable
    model: type[Table]
    cast: Cast
    sifting: Sifting | None = None
    kept: Kept | None = None

    @property
    def whole(self) -> bool:
        """Whether every row is here."""
        return self.sifting is None

    @property
    def people(self) -> pl.DataFrame | None:
        """What rules on nights look into, where these are participants."""
        if self.model is Nights or self.model.table_name() != "participants":
            return None
        return self.cast.frame if self.sifting is None else self.sifting.known

    def batches(self) -> Iterable[Opened]:
        """Yield what was kept, batch by batch; a file that is not large, at once."""
        if self.sifting is None:
            yield self
            return
        for kept in self.sifting.batches():
            yield self._replace(text=kept.text, cast=cast(kept.text, self.model), kept=kept)


def open_table(path: Path, table: str | None = None, sheet: str | None = None, memory: int | None = MEMORY) -> Opened:
    """Read and type one file; `table` names what it holds, or its header tells; `memory` bounds the bytes it takes."""
    return open_text(read_text(path, sheet, memory), table)


def open_text(text: TextTable, table: str | None = None) -> Opened:
    """Type a table that has been read, as `open_table` does."""
    model = _model(text, table)
    if not model.names() >= set(text.header):
        empty = {place for place, name in enumerate(text.header) if not name.strip() and text.empty(place)}
        header = put_right(text.header, model.names(), empty)
        text = replace(text, header=header.names, misspelt=header.misspelt)
    if text.outside and _from_template(text):
        text = replace(text, frame=_on_the_diary_clock(text, model))
    done = cast(text, model)
    if done.decimal_comma:
        text = replace(text, dialect=replace(text.dialect, decimal_comma=True))
    return Opened(text, model, done)


def _from_template(text: TextTable) -> bool:
    """Whether a workbook says that `hypnic template` made it."""
    from hypnic.datasets.reading.properties import TEMPLATE  # which no table of plain text needs

    return any(one.kind == TEMPLATE for one in text.outside)


def open_as(path: Path, model: type[Table]) -> Opened:
    """Read and type a file of which the model is known; a published file has one of its own."""
    text = read_text(path)
    return Opened(text, model, cast(text, model))


def _on_the_diary_clock(text: TextTable, model: type[Table]) -> pl.DataFrame:
    """Read the times of a workbook that hypnic made, whose cells are times of day, as hours of the diary day.

    A time that could be of this day or the next stays as it is: a finding asks for it.
    """
    frame, facts = text.frame, columns(model)
    for place, name in enumerate(text.header):
        if name in facts and facts[name].unit == "clock h":
            read = {cell: clock(cell, facts[name]) for cell in frame[:, place].drop_nulls().unique()}
            hours = {cell: found.text for cell, found in read.items() if found and found.certain}
            frame = frame.with_columns(frame[:, place].replace(hours))
    return frame


def _model(text: TextTable, table: str | None) -> type[Table]:
    """Tell the table by the header; one that was named must have a column there, and no fewer than the other has."""
    typed = {folded(name) for name in text.header}
    shared = {name: len(model.names() & typed) for name, model in TABLES.items()}
    best = max(shared, key=lambda name: shared[name])
    if shared[best] <= (0 if table else 1):
        raise UnknownNamesError(text)
    if table and shared[table] < shared[best]:
        message = (
            f"{text.name}: {shared[best]} of its columns are of {best} and {shared[table]} of {table};"
            f" type --table {best}, or leave it out"
        )
        raise HypnicError(message)
    return TABLES[table or best]
