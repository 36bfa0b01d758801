"""The smallest group of persons that anything is published about."""

from __future__ import annotations

from typing import Final

FEWEST_PERSONS: Final = 10


def too_few(count: int) -> bool:
    """Tell whether so many persons are too few: what is known of them is refused or suppressed, never published.

    >>> too_few(9), too_few(FEWEST_PERSONS)
    (True, False)
    """
    return count < FEWEST_PERSONS
