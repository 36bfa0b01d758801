"""How a finding is worded: what is wrong, what to type instead, and how bad it is; never a cell's content."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hypnic.schemas import catalogue, columns, conditions
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.schemas import Table
    from hypnic.schemas.rules import Level


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


worded = cache(words)  # most findings of a large table say the same


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
