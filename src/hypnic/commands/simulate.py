"""`hypnic simulate`: draw a synthetic cohort."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for participants.csv, nights.csv, truth.json.")],
    participants: Annotated[int, typer.Option(min=1, help="Respondents.")] = 1200,
    diaries: Annotated[int, typer.Option(min=1, help="How many of them keep a diary.")] = 400,
    nights: Annotated[int, typer.Option(min=2, max=28, help="Nights in each diary.")] = 14,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1729,
) -> None:
    """Draw a synthetic cohort, its truth next to it.

    \b
    hypnic simulate --out synthetic
    hypnic simulate --participants 5000 --diaries 500 --seed 7 --out synthetic
    """
    from hypnic.datasets.cohort import simulate as run
    from hypnic.datasets.cohort import write

    write(run(participants, diaries, nights, seed), out)
    typer.echo(f"synthetic cohort of {participants} participants, {diaries} diaries, seed {seed}: {out}")
