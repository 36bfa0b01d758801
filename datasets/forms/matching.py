"""Where each of a table's columns stands in an export, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from hypnic.datasets.forms.choices import Unknown
    from hypnic.datasets.forms.drinks import Counted
    from hypnic.schemas import Column

KINDS = {"late": "_after_14"}  # what a kind of drinks is called in the names of columns


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
    the drinks that it names, and `declined` those that it says are none; `lesser` ask nearly what another column asks
    nearer, the cells of the `doubtful` cannot be what their name says, and `consents` ask for consent that is no column
    of the table's. `suspect` are those of a form's private ones that only a word of their name makes
    so, and `choices` the unmatched that hold a choice of one question each, by its name.
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
    declined: list[int] = field(default_factory=list)
    lesser: dict[int, str] = field(default_factory=dict)
    consents: list[int] = field(default_factory=list)
    doubtful: dict[int, str] = field(default_factory=dict)
    suspect: list[int] = field(default_factory=list)
    choices: dict[str, list[int]] = field(default_factory=dict)

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
        return any(KINDS.get(kind, kind) in name for kinds in self.unmatched_drinks.values() for kind in kinds)

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
