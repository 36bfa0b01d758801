"""Consent in words of the study's own: whether a title asks for it, and whether a cell gives it."""

from __future__ import annotations

import re
from functools import cache

from hypnic.datasets.forms.layouts import word_lists
from hypnic.schemas.languages import fold

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


def asks(title: str) -> bool:
    """Tell whether a folded title asks for consent to the study; not whether somebody may be written to.

    >>> asks("i agree that my answers are published"), asks("i agree to be contacted again")
    (True, False)
    """
    return _has(title, "asks") and not _has(title, "besides")


def may_ask(title: str) -> bool:
    """Tell whether a folded title may ask for consent: it asks to agree to something about answers, data or a study.

    >>> may_ask("by continuing you agree that your anonymised answers are published"), may_ask("you agree with me")
    (True, False)
    """
    return _has(title, "agree") and _has(title, "about") and not _has(title, "besides")


def to_publish(title: str) -> bool:
    """Tell whether a folded title that asks for consent speaks of publishing."""
    return _has(title, "publish")


def _has(title: str, kind: str) -> bool:
    said = " ".join(re.findall(r"[^\W\d_]+|\d+", title))
    return any(f" {phrase}" in f" {said}" for phrase in _listed(kind))


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(word_lists("consent")[kind])
