"""Writing a clean table to a file, whole or not at all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import polars as pl

from hypnic.aside import aside
from hypnic.errors import HypnicError, reason
from hypnic.schemas.filenames import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_table(frame: pl.DataFrame, path: Path | None) -> None:
    """Write `frame` as CSV or Parquet, by the ending of `path`; without a path, print CSV.

    Raises HypnicError for another ending, or a place that cannot be written.
    """
    lists = pl.selectors.list()
    flat = frame.with_columns(lists.cast(pl.List(pl.String)).list.join("|"))
    if path is None:
        sys.stdout.write(flat.write_csv())
        return
    match path.suffix:
        case ".csv":
            write_whole(path, flat.write_csv)
        case ".parquet":
            write_whole(path, frame.write_parquet)
        case _:
            message = f"{shown_path(path)}: cannot tell the format; end the name in .csv or .parquet"
            raise HypnicError(message)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file aside, then move it into place in one step; see `hypnic.aside`.

    Raises HypnicError where nothing can be written, or something stands there that is no file: it would be replaced.
    What was there is there still.
    """
    if path.exists() and not path.is_file():
        message = f"{shown_path(path)}: this is a folder, a pipe or a device, not a file; choose another name"
        raise HypnicError(message)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside(path) as folder:
            temporary = folder / path.name
            write(temporary)
            temporary.chmod(0o644)
            temporary.replace(path)
    except Exception as error:
        # Polars and the writers of workbooks have errors of their own for a full disk.
        if not isinstance(error, (OSError, pl.exceptions.PolarsError)) and not isinstance(error.__context__, OSError):
            raise
        message = f"{shown_path(path)}: nothing can be written there ({reason(error)}); choose another folder"
        raise HypnicError(message) from None
