"""`hypnic submit`: make a submission of a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hypnic.datasets.intake.submission import Sent
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
    hypnic submit my-survey --dry-run             only show what would be published, anywhere

    The folder itself stays as it is. Answers by which few people could be known are coarsened or withheld, and
    everybody gets a new random token; the key is kept nowhere. On a terminal it asks for what submission.toml lacks.
    Nothing leaves your machine: the last line says how it does.
    """
    import tempfile

    from hypnic.datasets.intake import submit as run
    from hypnic.schemas.filenames import pasted, shown_path

    ask = _ask if sys.stdin.isatty() else None
    if not dry_run:
        sent = run(folder, to or _clone(), ask)
        _say_what_is_taken_away(sent)
        typer.echo(f"{shown_path(sent.folder)}: {_counted(sent)}; receipt.txt there says what leaves, byte for byte")
        how = "zip this folder and attach it to the issue form" if to else (
            "commit this folder and open a pull request with it"
        )  # fmt: skip
        typer.echo(f"{how}, as CONTRIBUTING.md says")
        _say_what_enters(sent.folder)
        place = pasted(sent.folder.parent, "FOLDER")
        typer.echo(
            f"to see it in the study open now: hypnic report --study open --from {place}, or"
            f" hypnic load participants --study open --from {place}"
        )
        return
    among, where = _judged_with(to)
    with tempfile.TemporaryDirectory() as place:
        sent = run(folder, Path(place), ask, among=among)
        _say_what_is_taken_away(sent)
        typer.echo(f"\n{sent.receipt}")
        _say_what_enters(sent.folder)
    home = sent.folder.name if where else among / sent.folder.name
    typer.echo(f"{shown_path(home)}: {_counted(sent)}; nothing was written{where}")


def _clone() -> Path:
    from hypnic.datasets.intake import submissions_folder

    return submissions_folder(Path.cwd())


def _judged_with(to: Path | None) -> tuple[Path, str]:
    """Give the submissions that a dry run judges with, and says so where they are those of the package."""
    from hypnic.datasets.loading import data_folder
    from hypnic.errors import HypnicError

    try:
        return to or _clone(), ""
    except HypnicError:  # to look is allowed anywhere
        return data_folder() / "submissions", ", and it was judged with the submissions that came with this package"


def _counted(sent: Sent) -> str:
    return ", ".join(f"{count} {name}" for name, count in sent.rows.items())


def _say_what_is_taken_away(sent: Sent) -> None:
    if sent.spare:
        typer.echo(f"withdrawals.csv: {sent.spare} left out, as nobody answered with the tokens they are for")
    import polars as pl

    from hypnic.datasets.intake.account import SHOWN, written

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


def _say_what_enters(published: Path) -> None:
    """Say what the published answers can do."""
    from hypnic.analysis.studies.entering import entering, sentences

    for line in sentences(entering(published), published=True):
        typer.echo(line)


def _ask(fact: Fact) -> str:
    """Ask for one fact until the answer will do."""
    options = f" [{', '.join(fact.options)}]" if fact.options else ""
    from hypnic.datasets.intake.facts import fault

    while wrong := fault(fact, answer := typer.prompt(f"{fact.question}{options}", err=True).strip()):
        typer.echo(f"  {wrong}", err=True)
    return str(answer)
