"""`hypnic check`: find every fault of a file."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypnic.commands.options import TableName
from hypnic.datasets.findings import Format

if TYPE_CHECKING:
    from hypnic.datasets.checking.files import Opened


class Times(StrEnum):
    """What the part after the mark of a time is."""

    minutes = "minutes"
    decimal = "decimal"


def check(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV files: participants, nights, or both; or their folder.")
    ],
    table: Annotated[TableName | None, typer.Option(help="What the file holds; else its header tells.")] = None,
    form: Annotated[
        Format, typer.Option("--format", help="text or html for people, json or sarif for programs.")
    ] = Format.text,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel workbook; else its first.")] = None,
    fix: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write a fixed copy there, list its changes, and check it.")
    ] = None,
    times: Annotated[
        Times | None, typer.Option(help="With --fix: how times such as 23.30 are meant; else they stay.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the findings there; else print them.")] = None,
) -> None:
    """Find every fault of a CSV, its cell and its remedy.

    \b
    hypnic check nights.csv
    hypnic check participants.csv nights.csv      also what only both together show
    hypnic check my-survey                        a folder with participants.csv, nights.csv or both
    hypnic check nights.csv --format json         one finding a line, for programs
    hypnic check nights.csv --fix fixed.csv       a copy with every suggestion typed that leaves no choice
    hypnic check nights.csv --format html --out findings.html
    hypnic check nights.csv --format sarif --out findings.sarif

    CSV in UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or pipes, gzip or not; or an Excel workbook.
    The file itself is never changed, and nothing is sent. Exits 0 where all is well or only flags, warnings and
    suggestions were found, 1 on errors, 2 where a file could not be read.
    """
    from hypnic.datasets.checking.files import check_opened, open_table, tables_of
    from hypnic.datasets.findings import summary
    from hypnic.filenames import whole_name

    name = table.value if table else None
    files = tables_of(*files)
    if fix is not None:
        files, sheet = [_fixed(files, fix, name, sheet, times, quiet=form is not Format.text)], None
    opened = [open_table(path, name, sheet) for path in files]
    if form is Format.text:
        for text in (table.text for table in opened if not table.text.dialect.plain):
            typer.echo(f"{text.name}: read as {text.dialect}")
    found = check_opened(opened)
    colour = out is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    page = form.render(found, files, colour=colour)
    failed = bool((found["level"] == "error").any())
    if out is None:
        typer.echo(page, nl=False)
        if form is Format.text and not failed:
            _say_what_enters(opened)
    else:
        from hypnic.datasets.writing import write_whole

        write_whole(out, lambda path: path.write_text(page, "utf-8"))
        typer.echo(f"{whole_name(out)}: {summary(found)}")
    raise typer.Exit(int(failed))


def _say_what_enters(opened: list[Opened]) -> None:
    """Say in a line for each design what the tables can do; not where they are no pair of tables."""
    from hypnic.analysis.studies.entering import sentences

    raw = {one.model.table_name(): one.cast.frame for one in opened}
    if len(raw) == len(opened):
        for line in sentences(raw):
            typer.echo(line)


def _fixed(  # noqa: PLR0913 -- as the command
    files: list[Path], out: Path, table: str | None, sheet: str | None, times: Times | None, *, quiet: bool
) -> Path:
    """Write the fixed copy and list what was changed: for people, with the findings."""
    from hypnic.datasets.checking.changes import fix, listed
    from hypnic.errors import HypnicError
    from hypnic.filenames import named, whole_name

    if len(files) != 1:
        message = "--fix: one file at a time can be fixed; name one"
        raise HypnicError(message)
    changes = fix(files[0], out, table, sheet, times.value if times else None)
    for line in listed(changes):
        typer.echo(f"{named(files[0])}: changed {line}", err=quiet)
    typer.echo(f"{whole_name(out)}: {len(changes)} cells changed, the rest as it was; what is left:", err=quiet)
    return out
