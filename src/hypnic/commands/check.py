"""`hypnic check`: find every fault of a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import TableName


class CheckFormat(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV files: participants, nights, or both; or their folder.")
    ],
    table: Annotated[TableName | None, typer.Option(help="What the file holds; else its header tells.")] = None,
    form: Annotated[
        CheckFormat, typer.Option("--format", help="text for people, json for programs.")
    ] = CheckFormat.text,
) -> None:
    """Find every fault of a CSV, its cell and its remedy.

    \b
    hypnic check nights.csv
    hypnic check participants.csv nights.csv      also what only both together show
    hypnic check my-survey                        a folder with participants.csv, nights.csv or both
    hypnic check nights.csv --format json         one finding a line, for programs

    Nothing is changed and nothing is sent. Exits 0 where all is well or only flags, warnings and suggestions were
    found, 1 on errors, 2 where a file could not be read.
    """
    from hypnic.datasets.checking import check as run
    from hypnic.datasets.checking import tables_of
    from hypnic.datasets.printing import as_text

    files = tables_of(*files)
    found = run(*files, table=table.value if table else None)
    typer.echo(found.write_ndjson() if form is CheckFormat.json else as_text(found, [f.name for f in files]), nl=False)
    raise typer.Exit(int((found["level"] == "error").any()))
