"""The rows that were read as a table of text, with -7 where the routing of the instrument asked nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.types import typed
from hypnic.datasets.forms.matching import Matching
from hypnic.schemas import TABLES
from hypnic.schemas.tables import OTHER

if TYPE_CHECKING:
    from collections.abc import Sequence


def framed(found: Matching, rows: Sequence[dict[str, str]]) -> pl.DataFrame:
    """Put rows into the table's order of columns: those that the export has, blanks null."""
    made = {"participant_id", *found.answers, *found.ticked, *found.computable}
    made |= {"night_index"} if found.table == "nights" else set()
    schema = {name: pl.String() for name in found.facts if name in made}
    return pl.DataFrame([{n: row.get(n) or None for n in schema} for row in rows], schema=schema)


def routed_in(frame: pl.DataFrame, table: str, people: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Type -7 (not asked) in blank numbers whose question was skipped; words stay blank. Give the counts too."""
    facts, kinds = {n: f for n, f in Matching(table).facts.items() if n in frame.columns}, typed(frame, TABLES[table])
    theirs = typed(people.unique("participant_id", keep="first"), TABLES["participants"])
    theirs = theirs.rename(lambda name: name if name == "participant_id" else OTHER + name)
    kinds = kinds.join(theirs, on="participant_id", how="left", maintain_order="left")
    routed = {
        name: frame[name].is_null()
        & kinds.select(column.routing.expr(column.routing.skipped).fill_null(False)).to_series()
        for name, column in facts.items()
        if column.routing and column.routing.on in kinds.columns and column.kind in {"integer", "number"}
    }
    filled = frame.with_columns(
        pl.when(where).then(pl.lit("-7")).otherwise(pl.col(n)).alias(n) for n, where in routed.items()
    )
    return filled, {name: int(where.sum()) for name, where in routed.items()}
