"""`hypnic check`: find every fault of a file."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import TableName


class CheckFormat(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    html = "html"
    sarif = "sarif"


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV files: participants, nights, or both.")],
    table: Annotated[TableName | None, typer.Option(help="What the file holds; else its header tells.")] = None,
    form: Annotated[
        CheckFormat, typer.Option("--format", help="text or html for people, json or sarif for programs.")
    ] = CheckFormat.text,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the findings there; else print them.")] = None,
) -> None:
    """Find every fault of a CSV, its cell and its remedy.

    \b
    hypnic check nights.csv
    hypnic check participants.csv nights.csv      also what only both together show
    hypnic check nights.csv --format json         one finding a line, for programs
    hypnic check nights.csv --format html --out findings.html
    hypnic check nights.csv --format sarif --out findings.sarif

    Nothing is changed and nothing is sent. Exits 0 where all is well or only flags, warnings and suggestions were
    found, 1 on errors, 2 where a file could not be read.
    """
    from hypnic.datasets.checking import check as run
    from hypnic.datasets.printing import render, total

    found = run(*files, table=table.value if table else None)
    colour = out is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = render(found, files, form.value, colour=colour)
    if out is None:
        typer.echo(text, nl=False)
    else:
        from hypnic.datasets.writing import write_whole

        write_whole(out, lambda path: path.write_text(text, "utf-8"))
        typer.echo(f"{out}: {total(found)}")
    raise typer.Exit(int((found["level"] == "error").any()))
