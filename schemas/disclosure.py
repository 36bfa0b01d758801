"""No cell under ten people: small counts are withheld, and whatever would give them away by subtraction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_PERSONS: Final = 10  # nothing is published about fewer
SMALL: Final = f"<{FEWEST_PERSONS}"
WITHHELD: Final = "withheld"


def too_few(persons: int) -> bool:
    """Tell whether so many persons are too few: what is known of them is refused or suppressed, never published.

    >>> too_few(9), too_few(FEWEST_PERSONS)
    (True, False)
    """
    return persons < FEWEST_PERSONS


def protected(counts: Sequence[int]) -> list[int | str]:
    """Give the counts of one total as they may be published next to that total.

    A count under ten becomes `<10`. The smallest other counts become `withheld` until every value from 0 to 9
    remains possible for each small one, for a reader who knows the total and what both marks mean. Where that can't
    be had, every cell is withheld. A zero is a small count too: that nobody gave an answer can be telling.

    >>> protected([120, 3, 45, 60])
    [120, '<10', 'withheld', 60]
    >>> protected([120, 45])
    [120, 45]
    """
    small = {place for place, count in enumerate(counts) if too_few(count)}
    others = sorted((count, place) for place, count in enumerate(counts) if place not in small)
    hidden: set[int] = set()
    while small and not _open(counts, small, hidden):
        if len(hidden) == len(others):
            return [WITHHELD] * len(counts)
        hidden.add(others[len(hidden)][1])
    return [SMALL if n in small else WITHHELD if n in hidden else count for n, count in enumerate(counts)]


def _open(counts: Sequence[int], small: set[int], hidden: set[int]) -> bool:
    """Tell whether the hidden sum leaves each small cell free to be anything from 0 to 9."""
    total = sum(counts[place] for place in small | hidden)
    top = FEWEST_PERSONS - 1
    most_elsewhere = float("inf") if hidden else top * (len(small) - 1)
    return FEWEST_PERSONS * len(hidden) + top <= total <= most_elsewhere
