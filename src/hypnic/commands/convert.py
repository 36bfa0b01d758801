"""`hypnic convert`: make a table of a form tool's export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import TableName


def _list(*, wanted: bool) -> None:
    if wanted:
        from hypnic.datasets.exports import profiles

        for name, profile in profiles().items():
            typer.echo(f"{name:14}{profile.title}: {profile.export}")
        raise typer.Exit


def convert(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="The form tool, as --list names it.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its export, as it comes.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE|DIR", help="A .csv file; a folder for both tables; else CSV."),
    ] = None,
    table: Annotated[TableName | None, typer.Option(help="What to make of it; else the best match tells.")] = None,
    list_formats: Annotated[  # noqa: ARG001, FBT002 -- answered before the command runs
        bool, typer.Option("--list", callback=lambda value: _list(wanted=value), is_eager=True, help="List formats.")
    ] = False,
) -> None:
    """Make a table of a form tool's export.

    \b
    hypnic convert google-forms answers.csv -o nights.csv
    hypnic convert redcap export.csv -o study          both tables of one export, with the same participants
    hypnic convert --list

    Columns are found by name or question, labels and codes become the instrument's words, drinks become mg and g.
    Times, addresses and whatever else is private are dropped; participants get random tokens. Check the table then.
    """
    from hypnic.datasets.converting import Tokens
    from hypnic.datasets.converting import convert as run
    from hypnic.datasets.writing import write_table

    both = out is not None and not out.suffix and not table
    tokens = Tokens()  # the same for both tables, so that nights find their participant
    made = [run(form, file, name, tokens) for name in (TableName if both else [table])]
    for one in made:
        path = out / f"{one.table}.csv" if out is not None and not out.suffix else out
        write_table(one.frame, path)
        for line in one.said:
            typer.echo(line, err=path is None)
        if path is not None:
            typer.echo(f"wrote {path}; next: hypnic check {path}")
