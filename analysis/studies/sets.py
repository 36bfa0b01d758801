"""Rows ready for fitting: one instrument's answers, with what `fit` must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Instrument, Outcome


@dataclass(frozen=True, eq=False)
class AnalysisSet:
    """The rows of one instrument, one row an observation, with the keywords that `fit` needs besides the terms.

    `frame` holds every column that its estimands name (choices as text, flags as 0/1); `person` names who a row
    belongs to; `outcome` is what `fit` explains, unless the instrument has other columns for the name in an estimand;
    `left_out` counts the rows that were left out before, by why; `parts` names the column of what can be estimated
    apart and combined.
    """

    instrument: Instrument
    frame: pl.DataFrame
    person: str
    outcome: Outcome
    estimands: tuple[Estimand, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    parts: str | None = None

    @property
    def table(self) -> str:
        """Name the instrument."""
        return self.instrument.name

    def outcome_of(self, estimand: Estimand) -> Outcome:
        """Name the column, or the pair of columns, that an estimand's outcome is explained by."""
        return self.instrument.outcomes.get(estimand.outcome, self.outcome)


def fittable(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn flags into 0/1 and choices into text, which `fit` expands."""
    return frame.with_columns(pl.selectors.boolean().cast(pl.Int8), pl.selectors.enum().cast(pl.String))
