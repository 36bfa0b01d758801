"""From an export's cells to the instrument's: row by row, with what could not be read kept by its place."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hypnic.datasets.checking.marks import decimal_mark, either
from hypnic.datasets.forms import answers
from hypnic.datasets.forms.amounts import Amount, about, amount, converted, few, in_words
from hypnic.datasets.forms.choices import Choices, apart
from hypnic.datasets.forms.clocks import HOURS, Clocks
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.drinks import total, vessels
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.match import folds, parts
from hypnic.datasets.forms.readings import WAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.match import Matching
    from hypnic.schemas import Column

AMOUNTS = {"mg", "g", "min"}
DASHES = {"-", "--", "---", "/", "./.", "-/-", "x", "\u2013", "\u2014"}
UNTICKED = {"", "0", "no", "n", "false", "unchecked", "-", "\u2610", "nein", "falsch", "non", "faux", "falso", "nee"}
TICKED = {"1", "1.0", "yes", "y", "true", "checked", "x", "\u2713", "\u2714", "\u2611", "\u2612"}
TICKED |= {"ja", "wahr", "oui", "vrai", "s\xed", "si", "s\xec", "verdadero", "vero", "sim"}
LONG = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?")
BED = "bed_clock_h"  # read first: the other clocks depend on it


@dataclass
class Transcriber:
    """Reads the rows of one export.

    `unread` keeps, by column, the rows (from 0) with a cell that it could not read, `foreign` those in which a choice
    is ticked that the instrument does not have, `changed` the amounts in words with their rows, `rounded` how many
    times of day were not on the quarter hour, and `gaps` how many sums are blank as some drinks are counted and others
    are not. `open` keeps, by the question that they ask, the cells that can be read in two ways (row, column, cell, the
    bedtime of the row), and `differ` the rows in which two columns of one name do not agree.
    """

    export: Export
    profile: Profile
    found: Matching
    codebook: Codebook = field(default_factory=Codebook)
    unread: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    foreign: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    rounded: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    changed: list[tuple[str, int, Amount]] = field(default_factory=list)
    open: dict[str, list[tuple[int, str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    differ: dict[str, list[tuple[int, dict[int, str]]]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[str, Choices] = field(default_factory=dict)
    _hours_in: dict[str, bool] = field(default_factory=dict)
    _worded: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def codes(self) -> dict[str, dict[int, str]]:
        """What the number codes of each column with choices stand for; empty where they could mean two things."""
        return {name: self._codes(name) for name in self.found.answers if self.profile.code and self._words(name)}

    @cached_property
    def clocks(self) -> Clocks | None:
        """How times are meant in somebody's own table; a form tool writes them in one way."""
        named = [name for name in self.found.answers if self.found.facts[name].unit == "clock h"]
        cells = {name: [self._first(row, name) for row in self.export.rows] for name in named}
        return Clocks(cells, self.codebook.readings) if self.profile.own_names else None

    def _first(self, row: Sequence[str], name: str) -> str:
        return next((row[place] for place in self.found.answers[name] if row[place]), "")

    def record(self, number: int) -> dict[str, str]:
        """Read one row: what the instrument has, blank where there is no answer or none that can be read."""
        row = ["" if cell in self.profile.blank else cell for cell in self.export.rows[number]]
        found = self.found
        record: dict[str, str] = {}
        for name in sorted({*found.answers} - {"participant_id", "night_index"}, key=lambda name: name != BED):
            bed = record.get(BED, "")
            each = {place: self._cell(place, name, bed, number) for place in found.answers[name] if row[place]}
            read = {*each.values()} or {""}
            cell = read.pop() if len(read) == 1 else None
            if read and None not in each.values() and self.profile.own_names:
                self.differ[name].append((number, {place: str(said) for place, said in each.items()}))
            record[name] = self.kept(name, number, self._agreed(cell, name, number, row))
        for name in found.ticked - found.answers.keys():
            record[name] = self.kept(name, number, self._choices(name, number, row))
        for name, drinks in found.computable.items():
            counts = [self._count(row[place], name, number) for place in drinks]
            record[name] = self.kept(name, number, total(list(drinks.values()), counts))
            self.gaps[name] += "" in counts and any(counts)
        return record

    def _count(self, cell: str, name: str, number: int) -> str:
        """Read how many of a drink somebody had: `none`, or the number of `2 cups`."""
        if normalised(cell) in answers.NOTHING and cell not in DASHES:
            return "0"
        if cell in DASHES and self.profile.own_names:
            return self._dash(name, number) or cell
        return vessels(cell) if self.profile.own_names else cell

    def _dash(self, name: str, number: int) -> str | None:
        """Read a dash as the map says; where it says nothing, ask."""
        meant = {"none": "0", "unknown": "-8"}.get(self.codebook.readings.get("dash", ""))
        if meant is None:
            self.open["dash"].append((number, name, "-", ""))
        return meant

    def _agreed(self, cell: str | None, name: str, number: int, row: Sequence[str]) -> str | None:
        """Read the cell's own answer, or its choices' columns where it has none that can be read; both must agree."""
        if name not in self.found.ticked:
            return cell
        ticked = self._choices(name, number, row)
        if not cell:
            return ticked or cell
        return cell if not ticked or ticked == cell else None

    def _choices(self, name: str, number: int, row: Sequence[str]) -> str | None:
        """Put the choices of one question together; None where one is ticked of which only a code is known."""
        facts = self.found.facts[name]
        strange = [one for place, one in self.found.strange.get(name, {}).items() if _marked(row[place])]
        if any(one.named for one in strange):
            self.foreign[name].append(number)
        ticked = [_ticked(row[place], token, facts) for place, token in self.found.ticks.get(name, {}).items()]
        several = facts.kind != "tokens" and len({*filter(None, ticked)}) > 1  # of a question with one answer
        unsure = None in ticked or several or not all(one.named for one in strange)
        return None if unsure else answers.tokens(filter(None, ticked))

    def kept(self, name: str, number: int, cell: str | None) -> str:
        """Give a cell that was read, or a blank for one that was not, whose row is kept."""
        if cell == "-7" and name in self.found.facts and not answers.skippable(self.found.facts[name]):
            cell = None  # everybody is asked
        if cell is None:
            self.unread[name].append(number)
        return cell or ""

    def _cell(self, place: int, name: str, bed: str, number: int) -> str | None:
        facts, cell = self.found.facts[name], self.export.rows[number][place]
        if self.profile.own_names and (meant := self.codebook.said(self.export.headers[place], cell)):
            cell = meant[0]  # as the person's map says
        if not cell:
            return ""
        if facts.kind in {"integer", "number"}:
            return self._amount(cell, place, bed, number, facts)
        choices = self._asked(name)
        whole = choices.read(cell)
        if whole is None and (code := re.fullmatch(self.profile.code or "(?!)", cell)):
            whole = self.codes.get(name, {}).get(int(code[1]))
        if facts.kind != "tokens" or whole:
            return whole
        words = apart(cell, self.profile.joined, choices.read)
        return None if words is None else answers.tokens(words)

    def _amount(self, cell: str, place: int, bed: str, number: int, facts: Column) -> str | None:
        """Read a time, a number or an amount in words."""
        if cell in DASHES and self.profile.own_names and answers.nothing_is_an_amount(facts):
            return self._dash(facts.name, number)
        if (unit := self.found.units.get(place)) and cell.replace(",", "").replace(".", "").isdecimal():
            in_unit = converted(cell, unit, facts)
            self.changed += [(facts.name, number, in_unit)] if in_unit else []
            return in_unit.number if in_unit else None
        hours = answers.clock(cell) if facts.unit in {"clock h", "h"} else None
        if self.clocks and facts.unit == "clock h":
            hours = self.clocks.hours(cell, facts.name)
        if hours is not None and math.isnan(hours):
            self.open[self._key(cell)].append((number, facts.name, cell, bed))
            return None
        if hours is not None:
            return self._hours(hours, facts, bed)
        if facts.unit.startswith("min") and self._long(facts.name):
            cell = LONG.sub(r"\1 h \2", cell)
        return self._counted(cell, place, number, facts)

    def _counted(self, cell: str, place: int, number: int, facts: Column) -> str | None:
        """Read a number, or an amount in words."""
        read = self._number(cell, facts, number)
        if read is not None and few(read, facts) and self._in_words(facts):
            return None  # 3 next to "2 coffees" is hardly 3 mg
        worded = amount(cell, facts, self.codebook.readings.get("beer", "")) if read is None else None
        if read is None and worded is None and facts.unit.partition("/")[0].partition(" ")[0] in AMOUNTS:
            worded = about(cell, facts, (row[place] for row in self.export.rows))
        if read is None and worded is None and self.profile.own_names and amount(cell, facts, WAYS["beer"][0]):
            self.open["beer"].append((number, facts.name, cell, ""))
        if worded:
            self.changed.append((facts.name, number, worded))
        return worded.number if worded else read

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

    def _key(self, cell: str) -> str:
        """Say which question a time that can be read in two ways asks."""
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

    def _asked(self, name: str) -> Choices:
        """Give the choices of a column, as the codebook has them by any of its headers."""
        if name not in self._known:
            heads = [head for place in self.found.answers[name] for head in self.export.headers[place]]
            called = tuple(dict.fromkeys(parts(heads, self.profile)))
            self._known[name] = Choices(self.found.facts[name], (*called, name), self.profile.code, self.codebook)
        return self._known[name]

    def _hours(self, hours: float, facts: Column, bed: str) -> str:
        quarter = round(hours * 4) / 4
        self.rounded[facts.name] += quarter != hours
        on_clock = answers.diary_hour(quarter, facts, float(bed) if bed else None)
        return f"{on_clock if facts.unit == 'clock h' else quarter:g}"

    def _words(self, name: str) -> bool:
        return bool(self.found.facts[name].words)

    def _codes(self, name: str) -> dict[int, str]:
        """Without a codebook, only 0 and 1 are told, as no and yes."""
        places, facts = self.found.answers[name], self.found.facts[name]
        cells = {row[place] for row in self.export.rows for place in places}
        coded = [code for cell in cells if (code := re.fullmatch(self.profile.code, cell))]
        if any(not code[0].isdigit() for code in coded):
            return {}
        heads = (head for place in places for head in self.export.headers[place])
        ours = not self.profile.own_names and any(name in folds([head], self.profile) for head in heads)
        return answers.yes_or_no(facts, (int(code[1]) for code in coded), ours=ours)


def _marked(cell: str) -> bool:
    return cell.casefold().removesuffix(".0") not in UNTICKED


def _ticked(cell: str, token: str, facts: Column) -> str | None:
    """Give the token where its column is ticked, blank where not; a cell may hold the label itself."""
    if not _marked(cell):
        return ""
    return token if cell.casefold() in TICKED else answers.word(cell, facts)
