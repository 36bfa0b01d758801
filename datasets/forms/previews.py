"""Rows that a form tool marks as nobody's answers: previews, tests, spam, and those of which its mark is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.titles import folds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile

VOID = "the tool marks it as a preview, a test, spam or not approved"
DOUBTFUL = (
    "a status that is not known, perhaps of a preview; if it is an answer, set the tool to English and export again"
)


class Previews(NamedTuple):
    """The rows that are nobody's answers, and those that may be."""

    void: list[int]
    doubtful: list[int]


def previews(export: Export, profile: Profile) -> Previews:
    """Find the rows that the tool's own columns mark; none where it has no such column."""
    void = [number for number, marks in enumerate(_marks(export, profile, profile.void)) if any(marks)]
    unusual = [number for number, marks in enumerate(_marks(export, profile, profile.usual)) if not all(marks)]
    return Previews(void, [number for number in unusual if number not in void])


def _marks(export: Export, profile: Profile, marks: Mapping[str, str]) -> Iterator[list[bool]]:
    """Tell of every row whether each of the tool's columns has what is said of it."""
    places = {
        place: mark
        for place, heads in enumerate(export.headers)
        for name, mark in marks.items()
        if name in folds(heads, profile)
    }
    for row in export.rows:
        cells = {place: row[place].casefold().replace("_", " ") for place in places}
        yield [re.fullmatch(mark, cells[place]) is not None for place, mark in places.items()]
