"""Amounts in words, as people type them where a number is asked: drinks become mg and g, hours become minutes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.checking.amounts import AMOUNTS
from hypnic.datasets.checking.amounts import COUNTS as COUNTED
from hypnic.datasets.checking.durations import duration
from hypnic.datasets.forms.dayparts import LATE
from hypnic.datasets.forms.drinks import Counted, counted, total
from hypnic.datasets.forms.spoken import spoken_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypnic.schemas import Column

NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
SMALLER = re.compile(r"\d{1,5}(?:[.,]\d{1,2})?")  # seconds of minutes, minutes of hours
PARTS = re.compile(r"\s*(?:,\s|(?<=[a-z]),|;|\+|&|/|\b(?:and|und|et|y|en|e)\b)\s*")
OFTEN = re.compile(r"\b(?:week|weekly|day|daily|per|or|not?|often|average|usual|usually|typical|number|count|amount)\b")
FIRST = re.compile(r"(?P<count>\d{1,3}(?:[.,]\d{1,2})?|½|[a-z]+)\s*(?P<by>[x\u00d7*])?\s*(?P<what>.*)")
FEW = 9  # as many cups, glasses or hours as somebody may mean by a bare number
BEER = re.compile(
    r"\b(?:beers?|bier(?:e|s)?|bi\u00e8res?|cervezas?|biertjes?|birr[ae]|cervejas?|ciders?|cidres?|pils)\b"
)
OTHER_SIZE = re.compile(
    r"\b(?:pints?|pitchers?|jugs?|ma\u00df|mass|steins?|halbe[rs]?|stange|ca\u00f1as?|demi|schooner)\b"
)
COUNTS = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "half": "0.5", "½": "0.5", "ein": "1", "eine": "1", "einen": "1",
    "zwei": "2", "drei": "3", "vier": "4", "un": "1", "une": "1", "deux": "2", "trois": "3", "quatre": "4", "una": "1",
    "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "een": "1", "één": "1", "twee": "2", "drie": "3",
    "due": "2", "tre": "3", "quattro": "4", "um": "1", "uma": "1", "dois": "2", "duas": "2", "três": "3", "quatro": "4",
}  # fmt: skip
SIZED = re.compile(r"\d+(?:[.,]\d+)?\s*(?:ml|cl|l)\b")
PLAIN = {
    "mg": r"mg|milligramm?s?", "g": r"g|gramm?s?|grammes?|gramos?|grammi|gramas?",
    "min": r"m|mins?\.?|minutes?|minuten|minutos?|minuti|minuto|mn|'",
}  # fmt: skip
HOURS = re.compile(
    r"(?P<h>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|std\.?|stunden?|heures?|horas?|uur|uren|ore|ora)\s*(?:and|und|et|y|en|e)?\s*"
    r"(?:(?P<m>[0-5]?\d)\s*(?:m|mins?\.?|minutes?|minuten|minutos?|minuti|mn)?)?"
)


ABOUT = re.compile(
    r"(?:ca\.?|circa|about|around|approx\.?|etwa|ungef\u00e4hr|environ|env\.?|unos"
    r"|ongeveer|cerca d[ie]|[~\u2248])\s*(?=\d)"
)
LITRES = re.compile(r"\((0[.,]\d{1,2})\)")  # 1 Bier (0,5): of nothing else is less than one written so
DONE = (
    "jog(?:gen|ging)?|r[au]n(?:ning)?|laufen|walk(?:ed|ing)?|spazieren|spaziergang|gehen|yoga|pilates|radfahren|rad|bike|biking"
    "|cycling|sw[ai]m(?:ming)?|schwimmen|gym|training|workout|sport|hik(?:e|ing)|wandern|tennis|football|fu\u00dfball"
    "|danc(?:e|ing)|tanzen|course|marche|natation|v\u00e9lo|correr|caminar|nadar|bici"
)
EXERCISE = re.compile(  # what somebody did; the time next to it is asked for, and 30 m may be metres
    rf"(?<=[a-z\d.']) (?:of |de )?(?:{DONE})$"
    rf"|^(?:{DONE})(?: for| f\u00fcr|,|:| -)? \(?"
    r"(?=\d{1,3}(?:[.,]\d{1,2})?\s*(?:h|std|stunde|min|uur|heure|hora|ore\b|'))"
)
TOGETHER = re.compile(r"\s*(?:\+|&|\band\b|\bund\b|\bet\b)\s*")


class Amount(NamedTuple):
    """An amount that was written in words: the number, and how it was read."""

    number: str
    way: str


def amount(typed: str, facts: Column, beer: str = "") -> Amount | None:
    """Read an amount in words, in the unit of its column; None where it cannot be read for certain.

    A drink counts by the drink table, at the size that is typed or the table's one; a drink that the table does not
    have, or has in two sizes, leaves the whole cell unread: of a `beer` its size may be known from elsewhere.

    >>> from hypnic.schemas import Nights, columns
    >>> night = columns(Nights)
    >>> amount("2 coffees, 1 espresso", night["caffeine_mg"])
    Amount(number='260', way='2 filter_coffee 200 ml + 1 espresso 60 ml')
    >>> amount("2 x 0.5 l beer", night["alcohol_g"]).number, amount("1 h 20", night["exercise_min"]).number
    ('39.4', '80')
    >>> [amount(said, night["exercise_min"]).number for said in ("gym 1h", "20 min walk + 30 min gym")]
    ['60', '50']
    >>> amount("2 beers", night["alcohol_g"]) is None, amount("2 beers", night["alcohol_g"], "500 ml").number
    (True, '39.4')
    """
    text = " ".join(typed.casefold().split())
    said = ABOUT.sub("", text) if ABOUT.match(text) else text
    if said != text and NUMBER.fullmatch(said):  # of hours or of minutes
        return None
    text = _time_of_exercise(said) if facts.name == "exercise_min" else said
    unit = facts.unit.split("/")[0].split(" ")[0]
    if unit == "h":
        return _long(text, facts)
    if unit not in PLAIN or facts.kind not in {"integer", "number"}:
        return None
    plain = re.fullmatch(rf"(\d{{1,4}}(?:[.,]\d{{1,2}})?)\s*(?:{PLAIN[unit]})", text)
    if plain and (facts.kind == "number" or plain[1].isdecimal()):
        return Amount(plain[1].replace(",", "."), unit)
    if unit != "min":
        return _drinks(text, "alcohol" if unit == "g" else "caffeine", beer)
    return _minutes(text) or _long(text, facts) or (_added(said, facts) if facts.name == "exercise_min" else None)


def _time_of_exercise(said: str) -> str:
    """Take away what somebody did: `30 min run`, `gym 1h` and `run (35 min)` say how long."""
    text = EXERCISE.sub("", said)
    return text.removesuffix(")") if text != said and "(" not in text else text


def _added(said: str, facts: Column) -> Amount | None:
    """Add up `20 min walk + 30 min gym`."""
    parts = TOGETHER.split(said)
    read = [one for one in (amount(part, facts) for part in parts) if one] if len(parts) > 1 else []
    if not read or len(read) < len(parts):
        return None
    return Amount(f"{sum(float(one.number) for one in read):g}", " + ".join(f"{one.number} min" for one in read))


def _long(text: str, facts: Column) -> Amount | None:
    """Read a duration in words, in the unit of its column."""
    if (minutes := spoken_minutes(text)) is not None:
        return Amount(f"{minutes / (60 if facts.unit.startswith('h') else 1):g}", text)
    long = duration(text, facts)
    return Amount(long.text, text) if long and long.certain else None


def in_words(typed: str, facts: Column) -> bool:
    """Tell whether a cell counts cups, glasses or hours, so that a bare small number next to it may do so too."""
    read = amount(typed, facts, "500 ml") if typed and not NUMBER.fullmatch(typed) else None
    return read is not None and (" h" in read.way or " ml" in read.way)


def few(number: str, facts: Column) -> bool:
    """Tell whether an amount is as small as counts of cups, glasses or hours are.

    >>> from hypnic.schemas import Nights, columns
    >>> [few(number, columns(Nights)["caffeine_mg"]) for number in ("0", "3", "90")]
    [False, True, False]
    """
    unit = facts.unit.split("/")[0].split(" ")[0]
    most = next((count.most for count in COUNTED if count.unit == unit and facts.name.startswith(AMOUNTS)), 0)
    return NUMBER.fullmatch(number) is not None and 0 < float(number.replace(",", ".")) <= most


def about(typed: str, facts: Column, cells: Iterable[str]) -> Amount | None:
    """Read `ca. 15` where the column's other `cells` show what a bare number is of; about 1 may be of hours or cups.

    >>> from hypnic.schemas import Nights, columns
    >>> minutes = columns(Nights)["sol_min"]
    >>> about("ca. 15", minutes, ["20", "ca. 15"]), about("ca. 15", minutes, ["ca. 15"])
    (Amount(number='15', way='ca. 15'), None)
    """
    text = " ".join(typed.casefold().split())
    said = ABOUT.sub("", text)
    few = not NUMBER.fullmatch(said) or float(said.replace(",", ".")) <= FEW
    if (
        said == text
        or few
        or (facts.kind == "integer" and not said.isdecimal())
        or not any(map(NUMBER.fullmatch, cells))
    ):
        return None
    return Amount(said.replace(",", "."), text)


def converted(typed: str, unit: str, facts: Column) -> Amount | None:
    """Read a number under a header that names another unit than its column's; seconds are rounded to the minute.

    >>> from hypnic.schemas import Nights, columns
    >>> converted("300", "s", columns(Nights)["sol_min"])
    Amount(number='5', way='300 s')
    """
    if unit == "h":
        return amount(f"{typed} h", facts)
    if not SMALLER.fullmatch(typed):
        return None
    value = float(typed.replace(",", ".")) / 60
    if facts.kind == "integer":
        rounded = "" if value == round(value) else ", to the minute"
        return Amount(f"{round(value)}", f"{typed} {unit}{rounded}")
    return Amount(f"{round(value, 2):g}", f"{typed} {unit}")


def _minutes(text: str) -> Amount | None:
    """Read `1 h 20`, `1h20min`, `1.5 hours`; a fraction of an hour must come to whole minutes."""
    found = HOURS.fullmatch(text)
    if not found:
        return None
    hours = float(found["h"].replace(",", "."))
    minutes = round(hours * 60, 6)
    if minutes % 1 or (found["m"] and hours % 1):
        return None
    more = int(found["m"] or 0)
    return Amount(f"{minutes + more:g}", f"{hours:g} h {more} min" if more else f"{hours:g} h")


def _drinks(text: str, kind: str, beer: str) -> Amount | None:
    read = [_drink(part, beer) for part in PARTS.split(LITRES.sub(r"\1 l", text))]
    drinks = [one for one in read if one]
    if len(drinks) < len(read) or any((one.drink.strength > 0) != (kind == "alcohol") for _, one in drinks):
        return None
    number = total([one for _, one in drinks], [count for count, _ in drinks])
    way = " + ".join(f"{count} {_called(one)}" for count, one in drinks)
    return None if number is None else Amount(number, way)


def _drink(part: str, beer: str) -> tuple[str, Counted] | None:
    """Read `2 coffees`, `a glass of wine`, `2 x 0.5 l beer`, `0.5 l beer`; never a drink that says when or how often.

    With several, a size must come first: `2 coffees 400 ml` may be 400 ml each or together.
    """
    found = FIRST.fullmatch(part)
    if not found or LATE.search(part) or OFTEN.search(part):
        return None
    alone = SIZED.match(part) and not found["by"]  # a size alone is one of that size
    count, what = ("1", part) if alone else (COUNTS.get(found["count"], found["count"]), found["what"])
    sizes = SIZED.findall(what)
    if not NUMBER.fullmatch(count) or len(sizes) > 1 or re.search(r"\d", SIZED.sub(" ", what)):
        return None
    if sizes and count != "1" and not SIZED.match(what):
        return None
    some_beer = beer and BEER.search(what) and not OTHER_SIZE.search(what)
    one = counted(what) or (counted(f"{what} {beer}") if some_beer else None)
    return (count.replace(",", "."), one) if one and one.drink.name != "tablet_mg" else None


def _called(one: Counted) -> str:
    """Name a drink and its size: a beer of 500 ml is no small one, whichever row of the table it was read by."""
    return f"{re.sub('^(?:small|large)_', '', one.drink.name)} {one.drink.ml:g} ml" if one.drink.ml else one.drink.name
