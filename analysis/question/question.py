"""One estimand on one study's data: its fit, the rows it used, and the row of results that it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from hypnic.analysis.question.lean import Lean, lean
from hypnic.analysis.question.rows import Row, blank_row
from hypnic.analysis.question.separated import fit_or_reduced
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.problem import Codes
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.errors import HypnicError
from hypnic.schemas.estimates import ROLES


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

        What is rare is treated as `hypnic.analysis.question.lean` says; what a level still separates is fitted with its
        mean bias reduced. `info["lean"]` is what the rule did. Raises HypnicError, saying what is the matter, for
        whatever cannot be fitted.
        """
        if terms is None:
            return self._fitted_once
        return self._fitted(terms, lean(self.data, self.estimand, self.exposed(), terms))

    @cached_property
    def lean(self) -> Lean:
        """Say what the rule for small and lean studies leaves of the rows and of the adjustment set.

        Raises HypnicError where nobody answered what is studied.
        """
        return lean(self.data, self.estimand, self.exposed(), self.terms)

    def kept(self) -> Question:
        """Ask what the rule for small and lean studies leaves: this question, where nothing is rare or nothing is left.

        For models of the same comparison that are not fitted by `fit`; `adjusted` then says what they adjust for.
        """
        try:
            found = self.lean
        except HypnicError:  # whatever is fitted to it says why it can't be
            return self
        return self.on(found.frame).but(adjustment=found.adjustment) if found.changed else self

    def adjusted(self) -> Row:
        """Say in a row of results what the estimand is adjusted for."""
        return {"adjustment": "+".join(self.estimand.adjustment)}

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
        return self.kept().data.frame[places].with_columns(person=pl.col(self.data.person), level=level)

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
    def _fitted_once(self) -> Fit:
        return self._fitted(self.terms, self.lean)

    def _fitted(self, terms: Sequence[str], rows: Lean) -> Fit:
        estimand, data = self.estimand, self.data
        fitted = fit_or_reduced(
            rows.frame, data.outcome_of(estimand), [*terms, *rows.adjustment], estimand.family,
            covariance=estimand.covariance, weights=estimand.weights, domain=estimand.domain,
            maximum=estimand.maximum, **data.keywords,
        )  # fmt: skip
        return replace(fitted, info={**fitted.info, "lean": rows})


def _refuse_other(data: object) -> None:
    if not isinstance(data, AnalysisSet):
        message = (
            f"questions are asked of one set of a study, such as study('demo').sets[0], not of a {type(data).__name__}"
        )
        raise HypnicError(message)


def questions(data: AnalysisSet, role: str | None = "primary") -> tuple[Question, ...]:
    """Ask a set its estimands of one role (None: all of them), in their order.

    Raises HypnicError for what is no set of a study, and for a role that does not exist.

    >>> from hypnic.analysis import study
    >>> [one.estimand.exposure for one in questions(study("demo").sets[0])]
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']
    """
    _refuse_other(data)
    if role not in (None, *ROLES):
        message = f"there is no role {role!r}: choose from {', '.join(ROLES)}, or None for all"
        raise HypnicError(message)
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
