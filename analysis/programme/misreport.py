"""Doses told with an error: what the ratios of caffeine and alcohol would be without it, by SIMEX.

Nobody weighs their drinks. A dose that is told with a random error makes its ratio too close to 1. SIMEX adds more of
the same error in known amounts, sees how the ratio moves, and follows that back to no error at all (Cook & Stefanski
1994, JASA 89:1314; errors of Stefanski & Cook 1995, JASA 90:1247; a quadratic, as by default in R's `simex`).

The size of the error is declared, not measured: a ratio corrected for it is no better than that declaration. It is
multiplicative, right on average, and falls on each night anew; what a person always gets wrong drops out with the
person. Only the exposure's own dose is taken to be wrong.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import ndtr

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.regression.coefficients import Fit
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet

# The sd of the logarithm of a told dose about the true one, from night to night in the same person. No study was found
# that measured it: both are our judgement, below published differences, to which people's lasting habits belong.
# Caffeine: one coffee of one shop held 259 to 564 mg on six days, brewed coffees of one size 188 mg with an sd of 36
# (McCusker, Goldberger & Cone 2003, J Anal Toxicol 27:520); cups made of one jar differ considerably (Stavric et al.
# 1988, Food Chem Toxicol 26:111). Alcohol: a usual drink holds 1.2 to 1.4 standard ones, with an sd between people of
# 0.5 to 0.7 (earlier studies in table 1 of Am J Drug Alcohol Abuse 2019, 45:451; Kerr et al. 2005 is one).
DECLARED = {"caffeine": 0.3, "alcohol": 0.25}
ADDED = (0.5, 1.0, 1.5, 2.0)  # times the variance of the declared error
DRAWS = 20
SEED = 94


class Extrapolated(NamedTuple):
    """A log ratio without the declared error, and its standard error."""

    estimate: float
    std_error: float


@analysis("misreport", tables=("diary",), cost=1)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give the ratios of caffeine and alcohol as they would be without the declared error of doses."""
    for question in questions(data):
        if size := DECLARED.get(question.estimand.exposure):
            facts = {"role": "sensitivity", "variant": "simex", "covariance": "SIMEX of CR1S"}
            unit = f"{question.estimand.unit}, told with an error of {size:.0%}"
            yield from attempt(_rows, question.blank(**facts, unit=unit), question, size)


def _rows(blank: Row, question: Question, size: float) -> Iterator[Row]:
    fitted, (estimate, error) = question.fit(), simex(question, size)
    reach = 1.959963984540054 * error
    line = pl.DataFrame({
        "estimate": [estimate], "conf_low": [estimate - reach], "conf_high": [estimate + reach], "std_error": [error],
        "statistic": [estimate / error], "p_value": [2 * float(ndtr(-abs(estimate / error)))], "df": [np.inf],
    })  # fmt: skip
    yield line_row(blank, question.data, fitted, line)


def simex(
    question: Question, size: float, draws: int = DRAWS, noise: Callable[[int], Array] | None = None
) -> Extrapolated:
    """Follow the log ratio of a question's exposure back to a dose without an error of `size`, the sd of its logarithm.

    `noise(n)` draws n standard normal numbers; without it they come from a seed that was written down before.
    Raises HypnicError as `fit`, and where the variance cannot be followed back.

    >>> from hypnic.analysis import study
    >>> caffeine = questions(study("demo").sets[0])[0]
    >>> round(simex(caffeine, 0.3, draws=2).estimate, 1)
    0.1
    """
    noise = noise or np.random.default_rng(SEED).standard_normal
    order = [question.data.person, "night_index"]  # what is drawn goes by rows
    asked = question.on(question.data.frame.sort(order)).but(covariance="CR1S")
    told_as = asked.fit()
    found = [(0.0, *_told(told_as, asked))]
    for added in ADDED:
        told = np.array([_told(_worse(told_as, asked, size * sqrt(added), noise), asked) for _ in range(draws)])
        # The spread between draws is that of the added error alone: what is left is that of people.
        found.append((added, told[:, 0].mean(), told[:, 1].mean() - told[:, 0].var(ddof=1)))
    steps, estimates, variances = np.array(found).T
    estimate, variance = _at_no_error(steps, estimates), _at_no_error(steps, variances)
    if variance <= 0:
        message = "the declared error is too large for so few nights: its variance cannot be followed back"
        raise HypnicError(message, reason="unsuitable")
    return Extrapolated(estimate, sqrt(variance))


def _worse(fitted: Fit, question: Question, sd: float, noise: Callable[[int], Array]) -> Fit:
    """Fit doses that are told with more of the error, right on average."""
    exposure = question.estimand.exposure
    factor = np.exp(sd * noise(question.data.frame.height) - sd**2 / 2)
    return fitted.refit(**{exposure: fitted.sample.frame[exposure].to_numpy() * factor[fitted.sample.places]})


def _told(fitted: Fit, question: Question) -> tuple[float, float]:
    at = fitted.names.index(question.estimand.exposure)
    return float(fitted.params[at]), float(fitted.vcov[at, at])


def _at_no_error(added: Array, values: Array) -> float:
    return float(np.polyval(np.polyfit(added, values, 2), -1.0))
