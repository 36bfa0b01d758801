"""`hypnic submit`: make a submission of a folder."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hypnic.schemas.submission import Fact


def submit(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with participants.csv, nights.csv, submission.toml.")
    ],
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where submissions are; else those of this clone.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the same, and write nothing.")] = False,  # noqa: FBT002 -- an option
) -> None:
    """Check a folder and write what may be published of it.

    \b
    hypnic submit my-survey                       inside a clone of the repository
    hypnic submit my-survey --to outbox           anywhere
    hypnic submit my-survey --dry-run             only show what would be taken away

    The folder itself stays as it is. Answers by which few people could be known are coarsened or withheld, and
    everybody gets a new random token; the key is kept nowhere. On a terminal it asks for what submission.toml lacks.
    Nothing leaves your machine: the last line says how it does.
    """
    import polars as pl

    from hypnic.datasets.intake import submissions_folder
    from hypnic.datasets.intake import submit as run
    from hypnic.datasets.intake.account import SHOWN, written

    sent = run(folder, to or submissions_folder(Path.cwd()), _ask if sys.stdin.isatty() else None, dry_run=dry_run)
    everybodys, own = sent.account.filter(seen := pl.col("reason").is_in(SHOWN)), sent.account.filter(~seen)
    typer.echo("what is taken away before anything is published; your folder stays as it is")
    typer.echo("as the receipt tells everybody:" if everybodys.height else "the receipt has nothing to tell of it")
    for line in written(everybodys):
        typer.echo(line)
    typer.echo("besides, for you alone, since it counts what you typed:")
    for line in written(own):
        typer.echo(line)
    typer.echo(
        f"by age, sex, country, shifts and whether they kept a diary everybody looks like {sent.hidden.k - 1} others at"
        " least, counting who is accepted already"
    )
    rows = ", ".join(f"{count} {name}" for name, count in sent.rows.items())
    if dry_run:
        typer.echo(f"\n{sent.receipt}\n{sent.folder}: {rows}; nothing was written")
        return
    typer.echo(f"{sent.folder}: {rows}; receipt.txt there says what leaves, byte for byte")
    how = (
        "zip this folder and attach it to the issue form"
        if to
        else "commit this folder and open a pull request with it"
    )
    typer.echo(f"{how}, as CONTRIBUTING.md says")
    _say_what_follows(sent.folder)


def _say_what_follows(published: Path) -> None:
    """Say what the published answers can do, and how to see them before they are part of the package."""
    from hypnic.analysis.studies.entering import entering, sentences

    for line in sentences(entering(published)):
        typer.echo(line)
    place = shlex.quote(str(published.parent))
    typer.echo(
        f"to see it in the study open now: hypnic report --study open --from {place}, or"
        f" hypnic load participants --study open --from {place}"
    )


def _ask(fact: Fact) -> str:
    """Ask for one fact until the answer will do."""
    options = f" [{', '.join(fact.options)}]" if fact.options else ""
    from hypnic.datasets.intake.facts import fault

    while wrong := fault(fact, answer := typer.prompt(f"{fact.question}{options}", err=True).strip()):
        typer.echo(f"  {wrong}", err=True)
    return str(answer)
