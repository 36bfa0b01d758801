"""Each table of a release with its columns, its key and what it refers to, from the pandera models."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.schemas import PUBLISHED, TABLES, Column, columns
from hypnic.schemas.outputs import Flags, Missingness, ParticipantChoices

if TYPE_CHECKING:
    import pandera.polars as pa

MADE: dict[str, type[pa.DataFrameModel]] = {
    "missingness": Missingness, "participant_choices": ParticipantChoices, "flags": Flags
}  # fmt: skip
KEYS = {
    "participants": ("participant_id",),
    "nights": ("participant_id", "night_index"),
    "participant_choices": ("participant_id", "column", "token"),
}


class Described(NamedTuple):
    """A table, said in words: one row stands for what `description` says; `key` is what tells its rows apart."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def parent(self) -> str:
        """The table that its `participant_id` points to; nothing for the participants themselves."""
        return "" if self.name == "participants" else "participants"


def describe() -> dict[str, Described]:
    """Describe every table of a release, in the order in which people read them.

    >>> describe()["nights"].key
    ('participant_id', 'night_index')
    """
    asked = {name: (TABLES[name], tuple(columns(model).values())) for name, model in PUBLISHED.items()}
    made = {name: (model, _made(model)) for name, model in MADE.items()}
    return {
        name: Described(name, _said(model), facts, KEYS.get(name, ()))
        for name, (model, facts) in (asked | made).items()
    }


def _said(model: type[pa.DataFrameModel]) -> str:
    """Give the first line of what a model says of itself, without what speaks of raw files."""
    return (model.__doc__ or "").partition("\n")[0].partition(", as typed in")[0].rstrip(".") + "."


def _made(model: type[pa.DataFrameModel]) -> tuple[Column, ...]:
    """Read the columns of a table that nobody types in."""
    return tuple(
        Column(
            "integer" if column.dtype.type == pl.Int64() else "text", "core", "", name=name,
            title=column.title or name, description=column.description or "", required=not column.nullable,
        )
        for name, column in model.to_schema().columns.items()
    )  # fmt: skip
