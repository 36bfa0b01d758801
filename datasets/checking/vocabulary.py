"""The texts that a cell may hold where they are few enough to name: as a block is parsed, each is known at once.

A text is here only if the conditions of the table's model hold in it, so that the column need not be looked at again.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.marks import HOURS, candidate
from hypnic.datasets.checking.types import typed_column
from hypnic.schemas import columns, conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.schemas import Column, Table

LONG = 6  # characters: a longer number is looked at closely by the privacy gate
NARROW = 1 << 15  # a whole number below fits two bytes, of which twice as many are compared at once
MANY = 4096


class Vocabulary(NamedTuple):
    """The texts of a column, and the value of each; null of a text that the column must not hold."""

    texts: pl.Series
    values: pl.Series

    @property
    def dtype(self) -> pl.Enum:
        """The texts as a type."""
        return pl.Enum(self.texts)


def narrow(column: Column) -> pl.DataType:
    """Give the smallest type that holds every number that may stand in a column; what does not fit is lost."""
    small = column.kind == "integer" and column.high is not None and column.high < NARROW
    return pl.Int16() if small else column.raw_dtype


@cache
def vocabulary(model: type[Table], name: str) -> Vocabulary | None:
    """Give the texts of a column with which nothing can be wrong; None where there are too many to name.

    >>> from hypnic.schemas import Nights
    >>> vocabulary(Nights, "sleep_quality_1_5").texts.to_list()
    ['1', '2', '3', '4', '5', '-7', '-8', '-9']
    >>> vocabulary(Nights, "alcohol_g") is None
    True
    """
    column = columns(model)[name]
    if column.kind in {"flag", "choice"}:
        return Vocabulary(pl.Series(column.words), pl.Series(column.words, dtype=column.raw_dtype))
    texts = pl.DataFrame({name: _candidates(column)}, schema={name: pl.String})
    if texts.is_empty():
        return None
    frame = texts.select(pl.col(name).alias("text"), typed_column(column)).drop_nulls()
    held = [c.clause.holds for c in conditions(model) if c.of_cell and c.clause.column == name]
    sound = [pl.col("text").str.len_bytes() <= LONG, *held]
    if column.unit not in HOURS:
        sound.append(~pl.col("text").str.contains(candidate(".")))
    frame = frame.filter(*(one.fill_null(value=True) for one in sound))
    return Vocabulary(frame["text"], frame[name].cast(narrow(column)))


def _candidates(column: Column) -> list[str]:
    """Write each number that may stand in a column as a program does: 22, 22.0, 22.5 and 22.50."""
    step = 1 if column.kind == "integer" else column.step
    if column.low is None or column.high is None or not step or (column.high - column.low) / step > MANY:
        return []
    values = [column.low + step * place for place in range(round((column.high - column.low) / step) + 1)]
    if column.kind == "integer":
        return [f"{value:.0f}" for value in (*values, *column.codes)]
    written = (f"{value:{way}}" for way in ("g", ".1f", ".2f") for value in (*values, *column.codes))
    return list(dict.fromkeys(written))


class Words:
    """The types by which the columns of a file are parsed, block after block.

    A text that is not allowed is added to those of its column once it was met, since it may well come again.
    """

    def __init__(self, model: type[Table], header: Sequence[str]) -> None:
        every = {name: vocabulary(model, name) for name in header}
        self._known = {name: known for name, known in every.items() if known}
        self._dtypes = {name: known.dtype for name, known in self._known.items()}
        self._lock = Lock()

    def dtypes(self) -> dict[str, pl.Enum]:
        """Give the type of each column that holds few texts; the others are read as text."""
        return dict(self._dtypes)

    def values(self, name: str) -> pl.Series:
        """Give the value of each text of a column, by its number in any type that was given for it."""
        return self._known[name].values

    def learn(self, frame: pl.DataFrame) -> None:
        """Add the texts that a block, read as text, holds and that were not met before."""
        with self._lock:
            for name in self._dtypes.keys() & set(frame.columns):
                texts, values = self._known[name]
                cells = frame[name]
                strange = cells.filter(cells.is_not_null() & cells.cast(self._dtypes[name], strict=False).is_null())
                if not strange.len():
                    continue
                added = strange.unique()
                if texts.len() + added.len() > 2 * MANY:
                    del self._dtypes[name]
                    continue
                none = pl.Series([None], dtype=values.dtype).new_from_index(0, added.len())
                self._known[name] = Vocabulary(pl.concat([texts, added]), pl.concat([values, none]))
                self._dtypes[name] = self._known[name].dtype
