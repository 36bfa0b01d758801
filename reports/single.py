"""One person's own report: their nights drawn, counted with and without each exposure, and what that cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.analysis.studies.own import PRIVATE
from hypnic.reports.numbers import counted, p_value, percent
from hypnic.reports.sentences import fixed
from hypnic.reports.svg import FIRST, INK, SECOND, WIDTH, Drawing, Told, drawing, look
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.single import Comparison, Share, SinglePerson

# How each side of a comparison is said, and the label of its row in the figure.
WITH = {
    "caffeine": ("caffeine after 14:00", "none after 14:00"),
    "alcohol": ("alcohol", "none"),
    "stress": ("more stress than on your middle night", "the same or less"),
    "exercise": ("vigorous exercise that ended 2 h or less before bed", "none"),
    "sleep_loss": ("less sleep the night before than on your middle night", "the same or more"),
}
LABELS = {
    "caffeine": "Caffeine after 14:00", "alcohol": "Alcohol", "stress": "More stress", "exercise": "Late exercise",
    "sleep_loss": "Less sleep before",
}  # fmt: skip
GOOD_CHANCE = 0.8
LEVEL = 0.05


class OnePerson(NamedTuple):
    """What is rendered: words, one figure, one table, and the comparisons as a frame."""

    title: str
    notices: tuple[str, ...]
    summary: str
    drawing: Drawing
    marks: str
    table: Table
    sentences: tuple[str, ...]
    limits: tuple[str, ...]
    comparisons: pl.DataFrame


@dataclass(frozen=True)
class _Said:
    """The words of one comparison."""

    one: Comparison

    @property
    def row(self) -> tuple[str, ...]:
        exposed, others = (_cell(side) for side in (self.one.exposed, self.one.others))
        shown = "–" if self.one.shown is None else percent(self.one.shown, 0)
        return LABELS[self.one.exposure], exposed, others, p_value(self.one.p_value), shown

    @property
    def not_compared(self) -> str:
        """Say why there is nothing to compare; empty where there is."""
        with_, without = WITH[self.one.exposure]
        if not self.one.exposed.nights + self.one.others.nights:
            return f"{LABELS[self.one.exposure]}: this was not answered on any night with a count of jerks."
        if self.one.p_value is None:
            side = with_ if self.one.exposed.nights else without
            return f"{LABELS[self.one.exposure]}: all nights were alike ({side}), so there is nothing to compare."
        return ""

    @property
    def stands_out(self) -> str:
        """Say a difference that chance alone would seldom make; empty where it could."""
        if self.one.p_value is None or self.one.p_value >= LEVEL:
            return ""
        with_, without = WITH[self.one.exposure]
        a, b = self.one.exposed, self.one.others
        return (
            f"With {with_}: a jerk on {a.jerks} of {a.nights} nights; {without}: on {b.jerks} of {b.nights}. Chance"
            f" alone would seldom make such a difference (p {p_value(self.one.p_value)})."
        )


def _sentences(said: Sequence[_Said]) -> tuple[str, ...]:
    """Say what stands out, or that nothing does; and what could not be compared."""
    out = [one.stands_out for one in said if one.stands_out]
    tested = sum(one.one.p_value is not None for one in said)
    if tested and not out:
        out = [
            "Nothing here stands out: chance alone could easily make "
            + ("this difference." if tested == 1 else "each of these differences.")
        ]
    elif 0 < len(out) < tested:
        out.append("Chance alone could easily make the other differences.")
    return (*out, *(one.not_compared for one in said if one.not_compared))


def one_person(found: SinglePerson) -> OnePerson:
    """Put one person's diary in words, a table and a figure."""
    said = [_Said(one) for one in found.comparisons]
    told = found.nights.drop_nulls("jerk_count")
    with_jerk, height = int((told["jerk_count"] > 0).sum()), told.height
    rows = tuple(one.row for one in said if one.one.exposed.nights + one.one.others.nights)
    return OnePerson(
        title="Your diary of sleep starts",
        notices=(PRIVATE,),
        summary=(
            f"You wrote down {counted(found.nights.height, 'night')}, {height} of them with a count of jerks. On"
            f" {with_jerk} you noticed one or more, {_sum(told)} in all. Jerks that nobody noticed are in no count. All"
            " your nights are here, those too that a study of many people would leave out."
        ),
        drawing=_drawn(found.nights),
        marks="Bars are noticed jerks, a cross is a night without a count; a filled mark below is a night with what"
        " stands at its left, a hollow one a night without, and none a night without an answer.",
        table=Table(
            "Nights with a jerk, of all nights with an answer",
            ("Exposure", "With it", "Without it", "p", "Would find a doubling"), rows,
            "In brackets, exact 95 % limits of the share. p is the share of all shifts of the exposure along your"
            " nights that give a difference at least as large; it cannot be smaller than one over the number of nights."
            " Nothing is adjusted for. Last: how often Fisher's exact test of a diary like this would notice it, were"
            " jerk nights truly twice as common with it.",
        ),
        sentences=_sentences(said),
        limits=_caveats(found, height),
        comparisons=_frame(found),
    )  # fmt: skip


def _caveats(found: SinglePerson, height: int) -> tuple[str, ...]:
    tested = [one for one in found.comparisons if one.p_value is not None]
    best = max((one.shown or 0 for one in tested), default=0)
    said = []
    if tested and best < GOOD_CHANCE:
        said.append(
            f"With {counted(height, 'night')}, even a doubling would be seen at most about {percent(best, 0)} of the"
            " time: that no difference is seen does not mean that there is none."
        )
    if len(tested) > 1:
        said.append(
            f"{counted(len(tested), 'comparison').capitalize()} were made. The more are made, the likelier one of them"
            " looks large by chance."
        )
    return (
        *said,
        "Evenings differ in more than one thing, and these counts cannot tell coffee, stress and short sleep apart.",
        "What you believe about a cause changes what you notice and write down.",
        "A jerk can itself cost sleep and calm, and so lead to the next evening's coffee or worry.",
        fixed()["no_diagnosis"],
    )


def _sum(told: pl.DataFrame) -> str:
    return counted(int(told["jerk_count"].sum()), "jerk")


def _cell(side: Share) -> str:
    return f"{side.jerks} of {side.nights} ({_limits(side)})" if side.nights else "no nights"


def _limits(side: Share) -> str:
    return f"{percent(side.low, 0)} to {percent(side.high, 0)}" if side.nights else "–"


def _frame(found: SinglePerson) -> pl.DataFrame:
    """Set the comparisons as a table, one row an exposure."""
    rows = [
        {"exposure": one.exposure}
        | {f"{part}_{name}": value for part, side in (("with", one.exposed), ("without", one.others))
           for name, value in side._asdict().items()}
        | {"p_value": one.p_value, "chance_to_show_a_doubling": one.shown}
        for one in found.comparisons
    ]  # fmt: skip
    counts = [pl.col(key).cast(pl.Int64) for key in rows[0] if key.endswith(("jerks", "nights"))]
    numbers = {key: pl.Float64 for key in rows[0] if key != "exposure"}
    return pl.DataFrame(rows, schema_overrides=numbers).with_columns(counts)


def _drawn(nights: pl.DataFrame) -> Drawing:
    """Draw the jerks of each night as bars, and below them which exposures it had."""
    with look("nights"):
        figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        told, untold = nights.drop_nulls("jerk_count"), nights.filter(pl.col("jerk_count").is_null())
        above.bar(told["night_index"].to_list(), told["jerk_count"].to_list(), color=FIRST, width=0.7)
        above.plot(untold["night_index"].to_list(), [0.0] * untold.height, "x", color=INK, markersize=5)
        above.set(ylabel="Noticed jerks", ylim=(-0.3, None))
        above.yaxis.get_major_locator().set_params(integer=True)
        for place, exposure in enumerate(LABELS):
            for value, fill in ((True, SECOND), (False, "none")):
                at = nights.filter(pl.col(exposure) == value)["night_index"].to_list()
                below.plot(at, [place] * len(at), "o", color=SECOND, markerfacecolor=fill, markersize=4.5)
        below.set(ylim=(len(LABELS) - 0.5, -0.5), xlabel="Night of the diary")
        below.set_yticks(range(len(LABELS)), list(LABELS.values()))
        below.xaxis.get_major_locator().set_params(integer=True)
        sns.despine(fig=figure)
        words = "; ".join(
            f"night {night}: {'no count' if count is None else count}"
            for night, count in nights.select("night_index", "jerk_count").iter_rows()
        )
        with_jerk = told.filter(pl.col("jerk_count") > 0).height
        meaning = f"A jerk was noticed on {with_jerk} of the {told.height} nights with a count."
        data = nights.select("night_index", "jerk_count", *LABELS)
        return drawing(
            figure, "nights", Told("Noticed jerks night by night", meaning, f"{words}.", data), synthetic=False
        )
