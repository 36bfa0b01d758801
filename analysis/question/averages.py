"""Averages over the people of a fit, as their exposure is and one step on: g-computation with a design's own errors.

Covariates are taken as they are; errors are by the delta method, as in R's `margins`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import expit

from hypnic.analysis.question.question import Question, exposed, exposure_terms
from hypnic.analysis.regression.contrasts import delta_line
from hypnic.analysis.regression.design import INTERCEPT, expand_terms
from hypnic.analysis.regression.expected import expected_answer, expected_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.estimands import Estimand

# Families whose coefficients are no ratios of means: the ratio is made of averages.
AVERAGED = frozenset({"truncated-nb2", "beta-binomial"})


class Stepped(NamedTuple):
    """The rows of a fit, and its design matrices (n, p): as they are, as they were `before`, and one step `after`.

    A yes or no is set to no before and to yes after. `weights` (n,) add up to 1.
    """

    entered: pl.DataFrame
    observed: Array
    before: Array
    after: Array
    weights: Array


def stepped(question: Question) -> Stepped:
    """Set the exposure of everyone who entered a question's fit."""
    estimand, fitted, entered = question.kept().estimand, question.fit(), question.rows_used()
    dose = pl.col(estimand.column).cast(pl.Float64)
    yes_or_no = entered[estimand.column].n_unique() == 2
    before = entered.with_columns((pl.lit(0.0) if yes_or_no else dose).alias(estimand.column))
    after = entered.with_columns((pl.lit(1.0) if yes_or_no else dose + estimand.step).alias(estimand.column))
    weights = entered[estimand.weights].to_numpy() if estimand.weights else np.ones(entered.height)
    observed, low, high = (_matrix(frame, estimand, fitted) for frame in (entered, before, after))
    return Stepped(entered, observed, low, high, weights / weights.sum())


def average_answer(question: Question, values: Sequence[float]) -> pl.DataFrame:
    """Give how one step changes the average of what an ordered logit's answers stand for, a row as of `contrast`."""
    fitted, at = question.fit(), stepped(question)
    (low, low_slope), (high, high_slope) = (expected_answer(fitted, m, values) for m in (at.before, at.after))
    return delta_line(fitted, float(at.weights @ (high - low)), at.weights @ (high_slope - low_slope))


def average_chance(question: Question, times: float = 1) -> pl.DataFrame:
    """Give how one step changes the average chance of a yes by a logit, `times` over, a row as of `contrast`."""
    fitted, at = question.fit(), stepped(question)
    chances = [expit(matrix @ fitted.params) for matrix in (at.before, at.after)]
    slopes = [(chance * (1 - chance))[:, None] * m for chance, m in zip(chances, (at.before, at.after), strict=True)]
    return delta_line(
        fitted, times * float(at.weights @ (chances[1] - chances[0])), times * (at.weights @ (slopes[1] - slopes[0]))
    )


def ratio_of_means(question: Question) -> pl.DataFrame:
    """Give the log ratio of the average expected counts one step apart, a row as of `Fit.contrast`.

    The question's family is one of `AVERAGED`.
    """
    fitted, at, estimand = question.fit(), stepped(question), question.estimand
    assert estimand.maximum is not None  # noqa: S101 -- these families need one
    logs, slopes = [], []
    for matrix in (at.before, at.after):
        mean, gradient = expected_count(fitted, matrix, estimand.family, estimand.maximum)
        logs.append(np.log(at.weights @ mean))
        slopes.append(at.weights @ gradient / (at.weights @ mean))
    whole = replace(fitted, vcov=fitted.vcov if fitted.whole is None else fitted.whole[1])
    return delta_line(whole, float(logs[1] - logs[0]), slopes[1] - slopes[0])


def _matrix(frame: pl.DataFrame, estimand: Estimand, fitted: Fit) -> Array:
    """Set the rows of a frame as the columns of a fit; a threshold has none."""
    ready = exposed(frame, estimand)
    ready, _ = expand_terms(ready, [*exposure_terms(frame, estimand), *estimand.adjustment])
    constants = {INTERCEPT: 1.0} | {name: 0.0 for name in fitted.names if "|" in name}
    columns = [pl.lit(constants[n]) if n in constants else pl.col(n).cast(pl.Float64) for n in fitted.names]
    return ready.select(column.alias(str(place)) for place, column in enumerate(columns)).to_numpy()
