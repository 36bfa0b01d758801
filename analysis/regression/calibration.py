"""Usual intake from one or two recalled days: regression calibration for an exposure that differs from day to day.

Amounts are made near normal by a power, and split into a person's own level, given covariates, and the days about it
(the amount part of the method of Iowa State University and of the National Cancer Institute, for a food that most
people take in: Nusser et al. 1996, JASA 91:1440; Tooze et al. 2010, Stat Med 29:2857). What enters a regression in
place of the recalls is the intake to be expected of a person, given their recalls and covariates, over a week of days
(Carroll et al. 2006, Measurement Error in Nonlinear Models, chapter 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hypnic.analysis.regression.problem import Array

WEEKEND_SHARE = 3 / 7  # Friday, Saturday and Sunday
NODES = 15  # of the quadrature


@dataclass(frozen=True, eq=False)
class Calibration:
    """Expected usual amounts (n,), and the variances of transformed amounts between persons and between their days."""

    usual: Array
    between: float
    within: float

    @property
    def reliability(self) -> float:
        """Give the share of one recall's variance, given covariates, that lies between persons."""
        return self.between / (self.between + self.within)


def calibrate(amounts: Array, weekend: Array, covariates: Array, weights: Array, power: float) -> Calibration:
    """Fit the two variances by moments, weighted, and expect each person's usual amount.

    Parameters
    ----------
    amounts
        (n, 2) recalled amounts, zero or more; NaN where a person has no such recall, but each has one.
    weekend
        (n, 2) whether a recalled day was a Friday, a Saturday or a Sunday.
    covariates
        (n, q) of the outcome's model, without a constant.
    weights
        (n,) of the survey.
    power
        That makes amounts near normal.

    """
    told = ~np.isnan(amounts)
    n = len(amounts)
    y = np.where(told, amounts, 0.0) ** power
    first = np.column_stack([np.ones(n), covariates])
    # Columns of a recall: those of its person, whether it was a weekend, whether it was the second.
    x = [np.column_stack([first, weekend[:, day], np.full(n, float(day))]) for day in (0, 1)]
    w = [weights * told[:, day] for day in (0, 1)]
    products = sum(m.T @ (m * v[:, None]) for m, v in zip(x, w, strict=True))
    sums = sum(m.T @ (v * y[:, day]) for day, (m, v) in enumerate(zip(x, w, strict=True)))
    # A jackknife may leave a column constant.
    coefficients = np.linalg.lstsq(np.asarray(products), np.asarray(sums), rcond=None)[0]
    residual = np.column_stack([y[:, day] - x[day] @ coefficients for day in (0, 1)])
    both = told.all(axis=1)
    share = weights * both / (weights * both).sum()
    within = float(share @ (residual[:, 0] - residual[:, 1]) ** 2 / 2)
    between = max(0.0, float(share @ residual.prod(axis=1)))
    recalls = told.sum(axis=1)
    kept = between / (between + within / recalls)
    own = kept * np.where(told, residual, 0.0).sum(axis=1) / recalls
    spread = np.sqrt(between * (1 - kept) + within)
    level = first @ coefficients[: first.shape[1]] + own
    days = ((WEEKEND_SHARE, coefficients[-2]), (1 - WEEKEND_SHARE, 0.0))
    usual = sum(part * _mean_amount(level + shift, spread, power) for part, shift in days)
    return Calibration(np.asarray(usual), between, within)


def _mean_amount(mean: Array, spread: Array, power: float) -> Array:
    """Expect the amount whose power is normal; below zero nothing is taken in."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    values = np.maximum(mean[:, None] + spread[:, None] * nodes, 0.0) ** (1 / power)
    return np.asarray(values @ (weights / weights.sum()))
