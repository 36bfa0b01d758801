"""Writing a fixed copy of a table: every suggestion that leaves no choice, and a list of what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.breaches import in_turn
from hypnic.datasets.checking.marks import COMMA, unclear
from hypnic.datasets.checking.nightclocks import NightClock
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.checking.privacy import private_value
from hypnic.datasets.checking.suggestions import FIXABLE, Meant, as_meant, shown, timed
from hypnic.datasets.reading.limits import MEMORY, needed
from hypnic.datasets.reading.references import letters
from hypnic.datasets.writing import write_whole
from hypnic.errors import HypnicError
from hypnic.schemas import columns
from hypnic.schemas.filenames import named, shown_path
from hypnic.schemas.privacy import PRIVATE
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from hypnic.datasets.checking.failures import Failure
    from hypnic.datasets.checking.opened import Opened
    from hypnic.datasets.checking.times import Times
    from hypnic.schemas import Column

AT_ONCE, CHANGE = 20_000, 1_000  # rows that are written together, bytes that a change takes until it is printed
SHORT = 32  # characters of an old value that are printed
RUNS = re.compile(r"^\s*[=+@\t\r-]")  # what a spreadsheet would take for a formula
NUMBER = re.compile(r"\s*[-+]?\d+(?:[.,]\d+)?\s*")


class Change(NamedTuple):
    """What was typed instead, and where; `old` and `typed` are None where showing them could identify somebody."""

    cell: str
    rule: RuleId
    column: str
    typed: str | None
    old: str | None = None

    def __str__(self) -> str:
        """Say it on one line: `AD5 type wake_clock_h: 07:00 -> 31.0`."""
        old = "" if self.old is None else f"{self.old} -> "
        return f"{self.cell} {self.rule} {self.column}: {old}{self.typed if self.typed is not None else '(not shown)'}"


class Plain(NamedTuple):
    """A table as plain CSV; the spreadsheet's rows that were `empty`, and `unrun` as `Fixed` has them."""

    csv: str
    empty: list[int]
    unrun: int


@dataclass(frozen=True)
class Fixed:
    """What `fix` did: the `changes`, the spreadsheet's rows that were `empty` and left out, and what was `dropped`.

    `unrun` counts cells that a spreadsheet would have run, which now start with an apostrophe.
    """

    changes: list[Change]
    empty: list[int]
    dropped: list[str]
    unrun: int = 0


def fix(  # noqa: PLR0913 -- as the command
    path: Path,
    out: Path,
    table: str | None = None,
    sheet: str | None = None,
    times: Times | None = None,
    *,
    drop_private: bool = False,
    memory: int | None = MEMORY,
) -> Fixed:
    """Write a copy of a table as plain CSV (UTF-8, commas, decimal points), and list what was changed.

    Only what leaves no choice is changed: see `hypnic.datasets.checking.suggestions.suggest`. `times` says how a time
    such as `23.30` is meant; without it, such times stay as they are. `drop_private` leaves out columns and empties
    cells that must not be sent; `memory` is how many bytes it may take. Empty rows are left out. The copy is written
    whole or not at all; cells are addresses in the file that was read.

    Raises
    ------
    HypnicError
        `out` is the file itself, or cannot be written; it would take more memory than it may; or a line does not fit
        under the header, so that nobody can tell which column its cells belong to.

    """
    if out.exists() and out.samefile(path):
        message = f"{shown_path(out)}: this is the file that is read; name another with --fix"
        raise HypnicError(message)
    opened = open_table(path, table, sheet, memory)
    text = opened.text
    text.refuse_ragged_lines("--fix")
    private: list[Failure] = []
    room = None if memory is None else (memory - needed(len(text.text), text.frame.height * text.frame.width))
    frame, changes = _changed(opened, _told(opened, private if drop_private else None), times, room)
    whole = sorted({failure.place for failure in private if failure.row is None and failure.place is not None})
    cells = sorted({(f.row, f.place) for f in private if f.row is not None and f.place is not None})
    emptied: dict[int, dict[int, str | None]] = {}
    for row, place in cells:
        emptied.setdefault(place, {})[row] = None
    frame = frame.with_columns(_retyped(frame, place, rows) for place, rows in emptied.items())
    plain = as_plain(opened, frame, whole)
    write_whole(out, lambda path: path.write_text(plain.csv, "utf-8", newline=""))
    dropped = [f"column {letters(place)}" for place in whole]
    dropped += [f"cell {letters(place)}{text.sheet_row(row)}" for row, place in cells]
    return Fixed(sorted(changes, key=_in_reading_order), plain.empty, dropped, plain.unrun)


def as_plain(opened: Opened, frame: pl.DataFrame, left_out: Collection[int] = ()) -> Plain:
    """Give a table as plain CSV: UTF-8, commas, decimal points, no empty row and no cell that a spreadsheet would run.

    `frame` is the text of its cells, by the place of their column (from 0), and `left_out` the places of columns that
    are not written.
    """
    text, alone = opened.text, left_alone(opened)
    commas = [n for n in _numbers(opened) if n not in alone] if opened.cast.decimal_comma else []
    blank = text.frame.select(pl.all_horizontal(pl.all().is_null()).alias("blank"))["blank"]
    kept = [(str(place), name) for place, name in enumerate(text.header) if name and place not in left_out]
    head = pl.DataFrame([[_safe(name)] for _, name in kept], schema=[place for place, _ in kept])
    written, unrun = [head.write_csv(include_header=False)], 0
    for start in range(0, frame.height, AT_ONCE):  # some rows at a time, as each step copies its rows
        rows = frame[start : start + AT_ONCE].filter(~blank[start : start + AT_ONCE])
        points = (pl.col(str(n)).str.replace(COMMA, "$1.$2") for n in commas)
        raw = rows.with_columns(points).select(place for place, _ in kept)
        unrun += sum(int(raw.select(_runs(name).sum()).item() or 0) for name in raw.columns)
        written.append(raw.with_columns(_unrun(name) for name in raw.columns).write_csv(include_header=False))
    return Plain("".join(written), [text.sheet_row(int(row)) for row in blank.arg_true()], unrun)


def left_alone(opened: Opened) -> set[int]:
    """Give the places of the columns in which nothing may be changed for anybody.

    They have a number of two readings, such as 1.200: a change elsewhere in the column would seem to prove one of them.
    """
    frame = opened.text.frame
    two = {n: unclear(column, ".") | unclear(column, ",") for n, column in _numbers(opened).items()}
    found = frame.select(read.any().alias(str(n)) for n, read in two.items()).row(0) if two else ()
    return {n for n, open_ in zip(two, found, strict=True) if open_}


def _numbers(opened: Opened) -> dict[int, Column]:
    """Give the columns of amounts by their place, which is their name while the table is text."""
    facts = columns(opened.model)
    named = {n: facts[name] for n, name in enumerate(opened.text.header) if name in facts}
    return {n: replace(column, name=str(n)) for n, column in named.items() if column.unit}


def _told(opened: Opened, private: list[Failure] | None) -> Iterator[Failure | None]:
    """Yield what can be fixed, some rows at a time, and None for what is added to `private`, where it is a list."""
    for several in in_turn(opened, []):
        for failure in several:
            if failure.rule in FIXABLE:
                yield failure
            elif private is not None and failure.rule in PRIVATE and failure.place is not None:
                private.append(failure)
                yield None


def _changed(
    opened: Opened, found: Iterator[Failure | None], times: Times | None, room: int | None
) -> tuple[pl.DataFrame, list[Change]]:
    """Give the table with every certain suggestion typed, and the list of them.

    Raises HypnicError as soon as what is changed and left out takes more than `room` bytes.
    """
    alone = left_alone(opened)
    text, facts = opened.text, columns(opened.model)
    clock = NightClock(text, opened.model)
    changes = [Change(f"{letters(text.header.index(n))}{text.top}", RuleId.COLUMN_UNKNOWN, n, n) for n in text.misspelt]
    typed: dict[int, dict[int, str | None]] = {}
    meant: dict[int, Meant | None] = {}
    left_out = 0
    for failure in found:
        left_out += failure is None
        if room is not None and (len(changes) + left_out) * CHANGE > room:
            message = (
                f"{named(text.path)}: more than {len(changes) + left_out - 1:,} cells would be changed, which takes"
                " more memory than it may; send it in parts, or give more with --memory"
            )
            raise HypnicError(message)
        if failure is None or failure.row is None or failure.column not in facts:
            continue
        place, column = text.header.index(failure.column), facts[failure.column]
        if place in alone:
            continue
        cell = text.frame.item(failure.row, place)
        better = timed(cell, column, times) if cell and times else None
        if place not in meant:  # looked up once for a column, or a long one takes a day
            meant[place] = Meant([text.column(place)]) if column.unit == "clock h" else None
        better = better or as_meant(cell, column, meant[place])
        if cell and column.unit == "clock h":
            better = clock.suggestion(failure.row, column, cell, times) or better
        if better is None or not better.certain or failure.row in typed.get(place, {}):
            continue
        typed.setdefault(place, {})[failure.row] = better.text
        said = better.text if shown(column) else None
        at = f"{letters(place)}{text.sheet_row(failure.row)}"
        changes.append(Change(at, failure.rule, failure.column, said, _old(cell, column)))
    return text.frame.with_columns(_retyped(text.frame, place, cells) for place, cells in typed.items()), changes


def _old(cell: str | None, column: Column) -> str | None:
    """Give what was typed before, where it may be printed."""
    if cell is None or len(cell) > SHORT or not cell.isprintable() or not shown(column) or private_value(cell, column):
        return None
    return cell


def _runs(name: str) -> pl.Expr:
    return pl.col(name).str.contains(RUNS.pattern) & ~pl.col(name).str.contains(f"^(?:{NUMBER.pattern})$")


def _unrun(name: str) -> pl.Expr:
    return pl.when(_runs(name)).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)


def _safe(cell: str) -> str:
    """Write a cell so that no spreadsheet runs it: an apostrophe before = + - and @, but for a number."""
    return f"'{cell}" if RUNS.match(cell) and not NUMBER.fullmatch(cell) else cell


def listed(changes: list[Change]) -> list[str]:
    """Say the changes, those that typed the same into a column on one line: `C2, C3 level leg_cramp: ja -> true`."""
    alike: dict[Change, list[str]] = {}
    for change in changes:
        alike.setdefault(change._replace(cell=""), []).append(change.cell)
    return [str(change._replace(cell=", ".join(cells))) for change, cells in alike.items()]


def _in_reading_order(change: Change) -> tuple[int, int, str]:
    row = change.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(row), len(change.cell), change.cell


def _retyped(frame: pl.DataFrame, place: int, cells: dict[int, str | None]) -> pl.Series:
    return frame[str(place)].scatter(list(cells), list(cells.values()))
