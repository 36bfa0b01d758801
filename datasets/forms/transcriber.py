"""From an export's cells to the instrument's: row by row, with what could not be read kept by its place."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.failures import letters
from hypnic.datasets.checking.marks import decimal_mark, either
from hypnic.datasets.forms import answers
from hypnic.datasets.forms.amounts import Amount, amount
from hypnic.datasets.forms.choices import Choices, apart
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.drinks import total
from hypnic.datasets.forms.match import folds, parts
from hypnic.schemas.publish.checking import SYSTEM
from hypnic.schemas.publish.template import token

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.match import Matching
    from hypnic.schemas import Column

UNTICKED = {"", "0", "no", "n", "false", "unchecked"}
TICKED = {"1", "yes", "y", "true", "checked"}
UNMARKED = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
BED = "bed_clock_h"  # read first: the other clocks depend on it


@dataclass
class Transcriber:
    """Reads the rows of one export.

    `unread` keeps, by column, the rows (from 0) with a cell that it could not read, `foreign` those in which a choice
    is ticked that the instrument does not have, `changed` the amounts in words with their rows, `rounded` how many
    times of day were not on the quarter hour, and `gaps` how many sums are blank as some drinks are counted and others
    are not.
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
    _known: dict[str, Choices] = field(default_factory=dict)

    @cached_property
    def codes(self) -> dict[str, dict[int, str]]:
        """What the number codes of each column with choices stand for; empty where they could mean two things."""
        return {name: self._codes(name) for name in self.found.answers if self.profile.code and self._words(name)}

    @cached_property
    def twelve(self) -> bool:
        """Whether the clock times are on a clock of twelve hours without am and pm: the column of bedtimes tells."""
        cells = [row[place] for place in self.found.answers.get(BED, ()) for row in self.export.rows if row[place]]
        return self.profile.own_names and answers.twelve_hours(cells)

    def record(self, number: int) -> dict[str, str]:
        """Read one row: what the instrument has, blank where there is no answer or none that can be read."""
        row = ["" if cell in self.profile.blank else cell for cell in self.export.rows[number]]
        found = self.found
        record: dict[str, str] = {}
        for name in sorted({*found.answers} - {"participant_id", "night_index"}, key=lambda name: name != BED):
            bed = record.get(BED, "")
            read = {self._cell(row[place], name, bed, number) for place in found.answers[name] if row[place]} or {""}
            cell = read.pop() if len(read) == 1 else None
            record[name] = self.kept(name, number, self._agreed(cell, name, number, row))
        for name in found.ticked - found.answers.keys():
            record[name] = self.kept(name, number, self._choices(name, number, row))
        for name, drinks in found.computable.items():
            counts = [row[place] for place in drinks]
            record[name] = self.kept(name, number, total(list(drinks.values()), counts))
            self.gaps[name] += "" in counts and any(counts)
        return record

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
        unsure = None in ticked or not all(one.named for one in strange)
        return None if unsure else answers.tokens(filter(None, ticked))

    def kept(self, name: str, number: int, cell: str | None) -> str:
        """Give a cell that was read, or a blank for one that was not, whose row is kept."""
        if cell == "-7" and name in self.found.facts and not answers.skippable(self.found.facts[name]):
            cell = None  # everybody is asked
        if cell is None:
            self.unread[name].append(number)
        return cell or ""

    def _cell(self, cell: str, name: str, bed: str, number: int) -> str | None:
        facts = self.found.facts[name]
        if facts.kind in {"integer", "number"}:
            hours = answers.clock(cell) if facts.unit in {"clock h", "h"} else None
            if hours is not None and self.twelve and facts.unit == "clock h" and UNMARKED.fullmatch(cell):
                hours = answers.evening_hour(hours, name)
                if hours is None:
                    return None  # of the morning or of the evening: nobody can tell
            if hours is not None:
                return self._hours(hours, facts, bed)
            read = self._number(cell, facts)
            in_words = amount(cell, facts) if read is None else None
            if in_words:
                self.changed.append((name, number, in_words))
            return in_words.number if in_words else read
        choices = self._asked(name)
        whole = choices.read(cell)
        if whole is None and (code := re.fullmatch(self.profile.code or "-", cell)):
            whole = self.codes.get(name, {}).get(int(code[1]))
        if facts.kind != "tokens" or whole:
            return whole
        words = apart(cell, self.profile.joined, choices.read)
        return None if words is None else answers.tokens(words)

    def _number(self, cell: str, facts: Column) -> str | None:
        """Read a number; one of two readings as the rest of its column proves, and not where that tells nothing."""
        if not either(cell, facts):
            return answers.number(cell, facts)
        places = self.found.answers[facts.name]
        mark = decimal_mark(row[place] for place in places for row in self.export.rows if row[place])
        if mark is None:
            return None
        return cell.replace(",", ".") if mark in cell else cell.replace(",", "").replace(".", "")

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
        return answers.yes_or_no(facts, (int(code[1]) for code in coded))


def _marked(cell: str) -> bool:
    return cell.casefold().removesuffix(".0") not in UNTICKED


def _ticked(cell: str, token: str, facts: Column) -> str | None:
    """Give the token where its column is ticked, blank where not; a cell may hold the label itself."""
    if not _marked(cell):
        return ""
    return token if cell.casefold() in TICKED else answers.word(cell, facts)


# Who a row of an export is of: told apart by the form's own keys, and called by random tokens.


TOKEN = re.compile(r"p_[a-z2-7]{16}")


class Tokens:
    """Random tokens for respondents: the same key has the same token, and nothing of the key is in it.

    `seed` is for tests; without it the system's randomness is used. The keys are forgotten with the object. `people`
    are the participants converted with it so far: what nights were not asked hangs on their answers.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._draw = SYSTEM if seed is None else random.Random(seed)  # noqa: S311 -- for tests
        self._given: dict[str, str] = {}
        self.people = pl.DataFrame(schema={"participant_id": pl.String})
        self._linked: dict[tuple[str, str], str] = {}

    def __call__(self, key: str) -> str:
        """Give the token of `key`: itself where it is one already, else a new one, drawn when first asked."""
        if TOKEN.fullmatch(key):
            return key
        return self._given.setdefault(key, token(self._draw))

    def new(self) -> str:
        """Give a token for somebody without a key."""
        return token(self._draw)

    def link(self, reader: Transcriber, number: int, token: str) -> None:
        """Remember by which keys another export's rows may belong to this row."""
        for name, place in _called(reader, reader.profile.links.values()):
            self._linked[name, _root(reader.export.rows[number][place])] = token

    def linked(self, reader: Transcriber, number: int) -> str:
        """Say to whom a repeat's row belongs: a participant's token where their export was read, else the key itself.

        Blank where the participants were read and the row belongs to none of them, or its keys to several.
        """
        links = reader.profile.links
        row = reader.export.rows[number]
        keys = [(links[name], _root(row[place])) for name, place in _called(reader, links) if row[place]]
        if not self._linked:
            return "=".join(keys[0]) if keys else ""
        known = {self._linked[key] for key in keys if key in self._linked}
        return known.pop() if len(known) == 1 else ""


def _called(reader: Transcriber, names: Iterable[str]) -> list[tuple[str, int]]:
    """Give the columns that go by one of `names`, in their order."""
    known = [folds(heads, reader.profile) for heads in reader.export.headers]
    return [(name, place) for name in names for place, found in enumerate(known) if name in found]


def _root(key: str) -> str:
    """Give the key of the whole submission: of `uuid:1/week[2]` the first part."""
    return key.partition("/")[0].removesuffix(".0")


def keys_of(reader: Transcriber, tokens: Tokens) -> tuple[list[str], str]:
    """Give each row what tells its respondent apart, blank where nothing does; and say where it comes from.

    Where a tool's own key stands next to participant_id on some row, it stands for that participant everywhere.
    """
    found, rows = reader.found, reader.export.rows
    places = [place for place in (*found.answers.get("participant_id", ()), *found.keys) if any(r[place] for r in rows)]
    if not places and found.table == "nights" and (links := _called(reader, reader.profile.links)):
        named = ", ".join(letters(place) for _, place in links)
        return [tokens.linked(reader, number) for number in range(len(rows))], f"linked by {named}"
    if not places:
        return [""] * len(rows), "new random tokens"
    first, last = places[0], next((place for place in found.keys if place in places), places[0])
    linked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row[first]:
            linked[row[last].casefold()].add(row[first].casefold())
    keys = []
    for row in rows:
        known = linked[row[last].casefold()]
        key = row[first].casefold() or (next(iter(known)) if len(known) == 1 and row[last] else row[last].casefold())
        keys.append(key)
    own = sum(bool(TOKEN.fullmatch(key)) for key in {*keys} - {""})
    new = len({*keys} - {""}) - own
    parts = [f"{own} of the form's own tokens" if own else "", f"{new} new random tokens" if new else ""]
    named = " and ".join(letters(place) for place in dict.fromkeys((first, last)))
    return keys, f"{', '.join(filter(None, parts))}, one for each different cell of {named}"
