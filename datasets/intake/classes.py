"""Classes of people who look alike: how small they are, and whether they share an answer that none may share.

Two people are of one class where all of the columns by which somebody can be known are the same, word for word; a
withheld answer is a word too. That is stricter than to let a withheld answer match any other (as sdcMicro does), and
holds against readers who know how answers were coarsened. Who kept a diary is seen from whose nights are published, so
people who did and people who did not are of different classes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.schemas import FEWEST_PERSONS, Participants, columns
from hypnic.schemas.disclosure import FEWEST_ALIKE
from hypnic.schemas.released import ANY, SEEN, WITHHELD

if TYPE_CHECKING:
    from hypnic.schemas import Column

KEY = "participant_id"
WANTED, LEAST = FEWEST_PERSONS, FEWEST_ALIKE
Look = tuple[str, ...]  # one person's words in the columns by which somebody can be known
Tables = Mapping[str, pl.DataFrame]  # `participants`, and `nights` where there are diaries


def known_by() -> tuple[Column, ...]:
    """Give the columns by which somebody can be known, in the order in which they are coarsened."""
    facts = [column for column in columns(Participants).values() if column.released.place]
    return tuple(sorted(facts, key=lambda column: column.released.place))


def telling() -> tuple[Column, ...]:
    """Give the columns of which no class may share an answer."""
    return tuple(column for column in columns(Participants).values() if column.released.telling)


class Person(NamedTuple):
    """How a person looks, and what they tell: the answers that no class may share, none where nothing is told.

    `diary` says whether there are nights of theirs.
    """

    look: Look
    tells: tuple[str | None, ...]
    diary: bool = False


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


def people_of(tables: Tables) -> list[Person]:
    """Read how people look from their tables, typed or published; an absent column is the same for all."""
    frame = tables["participants"]
    there = frame.columns
    diarists = set(tables[SEEN][KEY]) if SEEN in tables else set()
    diary = [token in diarists for token in frame[KEY]]
    looks = [frame[c.name].cast(pl.String).fill_null("").to_list() if c.name in there else None for c in known_by()]
    tells = [_tells(frame, column) for column in telling()]
    rows = range(frame.height)
    return [
        Person(tuple(look[row] if look else "" for look in looks), tuple(tell[row] for tell in tells), diary[row])
        for row in rows
    ]


def judge(*folders: Tables, of: Tables | None = None) -> Judgement:
    """Judge the published tables of some folders together; with `of`, only the classes that somebody of it is in.

    >>> tokens = [f"p_{number}" for number in range(12)]
    >>> people = pl.DataFrame({"participant_id": tokens, "sex_at_birth": ["male"] * 12})
    >>> judge({"participants": people}).k
    12
    >>> judge({"participants": people, "nights": people.select("participant_id").head(11)}).k
    1
    """
    classes: dict[tuple[Look, bool], list[Person]] = defaultdict(list)
    for tables in folders:
        for person in people_of(tables):
            classes[person.look, person.diary].append(person)
    if of is not None:
        wanted = {(person.look, person.diary) for person in people_of(of)}
        classes = defaultdict(list, {key: members for key, members in classes.items() if key in wanted})
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
