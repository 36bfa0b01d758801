"""The tables of a report, as text ready to be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.describe import leg_cramps, tally
from hypnic.reports import numbers
from hypnic.reports.disclosure import SMALL, WITHHELD, protected
from hypnic.reports.names import EXPOSURES, OUTCOMES, level, readable
from hypnic.schemas import Participants, columns
from hypnic.schemas.nhanes import NhanesPerson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.analysis.studies import AnalysisSet
    from hypnic.reports.ratios import Ratio

CROWD = ("age_band", "sex_at_birth", "bed_partner", "shift_pattern", "nicotine_use")
NHANES = ("age group", "sex", "race_ethnicity", "education", "smoking")
AGE_GROUPS = ["16 to 19", "20 to 39", "40 to 59", "60 to 79", "80 or more"]


@dataclass(frozen=True)
class Table:
    """A caption, the header, and rows whose first cell names them; all text."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


SUPPRESSED = (
    "“<10” stands for fewer than ten people; “withheld” for a count that would give such a cell away by subtraction."
)


def people_tables(data: AnalysisSet) -> tuple[Table, ...]:
    """Count the persons of a study by what they are."""
    if data.table == "nhanes":
        return tuple(_nhanes_people(data, column) for column in NHANES)
    return tuple(_crowd_people(data.frame, column) for column in CROWD if not data.frame[column].is_null().all())


def _crowd_people(people: pl.DataFrame, column: str) -> Table:
    facts = columns(Participants)[column]
    levels = [word for word in facts.options if word not in facts.missing_words]
    return _people_table(readable(column), ("Persons",), [_counted(tally(people[column], levels), people.height)])


def _nhanes_people(data: AnalysisSet, column: str) -> Table:
    asked = data.frame.filter(answered=1).with_columns(
        (pl.col("age") // 20).replace_strict(dict(enumerate(AGE_GROUPS)), return_dtype=pl.String).alias("age group")
    )
    dtype = None if column == "age group" else NhanesPerson.to_schema().columns[column].dtype.type
    levels = dtype.categories.to_list() if isinstance(dtype, pl.Enum) else AGE_GROUPS
    cycles = asked["cycle"].unique().sort().to_list()
    counted = [_counted(tally(rows[column], levels), rows.height) for rows in (asked.filter(cycle=c) for c in cycles)]
    total = asked["weight_interview"].sum()
    weights = {name: asked.filter(pl.col(column) == name)["weight_interview"].sum() / total for name in levels}
    weighted = {level(name): numbers.percent(share) for name, share in weights.items()}
    return _people_table(readable(column), (*cycles, "Weighted"), [*counted, weighted])


def _counted(counts: Mapping[str, int], total: int) -> dict[str, str]:
    """Protect the counts of one total; where everybody answered, that is not said."""
    kept = {name: n for name, n in counts.items() if n or name != "no answer"}
    cells = protected(list(kept.values()))
    return {
        level(name): f"{numbers.count(cell)} ({numbers.percent(cell / total)})" if isinstance(cell, int) else cell
        for name, cell in zip(kept, cells, strict=True)
    }


def _people_table(name: str, header: tuple[str, ...], parts: Sequence[Mapping[str, str]]) -> Table:
    names = list(dict.fromkeys(key for part in parts for key in part))
    rows = tuple((key, *(part.get(key, "–") for part in parts)) for key in names)
    hidden = any(cell in {SMALL, WITHHELD} for row in rows for cell in row)
    title = name[0].upper() + name[1:]
    return Table(f"People by {name}", (title, *header), rows, SUPPRESSED if hidden else "")


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
    header = ("Answer", *(word for cycle in cycles for word in (f"{cycle}, persons", "weighted (95 % interval)")))
    jerks = Table(
        "Leg jerks while trying to sleep, past month, ages 16 and over (SLQ150)", header, rows,
        "Persons are unweighted and equal CDC's codebook. Shares are weighted to the population, of those who answered,"
        " with design-based intervals.",
    )  # fmt: skip
    cramps = tuple(
        (f"{row['cramps']}, {row['cycle']}", _share(row), {"mild": "24 to 25 %"}.get(row["cramps"], "6 %"))
        for row in leg_cramps(frame).sort("cramps", "cycle").iter_rows(named=True)
    )
    check = Table(
        "A check of weights and design: leg cramps among adults (20 and over), beside what was published",
        ("Leg cramps", "Here, weighted (95 % interval)", "Grandner & Winkelman 2017"), cramps,
        "Mild: up to 4 times a month. Published: PLoS ONE 12(6), PMC5460850.",
    )  # fmt: skip
    return jerks, check


def _leg_cells(row: Mapping[str, float | None]) -> tuple[str, str]:
    return numbers.count(row["n_persons"] or 0), "–" if row["estimate"] is None else _share(row)


def _share(row: Mapping[str, float | None]) -> str:
    return (
        f"{numbers.percent(row['estimate'])} ({numbers.percent(row['conf_low'])} to {numbers.percent(row['conf_high'])})"
    )


def truth_table(ratios: Iterable[Ratio]) -> Table | None:
    """Set the estimates of synthetic data beside what they were drawn with."""
    known = [(r, r.truth) for r in ratios if r.truth]
    rows = tuple(
        (
            f"{r.exposure} ({r.label})", numbers.ratio(r.estimate), numbers.interval(r.low, r.high),
            numbers.ratio(truth.total), "yes" if r.holds_truth else "no", numbers.ratio(truth.direct),
            numbers.ratio(truth.target),
        )
        for r, truth in known
    )  # fmt: skip
    header = ("Comparison", "Estimate", "95 % interval", "True total", "Held", "True direct", "Endless sample")
    note = (
        "True total: the ratio of expected jerks with everything that follows from one unit more. True direct: without"
        " what goes through the other exposures, in the typical person. Endless sample: what the estimator itself tends"
        " to in the population the data were drawn from."
    )
    return Table("Estimates beside the known truth (synthetic data)", header, rows, note) if rows else None


def control_table(estimates: pl.DataFrame) -> Table | None:
    """Set the ratios for leg jerks beside those for leg cramps, a negative control, from the same models."""
    by_outcome = {
        outcome: {row["exposure"]: row for row in estimates.filter(outcome=outcome, role=role).iter_rows(named=True)}
        for outcome, role in (("leg_jerks", "primary"), ("leg_cramps", "sensitivity"))
    }
    rows = tuple(
        (f"{EXPOSURES[exposure]}, {row['unit']}", *(_ratio_cell(found[exposure]) for found in by_outcome.values()))
        for exposure, row in by_outcome["leg_cramps"].items()
    )
    note = (
        "Leg cramps are a negative control: what these exposures do to sleep starts should not change cramps. Where both"
        " ratios lie apart from 1 alike, the one for jerks may come from who people are, or from how they answer."
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
    return Table("Rate ratios by dose", ("Dose", unit, "Rate ratio", "95 % interval"), rows, note)


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
        "Exposure", "Step", "Ratio", "95 % interval", "p", "Holm p", "Design", "Role", "Effect", "Outcome", "Rows", "Persons",
        "Left out", "Estimator", "Errors", "Largest score", "Adjusted for",
    )  # fmt: skip
    rows = tuple(
        (
            EXPOSURES[row["exposure"]], row["unit"], numbers.ratio(row["estimate"]),
            numbers.interval(row["conf_low"], row["conf_high"]), numbers.p_value(row["p_value"]),
            numbers.p_value(row["p_adjusted"]), row["design"], row["role"], row["effect"], OUTCOMES[row["outcome"]],
            numbers.count(row["n_rows"]), numbers.count(row["n_persons"]),
            numbers.count(row["n_dropped"]), row["estimator"], row["covariance"],
            "–" if row["score_max"] is None else f"{row['score_max']:.0e}",
            ", ".join(readable(name) for name in row["adjustment"].split("+")),
        )
        for row in estimates.iter_rows(named=True)
    )  # fmt: skip
    note = (
        "Ratios are of rates. p is two-sided; Holm p adjusts the five primary rows of a design. Rows left out miss an"
        " answer or lie outside the analysis. Largest score: how far from its maximum the fit stopped (0 is there)."
    )
    return Table("Every row of estimates.csv", header, rows, note)
