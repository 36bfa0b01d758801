"""A rule: its id, its level, and the polars expressions that must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Clause:
    """One condition of a rule: `holds` is a Boolean expression; null, for want of an answer, passes."""

    column: str
    holds: pl.Expr
    says: str
    hint: str
    level: Level | None = None
    optional: frozenset[str] = frozenset()  # columns that `holds` takes by a pattern, where they are there
    same: tuple[str, ...] = ()  # columns that the row has in common with an earlier one, where it does not hold

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

    id: str
    level: Level
    title: str
    clauses: tuple[Clause, ...] = ()
    subject: str | None = None
    after: tuple[str, ...] = ()
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
