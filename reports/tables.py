"""The tables of a report, as text ready to be set."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.reports import numbers
from hypnic.reports.names import exposure_title, level, readable
from hypnic.reports.withholding import rows_each
from hypnic.schemas.disclosure import told_exactly
from hypnic.schemas.estimates import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.analysis.studies import Instrument
    from hypnic.analysis.studies.study import Published, Shares, Written
    from hypnic.reports.ratios import Ratio


# What p is adjusted by, for the roles where it is.
ADJUSTED = {"primary": "Holm p", "secondary": "BH p"}
ROLE_NOTES = {
    "primary": (
        "IRR is a ratio of rates or of means, OR one of odds. p is two-sided; Holm p adjusts the {} primary rows of a"
        " design."
        " Rows left out miss an answer or lie outside the analysis. Largest score: how far from its maximum the fit"
        " stopped (0 is there)."
    ),
    "secondary": (
        "A difference is in the outcome's own unit: the average change among the people at"
        " hand for one step more, or for a yes in place of a no. BH p adjusts a design's secondary rows"
        " (Benjamini-Hochberg)."
    ),
    "sensitivity": (
        "The primary comparisons once more, with one thing done otherwise. p is not adjusted. A tipping point is no"
        " ratio: it says how far the answers left open would have to lie from those drawn for them before the nearer"
        " limit crosses 1, or how much more would have to be noticed to make the ratio, or its nearer limit, alone."
        " The E-value of an odds ratio is that of its square root, which is near a ratio of risks."
    ),
    "exploratory": "What nobody had to expect. p is not adjusted: none of these rows confirms anything.",
}


@dataclass(frozen=True)
class Table:
    """A caption, the header, and rows whose first cell names them; all text."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    id: str = ""
    ids: tuple[str, ...] = ()  # of its rows, where something links to them

    @property
    def file(self) -> str:
        """Name the file that has it, in the folder of the report."""
        return f"tables/{re.sub('[^a-z0-9]+', '-', self.caption.lower())[:60].strip('-')}.csv"

    def as_csv(self, *, synthetic: bool) -> str:
        """Give it as CSV, in the words of the page; each row of synthetic data says so."""
        text = io.StringIO()
        lines = [self.header, *self.rows]
        if synthetic:
            lines = [("data", *self.header), *(("synthetic", *row) for row in self.rows)]
        csv.writer(text, lineterminator="\n").writerows(lines)
        return text.getvalue()


def distribution_table(distribution: pl.DataFrame, caption: str, header: tuple[str, str]) -> Table:
    """Set how many rows gave each count."""
    rows = tuple(
        (class_label(row), _rows(row), numbers.percent(share))
        for row, share in zip(distribution.iter_rows(named=True), shares_of(distribution), strict=True)
    )
    return Table(caption, (*header, "Per cent"), rows)


def shares_of(distribution: pl.DataFrame) -> list[float]:
    """Give the share of each class; where counts are rounded, the shares have been made before."""
    if "share" in distribution.columns:
        return distribution["share"].to_list()
    return (distribution["n_rows"] / distribution["n_rows"].sum()).to_list()


def _rows(row: Mapping[str, Any]) -> str:
    """Write how many rows there are; where counts are rounded, that has been written before."""
    return row.get("told") or numbers.count(row["n_rows"])


def class_label(row: Mapping[str, int | None]) -> str:
    """Name a class of counts: `3`, `4–6`, `8+`."""
    if row["high"] is None:
        return f"{row['low']}+"
    return f"{row['low']}" if row["low"] == row["high"] else f"{row['low']}–{row['high']}"


def answer_table(answers: pl.DataFrame, asked: Shares) -> Table:
    """Set how many persons gave each answer, with the weighted shares."""
    cycles = answers["cycle"].unique(maintain_order=True).to_list()
    given = {(row["cycle"], row["answer"]): row for row in answers.iter_rows(named=True)}
    rows = tuple(
        (band_label(answer, asked.answers), *(cell for cycle in cycles for cell in _answer_cells(given[cycle, answer])))
        for answer in answers["answer"].unique(maintain_order=True)
    )
    header = (
        "Answer",
        *(word for cycle in cycles for word in (f"{cycle}, persons", f"weighted ({asked.weight}; 95 % interval)")),
    )
    return Table(asked.question, header, rows, asked.note)


def published_table(shares: pl.DataFrame, published: Published) -> Table:
    """Set weighted shares next to those that others published from the same files."""
    rows = tuple(
        (f"{row['cramps']}, {row['cycle']}", _share(row), published.found[row["cramps"]])
        for row in shares.sort("cramps", "cycle").iter_rows(named=True)
    )
    return Table(published.title, published.header, rows, published.note)


def band_label(answer: str, bands: Mapping[str, tuple[int, int]]) -> str:
    """Name an answer with the times a month that it stands for.

    >>> band_label("almost_always", {"almost_always": (16, 30)}), band_label("refused", {})
    ('almost always (16–30)', 'refused')
    """
    if answer not in bands:
        return level(answer)
    low, high = bands[answer]
    return f"{level(answer)} ({class_label({'low': low, 'high': high})})"


def _answer_cells(row: Mapping[str, float | None]) -> tuple[str, str]:
    return numbers.count(row["n_persons"] or 0), "–" if row["estimate"] is None else _share(row)


def _share(row: Mapping[str, float | None]) -> str:
    estimate, low, high = (numbers.percent(row[key]) for key in ("estimate", "conf_low", "conf_high"))
    return f"{estimate} ({low} to {high})"


def truth_table(ratios: Iterable[Ratio]) -> Table | None:
    """Set the estimates of synthetic data next to what they were drawn with."""
    known = [(r, r.truth) for r in ratios if r.truth]
    rows = tuple(
        (
            f"{r.exposure} ({r.label})", *_ratio_and_interval(r),
            numbers.ratio(truth.total), "yes" if r.includes_truth else "no", numbers.ratio(truth.direct),
            numbers.ratio(truth.target),
        )
        for r, truth in known
    )  # fmt: skip
    header = (
        "Comparison",
        "Estimate",
        "95 % interval",
        "True total",
        "Included",
        "True direct",
        "Unlimited data",
    )
    note = (
        "True total: the ratio of expected jerks with everything that follows from one unit more. True direct: without"
        " what goes through the other exposures, in the typical person. Unlimited data: what the estimator itself tends"
        " to in the population the data were drawn from."
    )
    return Table("Estimates next to the known truth (synthetic data)", header, rows, note) if rows else None


def _ratio_and_interval(r: Ratio) -> tuple[str, str]:
    return (numbers.ratio(r.found.ratio), numbers.interval(r.found.low, r.found.high)) if r.found else ("–", "–")


def dose_table(panels: Sequence[tuple[Ratio, pl.DataFrame]], instrument: Instrument) -> Table:
    """Set the ratios by dose. In a diary a person is in several bins: only nights are counted there."""
    rows = tuple(
        (
            f"{r.exposure}: {bin_label(row, r.dose_unit)}", _rows(row),
            "reference" if row["reference"] else numbers.ratio(row["estimate"]),
            "–" if row["reference"] else numbers.interval(row["conf_low"], row["conf_high"]),
        )
        for r, bins in panels
        for row in bins.iter_rows(named=True)
    )  # fmt: skip
    unit = "Nights" if instrument.design == "diary" else "Persons"
    note = "Each line has ten persons or more; the same adjustment as for the estimate."
    measure = panels[0][0].measure.capitalize() if panels else "Ratio"
    return Table(f"{measure}s by dose, {instrument.title}", ("Dose", unit, measure, "95 % interval"), rows, note)


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


def estimates_tables(estimates: pl.DataFrame, primary: int, written: Written = told_exactly) -> tuple[Table, ...]:
    """Set every row of the table of estimates, role by role.

    `primary` are the primary rows of a design; `written` writes a count, given the most rows that a person has.
    """
    said = {role: note.format(numbers.in_words(primary)) for role, note in ROLE_NOTES.items()}
    numbered = estimates.with_row_index("place", offset=1)
    return tuple(
        _estimates_table(role, rows, said[role], written)
        for role in ROLES
        if (rows := numbered.filter(role=role)).height
    )


def _estimates_table(role: str, estimates: pl.DataFrame, note: str, written: Written) -> Table:
    header = (
        "Comparison", "Estimate", "95 % interval", "p", "Analysis", "Model", "Rows", "Persons", "Adjusted for",
    )  # fmt: skip
    rows = tuple(_estimates_row(row, written, ADJUSTED.get(role)) for row in estimates.iter_rows(named=True))
    number = numbers.count(estimates.height)
    caption = f"{role.capitalize()} rows of estimates.csv ({number})"
    return Table(caption, header, rows, note, role, tuple(f"row-{place}" for place in estimates["place"]))


def _estimates_row(row: Mapping[str, Any], written: Written, adjusted: str | None) -> tuple[str, ...]:
    """Set a row: what was compared, what was found, how, and on whom."""
    each = rows_each(row["design"])
    status = row["status"] if row["reason"] is None else f"{row['status']}: {row['reason']}".replace("_", " ")
    scale = "" if row["estimate"] is None else f" ({row['scale']})"
    what = exposure_title(row["exposure"], row["study"])
    step = f", {row['unit']}" if row["unit"] else ""
    dropped = written(row["n_dropped"], each)
    score = "" if row["score_max"] is None else f", largest score {row['score_max']:g}"
    more = f"; {adjusted} {numbers.p_value(row['p_adjusted'])}" if adjusted else ""
    return (
        f"{what}{step}: {readable(row['outcome'])}",
        f"{numbers.ratio(row['estimate'])}{scale}" if row["status"] == "estimated" else status,
        numbers.interval(row["conf_low"], row["conf_high"]),
        f"{numbers.p_value(row['p_value'])}{more}",
        f"{row['design']}, {row['analysis']}, {row['variant'].replace('/', ' / ').replace('_', ' ')} ({row['effect']})",
        f"{row['family']}, {row['covariance']}{score}",
        f"{written(row['n_rows'], each)} ({dropped} left out)",
        written(row["n_persons"], 1),
        ", ".join(readable(name) for name in row["adjustment"].split("+") if name) or "–",
    )
