"""From failures to findings: cause before consequence, and the place in the contributor's own file."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.schemas import catalogue, columns, conditions, dtypes
from hypnic.schemas.findings import Findings

if TYPE_CHECKING:
    from hypnic.datasets.reading import TextTable
    from hypnic.schemas import Table
    from hypnic.schemas.rules import Level

# Four digits before the point at most: enough for every honest number here, too few for a phone or a card.
PLAIN_NUMBER = re.compile(r"-?\d{1,4}([.,]\d{1,3})?")


class Words(NamedTuple):
    """What a finding says: what is wrong, what to type instead, and how bad it is."""

    message: str
    hint: str
    level: Level


# What is said where no clause of a rule speaks: subject, verb, attribute, remedy (None: the column's own hint).
SAYS = {
    "type": ("{column}", "is", "not a number", None),
    "level": ("{column}", "holds", "a word that the question does not offer", None),
    "column_missing": (
        "the column {column}", "is", "missing", "add the column; `hypnic dictionary` says what it holds",
    ),
    "column_unknown": (  # it is not named: its name may be anything, a person's too
        "the file", "has", "a column that the instrument does not know",
        "take the column out, or give it the name that the dictionary has for it",
    ),
    "column_repeated": ("the column {column}", "stands", "in the header more than once", "keep one of them"),
}  # fmt: skip
AT_SUBJECT = (
    "{column}", "disagrees", "with the answers that hang on it", "mend {column}, or each of those answers",
)  # fmt: skip


class Failure(NamedTuple):
    """A condition that failed, in record `row` (from 0; None for the header); `number` is the condition's."""

    rule: str
    row: int | None
    column: str
    number: int | None = None


def findings(text: TextTable, model: type[Table], failures: list[Failure]) -> pl.DataFrame:
    """Turn the failures of one file into its findings, sorted by line and column.

    A cell that is not a number is not also out of range; a rule is silent where its cells are broken already; details
    that all disagree with the same answer are one finding, at that answer.
    """
    by_row = defaultdict(list)
    for failure in failures:
        by_row[failure.row].append(failure)
    rows = [row for several in by_row.values() for row in _rows(text, model, _causes(model, several))]
    frame = pl.DataFrame(rows, schema=dtypes(Findings), orient="row")
    place = {name: position for position, name in reversed(list(enumerate(text.header)))}
    order = pl.col("column").replace_strict(place, default=len(place), return_dtype=pl.Int64)
    return frame.sort("line", order, "rule")


def _causes(model: type[Table], failures: list[Failure]) -> list[Failure]:
    """Keep, of one row's failures, those that are not consequences of another."""
    known, rules = conditions(model), catalogue(model)
    broken: dict[str, Failure] = {}
    for failure in failures:
        if failure.row is None or failure.number is None or known[failure.number].of_cell:
            broken.setdefault(failure.column, failure)
    spoken = [
        failure
        for failure in failures
        if failure.number is not None
        and not known[failure.number].of_cell
        and not known[failure.number].clause.reads & broken.keys()
    ]
    kept = [*broken.values(), *spoken]
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
        together = len(group) > 1 and subject is not None
        kept += [Failure(rule, group[0].row, subject or "")] if together else group
    return kept


def _rows(text: TextTable, model: type[Table], failures: list[Failure]) -> list[tuple[object, ...]]:
    return [_finding(text, model, failure) for failure in failures]


def _finding(text: TextTable, model: type[Table], failure: Failure) -> tuple[object, ...]:
    rule, row, column = failure.rule, failure.row, failure.column
    message, hint, level = words(model, failure.rule, failure.column, failure.number)
    named = column if column in columns(model) else None  # an unknown name may be anything, a person's too
    at = text.header.index(column) if column in text.header else None
    line = 1
    if row is not None:
        line = text.lines[row] if text.lines else row + 2
    cell = None if at is None else f"{_letters(at)}{1 if row is None else row + 2}"
    value = None
    if row is not None and at is not None and named and columns(model)[column].kind in {"integer", "number"}:
        typed = text.frame.item(row, at)
        value = typed if typed and PLAIN_NUMBER.fullmatch(typed) else None
    number = None if row is None else row + 1
    return (text.path.name, model.table_name(), line, number, named, cell, rule, level, value, message, hint)


def words(model: type[Table], rule: str, column: str, number: int | None = None) -> Words:
    """Word a finding: subject, verb, attribute, and the remedy as a command; never a cell's content.

    A clause of a rule, `number` among the table's conditions, brings its own words.

    >>> from hypnic.schemas import Nights
    >>> words(Nights, "type", "sol_min").message
    'sol_min is not a number'
    """
    if number is not None:
        condition = conditions(model)[number]
        return Words(condition.clause.says, condition.clause.hint, condition.level)
    subject, verb, attribute, remedy = SAYS.get(rule, AT_SUBJECT)
    hint = columns(model)[column].hint if remedy is None else remedy.format(column=column)
    return Words(f"{subject.format(column=column)} {verb} {attribute}", hint, catalogue(model)[rule].level)


def _letters(position: int) -> str:
    """Name a spreadsheet column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
