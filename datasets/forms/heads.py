"""The header of a column in somebody's own spreadsheet: its name, and the unit or scale that stands next to it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.scales import ends_told, names_an_end
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from hypnic.schemas import Column

BRACKETS = re.compile(
    r"(?P<name>(?:[^()\[\]]|\w\([aeo]s?\))*[^()\[\]\s])\s*[(\[](?P<unit>[^()\[\]]{0,60})[)\]]\s*[:?]?"
)
ENDING = re.compile(
    r"(?P<name>.*?\w)[\s,_/-]+(?:in\s+)?(?P<unit>mins?|minutes?|minuten|minutos|minuti|mn|hours?|stunden|std|heures?|horas|ore|uren|uur|hrs?|h"
    r"|s|secs?|seconds|sekunden|sek|secondes|segundos)\.?",
    re.IGNORECASE,
)
TOP = re.compile(r"(?P<name>.*[^\W\d]\??)\s*(?P<unit>/\s*(?:5|7|10|100)|%)")  # Stress /10
FROM = re.compile(  # Stress from 0 to 10
    r"(?P<name>.*[^\W\d_]\??)[\s,]+"
    r"(?:(?:on )?(?:a )?scale (?:of|from) |(?:auf einer )?skala von |from |von |de |da |van |od )"
    r"(?P<unit>\d{1,3} ?(?:to|bis|a|\u00e0|al|tot|do|-|\u2013) ?\d{1,3})",
    re.IGNORECASE,
)
SCALE = re.compile(r"(?:scale\s*)?(\d{1,3})\s*(?:-|\u2013|/|to|bis|al?|y|tot|e|do)\s*(\d{1,3})")
OUT_OF = re.compile(r"(?:/|out of|von|sur|de|van|su|em)\s*(\d{1,3})")
UNITS = {
    "min": (
        "min", "mins", "minute", "minutes", "minuten", "minutos", "minuti", "minuto", "mn", "m",
        "in min", "in minutes", "in minuten",
        "in minuti", "em minutos", "en minutos", "en minutes",
    ),
    "h": (
        "h", "hr", "hrs", "hour", "hours", "stunden", "std", "heures", "horas", "ore", "uur", "uren", "in h",
        "in hours", "in stunden",
    ),
    "s": (
        "s", "sec", "secs", "seconds", "sek", "sekunden", "secondes", "segundos", "seconden", "secondi",
        "in s", "in sec", "in seconds",
    ),  # not `second`: a second nap
    "days": ("days", "tage", "jours", "dias", "dagen", "giorni"),
    "nights": ("nights", "nachte", "naechte", "nuits", "noches", "nachten", "notti", "noites"),
    "mg": ("mg", "milligram", "milligrams", "milligramm", "in mg"),
    "g": ("g", "gram", "grams", "gramm", "grammes", "gramos", "grammi", "gramas", "in g", "g ethanol"),
    "clock": (
        "hh:mm", "h:mm", "24h", "24 h", "uhr", "uhrzeit", "time", "clock", "h", "am/pm", "24-hour", "heure", "hora",
        "zeit", "hh:mm:ss", "time of day", "pm", "am", "12h", "evening", "morning", "abends", "morgens",
        "tijd", "ora", "orario",
    ),
    "count": (
        "number", "count", "#", "n", "anzahl", "nombre", "numero", "how many", "times", "x", "mal", "fois", "veces",
        "keer", "aantal", "volte", "vezes",
    ),
}  # fmt: skip

# Units that no column has.
FOREIGN = {
    "unit", "units", "cup", "cups", "glass", "glasses", "drink", "drinks", "bottle", "bottles", "pint", "pints", "shot",
    "shots", "tasse", "tassen", "glas", "glaser", "glaeser", "tasses", "verre", "verres", "taza", "tazas", "vaso",
    "vasos", "copa", "copas", "einheit", "einheiten", "unite", "unites", "unidad", "unidades", "oz", "ml", "cl",
    "kop", "koppen", "kopje", "kopjes", "glazen", "eenheden", "eenheid", "tazza", "tazze", "tazzina", "tazzine",
    "bicchiere", "bicchieri", "unita", "xicara", "xicaras", "chavena", "chavenas", "copo", "copos", "unidade",
    "percent", "prozent", "procent", "%", "days", "tage", "jours", "dias", "dagen", "giorni",
}  # fmt: skip
SPELT = {"hh:mm", "h:mm", "hh:mm:ss", "h:mm:ss"}  # how a time is typed, of a day as well as of a while
# Of what is converted: the unit of the numbers, and that of the column.
CONVERTED = {("h", "min"), ("s", "min"), ("min", "h")}
PER = re.compile(r"(?P<unit>\S+)(?:\s*/\s*|\s+(?:per|pro|par|por|a)\s+)(?P<per>[a-z]+)")
TIMES = {
    "week": ("week", "wk", "w", "woche", "semaine", "semana", "settimana"),
    "day": ("day", "d", "tag", "jour", "dia", "dag", "giorno", "night", "nacht", "nuit", "noche", "notte", "noite"),
}
RATE = re.compile(r"(?<!\d )\b(?P<unit>[a-z]+)(?:\s*/\s*|[\s_]+(?:per|a|pro|par|por)[\s_]+)(?P<per>[a-z]+)")
ENDS = re.compile(r"(\d{1,3})\s*=.*?(\d{1,3})\s*=")  # 1 = calm, 5 = tense
WITHIN = re.compile(r"(?<![\d.:])(\d{1,2})\s*(?:-|\u2013|to|bis)\s*(\d{1,3})(?![\d.:])")


class Head(NamedTuple):
    """A header cut in two: the name, and the unit or scale, blank where there is none."""

    name: str
    unit: str


def cut(head: str) -> Head:
    """Cut the unit or scale off a header.

    >>> cut("Einschlafdauer (min)"), cut("Exercise in hours"), cut("Stress from 0 to 10")
    (Head(name='Einschlafdauer', unit='min'), Head(name='Exercise', unit='hours'), Head(name='Stress', unit='0 to 10'))
    """
    found = next((found for way in (BRACKETS, TOP, FROM, ENDING) if (found := way.fullmatch(head))), None)
    return Head(found["name"].strip(), found["unit"].strip()) if found else Head(head, "")


def fits(unit: str, column: Column) -> str | None:
    """Tell how the numbers under a unit are a column's: blank as they are, or the unit that they are converted from.

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
    if column.unit == "points":
        return "" if _same_scale(said, column) else None
    if column.words or column.kind in {"tokens", "text", "flag"}:
        return ""
    wanted = column.unit.split("/")[0].split(" ")[0]
    if said in SPELT and wanted in {"min", "h"}:
        return ""
    each = None if said in UNITS.get(wanted, ()) else PER.fullmatch(said)
    if each:
        often = column.unit.partition("/")[2] or "day"
        said = each["unit"] if each["per"] in TIMES.get(often, ()) else "of another time"
    counts = () if wanted in {"min", "h", "mg", "g", "clock"} else UNITS["count"]
    if said in {*UNITS.get(wanted, ()), *counts}:
        return ""
    return next((unit for unit, whole in sorted(CONVERTED) if whole == wanted and said in UNITS[unit]), None)


def _same_scale(said: str, column: Column) -> bool:
    """Tell whether a scale is a column's: as long, and not turned round."""
    if (known := ends_told(said, column)) is not None:
        return known
    scale = SCALE.fullmatch(said) or ENDS.search(said) or (WITHIN.search(said) if names_an_end(said) else None)
    top = OUT_OF.fullmatch(said)
    whole = scale is not None and (float(scale[1]), float(scale[2])) == (column.low, column.high)
    return whole or (top is not None and column.low == 0 and float(top[1]) == column.high)


def unit_in(head: str, column: Column) -> str:
    """Find the unit or scale that a header names anywhere; blank where it names none that is known.

    >>> from hypnic.schemas import Nights, columns
    >>> night = columns(Nights)
    >>> unit_in("Units of alcohol", night["alcohol_g"]), unit_in("of those after 2pm", night["caffeine_mg"])
    ('units', '')
    >>> unit_in("stress_vas_100", night["stress_0_10"]), unit_in("Tense? 1 = no, 5 = very", night["stress_0_10"])
    ('/100', '1-5')
    """
    name, unit = cut(head)
    unit = fold(unit).strip(" .")
    each = PER.fullmatch(unit)
    if not (name[-1:].isdecimal() and head.endswith(unit)) and _is_unit(each["unit"] if each else unit):
        return unit
    text = fold(head).strip(" .?:")
    if column.unit == "points":
        if ends_told(text, column) is False:
            return text
        if scale := WITHIN.search(text) or ENDS.search(text):
            return f"{scale[1]}-{scale[2]}"
        top = re.search(r"(?:/|\bout of )\s*(\d{1,3})$|(?<!\d)(100)$", text)
        return f"/{top[1] or top[2]}" if top else ""
    if (rate := RATE.search(text)) and _is_unit(rate["unit"]):
        return f"{rate['unit']} per {rate['per']}"
    words = re.findall(r"[^\W_]+|%", text)
    ends = [word for word in (*words[-1:], *(word for word in words[:1] if len(word) > 1)) if _is_unit(word)]
    if len(words) > 1 and words[-2].isdecimal():  # "in the last 24 hours" is no unit
        ends = [word for word in ends if word != words[-1]]
    within = FOREIGN - {"drink", "drinks", "days"}
    if column.unit.partition("/")[0] in {"min", "h"}:
        within |= {unit for kind in ("min", "h", "s") for unit in UNITS[kind] if len(unit) > 2}
    before = [("", words[0]), *pairwise(words)] if words else []
    inner = [word for last, word in before if word in within and not last.isdecimal()]
    return next(iter([*ends, *inner]), "")


def _is_unit(said: str) -> bool:
    timed = {word for unit in ("min", "h", "s", "mg", "g") for word in UNITS[unit]}
    return bool(said) and (said in timed | FOREIGN or bool(SCALE.fullmatch(said) or OUT_OF.fullmatch(said)))
