"""How common it is, in what a headline is counted in: what a difference stands next to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.question.rows import rounded
from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet


def usual(data: AnalysisSet) -> dict[str, float]:
    """Average each outcome that the headline is counted in, in the unit of its difference.

    It is that of the people whom ratios are about: where each is compared with themselves those who noticed a jerk,
    in a survey with a design its adults, weighted. None of fewer than ten people.

    >>> from hypnic.analysis import study
    >>> round(usual(study("demo").sets[0])["jerk_count"], 2)
    0.71
    """
    headline, people = data.instrument.headline, _people(data)
    if headline is None or too_few(people[data.person].n_unique()):
        return {}
    weights = people[data.instrument.imputes.weights].to_numpy() if data.instrument.imputes else None
    values = {average.outcome: average.values for average in data.instrument.averages}
    return {
        outcome: rounded(float(np.average(_values(people, data, values.get(outcome)), weights=weights)))
        for outcome in headline.outcomes
    }


def _people(data: AnalysisSet) -> pl.DataFrame:
    first, imputes = data.instrument.primary[0], data.instrument.imputes
    outcome = data.outcome_of(first)
    answered = data.frame.drop_nulls([outcome] if isinstance(outcome, str) else list(outcome))
    if imputes:
        return answered.filter((pl.col(imputes.among) == 1) & (pl.col(imputes.weights) > 0))
    if first.family == "fe-poisson":
        own = pl.col(str(outcome))
        return answered.filter((own.sum().over(data.person) > 0) & (pl.len().over(data.person) > 1))
    return answered


def _values(people: pl.DataFrame, data: AnalysisSet, stands_for: tuple[float, ...] | None) -> Array:
    outcome = data.outcome_of(data.instrument.primary[0])
    column = people[outcome if isinstance(outcome, str) else outcome[0]].to_numpy()
    values: Array = column.astype(float) if stands_for is None else np.array(stands_for)[column.astype(int)]
    return values
