"""How well the models fit, in figures: counts, residuals, and how far each ratio moves without one person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.analysis.checks.answers import AnswerDiagnosis
from hypnic.analysis.checks.envelopes import ROWS
from hypnic.reports import numbers
from hypnic.reports.checks import titled
from hypnic.reports.figures import look_of
from hypnic.reports.svg import INK, WIDTH, Drawing, Sketch, Told, drawing, look
from hypnic.reports.tables import class_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

    from hypnic.analysis.checks.diagnostics import Diagnosis
    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument

MOST_INFLUENTIAL = 10  # persons shown for each exposure


def check_figures(results: Results) -> Iterator[Sketch]:
    """Draw the checks of each instrument that has any, a panel each."""
    synthetic = results.data.study.synthetic
    for data in results.data.sets:
        found = results.checks[data.table]
        if counts := [one for one in found if not isinstance(one, AnswerDiagnosis)]:
            yield from _panels(data.instrument, counts, synthetic=synthetic)
        if answers := [one for one in found if isinstance(one, AnswerDiagnosis)]:
            yield partial(_changes, data.instrument, answers, "without one sampling unit", synthetic=synthetic)


def _changes(
    instrument: Instrument, found: Sequence[Diagnosis | AnswerDiagnosis], without: str, *, synthetic: bool
) -> Drawing:
    """Draw the largest changes of each ratio without one person, or one sampling unit."""
    name = f"fit-{instrument.name}-without"
    with look(name):
        figure = Figure(figsize=(WIDTH, 0.36 * len(found) + 1.3), layout="constrained")
        axes = figure.subplots()
        for at, one in enumerate(found):
            most = one.changes[:MOST_INFLUENTIAL]
            axes.plot(most, np.full(len(most), at), "o", color=look_of(instrument)[0], markersize=4, alpha=0.6)
        axes.axvline(0, color=INK, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
        axes.set(title=without.capitalize(), xlabel="Change, standard errors", ylim=(len(found) - 0.5, -0.5))
        axes.set_yticks(range(len(found)), [titled(one) for one in found])
        reach = max(0.5, *(1.1 * float(np.abs(one.changes).max()) for one in found))
        axes.set(xlim=(-reach, reach))
        sns.despine(fig=figure)
        farthest = max(found, key=lambda one: float(np.abs(one.changes).max()))
        told = Told(
            f"{instrument.title}: each ratio {without}",
            f"The ratio that moves most, that of {titled(farthest).lower()}, moves by"
            f" {np.abs(farthest.changes).max():.2f} standard errors.",
            f"Largest change {without}, in standard errors: {_largest(found)}.",
            pl.concat(
                pl.DataFrame({"exposure": one.estimand.exposure, "change": one.changes[:MOST_INFLUENTIAL]})
                for one in found
            ),
        )
        return drawing(figure, name, told, synthetic=synthetic)


def _largest(found: Sequence[Diagnosis | AnswerDiagnosis]) -> str:
    return "; ".join(f"{titled(one)} {np.abs(one.changes).max():.2f}" for one in found)


def _panels(instrument: Instrument, found: Sequence[Diagnosis], *, synthetic: bool) -> Iterator[Sketch]:
    """Draw counts, residuals, residuals by fitted mean, and what one person changes."""
    yield partial(_counts, instrument, found, synthetic=synthetic)
    # So few people may enter a model that no line of theirs may be drawn.
    if any(one.quantiles.height for one in found):
        bands = {titled(one): one.quantiles for one in found}
        words = ("residuals", "residuals by their rank", "Quantile of the residuals", "Off uniform")
        yield partial(_residuals, instrument, bands, words, lot=_lot(found), synthetic=synthetic)
    if any(one.trend.height for one in found):
        bands = {titled(one): one.trend.with_columns(at=pl.int_range(1, pl.len() + 1)) for one in found}
        words = ("trend", "residuals by fitted mean", _parts(found), "Mean residual")
        yield partial(_residuals, instrument, bands, words, lot=_lot(found), synthetic=synthetic)
    each = found[0].each
    without = "without one person" if each == 1 else "without one person, mean of ten"
    yield partial(_changes, instrument, found, without, synthetic=synthetic)


def _counts(instrument: Instrument, found: Sequence[Diagnosis], *, synthetic: bool) -> Drawing:
    """Hang bars of what was seen from the line of what the model draws: a gap below zero is too many."""
    name, classes = f"fit-{instrument.name}-counts", found[0].rootogram
    whole = classes["observed"].sum()
    seen, drawn = ((100 * classes[column] / whole).sqrt().to_list() for column in ("observed", "expected"))
    places = range(classes.height)
    labels = [class_label(row) for row in classes.iter_rows(named=True)]
    with look(name):
        figure = Figure(figsize=(WIDTH, 2.9), layout="constrained")
        axes = figure.subplots()
        bottoms = [b - a for a, b in zip(seen, drawn, strict=True)]
        axes.bar(places, seen, bottom=bottoms, color=look_of(instrument)[0], width=0.8)
        axes.plot(places, drawn, "o-", color=INK, markersize=3, linewidth=1)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.set(title="Counts seen, hung from drawn", ylabel="Square root of per cent", xlabel="Count")
        axes.set_xticks(places, labels)
        if classes.height > 6:
            axes.tick_params("x", rotation=90)
        sns.despine(fig=figure)
    share = classes.select(pl.col("observed", "expected") / pl.col("observed").sum())
    gaps = {label: a - b for label, (a, b) in zip(labels, share.iter_rows(), strict=True)}
    widest = max(gaps, key=lambda label: abs(gaps[label]))
    said = "; ".join(
        f"{label}: {numbers.percent(seen, 0)} seen, {numbers.percent(drawn, 0)} drawn"
        for label, (seen, drawn) in zip(labels, share.iter_rows(), strict=True)
    )  # in whole per cent: next to other tables no small cell may come out
    told = Told(
        f"{instrument.title}: counts seen and drawn by the model",
        f"The model is furthest off for {widest}, which was seen"
        f" {'more' if gaps[widest] > 0 else 'less'} often than the model draws it{_lot(found[:1])}.",
        f"Rows by count: {said}.",
        pl.DataFrame({"count": labels, "seen": share["observed"].round(2), "drawn": share["expected"].round(2)}),
    )
    with look(name):
        return drawing(figure, name, told, synthetic=synthetic)


def _residuals(
    instrument: Instrument,
    bands: Mapping[str, pl.DataFrame],
    words: tuple[str, str, str, str],
    *,
    lot: str,
    synthetic: bool,
) -> Drawing:
    """Draw one line a model, and where 95 % of simulated sets lie."""
    part, title, across, up = words
    name = f"fit-{instrument.name}-{part}"
    with look(name):
        figure = Figure(figsize=(WIDTH, 2.9), layout="constrained")
        axes = figure.subplots()
        _lines(axes, list(bands.values()), look_of(instrument)[0])
        axes.set(title=title.capitalize(), xlabel=across, ylabel=up)
        sns.despine(fig=figure)
        drawn = {model: band for model, band in bands.items() if band.height}
        inside = {
            model: band.select(pl.col("observed").is_between("low", "high").mean()).item()
            for model, band in drawn.items()
        }
        outside = [model.lower() for model, share in inside.items() if share < 0.9]
        meaning = (
            f"More than a tenth of the line lies outside the band of simulated sets for {', '.join(outside)}"
            if outside
            else "Nine tenths or more of each line lie in the band of simulated sets"
        )
        told = Told(
            f"{instrument.title}: {title}",
            f"{meaning}{lot}.",
            "Share of each line inside the band: "
            + "; ".join(f"{model} {numbers.percent(share, 0)}" for model, share in inside.items()) + ".",
            pl.concat(
                band.select(pl.lit(model).alias("model"), pl.col("at", "observed", "low", "high").cast(pl.Float64))
                for model, band in drawn.items()
            ),
        )  # fmt: skip
        return drawing(figure, name, told, synthetic=synthetic)


def _lot(found: Sequence[Diagnosis]) -> str:
    """Say that not all rows are drawn, where there are too many."""
    return f" (of more than {ROWS:,} rows, those of people drawn by lot)" if any(one.some for one in found) else ""


def _parts(found: Sequence[Diagnosis]) -> str:
    """Name the classes of fitted means: tenths, or fewer where ten people would not be in each."""
    return f"{'Tenth' if {one.trend.height for one in found} == {10} else 'Equal part'} of fitted means"


def _lines(axes: Axes, bands: Sequence[pl.DataFrame], colour: str) -> None:
    """Draw one line a model, and where 95 % of simulated sets lie: the widest of the models with the same places."""
    places = dict.fromkeys(tuple(band["at"]) for band in bands)
    for place in places:
        alike = [band for band in bands if tuple(band["at"]) == place]
        low = np.min([band["low"].to_numpy() for band in alike], axis=0)
        high = np.max([band["high"].to_numpy() for band in alike], axis=0)
        axes.fill_between(np.array(place), low, high, color=INK, alpha=0.15 / len(places), linewidth=0)
    for band in bands:
        axes.plot(band["at"], band["observed"], color=colour, linewidth=1)
