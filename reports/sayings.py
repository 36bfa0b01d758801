"""What people say and what the data say of it, in words ready to be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypnic.analysis.claims.certainty import GRADES, STARTS, STEPS
from hypnic.analysis.claims.verdict import RATIO, VERDICTS
from hypnic.reports import numbers
from hypnic.reports.names import readable

if TYPE_CHECKING:
    import polars as pl

SCALES = {"IRR": "rate ratio", "OR": "odds ratio", "difference": "difference", "share": "share"}
KINDS = {
    "phenomenology": "what it is like", "trigger": "triggers", "classification": "kinds of twitches",
    "condition": "illnesses", "red_flag": "when to see a doctor", "management": "what helps", "diagnostic": "tests",
    "prevalence": "how common",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One test of a saying: what was compared, what was found, and what follows."""

    compared: str
    expected: str
    found: str
    verdict: str
    certainty: str
    lowered: str
    would_change: str


@dataclass(frozen=True)
class Judged:
    """One saying with its verdict; `why` says why it has none."""

    id: str
    claim: str
    kind: str
    source: str
    verdict: str
    certainty: str
    why: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Sayings:
    """All sayings of a study, those with a verdict first, and the rule in words."""

    entries: tuple[Judged, ...]
    counts: Mapping[str, int]
    verdicts: Mapping[str, str]
    rule: str
    steps: Mapping[str, str]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Give the kinds of sayings there are."""
        return tuple(sorted({one.kind for one in self.entries}))

    @property
    def sources(self) -> tuple[str, ...]:
        """Give the titles of the sources."""
        return tuple(sorted({one.source for one in self.entries}))

    @property
    def summary(self) -> str:
        """Say in one sentence what became of the sayings."""
        told = ", ".join(f"{count} {word}" for word, count in self.counts.items() if count)
        return f"Of {len(self.entries)} sayings: {told}."


def sayings(claims: pl.DataFrame) -> Sayings:
    """Set the table of claims in words."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in claims.iter_rows(named=True):
        rows.setdefault(row["id"], []).append(row)
    entries = [_entry(parts) for parts in rows.values()]
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    entries.sort(key=lambda one: order[one.verdict])  # type: ignore[index]
    counts = {word: sum(one.verdict == word for one in entries) for word in VERDICTS}
    return Sayings(tuple(entries), counts, VERDICTS, _rule(), STEPS)  # type: ignore[arg-type]


def _rule() -> str:
    low, high = GRADES[STARTS["survey"]], GRADES[STARTS["diary"]]
    return (
        f"A ratio matters from {RATIO:g} on, or its inverse: one jerk more, or fewer, in ten. What a saying expects of"
        " a share was set beforehand, as it stands with each. A saying with several tests is supported, or"
        " contradicted, where all of them that have data say so; where they differ it is unclear. Certainty is"
        f" {', '.join(GRADES[:-1])} or {GRADES[-1]}: nights of one person start at {high}, different people at {low};"
        " each step below takes one off."
    )


def _entry(rows: list[dict[str, Any]]) -> Judged:
    first = rows[0]
    parts = tuple(_part(row) for row in rows if row["analysis"] is not None)
    spoken = [row["certainty"] for row in rows if row["certainty"]]
    least = min(spoken, key=GRADES.index) if spoken else ""
    why = "" if spoken else str(first["why"])
    kind = KINDS[first["kind"]]
    return Judged(first["id"], first["claim"], kind, first["source_title"], first["verdict"], least, why, parts)


def _part(row: Mapping[str, Any]) -> Part:
    share = row["scale"] == "share"
    compared = readable(row["variant"].replace("-", "_")) if row["exposure"] == "none" else f"{row['unit']}"
    outcome = readable(row["outcome"])
    if row["estimate"] is None:
        found = "–"
    elif share:
        shown = [numbers.percent(row[key]) for key in ("estimate", "conf_low", "conf_high")]
        found = f"{shown[0]} ({shown[1]} to {shown[2]})"
    elif row["scale"] == "difference":
        low, high = (numbers.difference(row[key]) for key in ("conf_low", "conf_high"))
        found = f"{numbers.difference(row['estimate'])} ({low} to {high})"
    else:
        found = f"{numbers.ratio(row['estimate'])} ({numbers.interval(row['conf_low'], row['conf_high'])})"
    about = f"{SCALES.get(row['scale'], row['scale'])} of {outcome}, {compared}"
    words = [row[name] or "" for name in ("part_verdict", "certainty", "why", "would_change")]
    return Part(about, row["expected"] or "", found, *words)
