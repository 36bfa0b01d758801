"""`hypnic convert`: make a table of a form tool's export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypnic.commands.options import TableName, put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms import Codebook
    from hypnic.datasets.forms.conversion import Conversion


def _list(*, wanted: bool) -> None:
    if wanted:
        from hypnic.datasets.forms import profiles

        for name, profile in profiles().items():
            typer.echo(f"{name:17}{profile.title}: {profile.export}")
        raise typer.Exit


def convert(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="The form tool, as --list names it.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Its export, as it comes: CSV or .xlsx.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE|DIR", help="A .csv file; a folder for both tables; else CSV."),
    ] = None,
    table: Annotated[
        TableName | None, typer.Option(help="What to make of it; else --out's name or the best match tells.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel workbook; else its first.")] = None,
    codebook: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What codes stand for: REDCap data dictionary, XLSForm, or CSV of labels."),
    ] = None,
    own_map: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="MAP.toml", help="What your own names and questions are; written where there is none yet."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what --out names.")] = False,  # noqa: FBT002
    list_formats: Annotated[  # noqa: ARG001, FBT002 -- answered before the command runs
        bool, typer.Option("--list", callback=lambda value: _list(wanted=value), is_eager=True, help="List formats.")
    ] = False,
) -> None:
    """Make a table of a form tool's export.

    \b
    hypnic convert google-forms diary.csv -o nights.csv
    hypnic convert google-forms baseline.csv diary.csv -o study    two forms of one study
    hypnic convert qualtrics "Sleep starts.csv" -o participants.csv
    hypnic convert redcap export.csv -o study                      both tables of one project, raw data
    hypnic convert odk hypnic_nights.csv -o nights.csv             ODK Central or Kobo, XML values and headers
    hypnic convert limesurvey results-survey.csv -o nights.csv
    hypnic convert spreadsheet mine.xlsx --map MAP.toml -o nights.csv      your own table; edit the map once
    hypnic convert redcap export.csv --codebook dictionary.csv -o study    codes decoded by their labels
    hypnic convert qualtrics mine.csv --map MAP.toml -o study              your own questions; edit the map once
    hypnic convert --list                                          what to click in each tool

    Columns are found by name or question, or as a map says; labels and codes become the instrument's words, drinks
    become mg and g, times of day are rounded to the quarter hour. Dates, addresses and whatever else is private stay
    out; participants get random tokens. All that was decided is printed, by column and row; no answer is, but for three
    rows where only you can say how a time or a number is meant: the map keeps what you say. Check the table then.

    Exits 0 where every answer was read, 1 where some were left blank, and 2, with nothing written, where the file could
    not be converted.
    """
    from hypnic.datasets.forms import convert as run
    from hypnic.datasets.forms import convert_together, merged
    from hypnic.datasets.writing import write_table
    from hypnic.errors import HypnicError
    from hypnic.schemas.filenames import pasted, shown_path

    folder = out is not None and (out.is_dir() or not out.suffix)
    if len(files) > 1 and not (folder and table is None):
        message = "several exports make a study of two tables; name a folder for it with --out, and no --table"
        raise HypnicError(message)
    if out is not None and not folder:
        _refuse_overwriting(out, force=force)
        table = table or next((name for name in TableName if name == out.stem), None)
    book = _book(codebook, own_map)
    try:
        made = (
            convert_together(form, files, sheet, book)
            if folder and not table
            else [run(form, files[0], table, sheet=sheet, codebook=book)]
        )
    except HypnicError as error:
        _sketch_map(form, own_map, files, sheet, book)
        raise HypnicError(_with_command(str(error), form, files, out, given=bool(own_map))) from None
    paths = [out / f"{one.table}.csv" if out is not None and folder else out for one in made]
    if own_map and not own_map.exists():
        put(merged(one.map for one in made), own_map)
        typer.echo(f"wrote {shown_path(own_map)}: {_next(made)}", err=True)
    for path in paths:
        _refuse_overwriting(path, force=force)
    for one, path in zip(made, paths, strict=True):
        write_table(one.frame, path)
        for line in one.said:
            typer.echo(line, err=path is None)
        if path is not None:
            typer.echo(f"wrote {shown_path(path)}")
    if out is not None:
        typer.echo(f"next: hypnic check {' '.join(pasted(path, 'FILE') for path in paths if path is not None)}")
    raise typer.Exit(int(not all(one.complete for one in made)))


def _with_command(message: str, form: str, files: Sequence[Path], out: Path | None, *, given: bool) -> str:
    """Write the command that a message speaks of, so that it can be pasted; as it is where a map was given."""
    from hypnic.schemas.filenames import pasted

    read = " ".join(pasted(path, "FILE") for path in files)
    command = f"run: hypnic convert {form} {read} --map MAP.toml -o {pasted(out or 'nights.csv', 'OUT.csv')}"
    return message if given else message.replace("run it with --map MAP.toml", command)


def _next(made: Sequence[Conversion]) -> str:
    """Say what to do with a map: fill it in, or only keep it."""
    if all(one.complete and not one.strangers for one in made):
        return "nothing is left open; keep it, and give it with --map each time"
    return "name the columns that have none there, and run this again"


def _sketch_map(
    form: str, own_map: Path | None, files: Sequence[Path], sheet: str | None, book: Codebook | None
) -> None:
    """Write the map of files that could not be read, for their names to be filled in."""
    from hypnic.datasets.forms import merged, sketch
    from hypnic.filenames import whole_name

    if not own_map or own_map.exists():
        return
    if text := merged([sketch(file, sheet, form, book) for file in files]):
        put(text, own_map)
        typer.echo(f"wrote {whole_name(own_map)}: type what its names stand for there, and run this again", err=True)


def _book(codebook: Path | None, own_map: Path | None) -> Codebook | None:
    """Read the codebook or the map, whichever is given and there."""
    from hypnic.datasets.forms import read_codebook, read_map

    labels = read_codebook(codebook) if codebook else None
    if own_map and own_map.exists():
        return read_map(own_map).over(labels)
    return labels


def _refuse_overwriting(path: Path | None, *, force: bool) -> None:
    from hypnic.errors import HypnicError

    if path is not None and path.exists() and not force:
        message = f"{path}: is there already; name another with --out, or overwrite it with --force"
        raise HypnicError(message)
