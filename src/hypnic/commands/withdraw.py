"""`hypnic withdraw`: leave the data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def withdraw(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", show_default=False, help="Your code; else it is asked for, unseen.")
    ] = None,
    within: Annotated[
        Path | None, typer.Option("--in", metavar="FOLDER", help="Where submissions are; else those of this clone.")
    ] = None,
) -> None:
    """Take a respondent's answers out of the data.

    \b
    hypnic withdraw                               asks for the code, and shows nothing of it

    Everything built from now on is without them, once the tombstone, which names nobody, is committed.
    What was published before stays with whoever has it. Exits 2 where no submission knows the code.
    """
    from hypnic.datasets.intake import submissions_folder
    from hypnic.datasets.intake import withdraw as run
    from hypnic.schemas.filenames import shown_path

    folder = within or submissions_folder(Path.cwd())
    now, ever = run(code or typer.prompt("Withdrawal code", hide_input=True, err=True), folder)
    said = "1 person left now" if now else "this person had left before"
    typer.echo(
        f"{said}; {ever} {'has' if ever == 1 else 'have'} left in all. Commit {shown_path(folder)}/*/withdrawn.txt"
    )
