"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

STUDIES = "demo|open|nhanes"
Source = Annotated[
    Path | None,
    typer.Option("--from", metavar="DIR", help="Folder with the NHANES files; else $HYPNIC_NHANES, else CDC's site."),
]


class TableName(StrEnum):
    """A table of the instrument."""

    participants = "participants"
    nights = "nights"


def put(text: str, out: Path | None) -> None:
    """Print `text`, or write it to a file, whole or not at all."""
    if out is None:
        typer.echo(text, nl=False)
        return
    from hypnic.datasets.writing import write_whole

    write_whole(out, lambda path: path.write_text(text, "utf-8", newline=""))
