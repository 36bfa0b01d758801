"""`hypnic template`: give an empty table to fill in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import TableName


class Tier(StrEnum):
    """Which columns a template has."""

    core = "core"
    extended = "extended"


def template(
    table: Annotated[TableName, typer.Argument(help="Which table.")],
    tier: Annotated[Tier, typer.Option(help="core: what every file must have; extended: all columns.")] = Tier.extended,
    example: Annotated[bool, typer.Option("--example", help="With rows of one synthetic person.")] = False,  # noqa: FBT002
    tokens: Annotated[
        int, typer.Option(min=0, max=10_000, metavar="N", help="With rows for N people, a new random token each.")
    ] = 0,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A .csv file; else it is printed.")] = None,
) -> None:
    """Give an empty table to fill in, or an example of a filled one.

    \b
    hypnic template nights > nights.csv
    hypnic template nights --example --out nights.csv
    hypnic template participants --tier core
    hypnic template nights --tokens 1 --out nights.csv      14 numbered nights of one person

    A participant is known by a random token and nothing else: p_ and 16 characters of a-z and 2-7, never made from a
    name or an address. --tokens draws them, with a last character that checks the others: a form refuses a mistyped
    one. Type the same one into both tables, and take rows out that stay empty.

    The example is synthetic: nobody gave these answers.
    """
    from hypnic.commands.options import put
    from hypnic.schemas.publish import as_template

    put(as_template(table.value, core=tier is Tier.core, example=example, tokens=tokens), out)
