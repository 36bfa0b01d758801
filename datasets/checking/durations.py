"""How long something took, as people write it: `1 h 20`, `7h30`, `half an hour`, `7 1/2`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.checking.suggestion import Suggestion, stands, unit_of

if TYPE_CHECKING:
    from hypnic.schemas import Column

PARTS = re.compile(
    r"(?P<h>\d{1,2})\s*(?P<mark>:|h|hrs?|hours?|std\.?|stunden?)\s*(?:and|und|et)?\s*(?P<m>[0-5]?\d)"
    r"\s*(?:m|min|mins|minutes?|minuten|')?"
)
FRACTIONS = {"1/4": 0.25, "1/2": 0.5, "3/4": 0.75}
MIXED = re.compile(r"(?:(?P<whole>\d{1,2})\s+)?(?P<part>1/4|1/2|3/4)\s*(?P<unit>h|hrs?|hours?|std\.?)?")
WORDS = {
    "half an hour": 30, "half hour": 30, "an hour": 60, "one hour": 60, "a quarter of an hour": 15, "two hours": 120,
    "quarter of an hour": 15, "an hour and a half": 90, "one and a half hours": 90, "halbe stunde": 30,
    "eine halbe stunde": 30, "eine stunde": 60, "une heure": 60, "une demi-heure": 30, "media hora": 30, "una hora": 60,
}  # fmt: skip


def duration(typed: str, column: Column) -> Suggestion | None:
    """Read how long something took, in minutes or hours as the column wants; None where it is none.

    `1:20` in a column of minutes may be minutes and seconds, so that a person must say.

    >>> from hypnic.schemas import Participants, Nights, columns
    >>> duration("1 h 20", columns(Nights)["exercise_min"]).text
    '80'
    >>> duration("7h30", columns(Participants)["sleep_need_h"]).text
    '7.5'
    """
    unit = unit_of(column)
    if unit not in {"min", "h"}:
        return None
    minutes, certain = WORDS.get(typed), True
    if parts := PARTS.fullmatch(typed):
        minutes, certain = int(parts["h"]) * 60 + int(parts["m"]), parts["mark"] != ":" or unit == "h"
    elif (mixed := MIXED.fullmatch(typed)) and (mixed["unit"] or unit == "h"):
        minutes = round((int(mixed["whole"] or 0) + FRACTIONS[mixed["part"]]) * 60)
    if minutes is None:
        return None
    value = float(minutes) if unit == "min" else minutes / 60
    remark = "" if certain else " where it is hours and minutes"
    return Suggestion(f"{value:.10g}", certain, remark) if stands(value, column) else None
