"""What twitches are like: when, where, how strong, with what, and how often worth showing to a doctor; as shares."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.reports import numbers
from hypnic.reports.svg import FIRST, WIDTH, Drawing, Sketch, Told, drawing, look

if TYPE_CHECKING:
    from hypnic.analysis.results import Results


class Group(NamedTuple):
    """Shares that answer one question: of what they are shares, and the words of each, by its name in the rows."""

    title: str
    design: str
    of: str
    shares: dict[str, str]


GROUPS = (
    Group("When", "diary", "nights with a jerk", {
        "drifting-off": "while drifting off", "awake-resting": "awake and at rest",
        "after-night-waking": "after waking in the night", "during-sleep": "during sleep",
    }),
    Group("Where", "diary", "nights with a jerk", {"leg": "in a leg", "limb": "in a leg or an arm",
                                                   "whole-body": "in the whole body"}),
    Group("With what", "diary", "nights with a jerk", {
        "any-sensation": "with some sensation", "falling": "with a feeling of falling",
    }),
    Group("How strong", "diary", "nights with a jerk", {
        "felt-only": "felt only", "jolted-awake": "jolted awake", "noticed-by-another": "noticed by somebody else",
    }),
    Group("Which kind", "survey", "people who told the pattern", {
        "pattern-single-isolated": "single jerks",
        "pattern-skin-flicker-no-limb-move": "a flicker under the skin",
        "pattern-regular-5-90-s": "regular, every 5 to 90 seconds",
    }),
    Group("How troubling", "survey", "people who ever jerked", {
        "no-red-flag": "no sign worth showing to a doctor", "painless": "no pain",
        "little-distress": "little distress (0 to 3 of 10)", "any-effect-on-sleep": "some effect on sleep",
        "troubled-often": "delays sleep, or makes afraid of it",
    }),
)  # fmt: skip


def kinds(results: Results) -> Sketch | None:
    """Sketch the shares of a study; None where it asked for none, or too few answered."""
    rows = [
        {"group": group.title, "answer": words, "of": group.of, "design": group.design, **found}
        for group in GROUPS
        for name, words in group.shares.items()
        if (found := _found(results.estimates, group.design, name))
    ]
    return partial(_drawn, rows, synthetic=results.data.study.synthetic) if rows else None


def _found(estimates: pl.DataFrame, design: str, name: str) -> dict[str, Any]:
    row = estimates.filter(analysis="shares", design=design, variant=name, status="estimated")
    if row.is_empty():
        return {}
    one = row.row(0, named=True)
    return {key: one[key] for key in ("estimate", "conf_low", "conf_high", "n_persons")}


def _share(row: dict[str, Any]) -> str:
    low, high = (numbers.percent(row[key], 0).partition("\N{NO-BREAK SPACE}")[0] for key in ("conf_low", "conf_high"))
    return f"{numbers.percent(row['estimate'], 0)} ({low} to {high})"


def _drawn(rows: list[dict[str, Any]], *, synthetic: bool) -> Drawing:
    with look("kinds"):
        groups = list(dict.fromkeys(row["group"] for row in rows))
        figure = Figure(figsize=(WIDTH, 0.4 * (len(rows) + len(groups)) + 1), layout="constrained")
        axes = figure.subplots()
        across, place = axes.get_yaxis_transform(), -1.0
        for group in groups:
            own = [row for row in rows if row["group"] == group]
            place += 1
            axes.text(0, place, f"{group} (of {own[0]['of']})", transform=across, va="center", weight="bold")
            for row in own:
                place += 1
                ends = [100 * row["conf_low"], 100 * row["conf_high"]]
                axes.plot(ends, [place + 0.25] * 2, color=FIRST, linewidth=2.2)
                axes.plot([100 * row["estimate"]], [place + 0.25], "o", color=FIRST, markersize=5.5)
                axes.text(0, place - 0.2, row["answer"], transform=across, va="center")
                axes.text(1, place - 0.2, _share(row), transform=across, va="center", ha="right")
        axes.set(xlim=(0, 100), ylim=(place + 0.7, -0.6), yticks=[], xlabel="Per cent, with its 95 % interval")
        sns.despine(fig=figure, left=True)
        said = "; ".join(f"{row['group'].lower()}, {row['answer']}: {_share(row)}" for row in rows)
        largest = max(rows, key=lambda row: float(row["estimate"]))
        told = Told(
            "What the jerks and twitches are like",
            f"The most common by far is “{largest['answer']}”: {numbers.percent(largest['estimate'], 0)} of"
            f" {largest['of']}.",
            f"{said}.",
            pl.DataFrame(rows).select(
                "group", "answer", "of", "design", "estimate", "conf_low", "conf_high", "n_persons"
            ),
        )
        return drawing(figure, "kinds", told, synthetic=synthetic)
