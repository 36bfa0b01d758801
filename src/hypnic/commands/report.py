"""`hypnic report`: build the report of a study."""

from __future__ import annotations

import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hypnic.commands.options import STUDIES, Folder, Own
from hypnic.datasets.source import refuse_folder
from hypnic.datasets.sources import OPEN, SOURCES, refuse_nobody
from hypnic.errors import HypnicError


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
    jobs: Annotated[
        int, typer.Option(min=0, help="Processes that share the work, to the same digits; 0 is one a core.")
    ] = 0,
    cache: Annotated[
        bool,
        typer.Option(
            "--cache/--no-cache", help="Keep results in your own cache folder, and make anew only what has changed."
        ),
    ] = True,
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
    asked = [] if "all" in (study or ()) else list(study or ())
    _refuse_meaningless(asked, folder, data)
    from hypnic.progress import shown
    from hypnic.shelf import Shelf
    from hypnic.workers import cores

    jobs = jobs or cores()
    _tell_what_fails(quietly=not (verbose or sys.stderr.isatty()))
    if data is not None:
        from hypnic.reports.building import build_own

        with shown("your folder", lines=verbose) as told:
            page = build_own(data, out, progress=told, jobs=jobs)
        typer.echo(page / "index.html")
        return
    shelf = Shelf() if cache else None
    if len(asked) == 1:
        from hypnic.reports.rebuilding import rebuild

        with shown(asked[0], lines=verbose) as told:
            page = rebuild(asked[0], out, folder, progress=told, bayes=bayes, jobs=jobs, shelf=shelf)
        typer.echo(page / "index.html")
        return
    from hypnic.reports.site import build_site

    clone = Path(named) if (named := os.environ.get("HYPNIC_CLONE")) else None
    site = build_site(out, asked, clone, progress=partial(shown, lines=verbose), bayes=bayes, jobs=jobs, shelf=shelf)
    for line in site.told:
        typer.echo(line, err=True)
    typer.echo(out / "index.html")
    if site.failed:
        raise typer.Exit(2)


def _refuse_meaningless(asked: list[str], folder: Path | None, data: Path | None) -> None:
    """Refuse a study that there is not, and a folder that no study, or more than one, would be read from."""
    if any(name not in SOURCES for name in asked):  # a study may read its tables in its own way
        from hypnic.analysis.studies.registry import STUDIES

        for name in asked:
            if name not in STUDIES:
                message = f"there is no study {name!r}; choose one of {', '.join(STUDIES)}"
                raise HypnicError(message)
    if data is not None and (asked or folder is not None):
        message = "--data is a folder of your own and stands alone: leave out --study and --from"
        raise HypnicError(message)
    if asked == [OPEN.name]:
        refuse_nobody(folder)
    if folder is None:
        return
    if unread := [name for name in asked if name not in SOURCES or not SOURCES[name].folder]:
        refuse_folder(unread[0])
    if len(asked) != 1:
        message = "--from is the folder of one study: say which with --study (nhanes or open), and build others apart"
        raise HypnicError(message)


class _Said(logging.Handler):
    """Writes to standard error as it is now: a bar may stand there."""

    def emit(self, record: logging.LogRecord) -> None:
        typer.echo(self.format(record), err=True)


def _tell_what_fails(*, quietly: bool) -> None:
    """Say on standard error, and nowhere else, what could not be estimated and why: it may name levels and values."""
    log = logging.getLogger("hypnic.analysis")
    log.addHandler(logging.NullHandler() if quietly else _Said())
    log.setLevel(logging.INFO)
    log.propagate = False  # into no file of whoever set one up
