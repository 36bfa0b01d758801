"""What is told of each exposure: its ratios in words, where doses leave the straight line, and other looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.reports import earlylate, numbers
from hypnic.reports.names import comparison, readable
from hypnic.reports.sentences import apart, between_people, departures, finding, non_linearity
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument
    from hypnic.reports.ratios import Ratio

# Other looks at a diary's comparisons, by the head of their column: the analysis and the variant of the row.
LOOKS = {
    "Between people": ("hybrid", "between"),
    "The night before": ("carryover", "lag-1"),
    "The night after": ("carryover", "lead-1"),
    "E-value": ("E-values", "e-value"),
}
LOOKS_NOTE = (
    "Between people: those who have more on average, against those who have less. The night after is a negative"
    " control: what comes later cannot lead to a jerk, so a ratio off 1 there points to something else."
)
MINE = "That night"
FURTHER_NOTE = "None is one of the five main comparisons; their p values are in the table of estimates."


class ExposureText(NamedTuple):
    """One exposure of a study: `panels` are the names of its dose figures."""

    id: str
    title: str
    sentences: tuple[str, ...]
    panels: tuple[str, ...]


def exposure_texts(results: Results, ratios: Sequence[Ratio]) -> tuple[ExposureText, ...]:
    """Put each exposure in sentences, those of a diary before those of a survey."""
    by_exposure: dict[str, list[Ratio]] = {}
    for r in ratios:
        by_exposure.setdefault(r.estimand.exposure, []).append(r)
    return tuple(_text(name, own, results, ratios) for name, own in by_exposure.items())


def _text(name: str, own: Sequence[Ratio], results: Results, ratios: Sequence[Ratio]) -> ExposureText:
    titles = {r.instrument.title for r in ratios}
    said: list[str] = []
    for r in own:
        whose = f"{r.instrument.title}. " if len(titles) > 1 else ""
        alike = sum(other.table == r.table for other in ratios)
        said.append(whose + finding(r, alike))
        more = (between_people(r, results.estimates), _bent(r, results), apart(r, results.estimates))
        said += [one for one in more if one]
        if found := earlylate.early_and_late(r, results.estimates):
            said.append(earlylate.sentence(found))
    panels = [_panel(r) for r in own if (r.table, r.estimand.exposure) in results.doses]
    panels += [earlylate.name(r) for r in own if earlylate.early_and_late(r, results.estimates)]
    return ExposureText(name, own[0].exposure, tuple(said), tuple(panels))


def _panel(r: Ratio) -> str:
    return f"dose-{r.table}-{r.estimand.exposure.replace('_', '-')}"


def _bent(r: Ratio, results: Results) -> str:
    """Say where the doses leave the straight line; nothing where they do not."""
    found = results.doses.get((r.table, r.estimand.exposure))
    if found is None or not r.dose_unit:
        return ""
    return departures(r, found.bins, non_linearity(r, results.estimates))


def look_tables(results: Results, ratios: Sequence[Ratio]) -> Iterator[Table]:
    """Set other looks at the comparisons of each instrument, and what was compared besides."""
    for data in results.data.sets:
        own = [r for r in ratios if r.table == data.table and r.found]
        if own and (table := _looks(results.estimates, data.instrument, own)):
            yield table
        if table := _further(results.estimates, data.instrument):
            yield table


def _looks(estimates: pl.DataFrame, instrument: Instrument, own: Sequence[Ratio]) -> Table | None:
    found = {
        head: {row["exposure"]: row for row in _rows(estimates, instrument, analysis, variant)}
        for head, (analysis, variant) in LOOKS.items()
    }
    heads = [head for head, rows in found.items() if rows]
    if not heads:
        return None
    main = MINE if instrument.design == "diary" else "Main ratio"
    lines = tuple(
        (r.exposure, _cell({"estimate": r.found.ratio, "conf_low": r.found.low, "conf_high": r.found.high}),
         *(_cell(found[head].get(r.estimand.exposure)) for head in heads))
        for r in own if r.found
    )  # fmt: skip
    note = LOOKS_NOTE if instrument.design == "diary" else ""
    return Table(f"{instrument.title}: other looks at the same exposures", ("Exposure", main, *heads), lines, note)


def _rows(estimates: pl.DataFrame, instrument: Instrument, analysis: str, variant: str) -> list[dict[str, Any]]:
    rows = estimates.filter(
        pl.col("estimate").is_not_null(), analysis=analysis, variant=variant, design=instrument.design
    )
    return list(rows.unique("exposure", keep="first", maintain_order=True).iter_rows(named=True))


def _further(estimates: pl.DataFrame, instrument: Instrument) -> Table | None:
    rows = estimates.filter(
        ~pl.col("exposure").is_in(list(earlylate.LINES.values())),  # they have sentences and a figure of their own
        analysis="further", role="secondary", status="estimated", design=instrument.design,
    )  # fmt: skip
    if rows.is_empty():
        return None
    outcomes = [readable(outcome) for outcome in rows["outcome"].unique(maintain_order=True)]
    several = len(outcomes) > 1
    lines = tuple(
        (_capital(comparison(row["exposure"], row["unit"], instrument.name)),
         *([readable(row["outcome"])] if several else []), _cell(row))
        for row in rows.iter_rows(named=True)
    )  # fmt: skip
    header = ("Comparison", *(["Outcome"] if several else []), "Ratio (95 % interval)")
    of = "" if several else f"Of {outcomes[0]}. "
    return Table(f"{instrument.title}: what else was compared", header, lines, of + FURTHER_NOTE)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    if row["conf_high"] is None:
        limit = f" (limit {numbers.ratio(row['conf_low'])})" if row["conf_low"] is not None else ""
        return numbers.ratio(row["estimate"]) + limit
    return f"{numbers.ratio(row['estimate'])} ({numbers.interval(row['conf_low'], row['conf_high'])})"
