"""What people say and what the data say of it, in words ready to be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from hypnic.analysis.claims.certainty import GRADES, STARTS, STEPS
from hypnic.analysis.claims.verdict import CHANGES, MOST_P, RATIO, VERDICTS
from hypnic.reports import numbers
from hypnic.reports.names import comparison, readable
from hypnic.reports.shares import named
from hypnic.reports.tables import Table

DECIDED = ("supported", "contradicted", "no sizeable effect")
FEW = 3  # sayings of a verdict that a study's first page names
KEY = ("design", "analysis", "variant", "outcome", "exposure", "unit", "scale")
SCALES = {"IRR": "rate ratio", "OR": "odds ratio", "difference": "difference", "share": "share"}
# What is counted, in fewer words than the table of estimates has for it.
BRIEFLY = {
    "leg_jerks_order": "leg jerks", "jerk_count": "jerks that night", "jerk_nights_30d": "nights with a jerk",
}  # fmt: skip
KINDS = {
    "phenomenology": "what it is like", "trigger": "triggers", "classification": "kinds of twitches",
    "condition": "illnesses", "red_flag": "when to see a doctor", "management": "what helps", "diagnostic": "tests",
    "prevalence": "how common",
}  # fmt: skip


# What a saying expects of a row, said of its number: "less" of what it says less would be a riddle.
SIDES = {
    "ratio": {"more": "a ratio above 1", "less": "a ratio below 1"},
    "difference": {"more": "a difference above 0", "less": "a difference below 0"},
}


@dataclass(frozen=True)
class Part:
    """One test of a saying: what was compared, what was found, and what follows."""

    compared: str
    measure: str  # in which number, of what; blank for a share
    expected: str
    found: str
    verdict: str
    certainty: str
    lowered: str
    would_change: str
    looks: str  # its p, alone and among all tests of sayings
    row: str  # its place in the table of estimates, as an id
    method: str  # the instrument

    @property
    def said(self) -> str:
        """Say what was compared, what was found and what the saying expects, without a full stop."""
        found = f"{self.measure} {self.found}".strip()
        expects = f"; the saying expects {self.expected}" if self.expected else ""
        return f"{self.compared[:1].upper()}{self.compared[1:]}: {found}{expects}"


@dataclass(frozen=True)
class Judged:
    """One saying with its verdict; `why` says why it has none, `asked_of` which part of it alone was asked about."""

    id: str
    claim: str
    kind: str
    source: str
    verdict: str
    certainty: str
    why: str
    parts: tuple[Part, ...]
    asked_of: str = ""

    @property
    def told(self) -> str:
        """Say the verdict, and what it is of where that is not the whole saying.

        >>> Judged("C010", "", "", "", "supported", "", "", (), "how often").told
        'supported for one part (how often)'
        """
        return f"{self.verdict} for one part ({self.asked_of})" if self.asked_of else self.verdict


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
        """Give the few surest sayings of each verdict that decides, in the order of the verdicts."""
        decided = {word: [one for one in self.entries if one.verdict == word] for word in DECIDED}
        return {
            word: tuple(sorted(own, key=lambda one: -GRADES.index(one.certainty))[:FEW])
            for word, own in decided.items()
            if own
        }

    @property
    def summary(self) -> str:
        """Say in one sentence what became of the sayings."""
        said = {"no sizeable effect": "with no sizeable effect", "needs data": "in need of data"}
        told = ", ".join(f"{count} {said.get(word, word)}" for word, count in self.counts.items() if count)
        return f"Of {len(self.entries)} sayings: {told}."


def sayings(claims: pl.DataFrame, estimates: pl.DataFrame, instruments: Mapping[str, str]) -> Sayings:
    """Set the table of claims in words.

    `estimates` is the table that they were judged by, `instruments` names the instrument of each design.
    """
    places = {key: number for number, key in enumerate(estimates.select(KEY).iter_rows(), start=1)}
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in claims.iter_rows(named=True):
        rows.setdefault(row["id"], []).append(row)
    entries = [_entry(parts, places, instruments) for parts in rows.values()]
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    entries.sort(key=lambda one: order[one.verdict])  # type: ignore[index]
    counts = {word: sum(one.verdict == word for one in entries) for word in VERDICTS}
    return Sayings(tuple(entries), counts, _rule(), _multiplicity(claims))  # type: ignore[arg-type]


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


def _rule() -> str:
    low, high = GRADES[STARTS["survey"]], GRADES[STARTS["diary"]]
    return (
        f"A ratio matters from {RATIO:g} on, or its inverse: one jerk more, or fewer, in ten. What a saying expects of"
        " a share was set beforehand, as it stands with each. A saying with several tests is supported, or"
        " contradicted, where all of them that have data say so; where they differ it is unclear. Certainty is"
        f" {', '.join(GRADES[:-1])} or {GRADES[-1]}: nights of one person start at {high}, different people at {low};"
        " each step below takes one off."
    )


def _entry(rows: list[dict[str, Any]], places: Mapping[tuple[Any, ...], int], instruments: Mapping[str, str]) -> Judged:
    first = rows[0]
    parts = tuple(_part(row, places, instruments) for row in rows if row["analysis"] is not None)
    spoken = [row["certainty"] for row in rows if row["certainty"]]
    least = min(spoken, key=GRADES.index) if spoken else ""
    why = "" if spoken else str(first["why"])
    part = first.get("asked_of") or ""  # a published report of an earlier version has no such column
    about = (first["id"], first["claim"], KINDS[first["kind"]], first["source_title"])
    return Judged(*about, first["verdict"], least, why, parts, part)


def _about(row: Mapping[str, Any], instrument: str) -> tuple[str, str]:
    """Name what is compared and the measure; or a share, and of whom it is one."""
    if row["scale"] == "share" and row["exposure"] == "none":
        return str(named(row["design"], row["variant"])), ""
    compared = comparison(row["exposure"], str(row["unit"]), instrument)
    if row["scale"] == "share":
        return f"people in whom the ratio lies below 1 ({compared})", ""
    outcome = BRIEFLY.get(row["outcome"]) or readable(row["outcome"])
    return compared, f"{SCALES.get(row['scale'], row['scale'])} of {outcome}"


def _part(row: Mapping[str, Any], places: Mapping[tuple[Any, ...], int], instruments: Mapping[str, str]) -> Part:
    method = instruments[row["design"]]
    if row["estimate"] is None:
        found = "–"
    elif row["scale"] == "share":
        shown = [numbers.percent(row[key]) for key in ("estimate", "conf_low", "conf_high")]
        found = f"{shown[0]} ({shown[1]} to {shown[2]})"
    elif row["scale"] == "difference":
        low, high = (numbers.difference(row[key]) for key in ("conf_low", "conf_high"))
        found = f"{numbers.difference(row['estimate'])} ({low} to {high})"
    else:
        found = f"{numbers.ratio(row['estimate'])} ({numbers.interval(row['conf_low'], row['conf_high'])})"
    looks = ""
    if row["p_adjusted"] is not None:
        looks = f"p {numbers.p_value(row['p_value'])}, among all tests {numbers.p_value(row['p_adjusted'])}"
    place = f"row-{places[tuple(row[name] for name in KEY)]}"
    verdict, certainty, why, change = (row[name] or "" for name in ("part_verdict", "certainty", "why", "would_change"))
    sides = {} if row["scale"] == "share" else SIDES["difference" if row["scale"] == "difference" else "ratio"]
    expected = sides.get(row["expected"], row["expected"] or "")
    return Part(*_about(row, method), expected, found, verdict, certainty, why, change, looks, place, method)
