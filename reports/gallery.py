"""Which figures a report has, and in which section: adding one is a module and a line here.

A maker gives sketches: what is to be drawn with all that it takes, so that any process can draw it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from hypnic.reports import codings, earlylate, figures, numbers
from hypnic.reports.companion import companion_figures
from hypnic.reports.forest import forest
from hypnic.reports.groups import by_group
from hypnic.reports.kinds import kinds
from hypnic.reports.panels import check_figures
from hypnic.reports.sensitivity import curves, sensitivity
from hypnic.reports.sentences import dose_meaning, non_linearity
from hypnic.reports.tables import band_label, class_label, shares_of
from hypnic.workers import Piece, divided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.analysis.results import Results
    from hypnic.reports.ratios import Ratio
    from hypnic.reports.svg import Drawing, Sketch
    from hypnic.workers import Jobs

    Ratios = tuple[Ratio, ...]


def drawn(results: Results, ratios: Ratios, jobs: Jobs = 1) -> dict[str, tuple[Drawing, ...]]:
    """Draw every figure, section by section; `jobs` processes share the work."""
    asked = [
        (section, sketch) for section, makers in SECTIONS.items() for make in makers for sketch in make(results, ratios)
    ]
    found = divided([Piece(section, _draw, (sketch,)) for section, sketch in asked], None, jobs)
    sections: dict[str, list[Drawing]] = {section: [] for section in SECTIONS}
    for (section, _), done in zip(asked, found, strict=True):
        sections[section].append(done.result)
    return {section: tuple(drawings) for section, drawings in sections.items()}


def _draw(_: object, sketch: Sketch) -> Drawing:
    return sketch()


def _forest(results: Results, ratios: Ratios) -> Iterator[Sketch]:
    study = results.data.study
    if not any(r.found for r in ratios):
        return
    measure = ratios[0].measure if ratios else "rate ratio"
    several = numbers.counted(len({r.exposure for r in ratios}), measure)
    yield partial(forest, ratios, f"{study.title}: {several}", synthetic=study.synthetic)


def _sensitivity(results: Results, ratios: Ratios) -> Iterator[Sketch]:
    yield from sensitivity(results, ratios)
    yield from codings.ranges(results)


def _curves(results: Results, ratios: Ratios) -> Iterator[Sketch]:
    yield from curves(results, ratios)


def _kinds(results: Results, _: Ratios) -> Iterator[Sketch]:
    if found := kinds(results):
        yield found


def _spreads(results: Results, _: Ratios) -> Iterator[Sketch]:
    for spread, found in results.answers.spreads:
        labels = [class_label(row) for row in found.iter_rows(named=True)]
        words = spread.name, spread.title, labels
        yield partial(figures.bars, *words, shares_of(found), synthetic=results.data.study.synthetic)


def _groups(results: Results, _: Ratios) -> Iterator[Sketch]:
    if found := by_group(results):
        yield found


def _shares(results: Results, _: Ratios) -> Iterator[Sketch]:
    asked, answers = results.data.study.shares, results.answers.shares
    if asked is not None and answers is not None:
        known, first = answers.drop_nulls("estimate"), pl.col("answer") == next(iter(asked.answers))
        shares = known.filter(~first)
        words = {answer: band_label(answer, asked.answers) for answer in asked.answers}
        named = shares.with_columns(pl.col("answer").replace_strict(words))
        yield partial(figures.shares, asked.name, asked.title, asked.axis, named, known.filter(first))


def _doses(results: Results, ratios: Ratios) -> Iterator[Sketch]:
    for data in results.data.sets:
        shown = [
            (r, results.doses[r.table, r.estimand.exposure])
            for r in ratios
            if r.table == data.table and (r.table, r.estimand.exposure) in results.doses
        ]
        ends = [doses.bins.select(low="conf_low", high="conf_high") for _, doses in shown]
        ends += [doses.curve.curve.select(low="estimate", high="estimate") for _, doses in shown if doses.curve]
        span = pl.concat([pl.DataFrame(schema={"low": float, "high": float}), *ends])
        limits = (min([0.95, *span["low"].drop_nulls()]), max([1.05, *span["high"].drop_nulls()]))
        for r, doses in shown:
            meaning = dose_meaning(r, doses.bins, non_linearity(r, results.estimates))
            yield partial(figures.dose_panel, r, doses, limits, meaning, synthetic=results.data.study.synthetic)


def _early_late(results: Results, ratios: Ratios) -> Iterator[Sketch]:
    yield from earlylate.sketches(results, ratios)


def _checks(results: Results, _: Ratios) -> Iterator[Sketch]:
    yield from check_figures(results)


def _companion(results: Results, _: Ratios) -> Iterator[Sketch]:
    yield from companion_figures(results)


SECTIONS: dict[str, tuple[Callable[[Results, Ratios], Iterator[Sketch]], ...]] = {
    "ratios": (_forest,),
    "answers": (_spreads, _shares, _groups),
    "doses": (_doses, _early_late),
    "sensitivity": (_sensitivity,),
    "kinds": (_kinds,),
    "curves": (_curves,),
    "checks": (_checks,),
    "companion": (_companion,),
}
