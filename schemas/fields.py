"""Five short ways to declare a column: text, flag, whole, number, choice, tokens."""

from __future__ import annotations

from typing import Any

from hypnic.schemas.columns import Column, field

ALL_CODES = (-7, -8, -9)  # as many as there are, for a question that is not put to everybody


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
    """Give the codes of a number: who must answer a question that everybody is asked cannot say "not asked"."""
    return ALL_CODES if facts.get("routing") or not facts.get("required", True) else ALL_CODES[1:]


def _tier(facts: dict[str, Any]) -> Any:
    return "core" if facts.pop("core", False) else "extended"
