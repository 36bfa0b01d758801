"""What an analysis is: a name, the designs it suits, and the rows it gives for a set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from hypnic.analysis.question.rows import Row
from hypnic.analysis.studies.estimands import Design
from hypnic.analysis.studies.sets import AnalysisSet

Rows = Callable[[AnalysisSet], Iterator[Row]]
Reading = Callable[[pl.DataFrame], Iterator[Row]]


@dataclass(frozen=True)
class Analysis:
    """One analysis of the programme; called with a set, it gives its rows.

    `cost` is about how many seconds it takes for the demo: where several run at once, long ones are started first.
    """

    name: str
    tables: tuple[Design, ...]
    rows: Rows
    cost: float = 0.5

    def __call__(self, data: AnalysisSet) -> Iterator[Row]:
        """Give the rows for a set."""
        return self.rows(data)

    def suits(self, data: AnalysisSet) -> bool:
        """Tell whether it is run on a set: its design is one of `tables`, and the instrument does not leave it out."""
        return data.instrument.design in self.tables and self.name not in data.instrument.leaves_out


@dataclass(frozen=True)
class Afterwards:
    """One that reads the rows of the others, once they are all there."""

    name: str
    rows: Reading

    def __call__(self, finished: pl.DataFrame) -> Iterator[Row]:
        """Give the rows that follow from a table of results."""
        return self.rows(finished)


def analysis(name: str, *, tables: tuple[Design, ...], cost: float = 0.5) -> Callable[[Rows], Analysis]:
    """Make a generator of rows an analysis of the programme: it joins by its line in `hypnic.analysis.programme`."""
    return lambda rows: Analysis(name, tables, rows, cost)


def afterwards(name: str) -> Callable[[Reading], Afterwards]:
    """Make a reader of finished rows a part of the programme."""
    return lambda rows: Afterwards(name, rows)
