"""What a table may hold once it is published: the instrument's own columns, as their `Released` facts leave them.

No column is written down twice: the models here are made of those of `participants` and `nights`. What is new in them
is computed from answers that are never published themselves.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
from pandera.api.polars.model_config import BaseConfig

from hypnic.schemas.column import Column, columns, field
from hypnic.schemas.disclosure import FEWEST_ALIKE, FEWEST_PERSONS
from hypnic.schemas.instrument import TABLES
from hypnic.schemas.released import SEEN, WITHHELD, WITHHELD_CODE
from hypnic.schemas.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.schemas.rules import Rule

HINT = "fix the folder that you keep, and run `hypnic submit` again: nobody types in a published file"
LONGEST_DIARY = 14  # nights that everybody is asked for: a longer diary is published as far as ten people go
NEVER_WITHHELD = ("participant_id", "night_index", "schema_version", "consent_open_data", "attention_ok")
_DTYPES = {"text": pl.String, "tokens": pl.String, "integer": pl.Int64, "number": pl.Float64}
# What stands for answers that are not published, after the first column that it is computed from.
COMPUTED = {
    "red_flags": Column(
        "flag", "extended", "(computed) whether anything was ticked that is worth showing to a doctor", codes=(-9,),
        privacy="sensitive", required=False, name="red_flag_any", title="Any sign worth showing to a doctor",
        description="true where any sign but none was ticked, or jerks that come several times a week delay sleep",
    ),
    "audit_c_q1": Column(
        "integer", "extended", "(computed) the sum of the three items of AUDIT-C", unit="points", low=0, high=12,
        codes=(-7, -8, -9), privacy="sensitive", required=False, name="audit_c_total", title="AUDIT-C, in all",
        description="0 to 12; a missing code where one of the three items has no answer",
    ),
}  # fmt: skip


def released(column: Column) -> Column | None:
    """Give the facts of a column as it is published; None where it is not.

    >>> from hypnic.schemas import Participants
    >>> released(columns(Participants)["shift_pattern"]).options[-1]
    'any'
    """
    rule = column.released
    if not rule.kept:
        return None
    withheld = column.name not in NEVER_WITHHELD
    numeric = column.kind in {"integer", "number"}
    coarse = [to for rung in rule.coarser for _, to in rung] + [to for _, to in rule.merged if to]
    gone = {word for word, _ in rule.merged}
    words = [word for word in column.options if word not in gone]
    options = tuple(dict.fromkeys([*words, *coarse, *([rule.rare] if rule.rare else [])]))
    return replace(
        column,
        options=options,
        ordered=column.ordered and not coarse,  # a band that takes in others has no place among them
        codes=(*column.codes, WITHHELD_CODE) if numeric and withheld else column.codes,
        step=rule.step or column.step,
        high=min(column.high, rule.top) if column.high is not None and rule.top else column.high,
        withheld=withheld,
        hint=HINT,
    )


def coarse(column: Column) -> frozenset[str]:
    """Give the words of a published column that stand for a coarsened or withheld answer, and for nothing else."""
    typed = set(TABLES_OF[column.name].words) if column.name in TABLES_OF else set()
    return frozenset({WITHHELD, *(to for rung in column.released.coarser for _, to in rung)} - typed)


TABLES_OF: dict[str, Column] = {name: column for model in TABLES.values() for name, column in columns(model).items()}


def _columns(model: type[Table]) -> Iterator[Column]:
    for name, column in columns(model).items():
        if kept := released(column):
            yield kept
        if name in COMPUTED:
            made = COMPUTED[name]
            number = made.kind in {"integer", "number"}
            yield replace(made, withheld=True, hint=HINT, codes=(*made.codes, WITHHELD_CODE) if number else made.codes)


def _published(model: type[Table]) -> type[Table]:
    """Make the model of a table's publishable form: errors and flags are judged, advice on typing is not."""

    class Config(BaseConfig):
        name = model.table_name()
        strict = True
        coerce = False

    def rules(cls: type[Table]) -> tuple[Rule, ...]:  # noqa: ARG001 -- a class method
        return tuple(
            replace(rule, clauses=tuple(c for c in rule.clauses if (c.level or rule.level) in {"error", "flag"}))
            for rule in model.rules()
            if rule.id[1:].isdigit()  # a hint without a number is not of the instrument
        )

    def table_name(cls: type[Table]) -> str:  # noqa: ARG001 -- a class method
        return model.table_name()

    facts = list(_columns(model))
    body: dict[str, Any] = {column.name: field(column.title, column, column.description) for column in facts}
    body["__annotations__"] = {column.name: _DTYPES.get(column.kind, pl.Enum) for column in facts}
    body |= {"Config": Config, "rules": classmethod(rules), "table_name": classmethod(table_name)}
    body |= {"__module__": __name__, "__doc__": f"{model.__name__} in publishable form."}
    return type(f"Published{model.__name__}", (Table,), body)


PUBLISHED: Mapping[str, type[Table]] = {name: _published(model) for name, model in TABLES.items()}


def policy() -> str:
    """Give the sha256 of all that decides what is published: the facts of every column, and how people are hidden."""
    rules = {"wanted": FEWEST_PERSONS, "least": FEWEST_ALIKE, "seen": SEEN, "nights": LONGEST_DIARY}
    return hashlib.sha256(json.dumps([rules, _facts()], sort_keys=True, default=str).encode()).hexdigest()


@cache
def _facts() -> dict[str, dict[str, Any]]:
    """Give the facts of every column, typed and published."""
    return {
        f"{form}.{name}.{column.name}": asdict(replace(column, routing=None, hint=""))
        for form, models in (("typed", TABLES), ("published", PUBLISHED))
        for name, model in models.items()
        for column in columns(model).values()
    }
