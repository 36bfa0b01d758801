"""The ends of a scale as a header names them: whether little and much, or bad and good, are the column's own."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.forms.layouts import word_lists

if TYPE_CHECKING:
    from hypnic.schemas import Column

RANGE = "bis|to|a|y|al|hasta|tot|ate"  # 1 to 5 names no end
ANCHOR = re.compile(
    rf"(?P<end>\d{{1,3}})\s*(?:[=:]|->|\u2192)?\s*(?P<says>(?!(?:{RANGE})\b)[^\W\d][^\d,;|]*)"
)  # 5 = tense
TURNED = re.compile(r"(?P<says>[^\W\d][^\d,;|=]*)=\s*(?P<end>\d{1,3})")  # tense = 5


def names_an_end(said: str) -> bool:
    """Tell whether a text says what a number stands for, as `5 = tense`."""
    return ANCHOR.search(said) is not None


def ends_told(said: str, column: Column) -> bool | None:
    """Tell whether both ends are called as the column's are; None where that is not said, False where they may not be.

    A scale of quality is turned in many countries, where 1 is the best mark: its ends must be known words.

    >>> from hypnic.schemas import Nights, columns
    >>> night = columns(Nights)
    >>> [ends_told(said, night["sleep_quality_1_5"]) for said in ("1 = poor, 5 = good", "1-5, 1 = sehr gut", "1-5")]
    [True, False, None]
    >>> ends_told("0 = very stressed, 10 = calm", night["stress_0_10"])
    False
    """
    found = [(float(one["end"]), one["says"]) for way in (ANCHOR, TURNED) for one in way.finditer(said)]
    ends = [(end, says) for end, says in found if end in {column.low, column.high}]
    quality = "quality" in column.name
    low, high = ("bad", "good") if quality else ("little", "much")
    told = {}
    for end, says in ends:
        down, up = (_called(words).search(says) is not None for words in (low, high))
        if down or not quality:
            told[end] = down == (end == column.low) or not (down or up)  # not at all stressed is little
        elif up:
            told[end] = end == column.high
    if not all(told.values()) or (quality and not told and (ends or "=" in said)):
        return False
    return True if len(told) == 2 else None


@cache
def _called(words: str) -> re.Pattern[str]:
    known = word_lists("ends")
    return re.compile(rf"\b(?:{'|'.join(known[words])})")
