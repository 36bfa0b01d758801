"""The primary ratios of a study, each with its estimand and, in synthetic data, the truth next to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from hypnic.analysis.programme.differences import ALONE
from hypnic.analysis.studies import EXPOSURES
from hypnic.analysis.studies.instrument import Phrase
from hypnic.reports.names import exposure_title, level, readable
from hypnic.schemas.estimates import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis import Estimand, StudyData
    from hypnic.analysis.studies import Instrument, Study


MEASURES = {"IRR": "rate ratio", "OR": "odds ratio"}


@dataclass(frozen=True)
class Truth:
    """What is known of a ratio because the data were drawn: see `how` in truth.json."""

    direct: float
    total: float
    target: float | None  # what the estimator tends to with unlimited data of the same population


class Found(NamedTuple):
    """A ratio and its 95 % limits."""

    ratio: float
    low: float
    high: float


class Difference(NamedTuple):
    """An average difference in a unit of the outcome, with its 95 % limits."""

    outcome: str
    words: str
    value: float
    low: float
    high: float


class Cuts(NamedTuple):
    """The p of the test that one ratio serves all answers, and the ratio of each answer or a more frequent one."""

    p_value: float
    ratios: tuple[tuple[str, Found], ...]


@dataclass(frozen=True)
class Ratio:
    """One primary estimand and what was found; where nothing could be, `reason` says why, in one word."""

    instrument: Instrument
    estimand: Estimand
    found: Found | None
    p_adjusted: float | None
    reason: str | None
    truth: Truth | None
    differences: tuple[Difference, ...] = ()
    cuts: Cuts | None = None
    alone: tuple[Difference, ...] = ()  # by the odds of each of these answers alone, not by one ratio of all answers

    @property
    def table(self) -> str:
        """Name the analysis: diary, survey or nhanes."""
        return self.estimand.table

    @property
    def exposure(self) -> str:
        """Name what is compared."""
        return exposure_title(self.estimand.exposure, self.table)

    @property
    def measure(self) -> str:
        """Say what is divided by what: rates, or odds."""
        return MEASURES[self.estimand.scale]

    @property
    def label(self) -> str:
        """Say design and step shortly."""
        return f"{self.instrument.title}, {self._phrase.label.format(f'{self.estimand.step:g}')}"

    @property
    def subject(self) -> str:
        """Say the comparison as the subject of a sentence."""
        return self._phrase.subject.format(f"{self.estimand.step:g}")

    @property
    def dose_unit(self) -> str:
        """Give the unit of the exposure's own column; empty where it is yes or no."""
        return self._phrase.dose

    @property
    def _phrase(self) -> Phrase:
        """Give the instrument's phrase, or a plain one made of the estimand's own unit."""
        row = self.estimand
        plain = Phrase(row.unit, f"{self.exposure}, per {row.unit},", readable(row.column))
        return self.instrument.phrases.get(row.exposure, plain)

    @property
    def why_not(self) -> str:
        """Say in a clause why there is no estimate."""
        return REASONS[self.reason or "unsuitable"]

    @property
    def includes_truth(self) -> bool:
        """Tell whether the interval includes the true total ratio."""
        return bool(self.truth and self.found and self.found.low <= self.truth.total <= self.found.high)


def primary_ratios(study: StudyData, estimates: pl.DataFrame) -> tuple[Ratio, ...]:
    """Pair the primary rows of the table of estimates with their estimands, in the order of the exposures."""
    rows = {
        (row["design"], row["exposure"], row["outcome"]): row
        for row in estimates.filter(analysis="primary", role="primary").iter_rows(named=True)
    }
    found = [
        replace(
            _ratio(study, data.instrument, estimand, rows[data.instrument.design, estimand.exposure, estimand.outcome]),
            differences=_differences(data.instrument, estimand, estimates.filter(pl.col("variant") != ALONE)),
            alone=_differences(data.instrument, estimand, estimates.filter(variant=ALONE)),
            cuts=cuts(study.study, data.instrument, estimand, estimates),
        )
        for data in study.sets
        for estimand in data.estimands
        if estimand.role == "primary"
    ]
    order = list(dict.fromkeys([*EXPOSURES, *(r.estimand.exposure for r in found)]))
    return tuple(sorted(found, key=lambda r: order.index(r.estimand.exposure)))


def _differences(instrument: Instrument, estimand: Estimand, estimates: pl.DataFrame) -> tuple[Difference, ...]:
    """Find what one step changes in each unit that the answers stand for."""
    headline = instrument.headline.outcomes if instrument.headline else ()
    outcomes = [*(average.outcome for average in instrument.averages), *headline]
    found = estimates.filter(
        pl.col("estimate").is_not_null(), pl.col("outcome").is_in(outcomes), analysis="differences",
        exposure=estimand.exposure, design=instrument.design,
    )  # fmt: skip
    return tuple(
        Difference(
            row["outcome"], instrument.difference_units[row["outcome"]],
            row["estimate"], row["conf_low"], row["conf_high"],
        )
        for row in found.iter_rows(named=True)
    )  # fmt: skip


def cuts(study: Study, instrument: Instrument, estimand: Estimand, estimates: pl.DataFrame) -> Cuts | None:
    """Find the ratio at each answer of an ordered logit, where the answers have names."""
    own = estimates.filter(
        pl.col("status") == "estimated", analysis="proportional odds", exposure=estimand.exposure,
        outcome=estimand.outcome, unit=estimand.unit, design=instrument.design,
    )  # fmt: skip
    test, lines = own.filter(scale="test"), own.filter(scale="OR")
    if study.shares is None or test.is_empty() or lines.is_empty():
        return None
    answers = list(study.shares.answers)[1:]
    found = (Found(*row) for row in lines.select("estimate", "conf_low", "conf_high").iter_rows())
    return Cuts(test["p_value"].item(), tuple(zip(map(level, answers), found, strict=True)))


def _ratio(study: StudyData, instrument: Instrument, estimand: Estimand, row: Mapping[str, Any]) -> Ratio:
    found = None if row["estimate"] is None else Found(row["estimate"], row["conf_low"], row["conf_high"])
    truth = _truth(study.truth or {}, estimand)
    return Ratio(instrument, estimand, found, row["p_adjusted"], row["reason"], truth)


def _truth(truth: Mapping[str, Any], estimand: Estimand) -> Truth | None:
    known = truth.get(estimand.table, {}).get(estimand.exposure)
    return Truth(known["direct"], known["total"], known.get("target")) if known else None
