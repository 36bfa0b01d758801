"""Columns that count a drink, or may count one that the drink table does not have."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from hypnic.datasets.forms.dayparts import LATE, late_alone
from hypnic.datasets.forms.drinks import COUNT, TARGETS, counted, in_unit
from hypnic.datasets.forms.ticks import choice_in
from hypnic.datasets.forms.titles import parts
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.drinks import Counted
    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.matching import Matching

ROW = re.compile(r"(?P<asked>.+?)\s*(?: - |\[)(?P<row>[^\[\]]+?)\]?")
COUNTS = re.compile(r"how many|number of|wie ?viele|anzahl|combien|nombre de|cuant[oa]s|quant[oaie]s?|hoeveel|aantal")
DAYS = 7
SPANS = {  # what a question names that asks for a number in it
    "day": {
        *(
            "day",
            "days",
            "daily",
            "tag",
            "tage",
            "tagen",
            "taglich",
            "jour",
            "jours",
            "dia",
            "dias",
            "giorno",
            "giorni",
        ),
        *("dag", "dagen"),
    },
    "week": {"week", "weekly", "woche", "wochentlich", "semaine", "semana", "settimana"},
}


def drink(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    """Know a column that counts a drink, by its name or by what a person's map calls it.

    In a person's own table, one that says only `of which after 14:00` counts what the column before it does.
    """
    said = said_to_count(heads, profile, codebook)
    asked = heads[:1] if profile.continued else heads  # below the question the choice stands alone
    named = parts(asked, profile) if profile.own_names else (*parts(asked, profile), *_rows_of(asked))
    one = next((one for one in map(counted, (said, *named)) if one), None)
    if said and one:
        one = in_unit(one, heads[0])
        one = one and _of_its_span(one, heads, found.table)
    elif one and not profile.own_names:
        one = _as_asked(one, heads, found.table)
    if one is None and profile.own_names and late_alone(heads[0]):
        return _late_of_the_last(found, place)
    if one is None:
        return False
    if said:
        found.said[place] = said
    found.drinks.setdefault(TARGETS[found.table][one.kind], {})[place] = one
    return True


def _rows_of(heads: Sequence[str]) -> Iterator[str]:
    """Give the rows of a grid that asks for numbers, as `How many of these after 2 pm? [Espresso]`."""
    for head in heads:
        found = ROW.fullmatch(head)
        if found and COUNTS.search(fold(found["asked"])):
            yield found["row"]


def _as_asked(one: Counted, heads: Sequence[str], table: str) -> Counted | None:
    """Take what the whole question says of a drink: only those after 14:00; none that is of another span of time.

    >>> heads = ["How many of these after 2 pm? [Cola]", "Cola"]
    >>> _as_asked(counted("cola"), heads, "participants").late
    True
    >>> _as_asked(counted("wine"), ["How many on a usual day? [Wine]"], "participants") is None
    True
    """
    late = LATE.search(" ".join(heads).casefold()) is not None and not one.drink.strength
    return None if _of_its_span(one, heads, table) != one else one._replace(late=one.late or late)


def _of_its_span(one: Counted, heads: Sequence[str], table: str) -> Counted:
    """Count a drink of a usual day for a week, or one of a week for a usual day, where the question names the other.

    >>> _of_its_span(counted("wine"), ["Wine on a usual day"], "participants").amount.__round__(1)
    99.4
    """
    spans = {span for span, words in SPANS.items() if words & {*re.findall(r"[^\W\d_]+", fold(" ".join(heads)))}}
    if table != "participants" or spans != {"day" if one.kind == "alcohol" else "week"}:
        return one
    share = one.share * (DAYS if one.kind == "alcohol" else 1 / DAYS)
    return one._replace(share=share, per="each, seven days a week" if one.kind == "alcohol" else "each, of a week")


def leave_siblings_open(found: Matching, export: Export, profile: Profile) -> None:
    """Leave a sum open where a column of counts, of which nobody knows the drink, is asked together with its drinks.

    Those are the choices of one question, and neighbours that end as two of the drinks do: `tea_day`, `cola_day`.
    """
    signs = {place: _signs(heads, profile) for place, heads in enumerate(export.headers)}
    for drinks in found.drinks.values():
        kinds = frozenset(one.kind for one in drinks.values())
        ends = Counter(sign for place in drinks for sign in signs[place])
        near, open_ones = {*drinks}, [place for place in found.unmatched if _counts(export, place)]
        for place in sorted(open_ones, key=lambda place: min(abs(place - at) for at in drinks)):
            shared = {sign for sign in signs[place] if ends[sign] > sign.startswith("_")}
            if any(not sign.startswith("_") for sign in shared) or (shared and {place - 1, place + 1} & near):
                near.add(place)
                del found.unmatched[place]
                found.unmatched_drinks[place] = kinds


def _signs(heads: Sequence[str], profile: Profile) -> set[str]:
    """Give by what the columns of one question are known: its name before the choice, or how their names end."""
    ends = {f"_{end}" for _, mark, end in (head.rpartition("_") for head in heads[:1]) if mark and len(end) > 2}
    return ends if profile.groups else ends | {cut["name"] for cut in choice_in(heads, profile)}


def _counts(export: Export, place: int) -> bool:
    cells = [row[place] for row in export.rows if row[place]]
    return bool(cells) and all(map(COUNT.fullmatch, cells))


def _late_of_the_last(found: Matching, place: int) -> bool:
    """Take a column as the part after 14:00 of the one before it, if that is of caffeine or of a drink with it."""
    whole, late = (TARGETS[found.table][kind] for kind in ("caffeine", "late"))
    before = found.drinks.get(whole, {}).get(place - 1)
    if before and not before.early:
        found.drinks.setdefault(late, {})[place] = before._replace(late=True)
    elif found.answers.get(whole) == [place - 1] and late in found.facts:
        found.answers.setdefault(late, []).append(place)
    else:
        return False
    return True


def put_parts_together(found: Matching) -> None:
    """Add what was had before 14:00 and after it, where no column has both; the part before says nothing alone."""
    whole, late = (TARGETS[found.table][kind] for kind in ("caffeine", "late"))
    drinks = found.drinks.get(whole, {})
    for place, one in [*drinks.items()]:
        if not one.early:
            continue
        others = {at: other for at, other in found.drinks.get(late, {}).items() if other.drink.name == one.drink.name}
        if any(other.drink.name == one.drink.name and not other.early for other in drinks.values()):
            found.repeats.append(place)
            del drinks[place]
        elif others:
            drinks.update(others)
        else:
            del drinks[place]
            found.unmatched_drinks[place] = frozenset({"caffeine"})
    _ask_of_two_units(found)
    for name in [name for name, each in found.drinks.items() if not each]:
        del found.drinks[name]


def _ask_of_two_units(found: Matching) -> None:
    """Leave open a drink that one column counts in cups and another in ml: both would count it twice."""
    for drinks in found.drinks.values():
        units: dict[str, set[str]] = {}
        for one in drinks.values():
            units.setdefault(one.drink.name.removeprefix("small_").removeprefix("large_"), set()).add(one.per)
        for place, one in [*drinks.items()]:
            if len(units[one.drink.name.removeprefix("small_").removeprefix("large_")]) > 1:
                found.unmatched_drinks[place] = frozenset({one.kind})
                del drinks[place]


def said_to_count(heads: Sequence[str], profile: Profile, codebook: Codebook) -> str:
    """Give what a codebook or a person's map calls a column, where that is a drink; blank where it is none."""
    return next((said for said in map(codebook.question, parts(heads, profile)) if counted(said)), "")
