"""The figure of a plan: power by the number of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter

from hypnic.reports.svg import FIRST, INK, WIDTH, Drawing, Told, drawing, look

if TYPE_CHECKING:
    import polars as pl

WANTED, FALSE_ALARMS = 0.8, 0.05


def power_curve(table: pl.DataFrame) -> Drawing:
    """Draw a table of `hypnic.analysis.power.power`: shares detected with their Monte Carlo limits."""
    first = table.row(0, named=True)
    effect = first["ratio"] != 1
    name = "Power" if effect else "Type I error"
    persons, shares = table["persons"].to_list(), table["detected"].to_list()
    with look("power"):
        figure = Figure(figsize=(WIDTH, 3))
        figure.set_layout_engine("constrained")
        axes = figure.subplots()
        axes.axhline(WANTED if effect else FALSE_ALARMS, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.vlines(persons, table["low"].to_list(), table["high"].to_list(), color=FIRST, linewidth=1.6)
        sns.lineplot(x=persons, y=shares, ax=axes, color=FIRST, marker="o", errorbar=None)
        axes.set(xscale="log", xlabel="Persons", ylabel=name, ylim=(0, 1 if effect else max(0.2, *table["high"])))
        axes.xaxis.set_major_locator(FixedLocator(persons))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        sns.despine(fig=figure)
        said = "; ".join(f"{n:,} persons {100 * share:.0f} %" for n, share in zip(persons, shares, strict=True))
        title = (
            f"{name} for a ratio of {first['ratio']:g}, {first['exposure'].replace('_', ' ')} in a {first['design']}"
        )
        enough = next((n for n, share in zip(persons, shares, strict=True) if share >= WANTED), None)
        meaning = (
            f"The share of studies that call no difference one should lie near the dashed line, {FALSE_ALARMS:.0%}."
            if not effect
            else f"{WANTED:.0%} of studies find it from about {enough:,} persons on."
            if enough
            else f"None of these numbers of persons is enough for {WANTED:.0%} of studies to find it."
        )
        data = table.select("persons", "detected", "low", "high")
        return drawing(figure, "power", Told(title, meaning, f"{said}.", data), synthetic=True)
