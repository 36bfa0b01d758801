"""A large table in one streaming pass: rows in which nothing can be wrong fall through, the others are kept as text.

What a row must be like is the pandera models' conditions, compiled to one polars query over the file. It may keep a row
that is sound, and never lets one through that is not: what is kept is judged by the same code as a small table, so that
the findings are the same, row for row. A file that is not as `hypnic` itself would write it is left to that code whole.
"""

from __future__ import annotations

import operator
import re
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.datasets.checking.amounts import AMOUNTS, FEWEST
from hypnic.datasets.checking.context import lazily_in_context
from hypnic.datasets.checking.marks import HOURS, candidate, proof
from hypnic.datasets.checking.types import typed_column
from hypnic.schemas import columns, conditions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.schemas import Table

ROW, RAW, KEY, BAD, BYTES = "row ", "raw ", "key ", "bad ", "bytes "  # no column of a table has a space
LONG = 6  # characters: a longer number is looked at closely by the privacy gate
DAYS = 2  # a clock that is never above may be one in parts of a day
BOM = b"\xef\xbb\xbf"
KEPT = 400_000  # rows that are kept as text at most


class Kept(NamedTuple):
    """What does not fall through: rows as text, with their numbers in the file (from 0).

    `whole` says, for each set of columns in which rows are looked at together, which rows have all of theirs here.
    `amounts` holds, for each column of amounts, as many of its largest as show a habit.
    """

    rows: pl.Series
    text: pl.DataFrame
    whole: dict[tuple[str, ...], pl.Series]
    amounts: pl.DataFrame


def keep(path: Path, model: type[Table], people: Sequence[pl.DataFrame]) -> Kept | None:
    """Keep the rows of a CSV in which something may be wrong; None where the file must be read otherwise.

    `people` are the participants' tables that rules on nights look into.
    """
    try:
        header = header_of(path, model)
        return None if header is None else _Sieve(path, model, header, people).kept()
    except pl.exceptions.PolarsError:  # not UTF-8, or a line with more cells than the header
        return None


def cells(path: Path, place: int) -> pl.Series:
    """Read one column of a file that was sifted, as text."""
    return _scan(path).select(pl.nth(place)).collect(engine="streaming").to_series()


def header_of(path: Path, model: type[Table]) -> list[str] | None:
    """Give the column names of a file that starts with them, each once and none but the model's; else None."""
    with path.open("rb") as file:
        first = file.readline(1 << 16).removeprefix(BOM)
    names = first.decode("utf-8", errors="replace").removesuffix("\n").split(",")
    core = {name for name, column in columns(model).items() if column.tier == "core"}
    sound = first.endswith(b"\n") and len({*names}) == len(names) and core <= {*names} <= model.names()
    return names if sound else None


def _scan(path: Path, row: str | None = None) -> pl.LazyFrame:
    return pl.scan_csv(
        path, infer_schema=False, quote_char=None, row_index_name=row, glob=False, truncate_ragged_lines=False
    )


class _Sieve:
    """The queries over one file."""

    def __init__(self, path: Path, model: type[Table], header: list[str], people: Sequence[pl.DataFrame]) -> None:
        self.path, self.raw = path, [RAW + name for name in header]
        self.facts = {name: columns(model)[name] for name in header}
        typed = [typed_column(column) for column in self.facts.values()]
        lazy = _scan(path, ROW).select(ROW, pl.col(header).name.prefix(RAW), *typed)
        self.lazy = lazily_in_context(lazy, people) if model.table_name() == "nights" else lazy
        names = self.lazy.collect_schema().names()
        self.rules = [condition for condition in conditions(model) if condition.runs_on(names)]
        groups = [rule.clause.group for rule in self.rules if rule.clause.group]
        self.groups = list(dict.fromkeys(group.by for group in groups))
        # Each kind of group by its number: the fewest rows that may be wrong, or what is true where all is well.
        self.least = {self.groups.index(group.by): group.least for group in groups if group.least}
        sums = [(self.groups.index(group.by), group.sound) for group in groups if group.sound is not None]
        self.sums = {at: pl.all_horizontal(one for n, one in sums if n == at) for at, _ in sums}
        # The columns of which the largest answers tell how the whole column was meant.
        self.amounts = [n for n, c in self.facts.items() if c.low is not None and n.startswith(AMOUNTS)]
        self.clocks = [name for name, column in self.facts.items() if column.unit == "clock h"]

    def kept(self) -> Kept | None:
        """Read the file once, then the lines that are kept."""
        every, total, *unsound = pl.collect_all(self._queries(), engine="streaming")
        totals = total.row(0, named=True)
        if not self._rectangle(totals) or self._parts_of_a_day(totals):
            return None
        if not every[ROW].is_sorted():  # a copy less, of 30 bytes a row, where it is
            every = every.sort(ROW)
        again = {at: _repeated(every[f"{KEY}{at}"], least) for at, least in self.least.items()}
        again |= {at: frame.to_series() for at, frame in zip(self.sums, unsound, strict=True)}
        whole = {at: every[f"{KEY}{at}"].is_in(keys.implode()).arg_true() for at, keys in again.items()}
        places = pl.concat([every[BAD].arg_true(), *whole.values()]).unique().sort()
        if places.len() > KEPT:
            return None
        text = self._lines(every[BYTES], places)
        if _odd(text):
            return None
        if proofs := self._proofs(text):
            places = pl.concat([places, pl.Series(proofs, dtype=places.dtype)]).unique().sort()
            text = self._lines(every[BYTES], places)
        there = {self.groups[at]: places.is_in(rows.implode()).arg_true() for at, rows in whole.items()}
        return Kept(places, text, there, self._habits(totals))

    def _lines(self, sizes: pl.Series, places: pl.Series) -> pl.DataFrame:
        """Read the rows at some places from the file: where each starts follows from how many bytes all cells have."""
        width = len(self.raw)
        ends = (sizes.cast(pl.Int64) + width).cum_sum().gather(places)
        starts = ends - sizes.gather(places).cast(pl.Int64) - width
        with self.path.open("rb") as file:
            file.readline()
            below = file.tell()
            lines = []
            for start, end in zip(starts, ends, strict=True):
                file.seek(below + start)
                lines.append(file.read(end - start).removesuffix(b"\n"))
        if not lines:
            return pl.DataFrame(schema={str(place): pl.String for place in range(width)})
        names = [str(place) for place in range(width)]
        return pl.read_csv(b"\n".join(lines), has_header=False, new_columns=names, infer_schema=False, quote_char=None)

    def _queries(self) -> list[pl.LazyFrame]:
        """Give all that is asked of the file: made of one query, so that it is read and typed once."""
        read = {name for sound in self.sums.values() for name in sound.meta.root_names()}
        keys = [self._key(at) for at in range(len(self.groups))]
        row_bytes = pl.sum_horizontal(pl.col(name).str.len_bytes() for name in self.raw)
        largest = sorted({*self.amounts, *self.clocks})
        asked = sorted(read | {*largest})
        every = self.lazy.select(ROW, *asked, *keys, self._suspicious().alias(BAD), row_bytes.alias(BYTES))
        many = ((pl.col(name) > 0).sum().alias(f"many {name}") for name in self.amounts)
        sums = ((f"{KEY}{at}", sound) for at, sound in self.sums.items())
        return [
            every.select(ROW, BAD, BYTES, pl.col(f"^{KEY}.*$")),
            every.select(pl.len().alias(ROW), pl.col(BYTES).sum(), *(pl.col(name).max() for name in largest), *many),
            *(every.group_by(key).agg(sound.alias(BAD)).filter(~pl.col(BAD)).select(key) for key, sound in sums),
        ]

    def _suspicious(self) -> pl.Expr:
        """Tell whether something may be wrong with a row, as far as it can be seen in the row alone."""
        broken = [~rule.clause.holds for rule in self.rules if not rule.clause.group]
        for name, column in self.facts.items():
            raw, typed = pl.col(RAW + name), pl.col(name)
            if column.kind not in {"text", "tokens"}:  # of those, every cell is judged by a condition
                broken.append(raw.is_not_null() & typed.is_null())
            if column.low is not None:
                broken.append(raw.str.len_bytes() > LONG)
            if column.kind == "number" and column.unit not in HOURS:
                broken.append(raw.str.contains(candidate(".")))
        return pl.any_horizontal(one.fill_null(value=False) for one in broken)

    def _rectangle(self, totals: dict[str, Any]) -> bool:
        """Whether all cells, with a mark after each, are as many bytes as the file; else some line has too few."""
        with self.path.open("rb") as file:
            marked = file.read(len(BOM)) == BOM
            size = file.seek(-1, 2) + 1
            ended = file.read(1) == b"\n"
        header = sum(len(name) - len(RAW) + 1 for name in self.raw)
        marks = totals[ROW] * len(self.raw)
        return bool(size == len(BOM) * marked + header + (totals[BYTES] or 0) + marks - (not ended))

    def _habits(self, totals: dict[str, Any]) -> pl.DataFrame:
        """Give the largest amount of each column, as often as shows a habit where so many are above 0."""
        many = {name: min(totals[f"many {name}"], FEWEST) for name in self.amounts}
        padded = {name: [totals[name]] * n + [None] * (FEWEST - n) for name, n in many.items()}
        return pl.DataFrame(padded, schema={name: self.facts[name].raw_dtype for name in many})

    def _parts_of_a_day(self, totals: dict[str, Any]) -> bool:
        """Whether some clock may be written in parts of a day: then its whole column is to be read."""
        return any(totals[name] is not None and totals[name] <= DAYS for name in self.clocks)

    def _key(self, at: int) -> pl.Expr:
        """Make one number of the columns that a group is alike in; null cells are alike too."""
        hashes = [pl.col(name).hash(seed) for seed, name in enumerate(self.groups[at]) if name in self.facts]
        return reduce(operator.xor, hashes).alias(f"{KEY}{at}")

    def _proofs(self, text: pl.DataFrame) -> list[int]:
        """Give rows that prove what the point stands for in a column, where a cell that is kept leaves it open."""
        found = []
        for place, (name, column) in enumerate(self.facts.items()):
            if column.low is None or column.unit in HOURS:
                continue
            if text[:, place].str.contains(candidate(".")).any():
                proofs = self.lazy.filter(pl.col(RAW + name).str.contains(f"^{proof(re.escape('.'))}$"))
                found += proofs.select(ROW).head(1).collect(engine="streaming").to_series().to_list()
        return found


def _odd(text: pl.DataFrame) -> bool:
    """Whether a cell holds what the ordinary reader takes for a mark of the file, or a row holds nothing."""
    marks = pl.any_horizontal(pl.all().str.contains('["\r\0]').any())
    return bool(text.select(marks | pl.all_horizontal(pl.all().is_null()).any()).item())


def _repeated(hashes: pl.Series, least: int) -> pl.Series:
    """Give the hashes that come at least so many times."""
    ordered = hashes.sort()
    return ordered.filter(ordered == ordered.shift(least - 1)).unique()
