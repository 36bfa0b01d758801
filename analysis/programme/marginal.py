"""A marginal structural model of a night's dose: nights weighted until what came before tells nothing of the dose.

The primary models hold what came before still by a slope each; here nothing is held still but the person. A night
counts by the chance of its dose in that person at large over the chance of it given what came before: stress, sleep
lost, the other doses of the adjustment set, and last night's jerks, which lead to today's dose and were led to by
yesterday's. Among nights weighted so, the dose goes with nothing of these (Robins, Hernan & Brumback 2000, Epidemiology
11:550). Only tonight's dose is asked about, so that a night needs its own weight and no product over earlier ones.

A dose is skewed and often zero, for which a normal density is wrong: the chances are those of a class, zero and tenths
of the doses above it, by an ordered logit (Naimi et al. 2014, Epidemiology 25:292). The parametric g-formula would need
no weights, but with a person's intercept and one night it is the primary model itself. Weights are truncated, which
keeps errors short and, like the width of classes, leaves some of what they should take away.

The errors know that weights are estimated: a person's influence on the ratio, as if each were left out in turn (CR3),
includes that on the weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import expit

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.dynamic import BEFORE, with_jerks_before
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.covariance import scores_without_each
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.problem import Array, Codes, group_sums
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.studies.sets import AnalysisSet

WEIGHT, CLASS = "dose_weight", "dose_class"
CLASSES = 10
TRUNCATED = (0.01, 0.99)  # as for the weights of response
ERRORS = "CR3, weights estimated"


@analysis("marginal structural", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio from nights weighted by the inverse of the chance of their dose.

    The second row of each also holds still what it is weighted for: it is right if either the chances or the slopes are
    (Robins & Rotnitzky 2001, Stat Sinica 11:920), as a ratio of rates means the same with and without them.
    """
    frame = with_jerks_before(data)
    for question in questions(data):
        past = (*question.estimand.adjustment, BEFORE)
        facts = {"role": "sensitivity", "variant": "inverse-probability", "covariance": ERRORS}
        blank = question.blank(**facts, adjustment="+".join(past))
        yield from attempt(_row, blank, question.on(frame))
        yield from attempt(_row, blank | {"variant": "doubly-robust"}, question.on(frame), past)


def _row(blank: Row, question: Question, held: Sequence[str] = ()) -> Iterator[Row]:
    fitted = marginal_structural(question, held)
    yield line_row(blank, question.data, fitted, fitted.contrast({question.estimand.exposure: 1}))


@dataclass(frozen=True, eq=False)
class Weights:
    """The weight of each night (n,), and what its log owes to each coefficient of the two models of the dose (n, q).

    `scores` (n, q) and `information` (q, q) are those coefficients' own.
    """

    values: Array
    slopes: Array
    scores: Array
    information: Array


def marginal_structural(question: Question, held: Sequence[str] = ()) -> Fit:
    """Fit fixed-effects Poisson on the dose, and on what is `held` still, to weighted nights with `jerks_prev`.

    Returns a `Fit` whose limits are Student's with persons - 1 degrees of freedom. Raises HypnicError
    where the dose or the outcome cannot be fitted.
    """
    data, exposure, outcome = question.data, question.estimand.exposure, str(question.data.outcome)
    frame = complete(question)
    weights = dose_weights(question, frame)
    frame = frame.with_columns(pl.Series(WEIGHT, weights.values))
    fitted = fit(
        frame, outcome, [exposure, *held], "fe-poisson", groups=data.person, weights=WEIGHT, covariance="CR3"
    )  # fmt: skip
    persons = np.unique(frame[data.person].to_numpy(), return_inverse=True)[1].astype(np.intp)
    vcov = _covariance(fitted, weights, persons)
    return replace(fitted, vcov=vcov, df=float(fitted.info["n_groups"] - 1), freedom=None, joint=None)


def complete(question: Question) -> pl.DataFrame:
    """Keep the nights with every answer, and add the class of their dose and persons' means over their other nights."""
    data, estimand = question.data, question.estimand
    columns = [estimand.column, *estimand.adjustment]
    frame = question.exposed().drop_nulls([str(data.outcome), *columns, BEFORE])
    frame = frame.filter(pl.len().over(data.person) > 1)
    if frame.is_empty():
        message = f"no two nights of anybody have {estimand.column} and all it is weighted for"
        raise HypnicError(message, reason="unanswered")
    others = {f"{c}, other nights": (pl.col(c).sum() - pl.col(c)).over(data.person) for c in columns}
    counted = [value / (pl.len().over(data.person) - 1) for value in others.values()]
    means = [value.alias(name) for name, value in zip(others, counted, strict=True)]
    return frame.with_columns(*means, pl.Series(CLASS, dose_classes(frame[estimand.column].to_numpy())))


def dose_classes(dose: Array) -> Codes:
    """Give each dose the number of its class, from 0: its lowest value where a tenth have it, then tenths of the rest.

    >>> dose_classes(np.array([0.0, 0.0, 5.0, 7.0])).tolist()
    [0, 0, 1, 2]
    """
    lowest = dose == dose.min()
    spiked = bool(lowest.mean() >= 1 / CLASSES)
    rest = dose[~lowest] if spiked else dose
    cuts = np.unique(np.quantile(rest, np.arange(1, CLASSES) / CLASSES)) if rest.size else np.empty(0)
    found = np.searchsorted(cuts, dose, side="left") + 1
    found[lowest & spiked] = 0
    return np.unique(found, return_inverse=True)[1].astype(np.intp)


def dose_weights(question: Question, frame: pl.DataFrame) -> Weights:
    """Weigh complete nights by the chance of their dose by the person over that by what came before as well."""
    usual = [name for name in frame.columns if name.endswith(", other nights")]
    models = [_model(frame, usual), _model(frame, [*usual, *question.estimand.adjustment, BEFORE])]
    (above, up), (below, down) = ((np.exp(logp), scores) for logp, scores, _ in models)
    values = above / below
    low, high = np.quantile(values, TRUNCATED)
    free = ((values > low) & (values < high))[:, None]
    information = np.zeros((up.shape[1] + down.shape[1],) * 2)
    information[: up.shape[1], : up.shape[1]] = models[0][2]
    information[up.shape[1] :, up.shape[1] :] = models[1][2]
    return Weights(
        np.clip(values, low, high), np.hstack([up, -down]) * free, np.hstack([up, down]), information
    )  # fmt: skip


def _model(frame: pl.DataFrame, terms: Sequence[str]) -> tuple[Array, Array, Array]:
    """Give the log chance of each night's class, its scores, and the information, of an ordered logit."""
    varying = [term for term in terms if frame[term].n_unique() > 1]
    fitted = fit(frame, CLASS, varying, "ordered", covariance="HC0")
    if not fitted.info["converged"]:
        message = "the chance of a dose could not be fitted"
        raise HypnicError(message, reason="no_maximum")
    thresholds = len(fitted.names) - len(varying)
    line = frame.select(varying).cast(pl.Float64).to_numpy() @ fitted.params[thresholds:]
    reached = expit(fitted.params[:thresholds] - line[:, None])
    steps = np.column_stack([np.zeros(len(line)), reached, np.ones(len(line))])
    chance = np.take_along_axis(np.diff(steps, axis=1), frame[CLASS].to_numpy()[:, None], axis=1)[:, 0]
    return np.log(chance), fitted.estimation.scores, fitted.estimation.information


def _covariance(fitted: Fit, weights: Weights, persons: Codes) -> Array:
    """Give the sandwich over persons of the stacked equations of the ratio and of the weights."""
    estimation, places, cluster = fitted.estimation, fitted.sample.places, fitted.sample.cluster
    assert cluster is not None  # noqa: S101
    bread: Array = np.asarray(np.linalg.inv(estimation.information), dtype=np.float64)
    entering = group_sums(estimation.scores, cluster, int(cluster.max()) + 1)
    own = np.zeros((int(persons.max()) + 1, len(fitted.params)))  # who never jerks tells of the weights alone
    first = np.unique(cluster, return_index=True)[1]
    own[persons[places][first]] = scores_without_each(estimation, bread, cluster, entering)
    carried = estimation.scores.T @ weights.slopes[places] @ np.linalg.inv(weights.information)
    influence = own + group_sums(weights.scores, persons, len(own)) @ carried.T
    back = fitted.columns.back @ bread
    return np.asarray(back @ influence.T @ influence @ back.T)
