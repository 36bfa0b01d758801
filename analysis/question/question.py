"""One estimand on one study's data: its fit, the rows it used, and the row of results that it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from hypnic.analysis.question.rows import Row, blank_row
from hypnic.analysis.regression.fit import Fit, fit
from hypnic.analysis.regression.problem import Codes
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.errors import HypnicError


@dataclass(frozen=True, eq=False)
class Question:
    """An estimand and the set of rows that it is asked of.

    >>> from hypnic.analysis import study
    >>> caffeine = questions(study("demo").sets[0])[0]
    >>> caffeine.fit().names[0], caffeine.rows_used().height
    ('caffeine', 3173)
    """

    data: AnalysisSet
    estimand: Estimand

    def fit(self, terms: Sequence[str] | None = None) -> Fit:
        """Fit the estimand's model: its exposure in its unit, or `terms` in its place, and its adjustment set.

        Raises HypnicError, saying what is the matter, for whatever cannot be fitted.
        """
        return self._own if terms is None else self._fitted(self.exposed(), terms)

    def exposed(self) -> pl.DataFrame:
        """Give the rows with the exposure in its unit, one column for each level of `by`: see `terms`."""
        return exposed(self.data.frame, self.estimand)

    @cached_property
    def terms(self) -> list[str]:
        """Name the columns of the exposure: itself, or one for each level of `by`."""
        return exposure_terms(self.data.frame, self.estimand)

    def rows_used(self) -> pl.DataFrame:
        """Give the rows that the fit uses, with `person`, who they belong to, and `level`, that of `by`."""
        level = pl.col(self.estimand.by) if self.estimand.by else pl.lit("")
        places = self.fit().sample.places
        return self.data.frame[places].with_columns(person=pl.col(self.data.person), level=level)

    def persons(self, fitted: Fit) -> Codes:
        """Say whose each row of a fit is, as codes from 0 (n,), in the order of their names."""
        names = self.data.frame[self.data.person].gather(fitted.sample.places).to_numpy()
        return np.unique(names, return_inverse=True)[1].astype(np.intp)

    def blank(self, **facts: object) -> Row:
        """Say what a row of results is about before there is a fit; `facts` replace what the estimand says."""
        return blank_row(self.data, self.estimand, **facts)

    def on(self, frame: pl.DataFrame) -> Question:
        """Ask the same of other rows."""
        return replace(self, data=replace(self.data, frame=frame))

    def but(self, **facts: Any) -> Question:
        """Ask the same rows another estimand: this one, with some facts replaced."""
        return replace(self, estimand=replace(self.estimand, **facts))

    @cached_property
    def _own(self) -> Fit:
        return self._fitted(self.exposed(), self.terms)

    def _fitted(self, frame: pl.DataFrame, terms: Sequence[str]) -> Fit:
        estimand, data = self.estimand, self.data
        absent = [c for c in (estimand.column, *estimand.adjustment) if frame[c].is_null().all()]
        if absent:
            message = f"nobody answered {', '.join(absent)}"
            raise HypnicError(message, reason="unanswered")
        return fit(
            frame, data.outcome_of(estimand), [*terms, *estimand.adjustment], estimand.family,
            covariance=estimand.covariance, weights=estimand.weights, domain=estimand.domain,
            maximum=estimand.maximum, **data.keywords,
        )  # fmt: skip


def questions(data: AnalysisSet, role: str | None = "primary") -> tuple[Question, ...]:
    """Ask a set its estimands of one role (None: all of them), in their order."""
    return tuple(Question(data, row) for row in data.estimands if role in (None, row.role))


def exposed(frame: pl.DataFrame, estimand: Estimand) -> pl.DataFrame:
    """Add an estimand's exposure in its unit, one column for each level of `by`, named by `exposure_terms`."""
    dose = pl.col(estimand.column) / estimand.step
    if not estimand.by:
        return frame.with_columns(dose.alias(estimand.exposure))
    names = exposure_terms(frame, estimand)
    levels = frame[estimand.by].unique().sort()
    return frame.with_columns(
        (dose * (pl.col(estimand.by) == level)).alias(name) for name, level in zip(names, levels, strict=True)
    )


def exposure_terms(frame: pl.DataFrame, estimand: Estimand) -> list[str]:
    """Name the columns that `exposed` adds."""
    if not estimand.by:
        return [estimand.exposure]
    return [f"{estimand.exposure} in {level}" for level in frame[estimand.by].unique().sort()]
