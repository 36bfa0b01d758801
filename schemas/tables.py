"""What every table of the instrument shares: a pandera model whose checks are the numbered rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandera.polars as pa

from hypnic.schemas.column import Column, columns_of
from hypnic.schemas.elementary import ELEMENTARY, elementary, mostly_missing
from hypnic.schemas.privacy import OUTSIDE, PRIVACY
from hypnic.schemas.rules import Clause, Level, Rule, RuleId

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl
    from pandera.api.polars.types import PolarsData

OTHER = "participants."  # what a rule on another table's columns calls them


@dataclass(frozen=True)
class Condition:
    """One clause with the rule it belongs to, and its number among those of its table."""

    number: int
    rule: RuleId
    clause: Clause
    level: Level
    of_cell: bool = False  # follows from the facts of one column, and speaks of its cell alone

    @property
    def name(self) -> str:
        """What pandera reports it by."""
        return f"{self.rule}:{self.clause.column}:{self.number}"

    def runs_on(self, names: Collection[str]) -> bool:
        """Whether the columns it needs are there; extended ones may be left out."""
        return self.clause.needs.issubset(names)

    @property
    def looks_elsewhere(self) -> bool:
        """Whether the clause needs columns of the other table."""
        return any(need.startswith(OTHER) for need in self.clause.needs)

    @property
    def reads(self) -> frozenset[str]:
        """The columns it looks into: what is of the other table is found by the token."""
        return self.clause.reads | ({"participant_id"} if self.looks_elsewhere else frozenset())

    def check(self) -> pa.Check:
        """Make the pandera check; a null passes, since a missing answer is another rule's business."""

        def holds(data: PolarsData) -> pl.LazyFrame | bool:
            there = self.runs_on(data.lazyframe.collect_schema().names())
            return data.lazyframe.select(self.clause.holds) if there else True

        return pa.Check(holds, name=self.name, title=self.rule, description=self.clause.says, ignore_na=True)


class Table(pa.DataFrameModel):
    """A table of the instrument."""

    @classmethod
    def rules(cls) -> tuple[Rule, ...]:
        """Give the numbered rules of this table; each table says its own."""
        raise NotImplementedError

    @classmethod
    def build_schema_(cls, **kwargs: Any) -> Any:
        """Build the pandera schema: core columns required, every rule on the table's own columns a check."""
        schema = super().build_schema_(**kwargs)
        for column in schema.columns.values():
            column.required = column.metadata["tier"] == "core"
        _CONDITIONS[cls] = _conditions(cls, columns_of(schema))
        schema.checks = [c.check() for c in _CONDITIONS[cls] if not c.looks_elsewhere]
        return schema

    @classmethod
    def context_schema(cls) -> Any:
        """Give the schema of the rules that also look into the other table (`participants.` columns)."""
        elsewhere = [c.check() for c in conditions(cls) if c.looks_elsewhere]
        return pa.DataFrameSchema(checks=elsewhere, name=f"{cls.table_name()} in context")

    @classmethod
    def names(cls) -> frozenset[str]:
        """Give the names of its columns, without building the schema."""
        return frozenset(cls.__annotations__)

    @classmethod
    def table_name(cls) -> str:
        """Give the table's name as files and findings use it."""
        return cls.__name__.lower()


_CONDITIONS: dict[type[Table], tuple[Condition, ...]] = {}  # filled while a schema is built


@cache
def conditions(model: type[Table]) -> tuple[Condition, ...]:
    """List every condition of a table: what its columns' facts demand, then its numbered rules."""
    model.to_schema()
    return _CONDITIONS[model]


def _conditions(model: type[Table], facts: dict[str, Column]) -> tuple[Condition, ...]:
    known = catalogue(model)
    cells = [pair for column in facts.values() for pair in elementary(column)]
    pairs = cells + [(rule.id, clause) for rule in model.rules() for clause in rule.clauses]
    if RuleId.P11 in known:
        pairs.append((RuleId.P11, mostly_missing(facts.values())))
    return tuple(
        Condition(
            number, rule, clause, clause.level or known[rule].level,
            of_cell=number < len(cells) and clause.needs == {clause.column},
        )
        for number, (rule, clause) in enumerate(pairs)
    )  # fmt: skip


@cache
def catalogue(model: type[Table]) -> dict[RuleId, Rule]:
    """Give every rule that a table's cells can break, by id."""
    return {rule.id: rule for rule in (*PRIVACY, OUTSIDE, *model.rules(), *ELEMENTARY)}
