"""One estimand's model opened up: rows, design and maximum, for whoever looks behind the coefficients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from hypnic.analysis.regression.design import INTERCEPT, DesignMatrix, design_matrix, expand_terms
from hypnic.analysis.regression.families import FAMILIES
from hypnic.analysis.regression.frame import Roles, Sample, draw_sample
from hypnic.analysis.regression.outcomes import OutcomeKind
from hypnic.analysis.regression.problem import Array, Codes, Estimation, Problem, group_sums
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.study import AnalysisSet


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
    def rows(self) -> Array:
        """Columns (n, p) scaled so that their cross-product is the information; within persons in a diary."""
        assert self.estimation.whitened is not None  # noqa: S101
        return self.estimation.whitened

    @property
    def root(self) -> Array:
        """What a column of ones is scaled to (n,): the square root of a row's information on its linear predictor."""
        return self.rows[:, 0] if self.sample.groups is None else np.sqrt(self.estimation.fitted)

    @property
    def leverage(self) -> Array:
        """Diagonal of the hat matrix (n,), persons' own levels included where the model conditions on persons."""
        slopes = (self.rows * np.linalg.solve(self.estimation.information, self.rows.T).T).sum(axis=1)
        return np.asarray(slopes if self.sample.groups is None else slopes + self.root**2 / self._totals[self.person])

    def explained(self, values: Array) -> float:
        """Give c' I^-1 c for c the sum of `values` times the rows of the design, persons' levels included."""
        scaled = values / self.root
        slopes = self.rows.T @ scaled
        found = slopes @ np.linalg.solve(self.estimation.information, slopes)
        if self.sample.groups is not None:
            found += (np.bincount(self.person, values) ** 2 / self._totals).sum()
        return float(found)

    @property
    def _totals(self) -> Array:
        return np.bincount(self.person, self.estimation.fitted).astype(np.float64)


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
