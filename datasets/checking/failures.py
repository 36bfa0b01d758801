"""What fails in a table, row by row: causes are kept, and what only follows from them is not."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hypnic.schemas import catalogue, columns, conditions
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from hypnic.schemas import Table


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


def causes(model: type[Table], failures: list[Failure]) -> list[Failure]:
    """Keep, of one row's failures, those that are not consequences of another."""
    known, rules = conditions(model), catalogue(model)
    if len(failures) == 1:
        return failures
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
