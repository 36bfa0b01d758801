"""Large tables among those that are checked: sifted block by block, in as much memory as is allowed."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.datasets.checking.amounts import FEWEST
from hypnic.datasets.checking.blocks import Block, Layout, OtherwiseMadeError, cut, layout
from hypnic.datasets.checking.clocks import BARE, Unmarked, unmarked
from hypnic.datasets.checking.engines import Threads
from hypnic.datasets.checking.kept import PART, Kept, Sifted
from hypnic.datasets.checking.parts import parts_of
from hypnic.datasets.checking.proofs import proofs
from hypnic.datasets.checking.sieve import MANY, PERSON, ROW, WHOLE
from hypnic.datasets.checking.suggestions import Meant
from hypnic.datasets.checking.tasks import Task, cells, gathered, judged, keyed, sieve_of
from hypnic.datasets.reading.columnar import COLUMNAR
from hypnic.datasets.reading.limits import MEMORY
from hypnic.schemas import columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hypnic.datasets.checking.engines import Engine

HUNDRED = 100  # from it on a clock time may be hours and minutes without a mark
DAYS = 2  # a clock that is never above may be one in parts of a day
BATCH = 200_000  # rows that are judged at once
UNPACKED = 32  # times its packed bytes that what was kept may take, with what is made of it
HELD = 24  # times its bytes that a block takes while it is sifted
KEY = 64  # bytes that a row takes while the rows of a participant are looked for all over the file
LEAST, MOST = 1 << 20, 24 << 20  # bytes of a block


def sift(
    path: Path, people: Sequence[pl.DataFrame], memory: int | None = None, engine: Engine | None = None
) -> Sifting | None:
    """Read a large table in one pass; None where it has to be read whole."""
    laid = layout(parts_of(path))
    try:
        return None if laid is None else _sifting(path, laid, people, memory or MEMORY, engine or Threads())
    except OtherwiseMadeError:
        return None


def _sifting(path: Path, laid: Layout, people: Sequence[pl.DataFrame], memory: int, engine: Engine) -> Sifting | None:
    size = min(max(memory // HELD // engine.abreast, LEAST), MOST)
    task = Task(laid, tuple(people), int.from_bytes(os.urandom(8)))
    sifting = Sifting(path, parts_of(path), laid, task, memory, engine)
    sifting.take(list(cut(sifting.parts, laid, size)))
    return sifting if sifting.sound() else None


class Sifting:
    """What was kept of a table, packed, with what must be known of it whole."""

    def __init__(  # noqa: PLR0913, PLR0917 -- each is its own
        self, path: Path, parts: tuple[Path, ...], laid: Layout, task: Task, memory: int, engine: Engine
    ) -> None:
        self.path, self.parts, self.laid = path, parts, laid
        self._task, self._memory, self._engine = task, memory, engine
        self._sieve = sieve_of(task)
        self._facts = columns(laid.model)

    def take(self, blocks: list[Block]) -> None:
        """Go through the file once; and once more where rows of one participant lie far apart."""
        found = list(self._engine.map(partial(judged, self._task), blocks))
        self._blocks, self._kept = blocks, [[one.kept] for one in found]
        self._rows = [one.rows for one in found]
        self._starts = self._numbered()
        self._largest = self._combined([one.largest for one in found])
        self.known = (
            pl.concat(one.known for one in found if one.known is not None) if found[0].known is not None else None
        )
        every = pl.concat(one.people for one in found).sort()
        self._apart = every.filter(every == every.shift()).unique()
        if self._apart.len():
            self._look_again([one.people.filter(one.people.is_in(self._apart.implode())) for one in found])

    def _numbered(self) -> list[int]:
        """Give the row of its file that each block starts at."""
        so_far: Counter[int] = Counter()
        starts = []
        for block, count in zip(self._blocks, self._rows, strict=True):
            starts.append(so_far[block.part])
            so_far[block.part] += count
        return starts

    def _combined(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        """Give the largest of the largest, and the sum of what was counted."""
        names = found[0]
        there = {name: [one[name] for one in found if one[name] is not None] for name in names}
        return {n: sum(told) if n.startswith(MANY) else max(told, default=None) for n, told in there.items()}

    def _look_again(self, people: list[pl.Series]) -> None:
        """Find the rows that must be looked at together of those participants who are in several blocks."""
        slices = max(1, -(-self._rows_apart(people) * KEY // self._memory))
        wanted: list[list[pl.DataFrame]] = [[] for _ in self._blocks]
        for turn in range(slices):
            some = [one.filter(one % slices == turn) for one in people]
            asked = [(at, (self._blocks[at], one)) for at, one in enumerate(some) if one.len()]
            keys = self._engine.map(partial(keyed, self._task), [one for _, one in asked])
            frame = pl.concat(
                key.with_columns(pl.lit(at, pl.UInt32).alias("at ")) for (at, _), key in zip(asked, keys, strict=True)
            )
            together = self._sieve.together(frame, frame)
            places = pl.concat(together.values()).unique().sort()
            rows = frame[places].select("at ", ROW, PERSON).with_columns(self._sieve.flags(places, together))
            for (at,), own in rows.group_by("at "):
                wanted[int(str(at))].append(own.drop("at "))
        asked_rows = [(at, (self._blocks[at], pl.concat(own))) for at, own in enumerate(wanted) if own]
        texts = self._engine.map(partial(gathered, self._task), [one for _, one in asked_rows])
        for (at, _), text in zip(asked_rows, texts, strict=True):
            self._kept[at].append(text)

    def _rows_apart(self, people: list[pl.Series]) -> int:
        """Bound the rows that are looked at again."""
        return sum(rows for rows, one in zip(self._rows, people, strict=True) if one.len())

    def sound(self) -> bool:
        """Whether the kept rows tell all: else the table is to be read otherwise, or whole."""
        clocks = [self._largest[name] for name in self._sieve.clocks]
        if any(most is not None and most <= DAYS for most in clocks):  # then the whole column is to be read
            return False
        if any(map(self._in_digits, self._sieve.clocks)):
            return False
        packed_apart = all(part.suffix in COLUMNAR for part in self.parts)
        return not any(self._odd(text, marks=not packed_apart) for text in self._texts())

    def _in_digits(self, name: str) -> bool:
        """Whether clock times of a column are typed as 2315: next to them 30 is no hour. All but numbers are kept."""
        most, cells = self._largest[name], pl.col(str(self.laid.header.index(name)))
        if most is None or most < HUNDRED:
            return False
        others = cells.is_null() | ~cells.str.contains(BARE)
        counted = (unmarked(cells)["digits"].alias("digits"), others.sum().alias("others"))
        digits, others = pl.concat(text.select(counted) for text in self._texts()).sum().row(0)
        return bool(Unmarked(digits, sum(self._rows) - others))

    def _odd(self, text: pl.DataFrame, *, marks: bool) -> bool:
        """Whether a cell holds what the ordinary reader takes for a mark of the file, or a row holds nothing."""
        every = pl.col(self._sieve.places)
        odd = pl.all_horizontal(every.is_null()).any()
        return bool(text.select(odd | pl.any_horizontal(every.str.contains('["\r\0]').any()) if marks else odd).item())

    def _texts(self) -> Iterator[pl.DataFrame]:
        yield from self._all if self._few else self._unpacked()

    @cached_property
    def _few(self) -> bool:
        return sum(len(one) for kept in self._kept for one in kept) * UNPACKED <= self._memory

    @cached_property
    def _all(self) -> list[pl.DataFrame]:
        return list(self._unpacked())

    def _unpacked(self) -> Iterator[pl.DataFrame]:
        for at in range(len(self._blocks)):
            if (text := self._text(at)) is not None:
                yield self._placed(at, text)

    def _placed(self, at: int, text: pl.DataFrame) -> pl.DataFrame:
        """Say where the rows of a block stand: in which file, and in which row of it."""
        place = (pl.col(ROW).cast(pl.Int64) + self._starts[at]).alias(ROW)
        return text.with_columns(place, pl.lit(self._blocks[at].part, pl.UInt32).alias(PART))

    def _text(self, at: int) -> pl.DataFrame | None:
        """Unpack what was kept of a block."""
        alone, *again = self._kept[at]
        several = [pl.read_ipc(one) for one in again]
        flags = pl.col(f"^{WHOLE}.*$")
        if alone:  # what one block says of participants who are in several is not the whole
            several.insert(0, pl.read_ipc(alone).with_columns(flags & ~pl.col(PERSON).is_in(self._apart.implode())))
        if not several:
            return None
        if len(several) == 1:
            return several[0]
        every = pl.concat(several, how="diagonal")
        return (
            every.group_by(ROW, maintain_order=False)
            .agg(flags.any(), pl.exclude(ROW, f"^{WHOLE}.*$").first())
            .sort(ROW)
        )

    def empty(self) -> Sifted:
        """Give the table without a row."""
        return Sifted(
            self.path,
            self.laid.header,
            pl.DataFrame(schema=self._schema()).select(self._sieve.places),
            b"",
            parts=self.parts,
        )

    def batches(self) -> Iterator[Kept]:
        """Yield what was kept, some 200,000 rows at a time; all rows of a participant at once."""
        number = max(1, -(-self._count // BATCH))
        guests = self._guests
        for turn in range(number):
            some = [text if number == 1 else text.filter(pl.col(PERSON) % number == turn) for text in self._texts()]
            rows = pl.concat([*some, guests], how="diagonal") if some else guests
            amounts = self._habits() if not turn else pl.DataFrame()
            whole = {
                by: rows[f"{WHOLE}{at}"].fill_null(value=False).arg_true() for at, by in enumerate(self._sieve.groups)
            }
            frame, places = rows.select(self._sieve.places), rows.select(PART, ROW)
            text = Sifted(self.path, self.laid.header, frame, b"", parts=self.parts, places=places)
            yield Kept(text, whole, amounts, guests.height)

    @cached_property
    def _count(self) -> int:
        return sum(text.height for text in self._texts())

    @cached_property
    def _guests(self) -> pl.DataFrame:
        """Find rows that prove what a mark stands for in a column, where a cell that is kept leaves it open."""
        found = proofs(self._task, self._blocks, self._texts())
        return pl.concat(
            [pl.DataFrame(schema=self._schema()), *(self._placed(at, text) for at, text in found)], how="diagonal"
        )

    def _schema(self) -> dict[str, type[pl.DataType]]:
        flags = {f"{WHOLE}{at}": pl.Boolean for at in range(len(self._sieve.groups))}
        text: dict[str, type[pl.DataType]] = dict.fromkeys(self._sieve.places, pl.String)
        return text | {ROW: pl.Int64, PERSON: pl.UInt64, **flags, PART: pl.UInt32}

    def _habits(self) -> pl.DataFrame:
        """Give the largest amount of each column, as often as shows a habit where so many are above 0."""
        many = {name: min(self._largest[MANY + name], FEWEST) for name in self._sieve.amounts}
        padded = {name: [self._largest[name]] * n + [None] * (FEWEST - n) for name, n in many.items()}
        return pl.DataFrame(padded, schema={name: self._facts[name].raw_dtype for name in many})

    @cache  # noqa: B019 -- it lives as long as the check
    def meant(self, place: int) -> Meant:
        """Tell how the clock times of the column at a place are meant; its cells are read where that matters."""
        several = (cells(self._task, block, self.laid.header[place]) for block in self._blocks)
        return Meant(several, in_parts=False)  # else the table would have been read whole
