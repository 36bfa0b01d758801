"""From failures to findings: cause before consequence, and the place in the contributor's own file."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.schemas import catalogue, columns, conditions, dtypes
from hypnic.schemas.outputs import Findings
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypnic.datasets.checking.suggestion import Suggestion
    from hypnic.datasets.checking.suggestions import Meant
    from hypnic.datasets.checking.times import Times
    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Table
    from hypnic.schemas.rules import Level

# Four digits before the point at most: enough for every honest number here, too few for a phone or a card; or a time.
PLAIN_NUMBER = re.compile(r"-?\d{1,4}([.,]\d{1,3})?|\d{1,2}:\d\d( ?[apAP]\.?[mM]\.?)?")


class Words(NamedTuple):
    """What a finding says: what is wrong, what to type instead, and how bad it is."""

    message: str
    hint: str
    level: Level


# What is said where no clause of a rule speaks: subject, verb, attribute, remedy (None: the column's own hint).
SAYS = {
    RuleId.TYPE: ("{column}", "is", "not a number", None),
    RuleId.LEVEL: ("{column}", "holds", "a word that the question does not offer", None),
    RuleId.FILE: (
        "the line", "does not have", "one cell for each column name",
        "put quotes round a cell that holds the separator, close each quote; take out extra cells, or an empty line",
    ),
    RuleId.NO_ROWS: (
        "the file", "has", "0 rows below its header", "add the rows; or leave the file out, if there are none",
    ),
    RuleId.REPEATED: (
        "the file", "repeats", "{kind}", "keep each row in one file, and name each file once",
    ),
    RuleId.UNIT: (
        "{column}", "holds", "only numbers as small as counts of cups, glasses or hours", "type amounts {kind}",
    ),
    RuleId.DAY_PART: ("{column}", "holds", "a part of a day, as a spreadsheet keeps a time, and no hour", None),
    RuleId.COLUMN_MISSING: (
        "the column {column}", "is", "missing", "add the column; `hypnic dictionary` says what it holds",
    ),
    RuleId.COLUMN_UNKNOWN: (  # it is not named: its name may be anything, a person's too
        "the file", "has", "a column that the instrument does not know",
        "take the column out, or give it the name that the dictionary has for it",
    ),
    RuleId.COLUMN_REPEATED: ("the column {column}", "stands", "in the header more than once", "keep one of them"),
    RuleId.PV1: (
        "this column", "must not be sent:", "its header is {kind}",
        "take the whole column out, and do not send the file to anybody while it is there",
    ),
    RuleId.PV2: (
        "this cell", "must not be sent:", "it looks like {kind}",
        "empty the cell or type an answer that the question offers, and do not send the file to anybody before",
    ),
    RuleId.PV3: (
        "this workbook", "names somebody outside its table:", "{kind}",
        "send the CSV that --fix OUT.csv writes and not the workbook, or take it out (File, Info, Inspect)",
    ),
}  # fmt: skip
MISSPELT = ("the name of the column {column}", "is", "spelt otherwise", "type {column} in the header")
AT_SUBJECT = ("{column}", "disagrees", "with {others}", "fix {column}, or {cells}")


class Failure(NamedTuple):
    """A condition that failed, in record `row` (from 0; None for the header); `number` is the condition's.

    What is private has the `place` of its column (from 0), whose name may be any, and the `kind` of thing it is.
    `others` are the columns that disagree with this one; `twin` is the earlier row that this one repeats.
    """

    rule: RuleId
    row: int | None
    column: str
    number: int | None = None
    place: int | None = None
    kind: str = ""
    others: tuple[str, ...] = ()
    twin: int | None = None


def findings(
    text: TextTable,
    model: type[Table],
    failures: list[Failure],
    meant: Callable[[int], Meant] | None = None,
    left_out: Callable[[str, RuleId, Level], bool] = lambda *_: False,
) -> pl.DataFrame:
    """Turn the failures of one file into its findings, sorted by line and column.

    `meant` tells how the clock times of the column at a place are meant; without it, the cells of the table tell.
    `left_out` is asked of each finding, by its file, rule and level, in the order of the rows, before it is worded.

    A cell that is not a number is not also out of range; a rule is silent where its cells are broken already; details
    that all disagree with the same answer are one finding, at that answer.
    """
    if not failures:  # nothing need be imported to word them
        return pl.DataFrame(schema=dtypes(Findings))
    by_row = defaultdict(list)
    for failure in sorted(failures, key=_row):
        by_row[failure.row].append(failure)
    hinted = _hints(text, model, meant)
    rows = [
        _finding(text, model, failure, hinted)
        for several in by_row.values()
        for failure in _causes(model, several)
        if not left_out(text.file(failure.row), failure.rule, _level(model, failure))
    ]
    frame = pl.DataFrame(rows, schema=dtypes(Findings), orient="row")
    place = {name: position for position, name in reversed(list(enumerate(text.header)))}
    order = pl.col("column").replace_strict(place, default=len(place), return_dtype=pl.Int64)
    return frame.sort("line", order, "rule")


def _row(failure: Failure) -> int:
    return -1 if failure.row is None else failure.row


def _level(model: type[Table], failure: Failure) -> Level:
    if failure.number is not None:
        return conditions(model)[failure.number].level
    return catalogue(model)[failure.rule].level


def _causes(model: type[Table], failures: list[Failure]) -> list[Failure]:
    """Keep, of one row's failures, those that are not consequences of another."""
    known, rules = conditions(model), catalogue(model)
    broken: dict[str, Failure] = {}
    for failure in failures:
        if failure.rule == RuleId.REPEATED:  # in another file: nothing is wrong with the cell
            continue
        if failure.row is None or failure.number is None or known[failure.number].of_cell:
            broken.setdefault(failure.column, failure)
    spoken = [
        failure
        for failure in failures
        if failure.number is not None
        and not known[failure.number].of_cell
        and not known[failure.number].reads & broken.keys()
    ]
    namesakes = [f for f in failures if f.place is not None and f is not broken.get(f.column)]  # of a repeated column
    kept = [*broken.values(), *namesakes, *spoken]
    present = {failure.rule for failure in kept}
    kept = [failure for failure in kept if not present & set(rules[failure.rule].after)]
    return _at_their_subject(model, kept)


def _at_their_subject(model: type[Table], failures: list[Failure]) -> list[Failure]:
    """Make one failure, at the rule's subject, of several clauses of a rule that has one."""
    rules, several = catalogue(model), defaultdict(list)
    for failure in failures:
        several[failure.rule].append(failure)
    kept = []
    for rule, group in several.items():
        subject = rules[rule].subject
        if len(group) == 1 or subject is None:
            kept += group
            continue
        others = tuple(name for name in columns(model) if name in {failure.column for failure in group})
        kept.append(Failure(rule, group[0].row, subject, others=others))
    return kept


def _hints(
    text: TextTable, model: type[Table], told: Callable[[int], Meant] | None
) -> Callable[[int, str, int, str], str]:
    """Give the function that words a hint for the cell of a row in a column, at its place; each text only once."""
    from hypnic.datasets.checking.nightclocks import NightClock
    from hypnic.datasets.checking.suggestions import Meant, OfTheNight, better_hint

    clock = NightClock(text, model)

    @cache
    def meant(at: int) -> Meant:
        return told(at) if told else Meant([text.column(at)])

    @cache
    def worded(cell: str | None, column: str, at: int, hint: str, nights: tuple[Suggestion | None, ...]) -> str:
        facts = columns(model)[column]
        return better_hint(cell, facts, hint, meant(at) if facts.unit == "clock h" else None, OfTheNight(*nights))

    def hinted(row: int, column: str, at: int, hint: str) -> str:
        cell, facts = text.frame.item(row, at), columns(model)[column]
        timed = cell and facts.unit == "clock h"
        ways: tuple[Times | None, ...] = (None, "minutes", "decimal") if timed else ()
        return worded(cell, column, at, hint, tuple(clock.suggestion(row, facts, cell, way) for way in ways))

    return hinted


def _finding(
    text: TextTable, model: type[Table], failure: Failure, hinted: Callable[[int, str, int, str], str]
) -> tuple[object, ...]:
    from hypnic.datasets.checking.suggestions import FIXABLE

    rule, row, column = failure.rule, failure.row, failure.column
    there = [name for name in failure.others if name in text.header]
    cells = [f"{name} ({_address(text, row, name)})" for name in there]
    message, hint, level = _words(model, rule, column, failure.number, failure.kind, failure.others, tuple(cells))
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


def words(  # noqa: PLR0913, PLR0917 -- what a finding can speak of
    model: type[Table],
    rule: RuleId,
    column: str,
    number: int | None = None,
    kind: str = "",
    others: Sequence[str] = (),
    cells: Sequence[str] = (),
) -> Words:
    """Word a finding: subject, verb, attribute, and the remedy as a command; never a cell's content.

    A clause of a rule, `number` among the table's conditions, brings its own words; `kind` says what a private thing
    looks like; `others` are the columns, and `cells` their names and addresses, that disagree with this one.

    >>> from hypnic.schemas import Nights
    >>> words(Nights, RuleId.TYPE, "sol_min").message
    'sol_min is not a number'
    """
    if number is not None:
        condition = conditions(model)[number]
        return Words(condition.clause.says, condition.clause.hint, condition.level)
    known = column in columns(model)
    if rule == RuleId.COLUMN_MISSING and others:
        told = f"{len(others)} columns are missing: {_listed(others)}"
        return Words(told, "add the columns; `hypnic dictionary` says what they hold", catalogue(model)[rule].level)
    said = MISSPELT if rule == RuleId.COLUMN_UNKNOWN and known else SAYS.get(rule, AT_SUBJECT)
    subject, verb, attribute, remedy = said
    shown = {"column": column if known else "of an unknown name", "kind": kind}  # a name may be a person's
    shown |= {"others": _listed(others), "cells": _listed(cells)}
    hint = columns(model)[column].hint if remedy is None else remedy.format(**shown)
    return Words(f"{subject.format(**shown)} {verb} {attribute.format(**shown)}", hint, catalogue(model)[rule].level)


_words = cache(words)  # most findings of a large table say the same


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


@cache
def letters(position: int) -> str:
    """Name a spreadsheet column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
