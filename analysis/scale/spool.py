"""Rows of any order as parts of whole participants: as they come where sorted, else by way of temporary files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.scale.source import BATCH, batches, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class OutOfOrderError(Exception):
    """A participant came before one whose name sorts lower."""


def whole_persons(parts: Iterable[pl.DataFrame], group: str) -> Iterator[pl.DataFrame]:
    """Cut sorted batches where a new person starts, so that nobody is in two of them.

    Raises OutOfOrderError where they are not sorted by person.

    >>> halves = [pl.DataFrame({"p": [1, 1, 2]}), pl.DataFrame({"p": [2, 3]})]
    >>> [part["p"].to_list() for part in whole_persons(halves, "p")]
    [[1, 1], [2, 2], [3]]
    """
    left: pl.DataFrame | None = None
    for part in parts:
        both = part if left is None else pl.concat([left, part])
        if not both[group].is_sorted():
            raise OutOfOrderError
        last = int(np.flatnonzero((both[group] != both[group].shift(1)).fill_null(value=True).to_numpy())[-1])
        left = both.slice(last)
        if last:
            yield both.head(last)
    if left is not None:
        yield left


def in_order(lazy: pl.LazyFrame, keys: Sequence[str], rows: int = BATCH) -> Iterator[pl.DataFrame]:
    """Give whole persons, about so many rows at a time, sorted by `keys`, of which the first names the person.

    Raises OutOfOrderError, perhaps after some parts, where the rows are not sorted by person.
    """
    for part in whole_persons(batches(lazy, rows), keys[0]):
        yield part.sort(keys)


def by_range(lazy: pl.LazyFrame, keys: Sequence[str], rows: int = BATCH) -> Iterator[pl.DataFrame]:
    """Give the same of rows in any order: each range of persons is first written to temporary files of its own."""
    group = keys[0]
    with reading():
        people = lazy.group_by(group).agg(pl.len().alias("n")).collect(engine="streaming").sort(group)
    ranges = people.select(group, part=(pl.col("n").cum_sum() - 1) // rows)
    with tempfile.TemporaryDirectory(prefix="hypnic-") as folder:
        place = Path(folder)
        for number, batch in enumerate(batches(lazy, rows)):
            joined = batch.join(ranges, on=group, how="left", maintain_order="left", nulls_equal=True)
            for (part,), found in joined.partition_by("part", as_dict=True, include_key=False).items():
                (place / str(part)).mkdir(exist_ok=True)
                found.write_ipc(place / str(part) / f"{number:06}.arrow")
        for part in ranges["part"].unique(maintain_order=True):
            files = sorted((place / str(part)).iterdir())
            yield pl.concat([pl.read_ipc(one) for one in files]).sort(keys)
