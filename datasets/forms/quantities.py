"""Times, numbers and amounts of one export's cells, and which of them can be read in two ways."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING

from hypnic.datasets.checking.marks import decimal_mark, either
from hypnic.datasets.forms import answers
from hypnic.datasets.forms.amounts import FEW, Amount, about, amount, converted, few, in_words
from hypnic.datasets.forms.clocks import HOURS, Clocks
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.heads import unit_in
from hypnic.datasets.forms.hours import clock, diary_hour
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.readings import WAYS
from hypnic.datasets.forms.spoken import spoken_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.matching import Matching
    from hypnic.schemas import Column

AMOUNTS = {"mg", "g", "min"}
DASHES = {"-", "--", "---", "/", "./.", "-/-", "x", "\u2013", "\u2014"}
OFTEN = re.compile(r"(\d{1,2})\s*(?:x|\u00d7|times?|mal|fois|veces|vez|vezes|volte|volta|keer|keren)", re.IGNORECASE)
STRANGE = {f"{sign}{digit * n}" for sign in ("", "-") for digit in "789" for n in (2, 3, 4)} | {"-1"}
NINES = re.compile(r"-?9{3,4}(?:\.0)?")
NIGHT = "night_index"
SLOW, HIGH = ("sol_min", "waso_min", "nap_min"), 150  # minutes that hardly anybody takes on most nights
LONG = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?")


@dataclass
class Quantities:
    """Reads what an export's cells say in numbers.

    `changed` keeps the amounts in words with their rows, and `rounded` how many times of day were not on the quarter
    hour. `open` keeps, by the question that they ask, the cells that can be read in two ways (row, column, cell, the
    bedtime of the row).
    """

    export: Export
    profile: Profile
    found: Matching
    codebook: Codebook = field(default_factory=Codebook)
    rounded: Counter[str] = field(default_factory=Counter)
    changed: list[tuple[str, int, Amount]] = field(default_factory=list)
    open: dict[str, list[tuple[int, str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    _hours_in: dict[str, bool] = field(default_factory=dict)
    _high: dict[str, bool] = field(default_factory=dict)
    _worded: dict[str, bool] = field(default_factory=dict)
    _few: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def clocks(self) -> Clocks | None:
        """How times are meant in somebody's own table; a form tool writes them in one way."""
        named = [name for name in self.found.answers if self.found.facts[name].unit == "clock h"]
        cells = {name: [self._first(row, name) for row in self.export.rows] for name in named}
        return Clocks(cells, self.codebook.readings) if self.profile.own_names else None

    @cached_property
    def strange(self) -> dict[str, list[str]]:
        """The codes such as 99 that stand where no answer can be, and in which columns: elsewhere they are none too."""
        found: dict[str, list[str]] = {}
        for name, places in self.found.answers.items():
            facts = self.found.facts[name]
            if facts.kind not in {"integer", "number"} or facts.low is None or facts.high is None or name == NIGHT:
                continue
            cells = {
                row[place].removesuffix(".0")
                for row in self.export.rows
                for place in places
                if not self.codebook.said(self.export.headers[place], row[place])
            }
            for code in sorted(cells & STRANGE):
                if not facts.low <= int(code) <= facts.high and int(code) not in facts.codes:
                    found.setdefault(code, []).append(name)
        return found

    @cached_property
    def _nines(self) -> bool:
        """Tell whether 99, -99 or the like stands where no answer can be: 999 is then hardly one elsewhere."""
        return any(set(code.lstrip("-")) == {"9"} for code in self.strange)

    def _first(self, row: Sequence[str], name: str) -> str:
        return next((row[place] for place in self.found.answers[name] if row[place]), "")

    def quantity(self, cell: str, place: int, bed: str, number: int, facts: Column) -> str | None:
        """Read a time, a number or an amount in words."""
        if cell.removesuffix(".0") in self.strange or (self._nines and NINES.fullmatch(cell)):
            return None
        if facts.routing and facts.unit == "clock h" and (cell in DASHES or normalised(cell) in answers.NOTHING):
            return ""  # there was nothing whose time it would be
        if cell in DASHES and self.profile.own_names and answers.nothing_is_an_amount(facts):
            return self.dash(facts.name, number)
        if (unit := self.found.units.get(place)) and cell.replace(",", "").replace(".", "").isdecimal():
            in_unit = converted(cell, unit, facts)
            self.changed += [(facts.name, number, in_unit)] if in_unit else []
            return in_unit.number if in_unit else None
        return self._read(cell, place, bed, number, facts)

    def _read(self, cell: str, place: int, bed: str, number: int, facts: Column) -> str | None:
        if self.clocks and facts.unit == "clock h":
            cell = self.clocks.in_digits(cell, facts.name)
        if facts.unit in {"clock h", "h"} and (hours := self._clock(cell, facts)) is not None:
            return self._hours(hours, facts, cell, bed, number)
        if cell.isdecimal() and self._slow(facts.name):
            return self._seconds(cell, number, facts)
        if facts.unit.startswith("min") and self._long(facts.name):
            cell = LONG.sub(r"\1 h \2", cell)
        return self._counted(cell, place, number, facts)

    def _counted(self, cell: str, place: int, number: int, facts: Column) -> str | None:
        """Read a number, or an amount in words."""
        if facts.unit in {"jerks", "times"}:
            cell = OFTEN.sub(r"\1", spoken_count(cell))
        read = self._number(cell, facts, number)
        if read is not None and few(read, facts) and self._in_words(facts):
            return None  # 3 next to "2 coffees" is hardly 3 mg
        if read is not None and float(read) > 0 and self._small(facts.name):
            return self._counts(read, number, facts)
        worded = amount(cell, facts, self.codebook.readings.get("beer", "")) if read is None else None
        if read is None and worded is None and facts.unit.partition("/")[0].partition(" ")[0] in AMOUNTS:
            worded = about(cell, facts, (row[place] for row in self.export.rows))
        if read is None and worded is None and self.profile.own_names and amount(cell, facts, WAYS["beer"][0]):
            self.open["beer"].append((number, facts.name, cell, ""))
        if worded:
            self.changed.append((facts.name, number, worded))
        whole = facts.kind != "integer" or read is None or "." not in read
        return worded.number if worded else read if whole else None

    def _small(self, name: str) -> bool:
        """Tell whether all amounts of a column without a unit are as small as counts of cups, glasses or hours are."""
        if name not in self._few:
            facts, places = self.found.facts[name], self.found.answers[name]
            heads = [self.export.headers[place][0] for place in places]
            unsaid = not any(unit_in(head, facts) or normalised(head) == normalised(name) for head in heads)
            cells = {row[place] for row in self.export.rows for place in places if row[place].strip("0.,")}
            numbers = [cell for cell in cells if cell.replace(",", "").replace(".", "").isdecimal()]
            low = all(few(cell, facts) for cell in numbers) or _in_hours(numbers, facts)
            self._few[name] = self.profile.own_names and unsaid and bool(numbers) and low
        return self._few[name]

    def _counts(self, cell: str, number: int, facts: Column) -> str | None:
        """Read a small number as the map says; where it says nothing, ask."""
        meant = self.codebook.readings.get("small")
        hours = converted(cell, "h", facts) if meant == "hours" and facts.unit.startswith("min") else None
        if hours is None and meant != "as typed":
            self.open["small"].append((number, facts.name, cell, ""))
        self.changed += [(facts.name, number, hours)] if hours else []
        return hours.number if hours else cell if meant == "as typed" else None

    def _in_words(self, facts: Column) -> bool:
        """Tell whether some cell of a column counts cups, glasses or hours in words."""
        if facts.name not in self._worded:
            places = self.found.answers[facts.name]
            self._worded[facts.name] = any(in_words(row[at], facts) for row in self.export.rows for at in places)
        return self._worded[facts.name]

    def _long(self, name: str) -> bool:
        """Tell whether a column of minutes holds hours and minutes, as 0:45 and 1:20: none of them is of five hours."""
        if name not in self._hours_in:
            cells = [row[place] for place in self.found.answers[name] for row in self.export.rows]
            read = [found for cell in cells if (found := LONG.fullmatch(cell))]
            self._hours_in[name] = self.profile.own_names and bool(read) and all(int(one[1]) < 5 for one in read)
        return self._hours_in[name]

    def _slow(self, name: str) -> bool:
        """Tell whether most numbers of a column are so high that they may be seconds, as an app writes them."""
        if name not in self._high:
            at = [place for place in self.found.answers[name] if place not in self.found.units]
            cells = (row[place] for row in self.export.rows for place in at if name in SLOW and self.profile.own_names)
            numbers = [int(cell) for cell in cells if cell.isdecimal() and int(cell)]
            self._high[name] = bool(numbers) and median(numbers) >= HIGH
        return self._high[name]

    def _key(self, cell: str, name: str) -> str:
        """Say which question a time that can be read in two ways asks."""
        if self.clocks and self.clocks.short(cell, name):
            return "short"
        return "times" if HOURS.fullmatch(cell) and not cell.isdecimal() else "clock"

    def _number(self, cell: str, facts: Column, number: int) -> str | None:
        """Read a number; one of two readings as the rest of its column proves, and not where that tells nothing."""
        if not either(cell, facts):
            return answers.number(cell, facts)
        places = self.found.answers[facts.name]
        mark = decimal_mark(row[place] for place in places for row in self.export.rows if row[place])
        given = self.codebook.readings.get("marks")
        if given is None and mark is None:
            self.open["marks"].append((number, facts.name, cell, ""))
            return None
        decimals = given == "decimals" or (given is None and mark is not None and mark in cell)
        return cell.replace(",", ".") if decimals else cell.replace(",", "").replace(".", "")

    def dash(self, name: str, number: int) -> str | None:
        """Read a dash as the map says; where it says nothing, ask."""
        meant = {"none": "0", "unknown": "-8"}.get(self.codebook.readings.get("dash", ""))
        if meant is None:
            self.open["dash"].append((number, name, "-", ""))
        return meant

    def _clock(self, cell: str, facts: Column) -> float | None:
        if self.clocks and facts.unit == "clock h":
            return self.clocks.hours(cell, facts.name)
        return clock(cell)

    def _hours(self, hours: float, facts: Column, cell: str, bed: str, number: int) -> str | None:
        if math.isnan(hours):
            if (key := self._key(cell, facts.name)) not in self.codebook.readings:  # else what is told does not help
                self.open[key].append((number, facts.name, cell, bed))
            return None
        quarter = round(hours * 4) / 4
        self.rounded[facts.name] += quarter != hours
        on_clock = diary_hour(quarter, facts, float(bed) if bed else None)
        return f"{on_clock if facts.unit == 'clock h' else quarter:g}"

    def _seconds(self, cell: str, number: int, facts: Column) -> str | None:
        """Read a number that may be of minutes or seconds as the map says; where it says nothing, ask."""
        meant = self.codebook.readings.get("long")
        if meant is None:
            self.open["long"].append((number, facts.name, cell, ""))
        minutes = converted(cell, "s", facts) if meant == "seconds" else None
        self.changed += [(facts.name, number, minutes)] if minutes else []
        return minutes.number if minutes else cell if meant else None


def _in_hours(numbers: Sequence[str], facts: Column) -> bool:
    """Tell whether a column of minutes holds parts of an hour such as 0.25 and 0.5: then 1 is hardly one minute."""
    values = [float(number.replace(",", ".")) for number in numbers]
    return facts.unit.startswith("min") and any(value % 1 for value in values) and max(values, default=0) <= FEW
