"""What twitches are like: when, where, how strong, with what, and how often worth showing to a doctor; as shares."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.reports import numbers
from hypnic.reports.shares import named
from hypnic.reports.svg import FIRST, WIDE, WIDTH, Drawing, Sketch, Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.results import Results

Row: TypeAlias = "dict[str, Any]"
Groups: TypeAlias = "list[list[Row]]"  # the rows of each group


class Group(NamedTuple):
    """Shares that answer one question, by their names in the rows."""

    title: str
    design: str
    shares: tuple[str, ...]


GROUPS = (
    Group("When", "diary", ("drifting-off", "awake-resting", "after-night-waking", "during-sleep")),
    Group("Where", "diary", ("leg", "limb", "whole-body")),
    Group("With what", "diary", ("any-sensation", "falling")),
    Group("How strong", "diary", ("felt-only", "jolted-awake", "noticed-by-another")),
    Group("Which kind", "survey", (
        "pattern-single-isolated", "pattern-skin-flicker-no-limb-move", "pattern-regular-5-90-s",
    )),
    Group("How troubling", "survey", (
        "red-flag", "painful", "little-distress", "any-effect-on-sleep", "troubled-often",
    )),
)  # fmt: skip


def kinds(results: Results) -> Sketch | None:
    """Sketch the shares of a study; None where it asked for none, or too few answered."""
    rows = [
        {"group": group.title, "answer": told.words, "of": told.of, "design": group.design, **found}
        for group in GROUPS
        for name, told in ((name, named(group.design, name)) for name in group.shares)
        if (found := _found(results.estimates, group.design, name))
    ]
    return partial(_drawn, rows, synthetic=results.data.study.synthetic) if rows else None


def _found(estimates: pl.DataFrame, design: str, name: str) -> Row:
    row = estimates.filter(analysis="shares", design=design, variant=name, status="estimated")
    if row.is_empty():
        return {}
    one = row.row(0, named=True)
    return {key: one[key] for key in ("estimate", "conf_low", "conf_high", "n_persons")}


def _share(row: Row) -> str:
    low, high = (numbers.percent(row[key], 0).partition("\N{NO-BREAK SPACE}")[0] for key in ("conf_low", "conf_high"))
    return f"{numbers.percent(row['estimate'], 0)} ({low} to {high})"


def _drawn(rows: list[Row], *, synthetic: bool) -> Drawing:
    groups = [[row for row in rows if row["group"] == group] for group in dict.fromkeys(row["group"] for row in rows)]
    with look("kinds"):
        narrow = _columns([groups], WIDTH)
        wide = _columns(_halves(groups), WIDE) if len(groups) > 1 else None
        said = "; ".join(f"{row['group'].lower()}, {row['answer']}: {_share(row)}" for row in rows)
        largest = [max(group, key=lambda row: float(row["estimate"])) for group in groups]
        most = "; ".join(f"{row['answer']} ({numbers.percent(row['estimate'], 0)})" for row in largest)
        told = Told(
            "What the jerks and twitches are like",
            f"Told most often, of each group: {most}.",
            f"{said}.",
            pl.DataFrame(rows).select(
                "group", "answer", "of", "design", "estimate", "conf_low", "conf_high", "n_persons"
            ),
        )
        if wide is None:
            return drawing(narrow, "kinds", told, synthetic=synthetic)
        return drawing(wide, "kinds", told, synthetic=synthetic, phone=narrow)


def _halves(groups: Groups) -> list[Groups]:
    """Cut the groups into two columns of lengths as alike as can be."""
    at = min(range(1, len(groups)), key=lambda cut: abs(_lines(groups[:cut]) - _lines(groups[cut:])))
    return [groups[:at], groups[at:]]


def _lines(groups: Groups) -> int:
    return sum(1 + len(own) for own in groups)


def _columns(columns: Sequence[Groups], width: float) -> Figure:
    """Draw groups below each other: their shares with names and numbers above the marks, in columns side by side."""
    longest = max(map(_lines, columns))
    figure = Figure(figsize=(width, 0.4 * longest + 1), layout="constrained")
    side_by_side = figure.subplots(1, len(columns), squeeze=False, gridspec_kw={"wspace": 0.04})[0]
    for axes, groups in zip(side_by_side, columns, strict=True):
        across, place = axes.get_yaxis_transform(), -1.0
        for own in groups:
            place += 1
            title = f"{own[0]['group']} (of {own[0]['of']})"
            axes.text(0, place, title, transform=across, va="center", weight="bold")
            for row in own:
                place += 1
                ends = [100 * row["conf_low"], 100 * row["conf_high"]]
                axes.plot(ends, [place + 0.25] * 2, color=FIRST, linewidth=2.2)
                axes.plot([100 * row["estimate"]], [place + 0.25], "o", color=FIRST, markersize=5.5)
                axes.text(0, place - 0.2, row["answer"], transform=across, va="center")
                axes.text(1, place - 0.2, _share(row), transform=across, va="center", ha="right")
        axes.set(xlim=(0, 100), ylim=(longest - 0.3, -0.6), yticks=[], xlabel="Per cent, with its 95 % interval")
    sns.despine(fig=figure, left=True)
    return figure
