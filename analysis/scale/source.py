"""Rows that need not all be in memory: a lazy frame, or files of Parquet or CSV, read in one pass or in batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import polars as pl
import polars.selectors as cs

from hypnic.analysis.regression.foreign import as_polars
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Given: TypeAlias = pl.LazyFrame | Path | str
# Rows read at a time: enough that what is done once a batch costs nothing, few enough for the memory of a laptop.
BATCH = 250_000


def scan(given: Given, *, types: Mapping[str, pl.DataType] | None = None) -> pl.LazyFrame:
    """Give a lazy frame of what was named: a file of Parquet or CSV, or a folder of Parquet parts.

    Columns of CSV are typed by what the first rows hold; where `types` are given, by these alone, and others are text.
    Text that is cast later takes twice the time and memory.

    Raises HypnicError for a path that is no such thing.
    """
    if isinstance(given, pl.LazyFrame):
        return given
    path = Path(given)
    if path.is_dir():
        if parts := sorted(path.glob("*.parquet")):
            return pl.scan_parquet(parts)
        message = f"{path} holds no .parquet file: give a folder of Parquet parts, or one file"
        raise HypnicError(message)
    if not path.is_file():
        message = f"{path} is no file: give a file of Parquet or CSV, or a folder of Parquet parts"
        raise HypnicError(message)
    if path.suffix.lower() == ".parquet":
        return pl.scan_parquet(path)
    if path.suffix.lower() == ".csv":
        if types is None:
            return pl.scan_csv(path)
        with reading():
            there = pl.scan_csv(path, infer_schema=False).collect_schema().names()
        return pl.scan_csv(path, schema={name: types.get(name, pl.String()) for name in there})
    message = f"{path.name} is no .parquet or .csv file: convert it first"
    raise HypnicError(message)


@contextmanager
def reading() -> Iterator[None]:
    """Turn what polars says of rows that cannot be read into one plain line."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"the rows cannot be read: {str(error).strip().partition(chr(10))[0]}"
        raise HypnicError(message) from error


def columns_of(lazy: pl.LazyFrame, wanted: Sequence[str]) -> pl.LazyFrame:
    """Keep the wanted columns, where NaN is missing as null is.

    Raises HypnicError, with the nearest name, for a column that is not there.
    """
    as_polars(lazy.head(0), wanted)
    return lazy.select(wanted).with_columns(cs.float().fill_nan(None))


def batches(lazy: pl.LazyFrame, rows: int = BATCH) -> Iterator[pl.DataFrame]:
    """Give the rows of a lazy frame in their order, so many at a time."""
    with reading():
        yield from (batch for batch in lazy.collect_batches(chunk_size=rows, engine="streaming") if batch.height)


def few(lazy: pl.LazyFrame, most: int) -> pl.DataFrame | None:
    """Give the rows of a lazy frame if there are no more than `most`, without reading many more."""
    with reading():
        found = lazy.head(most + 1).collect(engine="streaming")
    return found if found.height <= most else None
