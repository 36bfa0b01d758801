"""Consent that is asked in words of the study's own: which column asks for it, and whether somebody gives it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.forms.layouts import PROFILES
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching
    from hypnic.datasets.forms.transcriber import Transcriber

COLUMN = "consent_open_data"


def agrees(cell: str) -> bool | None:
    """Tell whether somebody agrees; None where a cell says neither.

    >>> [agrees(cell) for cell in ("Yes, I agree", "I do not agree", "Ich willige nicht ein", "1", "later")]
    [True, False, False, True, None]
    """
    words = re.findall(r"[^\W\d_]+|\d+", fold(cell))
    first = next((word for word in words if word in _listed("no") | _listed("yes")), None)
    if first in _listed("no") or {*words} & _listed("after"):
        return False
    return None if first is None else True


def take_consents(found: Matching, export: Export) -> None:
    """Match the columns that ask for consent: one to publish with the instrument's, others with whoever refuses."""
    for place in sorted({*found.private, *found.unmatched, *found.own}):
        asked = [fold(head) for head in export.headers[place] if _asks(fold(head))]
        cells = {row[place] for row in export.rows} - {""}
        if not asked or not cells or None in map(agrees, cells):
            continue
        for places in (found.private, found.own):
            if place in places:
                places.remove(place)
        found.unmatched.pop(place, None)
        if COLUMN in found.facts and COLUMN not in found.answers and any(map(_to_publish, asked)):
            found.answers[COLUMN] = [place]
        else:
            found.consents.append(place)


def who_agree(reader: Transcriber, answered: Mapping[int, dict[str, str]], keys: Sequence[str]) -> dict[int, bool]:
    """Say of each row whether its person consents, in every column that asks; of several rows the last answer counts.

    Who answers nothing there does not consent. A row without a key is a person of its own.
    """
    rows: dict[str | int, list[int]] = {}
    for number, key in enumerate(keys):
        rows.setdefault(key or number, []).append(number)
    return {number: all(map(_last, _said(reader, answered, rows[keys[number] or number]))) for number in answered}


def _said(
    reader: Transcriber, answered: Mapping[int, dict[str, str]], rows: Sequence[int]
) -> Iterable[list[bool | None]]:
    """Give what one person says in each column that asks for consent."""
    if COLUMN in {*reader.found.answers, *reader.found.ticked}:
        yield [{"true": True, "false": False}.get(answered[number][COLUMN]) for number in rows if number in answered]
    for place in reader.found.consents:
        yield [agrees(reader.export.rows[number][place]) for number in rows]


def _last(said: Iterable[bool | None]) -> bool:
    return ([one for one in said if one is not None] or [False])[-1]


def _asks(title: str) -> bool:
    """Tell whether a folded title asks for consent to the study; not whether somebody may be written to."""
    return _has(title, "asks") and not _has(title, "besides")


def _to_publish(title: str) -> bool:
    return _has(title, "publish")


def _has(title: str, kind: str) -> bool:
    said = " ".join(re.findall(r"[^\W\d_]+|\d+", title))
    return any(f" {phrase}" in f" {said}" for phrase in _listed(kind))


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(tomllib.loads((PROFILES.parent / "names" / "consent.txt").read_text("utf-8"))[kind])
