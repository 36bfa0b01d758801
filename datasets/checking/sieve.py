"""One block of a large table: rows in which nothing can be wrong fall through, the others are kept as text.

What a row must be like is the pandera models' conditions, as polars expressions over the typed block. It may keep a row
that is sound, and never lets one through that is not: what is kept is judged by the same code as a small table, so that
the findings are the same, row for row.
"""

from __future__ import annotations

import io
import operator
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.datasets.checking.amounts import AMOUNTS
from hypnic.datasets.checking.context import TOKEN, Context, looked_into
from hypnic.datasets.checking.marks import HOURS, candidate
from hypnic.datasets.checking.types import typed_column
from hypnic.datasets.checking.vocabulary import LONG, narrow
from hypnic.schemas import Nights, columns, conditions
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.checking.vocabulary import Words
    from hypnic.schemas import Column, Table
    from hypnic.schemas.tables import Condition

ROW, RAW, WHOLE, PERSON, BAD, MANY = "row ", "raw ", "whole ", "person ", "bad ", "many "  # no column has a space


class Judged(NamedTuple):
    """What is kept of a block of `rows` rows, packed; the hash of each participant in it; and the largest amounts.

    `kept` unpacks to a row's number in the block (`ROW`), its participant's hash (`PERSON`), for each kind of group
    whether all rows of its group are there (`WHOLE` and the group's number), and its cells as text, by their places.
    """

    rows: int
    kept: bytes
    people: pl.Series
    largest: dict[str, Any]
    known: pl.DataFrame | None = None


def packed(frame: pl.DataFrame) -> bytes:
    """Hold a frame in a tenth of its memory."""
    if frame.is_empty():
        return b""
    into = io.BytesIO()
    frame.write_ipc(into, compression="lz4")
    return into.getvalue()


class Test(NamedTuple):
    """Whether all rows of a block hold to something, and which do not."""

    all_hold: pl.Expr
    broken: pl.Expr


class Sieve:
    """What the rows of a table are held to, block by block."""

    def __init__(self, model: type[Table], header: Sequence[str], people: Sequence[pl.DataFrame]) -> None:
        self.model, self.header = model, tuple(header)
        self.facts = {name: columns(model)[name] for name in header}
        self._context = Context(people) if model is Nights else None
        named = [*header, *([] if self._context is None else self._context.around(self._nobody()).columns)]
        self.rules = [condition for condition in conditions(model) if condition.runs_on(named)]
        groups = [rule.clause.group for rule in self.rules if rule.clause.group]
        self.groups = list(dict.fromkeys(group.by for group in groups))
        # Each kind of group by its number: the fewest rows that may be wrong, or what is true where all is well.
        self.least = {self.groups.index(group.by): group.least for group in groups if group.least}
        sums = [(self.groups.index(group.by), group.sound) for group in groups if group.sound is not None]
        self.sums = {at: pl.all_horizontal(one for n, one in sums if n == at) for at, _ in sums}
        # The columns of which the largest answers tell how the whole column was meant.
        self.amounts = [n for n, c in self.facts.items() if c.low is not None and n.startswith(AMOUNTS)]
        self.clocks = [name for name, column in self.facts.items() if column.unit == "clock h"]
        self._made: dict[tuple[Any, ...], list[Test]] = {}

    def _nobody(self) -> pl.DataFrame:
        return pl.DataFrame(schema={TOKEN: pl.String})

    def judge(self, raw: pl.DataFrame, words: Words | None = None) -> Judged:
        """Sift a block: columns in the order of the header, as text, as one of `words`, or as the file types them."""
        typed = self.typed(raw, words)
        if self._context is not None:
            typed = self._context.around(typed)
        keys = self.keys(typed)
        whole = {at: rows for at, rows in self.together(typed, keys).items() if rows.len()}
        people = keys[PERSON]
        first = people.ne_missing(people.shift()).arg_true()  # rows of a participant lie together
        places = pl.concat([self._suspicious(typed, first), *whole.values()]).unique().sort()
        kept = self.text(raw, places).with_columns(people[places].alias(PERSON), *self.flags(places, whole))
        known = typed.select(TOKEN, pl.col("^(" + "|".join(looked_into()) + ")$")) if self.model is not Nights else None
        return Judged(raw.height, packed(kept), people[first].unique(), self._largest(typed), known)

    def flags(self, places: pl.Series, whole: dict[int, pl.Series]) -> list[pl.Series]:
        """Say of some rows, for each kind of group, whether they are among those of which all are kept."""
        none = pl.Series(dtype=places.dtype)
        return [places.is_in(whole.get(at, none).implode()).alias(f"{WHOLE}{at}") for at in range(len(self.groups))]

    def text(self, raw: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
        """Give some rows as text."""
        cells = raw[places].select(pl.all().cast(pl.String)).rename(dict(zip(raw.columns, self.places, strict=True)))
        return cells.with_columns(pl.when(pl.all() != "").then(pl.all())).with_columns(places.alias(ROW))

    @property
    def places(self) -> list[str]:
        """The columns of kept text, named by their places."""
        return [str(place) for place in range(len(self.header))]

    def typed(self, raw: pl.DataFrame, words: Words | None = None) -> pl.DataFrame:
        """Type columns of a block, with the text next to each in which something may be lost by it."""
        read = [self._typed_column(raw[name], self.facts[name], words) for name in raw.columns]
        return raw.select(expr for several in read for expr in several)

    def _typed_column(self, cells: pl.Series, column: Column, words: Words | None) -> list[pl.Expr]:
        name, cell = column.name, pl.col(column.name)
        if isinstance(cells.dtype, pl.Enum) and cells.dtype == column.raw_dtype:
            return [cell]
        if isinstance(cells.dtype, pl.Enum) and words is not None:
            values = words.values(name)
            typed = pl.lit(values).gather(cell.to_physical()).alias(name)
            return [typed, *([cell.alias(RAW + name)] if values.null_count() else [])]
        if column.kind == "integer" and cells.dtype.is_integer():
            return [cell.cast(narrow(column), strict=False), cell.alias(RAW + name)]
        if column.kind == "number" and (cells.dtype.is_integer() or cells.dtype.is_float()):
            return [pl.when(cell.is_finite()).then(cell.cast(pl.Float64)), cell.alias(RAW + name)]
        text = cell.cast(pl.String)
        text = pl.when(text != "").then(text) if cells.dtype != pl.String else text
        if column.kind in {"text", "tokens"}:
            return [text]
        dtype = narrow(column)
        typed = typed_column(column) if dtype == column.raw_dtype else cell.cast(dtype, strict=False)
        return [typed, text.alias(RAW + name)]

    def _suspicious(self, typed: pl.DataFrame, first: pl.Series) -> pl.Series:
        """Give the rows with which something may be wrong, as far as it can be seen in the row alone."""
        schema = typed.schema
        tests = self._tests(tuple(schema.get(RAW + name) for name in self.header))
        asked = typed.lazy().select(test.all_hold.alias(str(at)) for at, test in enumerate(tests))
        hold = asked.collect(engine="in-memory").row(0)  # lazy, so that what several rules ask is worked out once
        broken = [test.broken for test, all_hold in zip(tests, hold, strict=True) if not all_hold]
        broken += [
            ~rule.clause.holds for rule in self.rules if self._of_text(rule) and not self._hold(typed, rule, first)
        ]
        if not broken:
            return pl.Series(dtype=pl.UInt32)
        return typed.select(pl.any_horizontal(one.fill_null(value=False) for one in broken).arg_true()).to_series()

    def _tests(self, kinds: tuple[pl.DataType | None, ...]) -> list[Test]:
        """Give what is asked of rows whose columns have a text of these types next to them, or none."""
        texts = {
            name: pl.Enum if isinstance(kind, pl.Enum) else kind for name, kind in zip(self.header, kinds, strict=True)
        }
        key = tuple(texts.values())
        if key not in self._made:
            self._made[key] = self._asked_of(texts)
        return self._made[key]

    def _asked_of(self, texts: dict[str, Any]) -> list[Test]:
        # A number or a word that was parsed as one of those allowed has nothing wrong with it; but it may be blank.
        known = {
            name for name, column in self.facts.items()
            if column.kind not in {"text", "tokens"} and texts[name] in {None, pl.Enum}
        }  # fmt: skip
        alone = [
            rule.clause.holds for rule in self.rules
            if not rule.clause.group and not self._of_text(rule)
            and not (rule.of_cell and rule.clause.column in known and rule.rule != RuleId.REQUIRED)
        ]  # fmt: skip
        tests = [Test(holds.all(), ~holds) for holds in alone]
        for name, column in self.facts.items():
            raw, cell = pl.col(RAW + name), pl.col(name)
            dtype = texts[name]
            # Of text every cell is judged by a condition; words that were read as such are allowed.
            if dtype in {None, narrow(column)}:
                continue
            lost = raw.is_not_null() & cell.is_null()
            tests.append(Test(~lost.any(), lost))
            if dtype == pl.String and column.low is not None:
                tests.append(Test(raw.str.len_bytes().max().fill_null(0) <= LONG, raw.str.len_bytes() > LONG))
            if dtype == pl.String and column.kind == "number" and column.unit not in HOURS:
                either = raw.str.contains(candidate("."))
                tests.append(Test(~either.any(), either))
        return tests

    def _of_text(self, rule: Condition) -> bool:
        column = self.facts.get(rule.clause.column)
        return rule.of_cell and column is not None and column.kind == "text"

    def _hold(self, typed: pl.DataFrame, rule: Condition, first: pl.Series) -> bool:
        """Whether a column of text is as it must be: a token, in the first of several rows of a participant."""
        texts = typed[rule.clause.column]
        texts = texts[first] if texts.name == TOKEN else texts
        return bool(texts.to_frame().select(rule.clause.holds.all()).item())

    def keys(self, typed: pl.DataFrame) -> pl.DataFrame:
        """Make one number of the columns that each kind of group is alike in; null cells are alike too."""
        keys = {f"{at}": self._key(by) for at, by in enumerate(self.groups)}
        return typed.select(self._key((TOKEN,)).alias(PERSON), **keys)

    def _key(self, by: tuple[str, ...]) -> pl.Expr:
        return reduce(operator.xor, [pl.col(name).hash(seed) for seed, name in enumerate(by) if name in self.facts])

    def together(self, typed: pl.DataFrame, keys: pl.DataFrame) -> dict[int, pl.Series]:
        """Give, for each kind of group, the rows of groups with which something may be wrong."""
        found = {}
        for at, least in self.least.items():
            again = _repeated(keys[str(at)], least)
            found[at] = keys[str(at)].is_in(again.implode()).arg_true() if again.len() else pl.Series(dtype=pl.UInt32)
        for at, sound in self.sums.items():
            summed = typed.select(*sorted(set(sound.meta.root_names())), keys[str(at)].alias(PERSON))
            wrong = summed.group_by(PERSON).agg(sound.alias(BAD)).filter(~pl.col(BAD))[PERSON]
            found[at] = keys[str(at)].is_in(wrong.implode()).arg_true() if wrong.len() else pl.Series(dtype=pl.UInt32)
        return found

    def needed(self) -> list[str]:
        """Name the columns that `together` looks into."""
        read = {name for by in self.groups for name in by}
        read |= {name for sound in self.sums.values() for name in sound.meta.root_names()}
        return [name for name in self.header if name in read]

    @cached_property
    def _asked(self) -> list[pl.Expr]:
        largest = [pl.col(name).max() for name in sorted({*self.amounts, *self.clocks})]
        return [*largest, *((pl.col(name) > 0).sum().alias(MANY + name) for name in self.amounts)]

    def _largest(self, typed: pl.DataFrame) -> dict[str, Any]:
        return typed.select(self._asked).row(0, named=True) if self._asked else {}


def _repeated(hashes: pl.Series, least: int) -> pl.Series:
    """Give the hashes that come at least so many times."""
    ordered = hashes.sort(multithreaded=False)  # a block to each thread: half the work of sharing one
    return ordered.filter(ordered == ordered.shift(least - 1)).unique()
