"""Each exposure in every study, side by side: read from the studies' own estimates, and pooled with nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.analysis.claims.certainty import certainty
from hypnic.analysis.claims.saying import TABLES, Evidence, Expectation
from hypnic.analysis.claims.verdict import verdict
from hypnic.analysis.studies import EXPOSURES
from hypnic.reports.answer import cautions, sure
from hypnic.reports.numbers import count, interval, ratio
from hypnic.reports.ratios import Found, Ratio, cuts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis import Estimand
    from hypnic.analysis.studies import Instrument
    from hypnic.reports.site.studies import Shown

# What an interval says of “more of it goes along with more jerks”, in words that stand alone.
READINGS = {
    "supported": "More of it went along with more {}.",
    "contradicted": "More of it went along with fewer {}.",
    "no sizeable effect": "No difference in {} that would matter.",
    "unclear": "Unclear: the answers fit a difference in {} that matters, and also no difference.",
}
SHORT = {
    "supported": "more {}", "contradicted": "fewer {}", "no sizeable effect": "no difference that would matter",
    "unclear": "unclear",
}  # fmt: skip
# What takes certainty down here, in a clause each.
LOWERED = {
    "directness": "leg jerks only stand in for sleep starts",
    "precision": "the interval is wide",
    "multiplicity": "it does not outlast the five comparisons",
}
MORE = Expectation.read("+")


class Judgement(NamedTuple):
    """What a ratio says of “more goes along with more”, how certain that is, and what took the certainty down."""

    word: str
    grade: str
    lowered: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One exposure in one study: the ratio of its primary row."""

    shown: Shown
    ratio: Ratio
    persons: int
    judgement: Judgement | None
    cautions: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """Name what was counted: leg jerks is what a proxy is called everywhere."""
        return "jerks" if _table_of(self.ratio.instrument).direct else "leg jerks"

    @property
    def who(self) -> str:
        """Say whose answers these are, and how they were asked."""
        if not _table_of(self.ratio.instrument).direct:
            return self.shown.short
        return f"{self.shown.short}, {self.ratio.instrument.title.lower()}"

    @property
    def named(self) -> str:
        """Say whose answers these are, and what stands in for the exposure where something does."""
        exposure = self.ratio.exposure
        return self.who if exposure == EXPOSURES[self.ratio.estimand.exposure] else f"{self.who}: {exposure.lower()}"

    @property
    def subject(self) -> str:
        """Say what is compared, to go on with after a colon."""
        words = self.ratio.subject.rstrip(",")
        return words[:1].lower() + words[1:]

    @property
    def step(self) -> str:
        """Say what is compared in few words, with what a step may be pictured as."""
        headline, unit = self.ratio.instrument.headline, self.ratio.estimand.unit
        return headline.steps.get(self.ratio.estimand.exposure, unit) if headline else unit

    @property
    def numbers(self) -> str:
        """Write the ratio with its interval."""
        found = self.ratio.found
        return "–" if found is None else f"{ratio(found.ratio)} ({interval(found.low, found.high)})"

    @property
    def people(self) -> str:
        """Write how many people its model compares."""
        return count(self.persons) if self.persons else "–"

    @property
    def reading(self) -> str:
        """Say in a sentence what that means."""
        if self.judgement is None:
            return f"No estimate: {self.ratio.why_not}."
        return READINGS[self.judgement.word].format(self.outcome)

    @property
    def short(self) -> str:
        """Say the same in few words."""
        return "no estimate" if self.judgement is None else SHORT[self.judgement.word].format(self.outcome)

    @property
    def href(self) -> str:
        """Give the address of what the study's own report says of it."""
        place = f"exposure-{self.ratio.estimand.exposure}"
        page = self.shown.page
        return f"{page}#{place}" if f'id="{place}"'.encode() in self.shown.files["index.html"] else page

    @property
    def sure(self) -> str:
        """Say how sure it is by chance alone and how certain in all, and what took that down.

        Synthetic answers say nothing of people, so there is nothing to be certain of.
        """
        if self.judgement is None:
            return ""
        if self.shown.study.synthetic:
            return f"Looking at chance alone: {sure(self.ratio).lower()}. Certainty about people: none."
        lowered = f" ({', and '.join(LOWERED[step] for step in self.judgement.lowered)})"
        grade = f"{self.judgement.grade}{lowered if self.judgement.lowered else ''}"
        return f"Looking at chance alone: {sure(self.ratio).lower()}. Certainty in all: {grade}."


class Exposure(NamedTuple):
    """An exposure with its line in each study."""

    name: str
    title: str
    lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        """Give the id of its part of a page."""
        return self.name.replace("_", "-")

    @property
    def disagree(self) -> bool:
        """Tell whether studies of people point to different sides; synthetic answers disagree with nothing."""
        sides = {line.judgement.word for line in self.lines if line.judgement and not line.shown.study.synthetic}
        return {"supported", "contradicted"} <= sides


def across(shown: Sequence[Shown]) -> tuple[Exposure, ...]:
    """Give every exposure with its primary ratio in each study that has a report."""
    lines = [line for one in shown for line in _lines(one)]
    return tuple(
        Exposure(name, title, tuple(line for line in lines if line.ratio.estimand.exposure == name))
        for name, title in EXPOSURES.items()
    )


def explained(exposures: Sequence[Exposure], shown: Shown | None) -> str:
    """Say by the first ratio of a study what a ratio and its brackets say; nothing where it has none."""
    first = next(
        (r for one in exposures for line in one.lines if line.shown is shown and (r := line.ratio).found), None
    )
    if first is None or first.found is None:
        return ""
    change = round(100 * (first.found.ratio - 1))
    words = {"OR": ("higher odds of a more frequent answer", "lower odds of a more frequent answer")}
    more, fewer = words.get(first.estimand.scale, ("more jerks", "fewer jerks"))
    return (
        f"A ratio of 1 is no difference, {ratio(first.found.ratio)} is {abs(change)} % {more if change > 0 else fewer};"
        " brackets hold what else fits."
    )


def across_table(exposures: Sequence[Exposure]) -> pl.DataFrame:
    """Give a row for each line, with the numbers of the study's own estimates."""
    rows = [
        {
            "exposure": one.name, "study": line.shown.study.name, "instrument": line.ratio.instrument.name,
            "outcome": line.outcome, "unit": line.ratio.estimand.unit, "scale": line.ratio.estimand.scale,
            "estimate": found and found.ratio, "conf_low": found and found.low, "conf_high": found and found.high,
            "p_adjusted": line.ratio.p_adjusted, "n_persons": line.persons,
            "reading": line.judgement and line.judgement.word,
            "certainty": None if line.shown.study.synthetic else line.judgement and line.judgement.grade,
            "against": "; ".join(line.cautions), "synthetic": line.shown.study.synthetic,
        }
        for one in exposures for line in one.lines for found in (line.ratio.found,)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _lines(shown: Shown) -> Iterator[Line]:
    if shown.estimates.is_empty():
        return
    rows = shown.estimates.filter(analysis="primary", role="primary", variant="main")
    known = {(row["design"], row["exposure"], row["outcome"]): row for row in rows.iter_rows(named=True)}
    asked = [
        (instrument, estimand, row)
        for instrument in shown.study.instruments
        for estimand in instrument.primary
        if (row := known.get((instrument.design, estimand.exposure, estimand.outcome)))
    ]
    ratios = [_ratio(shown, *one) for one in asked]
    for (instrument, _, row), made in zip(asked, ratios, strict=True):
        against = cautions(made, ratios, shown.estimates)
        yield Line(shown, made, row["n_persons"] or 0, _judged(instrument, row), tuple(one.words for one in against))


def _ratio(shown: Shown, instrument: Instrument, estimand: Estimand, row: dict[str, Any]) -> Ratio:
    found = None if row["estimate"] is None else Found(row["estimate"], row["conf_low"], row["conf_high"])
    own = cuts(shown.study, instrument, estimand, shown.estimates)
    return Ratio(instrument, estimand, found, row["p_adjusted"], row["reason"], None, cuts=own)


def _judged(instrument: Instrument, row: dict[str, Any]) -> Judgement | None:
    """Judge a row by the rule of the sayings, as if one said that more goes along with more."""
    word = verdict(MORE, row)
    if word == "needs data":
        return None
    return Judgement(word, *certainty(Evidence(MORE, _table_of(instrument), {}, proxy=False), row, row["p_adjusted"]))


def _table_of(instrument: Instrument) -> Any:
    return next(table for table in TABLES.values() if table.name == instrument.name)
