"""From text to types: stage one of a check, where a cell that cannot become its type is a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.clocks import in_digits
from hypnic.datasets.checking.marks import COMMA, POINT, unclear
from hypnic.schemas import columns
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Column, Table

SHORT, ZERO = r"^\s*\d{1,2}\s*$", r"^\s*0\d{2,3}\s*$"  # next to 2315, 15 is no hour; 0030 is never one
RULES = pl.Enum([RuleId.LEVEL.value, RuleId.TYPE.value])


class Cast(NamedTuple):
    """A typed frame, and the cells that could not be typed and are null in it: row (from 0), column, rule.

    `decimal_comma` tells that the file writes its decimals with a comma, and has been read so.
    """

    frame: pl.DataFrame
    faults: pl.DataFrame
    decimal_comma: bool = False


def cast(text: TextTable, model: type[Table]) -> Cast:
    """Give every known column its raw type; unknown columns stay text, a repeated one keeps its first."""
    facts = columns(model)
    first = {name: position for position, name in reversed(list(enumerate(text.header)))}
    named = text.frame.select(
        pl.col(str(place)).alias(name) for name, place in sorted(first.items(), key=lambda pair: pair[1]) if name
    )
    numbers = [name for name in named.columns if name in facts and facts[name].kind in {"integer", "number"}]
    # A cell that can be read in two ways is not a number, and proves nothing of the file.
    clear = named.with_columns(
        pl.when(~unclear(facts[name], ",") & ~unclear(facts[name], ".")).then(pl.col(name)) for name in numbers
    )
    comma = text.dialect.separator != "," and _decimal_comma(clear.select(numbers))
    pointed = clear.with_columns(pl.col(numbers).str.replace(COMMA, "$1.$2")) if comma else clear
    frame = typed(_without_digits(pointed, model), model)
    known = [name for name in named.columns if name in facts]
    lost = pl.DataFrame([named[name].is_not_null() & frame[name].is_null() for name in known])
    return Cast(frame, _faults(lost, facts), comma)


def _without_digits(text: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Take short numbers out of columns of times that are typed as 2315: there 30 may be half past midnight."""
    facts = columns(model)
    clocks = [name for name in text.columns if name in facts and facts[name].unit == "clock h"]
    often = [name for name in clocks if in_digits(text[name])]
    return text.with_columns(pl.when(~pl.col(name).str.contains(SHORT)).then(pl.col(name)) for name in often)


def _decimal_comma(numbers: pl.DataFrame) -> bool:
    """Whether some number has a decimal comma and none a decimal point."""
    comma, point = (
        numbers.select(pl.any_horizontal(pl.all().str.contains(pattern).any().fill_null(value=False))).item()
        for pattern in (COMMA, POINT)
    ) if numbers.width else (False, False)  # fmt: skip
    return bool(comma and not point)


def typed(text: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Give every known column of a frame of text its raw type; what cannot become it is null."""
    facts = columns(model)
    return text.with_columns(typed_column(facts[name]) for name in text.columns if name in facts)


def typed_column(column: Column) -> pl.Expr:
    """Give a column of text its raw type; what cannot become it is null."""
    cell = pl.col(column.name).cast(column.raw_dtype, strict=False)
    if column.unit == "clock h":  # 0030 is half past midnight, and no hour 30
        cell = pl.when(~pl.col(column.name).str.contains(ZERO)).then(cell)
    return pl.when(cell.is_finite()).then(cell) if column.kind == "number" else cell


def _faults(lost: pl.DataFrame, facts: dict[str, Column]) -> pl.DataFrame:
    """List the cells that were lost, with the rule that each breaks."""
    names = pl.Enum(lost.columns)
    none = pl.DataFrame(schema={"row": pl.Int64, "column": names, "rule": RULES})
    found = (
        lost[name].arg_true().cast(pl.Int64).alias("row").to_frame()
        .with_columns(
            pl.lit(name, names).alias("column"),
            pl.lit((RuleId.LEVEL if facts[name].words else RuleId.TYPE).value, RULES).alias("rule"),
        )
        for name in lost.columns if lost[name].any()
    )  # fmt: skip
    return pl.concat([none, *found])
