"""`hypnic fit`: one estimand of the diary on a folder of any size."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.estimands import Estimand


class Engine(StrEnum):
    """Where the sums are taken."""

    polars = "polars"
    dask = "dask"


def fit(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Clean nights and participants, Parquet or CSV.")],
    estimand: Annotated[str, typer.Option(metavar="diary:EXPOSURE", help="What is compared, as in a report.")],
    engine: Annotated[
        Engine, typer.Option(help="This machine, or the workers of a cluster: needs the extra 'hypnic[cluster]'.")
    ] = Engine.polars,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler; else one is started here.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes of a cluster that is started here.")] = 2,
) -> None:
    """Fit one comparison of the diary to a folder that may be larger than memory.

    \b
    hypnic load nights --study demo --version unreleased --out diary/nights.parquet
    hypnic load participants --study demo --version unreleased --out diary/participants.parquet
    hypnic load flags --study demo --version unreleased --out diary/flags.parquet
    hypnic fit diary --estimand diary:caffeine
    hypnic fit diary --estimand diary:caffeine --engine dask --scheduler tcp://10.0.0.5:8786

    The folder has nights and participants as `hypnic load` writes them, or nights in a folder of Parquet parts; where
    it has flags, what is flagged is left out. The digits are the same on every engine. A released table is coarser than
    the answers that a report of the demo is made of: `--version unreleased` gives those, and the report's own digits.
    """
    from hypnic.errors import HypnicError

    if scheduler is not None and engine is not Engine.dask:
        message = "--scheduler is read by --engine dask alone: add it"
        raise HypnicError(message)
    from hypnic.analysis.scale.estimand import estimand_named, fit_estimand

    asked = estimand_named(estimand)
    for line in _lines(asked, fit_estimand(folder, asked, engine.value, scheduler, workers)):
        typer.echo(line)


def _lines(asked: Estimand, fitted: Fit) -> list[str]:
    from math import exp

    info, line = fitted.info, fitted.contrast({asked.exposure: 1}).row(0, named=True)
    ratio, low, high = (exp(line[key]) for key in ("estimate", "conf_low", "conf_high"))
    dropped = ", ".join(f"{reason} {count:,}" for reason, count in info["n_dropped"].items())
    lines = [
        f"{asked.exposure} per {asked.unit}, within persons:",
        f"rate ratio {ratio:.8g}, 95 % limits {low:.8g} to {high:.8g}, p {line['p_value']:.3g}",
        f"{info['n_rows']:,} nights of {info['n_groups']:,} persons, {asked.covariance} errors",
        f"route: {info['route']}, {'exact' if info['exact'] else 'approximate'}; {info['optimizer']}",
    ]
    lines += [f"dropped nights: {dropped}"] if dropped else []
    if left := info["left_out"]:
        lines.append(f"not adjusted for {', '.join(left)}: fewer than ten people answered, or all the same")
    return lines + ([] if info["converged"] else ["the fit did not reach its maximum: use none of its numbers"])
