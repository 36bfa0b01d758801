"""Which night of the diary a row is: by the form's own number, its event or visit, or its place among repeats."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.dates import dated_numbers, weekday_numbers
from hypnic.datasets.forms.heads import cut
from hypnic.datasets.forms.titles import folds, parts
from hypnic.datasets.forms.whose import asks_for_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypnic.datasets.forms.transcriber import Transcriber

ARM = re.compile(r"_arm_\d+[a-z]?$|\s*\(arm \d+: .*\)$", re.IGNORECASE)  # REDCap's mark of an event's arm
ONE = re.compile(r"\D*(\d{1,3})\D*")
LONG = len("1/1/26 23:15") - 1  # a bedtime that is longer has its date next to it
REPEAT = re.compile(r"[^\[\]]*\[(\d{1,3})\]")  # ODK's key of a repeat: uuid:1/night[3]


@dataclass(frozen=True)
class Numbering:
    """The number of each row's night, None where it cannot be read; `place` is where it stands, if in a column.

    `sure` is false where rows were only counted, and one person has several.
    """

    numbers: Mapping[int, str | None]
    way: str
    place: int | None = None
    sure: bool = True


def number_nights(reader: Transcriber, people: Mapping[int, str]) -> Numbering:
    """Give every row in `people`, which says whose it is, the number of its night.

    The first column wins that numbers every row and no night of a person twice; else the first that numbers any.
    """
    own = reader.found.answers.get("night_index", ())
    if own:
        said = {row: _one(reader.export.rows[row][own[0]]) for row in people}
        if any(said.values()) or not reader.profile.own_names:  # a map may name a column of weekdays
            return Numbering(said, "", own[0])
    tried = [Numbering(_column(reader, place, people), "", place) for place in reader.found.nights]
    tried += [Numbering(numbers, way) for way, numbers in _repeats(reader, people)]
    tried += list(dated(reader, people))
    tried = [one for one in tried if any(one.numbers.values())]
    whole = [one for one in tried if None not in one.numbers.values() and not twice(one.numbers, people)]
    if tried:
        return (whole or tried)[0]
    counted: dict[str, int] = defaultdict(int)
    numbers: dict[int, str | None] = {}
    for row, person in people.items():
        counted[person] += 1
        numbers[row] = str(counted[person])
    way = "numbered by each person's rows in the file's order; sort it by night if it is not"
    return Numbering(numbers, way, sure=max(counted.values(), default=0) < 2)


class Cut(NamedTuple):
    """Numbers that a diary may have, the rows left out as they come after its last night, and what to say of it."""

    numbers: dict[int, str | None]
    beyond: list[int]
    said: str


def within_a_diary(numbers: Mapping[int, str | None], people: Mapping[int, str], last: int) -> Cut:
    """Count the nights of somebody from their first one where they go on after the `last` night that a diary has.

    >>> within_a_diary({0: "30", 1: "31", 2: "70"}, {0: "a", 1: "a", 2: "a"}, 28)[:2]
    ({0: '1', 1: '2'}, [2])
    """
    each: dict[str, list[int]] = defaultdict(list)
    for row, number in numbers.items():
        if number is not None:
            each[people[row]].append(int(number))
    long = {person: min(several) for person, several in each.items() if max(several) > last}
    made: dict[int, str | None] = {}
    for row, number in numbers.items():
        made[row] = str(int(number) - long[people[row]] + 1) if number and people[row] in long else number
    beyond = [row for row, number in made.items() if number and int(number) > last]
    counted = any(first > 1 for first in long.values())
    said = "night_index: numbers above {last} are counted from the person's first night" if counted else ""
    return Cut({row: number for row, number in made.items() if row not in beyond}, beyond, said.format(last=last))


def twice(numbers: Mapping[int, str | None], people: Mapping[int, str]) -> list[int]:
    """Give the rows whose person has another row with the same number."""
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, number in numbers.items():
        if number is not None and row in people:
            seen[people[row], number].append(row)
    return sorted(row for rows in seen.values() if len(rows) > 1 for row in rows)


def _column(reader: Transcriber, place: int, rows: Iterable[int]) -> dict[int, str | None]:
    return {row: _one(reader.export.rows[row][place]) for row in rows}


def _one(cell: str) -> str | None:
    """Read the one number of a cell: `Night 3`, `night_3_arm_1`; None where there are none or several.

    >>> _one("night_03_arm_2"), _one("Visit 12 (Arm 1: Diary)"), _one("week 2 day 3")
    ('3', '12', None)
    """
    found = ONE.fullmatch(ARM.sub("", cell.removesuffix(".0")))
    return f"{int(found[1])}" if found else None


def _repeats(reader: Transcriber, people: Mapping[int, str]) -> Iterable[tuple[str, dict[int, str | None]]]:
    """Give the numbers that a repeat's key holds, and those of its index counted from its parent's first."""
    export, names = reader.export, [folds(heads, reader.profile) for heads in reader.export.headers]
    linked = [place for place, found in enumerate(names) if found & set(reader.profile.links)]
    if not linked:
        return
    for place in (place for place, found in enumerate(names) if "key" in found):
        cells = {row: REPEAT.fullmatch(export.rows[row][place]) for row in people}
        yield "from the place in the repeat's key", {row: cell[1] if cell else None for row, cell in cells.items()}
    for place in (place for place, found in enumerate(names) if "index" in found):
        cells_at = {row: export.rows[row][place].removesuffix(".0") for row in people}
        if all(cell.isdecimal() for cell in cells_at.values()):
            yield "from the repeat's index, its gaps kept", _from_first(cells_at, people)


def _from_first(cells: Mapping[int, str], people: Mapping[int, str]) -> dict[int, str | None]:
    """Count on from each person's first index; by rank where another person's rows lie between them."""
    indexes: dict[str, list[int]] = defaultdict(list)
    for row, cell in cells.items():
        indexes[people[row]].append(int(cell))
    owner = {index: person for person, several in indexes.items() for index in several}
    numbers: dict[int, str | None] = {}
    for row, cell in cells.items():
        mine = sorted(indexes[people[row]])
        alone = all(owner.get(index, people[row]) == people[row] for index in range(mine[0], mine[-1] + 1))
        numbers[row] = str(int(cell) - mine[0] + 1 if alone else mine.index(int(cell)) + 1)
    return numbers


def _says_when(reader: Transcriber, place: int) -> bool:
    """Tell whether a column is called as a date of the night; in a tool's export, other than what the tool noted."""
    heads, profile = reader.export.headers[place], reader.profile
    names = folds([*heads, *(cut(head).name for head in heads)], profile)  # Date (evening)
    if names & set(profile.dates) or reader.codebook.question(heads[0]) == "date":
        return True
    noted = any(re.fullmatch(pattern, name) for pattern in (*profile.private, *profile.metadata) for name in names)
    asked = place in reader.found.nights or any(map(asks_for_date, parts(heads, profile)))
    return asked and not noted and not profile.own_names


def dated(reader: Transcriber, people: Mapping[int, str]) -> Iterable[Numbering]:
    """Yield numbers of nights, by the days since each person's first, where a column has a date on every row."""
    went_to_bed = reader.found.answers.get("bed_clock_h", []) if reader.profile.own_names else []
    called = [place for place in range(len(reader.export.headers)) if _says_when(reader, place)]
    for place in (*called, *(place for place in went_to_bed if place not in called)):
        if place in called or all(len(row[place]) > LONG for row in reader.export.rows if row[place]):
            cells = {row: reader.export.rows[row][place] for row in people}
            numbers = dated_numbers(cells, people, reader.codebook.readings.get("dates", ""))
            if numbers:
                yield Numbering(numbers, "counted from each person's first date, its gaps kept; no date is kept")
            elif by_weekday := weekday_numbers(cells, people):
                yield Numbering(by_weekday, "counted by the weekdays from each person's first night, gaps kept")
