"""Where the time of a study's estimates goes: each analysis of the programme, and the slowest row of each.

`python tests/benchmarks/analysis.py [STUDY [FOLDER]]` prints, for `demo` or another study, processor seconds, their
share of the whole, rows, and the row that took longest. Processor time, as a busy machine lengthens the other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from time import process_time
from typing import NamedTuple, TypeVar

from hypnic.analysis import StudyData, study
from hypnic.analysis.programme import PROGRAMME

T = TypeVar("T")


class Spent(NamedTuple):
    """One line of the table."""

    step: str
    seconds: float
    rows: int | None = None
    slowest: str = ""


def clocked(make: Callable[[], T]) -> tuple[float, T]:
    """Time a call."""
    start = process_time()
    made = make()
    return process_time() - start, made


def analyses(ready: StudyData) -> Iterator[Spent]:
    """Run each analysis of a study, row by row."""
    for data in ready.sets:
        for analysis in PROGRAMME:
            if not analysis.suits(data):
                continue
            rows, times, start = [], [], process_time()
            for row in analysis(data):
                rows.append(row)
                times.append(process_time() - start - sum(times))
            told = ""
            if rows:
                slowest, row = max(zip(times, rows, strict=True), key=lambda pair: pair[0])
                told = f"{slowest:.2f} s: {row['outcome']}, {row['exposure']}"
            yield Spent(f"{data.table}: {analysis.name}", sum(times), len(rows), told)


def table(name: str, source: str | None = None) -> list[Spent]:
    """Give the steps of a study's estimates, in their order."""
    reading, ready = clocked(lambda: study(name, source))
    return [Spent("reading the study", reading), *analyses(ready)]


def main(name: str = "demo", source: str | None = None) -> None:
    """Print the table."""
    made = table(name, source)
    whole = sum(line.seconds for line in made)
    for line in made:
        rows = "" if line.rows is None else f"{line.rows:4} rows"
        print(f"{line.step:<32}{line.seconds:8.2f} s {line.seconds / whole:5.0%} {rows:>10}  {line.slowest}".rstrip())
    print(f"{'in all':<32}{whole:8.2f} s of processor time")


if __name__ == "__main__":
    main(*sys.argv[1:])
