"""The header of a column in somebody's own spreadsheet: its name, and the unit or scale that stands next to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from hypnic.schemas import Column

BRACKETS = re.compile(r"(?P<name>[^()\[\]]*[^()\[\]\s])\s*[(\[](?P<unit>[^()\[\]]{0,24})[)\]]\s*:?")
ENDING = re.compile(
    r"(?P<name>.*?\w)[\s,_/-]+(?:in\s+)?(?P<unit>mins?|minutes?|minuten|minutos|mn|hours?|stunden|std|heures?|horas|hrs?|h)\.?",
    re.IGNORECASE,
)
SCALE = re.compile(r"(?:scale\s*)?(\d{1,3})\s*(?:-|\u2013|/|to|bis|a|y|to)\s*(\d{1,3})")
OUT_OF = re.compile(r"(?:/|out of|von|sur|de)\s*(\d{1,3})")
UNITS = {
    "min": ("min", "mins", "minute", "minutes", "minuten", "minutos", "mn", "m", "in min", "in minutes", "in minuten"),
    "h": ("h", "hr", "hrs", "hour", "hours", "stunden", "std", "heures", "horas", "in h", "in hours", "in stunden"),
    "mg": ("mg", "milligram", "milligrams", "milligramm", "in mg"),
    "g": ("g", "gram", "grams", "gramm", "grammes", "gramos", "in g", "g ethanol"),
    "clock": (
        "hh:mm", "h:mm", "24h", "24 h", "uhr", "uhrzeit", "time", "clock", "h", "am/pm", "24-hour", "heure", "hora",
        "zeit", "hh:mm:ss", "time of day", "pm", "am", "12h", "evening", "morning", "abends", "morgens",
    ),
    "count": (
        "number", "count", "#", "n", "anzahl", "nombre", "numero", "how many", "times", "x", "mal", "fois", "veces",
    ),
}  # fmt: skip


class Head(NamedTuple):
    """A header cut in two: the name, and the unit or scale, blank where there is none."""

    name: str
    unit: str


def cut(head: str) -> Head:
    """Cut the unit or scale off a header.

    >>> cut("Einschlafdauer (min)"), cut("Exercise in hours"), cut("Stress")
    (Head(name='Einschlafdauer', unit='min'), Head(name='Exercise', unit='hours'), Head(name='Stress', unit=''))
    """
    found = BRACKETS.fullmatch(head) or ENDING.fullmatch(head)
    return Head(found["name"].strip(), found["unit"].strip()) if found else Head(head, "")


def fits(unit: str, column: Column) -> str | None:
    """Tell how the numbers under a unit are a column's: blank as they are, `h` where they are hours of its minutes.

    None where they are something else, such as cups of a column of mg or 1 to 5 of one from 0 to 10.

    >>> from hypnic.schemas import Nights, columns
    >>> night = columns(Nights)
    >>> fits("min", night["sol_min"]), fits("hours", night["sol_min"]), fits("cups", night["caffeine_mg"])
    ('', 'h', None)
    >>> fits("0 bis 10", night["stress_0_10"]), fits("1-5", night["stress_0_10"])
    ('', None)
    """
    said = fold(unit).strip(" .")
    if not said:
        return ""
    scale = SCALE.fullmatch(said)
    if column.unit == "points":
        top = OUT_OF.fullmatch(said)
        whole = scale and (float(scale[1]), float(scale[2])) == (column.low, column.high)
        return "" if whole or (top and column.low == 0 and float(top[1]) == column.high) else None
    if column.words or column.kind in {"tokens", "text", "flag"}:
        return ""
    wanted = column.unit.split("/")[0].split(" ")[0]
    if wanted in UNITS:
        return "" if said in UNITS[wanted] else "h" if (wanted, said in UNITS["h"]) == ("min", True) else None
    return "" if said in UNITS["count"] else None
