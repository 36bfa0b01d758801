"""Score tests for counts that spread more, or are zero more often, than a Poisson or binomial model says.

Own code: statsmodels 0.15 repeats its row "CT nb2" under the name "CT nb1" (its nb1 regresses on the mean, not on a
constant), takes no leverage into account, and tests zeros for one of its two Poisson classes alone.
Statistics are standard normal where the model holds, and large where there is more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from hypnic.analysis.regression.problem import Array


class Check(NamedTuple):
    """A statistic and its p value: of one side, as there is a question of too much only."""

    statistic: float
    p_value: float

    @classmethod
    def above(cls, z: float) -> Check:
        """Read a standard normal statistic."""
        return cls(z, float(norm.sf(z)))


def extra_variance(residual: Array, variance: Array, slope: Array, leverage: Array) -> Array:
    """Give each row's squared residual beyond its variance, less what chance in the row itself explains (n,).

    `slope` is the derivative of the variance by the mean; `leverage` makes up for residuals that are too small because
    the means were fitted to them (Dean & Lawless 1989, JASA 84:467).
    """
    return np.asarray(residual**2 - variance - slope * residual + leverage * variance)


def dean(extra: Array, mean: Array) -> Check:
    """Test Poisson means (n,) against variance mean + a mean^2 (Dean 1992, JASA 87:451; P_B there)."""
    return Check.above(float(extra.sum() / np.sqrt(2 * (mean**2).sum())))


def dean_binomial(extra: Array, share: Array, trials: Array) -> Check:
    """Test k of n with fitted shares against shares that vary (Dean 1992, N_B)."""
    weighed = extra / (share * (1 - share))
    return Check.above(float(weighed.sum() / np.sqrt(2 * (trials * (trials - 1)).sum())))


def cameron_trivedi(extra: Array, mean: Array, form: int) -> Check:
    """Test Poisson means against variance mean + a mean^form, form 1 or 2, by regression (1990, J Econometrics 46:347).

    The regression of extra / mean on mean^(form - 1), without a constant.
    """
    y, x = extra / mean, mean ** (form - 1)
    slope = x @ y / (x @ x)
    error = np.sqrt(((y - slope * x) ** 2).sum() / (len(y) - 1) / (x @ x))
    return Check.above(float(slope / error))


def zero_score(zero: NDArray[np.bool_], chance: Array, explained: float) -> Check:
    """Test for more zeros than fitted, each weighed by 1 / chance (van den Broek 1995, Biometrics 51:738).

    `explained` is what the coefficients take of the variance: c' I^-1 c, with their information I and c the sum over
    rows of `slope * x`, where `slope` is the derivative of -log(chance) by the linear predictor.
    """
    return _zeros(zero, chance, explained, 1 / chance)


def zero_count(zero: NDArray[np.bool_], chance: Array, explained: float) -> Check:
    """Test for more zeros than expected in all (He, Zhang, Ye & Tang 2019, Stat Med 38:1878).

    `explained` as above, with c the sum of `chance * slope * x`.
    """
    return _zeros(zero, chance, explained, np.ones_like(chance))


def _zeros(zero: NDArray[np.bool_], chance: Array, explained: float, weight: Array) -> Check:
    variance = (weight**2 * chance * (1 - chance)).sum() - explained
    return Check.above(float((weight * (zero - chance)).sum() / np.sqrt(variance)))


def half_chi_square(poisson: float, nb2: float) -> Check:
    """Test log-likelihoods of Poisson against NB2, whose extra parameter lies on its bound under Poisson.

    Half of the time the ratio is then 0, else chi-square with one degree of freedom (Self & Liang 1987, JASA 82:605).

    >>> half_chi_square(-100.0, -98.0).p_value.__round__(4)
    0.0228
    """
    ratio = max(0.0, 2 * (nb2 - poisson))
    return Check(ratio, float(chi2.sf(ratio, 1)) / 2 if ratio > 0 else 1.0)
