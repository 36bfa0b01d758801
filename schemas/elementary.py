"""Rules that follow from one column's facts: required, range, step, pattern, tokens, routing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas.column import EXCLUSIVE, WITHHELD, WITHHELD_CODE, Column, what_to_type
from hypnic.schemas.rules import Clause, Rule, RuleId, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ELEMENTARY = (
    Rule(RuleId.FILE, "error", "The file can be read", bad={"": "(a file in UTF-16)"}, good={"": "(a file in UTF-8)"}),
    Rule(
        RuleId.COLUMN_MISSING, "error", "Every core column is there",
        bad={"header": "participant_id,night_index"}, good={"header": "participant_id,night_index,caffeine_mg, ..."},
    ),
    Rule(
        RuleId.COLUMN_UNKNOWN, "error", "Every column is one of the instrument's",
        bad={"header": "coffee"}, good={"header": "caffeine_mg"},
    ),
    Rule(
        RuleId.COLUMN_REPEATED, "error", "No column comes twice",
        bad={"header": "sol_min,sol_min"}, good={"header": "sol_min,waso_min"},
    ),
    Rule(
        RuleId.NO_ROWS, "warning", "There is something below the header",
        bad={"": "(a header alone)"}, good={"": "(a header, and a row of answers)"},
    ),
    Rule(
        RuleId.REPEATED, "error", "Each row stands in one file only",
        bad={"": "(the same night in two files)"}, good={"": "(each night in one)"},
    ),
    Rule(
        RuleId.UNIT, "warning", "Amounts are not counts of cups, glasses and hours",
        bad={"caffeine_mg": "(1 to 9 in every row)"}, good={"caffeine_mg": "(mg, as 180)"},
    ),
    Rule(RuleId.TYPE, "error", "A number is a number", bad={"sol_min": "ten"}, good={"sol_min": "10"}),
    Rule(
        RuleId.LEVEL, "error", "A word is one of the words allowed",
        bad={"unusual_night": "party"}, good={"unusual_night": "other"},
    ),
    Rule(
        RuleId.REQUIRED, "error", "A required cell is filled", after=(RuleId.P11,),
        bad={"stress_0_10": ""}, good={"stress_0_10": "-9"},
    ),
    Rule(RuleId.RANGE, "error", "A number lies in its range", bad={"stress_0_10": "11"}, good={"stress_0_10": "10"}),
    Rule(RuleId.STEP, "error", "A number lies on its steps", bad={"bed_clock_h": "23.1"}, good={"bed_clock_h": "23.0"}),
    Rule(
        RuleId.PATTERN, "error", "A token has its pattern",
        bad={"(participant_id)": "p_1"}, good={"(participant_id)": "p_abcdefghij234567"},
    ),
)  # fmt: skip


def elementary(column: Column) -> Iterator[tuple[RuleId, Clause]]:
    """Yield (rule id, clause) for everything that one column's facts demand of its cells."""
    name, hint = column.name, column.hint
    cell = pl.col(name)
    if column.routing is None and column.required:
        says = f"{name} is blank, and the question is one that must be answered"
        yield RuleId.REQUIRED, Clause(name, cell.is_not_null(), says, hint)
    if column.low is not None and column.high is not None:
        inside = cell.is_between(column.low, column.high) | cell.is_in(column.raw_codes)
        says = f"{name} lies outside {column.low:g} to {column.high:g}"
        yield column.range_rule, Clause(name, inside & cell.is_finite(), says, hint, "error")
    if column.step:
        even = (cell / column.step).round(6) % 1 == 0
        yield RuleId.STEP, Clause(name, even | (cell < 0), f"{name} is not in steps of {column.step:g}", hint)
    if column.pattern:
        yield RuleId.PATTERN, Clause(name, cell.str.contains(column.pattern), f"{name} does not have its pattern", hint)
    if column.kind == "tokens":
        yield from _tokens(column)
    if column.routing:
        yield from _routing(column)


def mostly_missing(facts: Iterable[Column]) -> Clause:
    """Make the clause that at most half of the required cells of a row are missing (blank, or a missing code).

    What was withheld before a table was published had an answer.
    """
    asked = [c for c in facts if c.required and c.routing is None]
    numbers = [c.name for c in asked if c.kind in {"integer", "number"}]
    words = {c.name: [word for word in c.missing_words if word != WITHHELD] for c in asked if c.name not in numbers}
    words = {name: known for name, known in words.items() if known}
    missing = [pl.col(_any([c.name for c in asked])).is_null(), pl.col(_any(numbers)) < 0]
    missing += [-(pl.col(_any(numbers)) == WITHHELD_CODE).cast(pl.Int8)]
    missing += [pl.col(_any([name])).cast(pl.String).is_in(codes) for name, codes in words.items()]
    share = pl.sum_horizontal(missing) / pl.sum_horizontal(pl.col(_any([c.name for c in asked])).is_null() | True)
    says = "more than half of the required cells of this row are missing"
    return Clause("participant_id", share <= 0.5, says, "leave it; an abandoned form is kept out of the analysis")


def _any(names: list[str]) -> str:
    """Match those of `names` that the file has: extended columns may be left out."""
    return f"^({'|'.join(names)})$"


def _tokens(column: Column) -> Iterator[tuple[RuleId, Clause]]:
    name, hint = column.name, column.hint
    listed = split(name)
    known = listed.list.set_difference(list(column.words)).list.len() == 0
    yield RuleId.LEVEL, Clause(name, known, f"{name} holds a word that the question does not offer", hint)
    alone = [*EXCLUSIVE, *column.missing_words]
    single = (listed.list.len() == 1) | (listed.list.set_intersection(alone).list.len() == 0)
    sorted_once = listed.list.unique().list.sort().list.join("|") == pl.col(name)
    says = f"{name} has words unsorted, repeated, or together with none"
    remedy = "type each word once, in alphabetical order, with | between them, and nothing together with none"
    yield RuleId.P06, Clause(name, single & sorted_once, says, remedy)


def _routing(column: Column) -> Iterator[tuple[RuleId, Clause]]:
    name, routing = column.name, column.routing
    assert routing is not None  # noqa: S101 -- for the type checker: the caller has looked
    code = -7 if column.kind in {"integer", "number"} else "-7"
    unasked = pl.col(name).is_null() | (pl.col(name) == code)
    if column.required:
        says = f"{name} has no answer, although {routing}"
        remedy = what_to_type(column, asked=True)
        yield routing.given, Clause(name, ~(routing.expr(routing.asked) & unasked), says, remedy)
    if routing.absent:
        on = routing.on.removeprefix("participants.")
        says = f"{name} has an answer, although {on} {routing.skipped}"
        hint = f"leave the cell blank or type -7 (not asked), or fix {on}"
        answered = ~pl.col(name).is_in(column.raw_codes)
        yield routing.absent, Clause(name, ~(routing.expr(routing.skipped) & answered), says, hint)
