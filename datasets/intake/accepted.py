"""The submissions that lie in a folder: who is published in them, and whether somebody was sent before."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.intake import facts
from hypnic.datasets.intake import withdrawal as withdrawing
from hypnic.datasets.intake.classes import known_by, telling
from hypnic.datasets.intake.published import is_published, read_published
from hypnic.errors import HypnicError
from hypnic.schemas.column import CODES
from hypnic.schemas.published import NEVER_WITHHELD
from hypnic.schemas.released import WITHHELD, WITHHELD_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

FEWEST_ALIKE = 5  # people with the same answers as others are no chance, if they are half of a folder
FEWEST_ANSWERS = 5  # of a row: those who answered less are alike by chance
UNANSWERED = {None, *CODES, WITHHELD_CODE, "refused", WITHHELD}


class Accepted(NamedTuple):
    """A submission: its folder, its data state, and its tables without those who have withdrawn."""

    folder: Path
    state: object
    tables: dict[str, pl.DataFrame]


def accepted(submissions: Path) -> Iterator[Accepted]:
    """Yield the submissions that can be read; others hide nobody.

    One of which nobody can tell who has withdrawn hides nobody either, having no data state; but whoever is in it was
    sent before.
    """
    for folder in sorted(submissions.glob("[!.]*/")):
        if is_published(folder):
            try:
                tables, state = read_published(folder), facts.read(folder).get("data_state")
            except (HypnicError, OSError, tomllib.TOMLDecodeError):
                continue
            try:
                tables = {name: withdrawing.staying(frame, folder) for name, frame in tables.items()}
            except (HypnicError, OSError):
                state = None
            yield Accepted(folder, state, tables)


def again(tables: Mapping[str, pl.DataFrame], hashes: set[str], others: list[Accepted]) -> str | None:
    """Say which submission has some of these respondents already: by their codes, or by what they answered."""
    for other in others:
        codes = set(withdrawing.known(other.folder) or {})
        if shared := len(hashes & codes):
            return f"withdrawals.csv: {shared} of its codes are in the submission {other.folder.name} already"
        for name, frame in tables.items():
            if name in other.tables and (count := _same(frame, other.tables[name])):
                return (
                    f"{name}.csv: {count} of its {frame.height} rows give the same answers as rows of the submission"
                    f" {other.folder.name}; send only what is new; of more nights of the same people, put all their"
                    " nights into one folder, take that submission out, and send the folder in its place"
                )
    return None


def _same(frame: pl.DataFrame, other: pl.DataFrame) -> int:
    """Count the rows that another table has too, but for who and where; 0 unless they are half of all.

    Rows that hold hardly an answer are not counted.
    """
    changing = {*NEVER_WITHHELD, *(column.name for column in (*known_by(), *telling()))} - {"night_index"}
    names = [name for name in frame.columns if name in other.columns and name not in changing]
    known = set(other.select(names).iter_rows())
    alike = (row for row in frame.select(names).iter_rows() if row in known)
    count = sum(sum(cell not in UNANSWERED for cell in row) >= FEWEST_ANSWERS for row in alike)
    return count if count >= max(FEWEST_ALIKE, frame.height / 2) else 0
