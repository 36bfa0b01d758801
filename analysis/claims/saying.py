"""The sayings: what popular sources claim, and which rows of results would bear each out."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Table(NamedTuple):
    """Who is asked: the instrument, the design of its rows, and whether it asks about sleep starts themselves.

    `parts` are what its answers came in.
    """

    name: str
    design: Literal["diary", "survey"]
    direct: bool = True
    parts: str = "submissions"


TABLES: Final[Mapping[str, Table]] = {
    "D": Table("diary", "diary"),
    "S": Table("survey", "survey"),
    "N": Table("nhanes", "survey", direct=False, parts="survey cycles"),  # leg jerks while trying to sleep
}
# Why a saying has no test, in words.
WHY_NONE: Final = {
    "mechanism": "it is about what happens in nerves and muscles, which no answer of a form can show",
    "advice": "it is advice on when to see a doctor, and no statement that answers could bear out",
    "method": "it says what a medical test measures, and the results of such tests are not collected",
    "follow-up": "it would take years of follow-up",
    "no question": "no question of the forms is about it",
    "too rare": "what it speaks of is too rare for a sample of volunteers",
    "definition": "it defines a word",
    "not a statement of fact": "it says that something is not known",
}
EXPECTATION = re.compile(r"(?P<proxy>~?)(?P<word>[+-]|p|[<>]\d+|\d+-\d+)")


@dataclass(frozen=True)
class Expectation:
    """What a saying expects of a row: a `sign` of a ratio or difference, a range of a share in per cent, or `any`.

    `any` is that there is a difference at all, in whichever direction.
    """

    kind: Literal["sign", "share", "any"]
    sign: int = 0
    low: float = 0
    high: float = 1

    @property
    def words(self) -> str:
        """Say what is expected, as a reader of the page would.

        >>> Expectation.read("+").words, Expectation.read(">50").words, Expectation.read("60-80").words
        ('more', 'over 50 %', '60 to 80 %')
        """
        if self.kind == "sign":
            return "more" if self.sign > 0 else "less"
        if self.kind == "any":
            return "a difference"
        low, high = round(100 * self.low), round(100 * self.high)
        if high == 100:
            return f"over {low} %"
        return f"{low} to {high} %" if low else f"under {high} %"

    @classmethod
    def read(cls, word: str) -> Expectation:
        """Read an expectation.

        >>> Expectation.read("-"), Expectation.read(">50").low, Expectation.read("60-80").high
        (Expectation(kind='sign', sign=-1, low=0, high=1), 0.5, 0.8)
        """
        if word in {"+", "-"}:
            return cls("sign", sign=1 if word == "+" else -1)
        if word == "p":
            return cls("any")
        if word[0] in "<>":
            bound = float(word[1:]) / 100
            return cls("share", low=bound) if word[0] == ">" else cls("share", high=bound)
        low, _, high = word.partition("-")
        return cls("share", low=float(low) / 100, high=float(high) / 100)


@dataclass(frozen=True)
class Evidence:
    """One row of results that a saying is held against; `proxy` says that it only stands in for what is claimed."""

    expects: Expectation
    table: Table
    key: Mapping[str, str]
    proxy: bool

    @classmethod
    def read(cls, text: str) -> Evidence:
        """Read a test: what is expected, the table (D, S or N), the analysis, the exposure (of a share, its name).

        Further facts of the row's key follow as `name=value`; a variant that is not named is `main`.

        >>> Evidence.read("+ D asked anxiety variant=stress-held").key["variant"]
        'stress-held'
        """
        expected, table, analysis, name, *further = text.split()
        found = EXPECTATION.fullmatch(expected)
        if not found:
            message = f"a saying expects something unknown: {text}"
            raise ValueError(message)
        analysis = analysis.replace("_", " ")
        key = {"variant": name} if analysis == "shares" else {"exposure": name, "variant": "main"}
        facts = dict(fact.split("=", 1) for fact in further)
        return cls(
            Expectation.read(found["word"]), TABLES[table], {"analysis": analysis} | key | facts, bool(found["proxy"])
        )


@dataclass(frozen=True)
class Saying:
    """One sentence of popular knowledge in our words, with its source, and the tests of it in their order.

    `part` says, by the name of a table, which part of it alone that table asks about; `instead` what a table without
    a test of it asks about in its place.
    """

    id: str
    claim: str
    kind: str
    source: str
    source_title: str
    tests: tuple[Evidence, ...]
    why_none: str
    part: Mapping[str, str]
    instead: Mapping[str, str]

    def of(self, tables: frozenset[str]) -> tuple[Evidence, ...]:
        """Give the tests that some tables can carry out."""
        return tuple(test for test in self.tests if test.table.name in tables)


@cache
def sayings() -> tuple[Saying, ...]:
    """Give all sayings, in their order.

    >>> len(sayings()), sayings()[72].claim
    (154, 'About 70% of people have had twitching when falling asleep')
    """
    told = {row["id"]: row for row in _rows("tests.csv")}
    return tuple(
        Saying(
            row["id"], row["claim"], row["kind"], row["source"], row["source_title"],
            tuple(Evidence.read(text.strip()) for text in told[row["id"]]["tests"].split(";") if text.strip()),
            WHY_NONE[told[row["id"]]["why_none"]] if told[row["id"]]["why_none"] else "",
            _by_table(told[row["id"]]["part"]),
            _by_table(told[row["id"]]["instead"]),
        )
        for row in _rows("sayings.csv")
    )  # fmt: skip


def _by_table(text: str) -> dict[str, str]:
    """Read what is said of tables, as in `D hours and regular times; N hours of sleep`."""
    told = (one.strip().split(" ", 1) for one in text.split(";") if one.strip())
    return {TABLES[table].name: words for table, words in told}


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files(__package__) / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
