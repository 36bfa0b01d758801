"""One question, coded in several ways: the range of its ratios, the answers each coding expects, and who is left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.analysis.checks.flow import ENTERED, MISSING
from hypnic.palette import LIGHT
from hypnic.reports import numbers
from hypnic.reports.figures import ratio_axis
from hypnic.reports.names import exposure_title, level, readable
from hypnic.reports.svg import INK, WIDTH, Drawing, Sketch, Told, drawing, look
from hypnic.reports.tables import Table
from hypnic.schemas.disclosure import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument

FAMILIES = {
    "ordered": "ordered logit",
    "binomial": "logit",
    "interval-nb2": "negative binomial",
    "truncated-nb2": "negative binomial, cut off at 30",
    "beta-binomial": "beta-binomial of 30",
    "quasipoisson": "quasi-Poisson",
}


def coded(results: Results, instrument: Instrument) -> pl.DataFrame:
    """Give the primary rows of an instrument and those that code its answers otherwise, exposure by exposure."""
    known = pl.col("outcome").is_in(list(instrument.codings)) & (pl.col("design") == instrument.design)
    primary = (pl.col("analysis") == "primary") & (pl.col("role") == "primary")
    again = (pl.col("analysis") == "further") & (pl.col("variant") == pl.col("family"))
    return results.estimates.filter(known & (primary | again) & pl.col("estimate").is_not_null())


def ranges(results: Results) -> Iterator[Sketch]:
    """Draw for each exposure its primary ratio among those of the other codings, on one line."""
    for data in results.data.sets:
        if (rows := coded(results, data.instrument)).filter(role="primary").height:
            yield partial(_range, rows, data.instrument, synthetic=results.data.study.synthetic)


def _range(rows: pl.DataFrame, instrument: Instrument, *, synthetic: bool) -> Drawing:
    name = f"codings-{instrument.name}"
    exposures = rows.filter(role="primary")["exposure"].to_list()
    colour, said = LIGHT[instrument.style.colour], []
    with look(name):
        figure = Figure(figsize=(WIDTH, 0.42 * len(exposures) + 1), layout="constrained")
        axes = figure.subplots()
        for at, exposure in enumerate(exposures):
            own = rows.filter(exposure=exposure)
            found = own["estimate"].to_list()
            axes.plot([min(found), max(found)], [at, at], color=INK, linewidth=1, alpha=0.4, zorder=1)
            for row in own.iter_rows(named=True):
                odds, first = row["scale"] == "OR", row["role"] == "primary"
                axes.plot(
                    [row["estimate"]], [at], "o" if odds else "s", color=colour, markersize=8 if first else 4.5,
                    markerfacecolor=colour if first or not odds else "none", zorder=3 if first else 2,
                )  # fmt: skip
            each = "; ".join(f"{_label(row, instrument)} {numbers.ratio(row['estimate'])}" for row in own.to_dicts())
            said.append(f"{exposure_title(exposure, instrument.name)}: {each}")
        axes.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
        axes.set_yticks(range(len(exposures)), [exposure_title(one, instrument.name) for one in exposures])
        axes.set(ylim=(len(exposures) - 0.5, -0.5), xlabel="Ratio (circles: of odds;\nsquares: of rates or means)")
        every = [*rows["estimate"], 0.95, 1.05]
        ratio_axis(axes, "x", min(every), max(every))
        sns.despine(fig=figure, left=True)
        told = Told("Range of each ratio over codings of the answer", _alike(rows, exposures, instrument),
                    f"{'. '.join(said)}.", _range_data(rows, instrument))  # fmt: skip
        return drawing(figure, name, told, synthetic=synthetic)


def _alike(rows: pl.DataFrame, exposures: list[str], instrument: Instrument) -> str:
    """Say for which exposures every coding lies on one side of no difference."""
    sides = {one: {row > 1 for row in rows.filter(exposure=one)["estimate"]} for one in exposures}
    apart = [exposure_title(one, instrument.name).lower() for one in exposures if len(sides[one]) > 1]
    if not apart:
        return "However the answers are coded, each ratio stays on its side of no difference."
    return f"How the answers are coded decides on which side of no difference the ratio lies for {', '.join(apart)}."


def _range_data(rows: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    labels = [_label(row, instrument) for row in rows.to_dicts()]
    return rows.select("exposure", pl.Series("coding", labels), "scale", "estimate")


def _label(row: dict[str, Any], instrument: Instrument) -> str:
    return f"{FAMILIES[row['family']]}, {instrument.codings[row['outcome']]}"


def cell_table(results: Results) -> Table | None:
    """Set the answers seen next to those that each coding expects, in per cent."""
    if results.cells is None:
        return None
    instrument = results.data.sets[0].instrument
    rows: list[tuple[str, ...]] = []
    for (exposure,), own in results.cells.group_by("exposure", maintain_order=True):
        title = exposure_title(str(exposure), instrument.name)
        for (family, outcome), one in own.group_by("coding", "outcome", maintain_order=True):
            if family == "ordered":
                rows.append((f"{title}: seen", *_per_cent(one["observed"]), "–"))
            label = _label({"family": family, "outcome": outcome}, instrument)
            rows.append((f"{title}: {label}", *_per_cent(one["fitted"]), f"{one['loglik'][0]:.1f}".replace("-", "−")))
    answers = results.cells["answer"].unique(maintain_order=True)
    header = ("Model", *(level(answer) for answer in answers), "Log-likelihood")
    note = (
        "Weighted per cent of the people of each primary model. Log-likelihoods are weighted, with weights of mean 1:"
        " the largest fits best. A law of counts that goes beyond 30 expects less than 100 % in all."
    )
    return Table("Answers seen, and expected by each coding", header, tuple(rows), note)


def _per_cent(shares: pl.Series) -> list[str]:
    return [f"{100 * share:.2f}" for share in shares]


def cell_rows(table: str, cells: pl.DataFrame) -> pl.DataFrame:
    """Give the cells as rows of `diagnostics.csv`: shares seen and expected."""
    what = pl.format("cells, {} of {}: {}, ", "coding", "outcome", "answer")
    return pl.concat(
        cells.select(
            pl.lit(table).alias("table"), "exposure", (what + word).alias("check"),
            pl.col(word).alias("statistic"), pl.lit(None, pl.Float64).alias("p_value"),
            pl.lit("a share of people, weighted").alias("reading"),
        )
        for word in ("observed", "fitted")
    )  # fmt: skip


def flow_table(results: Results) -> Table | None:
    """Set who was left for each primary model, and whose answers were missing."""
    if results.flow is None:
        return None
    table = results.data.sets[0].table
    exposures = results.flow["exposure"].unique(maintain_order=True).to_list()
    found = {(row["exposure"], *_step(row)): row["n_persons"] for row in results.flow.iter_rows(named=True)}
    steps = list(dict.fromkeys(key[1:] for key in found))
    order = [step for step in steps if step[0] not in {MISSING, ENTERED}]
    order += [step for step in steps if step[0] == MISSING] + [(ENTERED, "")]
    lines = tuple((_words(step), *(_cell(found, (one, *step)) for one in exposures)) for step in order)
    few = f" {SMALL} stands for fewer than ten people." if any(SMALL in line for line in lines) else ""
    note = f"People who lack two answers are counted under both.{few} – stands for what a model does not need."
    header = ("People", *(exposure_title(one, table) for one in exposures))
    return Table("From those interviewed to the people of each model", header, lines, note)


def _step(row: dict[str, Any]) -> tuple[str, str]:
    return row["stage"], row["column"] or ""


def _words(step: tuple[str, str]) -> str:
    stage, column = step
    return (
        f"of these without: {readable(column)}" if stage == MISSING else "in the model" if stage == ENTERED else stage
    )


def _cell(found: dict[tuple[str, str, str], int | None], key: tuple[str, str, str]) -> str:
    if key not in found:
        return "–"
    count = found[key]
    return SMALL if count is None else numbers.count(count)
