"""Parquet and Arrow files, of which the columns are read apart, and rows from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from pathlib import Path

PARQUET, ARROW = frozenset({".parquet", ".pq"}), frozenset({".arrow", ".ipc", ".feather"})
COLUMNAR = PARQUET | ARROW


def scan(path: Path) -> pl.LazyFrame:
    """Open a file without reading its rows."""
    # The name is no pattern, and a folder above called `a=1` is no column.
    if path.suffix in PARQUET:
        return pl.scan_parquet(path, glob=False, hive_partitioning=False)
    return pl.scan_ipc(path, glob=False, hive_partitioning=False)


def names_of(path: Path) -> list[str]:
    """Give the names of its columns; raises HypnicError where the file is damaged, or of another kind."""
    try:
        return scan(path).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError):
        kind = "Parquet" if path.suffix in PARQUET else "Arrow (IPC)"
        message = f"{named(path)}: not a {kind} file that can be read; write it again, or send it as CSV"
        raise HypnicError(message) from None


def rows_of(path: Path) -> int:
    """Count its rows."""
    return int(scan(path).select(pl.len()).collect().item())


def as_text(path: Path) -> pl.DataFrame:
    """Read it whole as text, as a CSV of it would hold it; blank cells are null. Columns are named by their places."""
    names_of(path)
    try:
        frame = scan(path).collect()
        text = frame.select(pl.nth(n).cast(pl.String).alias(str(n)) for n in range(frame.width))
    except pl.exceptions.PolarsError:
        message = f"{named(path)}: a column holds neither numbers nor text; send it as CSV"
        raise HypnicError(message) from None
    return text.with_columns(pl.when(pl.all() != "").then(pl.all()))
