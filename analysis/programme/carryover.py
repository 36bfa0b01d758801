"""The evenings around a night: what yesterday's dose leaves, and what tomorrow's must not predict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.question.model import fit_estimand
from hypnic.analysis.question.rows import Row, attempt, blank_row, line_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.study import AnalysisSet

CONTROL = "next night (negative control)"


def rows(name: str, data: AnalysisSet) -> Iterator[Row]:
    """Give, for each primary exposure, the night before, both nights together, and the night after.

    The night after is a negative control: what is yet to be drunk cannot lead to tonight's jerks, so a ratio away
    from 1 tells of feedback or of a cause that both share, and against the strict exogeneity that the primary
    estimator supposes (Wooldridge 2010, Econometric Analysis, 10.7). Of sleep loss, the hours lost after a jerk are
    that evening's exposure: there it shows the feedback itself.
    """
    for estimand in data.estimands:
        if estimand.role == "primary":
            blank = blank_row(name, data, estimand)
            yield from attempt(_before, blank | {"role": "secondary"}, data, estimand)
            yield from attempt(_after, blank | {"role": "sensitivity"}, data, estimand)


def beside(nights: pl.DataFrame, column: str, nights_later: int, name: str) -> pl.DataFrame:
    """Add what `column` was in the same person so many nights later (or before: below 0); null where that is absent.

    >>> nights = pl.DataFrame({"participant_id": ["a", "a", "a"], "night_index": [1, 2, 4], "x": [5, 6, 7]})
    >>> beside(nights, "x", -1, "before")["before"].to_list()
    [None, 5, None]
    """
    other = nights.select("participant_id", pl.col("night_index") - nights_later, pl.col(column).alias(name))
    return nights.join(other, on=["participant_id", "night_index"], how="left", maintain_order="left")


def _before(blank: Row, data: AnalysisSet, estimand: Estimand) -> Iterator[Row]:
    lag, now = f"{estimand.exposure} before", estimand.exposure
    fitted = fit_estimand(_with(data, estimand, -1, lag), estimand, [now, lag])
    told = {
        "one night earlier": ("direct", "previous night", fitted.contrast({lag: 1})),
        "on both nights": ("total", "tonight and previous night", fitted.contrast({now: 1, lag: 1})),
    }
    for when, (effect, which, line) in told.items():
        facts = {"effect": effect, "unit": f"{estimand.unit}, {when}"}
        yield line_row(blank | facts | {"estimator": f"{estimand.family}, {which}"}, data, fitted, line)


def _after(blank: Row, data: AnalysisSet, estimand: Estimand) -> Iterator[Row]:
    lead = f"{estimand.exposure} after"
    fitted = fit_estimand(_with(data, estimand, 1, lead), estimand, [estimand.exposure, lead])
    facts = {"effect": "direct", "unit": f"{estimand.unit}, one night later"}
    says = "sleep lost after the jerk (feedback, no control)" if estimand.exposure == "sleep_loss" else CONTROL
    facts["estimator"] = f"{estimand.family}, {says}"
    yield line_row(blank | facts, data, fitted, fitted.contrast({lead: 1}))


def _with(data: AnalysisSet, estimand: Estimand, nights_later: int, name: str) -> AnalysisSet:
    frame = beside(data.frame, estimand.column, nights_later, name)
    return replace(data, frame=frame.with_columns(pl.col(name) / estimand.step))
