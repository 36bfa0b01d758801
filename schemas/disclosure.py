"""No cell under ten people: small counts are withheld, and whatever would give them away by subtraction.

Two remedies. Where people gave their answers to this project, every count is rounded down to tens (`in_tens`): the
difference of two such numbers leaves open whether fewer than ten people, or none, lie between them, and a number that
comes back in many tables is the same in each, so that nothing is won by averaging. Rounding to a base took the place of
secondary suppression in NHS Digital's hospital statistics (2018), and ten is the threshold of the Office for National
Statistics and of the SACRO guide to statistical output checking (2023). Where whole counts are shown, small ones and
their partners are suppressed (`protected`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

FEWEST_PERSONS: Final = 10  # nothing is published about fewer
FEWEST_ALIKE: Final = 5  # k: of people who look the same, where ten cannot be had
FEW: Final = f"fewer than {FEWEST_PERSONS} people"
SMALL: Final = f"<{FEWEST_PERSONS}"
WITHHELD: Final = "withheld"


def too_few(persons: int) -> bool:
    """Tell whether so many persons are too few: what is known of them is refused or suppressed, never published.

    >>> too_few(9), too_few(FEWEST_PERSONS)
    (True, False)
    """
    return persons < FEWEST_PERSONS


def alone(design: str) -> str:
    """Say that the answers of one design are of too few people.

    >>> alone("diary")
    'diary: fewer than 10 people; alone too few for any ratio, together with other submissions they count'
    """
    return f"{design}: {FEW}; alone too few for any ratio, together with other submissions they count"


def in_tens(count: int, each: int = 1) -> int:
    """Round a count down to tens of people, `each` being the most rows that one person has.

    >>> in_tens(97), in_tens(100), in_tens(9), in_tens(600, each=28)
    (90, 100, 0, 560)
    """
    base = FEWEST_PERSONS * each
    return count // base * base


def told_exactly(count: int, _: int = 1) -> str:
    """Write a count as it is: of answers that are public, synthetic, or one's own.

    >>> told_exactly(1297)
    '1,297'
    """
    return f"{count:,}"


def told_in_tens(count: int, each: int = 1) -> str:
    """Write a count as it may be read: rounded down to tens of people, or that it is less.

    >>> told_in_tens(1297), told_in_tens(9), told_in_tens(200, each=28)
    ('1,290', '<10', '<280')
    """
    return f"{in_tens(count, each):,}" if in_tens(count, each) else f"<{FEWEST_PERSONS * each}"


def protected_in_tens(counts: Sequence[int]) -> list[int | str]:
    """Give the counts of one total, rounded down to tens, as they may be published next to that total in tens.

    A count under ten becomes `<10`. The smallest other counts become `withheld` until every value from 0 to 9 remains
    possible for each small one; where that can't be had, every cell is.

    >>> protected_in_tens([124, 3, 45, 67])
    [120, '<10', 40, 60]
    >>> protected_in_tens([69, 9])
    ['withheld', '<10']
    """
    small = sum(map(too_few, counts))
    others = sorted((count, place) for place, count in enumerate(counts) if not too_few(count))
    hidden: set[int] = set()
    while small and not _open_in_tens([n for n, place in others if place not in hidden], small, len(hidden), counts):
        if len(hidden) == len(others):
            return [WITHHELD] * len(counts)
        hidden.add(others[len(hidden)][1])
    return [SMALL if too_few(n) else WITHHELD if at in hidden else in_tens(n) for at, n in enumerate(counts)]


def _open_in_tens(shown: Sequence[int], small: int, hidden: int, counts: Sequence[int]) -> bool:
    """Tell whether each of so many small cells may be anything from 0 to 9 for who knows all that is shown."""
    top, total = FEWEST_PERSONS - 1, in_tens(sum(counts))
    least = sum(map(in_tens, shown)) + FEWEST_PERSONS * hidden  # besides one small cell
    most = float("inf") if hidden else least + top * (len(shown) + small - 1)
    return least + top <= total + top and most >= total


def may_follow(before: Collection[str], after: Collection[str]) -> bool:
    """Tell whether one may be published after the other, `before` and `after` being who is in: tokens of people.

    Who holds both and knows of one person that came or left between them would read that person's answers from the
    difference, whatever was rounded. So nobody may have come or ten, and nobody may have left or ten.

    >>> may_follow({"a", "b"}, {"a", "b"}), may_follow({"a", "b"}, {"a"})
    (True, False)
    """
    came, left = len(set(after) - set(before)), len(set(before) - set(after))
    return not any(0 < number < FEWEST_PERSONS for number in (came, left))


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
