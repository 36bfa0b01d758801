"""What `hypnic check --fix` writes, and what it says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

SHOWN = 10  # empty rows that are named


def fixed(  # noqa: PLR0913 -- as the command
    files: list[Path], out: Path, table: str | None, sheet: str | None, settings: dict[str, Any], *, quiet: bool
) -> list[Path]:
    """Write the fixed copies and list what was changed: for people, with the findings."""
    from hypnic.datasets.checking.changes import fix, listed
    from hypnic.errors import HypnicError
    from hypnic.schemas.filenames import named, shown_path

    if len(files) > 1 and (out.suffix or out.is_file()):
        message = "--fix: several files are fixed into a folder; name one, without an ending"
        raise HypnicError(message)
    folder = len(files) > 1 or out.is_dir()
    places = [out / f"{path.stem}.csv" if folder else out for path in files]
    if len({*places}) < len(places):
        message = "--fix: two of the files have the same name; fix them one at a time"
        raise HypnicError(message)
    for path, place in zip(files, places, strict=True):
        done = fix(path, place, table, sheet, **settings)
        for line in listed(done.changes):
            typer.echo(f"{named(path)}: changed {line}", err=quiet)
        empty = ", ".join(map(str, done.empty[:SHOWN])) + (" and more" if len(done.empty) > SHOWN else "")
        for said, what in (
            (done.empty, f"{_count(len(done.empty), 'empty row')}: {empty}"),
            (done.dropped, f"as private: {', '.join(done.dropped)}"),
        ):
            if said:
                typer.echo(f"{named(path)}: left out {what}", err=quiet)
        if done.unrun:
            unrun = _count(done.unrun, "cell")
            typer.echo(f"{named(path)}: an apostrophe put before {unrun} that a spreadsheet would run", err=quiet)
        changed = _count(len(done.changes), "cell")
        typer.echo(f"{shown_path(place)}: {changed} changed, the rest as it was; what is left:", err=quiet)
    return places


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
