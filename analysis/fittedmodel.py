"""One estimand's model opened up: rows, design and maximum, for whoever looks behind the coefficients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from hypnic.analysis.designmatrix import INTERCEPT, DesignMatrix, design_matrix, expand_terms
from hypnic.analysis.estimands import Estimand
from hypnic.analysis.estimation import Array, Codes, Estimation, Problem, group_sums
from hypnic.analysis.families import FAMILIES
from hypnic.analysis.sample import OutcomeKind, Roles, Sample, draw_sample
from hypnic.analysis.studies import AnalysisSet


@dataclass(frozen=True, eq=False)
class FittedModel:
    """What `fit` works with; `person` (n,) and `places` (n,) say whose and which rows of the set they are."""

    sample: Sample
    columns: DesignMatrix
    estimation: Estimation
    person: Codes
    places: Codes

    @property
    def params(self) -> Array:
        """Coefficients in the user's units, in the order of `columns.names`."""
        return np.asarray(self.columns.back @ self.estimation.params)

    @property
    def full_matrix(self) -> Array:
        """Columns with one for each person where the model conditions on persons (n, q)."""
        if self.sample.groups is None:
            return self.columns.matrix
        return np.hstack([np.eye(int(self.person.max()) + 1)[self.person], self.columns.matrix])


def fitted_model(data: AnalysisSet, estimand: Estimand) -> FittedModel:
    """Fit one estimand's model, its exposure in steps. Raises HypnicError as `fit` does."""
    frame, roles, kind = _asked(data, estimand)
    family = FAMILIES[estimand.family]
    conditioned = family.groups == "conditioned"
    sample = draw_sample(frame, roles, kind, within=conditioned)
    columns = design_matrix(sample, roles.terms, kind, () if conditioned else (INTERCEPT,))
    problem = Problem(columns.matrix, sample.outcome, sample.offset, sample.weights, sample.groups)
    assert sample.cluster is not None  # noqa: S101
    return FittedModel(sample, columns, family.estimate(problem), sample.cluster, sample.frame["__row__"].to_numpy())


def within_predictor(data: AnalysisSet, estimand: Estimand, params: Array) -> tuple[Sample, Array]:
    """Give all complete rows, of persons without an event too, and each one's linear predictor about its person's."""
    frame, roles, kind = _asked(data, estimand)
    sample = draw_sample(frame, replace(roles, groups=None), kind, within=False)
    matrix = expand_terms(sample.frame, roles.terms)[0].select(roles.terms).cast(pl.Float64).to_numpy()
    assert sample.cluster is not None  # noqa: S101
    size = np.bincount(sample.cluster)
    means = group_sums(matrix, sample.cluster, len(size)) / size[:, None]
    return sample, np.asarray((matrix - means[sample.cluster]) @ params)


def _asked(data: AnalysisSet, estimand: Estimand) -> tuple[pl.DataFrame, Roles, OutcomeKind]:
    frame = data.frame.with_columns((pl.col(estimand.column) / estimand.step).alias(estimand.exposure))
    outcome = (data.outcome,) if isinstance(data.outcome, str) else data.outcome
    keywords = {"cluster": data.person, "domain": estimand.domain, **data.keywords}
    roles = Roles(outcome, (estimand.exposure, *estimand.adjustment), **keywords)
    return frame, roles, FAMILIES[estimand.family].kind
