"""Controls: the same exposures and another outcome of the same people, which tells what is about jerks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypnic.reports import numbers
from hypnic.reports.names import exposure_title, readable
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument
    from hypnic.analysis.studies.study import Controls

CONTRAST_NOTE = (
    "Each is the odds ratio for the outcome over that for the control, from one model of both, whose errors know that"
    " they are the same people's. It is 1 where the exposure goes with both equally."
)


def control_table(results: Results) -> Table | None:
    """Set the ratios of the study's outcome next to those of its negative controls, from the same models."""
    asked, estimates = results.data.study.controls, results.estimates
    if asked is None:
        return None
    rows = [row for row in estimates.iter_rows(named=True) if row["analysis"] == "primary" and row["role"] == "primary"]
    rows += [row for row in estimates.iter_rows(named=True) if row["outcome"] in asked.controls and _restated(row)]
    found = {outcome: {r["exposure"]: r for r in rows if r["outcome"] == outcome} for outcome in _outcomes(asked)}
    lines = tuple(
        (
            f"{exposure_title(exposure, row['study'])}, {row['unit']}",
            *(_ratio_cell(found[name][exposure]) for name in found),
        )
        for exposure, row in found[asked.controls[0]].items()
    )
    told = [_different(name, found[name].values()) for name in asked.controls]
    return Table(asked.title, asked.header, lines, f"{asked.note} {' '.join(told)}") if lines else None


def _outcomes(asked: Controls) -> tuple[str, ...]:
    return (asked.outcome, *asked.controls)


def _restated(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is the primary comparison with nothing but its outcome replaced."""
    return bool(row["analysis"] == "further" and row["role"] == "sensitivity" and row["variant"] == row["family"])


def _different(outcome: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Say which exposures an outcome goes with, as far as 95 % intervals tell."""
    found = (row for row in rows if row["estimate"] is not None)
    names = [
        exposure_title(row["exposure"], row["study"]).lower()
        for row in found
        if not row["conf_low"] <= 1 <= row["conf_high"]
    ]
    said = f"different from 1 for {', '.join(names)}" if names else "none different from 1"
    title = readable(outcome)
    return f"{title[0].upper()}{title[1:]}: {said}."


def contrast_tables(results: Results) -> tuple[Table, ...]:
    """Set each exposure's ratio over that for each control, and what the control can tell of it."""
    made = (_contrasts(results, data.instrument) for data in results.data.sets)
    return tuple(table for tables in made for table in tables)


def _contrasts(results: Results, instrument: Instrument) -> list[Table]:
    if not (rows := _contrast_rows(results, instrument)):
        return []
    found = {(row["exposure"], row["variant"]): row for row in rows}
    variants = [f"over-{control.name}" for control in instrument.controls]
    lines = tuple(
        (exposure_title(row.exposure, instrument.name), *(_ratio_cell(found[row.exposure, v]) for v in variants))
        for row in instrument.primary
        if all((row.exposure, v) in found for v in variants)
    )
    names = (f"{readable(control.outcome)} over {readable(control.control)}" for control in instrument.controls)
    contrasts = Table(
        "Is it about jerks? Ratios of odds ratios (95 % interval)", ("Exposure", *names), lines, CONTRAST_NOTE
    )
    standing = tuple(
        (exposure_title(exposure, instrument.name), readable(control), what.kind, what.reason, what.source)
        for (exposure, control), what in instrument.standings.items()
    )
    header = ("Exposure", "Control", "What it is", "Why", "Source")
    note = (
        "Negative: neither is known to lead to the other. Positive: the exposure is known to lead to the control."
        " Unclear: one may lead to the other, or to what goes with it."
    )
    if not any(what.kind == "negative" for what in instrument.standings.values()):
        note += " No control is a clean negative one here, so that none can clear a ratio, or condemn it, by itself."
    return [contrasts, Table("What each control can tell of each exposure", header, standing, note)]


def specificity(results: Results) -> str | None:
    """Say which exposures go with the outcome more, or less, than with its controls; None where there are none."""
    rows = [row for data in results.data.sets for row in _contrast_rows(results, data.instrument)]
    if not rows:
        return None
    apart = [row for row in rows if not row["conf_low"] <= 1 <= row["conf_high"]]
    if not apart:
        return "Leg cramps show much the same: this may not be about jerks."
    names = ", ".join(dict.fromkeys(exposure_title(row["exposure"], row["study"]).lower() for row in apart))
    return f"Of the exposures, only {names} goes with leg jerks differently than with leg cramps in the same people."


def _contrast_rows(results: Results, instrument: Instrument) -> list[dict[str, Any]]:
    found = results.estimates.filter(analysis="controls", status="estimated", design=instrument.design)
    return list(found.iter_rows(named=True)) if instrument.controls else []


def _ratio_cell(row: Mapping[str, float | None]) -> str:
    return f"{numbers.ratio(row['estimate'])} ({numbers.interval(row['conf_low'], row['conf_high'])})"
