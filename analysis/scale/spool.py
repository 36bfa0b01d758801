"""Rows of any order as parts of whole participants: as they come where sorted, else by way of temporary files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.scale.source import BATCH, reading

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
        both = (part if left is None else pl.concat([left, part])).rechunk()
        persons = both[group]
        if not persons.is_sorted():
            raise OutOfOrderError
        last = both.height - int(persons.rle()[-1]["len"])
        left = both.slice(last)
        if last:
            yield both.head(last)
    if left is not None:
        yield left


def in_order(parts: Iterable[pl.DataFrame], keys: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Give whole persons, some parts of rows after the other, sorted by `keys`, of which the first names the person.

    Raises OutOfOrderError, perhaps after some parts, where the rows are not sorted by person.
    """
    for part in whole_persons(parts, keys[0]):
        yield part if _sorted(part, *keys) else part.sort(keys)


def _sorted(part: pl.DataFrame, group: str, *keys: str) -> bool:
    """Whether rows that are sorted by person are so by one more key; to sort them again takes eight times as long."""
    if len(keys) != 1 or part[group].null_count() or part[keys[0]].null_count():
        return False
    same, key = pl.col(group) == pl.col(group).shift(), pl.col(keys[0])
    return not part.select((same & (key < key.shift())).any()).item()


def by_range(
    lazy: pl.LazyFrame, parts: Iterable[pl.DataFrame], keys: Sequence[str], rows: int = BATCH
) -> Iterator[pl.DataFrame]:
    """Give the same of rows in any order: each range of persons is first written to temporary files of its own.

    `parts` are the rows of the lazy frame, some after the other.
    """
    group = keys[0]
    with reading():
        people = lazy.group_by(group).agg(pl.len().alias("n")).collect(engine="streaming").sort(group)
    ranges = people.select(group, part=(pl.col("n").cum_sum() - 1) // rows)
    with tempfile.TemporaryDirectory(prefix="hypnic-") as folder:
        place = Path(folder)
        for number, batch in enumerate(parts):
            joined = batch.join(ranges, on=group, how="left", maintain_order="left", nulls_equal=True)
            for (part,), found in joined.partition_by("part", as_dict=True, include_key=False).items():
                (place / str(part)).mkdir(exist_ok=True)
                found.write_ipc(place / str(part) / f"{number:06}.arrow")
        for part in ranges["part"].unique(maintain_order=True):
            files = sorted((place / str(part)).iterdir())
            yield pl.concat([pl.read_ipc(one) for one in files]).sort(keys)
