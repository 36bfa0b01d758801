"""`hypnic load`: give a clean table."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import STUDIES, Folder, Own
from hypnic.datasets.sources import SOURCES

TABLES = "; ".join(dict.fromkeys(", ".join(source.tables) for source in SOURCES.values())) + "."


def load(
    table: Annotated[str, typer.Argument(help=TABLES)],
    study: Annotated[str, typer.Option(metavar=STUDIES, help="Whose answers.")] = "open",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A .csv or .parquet file; else CSV is printed.")
    ] = None,
    folder: Folder = None,
    data: Own = None,
) -> None:
    """Give a clean, typed table as CSV or Parquet.

    Missing codes become empty cells; words in one cell are joined by |.

    \b
    hypnic load nights --study demo > nights.csv
    hypnic load participants --study demo --out participants.parquet
    hypnic load persons --study nhanes --from DIR --out persons.parquet
    hypnic load nights --data my-survey --out nights.parquet
    """
    from hypnic.datasets import load as run
    from hypnic.datasets.writing import write_table

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        frame = run(table, study, source=folder, data=data)
    for warning in said:
        typer.echo(f"hypnic: {warning.message}", err=True)
    write_table(frame, out)
    if out is not None:
        typer.echo(f"{out}: {frame.height:,} rows")
