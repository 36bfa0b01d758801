"""What to type instead of a cell that cannot stand: the exact replacement, wherever there is only one."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.checking.clocks import Unmarked, clock, digits, hour, in_digits, in_parts_of_a_day, part_of_a_day
from hypnic.datasets.checking.durations import duration
from hypnic.datasets.checking.marks import both, either
from hypnic.datasets.checking.suggestion import UNITS, Suggestion, stands, unit_of
from hypnic.datasets.checking.terms import missing_code, one_word, tokens
from hypnic.datasets.checking.times import as_minutes, fewer_minutes
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from hypnic.datasets.checking.times import Times
    from hypnic.schemas import Column

# Rules that speak of the spelling of one cell.
FIXABLE = frozenset({RuleId.TYPE, RuleId.LEVEL, RuleId.PATTERN, RuleId.RANGE, RuleId.STEP, RuleId.P06, RuleId.DAY_PART})
HIDDEN = frozenset({"key", "quasi-identifier", "sensitive"})  # privacy classes whose words are not echoed

WHOLE = re.compile(r"(-?\d{1,2})[.,](?:0{1,2}|0{4,6})|(-?0)[.,]000")  # of a whole number; 2.000 may be thousands
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ '\u2019]\d{3})+")  # neither mark ever stands before decimals
AMOUNT = re.compile(r"(?P<sign>[-+\u2212]?)(?P<whole>\d{1,4})(?:(?P<mark>[.,])(?P<part>\d{1,4}))?\s*(?P<unit>\D.*)?")


ODD = re.compile(r"#[^\W\d_]{1,12}(?:/[^\W_]{1,3})?[!?]?")  # as #N/A, #DIV/0! or #NV
ERROR = "this is the error of a spreadsheet's formula, not an answer: fix the formula, or type the answer"
STRANGE = {
    "#MERGED!": "this cell is merged with another one: take the merge apart, and type the answer of each",
    "#FORMULA!": "this cell holds a formula without its value: open the workbook, save it again, or type the answer",
}


def suggest(cell: str | None, column: Column) -> Suggestion | None:
    """Give what to type instead of a cell that breaks a rule of its column alone; None where nobody can tell.

    >>> from hypnic.schemas import Nights, columns
    >>> suggest("11:30 pm", columns(Nights)["bed_clock_h"]).text
    '23.5'
    >>> suggest("07:00", columns(Nights)["wake_clock_h"]).text
    '31.0'
    >>> suggest("1.5 cups", columns(Nights)["caffeine_mg"]) is None
    True
    """
    if cell is None or len(cell) > 200 or any(unicodedata.category(letter) == "No" for letter in cell):
        return None  # 5\u00b2 is not 52
    typed = unicodedata.normalize("NFKC", cell).strip().strip("\"'").strip()
    if whole := WHOLE.fullmatch(typed):
        typed = whole[1] or "0"
    if column.low is not None and THOUSANDS.fullmatch(typed):
        typed = re.sub(r"\D", "", typed)
    if column.words or column.kind == "tokens":
        found = tokens(typed, column) if column.kind == "tokens" else one_word(typed, column)
    elif column.kind == "text":
        found = Suggestion(typed.lower()) if column.pattern and re.search(column.pattern, typed.lower()) else None
    else:
        found = missing_code(typed, column)
        if column.unit == "clock h":
            found = found or clock(typed.lower(), column) or part_of_a_day(typed, column)
        found = found or duration(typed.lower(), column) or _amount(typed.lower(), column)
    return found if found and found.text != cell else None


class Meant:
    """How the clock times of a column are meant, told by all its cells, which are looked at where it matters.

    `cells` are those of the column, in parts where they are many; `in_parts` says it where it is known already.
    """

    def __init__(self, cells: Iterable[pl.Series], *, in_parts: bool | None = None) -> None:
        self._cells, self._in_parts = cells, in_parts

    @cached_property
    def times(self) -> Times:
        """What stands after the mark of a time."""
        return "minutes" if sum(map(fewer_minutes, self._cells)) <= 0 else "decimal"

    @cached_property
    def in_parts(self) -> bool:
        """Whether they are parts of a day."""
        return all(map(in_parts_of_a_day, self._cells)) if self._in_parts is None else self._in_parts

    @cached_property
    def in_digits(self) -> bool:
        """Whether they are hours and minutes without a mark; of a large table that is not told."""
        if self._in_parts is not None:
            return False
        each = [in_digits(cells) for cells in self._cells]
        return bool(Unmarked(sum(one.digits for one in each), sum(one.numbers for one in each)))


class OfTheNight(NamedTuple):
    """How a time is meant as its night shows it: in any case, or where the part after a mark is one or the other."""

    plain: Suggestion | None = None
    minutes: Suggestion | None = None
    decimal: Suggestion | None = None


ALONE = OfTheNight()


def in_its_column(cell: str | None, column: Column, cells: pl.Series) -> Suggestion | None:
    """Give what to type instead of a cell, as the rest of its column shows it to be meant.

    >>> import polars as pl
    >>> from hypnic.schemas import Nights, columns
    >>> parts = pl.Series(["0.75", "0.822916667", "0.5"])
    >>> in_its_column("0.75", columns(Nights)["exercise_end_clock_h"], parts).text
    '18.0'
    """
    return as_meant(cell, column, Meant([cells]) if column.unit == "clock h" else None)


def as_meant(cell: str | None, column: Column, meant: Meant | None) -> Suggestion | None:
    """Give what to type instead of a cell, where it is known how its column is meant."""
    found = None
    if cell and meant and meant.in_parts:
        found = part_of_a_day(cell.strip(), column, short=True)
    elif cell and meant and meant.in_digits:
        found = digits(cell.strip(), column)
    return found or suggest(cell, column)


def timed(cell: str, column: Column, times: Times) -> Suggestion | None:
    """Read a time such as `23.30` as a person says that it is meant; None where it is no such time.

    >>> from hypnic.schemas import Nights, columns
    >>> [timed("23.30", columns(Nights)["bed_clock_h"], way).text for way in ("minutes", "decimal")]
    ['23.5', '23.25']
    """
    pointed = as_minutes(cell) if column.unit == "clock h" else None
    if pointed is None:
        return None
    if times == "minutes":
        return clock(pointed, column)
    found = hour(float(cell.strip().replace(",", ".")), column)
    told_apart = found is not None and ", or " not in found.remark
    return found._replace(certain=True) if found and told_apart else found


def _both_times(cell: str, column: Column, meant: Times, night: OfTheNight) -> str | None:
    """Say both readings of a time such as `23.30`, that of most cells of its column first."""
    means = {"minutes": "the part after the mark is minutes", "decimal": "it is a part of an hour"}
    ways: list[Times] = ["minutes", "decimal"] if meant == "minutes" else ["decimal", "minutes"]
    of_night = {"minutes": night.minutes, "decimal": night.decimal}
    read = {way: of_night[way] or found for way in ways if (found := timed(cell, column, way))}
    said = [f"{found.text}{found.remark} where {means[way]}" for way, found in read.items()]
    if len({found.text for found in read.values()}) == 1 < len(read):  # 7.15 is a quarter past seven either way
        return f"type {read['minutes'].text}{read['minutes'].remark}; --fix OUT --times minutes types it"
    return f"type {'; or '.join(said)}; --fix OUT --times {'|'.join(ways)} types it" if len(said) == 2 else None


def better_hint(
    cell: str | None,
    column: Column,
    hint: str,
    meant: Meant | None = None,
    night: OfTheNight = ALONE,
) -> str:
    """Say the exact replacement, then what the column holds; a word that could identify somebody is not echoed.

    A time that can be read in two ways is read as the times of its column are `meant`, or as its `night` shows it.
    """
    if cell and meant and as_minutes(cell) and (both_ways := _both_times(cell, column, meant.times, night)):
        return both_ways
    if cell and ODD.fullmatch(cell):
        return f"{STRANGE.get(cell, ERROR)}; {hint}"
    found = night.plain or as_meant(cell, column, meant)
    if found is None:
        return f"{hint}{_beyond(cell, column)}"
    if not shown(column):
        return f"{hint}; yours is nearly right, and --fix OUT fixes it"
    return f"type {found.text}{found.remark}"


def _beyond(cell: str | None, column: Column) -> str:
    """Say of a night after the last one that a diary has what to do with it."""
    last = int(column.high or 0)
    if column.name != "night_index" or not cell or not cell.strip().isdecimal() or int(cell) <= last:
        return ""
    return f"; a diary has {last} nights at most: number them from the person's first one, and take later ones out"


def shown(column: Column) -> bool:
    """Whether a replacement in this column may be printed: a number, or a word that is not private."""
    return column.kind in {"integer", "number"} or (column.kind != "text" and column.privacy not in HIDDEN)


def _amount(typed: str, column: Column) -> Suggestion | None:
    """Fix `1,5`, ` 5`, `4.0`, `30 min`, `1.5 h`; not a unit that is not the column's, nor what may be thousands."""
    match = AMOUNT.fullmatch(typed)
    if not match:
        return None
    number, unit = typed.removesuffix(match["unit"] or "").strip(), (match["unit"] or "").strip()
    if either(number, column):
        thousands, decimals = both(number)
        known = _factor(unit, unit_of(column)) == 1 and (stands(thousands, column) or stands(decimals, column))
        remark = f" where the mark stands before thousands, or {decimals:.10g} where it stands before decimals"
        return Suggestion(f"{thousands:.0f}", certain=False, remark=remark) if known else None
    value = float(f"{match['whole']}.{match['part'] or 0}")
    value = -value if match["sign"] in {"-", "\u2212"} else value
    factor = _factor(unit, unit_of(column))
    if factor is None or (column.unit == "clock h" and match["unit"]):
        return None
    value = round(value * factor, 4)
    if column.kind == "integer":
        return Suggestion(str(int(value))) if value.is_integer() and stands(value, column) else None
    if stands(value, column):
        return Suggestion(f"{value:.10g}")
    return hour(value, column) if column.unit == "clock h" and value >= 0 else None


def _factor(unit: str, wanted: str) -> float | None:
    if not unit:
        return 1
    if unit in UNITS.get(wanted, ()):
        return 1
    if wanted == "min" and unit in UNITS["h"]:
        return 60
    return 1 / 60 if wanted == "h" and unit in UNITS["min"] else None
