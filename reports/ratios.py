"""The primary ratios of a study, each with its estimand and, in synthetic data, the truth beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.reports.names import DESIGNS, EXPOSURES, PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis import Estimand, Study


@dataclass(frozen=True)
class Truth:
    """What is known of a ratio because the data were drawn: see `how` in truth.json."""

    direct: float
    total: float
    target: float | None  # what the estimator tends to in an endless sample of the same population


class Found(NamedTuple):
    """A rate ratio and its 95 % limits."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Ratio:
    """One primary estimand and what was found; where nothing could be, `estimator` says why."""

    estimand: Estimand
    found: Found | None
    p_adjusted: float | None
    estimator: str
    truth: Truth | None

    @property
    def table(self) -> str:
        """Name the analysis: diary, survey or nhanes."""
        return self.estimand.table

    @property
    def exposure(self) -> str:
        """Name what is compared."""
        return EXPOSURES[self.estimand.exposure]

    @property
    def label(self) -> str:
        """Say design and step shortly."""
        phrase = PHRASES[self.estimand.table, self.estimand.exposure]
        return f"{DESIGNS[self.table]}, {phrase.label.format(f'{self.estimand.step:g}')}"

    @property
    def subject(self) -> str:
        """Say the comparison as the subject of a sentence."""
        return PHRASES[self.estimand.table, self.estimand.exposure].subject.format(f"{self.estimand.step:g}")

    @property
    def holds_truth(self) -> bool:
        """Tell whether the interval holds the true total ratio."""
        return bool(self.truth and self.found and self.found.low <= self.truth.total <= self.found.high)


def primary_ratios(study: Study, estimates: pl.DataFrame) -> tuple[Ratio, ...]:
    """Pair the primary rows of the table of estimates with their estimands, in the order of the exposures."""
    return tuple(
        _ratio(study, estimand, estimates)
        for exposure in EXPOSURES
        for data in study.sets
        for estimand in data.estimands
        if estimand.exposure == exposure and estimand.role == "primary"
    )


def _ratio(study: Study, estimand: Estimand, estimates: pl.DataFrame) -> Ratio:
    row = estimates.row(
        by_predicate=(
            (pl.col("design") == estimand.design) & (pl.col("exposure") == estimand.exposure)
            & (pl.col("role") == "primary") & (pl.col("outcome") == estimand.outcome)
        ),
        named=True,
    )  # fmt: skip
    found = None if row["estimate"] is None else Found(row["estimate"], row["conf_low"], row["conf_high"])
    return Ratio(estimand, found, row["p_adjusted"], row["estimator"], _truth(study.truth or {}, estimand))


def _truth(truth: Mapping[str, Any], estimand: Estimand) -> Truth | None:
    known = truth.get(estimand.table, {}).get(estimand.exposure)
    return Truth(known["direct"], known["total"], known.get("target")) if known else None
