"""`hypnic report`: build the report of a study."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypnic.commands.options import STUDIES, Folder, Own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.studies import Study


def report(  # noqa: PLR0913 -- each is an option of the command
    study: Annotated[
        list[str] | None,
        typer.Option(metavar=f"{STUDIES}|all", help="Which study; else every one whose data are at hand, as a site."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the report, or for the site.")] = Path(
        "reports/_build"
    ),
    folder: Folder = None,
    data: Own = None,
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
    hypnic report --study open --from datasets/submissions --out report
    hypnic report --data my-survey --out report   a folder of your own: private, and sent nowhere
    hypnic report                                 a site of every study whose data are at hand, in reports/_build

    The old report stays until the new one is whole. Of one person's diary it is a page for them.
    """
    from hypnic.analysis.studies import named

    asked = [] if "all" in (study or ()) else [named(name) for name in study or ()]
    _refuse_meaningless(asked, folder, data)
    from hypnic.reports.building import build, build_own

    told = _say if verbose or sys.stderr.isatty() else None
    _tell_what_fails(quietly=told is None)
    if data is not None:
        typer.echo(build_own(data, out, progress=told) / "index.html")
        return
    if len(asked) == 1:
        typer.echo(build(asked[0].name, out, folder, progress=told, bayes=bayes) / "index.html")
        return
    from hypnic.reports.site import build_site

    clone = Path(found) if (found := os.environ.get("HYPNIC_CLONE")) else None
    site = build_site(out, [one.name for one in asked], clone, progress=told, bayes=bayes)
    for line in site.told:
        typer.echo(line, err=True)
    typer.echo(out / "index.html")
    if site.failed:
        raise typer.Exit(1)


def _refuse_meaningless(asked: Sequence[Study], folder: Path | None, data: Path | None) -> None:
    """Refuse a folder that no study, or more than one, would be read from."""
    from hypnic.datasets.sources import refuse_folder
    from hypnic.errors import HypnicError

    if data is not None and (asked or folder is not None):
        message = "--data is a folder of your own and stands alone: leave out --study and --from"
        raise HypnicError(message)
    if folder is None:
        return
    if unread := [one.name for one in asked if not one.takes_folder]:
        refuse_folder(unread[0])
    if len(asked) != 1:
        message = "--from is the folder of one study: say which with --study (nhanes or open), and build others apart"
        raise HypnicError(message)


def _say(step: str) -> None:
    """Say what is being done."""
    typer.echo(f"  {step} ...", err=True)


def _tell_what_fails(*, quietly: bool) -> None:
    """Say on standard error, and nowhere else, what could not be estimated and why: it may name levels and values."""
    log = logging.getLogger("hypnic.analysis")
    log.addHandler(logging.NullHandler() if quietly else logging.StreamHandler())
    log.setLevel(logging.INFO)
    log.propagate = False  # into no file of whoever set one up
