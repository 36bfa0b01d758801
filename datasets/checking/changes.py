"""Writing a fixed copy of a table: every suggestion that leaves no choice, and a list of what was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.failures import letters
from hypnic.datasets.checking.files import failures, open_table
from hypnic.datasets.checking.marks import COMMA, unclear
from hypnic.datasets.checking.suggestions import FIXABLE, in_its_column, shown, timed
from hypnic.datasets.writing import write_whole
from hypnic.errors import HypnicError
from hypnic.filenames import whole_name
from hypnic.schemas import columns
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.checking.times import Times


class Change(NamedTuple):
    """What was typed instead, and where; `typed` is None where showing it could identify somebody."""

    cell: str
    rule: RuleId
    column: str
    typed: str | None

    def __str__(self) -> str:
        """Say it on one line: `AD5 type wake_clock_h: 31.0`."""
        return f"{self.cell} {self.rule} {self.column}: {self.typed if self.typed is not None else '(not shown)'}"


def fix(
    path: Path, out: Path, table: str | None = None, sheet: str | None = None, times: Times | None = None
) -> list[Change]:
    """Write a copy of a table as plain CSV (UTF-8, commas, decimal points), and list what was changed.

    Only what leaves no choice is changed: see `hypnic.datasets.checking.suggestions.suggest`. `times` says how a time
    such as `23.30` is meant; without it, such times stay as they are. The copy is written
    whole or not at all; cells are addresses in the file that was read.

    Raises
    ------
    HypnicError
        `out` is the file itself, or cannot be written; or a line does not fit under the header, so that nobody can
        tell which column its cells belong to.

    """
    if out.exists() and out.samefile(path):
        message = f"{whole_name(out)}: this is the file that is read; name another with --fix"
        raise HypnicError(message)
    opened = open_table(path, table, sheet)
    text, facts = opened.text, columns(opened.model)
    blank = text.frame.select(pl.all_horizontal(pl.all().is_null()).alias("blank"))["blank"]
    text.refuse_ragged_lines("--fix")
    changes = [Change(f"{letters(text.header.index(n))}{text.top}", RuleId.COLUMN_UNKNOWN, n, n) for n in text.misspelt]
    typed: dict[int, dict[int, str]] = {}
    for failure in failures(opened, []):
        if failure.rule not in FIXABLE or failure.row is None or failure.column not in facts:
            continue
        place = text.header.index(failure.column)
        cell = text.frame.item(failure.row, place)
        found = timed(cell, facts[failure.column], times) if cell and times else None
        found = found or in_its_column(cell, facts[failure.column], text.column(place))
        if found is None or not found.certain or failure.row in typed.get(place, {}):
            continue
        typed.setdefault(place, {})[failure.row] = found.text
        said = found.text if shown(facts[failure.column]) else None
        changes.append(Change(f"{letters(place)}{text.sheet_row(failure.row)}", failure.rule, failure.column, said))
    frame = text.frame.with_columns(_retyped(text.frame, place, cells) for place, cells in typed.items())
    if opened.cast.decimal_comma:
        numbers = {str(n): replace(facts[name], name=str(n)) for n, name in enumerate(text.header) if name in facts}
        frame = frame.with_columns(
            pl.when(unclear(column, ",")).then(pl.col(n)).otherwise(pl.col(n).str.replace(COMMA, "$1.$2"))
            for n, column in numbers.items()
            if column.unit
        )
    kept = [(str(place), name) for place, name in enumerate(text.header) if name]
    frame = frame.filter(~blank).select(place for place, _ in kept)
    head = pl.DataFrame([[name] for _, name in kept], schema=[place for place, _ in kept])
    text_out = pl.concat([head, frame]).write_csv(include_header=False)
    write_whole(out, lambda path: path.write_text(text_out, "utf-8", newline=""))
    return sorted(changes, key=_in_reading_order)


def listed(changes: list[Change]) -> list[str]:
    """Say the changes, those that typed the same into a column on one line: `C2, C3 level evening_on_time: true`."""
    alike: dict[Change, list[str]] = {}
    for change in changes:
        alike.setdefault(change._replace(cell=""), []).append(change.cell)
    return [str(change._replace(cell=", ".join(cells))) for change, cells in alike.items()]


def _in_reading_order(change: Change) -> tuple[int, int, str]:
    row = change.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(row), len(change.cell), change.cell


def _retyped(frame: pl.DataFrame, place: int, cells: dict[int, str]) -> pl.Series:
    return frame[str(place)].scatter(list(cells), list(cells.values()))
