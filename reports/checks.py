"""How well the models fit: one table for the primary models of each instrument, and their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.analysis.checks.answers import AnswerDiagnosis
from hypnic.reports import numbers
from hypnic.reports.codings import cell_rows
from hypnic.reports.companion import companion_rows
from hypnic.reports.names import exposure_title
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.checks.diagnostics import Diagnosis
    from hypnic.analysis.results import Results

NOTE = (
    "p values; for collinearity and influence the number itself. Overdispersion and zeros are tests of too much, the"
    " others of two sides. Residuals are compared with sets drawn from the model, in which each person has a level of"
    " their own."
)
ANSWERS_NOTE = (
    "p values under the survey's design; for spread, collinearity, sampling unit and influence the number itself."
    " Influence is by one step of the fit without a unit or a person."
)


@dataclass(frozen=True)
class Checks:
    """The checks of the models of one instrument, which `name` names."""

    name: str
    title: str
    table: Table


def checks(results: Results) -> tuple[Checks, ...]:
    """Set the checks of each instrument that has any."""
    return tuple(
        Checks(data.table, data.instrument.title, _table(data.instrument.title, found))
        for data in results.data.sets
        if (found := results.checks[data.table])
    )


def check_rows(results: Results) -> pl.DataFrame | None:
    """Give every check as one tidy frame, a row for each instrument, exposure and check; None where there are none."""
    frames = [
        one.checks.select(pl.lit(table).alias("table"), pl.lit(one.estimand.exposure).alias("exposure"), pl.all())
        for table, found in results.checks.items()
        for one in found
    ]
    if results.cells is not None:
        frames.append(cell_rows(results.data.sets[0].table, results.cells))
    frames += companion_rows(results)
    return pl.concat(frames) if frames else None


def each_point(results: Results) -> str:
    """Say what a point of the last panel is: one person, or ten where nothing is told of one."""
    one = "the ratio without one person"
    return f"a mean of ten changes, each of {one}" if results.data.study.protected else one


def titled(one: Diagnosis | AnswerDiagnosis) -> str:
    """Name the exposure whose model is checked."""
    return exposure_title(one.estimand.exposure, one.estimand.table)


def _table(title: str, found: Sequence[Diagnosis | AnswerDiagnosis]) -> Table:
    rows = []
    # Few answers may not carry every check of every model.
    for check in dict.fromkeys(check for one in found for check in one.checks["check"]):
        lines = [next(one.checks.filter(check=check).iter_rows(named=True), None) for one in found]
        readings: dict[str, list[str]] = {}
        for one, line in zip(found, lines, strict=True):
            if line:
                readings.setdefault(line["reading"], []).append(titled(one).lower())
        cells = [_cell(line) for line in lines]
        whose = len(readings) > 1
        said = "; ".join(f"{word} ({', '.join(names)})" if whose else word for word, names in readings.items())
        rows.append((check, *cells, said))
    header = ("Check", *(titled(one) for one in found), "Reading")
    note = ANSWERS_NOTE if isinstance(found[0], AnswerDiagnosis) else NOTE
    return Table(f"Checks of the primary models, {title}", header, tuple(rows), note)


def _cell(line: Mapping[str, Any] | None) -> str:
    """Write the p of a check, or its statistic where it has none."""
    if line is None:
        return "–"
    return f"{line['statistic']:.2f}" if line["p_value"] is None else numbers.p_value(line["p_value"])
