"""The texts that a cell may hold where they are few enough to name: as a block is parsed, each is known at once.

A text is here only if the conditions of the table's model hold in it, so that the column need not be looked at again.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, cast

import polars as pl

from hypnic.datasets.checking.marks import HOURS, candidate
from hypnic.datasets.checking.types import typed_column
from hypnic.schemas import columns, conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.schemas import Column, Table

LONG = 6  # characters: a longer number is looked at closely by the privacy gate
NARROW = 1 << 15  # a whole number below fits two bytes, of which twice as many are compared at once
MANY = 1024  # texts of a column: the type is built again for every piece of a block, and takes longer than it saves
FEW = 20  # texts of a column, of which each is counted in less time than all cells are looked up
WRITTEN = "^-?[0-9]{1,4}$"  # a whole number that fits two bytes
PATIENCE = 3  # blocks that are read again because a column holds new texts


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
    """Give texts of a column with which nothing can be wrong; None of text that is free.

    >>> from hypnic.schemas import Nights
    >>> vocabulary(Nights, "sleep_quality_1_5").texts.to_list()
    ['1', '2', '3', '4', '5', '-7', '-8', '-9']
    >>> vocabulary(Nights, "participant_id") is None
    True
    """
    column = columns(model)[name]
    if column.kind in {"flag", "choice"}:
        return Vocabulary(pl.Series(column.words), pl.Series(column.words, dtype=column.raw_dtype))
    if column.kind in {"text", "tokens"}:
        return None
    known = valued(model, name, pl.Series(_candidates(column), dtype=pl.String))
    sound = known.values.is_not_null()
    return Vocabulary(known.texts.filter(sound), known.values.filter(sound))


def valued(model: type[Table], name: str, texts: pl.Series) -> Vocabulary:
    """Give the value of each text of a column; null where something can be wrong with it."""
    column = columns(model)[name]
    if column.words:
        return Vocabulary(texts, texts.cast(column.raw_dtype, strict=False))
    held = [c.clause.holds for c in conditions(model) if c.of_cell and c.clause.column == name]
    text = pl.col("text")
    sound = [text.str.len_bytes() <= LONG, *held]
    if column.unit not in HOURS:
        sound.append(~text.str.contains(candidate(".")))
    frame = pl.DataFrame({"text": texts, name: texts}).with_columns(typed_column(column))
    value = pl.when(*(one.fill_null(value=True) for one in sound)).then(pl.col(name)).cast(narrow(column))
    return Vocabulary(texts, frame.select(value).to_series())


def _candidates(column: Column) -> list[str]:
    """Write each number that may stand in a column as a program does: 22, 22.0, 22.5 and 22.50."""
    low, high = column.low or 0, column.high or 0
    step = 1.0 if column.kind == "integer" else column.step
    if not step or (high - low) / step > MANY:
        return []
    values = [*(round(low + step * place, 2) for place in range(round((high - low) / step) + 1)), *column.codes]
    ways = (".0f",) if column.kind == "integer" else ("g", ".1f", ".2f")
    written = ((value, f"{value:{way}}") for way in ways for value in values)
    return list(dict.fromkeys(text for value, text in written if float(text) == value))


def _small(column: Column) -> bool:
    return column.kind == "integer" and narrow(column) != column.raw_dtype


def _length(cells: pl.Series) -> int:
    """Give the bytes that cells take as text."""
    dtype = cells.dtype
    if isinstance(dtype, pl.Enum):
        lengths, places = dtype.categories.str.len_bytes(), cells.to_physical()
        if lengths.len() <= FEW:
            return sum(length * int((places == place).sum()) for place, length in enumerate(lengths))
        return int(lengths.gather(places).sum())
    if not dtype.is_integer():
        return int(cells.str.len_bytes().sum())
    low, high = (int(cast("int", bound) or 0) for bound in (cells.min(), cells.max()))
    length = cells.len() - cells.null_count() + (int((cells < 0).sum()) if low < 0 else 0)
    tens = [10**power for power in range(1, 5)]
    length += sum(int((cells >= ten).sum()) for ten in tens if high >= ten)
    return length + sum(int((cells <= -ten).sum()) for ten in tens if low <= -ten)


class Words:
    """The types by which the columns of a file are parsed, block after block.

    A text that is met for the first time is looked at once, and added to those of its column, since it may well come
    again. A column in which new ones come in one block after the other is read as text from then on.
    """

    def __init__(self, model: type[Table], header: Sequence[str]) -> None:
        self._model = model
        self._known: dict[str, Vocabulary] = {}
        self._dtypes: dict[str, pl.DataType] = {}
        self._open: set[str] = set()  # what is typed in them, a first block shows
        # Numbers are parsed in less time than words are looked up.
        self._plain = {name: narrow(one) for name, one in columns(model).items() if name in header and _small(one)}
        self._new = Counter[str]()
        self._lock = Lock()
        self._name(name for name in header if name not in self._plain)

    def _name(self, names: Iterable[str]) -> None:
        """Find the texts of columns that hold few; of those that are read as numbers, once that is over."""
        for name in names:
            if name in self._known or (known := vocabulary(self._model, name)) is None:
                continue
            self._known[name] = known
            if known.texts.len():
                self._dtypes[name] = known.dtype
            else:
                self._open.add(name)

    def dtypes(self, *, plain: bool) -> dict[str, pl.DataType]:
        """Give the type of each column that holds few texts; the others are read as text.

        With `plain`, whole numbers have the type of a number. What they were written like is lost by it: see `lost`.
        """
        if not plain:
            with self._lock:
                self._name(self._plain)
        return {**self._dtypes, **(self._plain if plain else {})}

    def lost(self, frame: pl.DataFrame, length: int) -> bool:
        """Whether cells of a block, which take so many bytes together, are written otherwise than numbers are here.

        There is no shorter way to write a whole number: if all cells are as long as they must be, each is.
        """
        return any(dtype.is_integer() for dtype in frame.dtypes) and sum(map(_length, frame)) != length

    def distrust(self) -> None:
        """From now on, read whole numbers as words."""
        with self._lock:
            self._name(self._plain)
            self._plain.clear()

    def values(self, name: str) -> pl.Series:
        """Give the value of each text of a column, by its number in any type that was given for it."""
        return self._known[name].values

    def meet(self, frame: pl.DataFrame) -> None:
        """Take up the texts that a block holds in columns of which none were known."""
        with self._lock:
            there = {name for name, dtype in frame.schema.items() if dtype == pl.String}
            met, self._open = self._open & there, self._open - there
            for name in met:
                texts = frame[name].drop_nulls().unique()
                if 0 < texts.len() <= MANY:
                    self._known[name] = valued(self._model, name, texts)
                    self._dtypes[name] = self._known[name].dtype

    def learn(self, frame: pl.DataFrame) -> None:
        """Add the texts that a block, read as text, holds and that were not met before."""
        with self._lock:
            for name in self._plain.keys() & set(frame.columns):
                if not frame[name].drop_nulls().str.contains(WRITTEN).all():
                    del self._plain[name]
                    self._name([name])
            for name in self._dtypes.keys() & set(frame.columns) - self._plain.keys():
                cells = frame[name]
                strange = cells.filter(cells.is_not_null() & cells.cast(self._dtypes[name], strict=False).is_null())
                if strange.len():
                    self._add(name, strange.unique())

    def _add(self, name: str, strange: pl.Series) -> None:
        texts, values = self._known[name]
        self._new[name] += 1
        if self._new[name] > PATIENCE or texts.len() + strange.len() > 2 * MANY:
            del self._dtypes[name]
            return
        added = valued(self._model, name, strange).values
        self._known[name] = Vocabulary(pl.concat([texts, strange]), pl.concat([values, added]))
        self._dtypes[name] = self._known[name].dtype
