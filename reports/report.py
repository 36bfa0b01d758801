"""One value that has everything a report shows, made from a study's results; all of it is words and ink."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.asking import groups
from hypnic.analysis.question import questions
from hypnic.reports import codings, numbers, tables
from hypnic.reports.answer import answer
from hypnic.reports.checklists import checklists
from hypnic.reports.checks import Checks, check_rows, checks, each_point
from hypnic.reports.companion import LIBRARIES, companion_table, companion_text
from hypnic.reports.controls import contrast_tables, control_table, specificity
from hypnic.reports.exposures import exposure_texts, look_tables
from hypnic.reports.flow import flow_tables, gap_table, missing_sentence
from hypnic.reports.gallery import drawn
from hypnic.reports.listing import estimates_tables
from hypnic.reports.methods import Method, methods
from hypnic.reports.names import exposure_title
from hypnic.reports.people import exposed_tables, people_tables
from hypnic.reports.provenance import Provenance, provenance
from hypnic.reports.publication import published
from hypnic.reports.ratios import Ratio, primary_ratios
from hypnic.reports.sayings import Sayings, sayings
from hypnic.reports.sensitivity import choice_table
from hypnic.reports.sentences import survey_against_diary
from hypnic.schemas.disclosure import told_exactly, told_in_tens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import StudyData
    from hypnic.analysis.studies.study import Written
    from hypnic.reports.answer import Answer
    from hypnic.reports.checklists import Checklist
    from hypnic.reports.exposures import ExposureText
    from hypnic.reports.frame import Link
    from hypnic.reports.svg import Drawing
    from hypnic.reports.tables import Table
    from hypnic.workers import Jobs

# The sections of figures that a page has a place for.
NARROW = 3  # columns of a table that has room next to another
PLACED = ("ratios", "answers", "doses", "sensitivity", "kinds", "curves", "checks", "companion")
ROUNDED = (
    "Nothing is told here of fewer than ten people. Counts of people are rounded down to tens, counts of nights to"
    " multiples of 280 (ten people give 28 nights each at most), and “<” is any number below that. What fewer than ten"
    " people carry is suppressed."
)


@dataclass(frozen=True)
class Report:
    """Everything that is rendered; numbers are text already, but for the tables that are files themselves.

    `figures` are the drawings of each section of the page.
    """

    study: str
    title: str
    synthetic: bool
    private: bool
    dated: str
    measure: str  # what its primary ratios are
    notices: tuple[str, ...]
    answer: Answer
    figures: Mapping[str, tuple[Drawing, ...]]
    explanation: str | None
    compared: Table | None  # with the known truth, or with controls
    contrasts: tuple[Table, ...]  # the outcome over its controls, and what each control can tell
    specificity: str | None
    threats: tuple[str, ...]
    people_note: str
    people: tuple[Table, ...]
    exposed: tuple[Table, ...]  # how much of each exposure there was
    flow: tuple[Table, ...]  # who was left for each model
    answers: tuple[Table, ...]
    counts_answers: bool  # whether the study has any to show
    counts_kinds: bool  # whether it asked what twitches are like
    exposures: tuple[ExposureText, ...]
    looks: tuple[Table, ...]
    choices: Table | None  # of the specification curves
    sayings: Sayings
    claims: pl.DataFrame
    checks: tuple[Checks, ...]
    cells: Table | None  # answers seen and expected by each coding
    companion: Table | None  # the Bayesian one of the diary
    each_point: str  # what a point of the last panel of the checks is
    check_rows: pl.DataFrame | None
    gaps: Table | None
    missing: str
    methods: tuple[Method, ...]
    companion_text: str | None  # how it is made, or how to get it
    checklists: tuple[Checklist, ...]
    digits: str  # of the ratios in estimates.csv
    estimates: pl.DataFrame
    estimates_tables: tuple[Table, ...]  # one for each role
    provenance: Provenance
    trail: tuple[Link, ...] = ()  # the way up to the front page of the site, where there is one

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """Give every figure."""
        return tuple(drawing for section in self.figures.values() for drawing in section)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give every table of its pages but those of the estimates, which are a file anyway."""
        single = (self.compared, self.choices, self.cells, self.companion, self.gaps)
        several = (self.contrasts, self.people, self.exposed, self.flow, self.answers, self.looks)
        told = [*(one for some in several for one in some), *(one for one in single if one)]
        lists = (*(one.table for one in self.checks), *(one.table for one in self.checklists))
        return (*told, *lists, self.sayings.table)

    @property
    def people_columns(self) -> tuple[tuple[tuple[Table, ...], ...], ...]:
        """Group the tables of people by their heads, and each group into columns side by side, of lengths alike."""
        return tuple(_columns(tuple(alike)) for _, alike in groupby(self.people, lambda one: one.header[1:]))

    @property
    def other_sections(self) -> tuple[str, ...]:
        """Name the sections of figures that no page has a place for."""
        return tuple(name for name in self.figures if name not in PLACED)


def report(results: Results, jobs: Jobs = 1) -> Report:
    """Put the results of a study in words, tables and figures; `jobs` processes draw these, to the same bytes."""
    results = published(results)
    data, study, estimates = results.data, results.data.study, results.estimates
    ratios = primary_ratios(data, estimates)
    written = _written(results)
    flow = codings.flow_table(results)
    return Report(
        study=study.name,
        title=study.title,
        synthetic=study.synthetic,
        private=study.private,
        dated=study.dated,
        measure=_measure(ratios),
        notices=study.notices,
        answer=answer(study, ratios, estimates, results.answers.usual),
        figures=drawn(results, ratios, jobs),
        explanation=survey_against_diary(ratios),
        compared=tables.truth_table(ratios) or control_table(results),
        contrasts=contrast_tables(results),
        specificity=specificity(results),
        threats=study.threats,
        people_note=_people_note(results),
        people=people_tables(results),
        exposed=exposed_tables(results),
        flow=(flow,) if flow else tuple(flow_tables(results, written)),
        answers=_answers(results),
        counts_answers=bool(study.spreads or study.shares),
        counts_kinds=any(one.instrument.said for one in data.sets),
        exposures=exposure_texts(results, ratios),
        looks=tuple(look_tables(results, ratios)),
        choices=choice_table(results, ratios),
        sayings=sayings(
            results.claims,
            estimates,
            {one.instrument.design: one.instrument.name for one in data.sets},
            synthetic=study.synthetic,
        ),
        claims=results.claims,
        checks=checks(results),
        cells=codings.cell_table(results),
        companion=companion_table(results),
        each_point=each_point(results),
        check_rows=check_rows(results),
        gaps=gap_table(results, ratios),
        missing=missing_sentence(results),
        methods=methods(data, results.rules),
        companion_text=companion_text(results),
        checklists=checklists(study),
        digits="three" if study.protected else "all their",
        estimates=estimates,
        estimates_tables=estimates_tables(estimates, max(len(one.instrument.primary) for one in data.sets), written),
        provenance=provenance(data, () if results.companions is None else LIBRARIES),
    )


def _columns(alike: tuple[Table, ...]) -> tuple[tuple[Table, ...], ...]:
    """Cut narrow tables into two columns where the longer one is shortest."""
    if len(alike) < 2 or len(alike[0].header) > NARROW:
        return (alike,)
    cuts = ((alike[:at], alike[at:]) for at in range(1, len(alike)))
    return min(cuts, key=lambda cut: max(sum(len(one.rows) + 1 for one in part) for part in cut))


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


def _measure(ratios: Sequence[Ratio]) -> str:
    return ratios[0].measure if ratios else "rate ratio"


def _used(estimates: pl.DataFrame) -> dict[str, str]:
    """Say from how many persons the primary rows of each design come."""
    primary = estimates.filter((pl.col("role") == "primary") & (pl.col("n_persons") > 0))
    fewest = primary.group_by("design").agg(low=pl.col("n_persons").min(), high=pl.col("n_persons").max())
    return {design: numbers.span(f"{low:,}", f"{high:,}") for design, low, high in fewest.iter_rows()}


def _answers(results: Results) -> tuple[Table, ...]:
    answers, asked = results.answers, results.data.study.shares
    shown = [tables.distribution_table(found, spread.title, spread.header) for spread, found in answers.spreads]
    if asked and answers.shares is not None:
        shown.append(tables.answer_table(answers.shares, asked))
    if asked and answers.published is not None:
        shown.append(tables.published_table(answers.published, asked.published))
    return tuple(shown)
