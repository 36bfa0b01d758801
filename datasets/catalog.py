"""What can be loaded: a row a table of each release, and of each source that has none yet."""

from __future__ import annotations

import polars as pl

from hypnic.datasets.release.locating import packaged, releases
from hypnic.datasets.sources import SOURCES

CATALOG = {"study": str, "version": str, "table": str, "rows": int, "columns": int, "holds": str}


def catalog() -> pl.DataFrame:
    """List the tables that are at hand: a row a table of each release, and what else can be loaded.

    Returns
    -------
    polars.DataFrame
        `study`, `version`, `table`, `rows`, `columns`, `holds`; rows and columns are null where nothing is released.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.catalog().filter(study="demo", table="nights")["columns"].to_list()
    [39]

    """
    rows: list[tuple[str, str | None, str, int | None, int | None, str]] = []
    there = releases(packaged())
    for source in SOURCES.values():
        found = [one for one in there if one.study == source.name]
        rows += [
            (one.study, one.version, table, *pl.read_parquet(one.table(table)).shape, source.words)
            for one in found for table in source.tables
        ]  # fmt: skip
        rows += [(source.name, None, table, None, None, source.words) for table in source.tables if not found]
    return pl.DataFrame(rows, schema=CATALOG, orient="row")
