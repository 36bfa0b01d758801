"""Who is in the data: counts of persons, none of them telling of fewer than ten, and how much of each exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.analysis.checks.describe import WEIGHTED
from hypnic.reports import numbers
from hypnic.reports.names import exposure_title, level, readable
from hypnic.reports.tables import Table
from hypnic.schemas.disclosure import SMALL, WITHHELD, protected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument

SUPPRESSED = (
    "“<10” stands for fewer than ten people; “withheld” for a count that would give such a cell away by subtraction."
)


def people_tables(results: Results) -> tuple[Table, ...]:
    """Count the persons of a study by what they are."""
    headers = {"": "Persons", WEIGHTED: results.data.study.people.weighted}
    return tuple(_people(column, counted, headers) for column, counted in results.answers.people.items())


def exposed_tables(results: Results) -> tuple[Table, ...]:
    """Set how much of each exposure the answers of each instrument hold."""
    made = (_exposed(data.instrument, results.answers.exposed.filter(table=data.table)) for data in results.data.sets)
    return tuple(table for table in made if table)


def _exposed(instrument: Instrument, found: pl.DataFrame) -> Table | None:
    if found.is_empty():
        return None
    within = found["within"].null_count() < found.height
    rows = tuple(_exposure(instrument, row, within=within) for row in found.iter_rows(named=True))
    header = ("Exposure", "People", "Mean (SD)", *(["SD within a person"] if within else []))
    weighted = ", weighted as the ratio is" if found["weights"].str.len_chars().max() else ""
    note = f"Among those who answered about jerks{weighted}."
    return Table(f"{instrument.title}: how much of each exposure", header, rows, note)


def _exposure(instrument: Instrument, row: Mapping[str, Any], *, within: bool) -> tuple[str, ...]:
    title, persons = exposure_title(row["exposure"], instrument.name), numbers.count(row["n_persons"])
    if row["sd"] is None:
        named = readable(row["column"])
        return f"{named[:1].upper()}{named[1:]}", persons, numbers.percent(row["mean"]), *(["–"] if within else [])
    spread = [numbers.amount(row["within"])] if within else []
    said = instrument.phrases.get(row["exposure"])
    return (
        f"{title}: {said.dose}" if said else title,
        persons,
        f"{numbers.amount(row['mean'])} ({numbers.amount(row['sd'])})",
        *spread,
    )


def _people(column: str, counted: pl.DataFrame, headers: Mapping[str, str]) -> Table:
    parts = {str(part[0]): rows for part, rows in counted.group_by("part", maintain_order=True)}
    cells = [_shares(rows) if part == WEIGHTED else _counted(rows) for part, rows in parts.items()]
    return _people_table(readable(column), tuple(headers.get(part, part) for part in parts), cells)


def _counted(rows: pl.DataFrame) -> dict[str, str]:
    """Protect the counts of one total."""
    cells, total = _cells(rows), rows["total"][0]
    return {
        level(name): f"{numbers.count(cell)} ({numbers.percent(cell / total)})" if isinstance(cell, int) else cell
        for name, cell in zip(rows["answer"], cells, strict=True)
    }


def _cells(rows: pl.DataFrame) -> list[int | str]:
    """Give the counts as they may be shown: those that were rounded before have been judged then."""
    if "mark" not in rows.columns:
        return protected(rows["n_persons"].to_list())
    return [count if mark is None else mark for count, mark in rows.select("n_persons", "mark").iter_rows()]


def _shares(rows: pl.DataFrame) -> dict[str, str]:
    return {level(name): numbers.percent(share) for name, share in rows.select("answer", "share").iter_rows()}


def _people_table(name: str, header: tuple[str, ...], parts: Sequence[Mapping[str, str]]) -> Table:
    names = list(dict.fromkeys(key for part in parts for key in part))
    rows = tuple((key, *(part.get(key, "–") for part in parts)) for key in names)
    hidden = any(cell in {SMALL, WITHHELD} for row in rows for cell in row)
    if all(cell == SMALL for row in rows for cell in row[1:]):
        rows = (("each answer", *[SMALL] * len(header)),)
    title = name[0].upper() + name[1:]
    return Table(f"People by {name}", (title, *header), rows, SUPPRESSED if hidden else "")
