"""The figures of a report: doses, and how often each answer was given."""

from __future__ import annotations

from math import exp, log
from textwrap import fill
from typing import TYPE_CHECKING, Any

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from hypnic.palette import LIGHT
from hypnic.reports.numbers import dosed, interval, percent, ratio
from hypnic.reports.svg import FIRST, INK, PAPER, SECOND, WIDTH, Drawing, Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from hypnic.analysis.results import Curve, Doses
    from hypnic.analysis.studies import Instrument
    from hypnic.reports.ratios import Ratio

# Round ratios for an axis, fine to coarse: the first set that puts few enough on it is taken.
MOST_TICKS = 7
TICKS = (
    (0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5),
    (0.6, 0.8, 1, 1.2, 1.5, 2),
    (0.5, 0.7, 1, 1.5, 2, 3, 4),
    (0.25, 0.5, 1, 2, 4, 8),
    (0.01, 0.1, 1, 10, 100),
)
SPREAD_HEIGHT = 0.14  # of a panel, at most


def ratio_axis(axes: Axes, side: str, low: float, high: float) -> None:
    """Put a log axis from `low` to `high` on one side, with few round ticks."""
    margin = 0.04 * log(high / low)
    low, high = exp(log(low) - margin), exp(log(high) + margin)
    spans = (
        [tick for tick in ticks if low <= tick <= high]
        for ticks in TICKS
        if ticks[0] <= 1.25 * low and ticks[-1] >= high / 1.25
    )
    inside = next((ticks for ticks in spans if len(ticks) <= MOST_TICKS), [1])
    axes.set(**{f"{side}scale": "log", f"{side}lim": (low, high)})
    axis = axes.xaxis if side == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(inside))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def look_of(instrument: Instrument) -> tuple[str, str]:
    """Give the colour and the marker of an instrument."""
    return LIGHT[instrument.style.colour], instrument.style.marker


def dose_panel(r: Ratio, doses: Doses, limits: tuple[float, float], meaning: str, *, synthetic: bool) -> Drawing:
    """Draw the ratios of one exposure's bins against the reference, the curve, and the one slope of its estimate.

    Without a unit of doses the exposure is yes or no: then each level of its split has a place of its own.
    """
    bins, smooth, unit = doses.bins, doses.curve, r.dose_unit
    name, whose = f"dose-{r.table}-{r.estimand.exposure.replace('_', '-')}", r.instrument.title
    whose = whose if whose.isupper() else whose.lower()
    start: float = bins.filter("reference")["dose"][0]
    points = list(bins.filter(reference=False).drop_nulls("estimate").iter_rows(named=True))
    places = [point["dose"] for point in points] if unit else list(range(1, len(points) + 1))
    colour, marker = look_of(r.instrument)
    with look(name):
        figure = Figure(figsize=(3.6, 2.6), layout="constrained")
        axes = figure.subplots()
        if smooth:
            _curve(axes, smooth, colour)
        if r.found and unit:
            slope, ends = log(r.found.ratio) / r.estimand.step, (min([start, *places]), max([start, *places]))
            axes.plot(ends, [exp(slope * (x - start)) for x in ends], color=INK, linewidth=0.9, alpha=0.6)
        for x, point in zip(places, points, strict=True):
            axes.plot([x, x], [point["conf_low"], point["conf_high"]], color=colour, linewidth=2)
            axes.plot([x], [point["estimate"]], marker, color=colour, markersize=6)
        axes.plot([start], [1], marker, markersize=6, markerfacecolor=PAPER, markeredgecolor=colour)
        axes.axhline(1, color=INK, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
        ratio_axis(axes, "y", *limits)
        axes.set(title=f"{r.exposure}, {whose}", xlabel=unit, ylabel=r.measure.capitalize())
        if not unit:
            answers = ["no", *(f"yes\n{point['level']}".strip() for point in points)]
            axes.set(xticks=range(len(answers)), xticklabels=answers, xlim=(-0.5, len(answers) - 0.5))
        sns.despine(fig=figure)
        said = "; ".join(
            f"{_dose(point, unit)}: {ratio(point['estimate'])}, {interval(point['conf_low'], point['conf_high'])}"
            for point in points
        )
        if smooth:
            first, last = smooth.curve.row(0, named=True), smooth.curve.row(-1, named=True)
            said += (
                f". The curve goes from {ratio(first['estimate'])} at {dosed(first['dose'], unit)}"
                f" to {ratio(last['estimate'])} at {dosed(last['dose'], unit)}"
            )
        reference = _dose({"dose": start, "level": ""}, unit) if unit else "no"
        told = Told(
            f"{r.exposure}, {whose}: {r.measure} by dose",
            meaning,
            f"Against {reference}: {said}.",
            _dose_data(bins, smooth),
        )
        return drawing(figure, name, told, synthetic=synthetic)


def _dose_data(bins: pl.DataFrame, smooth: Curve | None) -> pl.DataFrame:
    """Give the marks and the curve of a panel, a row each; the reference is 1 by definition."""
    numbers = ["dose", "estimate", "conf_low", "conf_high"]
    one = pl.when("reference").then(1.0)
    marks = bins.select(
        pl.when("reference").then(pl.lit("reference")).otherwise(pl.lit("bin")).alias("mark"),
        pl.col("dose").cast(pl.Float64), *(one.otherwise(name).alias(name) for name in numbers[1:]),
    )  # fmt: skip
    if smooth is None:
        return marks
    line = smooth.curve.select(pl.lit("curve").alias("mark"), *(pl.col(name).cast(pl.Float64) for name in numbers))
    return pl.concat([marks, line])


def _curve(axes: Axes, smooth: Curve, colour: str) -> None:
    """Draw a curve in its band, and at the foot of the panel the spread of the doses."""
    curve, spread = smooth
    axes.fill_between(curve["dose"], curve["conf_low"], curve["conf_high"], color=colour, alpha=0.18, linewidth=0)
    axes.plot(curve["dose"], curve["estimate"], color=colour, linewidth=1.2)
    if not spread.is_empty():
        heights = SPREAD_HEIGHT * spread["n_rows"] / max(spread["n_rows"])
        axes.bar(
            spread["low"], heights, spread["high"] - spread["low"], align="edge", color=INK, alpha=0.25,
            transform=axes.get_xaxis_transform(), linewidth=0,
        )  # fmt: skip


def _dose(point: Mapping[str, Any], unit: str) -> str:
    return f"about {dosed(point['dose'], unit)}" if unit else f"yes {point['level']}".strip()


def bars(name: str, title: str, labels: Sequence[str], shares: Sequence[float], *, synthetic: bool) -> Drawing:
    """Draw how the answers are spread, each bar with its share."""
    with look(name):
        figure = Figure(figsize=(WIDTH, 2.7), layout="constrained")
        axes = figure.subplots()
        sns.barplot(x=list(labels), y=[100 * share for share in shares], ax=axes, color=FIRST, saturation=1)
        for place, share in enumerate(shares):
            axes.annotate(
                f"{100 * share:.0f}" if share >= 0.005 else "<1",
                (place, 100 * share),
                (0, 4),
                textcoords="offset points",
                ha="center",
            )
        axes.set(xlabel=title, ylabel="Per cent")
        sns.despine(fig=figure)
        said = "; ".join(f"{label}: {percent(share)}" for label, share in zip(labels, shares, strict=True))
        data = pl.DataFrame({"answer": list(labels), "share": list(shares)}, schema_overrides={"share": pl.Float64})
        rest = f"{percent(shares[0], 0)} of the answers, and more in {percent(1 - shares[0], 0)}"
        meaning = f"It was {labels[0]} in {rest if len(labels) > 1 else 'all of the answers'}."
        return drawing(figure, name, Told(title, meaning, f"{said}.", data), synthetic=synthetic)


def shares(name: str, title: str, axis: str, table: pl.DataFrame, none: pl.DataFrame) -> Drawing:
    """Draw weighted shares with their intervals: one row an answer, one mark a cycle.

    `none` has the shares of those who had none, who are not drawn.
    """
    answers = table["answer"].unique(maintain_order=True).to_list()
    with look(name):
        figure = Figure(figsize=(WIDTH, 0.66 * len(answers) + 0.9), layout="constrained")
        axes = figure.subplots()
        for n, (cycle, rows) in enumerate(table.group_by("cycle", maintain_order=True)):
            for row in rows.iter_rows(named=True):
                at = answers.index(row["answer"]) + 0.3 * n - 0.1
                colour, marker = ((FIRST, "o"), (SECOND, "s"))[n % 2]
                axes.plot([100 * row["conf_low"], 100 * row["conf_high"]], [at, at], color=colour, linewidth=2.2)
                axes.plot([100 * row["estimate"]], [at], marker, color=colour, markersize=6.5)
                axes.annotate(
                    f"{cycle[0]}: {percent(row['estimate'])}", (100 * row["conf_high"], at), (6, 0),
                    textcoords="offset points", va="center",
                )  # fmt: skip
        axes.set(
            yticks=range(len(answers)),
            yticklabels=answers,
            ylim=(len(answers) - 0.4, -0.5),
        )
        axes.set(
            xlim=(0, 100 * max(table["conf_high"]) * 2.1),
            xlabel=fill(axis, 36),
        )
        sns.despine(fig=figure)
        said = "; ".join(
            f"{row['answer']}, {row['cycle']}: {percent(row['estimate'])}"
            f" ({percent(row['conf_low'])} to {percent(row['conf_high'])})"
            for row in table.iter_rows(named=True)
        )
        any_at_all = [
            f"{percent(1 - share, 0)} in {cycle}" for cycle, share in none.select("cycle", "estimate").iter_rows()
        ]
        meaning = f"Any at all: {' and '.join(any_at_all)}."
        data = table.select("cycle", "answer", "estimate", "conf_low", "conf_high")
        return drawing(figure, name, Told(title, meaning, said + ".", data), synthetic=False)
