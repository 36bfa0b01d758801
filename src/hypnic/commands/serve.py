"""`hypnic serve`: a page for people who do not use a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pathlib import Path


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is; else a free port is taken.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in your browser.")] = True,  # noqa: FBT002 -- an option
) -> None:
    """Check and fix files on a page in your browser.

    \b
    hypnic serve
    hypnic serve --port 8000 --no-browser         print its address, and open nothing

    Drop files there: faults are marked in your own table, suggestions are accepted by a click, and the fixed file or
    the folder that may be published is saved. Of your own diary it shows your nights. The page is on this machine
    alone; no file leaves it, and none is kept. Control-C ends it.
    """
    from hypnic.serving import serve as run

    run(
        port,
        browser=browser,
        say=lambda address: typer.echo(f"{address}\nthe page is there until you press Control-C"),
        nights=_nights,
    )


def _nights(folder: Path) -> dict[str, Any]:
    """Put one person's nights in words and a picture; what draws is imported when it is asked for."""
    from hypnic.lazy import missing

    try:
        from hypnic.reports.mine import own_nights
    except ModuleNotFoundError as error:
        raise missing(error) from None
    return own_nights(folder)
