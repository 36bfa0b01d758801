"""How much each row decides of its own fitted value, and what coefficients take of a sum's variance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.problem import Array, Codes


@dataclass(frozen=True, eq=False)
class Leverage:
    """The scaled rows of a fit; `persons` (n,) say whose each is.

    Where the model conditions on persons, each person's own level counts as a coefficient.
    """

    fitted: Fit
    persons: Codes

    @property
    def rows(self) -> Array:
        """Columns (n, p) scaled so that their cross-product is the information; within persons in a diary."""
        assert self.fitted.estimation.whitened is not None  # noqa: S101 -- a GLM has them
        return self.fitted.estimation.whitened

    @property
    def root(self) -> Array:
        """What a column of ones is scaled to (n,): the square root of a row's information on its linear predictor."""
        return np.sqrt(self.fitted.estimation.fitted) if self._conditioned else self.rows[:, 0]

    @property
    def hat(self) -> Array:
        """Diagonal of the hat matrix (n,)."""
        slopes = (self.rows * np.linalg.solve(self.fitted.estimation.information, self.rows.T).T).sum(axis=1)
        return np.asarray(slopes + self.root**2 / self._totals[self.persons] if self._conditioned else slopes)

    def explained(self, values: Array) -> float:
        """Give c' I^-1 c for c the sum of `values` times the rows of the design."""
        scaled = values / self.root
        slopes = self.rows.T @ scaled
        found = slopes @ np.linalg.solve(self.fitted.estimation.information, slopes)
        if self._conditioned:
            found += (np.bincount(self.persons, values) ** 2 / self._totals).sum()
        return float(found)

    @property
    def _conditioned(self) -> bool:
        return self.fitted.sample.groups is not None

    @cached_property
    def _totals(self) -> Array:
        return np.bincount(self.persons, self.fitted.estimation.fitted).astype(np.float64)
