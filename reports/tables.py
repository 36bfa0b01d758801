"""The tables of a report, as text ready to be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.describe import leg_cramps
from hypnic.reports import numbers
from hypnic.reports.names import DESIGNS, EXPOSURES, OUTCOMES, SCALES, level, readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.reports.ratios import Ratio


@dataclass(frozen=True)
class Table:
    """A caption, the header, and rows whose first cell names them; all text."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def distribution_table(distribution: pl.DataFrame, caption: str, header: tuple[str, str]) -> Table:
    """Set how many rows gave each count."""
    total = distribution["n_rows"].sum()
    rows = tuple(
        (class_label(row), numbers.count(row["n_rows"]), numbers.percent(row["n_rows"] / total))
        for row in distribution.iter_rows(named=True)
    )
    return Table(caption, (*header, "Per cent"), rows)


def class_label(row: Mapping[str, int | None]) -> str:
    """Name a class of counts: `3`, `4–6`, `8+`."""
    if row["high"] is None:
        return f"{row['low']}+"
    return f"{row['low']}" if row["low"] == row["high"] else f"{row['low']}–{row['high']}"


def leg_tables(answers: pl.DataFrame, frame: pl.DataFrame) -> tuple[Table, Table]:
    """Set the NHANES answers as CDC counted them with their weighted shares, and the check on leg cramps."""
    cycles = answers["cycle"].unique(maintain_order=True).to_list()
    given = {(row["cycle"], row["answer"]): row for row in answers.iter_rows(named=True)}
    rows = tuple(
        (level(answer), *(cell for cycle in cycles for cell in _leg_cells(given[cycle, answer])))
        for answer in answers["answer"].unique(maintain_order=True)
    )
    header = (
        "Answer",
        *(word for cycle in cycles for word in (f"{cycle}, persons", "weighted (95 % interval)")),
    )
    jerks = Table(
        "Leg jerks while trying to sleep, past month, ages 16 and over (SLQ150)", header, rows,
        "Persons are unweighted, as in CDC's codebook. Shares are weighted to the population, of those who answered,"
        " with design-based intervals.",
    )  # fmt: skip
    cramps = tuple(
        (f"{row['cramps']}, {row['cycle']}", _share(row), {"mild": "24 to 25 %"}.get(row["cramps"], "6 %"))
        for row in leg_cramps(frame).sort("cramps", "cycle").iter_rows(named=True)
    )
    check = Table(
        "A check of weights and design: leg cramps among adults (20 and over), beside what was published",
        ("Leg cramps", "Here, weighted (95 % interval)", "Grandner & Winkelman 2017"), cramps,
        "Mild: up to 4 times a month. Published: PLoS ONE, PMC5460850.",
    )  # fmt: skip
    return jerks, check


def _leg_cells(row: Mapping[str, float | None]) -> tuple[str, str]:
    return numbers.count(row["n_persons"] or 0), "–" if row["estimate"] is None else _share(row)


def _share(row: Mapping[str, float | None]) -> str:
    estimate, low, high = (numbers.percent(row[key]) for key in ("estimate", "conf_low", "conf_high"))
    return f"{estimate} ({low} to {high})"


def truth_table(ratios: Iterable[Ratio]) -> Table | None:
    """Set the estimates of synthetic data beside what they were drawn with."""
    known = [(r, r.truth) for r in ratios if r.truth]
    rows = tuple(
        (
            f"{r.exposure} ({r.label})", *_ratio_and_interval(r),
            numbers.ratio(truth.total), "yes" if r.holds_truth else "no", numbers.ratio(truth.direct),
            numbers.ratio(truth.target),
        )
        for r, truth in known
    )  # fmt: skip
    header = (
        "Comparison",
        "Estimate",
        "95 % interval",
        "True total",
        "Held",
        "True direct",
        "Endless sample",
    )
    note = (
        "True total: the ratio of expected jerks with everything that follows from one unit more. True direct: without"
        " what goes through the other exposures, in the typical person. Endless sample: what the estimator itself tends"
        " to in the population the data were drawn from."
    )
    return Table("Estimates beside the known truth (synthetic data)", header, rows, note) if rows else None


def _ratio_and_interval(r: Ratio) -> tuple[str, str]:
    return (numbers.ratio(r.found.ratio), numbers.interval(r.found.low, r.found.high)) if r.found else ("–", "–")


def control_table(estimates: pl.DataFrame) -> Table | None:
    """Set the ratios for leg jerks beside those for leg cramps, a negative control, from the same models."""
    by_outcome = {
        outcome: {row["exposure"]: row for row in estimates.filter(outcome=outcome, role=role).iter_rows(named=True)}
        for outcome, role in (("leg_jerks", "primary"), ("leg_cramps", "sensitivity"))
    }
    rows = tuple(
        (
            f"{EXPOSURES[exposure]}, {row['unit']}",
            *(_ratio_cell(found[exposure]) for found in by_outcome.values()),
        )
        for exposure, row in by_outcome["leg_cramps"].items()
    )
    note = (
        "Leg cramps are a negative control: the way these exposures are said to act on sleep starts is not one to act"
        " on cramps. Where both ratios lie apart from 1 alike, the one for jerks may come from who people are, or from"
        " how they answer."
    )
    header = ("Exposure", "Leg jerks", "Leg cramps")
    return Table("Leg jerks beside leg cramps: rate ratios (95 % interval)", header, rows, note) if rows else None


def _ratio_cell(row: Mapping[str, float | None]) -> str:
    return f"{numbers.ratio(row['estimate'])} ({numbers.interval(row['conf_low'], row['conf_high'])})"


def dose_table(panels: Sequence[tuple[Ratio, pl.DataFrame, str]], table: str) -> Table:
    """Set the ratios by dose. In a diary a person is in several bins: only nights are counted there."""
    rows = tuple(
        (
            f"{r.exposure}: {bin_label(row, unit)}", numbers.count(row["n_rows"]),
            "reference" if row["reference"] else numbers.ratio(row["estimate"]),
            "–" if row["reference"] else numbers.interval(row["conf_low"], row["conf_high"]),
        )
        for r, bins, unit in panels
        for row in bins.iter_rows(named=True)
    )  # fmt: skip
    unit = "Nights" if table == "diary" else "Persons"
    note = "Each line holds ten persons or more; the same adjustment as for the estimate."
    return Table(f"Rate ratios by dose, {DESIGNS[table]}", ("Dose", unit, "Rate ratio", "95 % interval"), rows, note)


def bin_label(row: Mapping[str, float | None], unit: str) -> str:
    """Name a bin of doses in its unit."""
    above, upto, suffix = row["above"], row["upto"], f", {row['level']}" if row["level"] else ""
    if unit == "":
        return ("no" if above is None else "yes") + suffix
    if above is None:
        return f"{'' if upto == 0 == row['dose'] else 'up to '}{numbers.dose(upto or 0)} {unit}{suffix}"
    if upto is None:
        return f"over {numbers.dose(above)} {unit}{suffix}"
    return f"over {numbers.dose(above)} to {numbers.dose(upto)} {unit}{suffix}"


def estimates_table(estimates: pl.DataFrame) -> Table:
    """Set every row of the table of estimates."""
    header = (
        "Exposure", "Step", "Estimate", "95 % interval", "Scale", "p", "Adjusted p", "Design", "Role", "Effect",
        "Outcome", "Rows", "Persons", "Left out", "Estimator", "Errors", "Largest score", "Adjusted for",
    )  # fmt: skip
    rows = tuple(
        (
            EXPOSURES.get(row["exposure"]) or readable(row["exposure"]).capitalize(), row["unit"],
            numbers.ratio(row["estimate"]), numbers.interval(row["conf_low"], row["conf_high"]),
            SCALES.get(row["scale"], row["scale"]), numbers.p_value(row["p_value"]),
            numbers.p_value(row["p_adjusted"]), row["design"], row["role"], row["effect"], OUTCOMES[row["outcome"]],
            numbers.count(row["n_rows"]), numbers.count(row["n_persons"]),
            numbers.count(row["n_dropped"]), row["estimator"], row["covariance"],
            "–" if row["score_max"] is None else f"{row['score_max']:g}",
            ", ".join(readable(name) for name in row["adjustment"].split("+")),
        )
        for row in estimates.iter_rows(named=True)
    )  # fmt: skip
    note = (
        "Ratios are of rates; a difference is in the outcome's own unit, which its estimator names. A test has p and no"
        " estimate. p is two-sided, adjusted over the five primary rows of a design (Holm) and over its secondary ones"
        " (Benjamini-Hochberg). Rows left out miss an answer or lie outside the analysis. Largest score: how far from"
        " its maximum the fit stopped (0 is there)."
    )
    return Table("Every row of estimates.csv", header, rows, note)
