"""The tables of a report, as text ready to be set."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.reports import numbers
from hypnic.reports.names import level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.analysis.studies import Instrument
    from hypnic.analysis.studies.study import Published, Shares
    from hypnic.reports.ratios import Ratio


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
