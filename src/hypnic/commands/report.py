"""`hypnic report`: build the report of a study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import STUDIES, Source


def report(
    study: Annotated[
        list[str] | None,
        typer.Option(metavar=STUDIES, help="Which study; else every one whose data are at hand."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the report; one a study where several.")] = Path(
        "reports/_build"
    ),
    source: Source = None,
) -> None:
    """Build a study's page, figures and estimates.

    \b
    hypnic report --study demo --out report
    hypnic report --study nhanes --from DIR --out report
    hypnic report                                 every study whose data are at hand, in reports/_build

    The old report stays until the new one is whole.
    """
    from hypnic.datasets.loading import at_hand, refuse_unknown

    names = study or at_hand(source)
    for name in names:
        refuse_unknown(name)
    from hypnic.reports.building import build

    for name in names:
        folder = out if study and len(names) == 1 else out / name
        page = build(name, folder, source, progress=_progress)
        typer.echo(page / "index.html")


def _progress(step: str) -> None:
    """Say what is being done, on a terminal only."""
    if sys.stderr.isatty():
        typer.echo(f"  {step} ...", err=True)
