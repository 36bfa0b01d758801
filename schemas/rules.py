"""A rule: its id, its level, and the polars expressions that must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["error", "flag", "warning", "suggestion"]
LEVELS: dict[Level, str] = {
    "error": "the row fails",
    "flag": "the row is kept, and left out of the primary analysis",
    "warning": "the report mentions it",
    "suggestion": "nothing happens until somebody types it",
}


class RuleId(StrEnum):
    """The ids of all rules, each written once; in files and findings an id is its word."""

    FILE = "file"
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_REPEATED = "column_repeated"
    NO_ROWS = "no_rows"
    REPEATED = "repeated"
    UNIT = "unit"
    DAY_PART = "day_part"
    AFTERNOON = "afternoon"
    TYPE = "type"
    LEVEL = "level"
    REQUIRED = "required"
    RANGE = "range"
    STEP = "step"
    PATTERN = "pattern"
    PV1 = "PV1"
    PV2 = "PV2"
    PV3 = "PV3"
    P01 = "P01"
    P02 = "P02"
    P03 = "P03"
    P04 = "P04"
    P05 = "P05"
    P06 = "P06"
    P07 = "P07"
    P08 = "P08"
    P09 = "P09"
    P10 = "P10"
    P11 = "P11"
    N01 = "N01"
    N02 = "N02"
    N03 = "N03"
    N04 = "N04"
    N05 = "N05"
    N06 = "N06"
    N07 = "N07"
    N08 = "N08"
    N09 = "N09"
    N10 = "N10"
    N11 = "N11"
    N12 = "N12"
    N13 = "N13"
    N14 = "N14"
    N15 = "N15"
    N16 = "N16"
    N17 = "N17"
    N18 = "N18"
    N19 = "N19"
    N20 = "N20"


@dataclass(frozen=True)
class Group:
    """Rows that a clause looks at together: those alike in the columns `by`, as far as the table has them.

    Where they are fewer than `least`, or `sound`, which sums something up over them, is true, the clause holds in each
    of them; else it may hold or not. By this most of a large table is let pass without looking at its rows together.
    """

    by: tuple[str, ...]
    least: int = 0
    sound: pl.Expr | None = None


@dataclass(frozen=True)
class Clause:
    """One condition of a rule: `holds` is a Boolean expression; null, where there is no answer, passes."""

    column: str
    holds: pl.Expr
    says: str
    hint: str
    level: Level | None = None
    optional: frozenset[str] = frozenset()  # columns that `holds` takes by a pattern, where they are there
    same: tuple[str, ...] = ()  # columns that the row has in common with an earlier one, where it does not hold
    group: Group | None = None  # where `holds` looks at other rows too

    @property
    def needs(self) -> frozenset[str]:
        """The columns that must be there; patterns such as `^waso_min$` are taken where they match."""
        return frozenset(name for name in self.holds.meta.root_names() if name != "*" and not name.startswith("^"))

    @property
    def reads(self) -> frozenset[str]:
        """The columns it looks into: those it needs, and those it takes where they are there."""
        return self.needs | self.optional


@dataclass(frozen=True)
class Rule:
    """A numbered rule of the instrument, broken when any of its clauses is.

    Several clauses broken at once in a row are one finding, at `subject`: when every detail disagrees with the
    count, it is the count that is wrong. A rule is silent where a rule in `after` has spoken for the same row.
    `bad` and `good` are cells of an example row.
    """

    id: RuleId
    level: Level
    title: str
    clauses: tuple[Clause, ...] = ()
    subject: str | None = None
    after: tuple[RuleId, ...] = ()
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)


def answer(name: str) -> pl.Expr:
    """Give a numeric column without its missing codes, all of which are negative."""
    return pl.when(pl.col(name) >= 0).then(pl.col(name))


def split(name: str) -> pl.Expr:
    """Give the tokens of a column as a list."""
    return pl.col(name).str.split("|")


def has(name: str, *tokens: str) -> pl.Expr:
    """Tell whether a token column holds any of `tokens`."""
    return split(name).list.set_intersection(list(tokens)).list.len() > 0


def implies(premise: pl.Expr, conclusion: pl.Expr) -> pl.Expr:
    """If `premise`, then `conclusion`; unknown where either is unknown and matters."""
    return ~premise | conclusion
