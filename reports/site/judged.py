"""The sayings across studies: each once, with the verdict of every study that has a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.analysis.claims import sayings as all_sayings
from hypnic.analysis.claims.certainty import GRADES
from hypnic.analysis.claims.verdict import DECIDED, VERDICTS
from hypnic.reports.saying import KINDS, Judged
from hypnic.reports.sayings import Catalogue, Sayings, rule_of, sayings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.reports.site.studies import Shown

# What readers type, by what a saying says: words that mean the same as far as a search goes.
ALIKE = {
    "caffeine": "coffee tea cola energy drink stimulant",
    "stimulant": "coffee caffeine nicotine",
    "alcohol": "wine beer drinking",
    "exercise": "sport workout training gym",
    "sleep": "tired",
    "stress": "worry anxiety",
    "relax": "meditation yoga breathing",
    "hydration": "water drinking",
    "medicine": "drug pill medication antidepressant ssri",
    "jerk": "twitch jolt sleep start myoclonus",
    "twitch": "jerk jolt",
}
# Verdicts that say something of a saying, the firmest first; the rest say that nothing can be said.
SPOKEN = ("supported", "contradicted", "no sizeable effect", "unclear")

ASKED = (KINDS["management"], KINDS["trigger"])  # kinds of sayings that readers ask for


class Answer(NamedTuple):
    """What one study says of a saying, and where its report says it."""

    shown: Shown
    judged: Judged

    @property
    def href(self) -> str:
        """Give the address of the saying in the study's own page."""
        return f"{self.shown.folder}/claims.html#{self.judged.id}"


@dataclass(frozen=True)
class Said:
    """One saying with the answer of each study."""

    id: str
    claim: str
    kind: str
    source: str
    answers: tuple[Answer, ...]

    @property
    def alike(self) -> str:
        """Give further words by which it may be found.

        >>> Said("C101", "Caffeine brings jerks", "", "", ()).alike
        'coffee tea cola energy drink stimulant twitch jolt sleep start myoclonus'
        """
        return " ".join(words for word, words in ALIKE.items() if word in self.claim.lower())

    @property
    def briefly(self) -> str:
        """Say each study's verdict in one line."""
        return "; ".join(f"{answer.shown.short}: {answer.judged.qualified}" for answer in self.answers)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Give the verdicts, each once."""
        return tuple(dict.fromkeys(answer.judged.verdict for answer in self.answers))

    @property
    def place(self) -> tuple[bool, bool, bool, int, int, str]:
        """Tell where it stands: first what real people's answers can say something of, last what nobody's can.

        Of these, those come first that have a firm verdict, then those that are about one thing alone: who looks for
        coffee wants to read of coffee, and not of coffee and alcohol. Then what helps, and what brings jerks on.
        """
        speaking = [answer for answer in self.answers if answer.judged.verdict in SPOKEN]
        real = [answer.judged for answer in speaking if not answer.shown.study.synthetic]
        firm = any(one.verdict in DECIDED for one in real)
        tests = min((len(one.parts) + bool(one.asked_of) for one in real), default=0)
        asked = ASKED.index(self.kind) if self.kind in ASKED else len(ASKED)
        return not real, not speaking, not firm, tests, asked, self.id


@dataclass(frozen=True)
class Across(Catalogue):
    """All sayings, those first of which real people's answers say something; and each study's number of verdicts."""

    entries: tuple[Said, ...]
    counts: Mapping[str, Mapping[str, int]]  # by study, in few words; by verdict
    rule: str

    @property
    def short(self) -> str:
        """Say what real people's answers make of the sayings, study by study; nothing where there are none."""
        real: dict[str, list[Judged]] = {}
        for one in self.entries:
            for answer in one.answers:
                if not answer.shown.study.synthetic:
                    real.setdefault(answer.shown.short, []).append(answer.judged)
        return " ".join(_in_short(whose, own) for whose, own in real.items())


def _in_short(whose: str, own: Sequence[Judged]) -> str:
    number = {word: sum(one.verdict == word for one in own) for word in VERDICTS}
    grades = [word for word in GRADES if any(one.certainty == word for one in own)]
    by = len({part.row for one in own for part in one.parts if part.verdict == one.verdict == "supported"})
    sure = f" The certainty is {grades[0]}{'' if len(grades) == 1 else f' to {grades[-1]}'}." if grades else ""
    return (
        f"Answers of real people ({whose}) support {number['supported'] or 'none'} of {len(own)} sayings"
        f"{f' (by {by} comparisons)' if by else ''}, contradict"
        f" {number['contradicted'] or 'none'}, show no sizeable effect for {number['no sizeable effect'] or 'none'} and"
        f" leave {number['unclear'] or 'none'} unclear; they cannot judge the rest.{sure}"
    )


def claims_table(said: Across) -> pl.DataFrame:
    """Give a row for each saying and study, with its verdict; rows of synthetic answers say so."""
    return pl.DataFrame(
        {
            "id": one.id, "claim": one.claim, "kind": one.kind, "source": one.source,
            "study": answer.shown.study.name, "synthetic": answer.shown.study.synthetic,
            "verdict": answer.judged.verdict, "asked_of": answer.judged.asked_of,
            "stands_in": answer.judged.stands_in, "but": answer.judged.but, "certainty": answer.judged.certainty,
            "why": answer.judged.why or "; ".join(part.said for part in answer.judged.parts),
        }
        for one in said.entries for answer in one.answers
    )  # fmt: skip


def _said(shown: Shown) -> Sayings:
    named: dict[str, str] = {one.design: one.name for one in shown.study.instruments}
    return sayings(shown.claims, shown.estimates, named, synthetic=shown.study.synthetic)


def judged_across(shown: Sequence[Shown]) -> Across:
    """Put the verdicts of every study with a report next to each other, saying by saying."""
    found: list[tuple[Shown, Sayings]] = [(one, _said(one)) for one in shown if not one.claims.is_empty()]
    by_study = [(one, {entry.id: entry for entry in said.entries}) for one, said in found]
    entries = [
        Said(
            saying.id, saying.claim, KINDS[saying.kind], saying.source_title,
            tuple(Answer(one, known[saying.id]) for one, known in by_study if saying.id in known),
        )
        for saying in all_sayings()
    ]  # fmt: skip
    counts = {one.short: said.counts for one, said in found}
    rule = rule_of({scale for one, _ in found for scale in one.claims["scale"].drop_nulls()}) if found else ""
    return Across(tuple(sorted(entries, key=lambda one: one.place)), counts, rule)
