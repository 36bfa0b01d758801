"""A table as CSV: UTF-8, a comma between cells, an empty cell where there is no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.release.contents import Contents


def write_csv(contents: Contents, name: str, path: Path) -> None:
    """Write one table of a release."""
    flat(contents.tables[name]).write_csv(path)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Join the words of a cell that holds several by |."""
    return frame.with_columns(pl.selectors.list().cast(pl.List(pl.String)).list.join("|"))
