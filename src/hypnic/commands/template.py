"""`hypnic template`: give an empty table to fill in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Tier(StrEnum):
    """Which columns a template has."""

    core = "core"
    extended = "extended"


class Made(StrEnum):
    """What a template is of: a table, or a whole study."""

    participants = "participants"
    nights = "nights"
    study = "study"


def template(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    table: Annotated[Made, typer.Argument(help="Which table; or study, for both and codes to hand out.")],
    tier: Annotated[Tier, typer.Option(help="core: what every file must have; extended: all columns.")] = Tier.extended,
    example: Annotated[bool, typer.Option("--example", help="With rows of one synthetic person.")] = False,  # noqa: FBT002
    tokens: Annotated[
        int, typer.Option(min=0, max=10_000, metavar="N", help="With rows for N people, a new random token each.")
    ] = 0,
    workbook: Annotated[  # noqa: FBT002
        bool, typer.Option("--workbook", help="As an Excel workbook with lists that drop down, times and help.")
    ] = False,
    people: Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="Of a study: how many people.")] = 1,
    nights: Annotated[int, typer.Option(min=1, max=28, metavar="N", help="How many nights each keeps the diary.")] = 14,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE|DIR", help="A .csv or .xlsx file; a folder for a study.")
    ] = None,
) -> None:
    """Give an empty table to fill in, or an example of a filled one.

    \b
    hypnic template nights > nights.csv
    hypnic template nights --example --out nights.csv
    hypnic template participants --tier core
    hypnic template nights --tokens 1 --out nights.csv      14 numbered nights of one person
    hypnic template nights --workbook --tokens 1 --out nights.xlsx
    hypnic template study --people 40 --nights 14 --out my-study      both tables, and codes to hand out

    A participant is known by a random token and nothing else: p_ and 16 characters of a-z and 2-7, never made from a
    name or an address. --tokens draws them, with a last character that checks the others: a form refuses a mistyped
    one. Type the same one into both tables, and take rows out that stay empty. A study draws them once for both tables,
    with a code for each person by which they can withdraw.

    The example is synthetic: nobody gave these answers.
    """
    from hypnic.commands.options import put
    from hypnic.datasets.writing import write_whole
    from hypnic.errors import HypnicError
    from hypnic.schemas.publish import as_template
    from hypnic.schemas.publish.checking import person_code

    core = tier is Tier.core
    if table is Made.study:
        if out is None or out.suffix or example or tokens or workbook:
            message = "a study is a folder; name it with --out DIR, and its people with --people N"
            raise HypnicError(message)
        from hypnic.datasets.intake.handout import prepare_study

        for path in prepare_study(out, people, nights, core=core):
            typer.echo(f"wrote {path}")
        typer.echo("give each person their line of hand-out.csv, then destroy it; it is never sent")
    elif workbook:
        if out is None or out.suffix.casefold() != ".xlsx":
            message = f"a workbook is a file; name it with --out {table.value}.xlsx"
            raise HypnicError(message)
        from hypnic.schemas.publish.workbook import write_workbook

        own = [person_code() for _ in range(tokens)]
        settings = {"core": core, "example": example}
        write_whole(out, lambda path: write_workbook(table.value, path, people=own, nights=nights, **settings))
    else:
        put(as_template(table.value, core=core, example=example, tokens=tokens, nights=nights), out)
