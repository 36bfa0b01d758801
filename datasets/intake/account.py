"""What was taken away from a folder before it was published: for its sender alone, since it counts what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import TABLES, columns
from hypnic.schemas.released import WITHHELD, WITHHELD_CODE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hypnic.schemas import Column

KEY = "participant_id"
ACCOUNT = {"column": pl.String, "reason": pl.String, "people": pl.Int64, "cells": pl.Int64}
FEW, ALIKE, MERGED, ROUNDED = "few people alike", "an answer that all would share", "merged", "rounded or topped"
NEVER, CLASH, LONG = "never published", "impossible once rounded", "nights that few diaries reach"


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
            for reason, rows_touched in touched.items():
                if cells := int(rows_touched.sum()):
                    people = raw.filter(rows_touched)[KEY].n_unique()
                    rows.append((column.name, reason, people, cells))
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
        return {FEW: changed}
    return {MERGED: changed & ~gone, ALIKE if withheld else CLASH: gone}
