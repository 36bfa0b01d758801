"""What a release holds: clean tables in publishable form, each with the facts of its columns; judged before written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.release.names import STUDIES, TABLES, folder_name, three_parts
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_ALIKE
from hypnic.schemas.publish.described import describe
from hypnic.schemas.publish.labels import REASONS, safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.schemas import Column
    from hypnic.schemas.publish.described import Described

KEYS = ("participant_id", "night_index")
QUARTERS = {"1": "01-01", "2": "04-01", "3": "07-01", "4": "10-01"}


@dataclass(frozen=True)
class Contents:
    """A release before it is written; `inputs` are the sha256 of the files it was made of, by their names.

    `period` is the quarter of the newest answers, such as 2026 Q4. `withdrawn` counts who has left so far.
    """

    study: str
    version: str
    period: str
    tables: Mapping[str, pl.DataFrame]
    inputs: Mapping[str, str] = field(default_factory=dict)
    withdrawn: int = 0

    @property
    def synthetic(self) -> bool:
        """Whether a program drew the answers."""
        return bool(STUDIES[self.study])

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return folder_name(self.study, self.version)

    @property
    def title(self) -> str:
        """What it is called in catalogues."""
        kind = "synthetic demo (nobody gave these answers)" if self.synthetic else "open study"
        return f"hypnic, {kind}: sleep starts (hypnic jerks) in a survey and diaries"

    @property
    def description(self) -> str:
        """What it is, in a few sentences."""
        nights = self.tables["nights"]
        diaries = nights["participant_id"].n_unique()
        opening = "SYNTHETIC: a program drew every answer, and nothing in these tables is a finding. " * self.synthetic
        return (
            f"{opening}Answers of {self.people:,} people about sleep starts (hypnic jerks: the jolt while falling"
            f" asleep), and {nights.height:,} diary nights of {diaries:,} of them, with caffeine,"
            " alcohol, stress, exercise and sleep. Everything is in publishable form: small groups are coarsened or"
            " withheld, and tokens say nothing of who answered."
        )

    @property
    def day(self) -> str:
        """The first day of the quarter of its newest answers, as every time stamp in it says: no day of a build."""
        year, quarter = self.period.split(" Q")
        return f"{year}-{QUARTERS[quarter]}"

    @cached_property
    def described(self) -> dict[str, Described]:
        """Each table with the facts of its columns."""
        return {name: table for name, table in describe().items() if name in self.tables}

    @property
    def people(self) -> int:
        """How many respondents it has."""
        return self.tables["participants"].height

    def coded(self, table: str) -> pl.DataFrame:
        """Give the code of why each cell of a table is empty (-6 to -9); null where it is not, or was left blank."""
        frame, reasons = self.tables[table], self.tables["missingness"]
        keys = [key for key in KEYS if key in frame.columns]
        codes = {word: code for word, (code, _, _) in REASONS.items()}
        of_table = reasons.filter(pl.col("night_index").is_null() != ("night_index" in keys))
        names = [name for name in frame.columns if name not in keys]
        long = of_table.select(
            *keys, "column", pl.col("reason").replace_strict(codes, default=None, return_dtype=pl.Int64).alias("code")
        ).filter(pl.col("column").is_in(names), pl.col("code").is_not_null())
        wide = long.pivot(on="column", on_columns=names, index=keys, values="code", aggregate_function="first")
        return frame.select(keys).join(wide, on=keys, how="left", maintain_order="left").select(names)


def assemble(  # noqa: PLR0913 -- each is a fact of the release
    study: str, version: str, period: str, tables: Mapping[str, pl.DataFrame], *, k: int, inputs: Mapping[str, str],
    withdrawn: int = 0,
) -> Contents:  # fmt: skip
    """Make the contents of a release from clean tables in publishable form, sorted, each level safe for any reader.

    Parameters
    ----------
    study, version, period
        `demo` or `open`; such as 1 or 1.2; the quarter of the newest answers, such as 2026 Q4.
    tables
        The five clean tables.
    k
        The fewest people who look alike in what they could be known by.
    inputs
        The sha256 of each file that the tables were made of.
    withdrawn
        How many people have left so far.

    Raises
    ------
    HypnicError
        There is nobody, fewer than five people look alike, the period is no quarter, or the version is none.

    """
    if study not in STUDIES:
        message = f"the study {study!r} is not released; choose one of {', '.join(STUDIES)}"
        raise HypnicError(message)
    if not re.fullmatch(r"\d{4} Q[1-4]", period):
        message = f"{period!r} is no quarter; the period of a release is the one of its newest submission, as 2026 Q4"
        raise HypnicError(message)
    if tables["participants"].is_empty():
        message = f"there is nobody to release: the study {study} has no answers yet"
        raise HypnicError(message)
    if k < FEWEST_ALIKE:
        message = f"fewer than {FEWEST_ALIKE} people look alike somewhere: this can't be released as it stands"
        raise HypnicError(message)
    described = describe()
    ready = {name: _ready(tables[name], described[name].columns) for name in TABLES}
    return Contents(study, three_parts(version), period, ready, dict(inputs), withdrawn)


def _ready(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    names = [column.name for column in columns]
    return (
        frame.select(names)
        .with_columns(_spelled(column, frame.schema[column.name]) for column in columns)
        .sort([name for name in (*KEYS, "column", "token", "reason", "rule") if name in names], nulls_last=True)
    )


def _spelled(column: Column, dtype: pl.DataType) -> pl.Expr:
    """Spell the levels of a column so that no reader takes one for something else."""
    cell = pl.col(column.name)
    if not isinstance(dtype, pl.Enum) or all(safe(level) == level for level in dtype.categories):
        return cell
    words = {level: safe(level) for level in dtype.categories}
    return cell.cast(pl.String).replace(words).cast(pl.Enum(list(words.values())))
