"""What was taken away from a folder before it was published, counted in the same words for its sender and everybody.

What published files show by themselves (`shown`) stands in the receipt too, with the same numbers. The rest counts what
was typed, and is for the sender alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import PUBLISHED, TABLES, columns
from hypnic.schemas.published import coarse
from hypnic.schemas.released import WITHHELD, WITHHELD_CODE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hypnic.schemas import Column

KEY = "participant_id"
ACCOUNT = {"column": pl.String, "reason": pl.String, "people": pl.Int64, "cells": pl.Int64}
FEW, ALIKE, CLASH = "few people alike", "an answer that all would share", "impossible once rounded"
SHOWN = (FEW, ALIKE, CLASH)  # what published files show by themselves
FEW_AS_TYPED = "few people alike: now as others typed"  # ZZ, say, which somebody may have typed
MERGED, ROUNDED, NEVER, LONG = "merged", "rounded or topped", "never published", "nights that few diaries reach"


def shown(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List what published tables show to have been taken away, as `account_of` lists it."""
    rows = []
    for name, table in tables.items():
        for column in columns(PUBLISHED[name]).values():
            if column.name in table.columns and column.withheld:
                found = table.filter(taken(column))
                if found.height:
                    rows.append((column.name, reason(column), found[KEY].n_unique(), found.height))
    return pl.DataFrame(rows, schema=ACCOUNT, orient="row")


def taken(column: Column) -> pl.Expr:
    """Mark the cells of a published column that nobody can have typed."""
    cell = pl.col(column.name)
    if column.kind in {"integer", "number"}:
        return cell == WITHHELD_CODE
    return cell.cast(pl.String).is_in(coarse(column))


def either(there: Collection[str]) -> Iterator[str]:
    """Name the words of published columns that somebody typed, or that stand for what was coarsened.

    >>> list(either(["country_code", "sex_at_birth", "age_band"]))
    ['sex_at_birth other_or_undisclosed', 'country_code ZZ']
    """
    for column in columns(PUBLISHED["participants"]).values():
        if column.released.place and column.name in there:
            made = {column.released.end, *(to for rung in column.released.coarser for _, to in rung)}
            yield from (f"{column.name} {word}" for word in sorted(made - coarse(column)))


def reason(column: Column) -> str:
    """Say why cells of a published column show that something was taken away."""
    return FEW if column.released.place else ALIKE if column.released.telling else CLASH


def written(account: pl.DataFrame) -> Iterator[str]:
    """Write such a list, a line each."""
    for column, why, people, cells in account.iter_rows():
        yield f"  {column:<27} {why:<38} {people:>6} people  {cells:>7} cells"


def account_of(
    before: Mapping[str, pl.DataFrame],
    kept: Mapping[str, pl.DataFrame],
    done: Mapping[str, pl.DataFrame],
    alike: Collection[str],
) -> pl.DataFrame:
    """List what was taken away: a row a column and reason, with the people and cells that it touches."""
    rows: list[tuple[str, str, int, int]] = []
    for name in done:
        raw, new = kept[name], done[name]
        facts = columns(TABLES[name])
        for column in facts.values():
            if column.name not in raw.columns:
                continue
            old = raw[column.name].cast(pl.String)
            if column.name not in new.columns:
                touched = {NEVER: old.is_not_null()}
            else:
                touched = _touched(raw[column.name], new[column.name], column, withheld=column.name in alike)
            for why, rows_touched in touched.items():
                if cells := int(rows_touched.sum()):
                    people = raw.filter(rows_touched)[KEY].n_unique()
                    rows.append((column.name, why, people, cells))
        gone = (
            before[name].join(raw.select(KEY, "night_index"), on=[KEY, "night_index"], how="anti")
            if name == "nights"
            else None
        )
        if gone is not None and gone.height:
            rows.append(("night_index", LONG, gone[KEY].n_unique(), gone.height))
    return pl.DataFrame(rows, schema=ACCOUNT, orient="row")


def _touched(raw: pl.Series, new: pl.Series, column: Column, *, withheld: bool) -> dict[str, pl.Series]:
    """Mark the cells of a column that are not as typed, by the reason."""
    if column.kind in {"integer", "number"}:
        changed = raw.cast(pl.Float64).ne_missing(new.cast(pl.Float64))
        clash = changed & (new == WITHHELD_CODE)
        return {ROUNDED: changed & ~clash, CLASH: clash}
    changed = raw.cast(pl.String).ne_missing(new.cast(pl.String))
    gone = changed & (new.cast(pl.String) == WITHHELD)
    if column.released.place:
        seen = new.cast(pl.String).is_in(coarse(column)).fill_null(False)
        return {FEW: changed & seen, FEW_AS_TYPED: changed & ~seen}
    return {MERGED: changed & ~gone, ALIKE if withheld else CLASH: gone}
