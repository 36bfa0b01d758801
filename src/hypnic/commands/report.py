"""`hypnic report`: build the report of a study."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import STUDIES, Folder


def report(
    study: Annotated[
        list[str] | None,
        typer.Option(metavar=STUDIES, help="Which study; else every one whose data are at hand."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the report; one a study where several.")] = Path(
        "reports/_build"
    ),
    folder: Folder = None,
    *,
    bayes: Annotated[
        bool,
        typer.Option("--bayes", help="Add the diary's Bayesian companion: minutes, and the extra 'hypnic[bayes]'."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Say what is done and what could not be estimated; a terminal is told.")
    ] = False,
) -> None:
    """Build a study's page, figures and estimates.

    \b
    hypnic report --study demo --out report
    hypnic report --study nhanes --from DIR --out report
    hypnic report                                 every study whose data are at hand, in reports/_build

    The old report stays until the new one is whole.
    """
    from hypnic.analysis.studies import STUDIES as KNOWN
    from hypnic.analysis.studies import named
    from hypnic.datasets.sources import refuse_folder

    asked = [named(name) for name in study or ()]
    if folder is not None and asked and not any(one.takes_folder for one in asked):
        refuse_folder(asked[0].name)
    from hypnic.reports.building import build

    told = verbose or sys.stderr.isatty()
    if told:
        _tell_what_fails()
    for one in asked or [known for known in KNOWN.values() if known.at_hand(folder)]:
        place = out if len(asked) == 1 else out / one.name
        page = build(
            one.name, place, folder if one.takes_folder else None, progress=_say if told else None, bayes=bayes
        )
        typer.echo(page / "index.html")


def _say(step: str) -> None:
    """Say what is being done."""
    typer.echo(f"  {step} ...", err=True)


def _tell_what_fails() -> None:
    """Say on standard error, and nowhere else, what could not be estimated and why: it may name levels and values."""
    log = logging.getLogger("hypnic.analysis")
    log.addHandler(logging.StreamHandler())
    log.setLevel(logging.INFO)
    log.propagate = False  # into no file of whoever set one up
