"""Clock times with a point: 23.30 may be half past eleven, or 30 hundredths of an hour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Times = Literal["minutes", "decimal"]
POINTED = re.compile(r"(?P<hour>\d{1,2})[.,](?P<part>\d{1,2})")
QUARTERS: dict[Times, frozenset[str]] = {
    "minutes": frozenset({"15", "30", "45"}), "decimal": frozenset({"25", "50", "75"}),
}  # fmt: skip


def as_minutes(cell: str) -> str | None:
    """Write a time whose fraction may be minutes as a clock does; a spreadsheet makes 23.3 of 23.30.

    >>> as_minutes("23.30"), as_minutes("6,45"), as_minutes("23.3"), as_minutes("23.25")
    ('23:30', '6:45', '23:30', None)
    """
    match = POINTED.fullmatch(cell.strip())
    part = match["part"].ljust(2, "0") if match else ""
    return f"{match['hour']}:{part}" if match and part in QUARTERS["minutes"] else None


def fewer_minutes(cells: pl.Series) -> int:
    """Count by how many fewer fractions are quarters of 60 than of 100; of parts of a column, the counts add up.

    >>> import polars as pl
    >>> fewer_minutes(pl.Series(["23.30", "22.15", "7.50"]))
    -1
    """
    parts = cells.str.extract(rf"^\s*{POINTED.pattern.replace('?P<hour>', '').replace('?P<part>', '')}\s*$", 2)
    counts = {way: int(parts.str.pad_end(2, "0").is_in(list(known)).sum()) for way, known in QUARTERS.items()}
    return counts["decimal"] - counts["minutes"]
