"""`hypnic dictionary`: print what every column holds."""

from __future__ import annotations

from typing import Annotated

import typer

from hypnic.commands.options import TableName


def dictionary(
    table: Annotated[TableName | None, typer.Option(help="One table only.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="The rules instead of the columns.")] = False,  # noqa: FBT002
) -> None:
    """Print what every column holds, or every rule.

    \b
    hypnic dictionary --table nights
    hypnic dictionary --rules
    """
    from hypnic.schemas import dictionary as pages

    tables = [table.value] if table else [name.value for name in TableName]
    typer.echo(pages.rule_table(tables) if rules else pages.dictionary(tables), nl=False)
