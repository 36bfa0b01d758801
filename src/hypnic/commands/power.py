"""`hypnic power`: plan a study by simulation."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl


class Exposure(StrEnum):
    """What a study may ask about."""

    caffeine = "caffeine"
    alcohol = "alcohol"
    stress = "stress"
    exercise = "exercise"
    sleep_loss = "sleep_loss"


class Design(StrEnum):
    """How a study may ask."""

    diary = "diary"
    survey = "survey"


def power(  # noqa: PLR0913, PLR0917  (a plan has so many sides)
    persons: Annotated[int, typer.Option(min=20, help="People in the study; half and twice as many are tried too.")],
    nights: Annotated[int, typer.Option(min=2, max=28, help="Nights in each diary; a survey asks about 30.")] = 14,
    irr: Annotated[
        float, typer.Option(min=0.2, max=5, help="True rate ratio per unit; 1 asks for false alarms.")
    ] = 1.1,
    exposure: Annotated[Exposure, typer.Option(help="Which of the five.")] = Exposure.caffeine,
    design: Annotated[Design, typer.Option(help="Diary or one-time survey.")] = Design.diary,
    simulations: Annotated[int, typer.Option(min=1, help="Studies drawn for each number of persons.")] = 200,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; else one a core. Changes no number.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same table.")] = 1729,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for power.csv and power.svg.")] = None,
) -> None:
    """Say how often a study of this size would find a ratio.

    \b
    hypnic power --persons 500 --nights 14 --irr 1.1
    hypnic power --persons 1000 --design survey --exposure stress --irr 1.15 --out plan
    hypnic power --persons 500 --irr 1             how often it would find what is not there: 5 % is right

    Synthetic studies are drawn, cleaned and fitted as real ones would be; power is the share of them with p below
    0.05, before any correction for several exposures. Limits tell how well so many simulations know it. The mean
    ratio tells what the estimator finds on average: in a survey of usual habits it lies nearer 1 than the truth.
    """
    from hypnic.analysis.power import power as run

    table = run(
        persons, nights, irr, exposure=exposure.value, design=design.value, simulations=simulations, seed=seed,
        jobs=jobs or os.cpu_count() or 1,
    )  # fmt: skip
    for line in _lines(table):
        typer.echo(line)
    if out is not None:
        _write(table, out)
        typer.echo(f"{out}: power.csv, power.svg")


def _lines(table: pl.DataFrame) -> list[str]:
    first = table.row(0, named=True)
    how = f"diaries of {first['nights']} nights" if first["nights"] else "a survey"
    name = "power" if first["ratio"] != 1 else "type I error"
    what = f"{first['exposure'].replace('_', ' ')}, true ratio {first['ratio']:g} per {first['unit']}"
    lines = [
        f"{what}, {how}; {first['simulations']} synthetic studies in each row",
        f"{'persons':>8}  {name:>12}  {'95 % limits':>16}  {'mean ratio':>10}",
    ]
    for row in table.iter_rows(named=True):
        limits = f"{100 * row['low']:.1f} to {100 * row['high']:.1f} %"
        mean = "-" if row["mean_ratio"] is None else f"{row['mean_ratio']:.3f}"
        unfit = row["simulations"] - row["fitted"]
        note = f"  {unfit} gave no estimate" if unfit else ""
        lines.append(f"{row['persons']:>8,}  {100 * row['detected']:>10.1f} %  {limits:>16}  {mean:>10}{note}")
    return lines


def _write(table: pl.DataFrame, folder: Path) -> None:
    from hypnic.datasets.writing import write_table, write_whole
    from hypnic.reports.powercurve import power_curve

    svg = power_curve(table).svg
    write_table(table, folder / "power.csv")
    write_whole(folder / "power.svg", lambda path: path.write_text(svg, "utf-8", newline=""))
