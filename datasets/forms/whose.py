"""Titles that ask who a row is of, or which night of the diary it is, in words of their own."""

from __future__ import annotations

import re
from functools import cache

from hypnic.datasets.forms.layouts import word_lists
from hypnic.schemas.languages import fold


def asks_who(title: str) -> bool:
    """Tell whether a title asks for the code or number by which one respondent is known.

    >>> [asks_who(title) for title in ("Please enter your diary code", "Dein Code", "Choose a nickname (for later)")]
    [True, True, True]
    >>> [asks_who(title) for title in ("Post code", "Number", "Your number", "What is your name?")]
    [False, False, False, False]
    """
    words = _words(re.sub(r"\(.*?\)", " ", title))
    named = words & _listed("who")
    numbered = words & _listed("numbers") and words & _listed("about")
    known = _listed("who") | _listed("numbers") | _listed("about") | _listed("filling")
    return bool(named or numbered) and words <= known


def asks_which_night(title: str) -> bool:
    """Tell whether a title asks for the number of a night.

    >>> asks_which_night("Which night of the diary is it?"), asks_which_night("Which night was the worst?")
    (True, False)
    """
    words = _words(title)
    known = _listed("night") | _listed("around") | _listed("about") | _listed("filling")
    return bool(words & _listed("night")) and words <= known


def asks_for_date(title: str) -> bool:
    """Tell whether a title asks for a date, and not for somebody's date of birth.

    >>> [asks_for_date(title) for title in ("Which night is this about? (date of the evening)", "Datum der Nacht")]
    [True, True]
    >>> [asks_for_date(title) for title in ("Date of birth", "How was your night?")]
    [False, False]
    """
    words = _words(title)
    return bool(words & _listed("date")) and not any(word.startswith(tuple(_listed("other_dates"))) for word in words)


def _words(title: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", fold(title)))


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(word_lists("whose")[kind])
