"""What was answered in a study, before any model: who, how often, and how much of each exposure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.checks.describe import count_distribution, leg_answers, leg_cramps, rates, weighted_tally
from hypnic.analysis.checks.exposed import exposed
from hypnic.analysis.checks.usual import usual

if TYPE_CHECKING:
    from hypnic.analysis.studies.sets import AnalysisSet
    from hypnic.analysis.studies.study import People, Spread, Study, StudyData


@dataclass(frozen=True, eq=False)
class Answers:
    """What was answered, before any model.

    `people` has a tidy frame for each column (`part`, `answer`, `n_persons`, `share` where it is weighted) with its
    total for each part; `spreads` the distribution of counts; `shares` those of a population and `published` the same
    shares as others published; `usual` the average of each outcome that a headline is counted in.
    """

    people: Mapping[str, pl.DataFrame]
    spreads: tuple[tuple[Spread, pl.DataFrame], ...]
    shares: pl.DataFrame | None
    published: pl.DataFrame | None
    exposed: pl.DataFrame  # how much of each exposure there was: see `hypnic.analysis.checks.exposed`
    rates: pl.DataFrame | None = None  # how common it is by group: see `hypnic.analysis.checks.describe.rates`
    usual: Mapping[str, float] = field(default_factory=dict)


def answered(data: StudyData) -> Answers:
    """Describe what was answered; what a study does not ask is None, and what too few answered is left out."""
    study, sets = data.study, {one.table: one for one in data.sets}
    people = {column: _tally(sets[list(sets)[-1]].frame, column, study.people) for column in study.people.columns}
    spreads = []
    for spread in study.spreads:
        frame, person = sets[spread.table].frame, sets[spread.table].person
        found = count_distribution(frame[spread.column], frame[person], spread.width)
        if not found.is_empty():
            spreads.append((spread, found))
    shares = leg_answers(data.sets[0].frame, list(study.shares.answers)) if study.shares else None
    published = leg_cramps(data.sets[0].frame) if study.shares else None
    told = {c: frame for c, frame in people.items() if frame is not None}
    doses = pl.concat([exposed(one) for one in data.sets])
    common = dict(pair for one in data.sets for pair in usual(one).items())
    return Answers(told, tuple(spreads), shares, published, doses, _rates(study, sets), common)


def _rates(study: Study, sets: Mapping[str, AnalysisSet]) -> pl.DataFrame | None:
    asked = study.rates
    if asked is None:
        return None
    by = {column: study.people.levels(column) for column in asked.by}
    return rates(sets[asked.table].frame, asked.column, asked.hits, by, weighted=study.people.weight is not None)


def _tally(frame: pl.DataFrame, column: str, people: People) -> pl.DataFrame | None:
    if frame[column].is_null().all():
        return None
    asked = frame.filter(pl.col(people.among) == 1) if people.among else frame
    return weighted_tally(asked, column, people.levels(column), people.by, people.weight)
