"""What people say and what the data say of it, in words ready to be set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from hypnic.analysis.claims.certainty import GRADES, STARTS, STEPS
from hypnic.analysis.claims.verdict import CHANGES, DECIDED, MOST_P, RATIO, VERDICTS
from hypnic.reports.saying import KEY, Judged, judged
from hypnic.reports.tables import Table

FEW = 3  # sayings of a verdict that a study's first page names
# From where on a ratio matters, said of what it is a ratio of.
MATTERS = {
    "IRR": "one jerk more, or fewer, in ten",
    "OR": "odds that are a tenth higher, or lower",
}


class Entry(Protocol):
    """A saying in a list that can be filtered."""

    @property
    def kind(self) -> str:
        """Give the kind of saying it is."""

    @property
    def source(self) -> str:
        """Give the title of its source."""


class Catalogue:
    """What any list of sayings offers: by what it can be filtered, and what the words of its verdicts mean."""

    entries: tuple[Entry, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Give the kinds of sayings there are."""
        return tuple(sorted({one.kind for one in self.entries}))

    @property
    def sources(self) -> tuple[str, ...]:
        """Give the titles of the sources."""
        return tuple(sorted({one.source for one in self.entries}))

    @property
    def verdicts(self) -> Mapping[str, str]:
        """Give what each verdict means."""
        return VERDICTS  # type: ignore[return-value]

    @property
    def changes(self) -> Mapping[str, str]:
        """Give what would turn each verdict into another."""
        return CHANGES  # type: ignore[return-value]

    @property
    def steps(self) -> Mapping[str, str]:
        """Give what takes certainty down."""
        return STEPS


@dataclass(frozen=True)
class Sayings(Catalogue):
    """All sayings of a study, those with a verdict first, and the rule in words."""

    entries: tuple[Judged, ...]
    counts: Mapping[str, int]
    rule: str
    multiplicity: str

    @property
    def table(self) -> Table:
        """Give the verdicts with how many sayings have each, when, and what would change it."""
        rows = tuple((word, str(self.counts[word]), VERDICTS[word], CHANGES[word]) for word in VERDICTS)
        return Table("The verdicts", ("Verdict", "Sayings", "When", "What would change it"), rows)

    @property
    def firmest(self) -> Mapping[str, tuple[Judged, ...]]:
        """Give the few surest sayings of each verdict that decides, those first to which the least is to be added."""
        decided = {word: [one for one in self.entries if one.verdict == word] for word in DECIDED}
        grades = ("", *GRADES)  # answers that nobody gave have none
        return {
            word: tuple(sorted(own, key=lambda one: (-grades.index(one.certainty), one.reserve))[:FEW])
            for word, own in decided.items()
            if own
        }

    @property
    def summary(self) -> str:
        """Say in one sentence what became of the sayings."""
        said = {"no sizeable effect": "with no sizeable effect", "needs data": "in need of data"}
        told = ", ".join(f"{count} {said.get(word, word)}" for word, count in self.counts.items() if count)
        return f"Of {len(self.entries)} sayings: {told}."


def sayings(
    claims: pl.DataFrame, estimates: pl.DataFrame, instruments: Mapping[str, str], *, synthetic: bool
) -> Sayings:
    """Set the table of claims in words.

    `estimates` is the table that they were judged by, `instruments` names the instrument of each design. Nothing is
    certain about people where answers are `synthetic`, and so no certainty is told.
    """
    places = {key: number for number, key in enumerate(estimates.select(KEY).iter_rows(), start=1)}
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in claims.iter_rows(named=True):
        rows.setdefault(row["id"], []).append(row)
    entries = [judged(parts, places, instruments) for parts in rows.values()]
    entries = [one.without_certainty if synthetic else one for one in entries]
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    entries.sort(key=lambda one: order[one.verdict])  # type: ignore[index]
    counts = {word: sum(one.verdict == word for one in entries) for word in VERDICTS}
    rule = rule_of(set(claims["scale"].drop_nulls()))
    return Sayings(tuple(entries), counts, rule, _multiplicity(claims))  # type: ignore[arg-type]


def _multiplicity(claims: pl.DataFrame) -> str:
    """Say how many tests have a p value, and how many of them outlast their number."""
    tests = claims.drop_nulls("p_adjusted").unique(KEY, keep="first", maintain_order=True)
    small = tests.filter(pl.col("p_value") < MOST_P).height
    left = tests.filter(pl.col("p_adjusted") < MOST_P).height
    return (
        f"{tests.height} different tests have a p value. By chance alone about {MOST_P * tests.height:.0f} of them"
        f" would lie below {MOST_P:g}; {small} do, and {left} of these still do once their number is allowed for"
        " (Benjamini-Hochberg)."
    )


def rule_of(scales: Collection[str]) -> str:
    """Say by which rule sayings are judged whose tests are on some scales."""
    low, high = GRADES[STARTS["survey"]], GRADES[STARTS["diary"]]
    told = "; ".join(words for scale, words in MATTERS.items() if scale in scales)
    matters = f": {told}" if told else ""
    return (
        f"A ratio matters from {RATIO:g} on, or its inverse{matters}. What a saying expects of a share"
        " was set beforehand, as it stands with each. A saying with several tests is supported, or"
        " contradicted, where all of them that have data say so; where they differ it is unclear. Certainty is"
        f" {', '.join(GRADES[:-1])} or {GRADES[-1]}: nights of one person start at {high}, different people at {low};"
        " each step below takes one off."
    )
