"""How common it is by age and sex: shares of groups of people, with their intervals."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.reports import numbers
from hypnic.reports.names import level, readable
from hypnic.reports.svg import FIRST, WIDTH, Drawing, Sketch, Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.results import Results


def by_group(results: Results) -> Sketch | None:
    """Sketch the share of each group; None where the study has none, or too few answered."""
    asked, found = results.data.study.rates, results.answers.rates
    if asked is None or found is None or found.is_empty():
        return None
    rows = list(found.iter_rows(named=True))
    return partial(_drawn, rows, asked.title, asked.of, synthetic=results.data.study.synthetic)


def _drawn(rows: Sequence[dict[str, Any]], title: str, of: str, *, synthetic: bool) -> Drawing:
    with look("by-group"):
        columns = list(dict.fromkeys(row["by"] for row in rows))
        figure = Figure(figsize=(WIDTH, 0.26 * (len(rows) + len(columns)) + 1.1), layout="constrained")
        axes = figure.subplots()
        ticks, place = {}, -1
        for column in columns:
            place += 1
            head = readable(column)
            ticks[place] = head[0].upper() + head[1:]
            for row in (row for row in rows if row["by"] == column):
                place += 1
                ticks[place] = level(row["group"])
                axes.plot([100 * row["conf_low"], 100 * row["conf_high"]], [place] * 2, color=FIRST, linewidth=2.2)
                axes.plot([100 * row["estimate"]], [place], "o", color=FIRST, markersize=5.5)
        axes.set(xlim=(0, min(100, 125 * max(row["conf_high"] for row in rows))), ylim=(place + 0.6, -0.6))
        axes.set_yticks(list(ticks), list(ticks.values()))
        axes.set_xlabel("Per cent, with its 95 % interval")
        heads = {at for at, words in ticks.items() if words not in {level(row["group"]) for row in rows}}
        for at, label in zip(ticks, axes.get_yticklabels(), strict=True):
            label.set_fontweight("bold" if at in heads else "normal")
        axes.tick_params("y", length=0)
        sns.despine(fig=figure, left=True)
        most, least = (choose(rows, key=lambda row: row["estimate"]) for choose in (max, min))
        said = "; ".join(
            f"{readable(row['by'])} {level(row['group'])}: {numbers.percent(row['estimate'], 0)}"
            f" ({numbers.percent(row['conf_low'], 0)} to {numbers.percent(row['conf_high'], 0)})"
            for row in rows
        )
        told = Told(
            f"{title}, by {' and '.join(readable(column) for column in columns)}",
            f"Shares {of}: from {numbers.percent(least['estimate'], 0)} ({level(least['group'])}) to"
            f" {numbers.percent(most['estimate'], 0)} ({level(most['group'])}).",
            f"{said}.",
            pl.DataFrame(rows).select("by", "group", "n_persons", "estimate", "conf_low", "conf_high"),
        )
        return drawing(figure, "by-group", told, synthetic=synthetic)
