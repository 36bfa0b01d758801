"""Which column of an export is which of the instrument's, by its name or by its question."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hypnic.datasets.checking.headings import private_name
from hypnic.datasets.forms.agreed import take_consents
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.cups import drink, leave_siblings_open, put_parts_together, said_to_count
from hypnic.datasets.forms.drinks import TARGETS, asks_for_drinks, may_hold
from hypnic.datasets.forms.heads import cut, fits, unit_in
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.matching import Matching
from hypnic.datasets.forms.openings import told
from hypnic.datasets.forms.parting import part_drinks
from hypnic.datasets.forms.rivals import settle
from hypnic.datasets.forms.synonyms import nearest, synonyms, unlike
from hypnic.datasets.forms.ticks import asked_together, tick
from hypnic.datasets.forms.titles import folds, known_titles, parts
from hypnic.datasets.forms.usual import take_as_usual
from hypnic.datasets.forms.whose import asks_which_night, asks_who
from hypnic.datasets.forms.wording import reworded, with_unit
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns
from hypnic.schemas.languages import fold
from hypnic.schemas.publish.form import HELPERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile


def match(
    export: Export, profile: Profile, table: str | None = None, least: int = 2, codebook: Codebook | None = None
) -> Matching:
    """Match every column of an export with the named table's, or with those of the table that fits best.

    Raises HypnicError where fewer than `least` columns are the instrument's.
    """
    codebook = as_the_app_says(export, profile, codebook)
    known = {name: _matched(export, profile, name, codebook) for name in TABLES}
    part_drinks(known, export)
    best = known[table] if table else max(known.values(), key=lambda found: found.weight)
    drinks_alone = best.weight and least and not best.answers and not best.ticked and not profile.own_names
    if best.weight < least or (drinks_alone and len(best.unmatched) > len(best.drinks)):
        said = told(export.headers, export.first_row - 1, export.opening, best)
        if not profile.own_names:
            said = f"hardly a column has the name or the question of one of {table or 'the instrument'}'s; {said}"
        message = (
            f"{export.name}: {said}; run it with --map MAP.toml, type in that file what your names stand"
            " for, and run it again"
        )
        raise HypnicError(message)
    theirs = {place for other in known.values() for place in other.places} - best.places
    best.elsewhere = sorted(theirs.intersection([*best.unmatched, *best.private]))
    best.private = [place for place in best.private if place not in theirs]
    best.unmatched = {place: near for place, near in best.unmatched.items() if place not in theirs}
    best.choices = {} if profile.own_names else asked_together(export, best.unmatched, profile)
    return best


def as_the_app_says(export: Export, profile: Profile, codebook: Codebook | None) -> Codebook:
    """Add what is known of a sleep app's columns to a map, which comes first."""
    app = export.app if profile.own_names else None
    return (codebook or Codebook()).over(app.columns if app else None)


def _matched(export: Export, profile: Profile, table: str, codebook: Codebook) -> Matching:
    found = Matching(table)
    ways = (tick, _answer, drink, _leave)  # the first that knows the column
    whole = {heads[0] for heads in export.headers} - {""}
    for place, heads in enumerate(export.headers):
        if normalised(heads[0]) in codebook.left_out:
            found.own.append(place)
            found.declined.append(place)
            continue
        choice = not profile.own_names and heads[0].rpartition("/")[0] in whole  # of a field that stands next to it
        each = (tick, _leave) if choice else ways
        next(way for way in each if way(found, place, heads, profile, codebook))
    put_parts_together(found)
    for name in found.drinks.keys() & found.answers.keys():  # what is there already need not be put together
        found.repeats += found.drinks.pop(name)
    if found.answers.keys() >= set(TARGETS[table].values()):  # then nothing is put together of drinks
        found.unmatched |= dict.fromkeys(found.unmatched_drinks)
        found.unmatched_drinks = {}
    take_consents(found, export)
    if not profile.own_names:
        leave_siblings_open(found, export, profile)
    if profile.own_names:
        settle(found, export, codebook)
        _prefer_nearest(found, export, codebook)
    if profile.own_names and table == "participants":
        take_as_usual(found, export, codebook)
    rank = {name: number for number, name in enumerate(profile.respondent)}
    found.keys.sort(key=lambda place: min(rank.get(n, len(rank)) for n in folds(export.headers[place], profile)))
    order = {name: number for number, name in enumerate(profile.night)}
    found.nights.sort(key=lambda place: min(order.get(n, len(order)) for n in folds(export.headers[place], profile)))
    return found


def _prefer_nearest(found: Matching, export: Export, codebook: Codebook) -> None:
    """Of lying down and trying to sleep, or waking and getting up, take what the instrument asks; a map comes first."""
    for name, words in nearest().items():
        places = found.answers.get(name, [])
        heads = {place: export.headers[place][0] for place in places}
        asked = [place for place, head in heads.items() if any(word in fold(head) for word in words)]
        if len(asked) == 1 < len(places) and not any(map(codebook.question, heads.values())):
            found.answers[name] = asked
            found.lesser |= {place: name for place in places if place not in asked}


def _answer(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    if said_to_count(heads, profile, codebook):
        return False
    names = known_titles(TABLES[found.table], profile.name_length)
    asked = [codebook.question(part) for part in parts(heads, profile)]
    by_map = next((name for name in asked if name in found.facts), None)
    if by_map:  # what the header itself says comes first: only that says the unit
        asked = []
    asked += [synonyms().get(normalised(part), "") for part in parts(heads, profile)]
    known = map(normalised, (*parts(heads, profile), *asked))
    column = next((names[part] for part in known if part in names), None)
    if column is None or (profile.own_names and heads[0].rstrip().endswith("%")):
        column = next(filter(None, (_with_its_unit(found, place, head, names, codebook) for head in heads)), None)
    if column is None and not by_map and profile.own_names:
        column = _in_other_words(found, heads[0])
    if by_map and by_map != column:
        column = _by_hand(found, place, heads, by_map)
    if column is not None:
        found.answers.setdefault(column, []).append(place)
    return column is not None or place in found.refused


def _by_hand(found: Matching, place: int, heads: Sequence[str], column: str) -> str | None:
    """Take a column as a person's map says, in the unit that its header names; not in one that cannot be converted."""
    found.units.pop(place, None)
    found.otherwise.pop(place, None)
    facts = found.facts[column]
    if facts.kind not in {"integer", "number"} or facts.unit == "clock h" or column == "night_index":
        return column
    unit = next(filter(None, (unit_in(head, facts) for head in heads)), "")
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
    told = codebook.question(name) or synonyms().get(normalised(name)) or (with_unit(name) if unit else "")
    bare = normalised(told or reworded(name) or name)
    if not unit or bare not in names:
        return None
    way = fits(unit, found.facts[names[bare]])
    if way is None:
        found.otherwise[place] = names[bare]
        return None
    if way:
        found.units[place] = way
    return names[bare]


def _in_other_words(found: Matching, head: str) -> str | None:
    """Know a column by a name in other words, where no unit or scale next to it says that it is something else."""
    column = reworded(head)
    if column not in found.facts:
        return None
    unit = unit_in(head, found.facts[column])
    return None if unit and fits(unit, found.facts[column]) != "" else column


def _leave(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    names = folds(heads, profile)
    if names & set(profile.respondent) or any(map(asks_who, parts(heads, profile))):
        found.keys.append(place)
    if found.table == "nights" and (names & set(profile.night) or any(map(asks_which_night, parts(heads, profile)))):
        found.nights.append(place)
    elif _listed(names, profile.private) or codebook.question(heads[0]) == "date":
        found.private.append(place)
    elif _listed(names, (*profile.metadata, *HELPERS)):
        found.own.append(place)
    elif any(map(private_name, heads)):
        found.private.append(place)
        found.suspect += [] if profile.own_names else [place]
    elif any(map(asks_for_drinks, heads)):
        found.unmatched_drinks[place] = frozenset[str]().union(*(may_hold(h) for h in heads if asks_for_drinks(h)))
    elif place not in found.keys:
        found.unmatched[place] = found.otherwise.get(place) or _nearest(normalised(heads[0]), found.table)
        if perhaps := found.facts.get(found.unmatched[place] or ""):
            unit = unit_in(heads[0], perhaps)
            found.otherwise |= {place: perhaps.name} if unit and fits(unit, perhaps) is None else {}
    return True


@lru_cache(4096)  # forms and their parts come with the same names again, and looking for one among all is slow
def _nearest(called: str, table: str) -> str | None:
    known = _called(table)
    near = [] if called in unlike() else get_close_matches(called, known, 1, 0.8)
    return known[near[0]] if near else None


@cache
def _called(table: str) -> dict[str, str]:
    facts = columns(TABLES[table])
    own = {name: column for name, column in synonyms().items() if column in facts}
    return own | known_titles(TABLES[table], 0)


def _listed(names: set[str], patterns: Sequence[str]) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in patterns for name in names)
