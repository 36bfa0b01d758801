"""Columns that count a drink, or may count one that the drink table does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.dayparts import late_alone
from hypnic.datasets.forms.drinks import TARGETS, counted, in_unit
from hypnic.datasets.forms.titles import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.matching import Matching


def drink(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    """Know a column that counts a drink, by its name or by what a person's map calls it.

    In a person's own table, one that says only `of which after 14:00` counts what the column before it does.
    """
    said = said_to_count(heads, profile, codebook)
    one = next((one for one in map(counted, (said, *parts(heads, profile))) if one), None)
    if said and one:
        one = in_unit(one, heads[0])
    if one is None and profile.own_names and late_alone(heads[0]):
        return _late_of_the_last(found, place)
    if one is None:
        return False
    if said:
        found.said[place] = said
    found.drinks.setdefault(TARGETS[found.table][one.kind], {})[place] = one
    return True


def _late_of_the_last(found: Matching, place: int) -> bool:
    """Take a column as the part after 14:00 of the one before it, if that is of caffeine or of a drink with it."""
    whole, late = (TARGETS[found.table][kind] for kind in ("caffeine", "late"))
    before = found.drinks.get(whole, {}).get(place - 1)
    if before and not before.early:
        found.drinks.setdefault(late, {})[place] = before._replace(late=True)
    elif found.answers.get(whole) == [place - 1] and late in found.facts:
        found.answers.setdefault(late, []).append(place)
    else:
        return False
    return True


def put_parts_together(found: Matching) -> None:
    """Add what was had before 14:00 and after it, where no column has both; the part before says nothing alone."""
    whole, late = (TARGETS[found.table][kind] for kind in ("caffeine", "late"))
    drinks = found.drinks.get(whole, {})
    for place, one in [*drinks.items()]:
        if not one.early:
            continue
        others = {at: other for at, other in found.drinks.get(late, {}).items() if other.drink.name == one.drink.name}
        if any(other.drink.name == one.drink.name and not other.early for other in drinks.values()):
            found.repeats.append(place)
            del drinks[place]
        elif others:
            drinks.update(others)
        else:
            del drinks[place]
            found.unmatched_drinks[place] = frozenset({"caffeine"})
    _ask_of_two_units(found)
    for name in [name for name, each in found.drinks.items() if not each]:
        del found.drinks[name]


def _ask_of_two_units(found: Matching) -> None:
    """Leave open a drink that one column counts in cups and another in ml: both would count it twice."""
    for drinks in found.drinks.values():
        units: dict[str, set[str]] = {}
        for one in drinks.values():
            units.setdefault(one.drink.name.removeprefix("small_").removeprefix("large_"), set()).add(one.per)
        for place, one in [*drinks.items()]:
            if len(units[one.drink.name.removeprefix("small_").removeprefix("large_")]) > 1:
                found.unmatched_drinks[place] = frozenset({one.kind})
                del drinks[place]


def said_to_count(heads: Sequence[str], profile: Profile, codebook: Codebook) -> str:
    """Give what a codebook or a person's map calls a column, where that is a drink; blank where it is none."""
    return next((said for said in map(codebook.question, parts(heads, profile)) if counted(said)), "")
