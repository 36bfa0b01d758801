"""Rubin's rules: one estimate from several imputed sets, with the uncertainty that the gaps add.

Rubin (1987, Multiple Imputation for Nonresponse in Surveys); degrees of freedom by Barnard & Rubin (1999,
Biometrika 86:948). Own code because statsmodels' MICE takes normal limits and calls lambda the missing information.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

from hypnic.analysis.regression.problem import Array


class Pooled(NamedTuple):
    """A pooled estimate on the scale on which it is normal, and the fraction of information that is missing."""

    estimate: float
    std_error: float
    df: float
    missing_information: float

    @property
    def limits(self) -> tuple[float, float]:
        """Give the 95 % limits, by Student's t."""
        reach = float(stdtrit(self.df, 0.975)) * self.std_error
        return self.estimate - reach, self.estimate + reach

    @property
    def statistic(self) -> float:
        """Give the estimate over its standard error."""
        return self.estimate / self.std_error

    @property
    def p_value(self) -> float:
        """Give the two-sided p value, by Student's t."""
        return float(2 * stdtr(self.df, -abs(self.statistic)))


def pool(estimates: Array, variances: Array, df: float = inf) -> Pooled:
    """Pool the estimates (m,) of m >= 2 imputed sets and their squared standard errors (m,).

    `df` are the degrees of freedom that a set without gaps would have.

    >>> pooled = pool(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]), df=20)
    >>> round(pooled.std_error**2, 6), round(pooled.df, 4)
    (2.333333, 3.4359)
    """
    m = len(estimates)
    within, between = float(variances.mean()), (1 + 1 / m) * float(np.var(estimates, ddof=1))
    total = within + between
    share = between / total
    # Each df is taken as its inverse, which is zero where there is nothing to lose.
    gaps = share**2 / (m - 1)
    observed = (df + 3) / ((df + 1) * df * (1 - share)) if df < inf else 0.0
    pooled = 1 / (gaps + observed) if gaps + observed else inf
    added = between / within
    return Pooled(float(estimates.mean()), sqrt(total), pooled, (added + 2 / (pooled + 3)) / (1 + added))
