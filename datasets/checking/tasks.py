"""What is asked of each block of a large table, by whichever thread or process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.blocks import Block, Layout, read
from hypnic.datasets.checking.sieve import PERSON, ROW, Judged, Sieve, packed
from hypnic.datasets.checking.vocabulary import Words

if TYPE_CHECKING:
    pass


class Task(NamedTuple):
    """What is asked of each block, by whichever process."""

    laid: Layout
    people: tuple[pl.DataFrame, ...]
    number: int


_sieves: dict[int, tuple[Sieve, Words]] = {}  # of the last task in this process


def _sieve_of(task: Task) -> tuple[Sieve, Words]:
    if task.number not in _sieves:
        _sieves.clear()
        _sieves[task.number] = (
            Sieve(task.laid.model, task.laid.header, task.people),
            Words(task.laid.model, task.laid.header),
        )
    return _sieves[task.number]


def sieve_of(task: Task) -> Sieve:
    """Give what the rows are held to; made once in a process."""
    return _sieve_of(task)[0]


def judged(task: Task, block: Block) -> Judged:
    """Sift one block."""
    sieve, words = _sieve_of(task)
    return sieve.judge(read(block, task.laid, words), words)


def keyed(task: Task, asked: tuple[Block, pl.Series]) -> pl.DataFrame:
    """Give what tells of some participants' rows in a block whether they must be looked at together."""
    block, people = asked
    sieve, words = _sieve_of(task)
    needed = sieve.needed()
    typed = sieve.typed(read(block, task.laid, words, needed), words).select(needed)
    frame = pl.concat([typed, sieve.keys(typed)], how="horizontal").with_row_index(ROW)
    return frame.filter(pl.col(PERSON).is_in(people.implode()))


def gathered(task: Task, asked: tuple[Block, pl.DataFrame]) -> bytes:
    """Give some rows of a block as text."""
    block, rows = asked
    sieve, words = _sieve_of(task)
    return packed(sieve.text(read(block, task.laid, words), rows[ROW]).with_columns(rows.drop(ROW)))


def cells(task: Task, block: Block, name: str) -> pl.Series:
    """Give one column of a block as text."""
    return read(block, task.laid, _sieve_of(task)[1], [name])[name].cast(pl.String)
