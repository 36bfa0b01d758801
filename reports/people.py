"""Who is in the data: counts of persons, none of them telling of fewer than ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.checks.describe import WEIGHTED
from hypnic.reports import numbers
from hypnic.reports.names import level, readable
from hypnic.reports.tables import Table
from hypnic.schemas.disclosure import SMALL, WITHHELD, protected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.results import Results

SUPPRESSED = (
    "“<10” stands for fewer than ten people; “withheld” for a count that would give such a cell away by subtraction."
)


def people_tables(results: Results) -> tuple[Table, ...]:
    """Count the persons of a study by what they are."""
    headers = {"": "Persons", WEIGHTED: results.data.study.people.weighted}
    return tuple(_people(column, counted, headers) for column, counted in results.answers.people.items())


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
    title = name[0].upper() + name[1:]
    return Table(f"People by {name}", (title, *header), rows, SUPPRESSED if hidden else "")
