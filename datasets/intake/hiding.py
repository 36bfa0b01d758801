"""Hiding everybody among their own kind: people with a diary, and people without.

The published tables themselves tell the two apart, whatever is coarsened. So neither can hide the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.intake.classes import LEAST, Look, Person
from hypnic.datasets.intake.coarsening import Coarsening
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence


def hidden(people: Sequence[Person], others: Sequence[Person], rng: random.Random) -> tuple[list[Look], set[int]]:
    """Give how each person looks once hidden among those who kept a diary, or did not, as they did.

    The second is the places of those whose class shares an answer that must be withheld. `others` are published
    already. Raises HypnicError where somebody cannot be hidden among five.
    """
    looks: dict[int, Look] = {}
    alike: set[int] = set()
    for diary in (True, False):
        places = [place for place, person in enumerate(people) if person.diary == diary]
        mixed = len(places) < len(people)
        search = Coarsening([people[place] for place in places], [one for one in others if one.diary == diary], rng)
        try:
            looks |= dict(zip(places, search.run(), strict=True))
        except HypnicError:
            if not mixed:
                raise
            raise HypnicError(_few_of_a_kind(len(places), diary=diary)) from None
        alike |= {places[one] for one in search.alike}
    return [looks[place] for place in range(len(people))], alike


def _few_of_a_kind(count: int, *, diary: bool) -> str:
    kind, way = ("with", "the nights out of nights.csv") if diary else ("without", "them out of participants.csv")
    return (
        f"{count} {'person is' if count == 1 else 'people are'} {kind} nights, and too few are alike: everybody sees"
        f" whose nights are published, so {LEAST} at least must be {kind} nights and share what others could know them"
        f" by; leave {way}, or send the folder together with others' answers"
    )
