"""`hypnic load`: give a clean table."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import STUDIES, Own
from hypnic.datasets.sources import SOURCES

TABLES = "; ".join(dict.fromkeys(", ".join(source.tables) for source in SOURCES.values())) + "."


def load(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    table: Annotated[str, typer.Argument(help=TABLES)],
    study: Annotated[str, typer.Option(metavar=STUDIES, help="Whose answers.")] = "open",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A .csv or .parquet file; else CSV is printed.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="PLACE", help="A release: folder, address, DOI; or a folder of NHANES."),
    ] = None,
    version: Annotated[
        str, typer.Option(metavar="V", help="Of the release; `unreleased` is what this clone holds today.")
    ] = "latest",
    data: Own = None,
) -> None:
    """Give a clean, typed table as CSV or Parquet.

    Missing codes become empty cells; words in one cell are joined by |.

    \b
    hypnic load nights --study demo > nights.csv
    hypnic load participants --study demo --out participants.parquet
    hypnic load persons --study nhanes --from DIR --out persons.parquet
    hypnic load nights --data my-survey --out nights.parquet
    hypnic load nights --study open --from doi:10.5281/zenodo.1 --out nights.csv
    """
    from hypnic.datasets import load as run
    from hypnic.datasets.writing import write_table

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        frame = run(table, study, version=version, source=source, data=data)  # type: ignore[call-overload]  # it checks
    for warning in said:
        typer.echo(f"hypnic: {warning.message}", err=True)
    write_table(frame, out)
    if out is not None:
        typer.echo(f"{out}: {frame.height:,} rows")
