"""Exports of sleep apps and watches: which of their columns are the instrument's."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.layouts import normalised, word_lists
from hypnic.datasets.reading.records import records_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NIGHTLY = b"Id,Tz,From,To"
DAY = re.compile(r"(\d\d)\. (\d\d)\. (\d{4})(?= )")
CLOCK = re.compile(r"\d{1,2}:\d\d|Event")  # how the night went on: movements at each time


class App(NamedTuple):
    """An app, the names by which its exports are known, and what its columns are."""

    name: str
    known: frozenset[str]
    columns: Codebook
    seconds: frozenset[str] = frozenset()

    def unit_said(self, head: str) -> str:
        """Give a header with its unit, where it does not say that its numbers are seconds."""
        return f"{head} (seconds)" if normalised(head) in self.seconds else head


def app_of(heads: Iterable[str]) -> App | None:
    """Give the app whose export has these headers; None where it is none that is known.

    >>> app_of(["Start Time", "End Time", "Minutes Asleep", "Time in Bed"]).name, app_of(["Start Time", "Stress"])
    ('Fitbit', None)
    """
    typed = {*map(normalised, heads)}
    return next((app for app in _apps() if app.known <= typed), None)


@cache
def _apps() -> list[App]:
    listed = word_lists("apps")
    return [
        App(
            name,
            frozenset(map(normalised, facts["known"])),
            Codebook(
                questions={normalised(head): column for head, column in facts["columns"].items()},
                left_out=frozenset(map(normalised, facts["left_out"])),
            ),
            frozenset(map(normalised, facts.get("seconds", ()))),
        )
        for name, facts in listed.items()
    ]


def in_one_table(text: bytes) -> bytes:
    """Give an export of Sleep as Android, which has a header for each night, as one table; another text as it is.

    What is no night is left blank, so that each keeps its line; of a night, nothing is kept of how it went on.

    >>> in_one_table(b"Id,Tz,From,To,22:45\\n1,,23:00,7:00,0.1\\n,,,,0.3\\nId,Tz,From,To\\n2,,1:00,8:00\\n")
    b'Id,Tz,From,To\\n1,,23:00,7:00\\n\\n\\n2,,1:00,8:00'
    """
    if not text.startswith(NIGHTLY):
        return text
    try:
        rows, _, _ = records_of(text, ",")
    except csv.Error:  # said by who reads it next
        return text
    heads = [head for head in rows[0] if not CLOCK.match(head)]
    nights = [[DAY.sub(r"\3-\2-\1", cell) for cell in row[: len(heads)]] if _is_night(row) else [] for row in rows[1:]]
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([heads, *nights])
    return made.getvalue().rstrip("\n").encode()


def _is_night(row: Sequence[str]) -> bool:
    return bool(row) and row[0].isdigit()
