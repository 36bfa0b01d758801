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
