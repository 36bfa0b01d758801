"""One column as a question of a form: its words, its answers and its bounds.

How its conditions are written is told in `hypnic.schemas.publish.item`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.schemas import TABLES, columns
from hypnic.schemas.column import EXCLUSIVE
from hypnic.schemas.publish.followup import ONLY_AFTER
from hypnic.schemas.publish.item import Answer, Item
from hypnic.schemas.publish.wording import (
    ALONE_EXCUSE,
    ANSWERS,
    ASKED,
    AUDIT_C,
    EXCUSES,
    HINTS,
    OFFICIAL,
    TWO_WEEKS,
    answer_label,
)
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.schemas import Column

NOON, FIRST = 12, {"wake_clock_h": 24}  # where a list of clock times starts: what people look for comes first
LISTED = 61  # so many whole numbers fit a list, which cannot hold a wrong one

# Rules between two answers that a form can hold a respondent to: rule, and what must be true of the answer `.`.
BETWEEN = {
    "consent_open_data": (RuleId.P01, ". = 'true'"),
    "jerk_nights_30d": (RuleId.P02, ". <= 0 or {jerk_ever} = 'yes'"),
    "caffeine_last_clock_h": (RuleId.N04, (
        ". < 0 or {caffeine_after_14_mg} < 0 or ({caffeine_after_14_mg} > 0) = (. > 14)")),
    "wake_clock_h": (RuleId.N09, (
        ". < 0 or {bed_clock_h} < 0 or {sol_min} < 0 or {waso_min} < 0"
        " or ((. - {bed_clock_h}) * 60 > {sol_min} + {waso_min}"
        " and (. - {bed_clock_h}) * 60 <= {sol_min} + {waso_min} + 960)")),
}  # fmt: skip


def routed(column: Column) -> str:
    """Give the condition under which a column is asked, empty where always."""
    routing = column.routing
    if routing is None:
        return ""
    on = routing.on.removeprefix("participants.")
    sign, word = routing.asked.split()
    facts = next(known[on] for known in map(columns, TABLES.values()) if on in known)
    if sign != "!=":
        return f"{{{on}}} {sign} {word if word.isdigit() else repr(word)}"
    # "not none" is said as "one of the others": true neither before an answer nor after a refusal
    others = [option for option in facts.options if option not in {word, *EXCLUSIVE, *facts.missing_words}]
    return " or ".join(f"{{{on}:{o}}}" if facts.kind == "tokens" else f"{{{on}}} = '{o}'" for o in others)


def item_of(column: Column, section: str) -> Item:
    """Give the item that asks for a column, in a section of its form."""
    kinds: dict[str, Answer] = {"text": "text", "tokens": "many", "integer": "integer", "number": "decimal"}
    listed, words = _listed(column), tuple(word for word in column.words if word != "-7")
    codes = tuple(code for code in column.codes if code != -7)
    said = " ".join(f"Type {code} for: {ANSWERS[str(code)]}." for code in codes)
    unit = "In minutes. " if column.unit.startswith("min") else ""
    return Item(
        column.name,
        "one" if listed or column.kind in {"choice", "flag"} else kinds[column.kind],
        asks(column),
        section,
        choices=offered(column),
        alone=tuple(w for w in words if w in {*EXCLUSIVE, *column.missing_words}) if column.kind == "tokens" else (),
        low=column.low,
        high=column.high,
        codes=codes,
        pattern=column.pattern,
        required=column.required,
        asked=ONLY_AFTER.get(column.name) or routed(column),
        must=BETWEEN.get(column.name, ("", ""))[1],
        checked=column.name == "participant_id",
        among="strategies_tried" if column.name == "strategies_helped" else "",
        hint=HINTS.get(column.name, "" if listed or words else f"{unit}{said}".strip()),
        excuse=EXCUSES.get(column.name)
        or ALONE_EXCUSE * (column.kind == "tokens")
        or bounds_told(column.low, column.high),
        column=column,
    )


def offered(column: Column) -> tuple[tuple[str, str], ...]:
    """Give the answers that a form lists for a column, each with its label; none where it is typed.

    >>> from hypnic.schemas import Nights
    >>> offered(columns(Nights)["leg_cramp"])[:2]
    (('false', 'no'), ('true', 'yes'))
    """
    listed = tuple(f"{n:g}" for n in _listed(column))
    words = (*listed, *map(str, column.codes)) if listed else column.words
    return labelled([word for word in words if word != "-7"], column)


def _listed(column: Column) -> list[float]:
    """Give the numbers that a column may hold where they are few enough to pick from."""
    if column.low is None or column.high is None or not (column.kind == "integer" or column.step == 0.25):
        return []
    step = column.step or 1
    n = round((column.high - column.low) / step) + 1
    listed = [column.low + i * step for i in range(n)] if n <= LISTED or column.step == 0.25 else []
    first = FIRST.get(column.name, NOON) if column.unit == "clock h" else column.low
    return [number for number in listed if number >= first] + [number for number in listed if number < first]


def asks(column: Column) -> str:
    """Give the question of a column as a form prints it."""
    if column.name in OFFICIAL:
        return f"{TWO_WEEKS} {OFFICIAL[column.name]}"
    if column.name.startswith("audit_c"):
        return f"{column.title} {AUDIT_C}"
    return ASKED.get(column.name) or re.sub(r"^\([^)]*\) ", "", column.question)


def labelled(words: Sequence[str], column: Column | None = None) -> tuple[tuple[str, str], ...]:
    """Give words with what a respondent reads in their place."""
    return tuple((word, answer_label(word, column)) for word in words)


def bounds_told(low: float | None, high: float | None) -> str:
    """Say between which numbers an answer lies; nothing where it has no bounds."""
    return "" if low is None else f"Please type a number from {low:g} to {high:g}."
