"""A night that was written down in two rows, an evening and a morning one: they become one row."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, str]


def put_together(
    records: Mapping[int, Record], people: Mapping[int, str], nights: Mapping[int, str | None]
) -> tuple[dict[int, Record], list[int]]:
    """Put rows of one person and night together where each question is answered in one of them; give those taken in.

    Rows that answer a question twice stay, for their number to be told.

    >>> evening, morning = {"stress_0_10": "4", "jerk_count": ""}, {"stress_0_10": "", "jerk_count": "1"}
    >>> put_together({0: evening, 1: morning}, {0: "a", 1: "a"}, {0: "1", 1: "1"})
    ({0: {'stress_0_10': '4', 'jerk_count': '1'}}, [1])
    """
    of_night: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in records:
        if number := nights.get(row):
            of_night[people[row], number].append(row)
    made, taken = dict(records), []
    for rows in of_night.values():
        if len(rows) < 2 or not _apart([records[row] for row in rows]):
            continue
        first, *others = rows
        made[first] = {
            name: next((records[row][name] for row in rows if records[row][name]), "") for name in made[first]
        }
        taken += others
    return {row: record for row, record in made.items() if row not in {*taken}}, taken


def _apart(records: list[Record]) -> bool:
    return all(sum(bool(record[name]) for record in records) < 2 for name in records[0])
