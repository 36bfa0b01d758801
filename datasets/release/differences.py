"""What is other in a release than in an earlier one: people, cells, columns, rules and estimates; no token is named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.release.names import TABLES, stem
from hypnic.datasets.release.text import flat
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import shown_path

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "participants": ["participant_id"],
    "nights": ["participant_id", "night_index"],
    "missingness": ["participant_id", "night_index", "column"],
    "participant_choices": ["participant_id", "column", "token"],
    "flags": ["participant_id", "night_index", "rule"],
}
ESTIMATE = ["design", "analysis", "variant", "outcome", "exposure", "unit", "scale"]
NUMBERS = ("estimate", "conf_low", "conf_high")


class Cells(NamedTuple):
    """How many cells of a column are other, among the rows that both releases have."""

    table: str
    column: str
    revised: int
    appeared: int
    vanished: int


class Moved(NamedTuple):
    """An estimate that is another number, or that is there in one release only."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """Everything in which two releases differ; rules and columns by name, people and rows by number."""

    old: str
    new: str
    people_in: int
    people_out: int
    rows_in: dict[str, int]
    rows_out: dict[str, int]
    cells: tuple[Cells, ...]
    columns: tuple[str, ...]
    rules: tuple[str, ...]
    estimates: tuple[Moved, ...]
    estimates_compared: bool

    def lines(self) -> list[str]:
        """Say it in lines of text."""
        rows = [f"  {table}: {self.rows_in[table]:,} in, {self.rows_out[table]:,} out" for table in TABLES]
        cells = [
            f"  {one.table}.{one.column}: {one.revised:,} revised, {one.appeared:,} appeared, {one.vanished:,} vanished"
            for one in self.cells
        ]
        moved = [f"  {one.name}: {one.old} -> {one.new}" for one in self.estimates]
        return [
            f"{self.old} -> {self.new}",
            f"people: {self.people_in:,} in, {self.people_out:,} out",
            "rows:", *rows,
            "cells of rows that both have:", *(cells or ["  none differs"]),
            f"columns: {'; '.join(self.columns) or 'the same'}",
            f"rules: {'; '.join(self.rules) or 'the same'}",
            "estimates:", *(moved or ["  none moved" if self.estimates_compared else "  not in both releases"]),
        ]  # fmt: skip


def compare(old: Path, new: Path) -> Difference:
    """Compare two releases of one study, each a folder; raises HypnicError where they are none."""
    packages = [_package(folder) for folder in (old, new)]
    studies = [str(package["hypnic"]["study"]) for package in packages]
    if studies[0] != studies[1]:
        message = f"these are releases of two studies, {studies[0]} and {studies[1]}; name two of one"
        raise HypnicError(message)
    pairs = {table: tuple(_table(folder, studies[0], table) for folder in (old, new)) for table in TABLES}
    people = [set(frame["participant_id"]) for frame in pairs["participants"]]
    estimates = [frame for folder in (old, new) if (frame := _estimates(folder)) is not None]
    said = [f"{package['name']} ({package['version']})" for package in packages]
    return Difference(
        old=said[0], new=said[1],
        people_in=len(people[1] - people[0]), people_out=len(people[0] - people[1]),
        rows_in={table: _rows(table, after, before) for table, (before, after) in pairs.items()},
        rows_out={table: _rows(table, before, after) for table, (before, after) in pairs.items()},
        cells=tuple(one for table, (before, after) in pairs.items() for one in _cells(table, before, after)),
        columns=tuple(one for table, pair in pairs.items() for one in _named(table, *(one.columns for one in pair))),
        rules=_rules(*(package["hypnic"]["rules"] for package in packages)),
        estimates=_moved(*estimates) if len(estimates) == 2 else (),
        estimates_compared=len(estimates) == 2,
    )  # fmt: skip


def _package(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    try:
        return dict(json.loads((folder / "datapackage.json").read_text("utf-8")))
    except (OSError, ValueError):
        message = f"{shown_path(folder)}: this is no release of hypnic: it has no datapackage.json that can be read"
        raise HypnicError(message) from None


def _table(folder: Path, study: str, table: str) -> pl.DataFrame:
    path = folder / "data" / f"{stem(study, table)}.parquet"
    if not path.is_file():
        message = f"{shown_path(folder)}: this release is not whole: it has no data/{path.name}"
        raise HypnicError(message)
    return flat(pl.read_parquet(path)).with_columns(pl.selectors.enum().cast(pl.String))


def _rows(table: str, these: pl.DataFrame, those: pl.DataFrame) -> int:
    """Count the rows of one frame whose key the other does not have."""
    return these.join(those, on=KEYS[table], how="anti", nulls_equal=True).height


def _cells(table: str, before: pl.DataFrame, after: pl.DataFrame) -> list[Cells]:
    keys = KEYS[table]
    both = before.join(after, on=keys, how="inner", nulls_equal=True, suffix=" after")
    found = []
    for name in before.columns:
        if name in keys or name not in after.columns:
            continue
        was, now = pl.col(name), pl.col(f"{name} after")
        counts = both.select(
            (was != now).sum().alias("revised"),
            (was.is_null() & now.is_not_null()).sum().alias("appeared"),
            (was.is_not_null() & now.is_null()).sum().alias("vanished"),
        ).row(0)
        if any(counts):
            found.append(Cells(table, name, *counts))
    return found


def _named(table: str, before: list[str], after: list[str]) -> list[str]:
    gone = [f"{table}.{name} is gone" for name in before if name not in after]
    return gone + [f"{table}.{name} is new" for name in after if name not in before]


def _rules(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    words = {name: (before.get(name, "none"), after.get(name, "none")) for name in sorted({*before, *after})}
    return tuple(f"{name}: {was} -> {now}" for name, (was, now) in words.items() if was != now)


def _estimates(folder: Path) -> pl.DataFrame | None:
    """Read the estimates that a release carries, or that lie next to it; None where there are none."""
    found = [*sorted(folder.glob("*estimates.csv")), *sorted(folder.parent.glob(f"{folder.name}*estimates.csv"))]
    if not found:
        return None
    return pl.read_csv(found[0], infer_schema=False)


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> tuple[Moved, ...]:
    """Give the estimates of which a number, or whether there is one, is other: in the order of the later table."""
    said = pl.format("{} ({} to {})", *(pl.col(name).fill_null("none") for name in NUMBERS))
    shown = [
        frame.select(*(pl.col(name).fill_null("") for name in ESTIMATE), pl.when(pl.col("estimate").is_null()).then(
            pl.col("status")).otherwise(said).alias("said"))
        for frame in (before, after)
    ]  # fmt: skip
    whole = shown[1].join(
        shown[0], on=ESTIMATE, how="full", coalesce=True, suffix=" before", maintain_order="left_right"
    )
    other = whole.filter(pl.col("said").ne_missing(pl.col("said before")))
    return tuple(
        Moved(" ".join(filter(None, row[: len(ESTIMATE)])), row[-1] or "not there", row[-2] or "not there")
        for row in other.select(*ESTIMATE, "said", "said before").rows()
    )
