"""The forest plot: every primary ratio of a study with its interval, for a page with room and for a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from hypnic.reports.figures import look_of, ratio_axis
from hypnic.reports.numbers import interval, ratio
from hypnic.reports.svg import INK, PAPER, WIDE, WIDTH, Drawing, Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from hypnic.reports.ratios import Found, Ratio

    Shown = Sequence[tuple[Ratio, Found]]

DASHED = (0, (3, 2))


def forest(ratios: Sequence[Ratio], title: str, *, synthetic: bool) -> Drawing:
    """Draw every primary ratio with its 95 % interval and, where it is known, the truth."""
    shown = [(r, r.found) for r in ratios if r.found]
    told = Told(title, _meaning(shown), f"{'; '.join(_said(*one) for one in shown)}.", _data(shown))
    with look("forest"):
        wide, phone = _wide(shown), _phone(shown)
        return drawing(wide, "forest", told, synthetic=synthetic, phone=phone)


def _wide(shown: Shown) -> Figure:
    """Set names at the left, marks in the middle and numbers at the right, a line a ratio."""
    height = 0.25 * (len(shown) + len({r.exposure for r, _ in shown})) + 1.8
    figure = Figure(figsize=(WIDE, height))
    axes = figure.subplots()
    # Fixed margins: names and numbers stand outside of the axes, where no layout engine makes room for them.
    figure.subplots_adjust(left=0.42, right=0.775, top=1 - 0.6 / height, bottom=0.95 / height)
    across = axes.get_yaxis_transform()
    y, above = 0.0, ""
    for r, found in shown:
        if r.exposure != above:
            axes.text(-1.16, y, r.exposure, transform=across, weight="bold", va="center")
            y += 1
        above = r.exposure
        _mark(axes, r, found, y)
        axes.text(-1.12, y, r.label, transform=across, va="center")
        axes.text(1.03, y, f"{ratio(found.ratio)} ({interval(found.low, found.high)})", transform=across, va="center")
        y += 1
    axes.axvline(1, color=INK, linewidth=0.8, linestyle=DASHED, zorder=0)
    _finish(figure, axes, shown, (y - 0.4, 0.4))
    figure.legend(handles=_legend(shown), loc="lower center", ncols=4, handletextpad=0.3, columnspacing=1.2)
    return figure


def _phone(shown: Shown) -> Figure:
    """Set names and numbers above each mark."""
    exposures = len({r.exposure for r, _ in shown})
    figure = Figure(figsize=(WIDTH, 0.42 * len(shown) + 0.36 * exposures + 1.25), layout="constrained")
    axes = figure.subplots()
    y, above = 0.0, ""
    for r, found in shown:
        across = axes.get_yaxis_transform()
        if r.exposure != above:
            y += 1.05 if above else 0
            above = r.exposure
            axes.text(0, y, above, transform=across, weight="bold", va="center")
        y += 1
        axes.plot([1, 1], [y + 0.06, y + 0.4], color=INK, linewidth=0.8, linestyle=DASHED, zorder=0)
        _mark(axes, r, found, y + 0.22)
        axes.text(0, y - 0.2, r.label, transform=across, va="center")
        numbers = f"{ratio(found.ratio)} ({interval(found.low, found.high)})"
        axes.text(1, y - 0.2, numbers, transform=across, va="center", ha="right")
    _finish(figure, axes, shown, (y + 0.6, -0.5))
    figure.legend(handles=_legend(shown), loc="outside lower left", ncols=2, handletextpad=0.3, columnspacing=1)
    return figure


def _mark(axes: Axes, r: Ratio, found: Found, at: float) -> None:
    colour, marker = look_of(r.instrument)
    axes.plot([found.low, found.high], [at, at], color=colour, linewidth=2.2, solid_capstyle="butt")
    axes.plot([found.ratio], [at], marker, color=colour, markersize=6.5)
    if r.truth:
        axes.plot([r.truth.total], [at], "D", markersize=6, markerfacecolor=PAPER, markeredgecolor=INK)


def _finish(figure: Figure, axes: Axes, shown: Shown, span: tuple[float, float]) -> None:
    ends = [end for _, found in shown for end in found] + [r.truth.total for r, _ in shown if r.truth]
    ratio_axis(axes, "x", min([*ends, 0.95]), max([*ends, 1.05]))
    axes.set(
        ylim=span, xlabel=f"{shown[0][0].measure.capitalize()} (log scale): fewer jerks left, more right", yticks=[]
    )
    sns.despine(fig=figure, left=True)


def _legend(shown: Shown) -> list[Line2D]:
    """Say what each mark is."""
    instruments = {r.instrument.title: look_of(r.instrument) for r, _ in shown}
    keys = [
        Line2D([], [], color=colour, marker=marker, linewidth=2.2, markersize=6, label=f"{title}, 95 % interval")
        for title, (colour, marker) in instruments.items()
    ]
    if any(r.truth for r, _ in shown):
        keys.append(
            Line2D([], [], marker="D", linestyle="none", markerfacecolor=PAPER, markeredgecolor=INK, label="true ratio")
        )
    return [*keys, Line2D([], [], color=INK, linewidth=0.8, linestyle=DASHED, label="no difference")]


def _meaning(shown: Shown) -> str:
    clear = [f"{r.exposure.lower()} ({r.instrument.title})" for r, found in shown if not found.low <= 1 <= found.high]
    if not clear:
        return "Every interval crosses the dashed line of no difference: nothing here is settled."
    return f"{len(clear)} of {len(shown)} intervals lie clear of the dashed line of no difference: {', '.join(clear)}."


def _said(r: Ratio, found: Found) -> str:
    truth = f", true ratio {ratio(r.truth.total)}" if r.truth else ""
    return f"{r.exposure} ({r.label}): {ratio(found.ratio)}, {interval(found.low, found.high)}{truth}"


def _data(shown: Shown) -> pl.DataFrame:
    rows = [
        {
            "design": r.instrument.title, "exposure": r.exposure, "step": r.label, "measure": r.measure,
            "estimate": found.ratio, "conf_low": found.low, "conf_high": found.high,
        } | ({"true_ratio": r.truth.total} if r.truth else {})
        for r, found in shown
    ]  # fmt: skip
    return pl.DataFrame(rows)
