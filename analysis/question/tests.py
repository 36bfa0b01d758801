"""Tests that several coefficients are zero together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import chdtrc, fdtrc

from hypnic.analysis.question.rows import Row, about, fit_facts, log, rounded, tell
from hypnic.analysis.regression.hotelling import Hotelling, combinations_of, joint_test
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.sets import AnalysisSet


class Wald(NamedTuple):
    """A chi-square statistic, or F where `df_residual` is finite; `df` coefficients were tested."""

    statistic: float
    df: int
    df_residual: float
    p_value: float

    @property
    def law(self) -> str:
        """Name the distribution that the statistic was compared with."""
        return f"chi2, {self.df} df" if np.isinf(self.df_residual) else f"F, {self.df} and {self.df_residual:g} df"


def wald(fitted: Fit, terms: Sequence[str], others: Sequence[str] = ()) -> Wald | Hotelling:
    """Test that the coefficients of `terms` are all zero, or each equal to that of `others` in the same place.

    Under CR2 and CR3 persons are the clusters, however few: see `regression.hotelling.joint_test`. A survey design has
    few degrees of freedom too: there the statistic is the adjusted F of Korn & Graubard (1990, Am Stat 44:270), with
    PSUs - strata - df + 1 degrees of freedom below.

    >>> import polars as pl
    >>> from hypnic.analysis import fit
    >>> nights = pl.DataFrame({"jerks": [0, 1, 2, 1, 4, 3, 2, 5], "a": [0, 0, 1, 1, 2, 2, 3, 3], "b": [0, 1] * 4})
    >>> found = wald(fit(nights, "jerks", ["a", "b"], "poisson", covariance="HC0"), ["a", "b"])
    >>> found.law, found.p_value < 0.01
    ('chi2, 2 df', True)
    """
    apart = combinations_of(fitted, terms, others)
    params, size, left = apart @ fitted.params, len(apart), fitted.df - len(apart) + 1
    if left <= 0:
        message = f"a design with {fitted.df:g} degrees of freedom can't carry a test of {size} coefficients"
        raise HypnicError(message, reason="design")
    spread = apart @ fitted.vcov @ apart.T
    if not np.isfinite(spread).all() or np.linalg.matrix_rank(spread, hermitian=True) < size:
        message = f"the {size} coefficients have no errors of their own to be tested by"
        raise HypnicError(message, reason="no_variation")
    if fitted.joint is not None:
        return joint_test(fitted, terms, others)
    chi2 = float(params @ np.linalg.solve(spread, params))
    if np.isinf(left):
        return Wald(chi2, size, left, float(chdtrc(size, chi2)))
    statistic = chi2 / size * left / fitted.df
    return Wald(statistic, size, left, float(fdtrc(size, left, statistic)))


def wald_row(blank: Row, data: AnalysisSet, fitted: Fit, terms: Sequence[str], others: Sequence[str] = ()) -> Row:
    """Complete a row by a test: no estimate, its statistic, the number of coefficients tested as `df`, and p.

    Under a survey design the statistic is an F, whose lower degrees of freedom are those of the design less `df`,
    plus one. Under CR2 and CR3 it is one too, whose lower degrees of freedom the persons' nights decide: the log tells
    them.
    """
    tell(blank, fitted)
    row = blank | {"scale": "test"} | fit_facts(data, fitted)
    if row["status"] != "estimated":
        return row
    found = wald(fitted, terms, others)
    log.info("%s: %s", about(blank), found.law)
    return row | {
        "statistic": rounded(found.statistic), "df": float(found.df), "p_value": rounded(found.p_value),
    }  # fmt: skip
