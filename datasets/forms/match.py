"""Which column of an export is which of the instrument's, by its name or by its question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.checking.failures import letters
from hypnic.datasets.checking.headings import private_name
from hypnic.datasets.forms.choices import Choices, Unknown
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.drinks import TARGETS, Counted, asks_for_drinks, counted, may_hold
from hypnic.datasets.forms.heads import cut, fits, unit_in
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.synonyms import synonyms, unlike
from hypnic.datasets.reading.headers import folded
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns
from hypnic.schemas.publish.form import HELPERS, asks
from hypnic.schemas.publish.translation import languages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.schemas import Column, Table

REMARK = re.compile(r"^\([^)]*\)\s*")
PARTED = re.compile(r"[\s:/_.\[(=-]+")  # between the name of a question and that of a choice
REPEATED = re.compile(r"\.\d{1,2}$")  # a spreadsheet library's mark of a header that stands there twice


@dataclass
class Matching:
    """Where each of a table's columns stands in an export (places from 0), and what is left over.

    A question that was asked twice stands in several places. `ticks` are columns that hold one choice each, `strange`
    those whose choice is none of the question's words, or only a number that nothing explains. `drinks` count towards a
    computed column, `keys` tell respondents apart, `nights` number the nights, `private` may tell who, when or where,
    `own` are the form's or the tool's, `repeats` say again what was matched, `elsewhere` are the other table's,
    `unmatched_drinks` may be drinks that the drink table does not have, with what they may hold, `unmatched` maps a
    place to the name of the nearest column. `units` are those of numbers that are not the column's own (hours of its
    minutes), and `otherwise` the columns whose name stands there next to a unit or scale that is not theirs; `refused`
    are those of them that a person's map names. `taken` are the columns of that map whose header says no unit, `said`
    the drinks that it names.
    """

    table: str
    answers: dict[str, list[int]] = field(default_factory=dict)
    ticks: dict[str, dict[int, str]] = field(default_factory=dict)
    strange: dict[str, dict[int, Unknown]] = field(default_factory=dict)
    drinks: dict[str, dict[int, Counted]] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    nights: list[int] = field(default_factory=list)
    private: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    unmatched_drinks: dict[int, frozenset[str]] = field(default_factory=dict)
    unmatched: dict[int, str | None] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    otherwise: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    taken: dict[int, str] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Column]:
        """The facts of the table's columns."""
        return columns(TABLES[self.table])

    @property
    def named(self) -> dict[str, list[int]]:
        """Say what each matched column is in a map: who and when as well as the instrument's."""
        taken = {place for places in self.answers.values() for place in places}
        who = [place for place in self.keys if place not in taken]
        nights = [place for place in self.nights if place not in who]
        return (
            self.answers | ({"respondent_id": who[:1]} if who else {}) | ({"night_index": nights[:1]} if nights else {})
        )

    @property
    def computable(self) -> dict[str, dict[int, Counted]]:
        """The columns that drinks make up; the after-14 one only where every drink with caffeine has its own.

        None where there may be a drink that the table does not have: a sum without it would be too small.
        """
        known = {}
        for name, drinks in self.drinks.items():
            if self.too_small(name):
                continue
            whole = {one.drink.name for one in self.drinks.get(name.replace("_after_14", ""), {}).values()}
            if "_after_14" not in name or {one.drink.name for one in drinks.values()} == whole:
                known[name] = drinks
        return known

    def too_small(self, name: str) -> bool:
        """Tell whether a sum of drinks would be without one that may belong to it."""
        return any(kind in name for kinds in self.unmatched_drinks.values() for kind in kinds)

    @property
    def places(self) -> set[int]:
        """Where all that was matched stands."""
        each = (self.answers, self.ticks, self.strange, self.drinks)
        several = (*(places for one in each for places in one.values()), self.repeats)
        return {place for places in several for place in places}

    @property
    def weight(self) -> int:
        """How many of the table's columns were found, its key not counted."""
        return len({*self.answers, *self.ticked, *self.drinks} - {"participant_id"})

    @property
    def ticked(self) -> set[str]:
        """The columns that have a column of the export for each choice."""
        return {*self.ticks, *self.strange}


def match(
    export: Export, profile: Profile, table: str | None = None, least: int = 2, codebook: Codebook | None = None
) -> Matching:
    """Match every column of an export with the named table's, or with those of the table that fits best.

    Raises HypnicError where fewer than `least` columns are the instrument's.
    """
    known = {name: _matched(export, profile, name, codebook or Codebook()) for name in TABLES}
    best = known[table] if table else max(known.values(), key=lambda found: found.weight)
    if best.weight < least and profile.own_names:
        raise HypnicError(unknown(export, best.answers))
    drinks_alone = best.weight and least and not best.answers and not best.ticked and not profile.own_names
    if best.weight < least or (drinks_alone and len(best.unmatched) > len(best.drinks)):
        message = (
            f"{export.name}: hardly a column has the name or the question of one of {table or 'the instrument'}'s;"
            " `hypnic dictionary` lists both; if the questions are your own, try hypnic convert spreadsheet on it"
        )
        raise HypnicError(message)
    theirs = {place for other in known.values() for place in other.places} - best.places
    best.elsewhere = sorted(theirs.intersection([*best.unmatched, *best.private]))
    best.private = [place for place in best.private if place not in theirs]
    best.unmatched = {place: near for place, near in best.unmatched.items() if place not in theirs}
    return best


def unknown(export: Export, answers: Mapping[str, Sequence[int]]) -> str:
    """Say which row of a spreadsheet was taken for its names, which of them are known, and what to do."""
    heads = [head for heads in export.headers for head in heads if head]
    known = ", ".join(f"{letters(place)} is {name}" for name, places in answers.items() for place in places)
    return (
        f"{export.name}: row {export.first_row - 1} was taken for the column names ({len(heads)} filled cells), and"
        f" {f'only {known}' if known else 'none of them is known'}; run it with --map MAP.toml, type in that file what"
        " your names stand for, and run it again"
    )


def _matched(export: Export, profile: Profile, table: str, codebook: Codebook) -> Matching:
    found = Matching(table)
    ways = (_tick, _answer, _drink, _leave)  # the first that knows the column
    for place, heads in enumerate(export.headers):
        if normalised(heads[0]) in codebook.left_out:
            found.own.append(place)
            continue
        next(way for way in ways if way(found, place, heads, profile, codebook))
    for name in found.drinks.keys() & found.answers.keys():  # what is there already need not be put together
        found.repeats += found.drinks.pop(name)
    if found.answers.keys() >= set(TARGETS[table].values()):  # then nothing is put together of drinks
        found.unmatched |= dict.fromkeys(found.unmatched_drinks)
        found.unmatched_drinks = {}
    rank = {name: number for number, name in enumerate(profile.respondent)}
    found.keys.sort(key=lambda place: min(rank.get(n, len(rank)) for n in folds(export.headers[place], profile)))
    order = {name: number for number, name in enumerate(profile.night)}
    found.nights.sort(key=lambda place: min(order.get(n, len(order)) for n in folds(export.headers[place], profile)))
    return found


def _answer(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    if profile.own_names and _said_to_count(heads, profile, codebook):
        return False
    names = _names(TABLES[found.table], profile.name_length)
    asked = [codebook.question(part) for part in parts(heads, profile)]
    by_map = next((name for name in asked if name in found.facts), None) if profile.own_names else None
    if by_map:  # what the header itself says comes first: only that says the unit
        asked = []
    asked += [synonyms().get(normalised(part), "") for part in parts(heads, profile)]
    known = map(normalised, (*parts(heads, profile), *asked))
    column = next((names[part] for part in known if part in names), None)
    if column is None or (profile.own_names and heads[0].rstrip().endswith("%")):
        column = next(filter(None, (_with_its_unit(found, place, head, names, codebook) for head in heads)), None)
    if by_map and by_map != column:
        column = _by_hand(found, place, heads[0], by_map)
    if column is not None:
        found.answers.setdefault(column, []).append(place)
    return column is not None or place in found.refused


def _by_hand(found: Matching, place: int, head: str, column: str) -> str | None:
    """Take a column as a person's map says, in the unit that its header names; not in one that cannot be converted."""
    found.units.pop(place, None)
    found.otherwise.pop(place, None)
    facts = found.facts[column]
    if facts.kind not in {"integer", "number"} or facts.unit == "clock h" or column == "night_index":
        return column
    unit = unit_in(head, facts)
    way = fits(unit, facts)
    if way is None:
        found.refused[place] = found.otherwise[place] = found.unmatched[place] = column
        return None
    if way:
        found.units[place] = way
    elif not unit and facts.unit not in {"jerks", "times", "nights"}:
        found.taken[place] = column
    return column


def _with_its_unit(found: Matching, place: int, head: str, names: dict[str, str], codebook: Codebook) -> str | None:
    """Know a column by its name without the unit or scale next to it, where the column is in that; keep hours."""
    name, unit = cut(head)
    bare = normalised(codebook.question(name) or synonyms().get(normalised(name), name))
    if not unit or bare not in names:
        return None
    way = fits(unit, found.facts[names[bare]])
    if way is None:
        found.otherwise[place] = names[bare]
        return None
    if way:
        found.units[place] = way
    return names[bare]


def _tick(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    """Know a column that holds one choice by the question in any of its headers, and the choice by its label."""
    names = _names(TABLES[found.table], profile.name_length)
    marked = [head for head in heads if not any(mark in head for mark in profile.header_marks)]
    cuts = [cut for head in marked if (cut := re.fullmatch(profile.ticked, head))] if profile.ticked else []
    if profile.own_names:
        return _own_tick(found, place, heads[0], names, codebook)
    called = [part for cut in cuts for part in parts([cut["name"]], profile)]
    asked = [normalised(part) for part in (*called, *map(codebook.question, called))]
    facts = next((found.facts[names[part]] for part in asked if part in names), None)
    if facts is None or not facts.words:
        return False
    choices = Choices(facts, (*called, facts.name), profile.code, codebook)
    token = choices.told(re.sub(r"^_(?=\d)", "-", cut["choice"]) for cut in cuts)
    if isinstance(token, Unknown):
        found.strange.setdefault(facts.name, {})[place] = token
    else:
        found.ticks.setdefault(facts.name, {})[place] = token
    return True


def _own_tick(found: Matching, place: int, head: str, names: Mapping[str, str], codebook: Codebook) -> bool:
    """Know `supplements_iron` and `Supplements: iron` in a person's own table, where the rest is one of the words."""
    for mark in PARTED.finditer(head):
        name = normalised(head[: mark.start()])
        facts = found.facts.get(names.get(name) or synonyms().get(name, ""))
        if facts is None or facts.kind != "tokens":
            continue
        token = Choices(facts, (facts.name,), "", codebook).told([head[mark.end() :].rstrip(" )]")])
        if not isinstance(token, Unknown):
            found.ticks.setdefault(facts.name, {})[place] = token
            return True
    return False


def _drink(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    said = _said_to_count(heads, profile, codebook)
    one = next((one for one in map(counted, (said, *parts(heads, profile))) if one), None)
    if one is None:
        return False
    if said and profile.own_names:
        found.said[place] = said
    found.drinks.setdefault(TARGETS[found.table][one.kind], {})[place] = one
    return True


def _said_to_count(heads: Sequence[str], profile: Profile, codebook: Codebook) -> str:
    """Give what a codebook or a person's map calls a column, where that is a drink; blank where it is none."""
    return next((said for said in map(codebook.question, parts(heads, profile)) if counted(said)), "")


def _leave(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    names = folds(heads, profile)
    if names & set(profile.respondent):
        found.keys.append(place)
    if found.table == "nights" and names & set(profile.night):
        found.nights.append(place)
    elif _listed(names, profile.private) or codebook.question(heads[0]) == "date":
        found.private.append(place)
    elif _listed(names, (*profile.metadata, *HELPERS)):
        found.own.append(place)
    elif any(map(private_name, heads)):
        found.private.append(place)
    elif any(map(asks_for_drinks, heads)):
        found.unmatched_drinks[place] = frozenset[str]().union(*(may_hold(h) for h in heads if asks_for_drinks(h)))
    elif place not in found.keys:
        own = {name: column for name, column in synonyms().items() if column in found.facts}
        known = own | _names(TABLES[found.table], 0)
        called = normalised(heads[0])
        near = [] if called in unlike() else get_close_matches(called, known, 1, 0.8)
        found.unmatched[place] = found.otherwise.get(place) or (known[near[0]] if near else None)
        if perhaps := found.facts.get(found.unmatched[place] or ""):
            unit = unit_in(heads[0], perhaps)
            found.otherwise |= {place: perhaps.name} if unit and fits(unit, perhaps) is None else {}
    return True


def _listed(names: set[str], patterns: Sequence[str]) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in patterns for name in names)


def parts(heads: Sequence[str], profile: Profile) -> Iterator[str]:
    """Yield what may be a name or a question: each header, without its groups, and both halves of `code. text`."""
    for typed in heads:
        head = REPEATED.sub("", typed)
        yield head
        if profile.groups:
            yield re.split(profile.groups, head)[-1]
        if ". " in head:
            yield from head.split(". ", 1)


def folds(heads: Sequence[str], profile: Profile) -> set[str]:
    """Give the folded names that a column may go by."""
    return {folded(part) for part in parts(heads, profile)} - {""}


@cache
def _names(model: type[Table], length: int) -> dict[str, str]:
    """Give every name and question, normalised, that stands for just one column: names first, then questions."""
    facts = columns(model)
    ways = [{name: normalised(name) for name in facts}]
    if length:
        ways.append({name: normalised(name)[:length] for name in facts})
    asked = {name: column.question for name, column in facts.items() if not REMARK.match(column.question)}
    for spoken in languages().values():
        ways += [{name: normalised(spoken.says(asks(column))) for name, column in facts.items()}]
    ways += [{name: normalised(text) for name, text in asked.items()}]
    ways += [{name: normalised(text.partition("?")[0]) for name, text in asked.items()}]
    known: dict[str, str] = {}
    for way in ways:
        written = list(way.values())
        known |= {text: name for name, text in way.items() if text and written.count(text) == 1 and text not in known}
    return known
