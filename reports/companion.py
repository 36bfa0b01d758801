"""The Bayesian companion of the diary in words, a table and a figure; or how to get it, where it was not asked for."""

from __future__ import annotations

from functools import partial
from math import exp
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.analysis.bayes.convergence import FEWEST, WORST_R_HAT
from hypnic.analysis.bayes.priors import PRIORS
from hypnic.analysis.bayes.sampler import CHAINS, KEPT, SEED, WARMUP
from hypnic.analysis.programme.hierarchical import TIMES, Companion
from hypnic.reports import numbers
from hypnic.reports.figures import look_of
from hypnic.reports.names import exposure_title
from hypnic.reports.svg import INK, Drawing, Sketch, Told, drawing, look
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.results import Results

LIBRARIES = ("jax", "jaxlib", "numpyro")
LEVEL = 0.05
SCHEMA = {"check": pl.String, "statistic": pl.Float64, "p_value": pl.Float64, "reading": pl.String}
COLUMNS = 3  # of panels
NOT_ASKED = (
    "The diary's primary ratios have a Bayesian companion, which is not in this report: it takes minutes, and its last"
    " digits differ between kinds of processors. hypnic report --bayes adds it, once the extra is installed: pip"
    " install 'hypnic[bayes]'."
)
NOTE = (
    "Bayesian: the median of the posterior and the limits that hold 95 % of it (credible limits). Random slopes: the"
    " same model without priors, by maximum likelihood. Wider priors: every sd of a prior"
    f" {numbers.in_words(int(TIMES))} times as large. Spread: the sd of persons' log ratios. R-hat and the fewest"
    " effective draws are the worst over all parameters, each person's own included. Predicted: observed, and in"
    " brackets the limits of 95 % of sets drawn for new people."
)


def companion_text(results: Results) -> str | None:
    """Say what the companion is and believes; in its place how to get it; nothing of a study without diaries."""
    if not any(one.instrument.design == "diary" for one in results.data.sets):
        return None
    if results.companions is None:
        return NOT_ASKED
    ends = [numbers.ratio(exp(sign * 1.96 * PRIORS.slope)) for sign in (-1, 1)]
    return (
        "The diary's primary questions are asked once more of a model with priors. Jerks a night follow a negative"
        " binomial law (NB2). Every person has a level and a slope of the exposure of their own, both normally"
        " distributed between persons; the slope is on the dose, and with the person's mean dose held it compares a"
        " person's nights with each other. The adjustment is that of the primary ratio, each column as the person's"
        " mean and as the distance from it. Priors, normal about zero: the mean log ratio per step of the exposure, sd"
        f" {PRIORS.slope:g} (95 of 100 ratios between {ends[0]} and {ends[1]}, none favoured over its inverse); the"
        f" log of the typical person's count in a night, sd {PRIORS.level:g}; the log ratio per sd of every other"
        f" column, sd {PRIORS.others:g}. Half-normal: the sd of persons' levels, {PRIORS.spread_level:g}; the sd of"
        f" persons' log ratios, {PRIORS.spread_slope:g}; the coefficient of variation of a person's expected count from"
        f" night to night, {PRIORS.noise:g}. They rule out ratios that nobody would believe and hardly move the"
        f" others. Drawn by NUTS: {CHAINS} chains of {KEPT:,} draws after {WARMUP} of warm-up, seed {SEED}. Where R-hat"
        f" (rank-normalised, split) is above {WORST_R_HAT:g} or fewer than {FEWEST} draws are effective, there is no"
        " estimate. The draws are the same on every run; another kind of processor may give others, whose medians and"
        " limits differ by about a hundredth of the interval's width."
    )


def companion_table(results: Results) -> Table | None:
    """Set the companion next to the primary ratio and the random slopes, with how the draws and the model fare."""
    found = [one for many in (results.companions or {}).values() for one in many]
    if not found:
        return None
    rows = tuple(_row(results.estimates, one) for one in found)
    header = (
        "Exposure", "Primary", "Random slopes", "Bayesian", "Wider priors", "Spread", "R-hat", "Fewest effective draws",
        "Divergences", *(f"Predicted: {name}" for name in found[0].predictive["check"]),
    )  # fmt: skip
    return Table("The Bayesian companion of the diary's primary ratios", header, rows, NOTE)


def _row(estimates: pl.DataFrame, one: Companion) -> tuple[str, ...]:
    shown = (
        {"analysis": "primary", "role": "primary"},
        {"analysis": ["random slopes", "heterogeneity"], "variant": "typical-person"},
        {"analysis": "bayes", "variant": "typical-person"},
        {"analysis": "bayes", "variant": "typical-person-wider-priors"},
    )
    spread = _lookup(estimates, one, {"analysis": "bayes", "variant": "sd-of-log-ratios"})
    predicted = {row["check"]: row for row in one.predictive.iter_rows(named=True)}
    return (
        exposure_title(one.estimand.exposure, one.estimand.table),
        *(_ratio(_lookup(estimates, one, facts)) for facts in shown),
        "–" if spread is None else f"{spread[0]:.2f} ({spread[1]:.2f} to {spread[2]:.2f})",
        f"{one.r_hat:.3f}",
        numbers.count(min(one.bulk, one.tail)),
        numbers.count(one.divergences),
        *(f"{row['observed']:.2f} ({row['low']:.2f} to {row['high']:.2f})" for row in predicted.values()),
    )


def _lookup(estimates: pl.DataFrame, one: Companion, facts: Mapping[str, object]) -> tuple[float, float, float] | None:
    analyses = facts["analysis"] if isinstance(facts["analysis"], list) else [facts["analysis"]]
    rest = {key: value for key, value in facts.items() if key != "analysis"}
    rows = estimates.filter(
        pl.col("analysis").is_in(analyses), pl.col("estimate").is_not_null(), design="diary",
        exposure=one.estimand.exposure, outcome=one.estimand.outcome, **rest,
    )  # fmt: skip
    return None if rows.is_empty() else rows.select("estimate", "conf_low", "conf_high").row(0)


def _ratio(found: tuple[float, float, float] | None) -> str:
    return "–" if found is None else f"{numbers.ratio(found[0])} ({numbers.interval(*found[1:])})"


def companion_rows(results: Results) -> Iterator[pl.DataFrame]:
    """Give the checks of the draws and of the model as rows of diagnostics.csv."""
    for table, many in (results.companions or {}).items():
        for one in many:
            few = one.bulk < FEWEST or one.tail < FEWEST
            apart = "the chains have not come together" if one.r_hat > WORST_R_HAT else "the chains came together"
            worth = "too few for limits" if few else "enough for limits"
            steps = "the draws may miss a part" if one.divergences else "no step went astray"
            found = [
                ("draws: largest R-hat", one.r_hat, None, apart),
                ("draws: fewest effective in the middle", one.bulk, None, worth),
                ("draws: effective in the tails of the ratio", one.tail, None, worth),
                ("draws: divergences", float(one.divergences), None, steps),
            ]
            found += [
                (f"predicted: {row['check']}", row["observed"], row["p_value"], _within(row["p_value"]))
                for row in one.predictive.iter_rows(named=True)
            ]
            frame = pl.DataFrame(found, schema=SCHEMA, orient="row")
            yield frame.select(
                pl.lit(table).alias("table"), pl.lit(one.estimand.exposure).alias("exposure"),
                pl.col("check"), pl.col("statistic", "p_value").round_sig_figs(8), pl.col("reading"),
            )  # fmt: skip


def _within(p: float) -> str:
    return "unlike the sets drawn" if p < LEVEL else "as in the sets drawn"


def companion_figures(results: Results) -> Iterator[Sketch]:
    """Draw how far each exposure's slopes are pulled in, in groups of ten persons or more, a panel each."""
    sets = {one.table: one for one in results.data.sets}
    for table, many in (results.companions or {}).items():
        colour = look_of(sets[table].instrument)[0]
        for one in many:
            if one.shrinkage.height > 1:
                yield partial(_panel, one, colour, synthetic=results.data.study.synthetic)


def _panel(one: Companion, colour: str, *, synthetic: bool) -> Drawing:
    exposure = exposure_title(one.estimand.exposure, one.estimand.table)
    name = f"shrinkage-{one.estimand.exposure.replace('_', '-')}"
    alone, drawn = (one.shrinkage[column].to_numpy() for column in ("alone", "drawn"))
    reach = float(np.abs([*alone, *drawn]).max()) * 1.1
    with look(name):
        figure = Figure(figsize=(3.6, 2.8), layout="constrained")
        axes = figure.subplots()
        axes.plot([-reach, reach], [-reach, reach], color=INK, linewidth=0.8, linestyle=(0, (3, 3)))
        axes.axhline(float(np.median(one.typical)), color=INK, linewidth=0.8, alpha=0.6)
        axes.plot(alone, drawn, "o", color=colour, markersize=4, alpha=0.8)
        axes.set(
            title=exposure, xlim=(-reach, reach), ylim=(-reach, reach), xlabel="Log ratio, alone",
            ylabel="Log ratio, drawn",
        )  # fmt: skip
        sns.despine(fig=figure)
        spread = float(np.ptp(drawn)) / float(np.ptp(alone)) if np.ptp(alone) else 1.0
        told = Told(
            f"{exposure}: persons' ratios by their own nights alone, and as drawn",
            f"Drawn together with all others, persons' ratios differ {numbers.percent(spread, 0)} as much as alone.",
            f"{_said(one)}.", one.shrinkage.select("alone", "drawn"),
        )  # fmt: skip
        return drawing(figure, name, told, synthetic=synthetic)


def _said(one: Companion) -> str:
    first, last = one.shrinkage.row(0, named=True), one.shrinkage.row(-1, named=True)
    return (
        f"{exposure_title(one.estimand.exposure, one.estimand.table)}: the group with the lowest log ratio alone,"
        f" {first['alone']:.2f}, is drawn at {first['drawn']:.2f}, the one with the highest, {last['alone']:.2f}, at"
        f" {last['drawn']:.2f}"
    )
