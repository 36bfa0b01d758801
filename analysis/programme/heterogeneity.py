"""How the effect of alcohol differs between persons: NB2 with a random intercept and a random slope of the dose.

Every term enters as the person's mean and the night's own value, so that the slope is one within persons. The random
slope is on the dose itself: on its distance from the person's mean, the intercept would hold the slope times that mean,
and the two would not be independent, as the likelihood supposes; the mean slope then comes out too high.

Three means of one effect differ. The typical person's ratio is exp(mean) of persons' log ratios. The mean of persons'
ratios is exp(mean + variance / 2), as the exponential is convex. Fixed-effects Poisson, the primary estimate, weighs
persons by their counts and doses, which lifts it further where persons differ.

The sd of slopes is kept off zero by a penalty: few diaries tell it from zero, and where it is put there the mean slope
drifts to the weighted one, with errors that are too small.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp, sqrt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import chi2, norm

from hypnic.analysis.mixed.fit import MixedFit, fit_mixed
from hypnic.analysis.mixed.intervals import FURTHEST, limits, ratio_profile, spread_profile
from hypnic.analysis.mixed.maximum import Maximum, likeliest
from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, fit_facts, line_row, rounded
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.studies.sets import AnalysisSet

Interval = tuple[float, float, float]  # an estimate, and its lower and upper 95 % limits
LAW = "mixed-nb2"  # a random intercept and a random slope of the dose, by Laplace's approximation
TOLD = "alcohol"  # popular sources say that it helps some and harms others: its rows are here
REACH = 1.959963984540054  # 95 of 100 persons lie within so many sds of the mean
_NOTHING = 1e-8  # a likelihood ratio that is rounding error


@dataclass(frozen=True, eq=False)
class Heterogeneity:
    """What an NB2 model with a random slope says of one exposure, in its unit.

    `typical` is the mean of persons' log ratios, `average` the log of their mean ratio, each a row as of
    `Fit.contrast`. `spread` is the sd of persons' log ratios, and `p_value` that of the likelihood-ratio test that it
    is zero (a 50:50 mixture of chi-square with 0 and 1 degrees of freedom: Self & Liang 1987, JASA 82:605). `helped` is
    the share of persons whose ratio is below 1; its limits reach 0 or 1 where the data do not exclude them.
    """

    fitted: MixedFit
    typical: pl.DataFrame
    average: pl.DataFrame
    spread: Interval
    p_value: float
    helped: Interval


@analysis("heterogeneity", tables=("diary",), cost=2.5)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for the diary's alcohol, two means of persons' ratios, their range and spread, and the share it helps.

    Between `range-of-persons-low` and `range-of-persons-high` lies the ratio of 95 of 100 people.
    """
    for question in questions(data):
        if question.estimand.exposure == TOLD:
            facts = {"role": "secondary", "covariance": "CR1S", "family": LAW, "variant": "typical-person"}
            yield from attempt(_rows, question.blank(**facts), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, question = question.data, question.kept()
    blank, fitted = blank | question.adjusted(), random_slope(question)
    # exp(mean) and exp(mean + variance / 2) of persons' log ratios
    typical, average = means(fitted, question)
    for variant, line in (("typical-person", typical), ("mean-of-persons", average)):
        yield line_row(blank | {"variant": variant}, data, fitted, line)
    yield from reach_rows(blank | {"role": "exploratory"} | fit_facts(data, fitted), question, fitted, typical)
    facts = {"covariance": "profile likelihood", "variant": "sd-of-log-ratios", "scale": "difference"}
    yield from attempt(_profiled, blank | facts, question, fitted)


def _profiled(blank: Row, question: Question, fitted: MixedFit) -> Iterator[Row]:
    """Give what is read off the likelihood itself, which short diaries can leave without a single maximum."""
    facts = blank | fit_facts(question.data, fitted)
    spread, p_value, helped = _persons(fitted, question.estimand.exposure)
    yield facts | _limits(spread) | {"p_value": rounded(p_value)}
    yield facts | {"variant": "ratio-below-1", "scale": "share"} | _limits(helped)


def _limits(interval: Interval) -> Row:
    return dict(zip(("estimate", "conf_low", "conf_high"), map(rounded, interval), strict=True))


def reach_rows(facts: Row, question: Question, fitted: MixedFit, typical: pl.DataFrame) -> Iterator[Row]:
    """Say between which ratios 95 of 100 persons lie, by the estimates themselves."""
    ends = reach(float(typical["estimate"][0]), own_spread(fitted, question.estimand.exposure))
    for end, ratio in zip(("low", "high"), ends, strict=True):
        yield facts | {"covariance": "none", "variant": f"range-of-persons-{end}", "estimate": rounded(ratio)}


def reach(mean: float, sd: float) -> tuple[float, float]:
    """Give the ratios between which 95 of 100 persons lie, by the mean and the sd of their log ratios.

    >>> [round(ratio, 2) for ratio in reach(0.0, 0.1)]
    [0.82, 1.22]
    """
    return exp(mean - REACH * sd), exp(mean + REACH * sd)


def heterogeneity(question: Question) -> Heterogeneity:
    """Fit the random slope of a diary estimand's exposure, with its adjustment set.

    Raises HypnicError, saying what is the matter, for whatever cannot be fitted.
    """
    fitted = random_slope(question)
    typical, average = means(fitted, question)
    spread, p_value, helped = _persons(fitted, question.estimand.exposure)
    return Heterogeneity(fitted, typical, average, spread, p_value, helped)


def random_slope(question: Question) -> MixedFit:
    """Fit the model that all of it is read off."""
    data, exposure = question.data, question.estimand.exposure
    frame, terms = split(question)
    fitted = fit_mixed(frame, str(data.outcome), terms, "nb2", data.person, slope=exposure, off_zero=True)
    if not fitted.info["converged"]:
        message = "the fit with a random slope did not converge"
        raise HypnicError(message, reason="no_maximum")
    return fitted


def means(fitted: MixedFit, question: Question) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the mean of persons' log ratios, and the log of their mean ratio."""
    exposure, sd = question.estimand.exposure, f"sd:{question.estimand.exposure}"
    spread = float(fitted.params[fitted.names.index(sd)])
    # mean + variance / 2, with the limits of its tangent
    tangent = fitted.contrast({exposure: 1, sd: spread})
    shifted = pl.col("estimate", "conf_low", "conf_high") - spread**2 / 2
    average = tangent.with_columns(shifted).with_columns(statistic=pl.col("estimate") / pl.col("std_error"))
    average = average.with_columns(p_value=pl.Series(2 * norm.sf(average["statistic"].abs())))
    return fitted.contrast({exposure: 1}), average


def split(question: Question) -> tuple[pl.DataFrame, list[str]]:
    """Keep the complete nights, and give each covariate as the person's mean and the distance from it.

    The exposure stays whole, next to the person's mean: with that held, its coefficient is the one within persons.
    """
    data, estimand = question.data, question.estimand
    own = {name: pl.col(name).cast(pl.Float64) for name in estimand.adjustment}
    dose = pl.col(estimand.column) / estimand.step
    frame = data.frame.drop_nulls([str(data.outcome), estimand.column, *estimand.adjustment])
    if frame.is_empty():
        message = f"no night has {estimand.column} and all it is adjusted for"
        raise HypnicError(message, reason="unanswered")
    means = {f"{name}_mean": value.mean().over(data.person) for name, value in own.items()}
    within = {f"{name}_within": value - value.mean().over(data.person) for name, value in own.items()}
    level = {f"{estimand.exposure}_mean": dose.mean().over(data.person)}
    columns = {estimand.exposure: dose} | level | within | means
    return frame.select(data.person, str(data.outcome), **columns), list(columns)


def _persons(fitted: MixedFit, exposure: str) -> tuple[Interval, float, Interval]:
    """Say how far persons' slopes spread, the p value that they do not, and the share below zero.

    The estimates are those of the fit; limits and p are of the likelihood itself, which may well be highest at zero.
    """
    with _single_maximum(exposure):
        found = likeliest(fitted.maximum)
        return *_spread(fitted, exposure, found), _helped(fitted, exposure, found)


def spread_of(fitted: MixedFit, exposure: str) -> tuple[Interval, float]:
    """Say how far persons' slopes spread, and the p value that they do not.

    Raises HypnicError where the likelihood has no single maximum.
    """
    with _single_maximum(exposure):
        return _spread(fitted, exposure, likeliest(fitted.maximum))


def own_spread(fitted: MixedFit, exposure: str) -> float:
    """Give the sd of persons' log ratios that the fit itself ends at."""
    mean, at = fitted.names.index(exposure), fitted.maximum.model.parts[1].stop - 1
    return float(fitted.maximum.params[at]) * float(fitted.design.back[mean, mean])


def _spread(fitted: MixedFit, exposure: str, found: Maximum) -> tuple[Interval, float]:
    mean, at = fitted.names.index(exposure), found.model.parts[1].stop - 1
    unit, spread = float(fitted.design.back[mean, mean]), float(found.params[at])
    profile = spread_profile(found)
    ratio = 2 * (found.loglik - profile(0.0))
    p_value = float(chi2.sf(ratio, 1)) / 2 if ratio > _NOTHING else 1.0
    low, high = limits(profile, found.loglik, spread, 0.0, spread + 10 / sqrt(found.information[at, at]))
    return (own_spread(fitted, exposure), low * unit, high * unit), p_value


def _helped(fitted: MixedFit, exposure: str, found: Maximum) -> Interval:
    mean, at = fitted.names.index(exposure), found.model.parts[1].stop - 1
    (slope, spread), (own_slope, own) = (m.params[[mean, at]].tolist() for m in (found, fitted.maximum))
    standardised = slope / max(spread, abs(slope) / FURTHEST)
    ends = limits(ratio_profile(found, mean), found.loglik, standardised, -FURTHEST, FURTHEST)
    helped, least, most = (_share_below_zero(value) for value in (own_slope / own, *reversed(ends)))
    return helped, least, most


@contextmanager
def _single_maximum(exposure: str) -> Iterator[None]:
    try:
        yield
    except np.linalg.LinAlgError:  # the information is flat in some direction
        message = f"the likelihood of the spread of {exposure} has no single maximum"
        raise HypnicError(message, reason="no_maximum") from None


def _share_below_zero(standardised: float) -> float:
    """Turn the mean of slopes over their sd into the share of slopes below zero; at its furthest, none or all."""
    if abs(standardised) >= FURTHEST:
        return float(standardised < 0)
    return float(norm.cdf(-standardised))
