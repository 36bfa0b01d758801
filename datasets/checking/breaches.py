"""What a table breaches: its model's conditions, the privacy gate, and what only its file as a whole tells."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from hypnic.datasets.checking.amounts import counted, parts_of_a_day
from hypnic.datasets.checking.context import in_context
from hypnic.datasets.checking.failures import Failure
from hypnic.datasets.checking.privacy import private
from hypnic.datasets.checking.repeats import with_twins
from hypnic.schemas import conditions
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypnic.datasets.checking.kept import Kept
    from hypnic.datasets.checking.opened import Opened
    from hypnic.schemas import Table
    from hypnic.schemas.tables import Condition


def failures(file: Opened, people: list[pl.DataFrame]) -> list[Failure]:
    """List what fails in a file, given the participants' tables there are.

    A row that does not fit under the header is one failure: its cells may be any column's.
    """
    frame, model = file.cast.frame, file.model
    header = [Failure(RuleId.COLUMN_REPEATED, None, name) for name in file.text.repeated()]
    header += [Failure(RuleId.COLUMN_UNKNOWN, None, name) for name in file.text.misspelt]
    # Pandera would name the first of several.
    header += [Failure(RuleId.COLUMN_UNKNOWN, None, name) for name in frame.columns if name not in model.names()]
    header += [Failure(RuleId.NO_ROWS, None, "")] if frame.is_empty() and file.whole else []
    cells = [Failure(RuleId(rule), row, column) for row, column, rule in file.cast.faults.iter_rows()]
    broken = _missing_together(_validate(frame, model.to_schema(), model, whole=file.whole))
    found = [
        *private(file.text, model),
        *header,
        *counted(frame if file.kept is None else file.kept.amounts, model),
        *(parts_of_a_day(file.text, frame, model) if file.whole else ()),
        *cells,
        *broken,
    ]
    if model.table_name() == "nights" and "participant_id" in frame.columns:
        found += _validate(in_context(frame, people), model.context_schema(), model, whole=file.whole)
    if file.kept is not None:
        found += _together(file.kept, frame, model)
    ragged = set(file.text.ragged)
    sound = [failure for failure in found if failure.row not in ragged]
    return [*with_twins(sound, frame, model), *(Failure(RuleId.FILE, row, "") for row in file.text.ragged)]


def _together(kept: Kept, frame: pl.DataFrame, model: type[Table]) -> Iterable[Failure]:
    """Yield what fails among rows that are looked at together; `frame` is what was kept."""
    for condition in conditions(model):
        group = condition.clause.group
        if group and condition.runs_on(frame.columns):
            places = kept.whole[group.by]
            holds = frame[places].select(condition.clause.holds.fill_null(value=True)).to_series()
            for place in places.gather((~holds).arg_true()):
                yield Failure(condition.rule, place, condition.clause.column, int(condition.name.split(":")[2]))


def _missing_together(failures: Iterable[Failure]) -> Iterable[Failure]:
    """Make one failure of several missing columns."""
    found = list(failures)
    missing = [failure for failure in found if failure.rule == RuleId.COLUMN_MISSING]
    if len(missing) < 2:
        return found
    together = Failure(RuleId.COLUMN_MISSING, None, "", others=tuple(failure.column for failure in missing))
    return [together, *(failure for failure in found if failure.rule != RuleId.COLUMN_MISSING)]


def _validate(
    frame: pl.DataFrame, schema: pa.DataFrameSchema, model: type[Table], *, whole: bool = True
) -> Iterable[Failure]:
    """Run the pandera schema on what is not sound.

    One pass over the frame finds the checks that some row fails, and only those are given to pandera to tell row by
    row; where all hold and the columns are as they should be, it has nothing to tell. Tests hold both ways equal.
    """
    known = {condition.name: condition for condition in conditions(model)}
    able = [check for check in schema.checks if known[check.name].runs_on(frame.columns)]
    able = [check for check in able if whole or not known[check.name].clause.group]
    every = frame.select(known[check.name].clause.holds.fill_null(True).all().alias(check.name) for check in able)
    if not whole:  # its columns are as they should be, and the frame is not the file
        yield from _broken(frame, [known[check.name] for check in able if not every.item(0, check.name)])
        return
    schema = copy(schema)
    schema.checks = [check for check in able if not every.item(0, check.name)]
    needed = {name for name, column in schema.columns.items() if column.required}
    if (
        not schema.checks
        and needed <= set(frame.columns)
        and (not schema.strict or model.names() >= set(frame.columns))
    ):
        return
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        for check, case, index in error.failure_cases.select("check", "failure_case", "index").iter_rows():
            if check != "column_in_schema":
                yield _failure(check, case, index)


def _broken(frame: pl.DataFrame, broken: Iterable[Condition]) -> Iterable[Failure]:
    """Tell row by row what pandera would: a condition that does not hold; null passes."""
    for condition in broken:
        number = int(condition.name.rpartition(":")[2])
        for row in frame.select((~condition.clause.holds).fill_null(value=False).arg_true()).to_series():
            yield Failure(condition.rule, row, condition.clause.column, number)


def _failure(check: str, case: str, index: int | None) -> Failure:
    if check == "column_in_dataframe":
        return Failure(RuleId.COLUMN_MISSING, None, case)
    rule, column, number = check.split(":")
    if index is None:
        message = f"the check {check} could not run"
        raise RuntimeError(message)
    return Failure(RuleId(rule), index, column, int(number))
