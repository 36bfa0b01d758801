"""Early against late caffeine: the ratio of each, and of the same amount later instead of earlier."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.reports.figures import look_of, ratio_axis
from hypnic.reports.forest import DASHED
from hypnic.reports.numbers import interval, ratio
from hypnic.reports.svg import INK, WIDTH, Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument
    from hypnic.reports.ratios import Ratio
    from hypnic.reports.svg import Drawing, Sketch

EXPOSURE = "caffeine"
LATE = "caffeine_after_14"
# What is compared, as a line of the figure says it, and the exposure of the row that tells it.
LINES = {
    "before 14:00": "caffeine_before_14",
    "from 14:00 on": LATE,
    "later instead of earlier": "caffeine_later",
}


class Found(NamedTuple):
    """The three ratios of one instrument, in the order of `LINES`, and what they are called."""

    instrument: Instrument
    unit: str
    measure: str
    rows: tuple[dict[str, Any], ...]


def early_and_late(r: Ratio, estimates: pl.DataFrame) -> Found | None:
    """Look up the three ratios next to one of caffeine; None where the table has not all of them.

    A diary's own ratio is that of what was drunk after 14:00; the others come from the same model.
    """
    if r.estimand.exposure != EXPOSURE:
        return None
    of = estimates.filter(
        pl.col("analysis").is_in(["primary", "further", "asked"]), design=r.instrument.design, variant="main",
        outcome=r.estimand.outcome, status="estimated", scale=r.estimand.scale,
    )  # fmt: skip
    rows = {row["exposure"]: row for row in of.iter_rows(named=True)}
    if r.estimand.column.startswith(LATE) and EXPOSURE in rows:
        rows[LATE] = rows[EXPOSURE]
    told = tuple(rows[one] for one in LINES.values() if one in rows)
    unit = f"{r.estimand.step:g} mg"
    return Found(r.instrument, unit, r.measure, told) if len(told) == len(LINES) else None


def sentence(found: Found) -> str:
    """Say the three ratios, and whether the hour makes a difference as far as the data tell."""
    early, late, later = (f"{ratio(row['estimate'])} ({_limits(row)})" for row in found.rows)
    low, high = found.rows[-1]["conf_low"], found.rows[-1]["conf_high"]
    if low <= 1 <= high:
        read = "the data do not show that the hour makes a difference"
    else:
        read = f"{'later' if low > 1 else 'earlier'} caffeine goes with more jerks"
    article = "an" if found.measure[0] in "aeiou" else "a"
    return (
        f"{found.instrument.title}, early against late: {found.unit} before 14:00 have {article} {found.measure} of"
        f" {early}, from 14:00 on of {late}. The same amount later instead of earlier: {later}; {read}."
    )


def sketches(results: Results, ratios: Sequence[Ratio]) -> Iterator[Sketch]:
    """Sketch a figure for each instrument that has the three ratios."""
    for r in ratios:
        if found := early_and_late(r, results.estimates):
            yield partial(_drawn, found, name(r), synthetic=results.data.study.synthetic)


def name(r: Ratio) -> str:
    """Name the figure of an instrument."""
    return f"dose-{r.table}-caffeine-hour"


def _drawn(found: Found, name: str, *, synthetic: bool) -> Drawing:
    colour, marker = look_of(found.instrument)
    with look(name):
        figure = Figure(figsize=(WIDTH, 2.5), layout="constrained")
        axes = figure.subplots()
        for place, row in enumerate(found.rows):
            axes.plot([1, 1], [place - 0.14, place + 0.3], color=INK, linewidth=0.8, linestyle=DASHED, zorder=0)
            axes.plot([row["conf_low"], row["conf_high"]], [place, place], color=colour, linewidth=2.2)
            axes.plot([row["estimate"]], [place], marker, color=colour, markersize=6.5)
            numbers = f"{ratio(row['estimate'])} ({_limits(row)})"
            axes.text(1, place - 0.3, numbers, transform=axes.get_yaxis_transform(), ha="right", va="center")
        ends = [row[key] for row in found.rows for key in ("conf_low", "conf_high")]
        ratio_axis(axes, "x", min([*ends, 0.95]), max([*ends, 1.05]))
        axes.set(ylim=(len(LINES) - 0.5, -0.6), yticks=range(len(LINES)), xlabel=f"{found.measure.capitalize()}")
        axes.set_yticklabels([one.replace(" instead", "\ninstead") for one in LINES])
        sns.despine(fig=figure, left=True)
        seen = "; ".join(
            f"{line}: {ratio(row['estimate'])}, {_limits(row)}" for line, row in zip(LINES, found.rows, strict=True)
        )
        data = pl.DataFrame(found.rows).select(
            pl.Series("caffeine", list(LINES)), "exposure", "unit", "estimate", "conf_low", "conf_high"
        )
        title = f"{found.instrument.title}: caffeine, {found.unit} early and late"
        return drawing(figure, name, Told(title, _meaning(found), f"{seen}.", data), synthetic=synthetic)


def _meaning(found: Found) -> str:
    low, high = found.rows[-1]["conf_low"], found.rows[-1]["conf_high"]
    if low <= 1 <= high:
        return "The interval of “later instead of earlier” holds 1: the hour may not matter."
    return "The interval of “later instead of earlier” leaves 1 out: early and late caffeine do not go with the same."


def _limits(row: dict[str, Any]) -> str:
    return interval(row["conf_low"], row["conf_high"])
