"""How well the models fit: one figure and one table for the primary models of each instrument, and their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import seaborn as sns
from matplotlib.figure import Figure

from hypnic.analysis.checks.answers import AnswerDiagnosis
from hypnic.reports import numbers
from hypnic.reports.codings import cell_rows
from hypnic.reports.companion import companion_rows
from hypnic.reports.figures import WIDTH, look_of
from hypnic.reports.names import exposure_title
from hypnic.reports.svg import INK, Drawing, drawing, look
from hypnic.reports.tables import Table, class_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

    from hypnic.analysis.checks.diagnostics import Diagnosis
    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument

MOST_INFLUENTIAL = 10  # persons shown for each exposure
NOTE = (
    "p values; for collinearity and influence the number itself. Overdispersion and zeros are tests of too much, the"
    " others of two sides. Residuals are compared with sets drawn from the model, in which each person has a level of"
    " their own."
)
ANSWERS_NOTE = (
    "p values under the survey's design; for spread, collinearity, sampling unit and influence the number itself."
    " Influence is by one step of the fit without a unit or a person."
)


@dataclass(frozen=True)
class Checks:
    """The checks of the models of one instrument, which `name` names."""

    name: str
    title: str
    table: Table


def checks(results: Results) -> tuple[Checks, ...]:
    """Set the checks of each instrument that has any."""
    return tuple(
        Checks(data.table, data.instrument.title, _table(data.instrument.title, found))
        for data in results.data.sets
        if (found := results.checks[data.table])
    )


def check_rows(results: Results) -> pl.DataFrame | None:
    """Give every check as one tidy frame, a row for each instrument, exposure and check; None where there are none."""
    frames = [
        one.checks.select(pl.lit(table).alias("table"), pl.lit(one.estimand.exposure).alias("exposure"), pl.all())
        for table, found in results.checks.items()
        for one in found
    ]
    if results.cells is not None:
        frames.append(cell_rows(results.data.sets[0].table, results.cells))
    frames += companion_rows(results)
    return pl.concat(frames) if frames else None


def each_point(results: Results) -> str:
    """Say what a point of the last panel is: one person, or ten where nothing is told of one."""
    one = "the ratio without one person"
    return f"a mean of ten changes, each of {one}" if results.data.study.protected else one


def check_figures(results: Results) -> Iterator[Drawing]:
    """Draw the checks of each instrument that has any."""
    for data in results.data.sets:
        found = results.checks[data.table]
        if counts := [one for one in found if not isinstance(one, AnswerDiagnosis)]:
            yield _figure(data.instrument, counts, synthetic=results.data.study.synthetic)
        if answers := [one for one in found if isinstance(one, AnswerDiagnosis)]:
            yield _units(data.instrument, answers, synthetic=results.data.study.synthetic)


def _units(instrument: Instrument, found: Sequence[AnswerDiagnosis], *, synthetic: bool) -> Drawing:
    """Draw what becomes of each ratio without one sampling unit."""
    name = f"fit-{instrument.name}"
    with look(name):
        figure = Figure(figsize=(WIDTH, 0.4 * len(found) + 0.8), layout="constrained")
        axes = figure.subplots()
        _changes(axes, found, look_of(instrument)[0], "Without one sampling unit")
        sns.despine(fig=figure)
        said = f"Largest change without one sampling unit, in standard errors: {_largest(found)}."
        title = f"{instrument.title}: each ratio without one sampling unit"
        return drawing(figure, name, title, said, synthetic=synthetic)


def _changes(axes: Axes, found: Sequence[Diagnosis | AnswerDiagnosis], colour: str, title: str) -> None:
    """Draw the largest changes of each ratio without one person, or one sampling unit."""
    for at, one in enumerate(found):
        most = one.changes[:MOST_INFLUENTIAL]
        axes.plot(most, np.full(len(most), at), "o", color=colour, markersize=3.5, alpha=0.6)
    axes.axvline(0, color=INK, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
    axes.set(title=title, xlabel="Change, standard errors", ylim=(len(found) - 0.5, -0.5))
    axes.set_yticks(range(len(found)), [_titled(one) for one in found])
    reach = max(0.5, *(1.1 * float(np.abs(one.changes).max()) for one in found))
    axes.set(xlim=(-reach, reach))


def _titled(one: Diagnosis | AnswerDiagnosis) -> str:
    return exposure_title(one.estimand.exposure, one.estimand.table)


def _largest(found: Sequence[Diagnosis | AnswerDiagnosis]) -> str:
    return "; ".join(f"{_titled(one)} {np.abs(one.changes).max():.2f}" for one in found)


def _table(title: str, found: Sequence[Diagnosis | AnswerDiagnosis]) -> Table:
    rows = []
    # Few answers may not carry every check of every model.
    for check in dict.fromkeys(check for one in found for check in one.checks["check"]):
        lines = [next(one.checks.filter(check=check).iter_rows(named=True), None) for one in found]
        readings: dict[str, list[str]] = {}
        for one, line in zip(found, lines, strict=True):
            if line:
                readings.setdefault(line["reading"], []).append(_titled(one).lower())
        cells = [_cell(line) for line in lines]
        whose = len(readings) > 1
        said = "; ".join(f"{word} ({', '.join(names)})" if whose else word for word, names in readings.items())
        rows.append((check, *cells, said))
    header = ("Check", *(_titled(one) for one in found), "Reading")
    note = ANSWERS_NOTE if isinstance(found[0], AnswerDiagnosis) else NOTE
    return Table(f"Checks of the primary models, {title}", header, tuple(rows), note)


def _cell(line: Mapping[str, Any] | None) -> str:
    """Write the p of a check, or its statistic where it has none."""
    if line is None:
        return "–"
    return f"{line['statistic']:.2f}" if line["p_value"] is None else numbers.p_value(line["p_value"])


def _figure(instrument: Instrument, found: Sequence[Diagnosis], *, synthetic: bool) -> Drawing:
    name = f"fit-{instrument.name}"
    with look(name):
        figure = Figure(figsize=(1.4 * WIDTH, 1.15 * WIDTH), layout="constrained")
        hanging, quantiles, trend, changes = figure.subplots(2, 2).ravel()
        colour, _ = look_of(instrument)
        _hang(hanging, found[0].rootogram, colour)
        _lines(quantiles, [one.quantiles for one in found], colour)
        quantiles.set(title="Residuals", xlabel="Quantile", ylabel="Off uniform")
        _lines(trend, [one.trend.with_columns(at=pl.int_range(1, pl.len() + 1)) for one in found], colour)
        trend.set(
            title="Residuals by fitted mean",
            xlabel=_parts(found),
            ylabel="Mean residual",
        )
        _changes(changes, found, colour, "Without one person" if found[0].each == 1 else "Without one, mean of ten")
        sns.despine(fig=figure)
        title = f"{instrument.title}: how well the models fit"
        return drawing(figure, name, title, _said(found), synthetic=synthetic)


def _parts(found: Sequence[Diagnosis]) -> str:
    """Name the classes of fitted means: tenths, or fewer where ten people would not be in each."""
    return f"{'Tenth' if {one.trend.height for one in found} == {10} else 'Equal part'} of fitted means"


def _hang(axes: Axes, classes: pl.DataFrame, colour: str) -> None:
    """Hang bars of what was seen from the line of what the model draws: a gap below zero is too many."""
    whole = classes["observed"].sum()
    seen, drawn = ((100 * classes[column] / whole).sqrt().to_list() for column in ("observed", "expected"))
    places = range(classes.height)
    axes.bar(places, seen, bottom=[b - a for a, b in zip(seen, drawn, strict=True)], color=colour, width=0.8)
    axes.plot(places, drawn, "o-", color=INK, markersize=3, linewidth=1)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set(title="Counts seen, hung from drawn", ylabel="Square root of per cent")
    axes.set_xticks(places, [class_label(row) for row in classes.iter_rows(named=True)])
    if classes.height > 6:
        axes.tick_params("x", rotation=90)


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


def _said(found: Sequence[Diagnosis]) -> str:
    """Say what the four panels show, counts in whole per cent: next to other tables no small cell may come out."""
    # So few people may enter a model that no line of theirs may be drawn.
    bands = [band for one in found for band in (one.quantiles, one.trend) if band.height]
    inside = [band.select(pl.col("observed").is_between("low", "high").mean()).item() for band in bands]
    rows = found[0].rootogram
    share = rows.select(pl.col("observed", "expected") / pl.col("observed").sum())
    classes = "; ".join(
        f"{class_label(row)}: {numbers.percent(seen, 0)} seen, {numbers.percent(drawn, 0)} drawn"
        for row, (seen, drawn) in zip(rows.iter_rows(named=True), share.iter_rows(), strict=True)
    )
    lines = (
        " Lines of residuals with more than a tenth of their points outside of the band of simulated sets:"
        f" {sum(part < 0.9 for part in inside)} of {len(inside)}."
        if bands
        else ""
    )
    return (
        f"Rows by count: {classes}.{lines} Largest change without one person"
        f"{'' if found[0].each == 1 else ', as a mean of ten'}, in standard errors: {_largest(found)}."
    )
