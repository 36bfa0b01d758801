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
    questionnaire = "questionnaire"
    information = "information"


def dictionary(
    table: Annotated[TableName | None, typer.Option(help="One table only.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="The rules instead of the columns.")] = False,  # noqa: FBT002
    form: Annotated[
        DictionaryFormat,
        typer.Option(
            "--format",
            help="md to read; csv, json for programs; redcap, xlsform (ODK, Kobo) to ask; questionnaire, information"
            " to hand out.",
        ),
    ] = DictionaryFormat.md,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="en, de, es or fr; of redcap, questionnaire and information.")
    ] = "en",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A file; else it is printed.")] = None,
) -> None:
    """Print what every column holds, or every rule.

    \b
    hypnic dictionary --table nights
    hypnic dictionary --rules
    hypnic dictionary --format redcap --out redcap.csv
    hypnic dictionary --format xlsform --table nights --out nights.xlsx

    The last two make forms to ask it all with, for REDCap (in English, or another --language) and for ODK, Kobo or
    Enketo (in all languages at once). Beyond English they are unreviewed.
    """
    from hypnic.commands.options import put
    from hypnic.errors import HypnicError
    from hypnic.schemas.publish import as_csv, as_information, as_json, as_markdown, as_questionnaire, as_redcap
    from hypnic.schemas.publish import rule_table as as_rules

    if rules and form is not DictionaryFormat.md:
        message = f"--rules are printed as Markdown only; leave out --format {form.value}"
        raise HypnicError(message)
    if form in {DictionaryFormat.questionnaire, DictionaryFormat.information}:
        if table:
            message = f"--format {form.value} is about both tables; leave out --table"
            raise HypnicError(message)
        put(as_information(language) if form is DictionaryFormat.information else as_questionnaire(language), out)
        return
    if language != "en" and form is not DictionaryFormat.redcap:
        message = "--language goes with --format redcap, questionnaire or information; an XLSForm has all languages"
        raise HypnicError(message)
    if form is DictionaryFormat.xlsform:
        _xlsform(table, out)
        return
    if form is DictionaryFormat.redcap:
        put(as_redcap([table.value], language) if table else as_redcap(language=language), out)
        return
    makers = {
        DictionaryFormat.md: as_rules if rules else as_markdown,
        DictionaryFormat.csv: as_csv,
        DictionaryFormat.json: as_json,
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
