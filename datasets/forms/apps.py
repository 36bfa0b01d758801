"""Exports of sleep apps and watches: which of their columns are the instrument's."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.layouts import PROFILES, normalised

if TYPE_CHECKING:
    from collections.abc import Iterable


class App(NamedTuple):
    """An app, the names by which its exports are known, and what its columns are."""

    name: str
    known: frozenset[str]
    columns: Codebook


def app_of(heads: Iterable[str]) -> App | None:
    """Give the app whose export has these headers; None where it is none that is known.

    >>> app_of(["Start Time", "End Time", "Minutes Asleep", "Time in Bed"]).name, app_of(["Start Time", "Stress"])
    ('Fitbit', None)
    """
    typed = {*map(normalised, heads)}
    return next((app for app in _apps() if app.known <= typed), None)


@cache
def _apps() -> list[App]:
    listed = tomllib.loads((PROFILES.parent / "names" / "apps.txt").read_text("utf-8"))
    return [
        App(
            name,
            frozenset(map(normalised, facts["known"])),
            Codebook(
                questions={normalised(head): column for head, column in facts["columns"].items()},
                left_out=frozenset(map(normalised, facts["left_out"])),
            ),
        )
        for name, facts in listed.items()
    ]
