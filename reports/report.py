"""One value that holds everything a report shows, made from a study and its estimates."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.describe import count_distribution, leg_answers
from hypnic.analysis.estimates import estimate
from hypnic.analysis.programme.dose import dose_response
from hypnic.analysis.programme.splines import dose_curve, dose_spread
from hypnic.errors import HypnicError
from hypnic.reports import figures, tables
from hypnic.reports.disclosure import protected
from hypnic.reports.fits import Fits, fits
from hypnic.reports.methods import Method, methods, threats
from hypnic.reports.names import DESIGNS
from hypnic.reports.people import people_tables
from hypnic.reports.provenance import Provenance, provenance
from hypnic.reports.ratios import Ratio, primary_ratios
from hypnic.reports.sentences import finding, straightness, survey_against_diary
from hypnic.schemas.nhanes import LEG_NIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.analysis import Study
    from hypnic.analysis.studies.study import AnalysisSet
    from hypnic.reports.svg import Drawing
    from hypnic.reports.tables import Table

# The unit of each exposure's own column; none where it is yes or no.
UNITS = {
    ("diary", "caffeine"): "mg after 14:00", ("diary", "alcohol"): "g ethanol", ("diary", "stress"): "points",
    ("diary", "exercise"): "", ("diary", "sleep_loss"): "h", ("survey", "caffeine"): "mg a day",
    ("survey", "alcohol"): "g ethanol a day", ("survey", "stress"): "points", ("survey", "exercise"): "min a day",
    ("survey", "sleep_loss"): "h", ("nhanes", "caffeine"): "mg a day", ("nhanes", "alcohol"): "g ethanol a day",
    ("nhanes", "stress"): "points", ("nhanes", "exercise"): "", ("nhanes", "sleep_loss"): "h under 7.5",
}  # fmt: skip


@dataclass(frozen=True)
class Doses:
    """Dose against response in one analysis."""

    title: str
    panels: tuple[Drawing, ...]
    sentences: tuple[str, ...]
    table: Table


@dataclass(frozen=True)
class Report:
    """Everything that is rendered; numbers are text already, but for the table of estimates itself."""

    study: str
    title: str
    synthetic: bool
    notices: tuple[str, ...]
    forest: Drawing
    findings: tuple[tuple[str, tuple[str, ...]], ...]  # design, its sentences
    explanation: str | None
    beside: Table | None  # the known truth, or the negative controls
    people_note: str
    people: tuple[Table, ...]
    outcomes: tuple[tuple[Drawing | None, Table], ...]
    doses: tuple[Doses, ...]
    fits: tuple[Fits, ...]
    estimates: pl.DataFrame
    estimates_tables: tuple[Table, ...]  # one for each role
    methods: tuple[Method, ...]
    threats: tuple[str, ...]
    provenance: Provenance

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """Give every figure."""
        spread = (drawing for drawing, _ in self.outcomes if drawing)
        doses = (panel for dose in self.doses for panel in dose.panels)
        return (self.forest, *spread, *doses, *(fit.drawing for fit in self.fits))


def report(study: Study, progress: Callable[[str], None]) -> Report:
    """Estimate, describe and draw a study; `progress` is told each step."""
    progress("fitting the estimands")
    estimates = estimate(study)
    ratios = primary_ratios(study, estimates)
    progress("fitting dose against response")
    doses = tuple(_doses(data, ratios, estimates, synthetic=study.synthetic) for data in study.sets)
    progress("checking how well the models fit")
    checked = tuple(made for data in study.sets if (made := fits(data, synthetic=study.synthetic)))
    progress("describing the answers")
    return Report(
        study=study.name,
        title=study.title,
        synthetic=study.synthetic,
        notices=study.notices,
        forest=figures.forest(ratios, f"{study.title}: five rate ratios", synthetic=study.synthetic),
        findings=_findings(study, ratios),
        explanation=survey_against_diary(ratios),
        beside=tables.truth_table(ratios) or tables.control_table(estimates),
        people_note=_people_note(study, estimates),
        people=people_tables(study.sets[-1]),
        outcomes=_leg_outcomes(study.sets[0]) if study.name == "nhanes" else _crowd_outcomes(study),
        doses=doses,
        fits=checked,
        estimates=estimates,
        estimates_tables=tables.estimates_tables(estimates),
        methods=methods(study),
        threats=threats(study),
        provenance=provenance(study),
    )


def _findings(study: Study, ratios: tuple[Ratio, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (DESIGNS[data.table], tuple(finding(r) for r in ratios if r.table == data.table)) for data in study.sets
    )


def _people_note(study: Study, estimates: pl.DataFrame) -> str:
    primary = estimates.filter((pl.col("role") == "primary") & (pl.col("n_persons") > 0))
    fewest = primary.group_by("design").agg(low=pl.col("n_persons").min(), high=pl.col("n_persons").max())
    used = {design: f"{low:,} to {high:,}" for design, low, high in fewest.iter_rows()}
    if study.name == "nhanes":
        people = study.sets[0].frame
        return (
            f"{people.height:,} people were sampled; {people['answered'].sum():,} aged 16 and over answered the"
            f" question about leg jerks. The ratios come from {used.get('survey', 'none')} of them, adults of 20 and"
            " over who answered all that a model needs."
        )
    diary, survey = study.sets
    diarists = diary.frame["participant_id"].n_unique()
    # Those without a diary are the rest: both numbers are given, or neither.
    kept, _ = protected([diarists, max(0, survey.frame.height - diarists)])
    if not isinstance(kept, int):
        return f"{survey.frame.height:,} respondents."
    return (
        f"{survey.frame.height:,} respondents; {kept:,} of them kept a diary, of {diary.frame.height:,} nights in all."
        f" The survey's ratios come from {used.get('survey', 'none')} persons who answered all that a model needs, the"
        f" diary's from {used.get('diary', 'none')} who noticed a jerk on some night."
    )


def _crowd_outcomes(study: Study) -> tuple[tuple[Drawing, Table], ...]:
    diary, survey = study.sets
    shown = []
    for data, column, width, name, title, header in (
        (diary, "jerk_count", 1, "jerks-per-night", "Noticed jerks in a night", ("Jerks", "Nights")),
        (
            survey,
            "jerk_nights_30d",
            5,
            "nights-with-a-jerk",
            "Nights of the last 30 with a jerk",
            ("Nights", "Persons"),
        ),
    ):
        spread = count_distribution(data.frame[column], data.frame[data.person], width)
        if spread.is_empty():
            continue
        labels = [tables.class_label(row) for row in spread.iter_rows(named=True)]
        shares = (spread["n_rows"] / spread["n_rows"].sum()).to_list()
        drawing = figures.bars(name, title, labels, shares, synthetic=study.synthetic)
        shown.append((drawing, tables.distribution_table(spread, title, header)))
    return tuple(shown)


def _leg_outcomes(data: AnalysisSet) -> tuple[tuple[Drawing | None, Table], ...]:
    answers = leg_answers(data.frame, list(LEG_NIGHTS))
    shares = answers.drop_nulls("estimate").filter(pl.col("answer") != "never")
    shares = shares.with_columns(pl.col("answer").map_elements(tables.band_label, return_dtype=pl.String))
    title = "How often leg jerks came in a month (answers other than never)"
    jerks, cramps = tables.leg_tables(answers, data.frame)
    return ((figures.shares("leg-jerks", title, shares), jerks), (None, cramps))


def _doses(data: AnalysisSet, ratios: tuple[Ratio, ...], estimates: pl.DataFrame, *, synthetic: bool) -> Doses:
    panels = []
    for r in ratios:
        if r.table == data.table and r.found:
            # Few answers can carry one slope and not four bins: that exposure then has no panel.
            with suppress(HypnicError):
                panels.append((r, dose_response(data, r.estimand), UNITS[r.table, r.estimand.exposure]))
    smooths = [_smooth(data, r, bins) for r, bins, _ in panels]
    drawn = [bins.select(low="conf_low", high="conf_high") for _, bins, _ in panels]
    drawn += [smooth.curve.select(low="estimate", high="estimate") for smooth in smooths if smooth]
    ends = pl.concat([pl.DataFrame(schema={"low": float, "high": float}), *drawn])
    limits = (min([0.95, *ends["low"].drop_nulls()]), max([1.05, *ends["high"].drop_nulls()]))
    drawings = tuple(
        figures.dose_panel(bins, r, unit, limits, smooth, synthetic=synthetic)
        for (r, bins, unit), smooth in zip(panels, smooths, strict=True)
    )
    tests = {r.estimand.exposure: _non_linearity(r, estimates) for r, _, _ in panels}
    sentences = straightness([(r, bins, unit, tests[r.estimand.exposure]) for r, bins, unit in panels if unit])
    return Doses(DESIGNS[data.table], drawings, sentences, tables.dose_table(panels, data.table))


def _smooth(data: AnalysisSet, r: Ratio, bins: pl.DataFrame) -> figures.Smooth | None:
    """Draw the curve through the bins' reference; some exposures have none, and few answers can't carry one."""
    with suppress(HypnicError):
        reference = bins.filter("reference")["dose"][0]
        return figures.Smooth(dose_curve(data, r.estimand, reference), dose_spread(data, r.estimand))
    return None


def _non_linearity(r: Ratio, estimates: pl.DataFrame) -> float | None:
    """Look up the p of a ratio's test of non-linearity."""
    tests = estimates.filter(
        pl.col("design") == r.estimand.design, pl.col("exposure") == r.estimand.exposure,
        pl.col("outcome") == r.estimand.outcome, pl.col("estimator").str.contains("test of non-linearity"),
    )  # fmt: skip
    return None if tests.is_empty() else tests["p_value"][0]
