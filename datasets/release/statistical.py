"""A table for SPSS and for Stata: labels of columns and levels, and why an answer is missing as their missing codes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.schemas.publish.labels import LETTERS, MISSING, level_labels, number_labels

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hypnic.datasets.release.contents import Contents
    from hypnic.schemas import Column

STATA = 14  # its file format 118: the newest that holds any language and that every reader knows
LONGEST = 80  # characters in a label of Stata
WITH_CODES = ("participants", "nights")


class Prepared(NamedTuple):
    """A column as statistical programs hold it: a number where it has levels, with its missing codes in place."""

    facts: Column
    cells: pl.Series
    labels: Mapping[int, str]
    codes: tuple[int, ...]


def write_sav(contents: Contents, name: str, path: Path) -> None:
    """Write one table for SPSS; missing answers are user-missing from -9 to -6."""
    import pyreadstat

    columns = prepared(contents, name)
    labels: dict[str, Any] = {
        one.facts.name: {**one.labels, **{code: MISSING[code] for code in one.codes}} for one in columns
    }
    pyreadstat.write_sav(
        pl.DataFrame([one.cells for one in columns]), path, file_label=contents.title[:64], row_compress=True,
        column_labels={one.facts.name: _label(one.facts) for one in columns},
        variable_value_labels={column: said for column, said in labels.items() if said},
        missing_ranges={one.facts.name: [{"lo": min(MISSING), "hi": max(MISSING)}] for one in columns if one.codes},
        variable_measure={one.facts.name: _measure(one.facts) for one in columns},
        variable_format={one.facts.name: _format(one.facts) for one in columns if one.cells.dtype != pl.String},
    )  # fmt: skip
    content = bytearray(path.read_bytes())
    stamp = f"{dt.date.fromisoformat(contents.day):%d %b %y}00:00:00".encode()
    content[92 : 92 + len(stamp)] = stamp  # where the format keeps the second of writing
    path.write_bytes(content)


def write_dta(contents: Contents, name: str, path: Path) -> None:
    """Write one table for Stata; missing answers are .a (not asked), .b (do not know), .c (refused), .d (withheld)."""
    import pyreadstat

    columns = prepared(contents, name)
    labels: dict[str, Any] = {
        one.facts.name: {**one.labels, **{LETTERS[code]: MISSING[code] for code in one.codes}} for one in columns
    }
    missing = {one.facts.name: sorted(LETTERS[code] for code in one.codes) for one in columns if one.codes}
    pyreadstat.write_dta(
        pl.DataFrame([_lettered(one) for one in columns]), path, file_label=contents.title[:LONGEST], version=STATA,
        column_labels={one.facts.name: _label(one.facts)[:LONGEST] for one in columns},
        variable_value_labels={column: said for column, said in labels.items() if said},
        missing_user_values=missing,
    )  # fmt: skip
    path.write_bytes(_without_time(path.read_bytes(), contents.day))


def _without_time(content: bytes, day: str) -> bytes:
    """Put the day of the data where Stata's format keeps the minute of writing."""
    stamp = f"{dt.date.fromisoformat(day):%d %b %Y} 00:00".encode()
    start = content.index(b"<timestamp>") + len(b"<timestamp>") + 1
    assert content[start + len(stamp) :].startswith(b"</timestamp>")  # noqa: S101 -- the writer's own length
    return content[:start] + stamp + content[start + len(stamp) :]


def prepared(contents: Contents, name: str) -> list[Prepared]:
    """Give the columns of a table as numbers with missing codes; text stays text, several words in a cell are joined.

    Levels are numbered from 1 in the order of the form; a flag is 0 or 1. What was left blank stays empty.
    """
    frame = contents.tables[name]
    codes = contents.coded(name) if name in WITH_CODES else pl.DataFrame()
    return [_prepared(column, frame[column.name], codes) for column in contents.described[name].columns]


def _prepared(column: Column, series: pl.Series, codes: pl.DataFrame) -> Prepared:
    match column.kind:
        case "text" if column.name == "participant_id":
            return Prepared(column, series, {}, ())
        case "text":  # names of columns, reasons, words: numbered in alphabetical order
            words = {word: word for word in sorted(series.drop_nulls().unique())}
            numbers, labels = _numbered(series, words)
        case "tokens":
            return Prepared(column, series.cast(pl.List(pl.String)).list.join("|"), {}, ())
        case "flag":
            numbers, labels = series.cast(pl.Int64), {0: "no", 1: "yes"}
        case "choice":
            numbers, labels = _numbered(series, level_labels(column))
        case _:
            numbers, labels = series, number_labels(column)
    if column.name in codes.columns:
        numbers = numbers.fill_null(codes[column.name].cast(numbers.dtype))
    used = {int(code) for code in (codes[column.name].drop_nulls() if column.name in codes.columns else ())}
    narrow = numbers if numbers.dtype == pl.Float64 else numbers.cast(pl.Int16)
    return Prepared(column, narrow.alias(column.name), labels, tuple(sorted(used)))


def _numbered(series: pl.Series, words: Mapping[str, str]) -> tuple[pl.Series, dict[int, str]]:
    """Give the levels of a column as numbers from 1, and the label of each."""
    places = {word: number for number, word in enumerate(words, 1)}
    numbers = series.cast(pl.String).replace_strict(places, return_dtype=pl.Int64)
    return numbers, dict(enumerate(words.values(), 1))


def _lettered(column: Prepared) -> pl.Series:
    """Put a letter where a missing code stands, as the writer of Stata files takes them."""
    if not column.codes:
        return column.cells
    letters = {float(code): LETTERS[code] for code in column.codes}
    cells = [letters.get(cell, cell) for cell in column.cells.to_list()]
    return pl.Series(column.facts.name, cells, dtype=pl.Object)


def _label(column: Column) -> str:
    """Say what a column holds in a line: its title, and its unit."""
    return f"{column.title} ({column.unit})" if column.unit else column.title


def _measure(column: Column) -> str:
    if column.kind in {"integer", "number"}:
        return "ordinal" if number_labels(column) else "scale"
    return "ordinal" if column.ordered else "nominal"


def _format(column: Column) -> str:
    return "F8.2" if column.kind == "number" else "F8.0"
