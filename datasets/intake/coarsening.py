"""The fewest cells that hide everybody among ten people who look alike.

Each column has a ladder, and the frozen order of `Released.place` says which goes first where two ways take as many
cells. What is published already cannot be changed, but others may look like it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.intake.classes import LEAST, WANTED, Look, Person, known_by, shared
from hypnic.errors import HypnicError
from hypnic.schemas.released import WITHHELD

if TYPE_CHECKING:
    import random


class Ladder(NamedTuple):
    """The rungs of one column: what each word becomes on each of them, and the word at the end."""

    rungs: tuple[dict[str, str], ...]
    end: str

    def up(self, word: str, level: int) -> str:
        """Give what a word is on a rung; an absent column stays absent."""
        if not word:
            return word
        if level > len(self.rungs):
            return self.end
        for rung in self.rungs[:level]:
            word = rung.get(word, word)
        return word


class Coarsening:
    """The search for the fewest cells: who has found a class, and how each person looks there."""

    def __init__(self, people: Sequence[Person], others: Iterable[Person], rng: random.Random) -> None:
        """Take the people who are to be hidden, and those whose looks are published already."""
        self.people, self.rng = people, rng
        self.ladders = [Ladder(tuple(map(dict, c.released.coarser)), c.released.end) for c in known_by()]
        self.nodes = _nodes(self.ladders)
        self.members: dict[Look, set[int]] = defaultdict(set)
        self.others: dict[Look, list[Person]] = defaultdict(list)
        for other in others:
            self.others[other.look].append(other)
        self.left = set(range(len(people)))
        self.alike: set[int] = set()  # people whose class shares an answer, and cannot but do so
        self.lenient = False  # once everybody who is left shares one, however they look
        self._lifted: dict[tuple[Look, tuple[int, ...]], Look] = {}

    def run(self) -> list[Look]:
        """Give how each person looks; raises HypnicError where somebody cannot be hidden among five."""
        while self.left:
            if not any(way(least) for least in (WANTED, LEAST) for way in (self.climb, self.borrow, self.absorb)):
                self.give_up()
        looks = {person: look for look, members in self.members.items() for person in members}
        return [looks[person] for person in range(len(self.people))]

    def climb(self, least: int) -> bool:
        """Settle everybody who finds a class on the way up, cheapest rungs first; tell whether anybody did."""
        settled, place = False, 0
        while self.left and place < len(self.nodes):
            found = self._settle(self.nodes[place], least)
            settled |= found
            place = 0 if found and place else place + 1  # a class that grew may take in others for fewer cells
        return settled

    def _settle(self, node: tuple[int, ...], least: int) -> bool:
        groups: dict[Look, list[int]] = defaultdict(list)
        for person in sorted(self.left):
            groups[self.lift(self.people[person].look, node)].append(person)
        found = False
        for look, group in groups.items():
            if len(group) + self.size(look) < least:
                continue
            same = shared(self.all_of(look, group))
            if same and self.lenient:
                self.alike |= {*group, *self.members.get(look, ())}
            if not same or self.lenient:
                self._move(group, look)
                found = True
        return found

    def borrow(self, least: int) -> bool:
        """Fill one class with people of larger ones, who lose cells that they could have kept; the cheapest way."""
        best: tuple[float, int, Look, list[int], int] | None = None
        for place, node in enumerate(self.nodes):
            groups: dict[Look, list[int]] = defaultdict(list)
            for person in sorted(self.left):
                groups[self.lift(self.people[person].look, node)].append(person)
            for look, group in groups.items():
                need = max(least - len(group) - self.size(look), 1)
                lenders = self._lenders(look, node)
                if len(lenders) < need:
                    continue
                cells = sum(_differ(self.people[person].look, look) for person in (*group, *lenders[:need]))
                if best is None or (cells / len(group), place) < best[:2]:
                    best = (cells / len(group), place, look, group, need)
        if best is None:
            return False
        _, place, look, group, need = best
        lenders = self._lenders(look, self.nodes[place])
        lent = sorted(self.rng.sample(lenders, need))
        if shared(self.all_of(look, [*group, *lent])):
            lent = lenders  # more people, more answers
        if shared(self.all_of(look, [*group, *lent])):
            return False
        for person in lent:
            self.members[self.look_of(person)].discard(person)
        self.left |= set(lent)
        self._move([*group, *lent], look)
        return True

    def absorb(self, least: int) -> bool:
        """Join people with all of a class that cannot spare any, where both look the same; the cheapest way."""
        best: tuple[float, int, Look, list[int]] | None = None
        for place, node in enumerate(self.nodes):
            groups: dict[Look, list[int]] = defaultdict(list)
            for person in sorted(self.left):
                groups[self.lift(self.people[person].look, node)].append(person)
            for look, group in groups.items():
                for current, members in self.members.items():
                    joined = sorted({*group, *members})
                    if current == look or not members or len(joined) + self.size(look) < least:
                        continue
                    if any(self.lift(self.people[one].look, node) != look for one in members):
                        continue
                    cells = sum(_differ(self.people[one].look, look) for one in joined) / len(group)
                    if (best is None or (cells, place) < best[:2]) and not shared(self.all_of(look, joined)):
                        best = (cells, place, look, joined)
        if best is None:
            return False
        for members in self.members.values():
            members.difference_update(best[3])
        self._move(best[3], best[2])
        return True

    def _lenders(self, look: Look, node: tuple[int, ...]) -> list[int]:
        """List settled people who would look so, leaving ten behind who still differ."""
        found = []
        for current, members in list(self.members.items()):
            spare = self.size(current) - WANTED
            fit = [one for one in sorted(members) if self.lift(self.people[one].look, node) == look]
            if current == look or spare <= 0 or not fit:
                continue
            taken = fit[:spare]
            rest = [self.people[one] for one in members if one not in set(taken)] + self.others[current]
            if not shared(rest):
                found += taken
        return sorted(found)

    def give_up(self) -> None:
        """Put everybody who is left on the last rung, with the smallest class there is where they are too few.

        Where they are enough, and share an answer even there, no rung helps: they go where they look alike, and the
        answer is withheld.
        """
        look = self.lift(self.people[min(self.left)].look, self.nodes[-1])
        if not self.lenient and len(self.left) + self.size(look) >= LEAST:
            self.lenient = True
            return
        while len(self.left) + self.size(look) < LEAST:
            mine = sorted(((len(group), group) for group in self.members.values() if group), key=lambda pair: pair[0])
            if not mine:
                message = (
                    f"too few people are alike: {LEAST} at least must share what others could know them by, and these"
                    " do not, even with all of it withheld; send the folder together with others' answers"
                )
                raise HypnicError(message)
            smallest = set(mine[0][1])
            for members in self.members.values():
                members.difference_update(smallest)
            self.left |= smallest
        if shared(self.all_of(look, self.left)):
            self.alike |= self.left
        self._move(set(self.left), look)

    def size(self, look: Look) -> int:
        """Count who looks so already."""
        return len(self.members.get(look, ())) + len(self.others.get(look, ()))

    def all_of(self, look: Look, group: Iterable[int]) -> list[Person]:
        """List who looks so, with a group that would."""
        mine = {*group, *self.members.get(look, ())}
        return [*(self.people[one] for one in mine), *self.others.get(look, ())]

    def look_of(self, person: int) -> Look:
        """Give how a settled person looks."""
        return next(look for look, members in self.members.items() if person in members)

    def lift(self, look: Look, node: tuple[int, ...]) -> Look:
        """Give how somebody looks on the rungs of a node."""
        key = (look, node)
        if key not in self._lifted:
            self._lifted[key] = tuple(
                ladder.up(word, level) for ladder, word, level in zip(self.ladders, look, node, strict=True)
            )
        return self._lifted[key]

    def _move(self, group: Iterable[int], look: Look) -> None:
        self.members[look] |= set(group)
        self.left -= set(group)


def _differ(one: Look, other: Look) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _nodes(ladders: Sequence[Ladder]) -> list[tuple[int, ...]]:
    """List all ways up, those that cost fewer cells first, then fewer withheld ones, then the frozen order."""
    tops = [len(ladder.rungs) + 1 for ladder in ladders]

    def cost(node: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        ended = zip(node, tops, ladders, strict=True)
        withheld = sum(level == top and ladder.end == WITHHELD for level, top, ladder in ended)
        return sum(map(bool, node)), withheld, tuple(reversed(node))

    return sorted(product(*(range(top + 1) for top in tops)), key=cost)
