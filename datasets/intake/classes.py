"""Classes of people who look alike: how small they are, and the fewest cells that make them large enough.

Two people are of one class where all of the columns by which somebody can be known are the same, word for word; a
withheld answer is a word too. That is stricter than to let a withheld answer match any other (as sdcMicro does), and
holds against readers who know how answers were coarsened. The order of coarsening is that of `Released.place`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.errors import HypnicError
from hypnic.schemas import FEWEST_PERSONS, Participants, columns
from hypnic.schemas.column import ANY, WITHHELD

if TYPE_CHECKING:
    import random

    from hypnic.schemas import Column

WANTED, LEAST = FEWEST_PERSONS, 5
Look = tuple[str, ...]  # one person's words in the columns by which somebody can be known


def known_by() -> tuple[Column, ...]:
    """Give the columns by which somebody can be known, in the order in which they are coarsened."""
    facts = [column for column in columns(Participants).values() if column.released.place]
    return tuple(sorted(facts, key=lambda column: column.released.place))


def telling() -> tuple[Column, ...]:
    """Give the columns of which no class may share an answer."""
    return tuple(column for column in columns(Participants).values() if column.released.telling)


class Person(NamedTuple):
    """How a person looks, and what they tell: the answers that no class may share, none where nothing is told."""

    look: Look
    tells: tuple[str | None, ...]


class Judgement(NamedTuple):
    """How well people are hidden: the smallest class, people in classes under ten, and in those that share an answer.

    `small` counts the people by the size of their class.
    """

    k: int
    small: dict[int, int]
    alike: int

    @property
    def hidden(self) -> bool:
        """Tell whether it may be published: no class under five, none that shares a telling answer."""
        return self.k >= LEAST and not self.alike


def people_of(frame: pl.DataFrame) -> list[Person]:
    """Read how people look from a participants' table, typed or published; an absent column is the same for all."""
    there = frame.columns
    looks = [frame[c.name].cast(pl.String).fill_null("").to_list() if c.name in there else None for c in known_by()]
    tells = [_tells(frame, column) for column in telling()]
    rows = range(frame.height)
    return [
        Person(tuple(look[row] if look else "" for look in looks), tuple(tell[row] for tell in tells)) for row in rows
    ]


def judge(*frames: pl.DataFrame, of: pl.DataFrame | None = None) -> Judgement:
    """Judge published participants together; with `of`, only the classes that somebody of it is in.

    >>> judge(pl.DataFrame({"age_band": ["25-34"] * 12, "sex_at_birth": ["male"] * 11 + ["female"]})).k
    1
    """
    classes: dict[Look, list[Person]] = defaultdict(list)
    for frame in frames:
        for person in people_of(frame):
            classes[person.look].append(person)
    if of is not None:
        wanted = {person.look for person in people_of(of)}
        classes = defaultdict(list, {look: members for look, members in classes.items() if look in wanted})
    sizes = Counter(len(members) for members in classes.values())
    alike = sum(len(members) for members in classes.values() if shared(members))
    small = {size: size * count for size, count in sorted(sizes.items()) if size < WANTED}
    return Judgement(min(sizes, default=0), small, alike)


def shared(people: Iterable[Person]) -> bool:
    """Tell whether all of these people share an answer that no class may share."""
    listed = list(people)
    for place, column in enumerate(telling()):
        answers = {person.tells[place] for person in listed}
        same = len(answers) == 1 and None not in answers
        if same and (column.released.telling == ANY or answers == {column.released.telling}):
            return True
    return False


def _tells(frame: pl.DataFrame, column: Column) -> list[str | None]:
    """Give the answer, or whether it holds the telling word; none where it was not given or is withheld."""
    if column.name not in frame.columns:
        return [None] * frame.height
    word = column.released.telling
    cells = frame[column.name].cast(pl.String).to_list()
    told = [None if cell in {None, WITHHELD, *column.missing_words} else str(cell) for cell in cells]
    if word == ANY:
        return told
    return [cell if cell is None else word if word in cell.split("|") else "" for cell in told]


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
            if not (self.climb(WANTED) or self.borrow(WANTED) or self.climb(LEAST) or self.borrow(LEAST)):
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
            group = set(mine[0][1])
            for members in self.members.values():
                members.difference_update(group)
            self.left |= group
        group = sorted(self.left)
        if shared(self.all_of(look, group)):
            self.alike |= set(group)
        self._move(group, look)

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
