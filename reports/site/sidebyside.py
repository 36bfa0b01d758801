"""The figure of every exposure in every study: one line each, and nothing that sums them up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import seaborn as sns
from matplotlib.figure import Figure

from hypnic.palette import LIGHT
from hypnic.reports.figures import ratio_axis
from hypnic.reports.site.across import across_table
from hypnic.reports.svg import INK, PAPER, WIDTH, Drawing, Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from hypnic.reports.site.across import Exposure, Line

NAME = "across-studies"
TITLE = "Every exposure in every study, side by side"
MEANING = "Compare on which side of 1 the studies lie, not how far from it: each asked something else of other people."


def side_by_side(exposures: Sequence[Exposure]) -> Drawing | None:
    """Draw the ratios of each exposure below each other; nothing where no study has one.

    A proxy and synthetic answers have hollow marks, and every line says what it is.
    """
    shown = [(one, [line for line in one.lines if line.ratio.found]) for one in exposures]
    shown = [(one, lines) for one, lines in shown if lines]
    if not shown:
        return None
    ends = [end for _, lines in shown for line in lines for end in line.ratio.found or ()]
    y = 0.0
    with look(NAME):
        height = 0.4 * sum(len(lines) for _, lines in shown) + 0.42 * len(shown) + 0.75
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots()
        for number, (one, lines) in enumerate(shown):
            y += 1.05 if number else 0
            axes.text(0, y, one.title, transform=axes.get_yaxis_transform(), weight="bold", va="center")
            for line in lines:
                y += 1
                _line(axes, line, y)
        ratio_axis(axes, "x", min([*ends, 0.95]), max([*ends, 1.05]))
        axes.set(ylim=(y + 0.55, -0.5), xlabel="Ratio of that study, 95 % interval (log scale)", yticks=[])
        sns.despine(fig=figure, left=True)
        said = "; ".join(
            f"{one.title}, {line.named} ({line.ratio.label}): {line.ratio.measure} {line.numbers}"
            for one, lines in shown for line in lines
        )  # fmt: skip
        return drawing(figure, NAME, Told(TITLE, MEANING, f"{said}.", across_table(exposures)), synthetic=False)


def _line(axes: Axes, line: Line, at: float) -> None:
    found = line.ratio.found
    if found is None:
        return
    style = line.ratio.instrument.style
    hollow = line.shown.study.synthetic or line.outcome != "jerks"
    colour, low = LIGHT[style.colour], at + 0.2
    axes.plot([1, 1], [low - 0.14, low + 0.2], color=INK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
    axes.plot([found.low, found.high], [low, low], color=colour, linewidth=2.2, solid_capstyle="butt")
    marker = "^" if line.outcome != "jerks" else style.marker
    axes.plot([found.ratio], [low], marker, color=colour, markersize=6.5, markerfacecolor=PAPER if hollow else colour)
    across = axes.get_yaxis_transform()
    axes.text(0, at - 0.2, line.named, transform=across, va="center")
    axes.text(1, at - 0.2, line.numbers, transform=across, va="center", ha="right")
