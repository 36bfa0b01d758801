"""Times, durations and counts that are written in words, by the lists of words of each language."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hypnic.datasets.checking.nightclocks import BED, WAKE
from hypnic.datasets.forms.hours import clock
from hypnic.datasets.forms.layouts import word_lists
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGITS = re.compile(r"(?P<hour>\d{1,2})(?:(?P<mark>[:.h])(?P<minute>[0-5]\d))?")
NOON, DAY = 12, 24 * 60
EARLY = 6  # hours of a night that are of the morning
LATEST_COFFEE = 6.5  # on a clock of twelve hours, what is earlier than that was after noon


@lru_cache(1 << 12)
def in_digits(cell: str, name: str) -> str:
    """Write a time of day that is said in words as a clock shows it; another cell as it is.

    What is only about a time is that time. Words are of a clock of twelve hours: `name` is the column, which tells the
    half of the day where the cell does not.

    >>> in_digits("quarter to twelve", "bed_clock_h"), in_digits("halb elf", "bed_clock_h")
    ('11:45 pm', '10:30 pm')
    >>> in_digits("las once menos cuarto", "bed_clock_h"), in_digits("minuit moins le quart", "bed_clock_h")
    ('10:45 pm', '23:45')
    >>> in_digits("3ish", "caffeine_last_clock_h"), in_digits("12 de la noche", "bed_clock_h"), in_digits("2", "x")
    ('3', '12 am', '2')
    """
    text = " ".join(fold(cell).replace("\u2019", "'").strip(" ~\u2248.?").split())
    if not text or DIGITS.fullmatch(text):
        return text if cell.startswith(("~", "\u2248")) else cell
    bare, part = _without_part(text)
    if not part and clock(_from_then(text), last=DAY // 60) is not None:
        return cell if text == _from_then(text) else _from_then(text)
    bare = _stripped(bare)
    if found := DIGITS.fullmatch(bare):
        return cell if found["mark"] == "h" else f"{bare}{_half(int(found['hour']), part)}"
    minutes = _minutes(bare)
    if minutes is None:
        return cell
    if minutes < 0 or any(word in bare for word in _folded("midnight")):
        return f"{minutes % DAY // 60}:{minutes % 60:02}"
    hour = minutes // 60 or NOON
    return f"{hour}:{minutes % 60:02}{_half(hour, part) if part else _likely(minutes / 60, name)}"


def spoken_count(cell: str) -> str:
    """Give how often something was, of `twice` and `dos veces`; the cell itself where it says no such thing.

    >>> spoken_count("Twice"), spoken_count("einmal"), spoken_count("often")
    ('2', '1', 'often')
    """
    return _amounts("times").get(_plain(cell), cell)


def spoken_minutes(cell: str) -> int | None:
    """Give the minutes of a duration in words; None where it is none.

    >>> spoken_minutes("hora y media"), spoken_minutes("anderthalb Stunden"), spoken_minutes("an hour and a half")
    (90, 90, 90)
    """
    found = _amounts("minutes").get(_plain(cell))
    return int(found) if found else None


def _plain(cell: str) -> str:
    return " ".join(fold(cell).replace("\u2019", "'").strip(" .").split())


def _without_part(text: str) -> tuple[str, str]:
    """Cut off the half of the day that a time ends with."""
    for part in ("night", "evening", "morning"):
        for word in _folded(part):
            if text.endswith(f" {word}"):
                return text.removesuffix(word).strip(), part
    return text, ""


def _from_then(text: str) -> str:
    """Take away what stands before a time and says nothing more of it."""
    for word in _folded("before"):
        if text.startswith((f"{word} ", f"{word}. ")):
            return text.removeprefix(word).lstrip(" .")
    return text


def _stripped(text: str) -> str:
    """Take away what stands before a time or after it and says nothing more of it."""
    first = _from_then(text)
    last = next((word for word in _folded("after") if first.endswith(word)), "")
    return first.removesuffix(last).rstrip(" -").lstrip("~ ")


def _half(hour: int, part: str) -> str:
    """Say which half of the day an hour is of; blank where nothing was said, or it has 24 hours."""
    if not part or hour > NOON:
        return ""
    late = part == "evening" or (part == "night" and EARLY <= hour < NOON)
    return " pm" if late else " am"


def _likely(hour: float, name: str) -> str:
    """Say which half of the day a time of a clock of twelve hours is of in a column; blank where nothing tells."""
    if name == BED:
        return " pm" if EARLY <= hour < NOON else " am"
    if name == WAKE:
        return " am" if hour < NOON else ""
    return " pm" if hour < LATEST_COFFEE or hour >= NOON else ""


def _minutes(text: str) -> int | None:
    """Give the minutes since midnight or noon of an hour in words, with what is added to it."""
    hours = _hours()
    if text in _folded("midnight"):
        return None  # which is known already
    for language, known in word_lists("times")["languages"].items():
        for said, more in known["said_before"].items():
            hour = (
                hours[language].get(text.removeprefix(f"{fold(said)} ")) if text.startswith(f"{fold(said)} ") else None
            )
            if hour is not None:
                return _added(hour, more)
        for said, more in known["said_after"].items():
            first = _stripped(text.removesuffix(f" {fold(said)}")) if text.endswith(f" {fold(said)}") else ""
            hour = hours[language].get(first)
            if hour is not None:
                return _added(hour, more)
    plain = {hour for known in hours.values() if (hour := known.get(text)) is not None and not text.isdecimal()}
    return plain.pop() * 60 if len(plain) == 1 else None


def _added(hour: int, minutes: int) -> int:
    whole = hour * 60 + minutes
    return whole if hour == 0 else (whole - 1) % (NOON * 60) + 1 if whole > NOON * 60 + 59 else whole


@cache
def _hours() -> dict[str, dict[str, int]]:
    """Give the hours by their names and digits in each language; midnight is 0."""
    late = dict.fromkeys(_folded("midnight"), 0)
    digits = {f"{hour}": hour for hour in range(1, 13)}
    return {
        language: {fold(word): hour for hour, word in enumerate(known["hours"], 1)} | digits | late
        for language, known in word_lists("times")["languages"].items()
    }


@cache
def _folded(kind: str) -> tuple[str, ...]:
    return tuple(sorted(map(fold, word_lists("times")[kind]), key=len, reverse=True))


@cache
def _amounts(kind: str) -> dict[str, str]:
    listed: dict[str, Iterable[str]] = word_lists("amounts")[kind]
    return {fold(said): number for number, several in listed.items() for said in several}
