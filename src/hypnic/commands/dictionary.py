"""`hypnic dictionary`: print what every column holds, or the form that asks it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import TableName


class DictionaryFormat(StrEnum):
    """What a dictionary is for."""

    md = "md"
    csv = "csv"
    json = "json"
    redcap = "redcap"
    xlsform = "xlsform"


def dictionary(
    table: Annotated[TableName | None, typer.Option(help="One table only.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="The rules instead of the columns.")] = False,  # noqa: FBT002
    form: Annotated[
        DictionaryFormat,
        typer.Option("--format", help="md to read; csv, json for programs; redcap, xlsform (ODK, Kobo) to ask."),
    ] = DictionaryFormat.md,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A file; else it is printed.")] = None,
) -> None:
    """Print what every column holds, or every rule.

    \b
    hypnic dictionary --table nights
    hypnic dictionary --rules
    hypnic dictionary --format redcap --out redcap.csv
    hypnic dictionary --format xlsform --table nights --out nights.xlsx

    The last two make forms to ask it all with, for REDCap and for ODK, Kobo or Enketo.
    """
    from hypnic.commands.options import put
    from hypnic.errors import HypnicError
    from hypnic.schemas.publish import as_csv, as_json, as_markdown, as_redcap, rule_table

    if rules and form is not DictionaryFormat.md:
        message = f"--rules are printed as Markdown only; leave out --format {form.value}"
        raise HypnicError(message)
    if form is DictionaryFormat.xlsform:
        _xlsform(table, out)
        return
    makers = {
        DictionaryFormat.md: rule_table if rules else as_markdown,
        DictionaryFormat.csv: as_csv,
        DictionaryFormat.json: as_json,
        DictionaryFormat.redcap: as_redcap,
    }
    put(makers[form]([table.value]) if table else makers[form](), out)


def _xlsform(table: TableName | None, out: Path | None) -> None:
    from hypnic.datasets.writing import write_whole
    from hypnic.errors import HypnicError
    from hypnic.schemas.publish import write_xlsform

    if table is None or out is None or out.suffix != ".xlsx":
        message = "an XLSForm is a spreadsheet of one table; name both, as in: --table nights --out nights.xlsx"
        raise HypnicError(message)
    write_whole(out, lambda path: write_xlsform(table.value, path))
