"""The same comparison done otherwise: each sensitivity row of an exposure, and the diary's specification curve."""

from __future__ import annotations

from functools import partial
from math import exp
from typing import TYPE_CHECKING

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.reports import numbers
from hypnic.reports.figures import look_of, ratio_axis
from hypnic.reports.svg import INK, PAPER, WIDTH, Drawing, Sketch, Told, drawing, look
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.results import Results
    from hypnic.reports.ratios import Ratio

OTHER_QUESTIONS = ("controls",)  # analyses whose rows are about another outcome
EVERY = "specifications"
# The parts of a specification's name, in their order.
CHOICES = ("Measured as", "Outcome", "Nights", "Adjusted for")


def alternatives(r: Ratio, results: Results) -> pl.DataFrame:
    """Give the rows that ask a primary comparison with one thing done otherwise, on the same scale."""
    asked = results.data.study.controls
    others = list(asked.controls) if asked else []
    return results.estimates.filter(
        pl.col("estimate").is_not_null(), ~pl.col("analysis").is_in(OTHER_QUESTIONS), ~pl.col("outcome").is_in(others),
        role="sensitivity", scale=r.estimand.scale, exposure=r.estimand.exposure, design=r.instrument.design,
    )  # fmt: skip


def sensitivity(results: Results, ratios: Sequence[Ratio]) -> Iterator[Sketch]:
    """Draw for each instrument every way in which its comparisons were done."""
    for data in results.data.sets:
        shown = [
            (r, rows) for r in ratios if r.found and r.table == data.table and (rows := alternatives(r, results)).height
        ]
        if shown:
            yield partial(_drawn, shown, synthetic=results.data.study.synthetic)


def _drawn(shown: Sequence[tuple[Ratio, pl.DataFrame]], *, synthetic: bool) -> Drawing:
    instrument = shown[0][0].instrument
    name, (colour, marker) = f"sensitivity-{instrument.name}", look_of(instrument)
    with look(name):
        figure = Figure(figsize=(WIDTH, 0.5 * len(shown) + 1.1), layout="constrained")
        axes = figure.subplots()
        for at, (r, rows) in enumerate(shown):
            found = sorted(rows["estimate"].to_list())
            # Spread up and down by rank, so that equal ratios do not hide each other.
            up = [at + 0.3 * ((n * 0.618) % 1 - 0.5) for n in range(len(found))]
            axes.plot(found, up, marker, color=colour, markersize=3.5, alpha=0.45, markeredgewidth=0)
            if r.found:
                axes.plot([r.found.ratio], [at], marker, markersize=9, markerfacecolor=PAPER, markeredgecolor=INK)
        axes.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
        axes.set_yticks(range(len(shown)), [r.exposure for r, _ in shown])
        axes.set(ylim=(len(shown) - 0.5, -0.5), xlabel=f"{shown[0][0].measure.capitalize()} (log scale)")
        ends = [value for _, rows in shown for value in rows["estimate"]]
        ratio_axis(axes, "x", min([*ends, 0.95]), max([*ends, 1.05]))
        sns.despine(fig=figure)
        told = Told(
            f"{instrument.title}: each comparison done otherwise", _meaning(shown),
            "; ".join(
                f"{r.exposure}: {rows.height} ratios from {_ends(rows)[0]}"
                f" to {_ends(rows)[1]}, the main one {numbers.ratio(r.found.ratio)}"
                for r, rows in shown if r.found
            ) + ".",
            pl.concat(
                rows.select("exposure", "analysis", "variant", "outcome", "unit", "scale", "estimate", "conf_low",
                            "conf_high")
                for _, rows in shown
            ),
        )  # fmt: skip
        return drawing(figure, name, told, synthetic=synthetic)


def _ends(rows: pl.DataFrame) -> tuple[str, str]:
    found = sorted(rows["estimate"].to_list())
    return numbers.ratio(found[0]), numbers.ratio(found[-1])


def _meaning(shown: Sequence[tuple[Ratio, pl.DataFrame]]) -> str:
    crossing = [
        r.exposure.lower()
        for r, rows in shown
        if r.found and rows.filter((pl.col("estimate") > 1) != (r.found.ratio > 1)).height
    ]
    if not crossing:
        return "However it is done, no ratio changes sides: all lie where the large mark lies."
    return f"Some ways of doing it put the ratio on the other side of no difference: for {', '.join(crossing)}."


def curves(results: Results, ratios: Sequence[Ratio]) -> Iterator[Sketch]:
    """Draw the specification curve of each exposure that has one: every sensible model, lowest ratio first."""
    for r in ratios:
        rows = results.estimates.filter(
            pl.col("conf_low").is_not_null(),
            analysis=EVERY,
            scale=r.estimand.scale,
            exposure=r.estimand.exposure,
            design=r.instrument.design,
        ).sort("estimate", maintain_order=True)
        if r.found and rows.height > 1:
            yield partial(_curve, r, rows, synthetic=results.data.study.synthetic)


def _curve(r: Ratio, rows: pl.DataFrame, *, synthetic: bool) -> Drawing:
    name = f"curve-{r.table}-{r.estimand.exposure.replace('_', '-')}"
    colour, marker = look_of(r.instrument)
    with look(name):
        figure = Figure(figsize=(WIDTH, 2.9), layout="constrained")
        axes = figure.subplots()
        places = list(range(1, rows.height + 1))
        axes.vlines(places, rows["conf_low"].to_list(), rows["conf_high"].to_list(), color=colour, alpha=0.4)
        axes.plot(places, rows["estimate"].to_list(), marker, color=colour, markersize=4)
        axes.axhline(1, color=INK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
        ratio_axis(axes, "y", min([*rows["conf_low"], 0.95]), max([*rows["conf_high"], 1.05]))
        axes.set(title=r.exposure, xlabel="Models, by their ratio", ylabel=r.measure.capitalize())
        sns.despine(fig=figure)
        above = int((rows["estimate"] > 1).sum())
        clear = rows.filter((pl.col("conf_low") > 1) | (pl.col("conf_high") < 1)).height
        told = Told(
            f"{r.exposure}: specification curve",
            f"{above} of {rows.height} models give a ratio above 1, and {clear} intervals leave no difference out.",
            f"{rows.height} models, from {_ends(rows)[0]} to {_ends(rows)[1]}.",
            rows.select("exposure", "variant", "estimate", "conf_low", "conf_high", "n_persons"),
        )
        return drawing(figure, name, told, synthetic=synthetic)


def choice_table(results: Results, ratios: Sequence[Ratio]) -> Table | None:
    """Set the middle ratio under each choice of the specification curves."""
    # The test of their median has a row too, and is no choice.
    rows = results.estimates.filter(pl.col("estimate").is_not_null(), pl.col("scale") != "test", analysis=EVERY)
    if rows.is_empty():
        return None
    parts = rows.with_columns(
        pl.col("variant").str.split("/").list.to_struct(fields=[f"part-{n}" for n in range(len(CHOICES))])
    ).unnest("variant")
    asked = [
        r
        for r in ratios
        if r.instrument.design == rows["design"][0] and parts.filter(exposure=r.estimand.exposure).height
    ]
    lines = []
    for place, choice in enumerate(CHOICES):
        for (level,), own in parts.group_by(f"part-{place}", maintain_order=True):
            medians = [_middle(own.filter(exposure=r.estimand.exposure)) for r in asked]
            lines.append((f"{choice}: {str(level).replace('_', ' ')}", *medians))
    header = ("Choice", *(r.exposure for r in asked))
    return Table("The middle ratio under each choice", header, tuple(lines))


def _middle(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return "–"
    middle = rows["estimate"].log().median()
    return numbers.ratio(exp(middle)) if isinstance(middle, float) else "–"
