"""From failures to findings: each worded, with its place in the contributor's own file."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.failures import causes
from hypnic.datasets.checking.wording import worded
from hypnic.datasets.reading.references import letters
from hypnic.schemas import catalogue, columns, conditions, dtypes
from hypnic.schemas.outputs import Findings
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hypnic.datasets.checking.failures import Failure
    from hypnic.datasets.checking.suggestion import Suggestion
    from hypnic.datasets.checking.suggestions import Meant
    from hypnic.datasets.checking.times import Times
    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Table
    from hypnic.schemas.rules import Level

    Hint = Callable[[int, str, int, str], str]

# Four digits before the point at most: enough for every honest number here, too few for a phone or a card; or a time.
PLAIN_NUMBER = re.compile(r"-?\d{1,4}([.,]\d{1,3})?|\d{1,2}:\d\d( ?[apAP]\.?[mM]\.?)?")


def findings(
    text: TextTable,
    model: type[Table],
    in_turn: Iterable[list[Failure]],
    meant: Callable[[int], Meant] | None = None,
    left_out: Callable[[str, RuleId, Level], bool] = lambda *_: False,
) -> Iterator[pl.DataFrame]:
    """Turn the failures of one file into its findings: some rows at a time, sorted by line and column.

    `meant` tells how the clock times of the column at a place are meant; without it, the cells of the table tell.
    `left_out` is asked of each finding, by its file, rule and level, in the order of the rows, before it is worded.

    A cell that is not a number is not also out of range; a rule is silent where its cells are broken already; details
    that all disagree with the same answer are one finding, at that answer.
    """
    hinted: Hint | None = None
    place = {name: position for position, name in reversed(list(enumerate(text.header)))}
    order = pl.col("column").replace_strict(place, default=len(place), return_dtype=pl.Int64)
    for failures in in_turn:
        if not failures:  # nothing need be imported to word them
            yield pl.DataFrame(schema=dtypes(Findings))
            continue
        hinted = hinted or _hints(text, model, meant)
        by_row = defaultdict(list)
        for failure in sorted(failures, key=_row):
            by_row[failure.row].append(failure)
        rows = [
            _finding(text, model, failure, hinted)
            for several in by_row.values()
            for failure in causes(model, several)
            if not left_out(text.file(failure.row), failure.rule, _level(model, failure))
        ]
        yield pl.DataFrame(rows, schema=dtypes(Findings), orient="row").sort("line", order, "rule")


def _row(failure: Failure) -> int:
    return -1 if failure.row is None else failure.row


def _level(model: type[Table], failure: Failure) -> Level:
    if failure.number is not None:
        return conditions(model)[failure.number].level
    return catalogue(model)[failure.rule].level


def _hints(text: TextTable, model: type[Table], told: Callable[[int], Meant] | None) -> Hint:
    """Give the function that words a hint for the cell of a row in a column, at its place; each text only once."""
    from hypnic.datasets.checking.nightclocks import NightClock
    from hypnic.datasets.checking.suggestions import Meant, OfTheNight, better_hint

    clock = NightClock(text, model)

    @cache
    def meant(at: int) -> Meant:
        return told(at) if told else Meant([text.column(at)])

    @cache
    def better(cell: str | None, column: str, at: int, hint: str, nights: tuple[Suggestion | None, ...]) -> str:
        facts = columns(model)[column]
        return better_hint(cell, facts, hint, meant(at) if facts.unit == "clock h" else None, OfTheNight(*nights))

    def hinted(row: int, column: str, at: int, hint: str) -> str:
        cell, facts = text.frame.item(row, at), columns(model)[column]
        timed = cell and facts.unit == "clock h"
        ways: tuple[Times | None, ...] = (None, "minutes", "decimal") if timed else ()
        return better(cell, column, at, hint, tuple(clock.suggestion(row, facts, cell, way) for way in ways))

    return hinted


def _finding(text: TextTable, model: type[Table], failure: Failure, hinted: Hint) -> tuple[object, ...]:
    from hypnic.datasets.checking.suggestions import FIXABLE

    rule, row, column = failure.rule, failure.row, failure.column
    there = [name for name in failure.others if name in text.header]
    cells = [f"{name} ({_address(text, row, name)})" for name in there]
    message, hint, level = worded(model, rule, column, failure.number, failure.kind, failure.others, tuple(cells))
    named = column if column in columns(model) else None  # an unknown name may be anything, a person's too
    at = failure.place
    if at is None and column in text.header:
        at = text.header.index(column)
    line = text.line(row)
    cell = None if at is None else f"{letters(at)}{text.sheet_row(row)}"
    value = None
    numeric = named and not failure.kind and columns(model)[column].kind in {"integer", "number"}
    if row is not None and at is not None and numeric:
        typed = text.frame.item(row, at)
        value = typed if typed and PLAIN_NUMBER.fullmatch(typed) else None
    if rule in FIXABLE and row is not None and at is not None and named:
        hint = hinted(row, column, at, hint)
    if rule == RuleId.PV2 and failure.kind == "a calendar date" and named:
        hint = f"where a spreadsheet made a date of it, type the answer again in a cell formatted as text; else {hint}"
    if failure.twin is not None:
        elsewhere = f" of {text.file(failure.twin)}" if text.file(failure.twin) != text.file(row) else ""
        hint = f"{hint}; the earlier one is {_address(text, failure.twin, column)}{elsewhere}"
    number = None if row is None else text.sheet_row(row) - text.top
    return (text.file(row), model.table_name(), line, number, named, cell, rule, level, value, message, hint)


def _address(text: TextTable, row: int | None, column: str) -> str:
    return f"{letters(text.header.index(column))}{text.sheet_row(row)}"
