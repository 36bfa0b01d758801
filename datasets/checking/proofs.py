"""Rows of a large table that prove what a mark stands for in a column: where none does, `1,050` is left open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.marks import HOURS, candidate, proof
from hypnic.datasets.checking.sieve import ROW
from hypnic.datasets.checking.tasks import Task, cells, gathered, sieve_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hypnic.datasets.checking.blocks import Block


def proofs(task: Task, blocks: Sequence[Block], kept: Iterable[pl.DataFrame]) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield a row that is proof, with the number of its block, for each column and mark that `kept` cells leave open.

    The blocks are read again, until one has such a row.
    """
    asked = [
        (name, mark, pl.col(str(place)).str.contains(candidate(mark)).any())
        for place, (name, column) in enumerate(sieve_of(task).facts.items())
        for mark in ".,"
        if column.low is not None and column.unit not in HOURS
    ]
    if not asked:
        return
    left = [text.select(cell.alias(f"{name}{mark}") for name, mark, cell in asked) for text in kept]
    open_ = pl.concat(left).select(pl.all().any()).row(0, named=True) if left else {}
    for name, mark, _ in asked:
        if open_.get(f"{name}{mark}"):
            yield from _first(task, blocks, name, f"^{proof(re.escape(mark))}$")


def _first(task: Task, blocks: Sequence[Block], name: str, pattern: str) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the first row in which the cell of a column matches, if there is one."""
    for at, block in enumerate(blocks):
        rows = cells(task, block, name).str.contains(pattern).arg_true().head(1)
        if rows.len():
            yield at, pl.read_ipc(gathered(task, (block, rows.alias(ROW).to_frame())))
            return
