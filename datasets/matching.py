"""Which column of an export is which of the instrument's, by its name or by its question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.answers import coded, positions
from hypnic.datasets.checking import TABLES
from hypnic.datasets.drinks import TARGETS, Drink, drink
from hypnic.datasets.exports import common, folded, squashed
from hypnic.errors import HypnicError
from hypnic.schemas import columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.datasets.exports import Export, Profile
    from hypnic.schemas import Column, Table

REMARK = re.compile(r"^\([^)]*\)\s*")
PRIVATE = re.compile(r"@|\d{7,}|https?:|www\.")


@dataclass
class Matching:
    """Where each of a table's columns stands in an export (places from 0), and what is left over.

    `ticks` are columns that hold one choice each, `drinks` count towards a computed column, `keys` tell respondents
    apart, `dropped` may tell who, when or where, `repeats` say again what was matched, `elsewhere` are the other
    table's, `unmatched` maps a place to the name of the nearest column.
    """

    table: str
    answers: dict[str, int] = field(default_factory=dict)
    ticks: dict[str, dict[int, str]] = field(default_factory=dict)
    drinks: dict[str, dict[int, Drink]] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    night: int | None = None
    dropped: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    unmatched: dict[int, str | None] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Column]:
        """The facts of the table's columns."""
        return columns(TABLES[self.table])

    @property
    def computable(self) -> dict[str, dict[int, Drink]]:
        """The columns that drinks make up; the after-14 one only where every drink with caffeine has its own."""
        known = {}
        for name, drinks in self.drinks.items():
            whole = {unit.name for unit in self.drinks.get(name.replace("_after_14", ""), {}).values()}
            complete = "_after_14" not in name or {unit.name for unit in drinks.values()} == whole
            if complete and name not in self.answers:
                known[name] = drinks
        return known

    @property
    def places(self) -> set[int]:
        """Where all that was matched stands."""
        ticked = [place for ticks in self.ticks.values() for place in ticks]
        return {*self.answers.values(), *ticked, *(place for drinks in self.drinks.values() for place in drinks)}

    @property
    def weight(self) -> int:
        """How many of the table's columns were found, its key not counted."""
        return len({*self.answers, *self.ticks, *self.drinks} - {"participant_id"})


def match(export: Export, profile: Profile, table: str | None = None) -> Matching:
    """Match every column of an export with the named table's, or with those of the table that fits best.

    Raises HypnicError where no more than one column is the instrument's.
    """
    known = {name: _matched(export, profile, name) for name in TABLES}
    best = known[table] if table else max(known.values(), key=lambda found: found.weight)
    if best.weight <= 1:
        message = (
            f"{export.name}: hardly a column has the name or the question of one of {table or 'the instrument'}'s;"
            " `hypnic dictionary` lists both"
        )
        raise HypnicError(message)
    theirs = {place for other in known.values() for place in other.places}
    best.elsewhere = sorted(theirs.intersection(best.unmatched))
    best.unmatched = {place: near for place, near in best.unmatched.items() if place not in theirs}
    return best


def place_name(place: int) -> str:
    """Name a column as a spreadsheet does.

    >>> place_name(0), place_name(27)
    ('A', 'AB')
    """
    return (place_name(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def is_private(header: str) -> bool:
    """Tell whether a column's name says, or holds, what must not be printed or kept."""
    return bool(PRIVATE.search(header)) or not set(folded(header).split("_")).isdisjoint(common()["private"])


def _matched(export: Export, profile: Profile, table: str) -> Matching:
    found = Matching(table)
    ways = (_tick, _answer, _drink, _leave)  # the first that knows the column
    for place, heads in enumerate(export.headers):
        next(way for way in ways if way(found, place, heads, profile))
    found.repeats += [place for name in found.answers for place in found.ticks.get(name, ())]
    found.ticks = {name: ticks for name, ticks in found.ticks.items() if name not in found.answers}
    rank = {name: number for number, name in enumerate(profile.respondent)}
    found.keys.sort(key=lambda place: min(rank.get(n, len(rank)) for n in _folds(export.headers[place], profile)))
    return found


def _answer(found: Matching, place: int, heads: Sequence[str], profile: Profile) -> bool:
    names = _names(TABLES[found.table], profile.name_length)
    column = next((names[squashed(part)] for part in _parts(heads, profile) if squashed(part) in names), None)
    if column in found.answers:
        found.repeats.append(place)
    elif column is not None:
        found.answers[column] = place
    return column is not None


def _tick(found: Matching, place: int, heads: Sequence[str], profile: Profile) -> bool:
    names = _names(TABLES[found.table], profile.name_length)
    for part in heads:
        cut = re.fullmatch(profile.ticked, part) if profile.ticked else None
        for name in _parts([cut["name"]], profile) if cut else ():
            facts = found.facts.get(names.get(squashed(name), ""))
            if cut and facts is not None and facts.kind == "tokens":
                choice = re.sub(r"^_(?=\d)", "-", cut["choice"])
                token = coded(choice, profile.code, facts, positions(facts, ()))
                if token is not None:
                    found.ticks.setdefault(facts.name, {})[place] = token
                return token is not None
    return False


def _drink(found: Matching, place: int, heads: Sequence[str], profile: Profile) -> bool:
    unit = next((unit for unit in map(drink, _parts(heads, profile)) if unit), None)
    if unit is None:
        return False
    found.drinks.setdefault(TARGETS[found.table][unit.kind], {})[place] = unit
    return True


def _leave(found: Matching, place: int, heads: Sequence[str], profile: Profile) -> bool:
    folds = _folds(heads, profile)
    if folds & set(profile.respondent):
        found.keys.append(place)
    if found.table == "nights" and found.night is None and folds & set(profile.night):
        found.night = place
    elif any(re.fullmatch(pattern, name) for pattern in profile.metadata for name in folds) or any(
        map(is_private, heads)
    ):
        found.dropped.append(place)
    elif place not in found.keys:
        near = get_close_matches(squashed(heads[0]), names := _names(TABLES[found.table], 0), 1, 0.8)
        found.unmatched[place] = names[near[0]] if near else None
    return True


def _parts(heads: Sequence[str], profile: Profile) -> Iterator[str]:
    """Yield what may be a name or a question: each header, without its groups, and both halves of `code. text`."""
    for head in heads:
        yield head
        if profile.groups:
            yield re.split(profile.groups, head)[-1]
        if ". " in head:
            yield from head.split(". ", 1)


def _folds(heads: Sequence[str], profile: Profile) -> set[str]:
    return {folded(part) for part in _parts(heads, profile)} - {""}


@cache
def _names(model: type[Table], length: int) -> dict[str, str]:
    """Give every name and question, squashed, that stands for just one column: names first, then questions."""
    facts = columns(model)
    ways = [{name: squashed(name) for name in facts}]
    if length:
        ways.append({name: squashed(name)[:length] for name in facts})
    asked = {name: column.question for name, column in facts.items() if not REMARK.match(column.question)}
    ways += [{name: squashed(text) for name, text in asked.items()}]
    ways += [{name: squashed(text.partition("?")[0]) for name, text in asked.items()}]
    known: dict[str, str] = {}
    for way in ways:
        written = list(way.values())
        known |= {text: name for name, text in way.items() if written.count(text) == 1 and text not in known}
    return known
