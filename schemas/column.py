"""What is known of one column: the facts that a pandera `Field` carries, how to declare them and to read them back."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pandera.polars as pa
import polars as pl

from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["text", "flag", "integer", "number", "choice", "tokens"]
Tier = Literal["core", "extended"]
Privacy = Literal["key", "quasi-identifier", "sensitive", "habit", "ordinary"]

# Why an answer is missing, by the code that stands for it in a raw file.
CODES = {-7: "not asked", -8: "do not know", -9: "refused"}
REASONS = {"-7": "routing", "-8": "dont_know", "-9": "refused"}
# What was taken away before a table was published, in words and in numbers: valid in publishable files alone.
WITHHELD, WITHHELD_CODE = "withheld", -6
REASONS |= {str(WITHHELD_CODE): WITHHELD, WITHHELD: WITHHELD}
ANY = "any answer"
Pairs = tuple[tuple[str, str], ...]
EXCLUSIVE = ("none", "undisclosed")
ALL_CODES = tuple(CODES)
ASKED_CODES = tuple(code for code in CODES if code != -7)  # of a question that everybody is asked


@dataclass(frozen=True)
class Routing:
    """When a question is asked: `on` tells, `asked` and `skipped` are conditions such as `> 0` or `= no`.

    `given` and `absent` name the rule that a cell breaks when the question was asked and has no answer,
    or was not asked and has one.
    """

    on: str
    asked: str
    skipped: str
    given: RuleId = RuleId.REQUIRED
    absent: RuleId | None = None

    def expr(self, condition: str) -> pl.Expr:
        """Turn `= yes`, `!= none` or `> 0` into a polars expression on the column `on`."""
        sign, word = condition.split()
        column = pl.col(self.on)
        match sign:
            case "=":
                return column == (float(word) if word.isdigit() else word)
            case "!=":
                return ~column.cast(pl.String).is_in([word, "-7", "refused", "undisclosed"])
            case _:
                return column > float(word)

    def __str__(self) -> str:
        """Say it as the instrument does: `jerk_ever = yes`."""
        return f"{self.on.removeprefix('participants.')} {self.asked}"


@dataclass(frozen=True)
class Released:
    """What becomes of a column where it is published; it is published as typed where nothing else is said.

    `kept` is false where it is never published. A number goes to the nearest `step` (one above zero to the first step
    at least) and to `top` at most. `merged` gives words another name, or none at all; `rare` is the word for those that
    fewer than ten people have. Where people can be known by a column, `place` is its place in the order in which answers
    are coarsened; then `coarser` are the rungs of its ladder, words and what they become, and `end` is where it ends.
    No class of people may all have the same answer of a column that is `telling`: any (`ANY`), or this word.
    """

    kept: bool = True
    step: float | None = None
    top: float | None = None
    merged: Pairs = ()
    rare: str = ""
    place: int = 0
    coarser: tuple[Pairs, ...] = ()
    end: str = WITHHELD
    telling: str = ""


@dataclass(frozen=True)
class Column:
    """The facts of one column, as its `Field` metadata holds them.

    `released` says what becomes of it where it is published; `withheld` is true in the publishable form alone.
    """

    kind: Kind
    tier: Tier
    question: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    pattern: str | None = None
    options: tuple[str, ...] = ()
    ordered: bool = False
    codes: tuple[int, ...] = ()
    missing: str | None = None
    required: bool = True
    routing: Routing | None = None
    privacy: Privacy = "ordinary"
    hint: str = ""
    range_rule: RuleId = RuleId.RANGE
    released: Released = Released()
    withheld: bool = False
    name: str = ""
    title: str = ""
    description: str = ""

    @property
    def missing_words(self) -> tuple[str, ...]:
        """Every word of a raw file that stands for a missing answer in this column."""
        routed = ("-7",) if self.routing and self.kind in {"choice", "tokens"} else ()
        named = (self.missing,) if self.missing else ()
        withheld = (WITHHELD,) if self.withheld and self.kind not in {"integer", "number"} else ()
        return (*named, *(str(code) for code in self.codes), *routed, *withheld)

    @property
    def raw_codes(self) -> tuple[float, ...] | tuple[str, ...]:
        """Every missing answer as the raw column holds it: numbers in a number, words elsewhere."""
        match self.kind:
            case "integer":
                return self.codes
            case "number":
                return tuple(float(code) for code in self.codes)
            case _:
                return self.missing_words

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that the raw column may hold, in order; empty for numbers and free patterns."""
        options = ("false", "true") if self.kind == "flag" else self.options
        if not options:
            return ()
        return (*options, *(word for word in self.missing_words if word not in options))

    @property
    def raw_dtype(self) -> pl.DataType:
        """The polars type of the raw column, missing codes included."""
        return {
            "integer": pl.Int64(),
            "number": pl.Float64(),
            "flag": pl.Enum(self.words),
            "choice": pl.Enum(self.words),
        }.get(self.kind, pl.String())

    @property
    def clean_dtype(self) -> pl.DataType:
        """The polars type an analyst gets: missing codes are null, flags are Boolean, tokens are lists."""
        levels = pl.Enum([word for word in self.options if word not in self.missing_words])
        clean = {"flag": pl.Boolean(), "choice": levels, "tokens": pl.List(levels)}
        return clean.get(self.kind, self.raw_dtype)


def field(title: str, facts: Column, description: str = "") -> Any:
    """Make the pandera `Field` that carries `facts`; nullable, because a blank is a rule's business."""
    kwargs: Any = {"dtype_kwargs": {"categories": list(facts.words)}} if facts.kind in {"flag", "choice"} else {}
    return pa.Field(nullable=True, title=title, description=description or title, metadata=_plain(facts), **kwargs)


def text(title: str, question: str, pattern: str, **facts: Any) -> Any:
    """Declare a text column that must match `pattern` whole."""
    return field(title, Column("text", _tier(facts), question, pattern=pattern, **facts))


def flag(title: str, question: str, *codes: int, **facts: Any) -> Any:
    """Declare a column of `true`, `false` and missing codes."""
    return field(title, Column("flag", _tier(facts), question, codes=codes, **facts))


def whole(title: str, question: str, unit: str, low: int, high: int, **facts: Any) -> Any:
    """Declare a column of whole numbers from `low` to `high`, in `unit`."""
    facts.setdefault("codes", _codes(facts))
    return field(title, Column("integer", _tier(facts), question, unit=unit, low=low, high=high, **facts))


def number(title: str, question: str, unit: str, low: float, high: float, **facts: Any) -> Any:
    """Declare a column of decimal numbers from `low` to `high`, in `unit`."""
    facts.setdefault("codes", _codes(facts))
    return field(title, Column("number", _tier(facts), question, unit=unit, low=low, high=high, **facts))


def choice(title: str, question: str, *options: str, **facts: Any) -> Any:
    """Declare a column that holds one of `options`."""
    return field(title, Column("choice", _tier(facts), question, options=options, **facts))


def tokens(title: str, question: str, *options: str, **facts: Any) -> Any:
    """Declare a column that holds any of `options`, sorted and joined by `|`."""
    return field(title, Column("tokens", _tier(facts), question, options=options, **facts))


def _codes(facts: dict[str, Any]) -> tuple[int, ...]:
    """Give a number's codes: -7 (not asked) only where somebody may not be asked."""
    return ALL_CODES if facts.get("routing") or not facts.get("required", True) else ASKED_CODES


def _tier(facts: dict[str, Any]) -> Any:
    return "core" if facts.pop("core", False) else "extended"


@cache
def columns(model: type[pa.DataFrameModel]) -> dict[str, Column]:
    """Read every column's facts back from a pandera model, in table order.

    >>> from hypnic.schemas import Nights
    >>> columns(Nights)["jerk_count"].high
    50
    """
    return columns_of(model.to_schema())


def columns_of(schema: Any) -> dict[str, Column]:
    """Read every column's facts back from a built pandera schema."""
    return {
        name: Column(**column.metadata, name=name, title=column.title, description=column.description)
        for name, column in schema.columns.items()
    }


@cache
def dtypes(model: type[pa.DataFrameModel]) -> dict[str, pl.DataType]:
    """Give the polars type of each column of a pandera model, in table order."""
    return {name: column.dtype.type for name, column in model.to_schema().columns.items()}


def _plain(facts: Column) -> dict[str, Any]:
    values = {item.name: getattr(facts, item.name) for item in dataclass_fields(facts)}
    values["hint"] = facts.hint or what_to_type(facts, asked=facts.required and facts.routing is None)
    return {key: value for key, value in values.items() if key not in {"name", "title", "description"}}


def what_to_type(facts: Column, *, asked: bool = False) -> str:
    """Say what to type, from the facts alone; who was `asked` cannot type that they were not."""
    codes = [code for code in facts.codes if code != -7 or not asked]
    words = [word for word in facts.words if word != "-7" or not asked]
    if facts.kind in {"integer", "number"}:
        what = "a whole number" if facts.kind == "integer" else "a number"
        unit = f" ({facts.unit})" if facts.unit else ""
        step = f" in steps of {facts.step:g}" if facts.step else ""
        return f"type {what} from {facts.low:g} to {facts.high:g}{unit}{step}{_or_codes(codes)}"
    if facts.kind == "tokens":
        return f"type one or more of {', '.join(words)}, in alphabetical order, with | between them"
    named = [word for word in words if not word.startswith("-")]
    codes = [int(word) for word in words if word.startswith("-")]
    return f"type {' or '.join(named)}{_or_codes(codes)}" if len(named) <= 12 else f"type one of the {len(named)} codes"


def _or_codes(codes: Sequence[int]) -> str:
    return "".join(f", or {code} ({CODES[code]})" for code in codes if code in CODES)
