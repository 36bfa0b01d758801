"""Columns of somebody's own table whose names say the same: their cells tell which can be what the names say."""

from __future__ import annotations

import re
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.clocks import in_digits, in_parts_of_a_day
from hypnic.datasets.checking.nightclocks import BED, WAKE
from hypnic.datasets.forms import answers
from hypnic.datasets.forms.amounts import OTHER_SIZE, amount, few
from hypnic.datasets.forms.clocks import DATED, HOURS, LAST, LAST_COFFEE
from hypnic.datasets.forms.hours import clock
from hypnic.datasets.forms.layouts import normalised, word_lists
from hypnic.datasets.forms.spoken import spoken_count
from hypnic.datasets.forms.synonyms import nearest, words
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching
    from hypnic.schemas import Column

WAKINGS = "awakenings_n"
MOST_WAKINGS = 15
COUNTED = re.compile(
    r"\d{1,2}(?:\.0)?\s*(?:x|\u00d7|times?|mal|fois|veces|vez|vezes|volte|volta|keer|keren)?", re.IGNORECASE
)
AMOUNT = re.compile(r"\d+(?:[.,]\d+)?")
WORN = re.compile(r"-[789]")  # a missing code tells nothing of what a column holds
BARE_HOURS = {WAKE: ((4, 18), (27, 42)), BED: ((0, 4), (8, 12), (18, 36))}  # a bare number may be such an hour
HALF = 0.5
DRINKS, HALF_LITRE = {"alcohol": "alcohol_g", "caffeine": "caffeine_mg"}, "500 ml"  # a beer, whatever its size
DETAILS = ("jerk_location", "jerk_sensation", "jerk_timing", "jerk_reporter")
CLOSE, SURE = 2, 3  # hours from waking to getting up; nights that show it


def settle(found: Matching, export: Export, codebook: Codebook) -> None:
    """Take out of columns of one name those whose cells cannot be what it says; a person's map comes first.

    Small whole numbers under `Woke up`, next to times under `Got up`, are counted wakings. What is taken out and is
    none of them is `doubtful`, for the person to say.
    """
    for name, places in [*found.answers.items()]:
        facts = found.facts[name]
        cells = {place: _cells(export, place) for place in places}
        told = {place for place in places if codebook.question(export.headers[place][0])}
        unlike = [place for place in places if place not in told and not may_hold(cells[place], facts)]
        unlike += _counts_next_to_times(export, [place for place in places if place not in {*told, *unlike}], name)
        kept = [place for place in places if place not in unlike]
        if len(kept) > 1 and not told:
            small = _smaller([*kept], cells, facts)
            unlike, kept = [*unlike, *small], [place for place in kept if place not in small]
        if not kept and not (name == WAKE and _uncertain(export, unlike, cells)):
            continue
        found.answers[name] = kept
        for place in unlike:
            wakes = any(word in fold(export.headers[place][0]) for word in nearest()[WAKE])
            if name == WAKE and kept and wakes and _wakings(cells[place]) and WAKINGS not in found.answers:
                found.answers[WAKINGS] = [place]
            else:
                found.unmatched[place] = name
                found.doubtful |= {place: name} if cells[place] else {}
        if not kept:
            del found.answers[name]
    _leave_times(found, export)
    _tell_drinks(found, export)
    _offer(found, export)


def _leave_times(found: Matching, export: Export) -> None:
    """Take columns of times of day out of what may count drinks: `Coffee time` says when, and leaves the sums alone."""
    for place, kinds in [*found.unmatched_drinks.items()]:
        cells = _cells(export, place)
        if cells and all(clock(cell) is not None for cell in cells):
            last = "caffeine" in kinds and LAST_COFFEE in found.facts and LAST_COFFEE not in found.answers
            found.unmatched[place] = LAST_COFFEE if last else None
            del found.unmatched_drinks[place]


def _tell_drinks(found: Matching, export: Export) -> None:
    """Take `Drinks` for the grams of alcohol, or the mg of caffeine, where the drinks that its cells name are such."""
    for place, kinds in [*found.unmatched_drinks.items()]:
        cells = [cell for cell in _cells(export, place) if re.search(r"[^\W\d_]{3}", cell)]
        cells = [cell for cell in cells if normalised(cell) not in answers.NOTHING | answers.NO]
        read = {kind: {*_as_drinks(cells, found.facts.get(name))} for kind, name in DRINKS.items()}
        for kind, name in DRINKS.items():
            here, elsewhere = read[kind], read["alcohol" if kind == "caffeine" else "caffeine"]
            sure = here and not elsewhere and here | {*filter(OTHER_SIZE.search, cells)} == {*cells}
            if sure and kind in kinds and name not in found.answers and name not in found.drinks:
                found.answers[name] = [place]
                del found.unmatched_drinks[place]


def _as_drinks(cells: Sequence[str], facts: Column | None) -> list[str]:
    return [cell for cell in cells if facts is not None and amount(cell, facts, HALF_LITRE) is not None]


def _offer(found: Matching, export: Export) -> None:
    """Offer the detail of a jerk whose words stand below a name that nobody knows, such as `Where`."""
    for place in [place for place, near in found.unmatched.items() if near is None and place not in found.doubtful]:
        said = {normalised(cell) for cell in _cells(export, place)} - answers.NOTHING - answers.YES
        fits = [name for name in DETAILS if name in found.facts and name not in found.answers]
        near = [name for name in fits if said and all(_worded(one, found.facts[name]) for one in said)]
        if len(near) == 1:
            found.unmatched[place] = near[0]


def _worded(said: str, facts: Column) -> bool:
    return said in words().get(facts.name, {}) or answers.word(said, facts) is not None


def may_hold(cells: Sequence[str], facts: Column) -> bool:
    """Tell whether cells can be answers of a column: times look like times, minutes, counts and points like numbers.

    >>> from hypnic.schemas import Nights, columns
    >>> night = columns(Nights)
    >>> may_hold(["3", "2", "4"], night["wake_clock_h"]), may_hold(["7", "6:45"], night["wake_clock_h"])
    (False, True)
    >>> may_hold(["23:45", "22:10"], night["sol_min"]), may_hold(["70", "35"], night["stress_0_10"])
    (False, False)
    """
    if facts.unit == "clock h":
        return _clock_like(cells, facts.name)
    if facts.kind in {"integer", "number"}:
        ways: dict[str, Callable[[str], bool]] = {"points": lambda cell: _within(cell, facts)}
        fits = ways.get(facts.unit, lambda cell: not _time_of_day(cell))
        said_yes = any(normalised(cell) in answers.YES for cell in cells)
        return bool(cells) and not said_yes and sum(map(fits, cells)) >= HALF * len(cells)
    if facts.words and facts.kind != "text":
        known = words().get(facts.name, {})
        return any(answers.word(cell, facts) or normalised(cell) in known for cell in cells)
    return bool(cells)


def _cells(export: Export, place: int) -> list[str]:
    return [spoken_count(row[place]) for row in export.rows if row[place] and not WORN.fullmatch(row[place])]


def _clock_like(cells: Sequence[str], name: str) -> bool:
    """Tell whether cells may be times: one with a mark shows it, and bare numbers where each may be such an hour."""
    bare = [cell for cell in cells if HOURS.fullmatch(cell)]
    marked = [cell for cell in cells if clock(DATED.sub("", cell), last=LAST) is not None]
    column = pl.Series([*cells], dtype=pl.String)
    if marked or (cells and (in_parts_of_a_day(column) or in_digits(column))):
        return True
    spans = BARE_HOURS.get(name, ((0, LAST),))
    hours = [float(cell.replace(",", ".")) for cell in bare]
    return bool(bare) and all(any(low <= hour <= high for low, high in spans) for hour in hours)


def _counts_next_to_times(export: Export, places: Sequence[int], name: str) -> list[int]:
    """Give the columns of bare numbers next to one of times, unless they are the hours shortly before: 7 and 7:15."""
    bare = [place for place in places if all(map(HOURS.fullmatch, _cells(export, place)))]
    timed = [place for place in places if place not in bare]
    if name != WAKE or len(timed) != 1:
        return []
    close = {place: [_before(row[place], row[timed[0]]) for row in export.rows] for place in bare}
    return [place for place in bare if False in close[place] or sum(map(bool, close[place])) < SURE]


def _before(bare: str, timed: str) -> bool | None:
    """Tell whether a bare hour is shortly before a time; None where one of them is no hour."""
    hours = clock(timed, last=LAST)
    if hours is None or not HOURS.fullmatch(bare):
        return None
    return -1 <= hours % 24 - float(bare.replace(",", ".")) % 24 <= CLOSE


def _time_of_day(cell: str) -> bool:
    """Tell whether a cell is a time of day, and no duration such as 0:20."""
    hours = clock(cell)
    return hours is not None and (hours >= 5 or re.search(r"m\.?$|uhr|o'?clock", cell.casefold()) is not None)


def _within(cell: str, facts: Column) -> bool:
    read = answers.number(cell, facts)
    return read is not None and (facts.low or 0) <= float(read) <= (facts.high or 0)


def _wakings(cells: Sequence[str]) -> bool:
    return all(
        COUNTED.fullmatch(cell) and int(re.sub(r"\D.*", "", cell)) <= MOST_WAKINGS
        for cell in cells
        if normalised(cell) not in answers.NOTHING
    )


def _smaller(places: Sequence[int], cells: dict[int, list[str]], facts: Column) -> list[int]:
    """Give the columns that hold cups, glasses or hours, where another of the name has mg, g or minutes."""
    large = {place: [cell for cell in cells[place] if AMOUNT.fullmatch(cell) and cell.strip("0.,")] for place in places}
    small = [place for place in places if large[place] and all(few(cell, facts) for cell in large[place])]
    rest = [float(cell.replace(",", ".")) for place in places if place not in small for cell in large[place]]
    return small if rest and not few(f"{median(rest):g}", facts) else []


def _uncertain(export: Export, places: Sequence[int], cells: dict[int, list[str]]) -> bool:
    """Tell whether bare numbers that are hardly hours stand under names that do not say they are times."""
    heads = [set(re.findall(r"[^\W\d_]+", fold(export.headers[place][0]))) for place in places]
    bare = all(HOURS.fullmatch(cell) or COUNTED.fullmatch(cell) for place in places for cell in cells[place])
    return bare and any(cells.values()) and not any(head & times() for head in heads)


@cache
def times() -> frozenset[str]:
    """Give the words, folded, by which a header says that a time stands below it."""
    return frozenset(word_lists("times")["clock"])
