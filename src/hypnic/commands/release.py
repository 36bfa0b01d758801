"""`hypnic release`: write a release of a study, or compare two."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hypnic.datasets.release import Contents

SUBMISSION = "submission.toml"


class Shown(StrEnum):
    """How a comparison is shown."""

    text = "text"
    json = "json"
    html = "html"


def release(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    study: Annotated[str, typer.Option(metavar="demo|open", help="Whose answers.")] = "open",
    version: Annotated[str, typer.Option(metavar="V", help="Such as 1 or 1.2; a release never changes.")] = "1",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the release's own folder.")] = Path(
        "datasets/released"
    ),
    estimates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="estimates.csv of a report, which the release then carries.")
    ] = None,
    diff: Annotated[
        tuple[Path, Path] | None, typer.Option(metavar="OLD NEW", help="Compare two releases; write none.")
    ] = None,
    form: Annotated[Shown, typer.Option("--format", help="Of the comparison.")] = Shown.text,
    folder: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Folder of submissions for the study open; else the package's."),
    ] = None,
) -> None:
    """Write a release of a study, or compare two.

    All tables in five formats, described for people and programs, the same bytes on every run.

    \b
    hypnic release --study demo --out released
    hypnic release --study open --version 2
    hypnic release --study open --from datasets/submissions --version 2
    hypnic release --diff released/open-1 released/open-2
    hypnic release --diff released/open-1 released/open-2 --format html > changes.html
    """
    if diff is not None:
        from hypnic.datasets.release import compare, shown

        typer.echo(shown(compare(*diff), form.value), nl=False)
        return
    from hypnic.datasets.release import write_release

    say = (lambda step: typer.echo(f"  {step} ...", err=True)) if sys.stderr.isatty() else (lambda _: None)
    typer.echo(write_release(contents(study, version, folder), out, estimates=estimates, say=say))


def contents(study: str, version: str, folder: Path | None = None) -> Contents:
    """Gather what a release of a study holds; `folder` is one of submissions, else the package's.

    Raises HypnicError where it may not be released.
    """
    import hashlib
    import tomllib

    from hypnic.datasets.intake.classes import judge
    from hypnic.datasets.intake.withdrawal import tombstones
    from hypnic.datasets.loading import cleaned, data_folder, for_release, submissions
    from hypnic.datasets.release import assemble
    from hypnic.datasets.release.names import three_parts
    from hypnic.datasets.source import refuse_folder
    from hypnic.datasets.sources import refuse_nobody

    three_parts(version)  # before anything that takes long
    if folder is not None and study != "open":
        refuse_folder(study)
    if study != "demo":
        refuse_nobody(folder)
    folders = [data_folder() / "demo"] if study == "demo" else submissions(folder)
    files = [path for folder in folders for path in sorted(folder.glob("*.csv"))]
    inputs = {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    seed = hashlib.sha256(repr(sorted(inputs.items())).encode()).hexdigest() if study == "demo" else None
    published = for_release(folders, seed)
    periods = [str(tomllib.loads((folder / SUBMISSION).read_text("utf-8"))["period"])[-7:] for folder in folders]
    left = set().union(*(tombstones(folder) for folder in folders))
    return assemble(
        study, version, max(periods), cleaned(published), k=judge(published).k, inputs=inputs,
        withdrawn=len(left),
    )  # fmt: skip
