"""Questions that a form asked again and again in one row, as `1_Q20` and `2_Q20`: they become a row each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.titles import folds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.layouts import Profile

Cells = tuple[str, ...]
NUMBERED = re.compile(r"[^\d]{0,12}\d{1,2}\s*[-:.]\s+")  # what stands before the question of each time


class Looped(NamedTuple):
    """The header rows and rows of an export, and the row, from 0, that each came from."""

    above: list[Cells]
    rows: list[Cells]
    came: list[int]


def once_each(above: list[Cells], rows: Sequence[Cells], profile: Profile) -> Looped:
    """Give each time that somebody was asked a row of its own, below the row of the person; else all as it is.

    The tool's own columns stay on every row: they say what is a preview. Two columns are added, whose row it is and
    which time.
    """
    found = [re.fullmatch(profile.looped or "(?!)", name) for name in above[0]]
    times: dict[int, dict[str, int]] = {}
    for place, name in enumerate(found):
        if name:
            times.setdefault(int(name["time"]), {})[name["name"]] = place
    if len(times) < 2 or not set.intersection(*(set(names) for names in times.values())):
        return Looped(above, [*rows], [*range(len(rows))])
    looped = {place for names in times.values() for place in names.values()}
    others = [place for place in range(len(above[0])) if place not in looped]
    names = list(dict.fromkeys(name for several in times.values() for name in several))
    first = {name: next(several[name] for several in times.values() if name in several) for name in names}
    heads = [
        (*(line[place] for place in others), *whose, *(NUMBERED.sub("", line[first[name]], count=1) for name in names))
        for line, whose in zip(above, _added(len(above)), strict=True)
    ]
    heads[0] = (*heads[0][: len(others) + 2], *names)
    tools = {*profile.names} | {name for place in others for name in [above[0][place]] if _of_the_tool(name, profile)}
    made, came = [], []
    for number, row in enumerate(rows):
        made.append((*(row[place] for place in others), str(number + 1), "", *("" for _ in names)))
        came.append(number)
        kept = [row[place] if above[0][place] in tools else "" for place in others]
        for time, several in sorted(times.items()):
            cells = [row[several[name]] if name in several else "" for name in names]
            if any(cells):
                made.append((*kept, str(number + 1), str(time), *cells))
                came.append(number)
    return Looped(heads, made, came)


def _added(lines: int) -> list[tuple[str, str]]:
    return [("respondent_id", "night"), *[("", "")] * (lines - 1)]


def _of_the_tool(name: str, profile: Profile) -> bool:
    listed = (*profile.metadata, *profile.private, *profile.respondent)
    return any(re.fullmatch(pattern, one) for pattern in listed for one in folds([name], profile))
