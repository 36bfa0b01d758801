"""One value that has everything a report shows, made from a study's results; all of it is words and ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hypnic.reports import codings, tables
from hypnic.reports.checks import Checks, check_rows, checks
from hypnic.reports.gallery import drawn
from hypnic.reports.methods import Method, methods
from hypnic.reports.people import people_tables
from hypnic.reports.provenance import Provenance, provenance
from hypnic.reports.ratios import Ratio, primary_ratios
from hypnic.reports.sentences import finding, straightness, survey_against_diary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument
    from hypnic.reports.svg import Drawing
    from hypnic.reports.tables import Table


@dataclass(frozen=True)
class DoseText:
    """Dose against response of one instrument, which `name` names."""

    name: str
    title: str
    sentences: tuple[str, ...]
    table: Table


@dataclass(frozen=True)
class Report:
    """Everything that is rendered; numbers are text already, but for the tables that are files themselves.

    `figures` are the drawings of each section of the page.
    """

    study: str
    title: str
    synthetic: bool
    measure: str  # what its primary ratios are
    notices: tuple[str, ...]
    figures: Mapping[str, tuple[Drawing, ...]]
    findings: tuple[tuple[str, tuple[str, ...]], ...]  # instrument, its sentences
    explanation: str | None
    compared: Table | None  # with the known truth, or with negative controls
    people_note: str
    people: tuple[Table, ...]
    answers: tuple[Table, ...]
    doses: tuple[DoseText, ...]
    checks: tuple[Checks, ...]
    cells: Table | None  # answers seen and expected by each coding
    flow: Table | None  # who was left for each model
    check_rows: pl.DataFrame | None
    estimates: pl.DataFrame
    estimates_tables: tuple[Table, ...]  # one for each role
    methods: tuple[Method, ...]
    threats: tuple[str, ...]
    provenance: Provenance

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """Give every figure."""
        return tuple(drawing for section in self.figures.values() for drawing in section)


def report(results: Results) -> Report:
    """Put the results of a study in words, tables and figures."""
    data, study, estimates = results.data, results.data.study, results.estimates
    ratios = primary_ratios(data, estimates)
    return Report(
        study=study.name,
        title=study.title,
        synthetic=study.synthetic,
        measure=ratios[0].measure if ratios else "ratio",
        notices=study.notices,
        figures=drawn(results, ratios),
        findings=tuple(
            (one.instrument.title, tuple(finding(r) for r in ratios if r.table == one.table)) for one in data.sets
        ),
        explanation=survey_against_diary(ratios),
        compared=tables.truth_table(ratios) or tables.control_table(results),
        people_note=study.people_note(data.sets, _used(estimates)),
        people=people_tables(results),
        answers=_answers(results),
        doses=tuple(_doses(results, one.instrument, ratios) for one in data.sets),
        checks=checks(results),
        cells=codings.cell_table(results),
        flow=codings.flow_table(results),
        check_rows=check_rows(results),
        estimates=estimates,
        estimates_tables=tables.estimates_tables(estimates),
        methods=methods(data),
        threats=study.threats,
        provenance=provenance(data),
    )


def _used(estimates: pl.DataFrame) -> dict[str, str]:
    """Say from how many persons the primary rows of each design come."""
    primary = estimates.filter((pl.col("role") == "primary") & (pl.col("n_persons") > 0))
    fewest = primary.group_by("design").agg(low=pl.col("n_persons").min(), high=pl.col("n_persons").max())
    return {design: f"{low:,} to {high:,}" for design, low, high in fewest.iter_rows()}


def _answers(results: Results) -> tuple[Table, ...]:
    answers, asked = results.answers, results.data.study.shares
    shown = [tables.distribution_table(found, spread.title, spread.header) for spread, found in answers.spreads]
    if asked and answers.shares is not None:
        shown.append(tables.answer_table(answers.shares, asked.answers))
    if answers.published is not None:
        shown.append(tables.published_table(answers.published))
    return tuple(shown)


def _doses(results: Results, instrument: Instrument, ratios: tuple[Ratio, ...]) -> DoseText:
    found = results.doses
    shown = [r for r in ratios if r.table == instrument.name and (r.table, r.estimand.exposure) in found]
    bins = [(r, found[r.table, r.estimand.exposure].bins) for r in shown]
    bent = [(r, one, _non_linearity(r, results.estimates)) for r, one in bins if r.dose_unit]
    return DoseText(instrument.name, instrument.title, straightness(bent), tables.dose_table(bins, instrument))


def _non_linearity(r: Ratio, estimates: pl.DataFrame) -> float | None:
    """Look up the p of a ratio's test of non-linearity."""
    test = estimates.filter(
        design=r.instrument.design, analysis="splines", variant="non-linearity", exposure=r.estimand.exposure,
        outcome=r.estimand.outcome,
    )  # fmt: skip
    return None if test.is_empty() else test["p_value"][0]
