"""One saying as a study judges it, in words ready to be set: each test with its number, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypnic.analysis.claims.certainty import GRADES
from hypnic.analysis.claims.verdict import DECIDED
from hypnic.analysis.studies import EXPOSURES
from hypnic.reports import numbers
from hypnic.reports.names import comparison, exposure_title, readable
from hypnic.reports.shares import named

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
# What was done otherwise than the comparison says: by analysis and variant.
OTHERWISE = {
    ("hybrid", "between"): "people compared by their averages", ("asked", "stress-held"): "with stress held the same",
}  # fmt: skip
MANY = 2  # stand-ins that are named; more are counted
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
    but: str  # what the study itself has against it
    stands_in: str | None  # what was asked, where that only stands in for what is claimed; blank where it has no name
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
        """Say the verdict, what it is of where that is not the whole saying, and what it rests on.

        >>> Judged("C010", "", "", "", "supported", "", "", (), "how often").told
        'supported for one part (how often)'
        """
        part = f" for one part ({self.asked_of})" if self.asked_of else ""
        return f"{self.verdict}{part}{self._stand_in}"

    @property
    def but(self) -> str:
        """Say what the study itself has against the verdict; nothing where it is undecided anyway."""
        if self.verdict not in DECIDED:
            return ""
        return "; ".join(dict.fromkeys(part.but for part in self.parts if part.but and part.verdict == self.verdict))

    @property
    def qualified(self) -> str:
        """Say the verdict with what speaks against it."""
        return f"{self.told}, but {self.but}" if self.but else self.told

    @property
    def stands_in(self) -> bool:
        """Tell whether something of what was asked only stands in for what is claimed."""
        return any(part.stands_in is not None for part in self.parts)

    @property
    def reserve(self) -> int:
        """Count what keeps the verdict from being of the whole saying: a part alone, a stand-in, a but."""
        return bool(self.asked_of) + self.stands_in + bool(self.but)

    @property
    def in_brackets(self) -> str:
        """Say what stands next to a saying in a list of one verdict.

        >>> Judged("C010", "", "", "", "supported", "very low", "", (), "how often").in_brackets
        'very low; only how often'
        """
        only, but = (f"only {self.asked_of}" if self.asked_of else ""), (f"but {self.but}" if self.but else "")
        return "; ".join(filter(None, (self.certainty, only, self._stand_in.strip(" ,"), but)))

    @property
    def without_certainty(self) -> Judged:
        """Leave out how certain it is, as of answers that nobody gave."""
        parts = tuple(replace(part, certainty="", lowered="") for part in self.parts)
        return replace(self, certainty="", parts=parts)

    @property
    def _stand_in(self) -> str:
        """Name what only stands in for what is claimed, where not all of it was asked about itself."""
        if self.verdict == "needs data" or not self.stands_in:
            return ""
        asked = [part.stands_in for part in self.parts]
        names = [name for name in dict.fromkeys(asked) if name and name.lower() not in self.asked_of]
        named = " and ".join(names) if len(names) <= MANY else f"{len(names)} of them"
        return f"{', partly' if None in asked else ''} by a stand-in{f' ({named})' if named else ''}"


def judged(rows: list[dict[str, Any]], places: Mapping[tuple[Any, ...], int], instruments: Mapping[str, str]) -> Judged:
    """Set the rows that a table of claims has of one saying in words; `places` numbers the rows of estimates by key."""
    first = rows[0]
    parts = tuple(_part(row, places, instruments) for row in rows if row["analysis"] is not None)
    spoken = [row["certainty"] for row in rows if row["certainty"]]
    least = min(spoken, key=GRADES.index) if spoken else ""
    why = "" if spoken else str(first["why"])
    part = first.get("asked_of") or ""  # a published report of an earlier version has no such column
    about = (first["id"], first["claim"], KINDS[first["kind"]], first["source_title"])
    return Judged(*about, first["verdict"], least, why, parts, part)


def _stand_in(row: Mapping[str, Any], instrument: str) -> str | None:
    """Name what was asked, where it only stands in; one of the five exposures has a name only where it is another.

    A published report of an earlier version does not say.
    """
    if not row.get("stands_in"):
        return None
    if row["exposure"] == "none":
        return str(named(row["design"], row["variant"]).words)
    title = exposure_title(row["exposure"], instrument)
    return "" if title == EXPOSURES.get(row["exposure"]) else f"{title[:1].lower()}{title[1:]}"


def _about(row: Mapping[str, Any], instrument: str) -> tuple[str, str]:
    """Name what is compared and the measure; or a share, and of whom it is one."""
    if row["scale"] == "share" and row["exposure"] == "none":
        return str(named(row["design"], row["variant"])), ""
    otherwise = OTHERWISE.get((row["analysis"], row["variant"]))
    compared = comparison(row["exposure"], str(row["unit"]), instrument) + (f", {otherwise}" if otherwise else "")
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
    return Part(
        *_about(row, method), expected, found, verdict, row.get("but") or "", _stand_in(row, method), certainty, why,
        change, looks, place, method,
    )  # fmt: skip
