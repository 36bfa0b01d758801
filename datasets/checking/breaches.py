"""What a table breaches: its model's conditions, the privacy gate, and what only its file as a whole tells."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from hypnic.datasets.checking.amounts import DayParts, counted
from hypnic.datasets.checking.context import in_context
from hypnic.datasets.checking.failures import Failure
from hypnic.datasets.checking.gate import Gate
from hypnic.datasets.checking.repeats import Twins
from hypnic.schemas import conditions
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hypnic.datasets.checking.kept import Kept
    from hypnic.datasets.checking.opened import Opened
    from hypnic.schemas import Table
    from hypnic.schemas.tables import Condition

CELLS = 200_000  # of the rows whose failures are told at once: each may fail, and Python holds each failure apart


def failures(file: Opened, people: list[pl.DataFrame]) -> list[Failure]:
    """List what fails in a file, given the participants' tables there are."""
    return [failure for several in in_turn(file, people) for failure in several]


def in_turn(
    file: Opened, people: list[pl.DataFrame], rows: int | None = None, again: Iterable[Failure] = ()
) -> Iterator[list[Failure]]:
    """Yield what fails in the first `rows` of a file: first what is of no row, then some rows at a time.

    `again` lists failures that are known already; each comes with its row.
    """
    breaches = Breaches(file, people)
    step = max(CELLS // max(len(file.text.header), 1), 1)
    rows = file.text.frame.height if rows is None else rows
    yield breaches.of_the_file() + [failure for failure in again if failure.row is None]
    for start in range(0, rows, step):
        stop = min(start + step, rows)
        yield breaches.of_rows(start, stop) + [one for one in again if one.row is not None and start <= one.row < stop]


class Broken(NamedTuple):
    """A condition, and the rows that break it, in their order."""

    condition: Condition
    rows: pl.Series


class Breaches:
    """What fails in a file, looked up for some rows at a time."""

    def __init__(self, file: Opened, people: list[pl.DataFrame]) -> None:
        self._file, self._frame, self._model = file, file.cast.frame, file.model
        self._gate = Gate(file.text, file.model)
        self._twins = Twins(self._frame, self._model)
        self._day_parts = DayParts(file.text, self._frame, self._model) if file.whole else None
        self._faults = file.cast.faults.sort("row", maintain_order=True)
        self._ragged = pl.Series(file.text.ragged, dtype=pl.Int64)
        self._broken = [one for one in self._conditions(people) if one.rows.len()]

    def of_the_file(self) -> list[Failure]:
        """List what is of no row."""
        text, frame, model = self._file.text, self._frame, self._model
        unknown = [*text.misspelt, *(name for name in frame.columns if name not in model.names())]
        return [
            *self._gate.of_the_file(),
            *(Failure(RuleId.COLUMN_REPEATED, None, name) for name in text.repeated()),
            *(Failure(RuleId.COLUMN_UNKNOWN, None, name) for name in unknown),
            *([Failure(RuleId.NO_ROWS, None, "")] if frame.is_empty() and self._file.whole else []),
            *counted(frame if self._file.kept is None else self._file.kept.amounts, model),
            *_missing(frame, model),
        ]

    def of_rows(self, start: int, stop: int) -> list[Failure]:
        """List what fails in rows from `start` until `stop`.

        A row that does not fit under the header is one failure: its cells may be any column's.
        """
        cells = self._faults[_between(self._faults["row"], start, stop)]
        found = [
            *self._gate.of_cells(start, stop),
            *(self._day_parts.of_rows(start, stop) if self._day_parts else ()),
            *(Failure(RuleId(rule), *place) for *place, rule in cells.iter_rows()),
            *self._of_conditions(start, stop),
        ]
        ragged = {*self._ragged[_between(self._ragged, start, stop)]}
        sound = [failure for failure in found if failure.row not in ragged]
        return [*self._twins.added_to(sound), *(Failure(RuleId.FILE, row, "") for row in sorted(ragged))]

    def _of_conditions(self, start: int, stop: int) -> Iterator[Failure]:
        for condition, rows in self._broken:
            for row in rows[_between(rows, start, stop)]:
                yield Failure(condition.rule, row, condition.clause.column, condition.number)

    def _conditions(self, people: list[pl.DataFrame]) -> Iterator[Broken]:
        """Tell which rows break each condition: by the pandera model, of a table that is whole and not too large."""
        frame, model, kept = self._frame, self._model, self._file.kept
        small = self._file.whole and frame.height * max(frame.width, 1) <= CELLS
        tell = _by_pandera if small else _by_expressions
        able = [one for one in conditions(model) if not one.looks_elsewhere and one.runs_on(frame.columns)]
        able = [one for one in able if kept is None or not one.clause.group]
        yield from tell(frame, _failing(frame, able), model.to_schema())
        if model.table_name() == "nights" and "participant_id" in frame.columns:
            nights = in_context(frame, people)
            able = [one for one in conditions(model) if one.looks_elsewhere and one.runs_on(nights.columns)]
            yield from tell(nights, _failing(nights, able), model.context_schema())
        if kept is not None:
            yield from _together(kept, frame, model)


def _between(ordered: pl.Series, start: int, stop: int) -> slice:
    """Give where the rows from `start` until `stop` stand among rows in their order."""
    return slice(ordered.search_sorted(start), ordered.search_sorted(stop))


def _missing(frame: pl.DataFrame, model: type[Table]) -> list[Failure]:
    """Make one failure of all columns that are missing."""
    needed = [name for name, column in model.to_schema().columns.items() if column.required]
    missing = tuple(name for name in needed if name not in frame.columns)
    if len(missing) > 1:
        return [Failure(RuleId.COLUMN_MISSING, None, "", others=missing)]
    return [Failure(RuleId.COLUMN_MISSING, None, name) for name in missing]


def _failing(frame: pl.DataFrame, able: list[Condition]) -> list[Condition]:
    """Give the conditions that some row breaks: one pass over the frame finds them."""
    every = frame.select(one.clause.holds.fill_null(True).all().alias(one.name) for one in able)
    return [one for one in able if not every.item(0, one.name)]


def _by_pandera(frame: pl.DataFrame, failing: list[Condition], schema: pa.DataFrameSchema) -> Iterator[Broken]:
    """Run the pandera schema on what is not sound."""
    if not failing:
        return
    known = {one.name: one for one in failing}
    schema = copy(schema)
    schema.checks = [check for check in schema.checks if check.name in known]
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.filter(~pl.col("check").is_in(["column_in_schema", "column_in_dataframe"]))
        if cases["index"].null_count():
            message = f"the check {cases.filter(pl.col('index').is_null())['check'][0]} could not run"
            raise RuntimeError(message) from error
        for (name,), rows in cases.group_by("check", maintain_order=True):
            yield Broken(known[str(name)], rows["index"].sort())


def _by_expressions(frame: pl.DataFrame, failing: list[Condition], _: pa.DataFrameSchema) -> Iterator[Broken]:
    """Tell what pandera would of a large frame, without holding each case apart; null passes. Tests hold both equal."""
    for one in failing:
        yield Broken(one, frame.select((~one.clause.holds).fill_null(value=False).arg_true()).to_series())


def _together(kept: Kept, frame: pl.DataFrame, model: type[Table]) -> Iterator[Broken]:
    """Tell what fails among rows that are looked at together; `frame` is what was kept."""
    for condition in conditions(model):
        group = condition.clause.group
        if group and condition.runs_on(frame.columns):
            places = kept.whole[group.by]
            holds = frame[places].select(condition.clause.holds.fill_null(value=True)).to_series()
            yield Broken(condition, places.gather((~holds).arg_true()).sort())
