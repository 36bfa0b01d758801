"""Headers that count only the drinks of a part of the day: those after 14:00, those before, some of the last column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.forms.layouts import word_lists
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

LISTED: dict[str, list[str]] = word_lists("late")


def _any(phrases: Iterable[str]) -> str:
    """Give a pattern of any of several phrases, the longest first, with or without accents, blanks or underscores."""
    spelt = {way for phrase in phrases for way in (phrase.casefold(), fold(phrase))}
    return "|".join(re.escape(way).replace(r"\ ", "[ _]*") for way in sorted(spelt, key=len, reverse=True))


def _part(way: str, day: str) -> re.Pattern[str]:
    sharp = rf"(?:[:_.h]?00)?(?: ?(?:{_any(LISTED['sharp'])})(?![^\W_]))?"
    hour = rf"(?:{_any(LISTED[way])})[ _]*(?:{_any(LISTED['two'])}){sharp}"
    return re.compile(
        rf"(?<![^\W_])(?:{hour}|{_any(LISTED[day])})(?![^\W_]|[:.]\d)" + r"|(?<=_)late(?=_|$)" * (way == "after")
    )


LATE, EARLY = _part("after", "afternoon"), _part("before", "morning")
SOME = re.compile(rf"(?<![^\W_])(?:{_any(LISTED['some'])})(?![^\W_])")


def asks_when(head: str) -> bool:
    """Tell whether a header asks for the time of a drink, and so counts none.

    >>> asks_when("coffee_last"), asks_when("Time of the last coffee"), asks_when("Beers last night")
    (True, True, False)
    >>> asks_when("Wine at dinner time")
    False
    """
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", head.casefold())]
    asked = {*map(fold, LISTED["last"])} & {*words} or {*map(fold, LISTED["time"])} & {*words[:1]}
    return bool(asked) and not {*map(fold, LISTED["span"])} & {*words}


def late_alone(head: str) -> bool:
    """Tell whether a header says only that it counts what was had after 14:00: of what, the column before it says.

    >>> [late_alone(head) for head in ("of which after 2pm", "davon nach 14 Uhr", "After 2 pm (cups)")]
    [True, True, True]
    >>> [late_alone(head) for head in ("Coffee after 2pm", "of which at work", "Tarde")]
    [False, False, False]
    """
    rest, found = LATE.subn(" ", head.casefold())
    return bool(found) and not re.search(r"[^\W_]", SOME.sub(" ", rest))
