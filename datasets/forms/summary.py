"""What a conversion says of itself: by places and names of columns, and never a cell."""

from __future__ import annotations

import re
from math import isnan
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.forms.dates import dates_of
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.naming import shown
from hypnic.datasets.forms.numbering import twice
from hypnic.datasets.forms.synonyms import synonyms
from hypnic.datasets.forms.titles import parts
from hypnic.datasets.forms.unasked import FOLLOWS
from hypnic.datasets.reading.references import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hypnic.datasets.forms.numbering import Numbering
    from hypnic.datasets.forms.transcriber import Transcriber
    from hypnic.schemas import Column

ROWS = 10  # rows that are named
FEWEST, SMALL = 7, 5  # answers that show a scale, and the top of one that is not from 0 to 10


def left_out(reader: Transcriber, lost: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """Say which rows were left out, and why."""
    for why, rows in lost.items():
        if rows:
            yield f"left out: {rows_of(reader, sorted(rows))}: {why}"


def matched(reader: Transcriber) -> Iterator[str]:
    """Say which column is which, what was computed from drinks by whose table, and how codes were read."""
    found = reader.found
    where = {name: list(places) for name, places in found.answers.items()}
    for name in found.ticked:
        where[name] = [*where.get(name, ()), *found.ticks.get(name, ()), *found.strange.get(name, ())]
    yield f"matched: {', '.join(f'{name} ({places_of(where[name])})' for name in found.facts if name in where)}"
    for name, drinks in found.drinks.items():
        if name in found.computable:
            held: dict[str, list[str]] = {}
            for one in dict.fromkeys(drinks.values()):
                held.setdefault(one.per, []).append(f"{one.drink.name} {one.amount:.4g} {one.unit}")
            said = [f"{', '.join(each)} {per}" for per, each in held.items()]
            yield f"computed: {name} from {', '.join(said)}"
        elif not found.too_small(name):
            yield f"not computed: {name}; not every drink is counted after 14:00 too"
    sources = dict.fromkeys(one.drink.source for drinks in found.computable.values() for one in drinks.values())
    if sources:
        yield f"what a drink holds: {'; '.join(sources)}"
    for name, stand_for in reader.codes.items():
        cells = {row[place] for row in reader.export.rows for place in found.answers[name]}
        if stand_for and any(re.fullmatch(reader.profile.code, c) for c in cells - set(found.facts[name].words)):
            yield f"codes: {name}: {', '.join(f'{code} = {word}' for code, word in stand_for.items())}"


def decided(reader: Transcriber, routed: Mapping[str, int]) -> Iterator[str]:
    """Say which times were rounded, which amounts in words were read, which sums are blank, where -7 was filled in."""
    taken = [
        f"{name} ({letters(place)}) {in_unit(reader.found.facts[name])}" for place, name in reader.found.taken.items()
    ]
    if taken:
        yield f"by your map, as the headers say no unit: {', '.join(taken)}; if one is not, name its unit in its header"
    times = [f"{name} in {count_of(count)}" for name, count in reader.rounded.items() if count]
    if times:
        yield f"rounded to the quarter hour: {', '.join(times)}"
    yield from _meant(reader)
    order = list(reader.found.facts)
    for name, number, read in sorted(reader.changed, key=lambda change: (order.index(change[0]), change[1])):
        unit = reader.found.facts[name].unit.partition(" ")[0].partition("/")[0]
        yield f"changed: {name} in {rows_of(reader, [number])}: {read.way} = {read.number} {unit}"
    for name, count in reader.gaps.items():
        if count:
            yield f"left blank: {name} in {count_of(count)} that count some drinks and not others; type 0 for none"
    for name, count in reader.followed.items():
        other, said = FOLLOWS[name]
        none = "no" if other == "jerk_ever" else "0"
        yield f"filled: {said} in {count_of(count)} of {name}, where {other} is {none}"
    yield from (f"filled: -7 (not asked) in {count_of(count)} of {name}" for name, count in routed.items() if count)


def _meant(reader: Transcriber) -> Iterator[str]:
    """Say how times were read that could be read otherwise, and answers that look like those of another scale."""
    clocks, given = reader.clocks, reader.codebook.readings
    if clocks and clocks.face == "evening":
        yield "clock: a clock of twelve hours, as only so nights are as long as nights: 11:15 is 23:15, 12:30 is 0:30"
    late = [cell for cell, hour in clocks.evenings.items() if not isnan(hour)] if clocks else []
    if late:
        named = f"{', '.join(late)} in bed_clock_h"
        yield f"clock: {named} is of the evening, as only so those nights are as long as nights"
    pointed = [name for name, way in clocks.times.items() if way == "minutes"] if clocks else []
    if pointed and "times" not in given:
        named = ", ".join(pointed)
        yield f'times: after the mark stand minutes in {named}: 23.30 is 23:30; else type times = "decimal" in a map'


def numbered(reader: Transcriber, numbering: Numbering | None) -> Iterator[str]:
    """Say how nights were numbered, unless by their own column."""
    if numbering is None or (numbering.place is not None and numbering.place not in reader.found.nights):
        return
    way = numbering.way if numbering.place is None else f"from {column_at(reader, numbering.place)}"
    unsure = "" if numbering.sure else "; nights left out are not seen so: add a column night with each night's number"
    rows = reader.export.rows
    when = [column_at(reader, place) for place in reader.found.unmatched if dates_of(row[place] for row in rows)]
    if unsure and when and reader.profile.own_names:
        unsure += f", or type date next to {' or '.join(when)} in a map (--map MAP.toml) if it says when"
    yield f"night_index: {way}{unsure}"


def told_together(reader: Transcriber, rows: Sequence[int]) -> Iterator[str]:
    """Say which rows were put to another one of the same night."""
    if rows:
        yield f"put together: {rows_of(reader, rows)} with the row of the same night that answers the other questions"


def numbered_twice(reader: Transcriber, numbering: Numbering | None, people: Mapping[int, str]) -> Iterator[str]:
    """Say which nights of one person have the same number."""
    rows = twice(numbering.numbers, people) if numbering else []
    if rows:
        unlike = [column_at(reader, place) for place in reader.found.unmatched if _tells(reader, place, numbering)]
        several = "" if reader.found.keys else ", or each row a respondent_id where they are several people's"
        hint = f"give each night its own{several}"
        if unlike:
            hint = (
                f"if {' or '.join(unlike)} tells people apart, type respondent_id next to it in a map (--map MAP.toml)"
            )
        yield f"night_index: the same number twice for one person in {rows_of(reader, rows)}; {hint}"


def answered_twice(reader: Transcriber, people: Mapping[int, str]) -> Iterator[str]:
    """Say which rows are of one participant, who has only one."""
    rows = [row for row, token in people.items() if [*people.values()].count(token) > 1]
    if rows:
        yield (
            f"participant_id: the same person answers more than once, in {rows_of(reader, rows)}; all of them are"
            " written: keep the row that counts, and take the others out of the file"
        )


def _tells(reader: Transcriber, place: int, numbering: Numbering | None) -> bool:
    """Tell whether no two rows have the same cell of a column and the same number of the night."""
    numbers = numbering.numbers if numbering else {}
    cells = {row: reader.export.rows[row][place].casefold() for row in numbers}
    return all(cells.values()) and not twice(numbers, cells)


def dropped(reader: Transcriber) -> Iterator[str]:
    """Say which columns were left out, and why."""
    found = reader.found
    for why, places in (("as private", found.private), ("as the form's or the tool's own", found.own)):
        if places:
            yield f"left out {why}: {', '.join(column_at(reader, place) for place in places)}"
    for why, places in (("as the same answers again", found.repeats), ("as the other table's", found.elsewhere)):
        if places:
            yield f"left out {why}: {places_of(places)}"
    for place, name in found.lesser.items():
        yield f"left out: {column_at(reader, place)}, as {places_of(found.answers[name])} asks nearer what {name} is"
    for place, near in found.unmatched.items():
        empty = not (reader.export.headers[place][0] or any(row[place] for row in reader.export.rows))
        if empty or place in found.refused or place in found.doubtful:
            continue
        hint = f"; rename it to {near} if it is that" if near else ""
        if place in found.otherwise:
            wanted = found.facts[found.otherwise[place]]
            hint = f"; next to its name stands a unit or scale that is not that of {wanted.name}: {wanted.hint}"
        yield f"left out as no question of {found.table}: {column_at(reader, place)}{hint}"


def in_unit(facts: Column) -> str:
    """Say the unit of a column, or its scale."""
    return f"{facts.low:g} to {facts.high:g}" if facts.unit == "points" else facts.unit


def column_at(reader: Transcriber, place: int) -> str:
    """Give a column's letters, and what of its name may be printed."""
    head = shown(reader.export.headers[place][0])
    return f'{letters(place)} "{head}"' if head else letters(place)


def places_of(places: Iterable[int]) -> str:
    """Give columns' letters, neighbours as a range.

    >>> places_of([0, 2, 3, 4, 26])
    'A, C-E, AA'
    """
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(letters(run[0]) + (f"-{letters(run[-1])}" if len(run) > 1 else "") for run in runs)


def rows_of(reader: Transcriber, rows: Sequence[int]) -> str:
    """Name the first rows as a spreadsheet numbers them, and count the others."""
    more = f" and {len(rows) - ROWS} more" if len(rows) > ROWS else ""
    named = ", ".join(str(reader.export.spreadsheet_row(number)) for number in rows[:ROWS])
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"


def count_of(count: int) -> str:
    """Say how many rows."""
    return f"{count} row{'s' if count != 1 else ''}"


def looked_at(reader: Transcriber, frame: pl.DataFrame) -> Iterator[str]:
    """Say which answers of columns that are called otherwise look as if they were of another scale."""
    for name in (name for name in frame.columns if name.endswith("_0_10") and _by_another_name(reader, name)):
        points = frame[name].cast(pl.Int64, strict=False).drop_nulls()
        if points.len() >= FEWEST and points.is_between(1, SMALL).all() and points.n_unique() > 1:
            most = max(points.to_list())
            own = 'type "" next to its name in a map (--map MAP.toml)'
            do = own if reader.profile.own_names else "take the column out of the export"
            yield f"look at {name}: it holds only 1 to {most}; if it was not asked from 0 to 10, {do}"


def _by_another_name(reader: Transcriber, name: str) -> bool:
    """Whether a column was known by what people call it, and by neither its own name nor its question."""
    heads = [head for place in reader.found.answers.get(name, ()) for head in reader.export.headers[place]]
    called = {normalised(part) for part in parts(heads, reader.profile)}
    theirs = normalised(name) not in called and name in map(synonyms().get, called)
    return reader.profile.own_names or theirs
