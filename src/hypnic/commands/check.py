"""`hypnic check`: find every fault of a file."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hypnic.commands.fit import Engine
from hypnic.commands.fixing import fixed
from hypnic.commands.options import TableName
from hypnic.datasets.findings import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.datasets.checking.engines import Engine as Going
    from hypnic.datasets.checking.opened import Opened

DESIGNS = {"nights": "diary", "participants": "survey"}


class Shape(StrEnum):
    """The formats of findings: those that are text, and a workbook."""

    text = "text"
    json = "json"
    html = "html"
    sarif = "sarif"
    xlsx = "xlsx"


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
        Shape, typer.Option("--format", help="text, html or xlsx for people, json or sarif for programs.")
    ] = Shape.text,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel workbook; else its first.")] = None,
    fix: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT", help="Write a fixed copy there (of several files: a folder), list its changes, check it."
        ),
    ] = None,
    drop_private: Annotated[  # noqa: FBT002
        bool, typer.Option("--drop-private", help="With --fix: leave out columns and cells that must not be sent.")
    ] = False,
    times: Annotated[
        Times | None, typer.Option(help="With --fix: how times such as 23.30 are meant; else they stay.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the findings there; else print them.")] = None,
    most: Annotated[
        int,
        typer.Option(min=0, metavar="NUMBER", help="Findings listed of a rule in a file; the rest is counted; 0: all."),
    ] = 100_000,
    memory: Annotated[
        str,
        typer.Option(
            envvar="HYPNIC_MEMORY", metavar="SIZE", help="What a table may take, as 800MB or 2GB; also by --fix."
        ),
    ] = "1GiB",
    engine: Annotated[
        Engine, typer.Option(help="Who reads a large table: this machine, or a cluster (extra 'hypnic[cluster]').")
    ] = Engine.polars,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler; else one is started here.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes of a cluster that is started here.")] = 2,
) -> None:
    """Find every fault of a CSV, its cell and its remedy.

    \b
    hypnic check nights.csv
    hypnic check participants.csv nights.csv      also what only both together show
    hypnic check my-survey                        a folder with participants.csv, nights.csv or both
    hypnic check app --memory 2GB                 Parquet or CSV of any size: nights.parquet, nights-*.csv, nights/
    hypnic check app --engine dask --scheduler tcp://10.0.0.5:8786
    hypnic check nights.csv --format json         one finding a line, for programs
    hypnic check nights.csv --fix fixed.csv       a copy with every suggestion typed that leaves no choice
    hypnic check my-survey --fix fixed            copies of both tables, in a folder
    hypnic check nights.csv --format xlsx --out marked.xlsx      your workbook with every fault marked
    hypnic check nights.csv --format html --out findings.html
    hypnic check nights.csv --format sarif --out findings.sarif

    CSV in UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or pipes, gzip or not; or an Excel workbook.
    The file itself is never changed, and nothing is sent. Exits 0 where all is well or only flags, warnings and
    suggestions were found, 1 on errors, 2 where a file could not be read.
    """
    from hypnic.datasets.checking.capping import bytes_of
    from hypnic.datasets.checking.files import check_capped, open_tables, tables_of
    from hypnic.datasets.checking.opened import open_table
    from hypnic.datasets.findings import summary
    from hypnic.schemas.filenames import shown_path

    name = table.value if table else None
    for path in files:
        _refuse_published(path)
    files = tables_of(*files)
    _refuse_unmarked(files, form, out)
    if fix is not None:
        settings: dict[str, Any] = {"times": times.value if times else None, "drop_private": drop_private}
        with _told_what_is_known(sheet):
            settings["memory"] = bytes_of(memory)
            files, sheet = fixed(files, fix, name, sheet, settings, quiet=form is not Shape.text), None
    marked = form is Shape.xlsx  # which has every row
    with _told_what_is_known(sheet), _going_through(engine, scheduler, workers) as through:
        opened = (
            [open_table(path, name, sheet) for path in files]
            if marked
            else open_tables(files, name, sheet, bytes_of(memory), through)
        )
        if form is Shape.text:
            for text in (table.text for table in opened if not table.text.dialect.plain):
                typer.echo(f"{text.name}: read as {text.dialect}")
        found, rest = check_capped(opened, None if marked else most or None)
    colour = out is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    failed = bool((found["level"] == "error").any())
    if form is Shape.xlsx:
        from hypnic.datasets.findings.marked import as_marked_workbook

        page = as_marked_workbook(found, opened[0])
    else:
        page = Format[form.name].render(found, files, rest, colour=colour).encode()
    if out is None:
        typer.echo(page.decode(), nl=False)
        if form is Shape.text and not failed:
            _say_what_enters(opened)
    else:
        from hypnic.datasets.writing import write_whole

        write_whole(out, lambda path: path.write_bytes(page))
        typer.echo(f"{shown_path(out)}: {summary(found, rest)}")
    raise typer.Exit(int(failed))


@contextmanager
def _going_through(engine: Engine, scheduler: str | None, workers: int) -> Iterator[Going | None]:
    """Give who goes through large tables: threads of this process, unless a cluster is asked for."""
    if engine is Engine.polars:
        if scheduler is not None:
            from hypnic.errors import HypnicError

            message = "--scheduler is read by --engine dask alone: add it"
            raise HypnicError(message)
        yield None
        return
    from hypnic.cluster import connect
    from hypnic.datasets.checking.engines import Dask

    with connect(scheduler, workers) as client:
        yield Dask(client)


@contextmanager
def _told_what_is_known(sheet: str | None) -> Iterator[None]:
    """Say of a table with names of its own which of them `hypnic convert` knows."""
    from hypnic.datasets.checking.openings import UnknownNamesError
    from hypnic.errors import HypnicError

    try:
        yield
    except UnknownNamesError as error:
        from hypnic.datasets.forms import recognised

        known = recognised(error.path, sheet)
        raise HypnicError(f"{error.fault}; {known}" if known else str(error)) from None


def _say_what_enters(opened: list[Opened]) -> None:
    """Say in a line for each design what the tables can do; not where they are no pair of tables."""
    from hypnic.schemas.disclosure import alone, too_few

    raw = {one.model.table_name(): one.cast.frame for one in opened}
    if len(raw) < len(opened) or not all(one.whole for one in opened):  # a large table's rows are not all at hand
        return
    if all(too_few(frame["participant_id"].n_unique()) for frame in raw.values()):  # told without the studies
        lines = [alone(design) for table, design in DESIGNS.items() if table in raw]
    else:
        from hypnic.analysis.studies.entering import of_tables, sentences

        lines = [*sentences(of_tables(raw), published=False)]
    for line in lines:
        typer.echo(line)


def _refuse_published(folder: Path) -> None:
    """Say what to check in place of a published folder, which has words that nobody may type."""
    if folder.is_dir():
        from hypnic.datasets.intake.published import is_published
        from hypnic.errors import HypnicError
        from hypnic.schemas.filenames import shown_path

        if is_published(folder):
            message = (
                f"{shown_path(folder)}: this is in publishable form, and judged when it is reviewed; check the folder"
                " that you keep"
            )
            raise HypnicError(message)


def _refuse_unmarked(files: list[Path], form: Shape, out: Path | None) -> None:
    from hypnic.errors import HypnicError

    if form is Shape.xlsx and out is None:
        message = "--format xlsx: name the workbook with --out MARKED.xlsx"
        raise HypnicError(message)
    if form is Shape.xlsx and (len(files) != 1 or (out and out.exists() and out.samefile(files[0]))):
        message = "--format xlsx: one file at a time is marked, and never the file itself; name one, and another --out"
        raise HypnicError(message)
