"""Who is in the data: counts of persons, none of them telling of fewer than ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.describe import tally
from hypnic.reports import numbers
from hypnic.reports.disclosure import SMALL, WITHHELD, protected
from hypnic.reports.names import level, readable
from hypnic.reports.tables import Table
from hypnic.schemas import Participants, columns
from hypnic.schemas.nhanes import NhanesPerson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.studies.study import AnalysisSet

CROWD = ("age_band", "sex_at_birth", "bed_partner", "shift_pattern", "nicotine_use")
NHANES = ("age group", "sex", "race_ethnicity", "education", "smoking")
AGE_GROUPS = ["16 to 19", "20 to 39", "40 to 59", "60 to 79", "80 or more"]


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
    shares = asked.group_by(column).agg(pl.col("weight_interview").sum() / asked["weight_interview"].sum())
    weighted = {level(name or "no answer"): numbers.percent(share) for name, share in shares.iter_rows()}
    return _people_table(readable(column), (*cycles, "Weighted (interview weight)"), [*counted, weighted])


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
