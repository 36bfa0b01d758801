"""Columns that count a drink, or may count one that the drink table does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.drinks import TARGETS, counted
from hypnic.datasets.forms.titles import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.matching import Matching


def drink(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    """Know a column that counts a drink, by its name or by what a person's map calls it."""
    said = said_to_count(heads, profile, codebook)
    one = next((one for one in map(counted, (said, *parts(heads, profile))) if one), None)
    if one is None:
        return False
    if said and profile.own_names:
        found.said[place] = said
    found.drinks.setdefault(TARGETS[found.table][one.kind], {})[place] = one
    return True


def said_to_count(heads: Sequence[str], profile: Profile, codebook: Codebook) -> str:
    """Give what a codebook or a person's map calls a column, where that is a drink; blank where it is none."""
    return next((said for said in map(codebook.question, parts(heads, profile)) if counted(said)), "")
