"""Several sheets that hold one table, a week or a person each: in which order they are one, and its rows."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.calendar import YEAR, Month, month_of
from hypnic.datasets.forms.dates import dates_of, days_in
from hypnic.datasets.forms.grid import NIGHTS, Grid
from hypnic.datasets.forms.layouts import normalised, profiles
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.wording import bare
from hypnic.schemas.filenames import MASK
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WEEK = re.compile(
    r"(?:week|wk|woche|kw|cw|kalenderwoche|calendar week|semaine|semana|settimana|weken)"
    r"[\s._#-]*(?:n[or]?\.?)?\s*(\d{1,2})"
)
CODE = re.compile(  # of a person: what stands before the number says so
    r"p_[a-z2-7]{16}|(?:p|vp|vpn|id|pid|tn|pt|participant|proband|probandin|person|patient|subject|subj|teilnehmer|sujet|sujeto"
    r"|participante|respondent|case)[\s._#-]*(?:no?\.?|nr\.?)?\s*\d{1,5}[a-z]?"
)
Rows = list[tuple[str, ...]]
MOST_WEEKS = 8  # between the first and the last: more may be over New Year, where the numbers start again
DAYS = 7  # of a week


class Together(NamedTuple):
    """The sheets that are joined, in their order, as what, and those that are not."""

    names: tuple[str, ...]
    way: str
    others: tuple[str, ...] = ()


def by_months(grids: Mapping[str, Grid]) -> Together | None:
    """Join sheets that are called after months, where their dates lie in them or their nights go on; else None."""
    months = {name: month for name in grids if (month := month_of(name))}
    if len(months) < max(2, len(grids)) or len({*months.values()}) < len(months):
        return None
    order = tuple(sorted(months, key=lambda name: _in_order(months[name], months.values())))
    if all(_within(grids[name], months[name].month) for name in order) or _go_on([grids[name] for name in order]):
        return Together(order, "months")
    return None


def _in_order(month: Month, others: Iterable[Month]) -> Month:
    """Put January after December where no sheet has a year."""
    known = [*others]
    over = not any(one.year for one in known) and {1, YEAR} <= {one.month for one in known}
    return Month(int(over and month.month <= YEAR // 2) or month.year, month.month)


def _within(grid: Grid, month: int) -> bool:
    known = frozenset(map(normalised, profiles()["spreadsheet"].dates))
    places = [n for n, head in enumerate(grid.heads) if bare(head, known)]
    return any(days_in((row[place] for row in grid.rows), month) for place in places)


def _go_on(grids: Sequence[Grid]) -> bool:
    """Tell whether the nights of each sheet come after those of the sheet before."""
    places = [next((n for n, head in enumerate(grid.heads) if normalised(head) in NIGHTS), None) for grid in grids]
    numbers = [
        [int(cell) for row in grid.rows if place is not None and (cell := _whole(row[place]))]
        for grid, place in zip(grids, places, strict=True)
    ]
    return all(numbers) and all(min(later) > max(before) for before, later in pairwise(numbers))


def together(names: Sequence[str], way: str) -> Together | None:
    """Say how sheets of the same columns belong together: by the map, or by names that leave no choice; else None."""
    weeks = {name: int(found[1]) for name in names if (found := WEEK.fullmatch(_plainly(name)))}
    codes = [name for name in names if CODE.fullmatch(_plainly(name))]
    if way == "people":
        return Together(tuple(names), "people")
    several = len({*weeks.values()}) == len(weeks) > 1 and max(weeks.values()) - min(weeks.values()) <= MOST_WEEKS
    if several and len(weeks) > (len(names) - 1 if way else len(names) / 2):
        order = sorted(weeks, key=lambda name: weeks[name])
        return Together(tuple(order), "weeks", tuple(name for name in names if name not in weeks))
    if way == "nights":
        return Together(tuple(names), "nights")
    if len(codes) > 1 and len(codes) > len(names) / 2 and not weeks:
        return Together(tuple(codes), "people", tuple(name for name in names if name not in codes))
    return None


def _plainly(name: str) -> str:
    return " ".join(fold(name).split())


def stacked(grids: Mapping[str, Grid], plan: Together) -> Grid:
    """Put the rows of several sheets under one header, with whose they are, or with nights that go on counting."""
    own = {normalised(name) for name in profiles()["spreadsheet"].respondent}
    keyed = all(any(normalised(head) in own for head in grid.heads) for grid in grids.values())
    people = plan.way == "people" and not keyed
    heads = list(dict.fromkeys(head for grid in grids.values() for head in grid.heads if head))
    night = next((n for n, head in enumerate(heads) if normalised(head) in NIGHTS), None)
    tables = {name: [_under(heads, grid, row) for row in grid.rows] for name, grid in grids.items()}
    counts = night is not None and not people and not keyed and not _dated(grids.values()) and _again(tables, night)
    if counts and night is not None:
        tables = _counted_on(tables, night, weeks=plan.way == "weeks")
    labels = [f"'sheet {n}'" if MASK in sheet_name(name) else repr(sheet_name(name)) for n, name in enumerate(grids, 1)]
    rows = [(name if any(row) else "", *row) if people else row for name, several in tables.items() for row in several]
    first = next(iter(grids.values()))
    more = dict.fromkeys(line for grid in grids.values() for line in (*grid.dialect.notes, *grid.said))
    return Grid(
        heads=(*(["respondent_id"] if people else []), *heads),
        rows=tuple(rows),
        first=2,
        dialect=replace(first.dialect, sheet="several sheets", notes=()),
        said=(*_told(grids, plan, people=people, counts=counts), *more),
        where=tuple(
            f"{label}!{grid.first + n}"
            for label, grid in zip(labels, grids.values(), strict=True)
            for n in range(len(grid.rows))
        ),
        whole=not plan.others,
    )


def _under(heads: Sequence[str], grid: Grid, row: Sequence[str]) -> tuple[str, ...]:
    """Put a row of one sheet under the header of all."""
    at = {head: n for n, head in reversed([*enumerate(grid.heads)]) if head}
    return tuple(row[at[head]] if head in at else "" for head in heads)


def _again(tables: Mapping[str, Rows], night: int) -> bool:
    """Tell whether the numbers of nights start again in a sheet: they do not go on from the one before."""
    numbers = [[int(cell) for row in rows if (cell := _whole(row[night]))] for rows in tables.values()]
    some = [several for several in numbers if several]
    return any(min(later) <= max(before) for before, later in pairwise(some))


def _whole(cell: str) -> str:
    """Give a whole number without a workbook's .0; blank for another cell."""
    bare = cell.removesuffix(".0")
    return bare if bare.isascii() and bare.isdecimal() else ""


def _counted_on(tables: Mapping[str, Rows], night: int, *, weeks: bool) -> dict[str, Rows]:
    """Count nights on from sheet to sheet: by 7 a week, whose number the name holds, else from the last one before."""
    made: dict[str, Rows] = {}
    start, first = 0, 0
    for name, rows in tables.items():
        if weeks and (found := WEEK.fullmatch(_plainly(name))):
            first = first or int(found[1])
            start = (int(found[1]) - first) * DAYS
        cells = [_whole(row[night]) for row in rows]
        made[name] = [
            (*row[:night], str(start + int(cell)), *row[night + 1 :]) if cell else row
            for row, cell in zip(rows, cells, strict=True)
        ]
        start += max((int(cell) for cell in cells if cell), default=0)
    return made


def _dated(grids: Iterable[Grid]) -> bool:
    """Tell whether every sheet has a column of dates."""
    known = {normalised(name) for name in profiles()["spreadsheet"].dates}
    return all(
        any(bare(head, frozenset(known)) and dates_of(row[n] for row in grid.rows) for n, head in enumerate(grid.heads))
        for grid in grids
    )


def _told(grids: Mapping[str, Grid], plan: Together, *, people: bool, counts: bool) -> list[str]:
    what = "each a person's" if people else "one after the other"
    said = [f"its sheets {listed(grids)} joined, {what}"]
    if counts:
        weeks = "a week has 7" if plan.way == "weeks" else "on from the last one of the sheet before"
        said.append(f"nights start again in each sheet, and are counted through: {weeks}")
    every = {head for grid in grids.values() for head in grid.heads if head}
    if short := [name for name, grid in grids.items() if every - set(grid.heads)]:
        said.append(f"columns that only other sheets have are blank in {listed(short)}")
    return [*said, *left(plan.others)]


def left(others: Sequence[str]) -> list[str]:
    """Say which sheets with a table were not read, and how each can be."""
    way = "another name or other columns than those read; convert one of them with --sheet"
    return [f"left out: sheet{'s' if len(others) > 1 else ''} {listed(others)}: {way}"] if others else []


def listed(names: Iterable[str]) -> str:
    """Name sheets, with what may be somebody's name masked."""
    return ", ".join(repr(sheet_name(name)) for name in names)


def sheet_name(name: str) -> str:
    """Give a sheet's name as it may be printed; that of a month without its year.

    >>> sheet_name("Feb 2025"), sheet_name("Anna")
    ('Feb \u2026', '\u2026')
    """
    return re.sub(r"\d{2,4}", MASK, name) if month_of(name) else file_name(name)
