"""Rows that come twice: which earlier row it is, and which earlier file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.failures import Failure
from hypnic.schemas import Nights, conditions
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.schemas import Table


class CheckedFile(NamedTuple):
    """A file among those that are checked together: its name, the table it holds, and its typed rows."""

    name: str
    model: type[Table]
    frame: pl.DataFrame


class Twins:
    """The earlier row that each row repeats, in the columns that a rule says are the same."""

    def __init__(self, frame: pl.DataFrame, model: type[Table]) -> None:
        self._frame, self._conditions = frame, conditions(model)
        self._first: dict[tuple[str, ...], pl.Series] = {}

    def added_to(self, failures: Iterable[Failure]) -> list[Failure]:
        """Add the earlier row to each failure of a rule that says that there is one."""
        return [failure._replace(twin=self._of(failure)) for failure in failures]

    def _of(self, failure: Failure) -> int | None:
        same = self._conditions[failure.number].clause.same if failure.number is not None else ()
        if not same or failure.row is None:
            return failure.twin
        if same not in self._first:
            self._first[same] = self._frame.with_row_index("at").select(pl.col("at").first().over(*same)).to_series()
        return int(self._first[same][failure.row])


def repeated(files: Sequence[CheckedFile]) -> list[list[Failure]]:
    """Find, for each file, the earlier files that have some of its rows: one failure each, at the first such row."""
    return [list(_again(file, files[:place])) for place, file in enumerate(files)]


def _again(file: CheckedFile, before: Sequence[CheckedFile]) -> Iterable[Failure]:
    keys = ["participant_id", "night_index"] if file.model is Nights else ["participant_id"]
    if not set(keys) <= set(file.frame.columns):
        return
    own = file.frame.select(keys).with_row_index("row").drop_nulls()
    for other in before:
        if other.model is not file.model or not set(keys) <= set(other.frame.columns):
            continue
        rows = own.join(other.frame.select(keys), on=keys, how="semi", maintain_order="left")["row"]
        if rows.len():
            every = "all " if rows.len() == other.frame.height else ""
            says = f"{every}{rows.len():,} row{'s' if rows.len() > 1 else ''} of {other.name}"
            yield Failure(RuleId.REPEATED, rows[0], keys[-1], place=file.frame.columns.index(keys[-1]), kind=says)
