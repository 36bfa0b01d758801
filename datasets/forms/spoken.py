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
TIMED = re.compile(r" (?:minutes?|mins?|minuten|minuti|minutos|minuto|minut)$")
MINUTES = r"(?: (?:minutes?|mins?|minuten|minuti|minutos|minut))?"
NOON, DAY = 12, 24 * 60
EARLY = 6  # hours of a night that are of the morning
LATEST_COFFEE = 6.5  # on a clock of twelve hours, what is earlier than that was after noon


@lru_cache(1 << 12)
def in_digits(cell: str, name: str, language: str = "") -> str:
    """Write a time of day that is said in words as a clock shows it; another cell as it is.

    What is only about a time is that time. Words are of a clock of twelve hours: `name` is the column, which tells the
    half of the day where the cell does not, and `language` that of the table, where its cells tell one.

    >>> in_digits("quarter to twelve", "bed_clock_h"), in_digits("halb elf", "bed_clock_h")
    ('11:45 pm', '10:30 pm')
    >>> in_digits("las once menos cuarto", "bed_clock_h"), in_digits("minuit moins le quart", "bed_clock_h")
    ('10:45 pm', '23:45')
    >>> in_digits("ten to twelve", "bed_clock_h"), in_digits("f\u00fcnf vor halb acht", "wake_clock_h")
    ('11:50 pm', '7:25 am')
    >>> in_digits("10 to 12", "bed_clock_h"), in_digits("half 7", "x"), in_digits("half 7", "wake_clock_h", "en")
    ('10 to 12', 'half 7', '7:30 am')
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
    minutes = _minutes(bare, language)
    if minutes is None:
        return cell
    if minutes < 0 or any(word in bare for word in _folded("midnight")):
        return f"{minutes % DAY // 60}:{minutes % 60:02}"
    hour = minutes // 60 or NOON
    return f"{hour}:{minutes % 60:02}{_half(hour, part) if part else _likely(minutes / 60, name)}"


def spoken_count(cell: str) -> str:
    """Give how often something was, of `twice` and `dos veces`; the cell itself where it says no such thing.

    >>> spoken_count("Twice"), spoken_count("drei"), spoken_count("often")
    ('2', '3', 'often')
    """
    said = _plain(cell)
    return _amounts("times").get(said) or _amounts("numbers").get(said, cell)


def spoken_minutes(cell: str) -> int | None:
    """Give the minutes of a duration in words; None where it is none.

    >>> spoken_minutes("hora y media"), spoken_minutes("anderthalb Stunden"), spoken_minutes("an hour and a half")
    (90, 90, 90)
    >>> spoken_minutes("twenty minutes"), spoken_minutes("a few minutes")
    (20, None)
    """
    said = _plain(cell)
    found = _amounts("minutes").get(said) or _amounts("numbers").get(TIMED.sub("", said))
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
    while word := next((word for word in _folded("before") if text.startswith((f"{word} ", f"{word}. "))), ""):
        text = text.removeprefix(word).lstrip(" .")
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


def _minutes(text: str, language: str = "") -> int | None:
    """Give the minutes since midnight or noon of an hour in words, with what is added to it; None for two readings.

    Half 7 is half past six in Dutch, and half past seven in English: the `language` of the table tells, or nothing.
    """
    ways = _ways(text)
    if language in ways:
        return ways[language]
    return ways.popitem()[1] if len({*ways.values()}) == 1 else None


@lru_cache(1 << 12)
def languages_of(cell: str) -> frozenset[str]:
    """Give the languages in which a cell says a time in words.

    >>> sorted(languages_of("ten to twelve")), sorted(languages_of("half 7")), sorted(languages_of("23:15"))
    (['en'], ['en', 'nl'], [])
    """
    bare = _stripped(_without_part(_plain(cell))[0])
    return frozenset() if DIGITS.fullmatch(bare) else frozenset(_ways(bare))


def _ways(text: str) -> dict[str, int]:
    """Give what a time in words is in each language in which it is one."""
    if text in _folded("midnight") or text.isdecimal():
        return {}  # which is known already
    read = {language: _said(text, language) for language in _hours()}
    return {language: minutes for language, minutes in read.items() if minutes is not None}


def _said(text: str, language: str) -> int | None:
    """Read a time in the words of one language: an hour, what is added to it, or minutes to and past it."""
    hours, known = _hours()[language], word_lists("times")["languages"][language]
    if text in hours:
        return hours[text] * 60
    for said, more in known["said_before"].items():
        hour = hours.get(text.removeprefix(f"{fold(said)} ")) if text.startswith(f"{fold(said)} ") else None
        if hour is not None:
            return _added(hour, more)
    for said, more in known["said_after"].items():
        first = _stripped(text.removesuffix(f" {fold(said)}")) if text.endswith(f" {fold(said)}") else ""
        if (hour := hours.get(first)) is not None:
            return _added(hour, more)
    return _to_or_past(text, language)


def _to_or_past(text: str, language: str) -> int | None:
    """Read `ten to twelve` and `onze heures moins dix`; not `10 to 12`, which may be from ten on."""
    known = word_lists("times")["languages"][language]
    minutes: dict[str, int] = {fold(word): number for word, number in known["minutes"].items()}
    more = rf"(?P<more>{'|'.join(map(re.escape, minutes))}|[1-9]|[12]\d){MINUTES}"
    ways: list[tuple[int, str]]
    ways = [(side, rf"{more}{fold(f' {word}') if word else ''} (?P<hour>.+)") for word, side in known["first"].items()]
    ways += [(side, rf"(?P<hour>.+) {fold(word)} {more}") for word, side in known["then"].items()]
    for side, way in ways:
        found = re.fullmatch(way, text)
        base = _said(_stripped(found["hour"]), language) if found else None
        if found is None or base is None:
            continue
        digits = found["more"].isdecimal()
        if digits and language == "en" and side < 0 and int(found["more"]) <= NOON:
            return None
        return base + side * (int(found["more"]) if digits else minutes[found["more"]])
    return None


def _added(hour: int, minutes: int) -> int:
    whole = hour * 60 + minutes
    return whole if hour == 0 else (whole - 1) % (NOON * 60) + 1 if whole > NOON * 60 + 59 else whole


@cache
def _hours() -> dict[str, dict[str, int]]:
    """Give the hours by their names and digits in each language; midnight is 0."""
    late = dict.fromkeys(_folded("midnight"), 0)
    digits = {f"{hour}": hour for hour in range(1, 13)}
    return {
        language: {fold(word): hour for hour, words in enumerate(known["hours"], 1) for word in words.split("|")}
        | digits
        | late
        for language, known in word_lists("times")["languages"].items()
    }


@cache
def _folded(kind: str) -> tuple[str, ...]:
    return tuple(sorted(map(fold, word_lists("times")[kind]), key=len, reverse=True))


@cache
def _amounts(kind: str) -> dict[str, str]:
    listed: dict[str, Iterable[str]] = word_lists("amounts")[kind]
    return {fold(said): number for number, several in listed.items() for said in several}
