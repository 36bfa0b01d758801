"""Several exports of one table become one: rows with the same key are one row, asked in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS = {"participants": ["participant_id"], "nights": ["participant_id", "night_index"]}


def joined(table: str, frames: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Join what several exports say of one table, and count the answers in which they differ, left blank.

    A row of one export and a row of another with the same key are one row; two rows of one export stay two, for
    `hypnic check` to tell.
    """
    order = [name for name in columns(TABLES[table]) if any(name in frame.columns for frame in frames)]
    if len(frames) < 2:
        return frames[0], {}
    key = KEYS[table]
    whole = pl.concat(frames, how="diagonal").select(order)
    if any(frame.select(pl.struct(key).is_duplicated().any()).item() for frame in frames if frame.height):
        return whole, {}
    answers = [name for name in order if name not in key]
    each = whole.group_by(key, maintain_order=True).agg(pl.col(answers).drop_nulls().unique())
    differ = {name: int(each.select((pl.col(name).list.len() > 1).sum()).item()) for name in answers}
    one = [pl.when(pl.col(name).list.len() == 1).then(pl.col(name).list.first()).alias(name) for name in answers]
    return each.with_columns(one).select(order), {name: count for name, count in differ.items() if count}


def told(names: Sequence[str], table: str, height: int, differ: dict[str, int]) -> list[str]:
    """Say what was joined, and where the exports contradict each other."""
    if len(names) < 2:
        return []
    by = " and ".join(KEYS[table])
    said = [f"{', '.join(names)}: joined by {by} -> {table}, {height} rows"]
    lost = [f"{name} in {count} row{'s' if count > 1 else ''}" for name, count in differ.items()]
    return [*said, f"not read, left blank: {', '.join(lost)}; the exports contradict each other"] if lost else said
