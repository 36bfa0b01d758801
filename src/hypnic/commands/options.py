"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hypnic.datasets.sources import SOURCES

STUDIES = "|".join(SOURCES)
Folder = Annotated[
    Path | None,
    typer.Option("--from", metavar="DIR", help=" ".join(one.folder for one in SOURCES.values() if one.folder)),
]
Own = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="A checked folder of your own, in place of a study; it stays yours."),
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
