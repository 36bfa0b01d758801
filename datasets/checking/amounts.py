"""Columns of amounts that look like counts: cups, drinks and hours instead of mg, g and min."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.checking.clocks import in_parts_of_a_day, short_part
from hypnic.datasets.checking.failures import Failure
from hypnic.schemas import columns
from hypnic.schemas.drinks import DRINKS
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Table

FEWEST = 3  # amounts above 0 by which a column shows a habit


class Count(NamedTuple):
    """What an amount in a unit may have been counted in: up to `most` of them, and what one comes to."""

    unit: str
    most: int
    drinks: tuple[str, ...] = ()
    says: str = ""

    def __str__(self) -> str:
        """Say what one comes to: `filter_coffee` is 90 mg."""
        known = {drink.name: drink for drink in DRINKS}
        told = [f"{name.replace('_', ' ')} {known[name].amount:g} {self.unit}" for name in self.drinks]
        return self.says or f"one comes to: {', '.join(told)}"


COUNTS = (
    Count("mg", 9, ("filter_coffee", "espresso", "black_tea", "cola", "energy_drink")),
    Count("g", 5, ("small_beer", "large_beer", "wine", "spirits")),
    Count("min", 5, says="an hour comes to 60 min"),
)
AMOUNTS = ("caffeine_", "alcohol_", "exercise_")


class DayParts:
    """The clock times that would pass as hours, of columns that hold parts of a day."""

    def __init__(self, text: TextTable, frame: pl.DataFrame, model: type[Table]) -> None:
        facts = [column for name, column in columns(model).items() if name in frame.columns]
        clocks = [one.name for one in facts if one.unit == "clock h" and float(str(frame[one.name].max() or 0)) <= 2]
        cells = {name: text.column(text.header.index(name)) for name in clocks}
        self._cells = {name: column for name, column in cells.items() if in_parts_of_a_day(column)}

    def of_rows(self, start: int, stop: int) -> Iterator[Failure]:
        """Yield one failure for each."""
        for name, cells in self._cells.items():
            rows = (row for row, cell in enumerate(cells[start:stop], start) if cell and short_part(cell))
            yield from (Failure(RuleId.DAY_PART, row, name) for row in rows)


def counted(frame: pl.DataFrame, model: type[Table]) -> Iterator[Failure]:
    """Yield one failure for each column whose amounts are all as small as counts."""
    for name, column in columns(model).items():
        unit = column.unit.split("/")[0].split(" ")[0]
        count = next((count for count in COUNTS if count.unit == unit and name.startswith(AMOUNTS)), None)
        if count is None or name not in frame.columns:
            continue
        amounts = frame[name].filter(frame[name] > 0)
        if amounts.len() >= FEWEST and float(str(amounts.max())) <= count.most:
            yield Failure(RuleId.UNIT, None, name, kind=f"in {unit}: {count}")
