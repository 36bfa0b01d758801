"""From an export's cells to the instrument's: row by row, with what could not be read kept by its place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hypnic.datasets.forms import answers
from hypnic.datasets.forms.choices import Choices, apart, sexes
from hypnic.datasets.forms.drinks import total, vessels
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.quantities import DASHES, Quantities
from hypnic.datasets.forms.spoken import spoken_count
from hypnic.datasets.forms.ticks import TICKED, UNTICKED
from hypnic.datasets.forms.titles import folds, parts
from hypnic.datasets.forms.unasked import FOLLOWS, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from hypnic.datasets.forms.drinks import Counted
    from hypnic.schemas import Column

BED = "bed_clock_h"  # read first: the other clocks depend on it


@dataclass
class Transcriber(Quantities):
    """Reads the rows of one export.

    `unread` keeps, by column, the rows (from 0) with a cell that it could not read, `foreign` those in which a choice
    is ticked that the instrument does not have, `gaps` how many sums are blank as some drinks are counted and others
    are not, `crowded` the rows with more drinks than anybody has in a day, `followed` how many blank answers follow
    from another one, and `differ` the rows in which two columns of one name do not agree.
    """

    unread: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    foreign: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    gaps: Counter[str] = field(default_factory=Counter)
    followed: Counter[str] = field(default_factory=Counter)
    differ: dict[str, list[tuple[int, dict[int, str]]]] = field(default_factory=lambda: defaultdict(list))
    crowded: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[str, Choices] = field(default_factory=dict)

    @cached_property
    def codes(self) -> dict[str, dict[int, str]]:
        """What the number codes of each column with choices stand for; empty where they could mean two things."""
        return {name: self._codes(name) for name in self.found.answers if self.profile.code and self._words(name)}

    @cached_property
    def sexes(self) -> dict[str, str]:
        """What single letters for sex stand for, as the letters of the whole column tell."""
        places = self.found.answers.get("sex_at_birth", ())
        return sexes(row[place] for row in self.export.rows for place in places)

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
            record[name] = self.kept(name, number, self._sum(name, number, list(drinks.values()), counts))
            self.gaps[name] += "" in counts and any(counts)
        for name, (other, said) in FOLLOWS.items():
            if record.get(name) == "" and record.get(other) in NONE and not self._unread(name, number) and said != "-7":
                record[name] = said
                self.followed[name] += 1
        return record

    def forget(self, rows: AbstractSet[int]) -> None:
        """Leave out of what could not be read the rows that nobody may keep."""
        for name, numbers in [*self.unread.items()]:
            self.unread[name] = [number for number in numbers if number not in rows]
            if not self.unread[name]:
                del self.unread[name]

    def _sum(self, name: str, number: int, drinks: Sequence[Counted], counts: Sequence[str]) -> str | None:
        """Add up one row's drinks; not more than somebody has in a day: what is counted so may be ml."""
        read, most = total(drinks, counts), self.found.facts[name].high
        if read is None or not self.profile.own_names or read[:1] == "-" or not read:
            return read
        each = zip(drinks, counts, strict=True)
        if (most and float(read) > most) or any(float(n.replace(",", ".")) > one.too_many for one, n in each):
            self.crowded[name].append(number)
            return None
        return read

    def _unread(self, name: str, number: int) -> bool:
        return self.unread.get(name, [])[-1:] == [number]

    def _count(self, cell: str, name: str, number: int) -> str:
        """Read how many of a drink somebody had: `none`, or the number of `2 cups`."""
        if normalised(cell) in answers.NOTHING and cell not in DASHES:
            return "0"
        if cell in DASHES and self.profile.own_names:
            return self.dash(name, number) or cell
        return vessels(spoken_count(cell)) if self.profile.own_names else cell

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
        head = self.export.headers[place][0]
        mapped = self.profile.own_names or self.codebook.question(head) == name
        if mapped and (meant := self.codebook.said([head], cell)):
            cell = meant[0]  # as the person's map says
        if not cell:
            return ""
        if facts.kind in {"integer", "number"}:
            return self.quantity(cell, place, bed, number, facts)
        choices = self._asked(name)
        whole = choices.read(cell)
        if whole is None and (code := re.fullmatch(self.profile.code or "(?!)", cell)):
            whole = self.codes.get(name, {}).get(int(code[1]))
        if whole is None and name == "sex_at_birth":
            whole = self.sexes.get(cell.casefold().strip("."))
        if facts.kind != "tokens" or whole:
            return whole
        words = apart(cell, self.profile.joined, choices.read)
        return None if words is None else answers.tokens(words)

    def _asked(self, name: str) -> Choices:
        """Give the choices of a column, as the codebook has them by any of its headers."""
        if name not in self._known:
            heads = [head for place in self.found.answers[name] for head in self.export.headers[place]]
            called = tuple(dict.fromkeys(parts(heads, self.profile)))
            self._known[name] = Choices(self.found.facts[name], (*called, name), self.profile.code, self.codebook)
        return self._known[name]

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
