"""From raw tables to clean ones: missing codes become null, and the reason is kept in a table of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import columns, conditions, dtypes
from hypnic.schemas.column import REASONS
from hypnic.schemas.outputs import Flags, Missingness, ParticipantChoices
from hypnic.schemas.released import WITHHELD

if TYPE_CHECKING:
    from hypnic.schemas import Column, Table

KEYS = ("participant_id", "night_index")


def clean(raw: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Give every column the type an analyst wants; extended columns that the file left out come as null.

    Numbers lose their missing codes, flags become Boolean, choices become Enums in the form's order without
    their missing levels, token columns become lists.
    """
    facts = columns(model)
    there = [_clean(facts[name]) if name in raw.columns else _absent(facts[name]) for name in facts]
    return raw.select(there) if raw.width else pl.DataFrame(schema={n: c.clean_dtype for n, c in facts.items()})


def missingness(raw: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """List why each missing answer is missing: one row for each cell.

    `reason` is `routing` (not asked), `dont_know`, `refused`, `unknown`, `undisclosed`, or `blank` (left empty).
    """
    facts = [column for name, column in columns(model).items() if name in raw.columns and name not in KEYS]
    keyed = raw if "night_index" in raw.columns else raw.with_columns(night_index=pl.lit(None, pl.Int64))
    long = [
        keyed.select(*KEYS, pl.lit(column.name).alias("column"), _reason(column, raw).alias("reason"))
        for column in facts
    ]
    return pl.concat([pl.DataFrame(schema=dtypes(Missingness)), *long]).filter(pl.col("reason").is_not_null())


def choices(raw: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Unpivot the token columns: one row for each participant, column and token."""
    names = [name for name, column in columns(model).items() if column.kind == "tokens" and name in raw.columns]
    lists = clean(raw, model).select("participant_id", *names)
    long = [
        lists.select("participant_id", column=pl.lit(name), token=pl.col(name).cast(pl.List(pl.String))).explode(
            "token", empty_as_null=False, keep_nulls=False
        )
        for name in names
    ]
    return pl.concat([pl.DataFrame(schema=dtypes(ParticipantChoices)), *long])


def with_withheld(table: pl.DataFrame, missing: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Make what was withheld a level of its own in the choices by which people can be known; they become text.

    `missing` is the table `missingness`. A model that adjusts for such a choice so keeps everybody, and says what those
    have in common whose answer few people shared.
    """
    gone = missing.filter(reason=WITHHELD)
    known = [name for name, column in columns(model).items() if column.released.place and name in table.columns]
    who = {name: gone.filter(column=name)["participant_id"].implode() for name in known}
    return table.with_columns(
        pl.when(pl.col("participant_id").is_in(people))
        .then(pl.lit(WITHHELD))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for name, people in who.items()
        if people.item().len()
    )


def flags(raw: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """List the rows that a rule keeps out of the primary analysis: one row for each row and rule."""
    keyed = raw if "night_index" in raw.columns else raw.with_columns(night_index=pl.lit(None, pl.Int64))
    found = [
        keyed.filter(~c.clause.holds.fill_null(True)).select(*KEYS, pl.lit(c.rule).alias("rule"))
        for c in conditions(model)
        if c.level == "flag" and not c.looks_elsewhere and c.runs_on(raw.columns)
    ]
    return pl.concat([pl.DataFrame(schema=dtypes(Flags)), *found]).unique(maintain_order=True)


def _clean(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    match column.kind:
        case "integer" | "number":
            return pl.when(~cell.is_in(column.raw_codes)).then(cell).alias(column.name)
        case "flag":
            words = {"true": True, "false": False}
            return cell.cast(pl.String).replace_strict(words, default=None, return_dtype=pl.Boolean)
        case "choice":
            return cell.cast(pl.String).cast(column.clean_dtype, strict=False)
        case "tokens":
            answered = pl.when(~cell.is_in(column.missing_words)).then(cell)
            return answered.str.split("|").cast(column.clean_dtype).alias(column.name)
        case _:
            return cell


def _absent(column: Column) -> pl.Expr:
    return pl.lit(None, column.clean_dtype).alias(column.name)


def _reason(column: Column, raw: pl.DataFrame) -> pl.Expr:
    cell = pl.col(column.name)
    blank: pl.Expr = pl.lit("blank")
    if column.routing and column.routing.on in raw.columns:
        asked = column.routing.expr(column.routing.asked)
        blank = pl.when(asked).then(pl.lit("blank")).otherwise(pl.lit("routing"))
    words = {str(code): REASONS.get(str(code), str(code)) for code in column.missing_words}
    word = cell.cast(pl.Int64) if column.kind == "number" else cell
    named = word.cast(pl.String).replace_strict(words, default=None, return_dtype=pl.String)
    return pl.when(cell.is_null()).then(blank).otherwise(named)
