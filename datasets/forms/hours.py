"""A time of day as people and tools write it, and where it lies on the diary's clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from hypnic.schemas import Column

TIME = re.compile(  # a workbook's times of day are on its day 0
    r"(?:1899-12-3[01] )?"
    r"(?P<hour>\d{1,2})(?:(?:[:.]|\s?(?:h|uhr|uur|u)\s?)(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?(?:m\.?)?|\s?(?P<unit>h|hrs?|uhr|uur|u|ore|o'?clock)|z|[+-]\d{2}:?\d{2})?"
)
SPOKEN = {"midnight": 0.0, "mitternacht": 0.0, "minuit": 0.0, "medianoche": 0.0, "noon": 12.0, "midday": 12.0,
          "mittag": 12.0, "midi": 12.0, "mediodia": 12.0,
          "middernacht": 0.0, "mezzanotte": 0.0, "meianoite": 0.0, "meia-noite": 0.0, "mezzogiorno": 12.0,
          "meio-dia": 12.0, "meiodia": 12.0}  # fmt: skip
HALF_PAST = re.compile(r"\d{1,2}[.]\d{1,2}")  # 23.5 is a clock hour already, 11.30 pm is a time


def clock(label: str, last: int = 23) -> float | None:
    """Give a time of day in hours; None for what is none, or later than the hour `last`.

    >>> clock("11:30 PM"), clock("07:00:00.000+02:00"), clock("12:15 am"), clock("7h")
    (23.5, 7.0, 0.25, 7.0)
    >>> clock("25:00"), clock("25:00", last=36)
    (None, 25.0)
    """
    if (spoken := SPOKEN.get(fold(label.strip()))) is not None:
        return spoken
    found = TIME.fullmatch(label.casefold())
    if not found or (HALF_PAST.fullmatch(label) and not found["half"]):
        return None
    if found["minute"] is None and not (found["half"] or found["unit"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > (12 if found["half"] else last) or minute > 59 or (found["half"] and hour == 0):
        return None
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] == "p")
    return hour + minute / 60


def diary_hour(hours: float, facts: Column, bed: float | None) -> float:
    """Put a time of day on the diary day's clock, which runs on after midnight.

    Waking is the first such time after going to bed; whatever else comes before bed is the last one before it.

    >>> from hypnic.schemas import Nights, columns
    >>> night = columns(Nights)
    >>> diary_hour(0.5, night["bed_clock_h"], None), diary_hour(7, night["wake_clock_h"], 24.5)
    (24.5, 31)
    >>> diary_hour(0.25, night["caffeine_last_clock_h"], 24.5), diary_hour(16, night["caffeine_last_clock_h"], 23)
    (24.25, 16)
    """
    low, high = facts.low or 0, facts.high or 48
    fits = [hour for hour in (hours, hours + 24) if low <= hour <= high] or [hours]
    if facts.name == "wake_clock_h":
        return next((hour for hour in fits if bed is None or hour > bed), fits[0])
    return next((hour for hour in reversed(fits) if bed is not None and hour <= bed), fits[0])
