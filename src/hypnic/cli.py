"""The command line: thin over the Python API, and quick to say what it can do."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hypnic.errors import HypnicError

# Heavy libraries are imported inside the commands: `hypnic --help` must answer at once.

GUIDE = """The open dataset of sleep starts (hypnic jerks), and the statistics that go with it.

\b
Use the data     hypnic load nights --study demo > nights.csv
Send data        hypnic check participants.csv nights.csv
Build a report   hypnic report --study demo --out report

\b
Studies
  demo     a synthetic cohort that comes with the package: nobody gave these answers
  open     all accepted submissions; empty until the first is accepted
  nhanes   NHANES 2005-2008 (CDC): leg jerks while trying to sleep, a proxy

Every command has a --help of its own, with an example.
Exit codes: 0 all well, 1 a check found errors, 2 something could not be read or written.
"""
app = typer.Typer(
    help=GUIDE, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
)


class TableName(StrEnum):
    """A table of the instrument."""

    participants = "participants"
    nights = "nights"


class CheckFormat(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


STUDIES = "demo|open|nhanes"
Source = Annotated[
    Path | None,
    typer.Option("--from", metavar="DIR", help="Folder with the NHANES files; else $HYPNIC_NHANES, else CDC's site."),
]


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV files: participants, nights, or both.")],
    table: Annotated[TableName | None, typer.Option(help="What the file holds; else its header tells.")] = None,
    form: Annotated[
        CheckFormat, typer.Option("--format", help="text for people, json for programs.")
    ] = CheckFormat.text,
) -> None:
    """Find every fault of a CSV, its cell and its remedy.

    \b
    hypnic check nights.csv
    hypnic check participants.csv nights.csv      also what only both together show
    hypnic check nights.csv --format json         one finding a line, for programs

    Nothing is changed and nothing is sent. Exits 0 where all is well or only flags, warnings and suggestions were
    found, 1 on errors, 2 where a file could not be read.
    """
    from hypnic.datasets.checking import check as run
    from hypnic.datasets.printing import as_text

    found = run(*files, table=table.value if table else None)
    typer.echo(found.write_ndjson() if form is CheckFormat.json else as_text(found, [f.name for f in files]), nl=False)
    raise typer.Exit(int((found["level"] == "error").any()))


@app.command()
def load(
    table: Annotated[
        str, typer.Argument(help="participants, nights, missingness, participant_choices, flags; persons.")
    ],
    study: Annotated[str, typer.Option(metavar=STUDIES, help="Whose answers.")] = "open",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A .csv or .parquet file; else CSV is printed.")
    ] = None,
    source: Source = None,
) -> None:
    """Give a clean, typed table as CSV or Parquet.

    Missing codes become empty cells; words in one cell are joined by |.

    \b
    hypnic load nights --study demo > nights.csv
    hypnic load participants --study demo --out participants.parquet
    hypnic load persons --study nhanes --from DIR --out persons.parquet
    """
    from hypnic.datasets.loading import load as run
    from hypnic.datasets.writing import write_table

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        frame = run(table, study, source=source)
    for warning in said:
        typer.echo(f"hypnic: {warning.message}", err=True)
    write_table(frame, out)


@app.command()
def dictionary(
    table: Annotated[TableName | None, typer.Option(help="One table only.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="The rules instead of the columns.")] = False,  # noqa: FBT002
) -> None:
    """Print what every column holds, or every rule.

    \b
    hypnic dictionary --table nights
    hypnic dictionary --rules
    """
    from hypnic.schemas import dictionary as pages

    tables = [table.value] if table else [name.value for name in TableName]
    typer.echo(pages.rule_table(tables) if rules else pages.dictionary(tables), nl=False)


@app.command()
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
        typer.echo(page)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for participants.csv, nights.csv, truth.json.")],
    participants: Annotated[int, typer.Option(min=1, help="Respondents.")] = 1200,
    diaries: Annotated[int, typer.Option(min=1, help="How many of them keep a diary.")] = 400,
    nights: Annotated[int, typer.Option(min=2, max=28, help="Nights in each diary.")] = 14,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1729,
) -> None:
    """Draw a synthetic cohort, its truth beside it.

    \b
    hypnic simulate --out synthetic
    hypnic simulate --participants 5000 --diaries 500 --seed 7 --out synthetic
    """
    from hypnic.datasets.cohort import simulate as run
    from hypnic.datasets.cohort import write

    write(run(participants, diaries, nights, seed), out)
    typer.echo(f"synthetic cohort of {participants} participants, {diaries} diaries, seed {seed}: {out}")


def _progress(step: str) -> None:
    """Say what is being done, on a terminal only."""
    if sys.stderr.isatty():
        typer.echo(f"  {step} ...", err=True)


def main() -> None:
    """Run the command line; what the user can mend is one line and exit code 2, never a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was half-written is cleared away
    gc.set_threshold(100_000)  # much is imported and little becomes garbage: this starts a check a tenth sooner
    try:
        app()
    except HypnicError as error:
        typer.echo(f"hypnic: {error}", err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:  # the reader, `head` say, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
