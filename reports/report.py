"""One value that has everything a report shows, made from a study's results; all of it is words and ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.asking import groups
from hypnic.analysis.question import questions
from hypnic.reports import codings, tables
from hypnic.reports.checks import Checks, check_rows, checks, each_point
from hypnic.reports.companion import LIBRARIES, companion_table, companion_text
from hypnic.reports.controls import contrast_tables, control_table, specificity
from hypnic.reports.gallery import drawn
from hypnic.reports.methods import Method, methods
from hypnic.reports.names import exposure_title
from hypnic.reports.numbers import counted
from hypnic.reports.people import people_tables
from hypnic.reports.provenance import Provenance, provenance
from hypnic.reports.publication import published
from hypnic.reports.ratios import Ratio, primary_ratios
from hypnic.reports.sayings import Sayings, sayings
from hypnic.reports.sentences import between_people, finding, straightness, survey_against_diary
from hypnic.schemas.disclosure import told_exactly, told_in_tens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument, StudyData
    from hypnic.analysis.studies.study import Written
    from hypnic.reports.svg import Drawing
    from hypnic.reports.tables import Table

ROUNDED = (
    "Nothing is told here of fewer than ten people. Counts of people are rounded down to tens, counts of nights to"
    " multiples of 280 (ten people give 28 nights each at most), and “<” is any number below that. What fewer than ten"
    " people carry is suppressed."
)


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
    compares: str  # how many exposures and ratios
    findings: tuple[tuple[str, tuple[str, ...]], ...]  # instrument, its sentences
    explanation: str | None
    compared: Table | None  # with the known truth, or with controls
    contrasts: tuple[Table, ...]  # the outcome over its controls, and what each control can tell
    specificity: str | None
    people_note: str
    people: tuple[Table, ...]
    answers: tuple[Table, ...]
    counts_answers: bool  # whether the study has any to show
    doses: tuple[DoseText, ...]
    checks: tuple[Checks, ...]
    cells: Table | None  # answers seen and expected by each coding
    flow: Table | None  # who was left for each model
    companion: Table | None  # the Bayesian one of the diary
    digits: str  # of the ratios in estimates.csv
    each_point: str  # what a point of the last panel of the checks is
    check_rows: pl.DataFrame | None
    estimates: pl.DataFrame
    estimates_tables: tuple[Table, ...]  # one for each role
    methods: tuple[Method, ...]
    companion_text: str | None  # how it is made, or how to get it
    threats: tuple[str, ...]
    claims: pl.DataFrame
    sayings: Sayings
    provenance: Provenance

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """Give every figure."""
        return tuple(drawing for section in self.figures.values() for drawing in section)

    def others(self, section: str) -> tuple[Drawing, ...]:
        """Give the drawings of a section that are not of one instrument."""
        own = (*(f"dose-{one.name}-" for one in self.doses), *(f"fit-{one.name}" for one in self.checks))
        return tuple(drawing for drawing in self.figures[section] if not drawing.name.startswith(own))


def report(results: Results) -> Report:
    """Put the results of a study in words, tables and figures."""
    results = published(results)
    data, study, estimates = results.data, results.data.study, results.estimates
    ratios = primary_ratios(data, estimates)
    return Report(
        study=study.name,
        title=study.title,
        synthetic=study.synthetic,
        measure=_measure(ratios),
        notices=study.notices,
        figures=drawn(results, ratios),
        compares=_compares(ratios),
        findings=tuple(
            (one.instrument.title, _findings([r for r in ratios if r.table == one.table], estimates))
            for one in data.sets
        ),
        explanation=survey_against_diary(ratios),
        compared=tables.truth_table(ratios) or control_table(results),
        contrasts=contrast_tables(results),
        specificity=specificity(results),
        people_note=_people_note(results),
        people=people_tables(results),
        answers=_answers(results),
        counts_answers=bool(study.spreads or study.shares),
        doses=tuple(made for one in data.sets if (made := _doses(results, one.instrument, ratios)).table.rows),
        checks=checks(results),
        cells=codings.cell_table(results),
        flow=codings.flow_table(results),
        companion=companion_table(results),
        digits="three" if study.protected else "all their",
        each_point=each_point(results),
        check_rows=check_rows(results),
        estimates=estimates,
        estimates_tables=tables.estimates_tables(
            estimates, max(len(one.instrument.primary) for one in data.sets), _written(results)
        ),
        methods=methods(data, results.rules),
        companion_text=companion_text(results),
        threats=study.threats,
        claims=results.claims,
        sayings=sayings(results.claims),
        provenance=provenance(data, () if results.companions is None else LIBRARIES),
    )


def _people_note(results: Results) -> str:
    """Put the numbers of people in a sentence, and say how they are rounded where they are."""
    data, study = results.data, results.data.study
    note = study.people_note(data.sets, _used(results.estimates), _written(results))
    return " ".join([note, *([ROUNDED] if study.protected else []), *data.told, *_grouped(data)])


def _written(results: Results) -> Written:
    return told_in_tens if results.data.study.protected else told_exactly


def _grouped(data: StudyData) -> Iterator[str]:
    """Say for which ratios the submissions are grouped by what they asked."""
    for one in data.sets:
        apart = [q.estimand.exposure for q in questions(one) if len(groups(q)) > 1]
        if apart:
            named = ", ".join(exposure_title(exposure, one.table).lower() for exposure in apart)
            yield (
                f"The submissions did not all ask for what the {one.instrument.title.lower()}'s models of {named} need:"
                " those that asked alike are fitted together, each group adjusted for all that it asked, and the groups"
                " are combined by random effects. The table of estimates says what each is adjusted for."
            )


def _compares(ratios: Sequence[Ratio]) -> str:
    exposures = len({r.exposure for r in ratios})
    return f"{counted(exposures, 'exposure').capitalize()}, {counted(exposures, _measure(ratios))}"


def _measure(ratios: Sequence[Ratio]) -> str:
    return ratios[0].measure if ratios else "rate ratio"


def _findings(ratios: Sequence[Ratio], estimates: pl.DataFrame) -> tuple[str, ...]:
    said = (between_people(r, estimates) for r in ratios)
    return (*(finding(r, len(ratios)) for r in ratios), *(sentence for sentence in said if sentence))


def _used(estimates: pl.DataFrame) -> dict[str, str]:
    """Say from how many persons the primary rows of each design come."""
    primary = estimates.filter((pl.col("role") == "primary") & (pl.col("n_persons") > 0))
    fewest = primary.group_by("design").agg(low=pl.col("n_persons").min(), high=pl.col("n_persons").max())
    return {design: f"{low:,} to {high:,}" for design, low, high in fewest.iter_rows()}


def _answers(results: Results) -> tuple[Table, ...]:
    answers, asked = results.answers, results.data.study.shares
    shown = [tables.distribution_table(found, spread.title, spread.header) for spread, found in answers.spreads]
    if asked and answers.shares is not None:
        shown.append(tables.answer_table(answers.shares, asked))
    if asked and answers.published is not None:
        shown.append(tables.published_table(answers.published, asked.published))
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
