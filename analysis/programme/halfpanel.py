"""The half-panel jackknife: fixed effects without the bias that comes of jerks acting on later exposures.

A jerk night shortens sleep, so the next night's sleep loss knows of tonight's jerks. Fixed-effects Poisson compares
each night with all of a person's nights, later ones too, and is off by an amount that shrinks with their number. In
each half of the nights it is off by twice as much: twice the whole minus the mean of the halves has it cancelled.

Dhaene & Jochmans (2015), Rev Econ Stud 82:991; for exposures that answer to past outcomes: Chudik, Pesaran & Yang
(2018), J Appl Econometrics 33:816.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.fit import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.studies.sets import AnalysisSet

# Twice the whole, minus the mean of the first and the second half.
WEIGHTS = np.array([2.0, -0.5, -0.5])
# What jerks act on the night after.
ANSWERING = "sleep_loss"


@analysis("half-panel", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give the total effect of the exposure that answers to jerks, without the bias of the primary estimator."""
    for question in questions(data):
        if question.estimand.exposure == ANSWERING:
            yield from attempt(_rows, question.blank(role="sensitivity", variant="jackknife"), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, question = question.data, question.kept()
    estimand = question.estimand
    terms = [estimand.exposure, *estimand.adjustment]
    fitted = half_panel(question.exposed(), estimand.outcome, terms, data.person, "night_index", estimand.covariance)
    yield line_row(blank | question.adjusted(), data, fitted, fitted.contrast({estimand.exposure: 1}))


def half_panel(  # noqa: PLR0913, PLR0917  (the arguments of `fit`, and the order of the nights)
    frame: pl.DataFrame, outcome: str, terms: Sequence[str], person: str, night: str, covariance: str = "CR3"
) -> Fit:
    """Fit fixed-effects Poisson to the whole and both halves of each person's nights, and combine the three.

    `frame` has a row a person-night, in any order; `night` orders a person's nights; `terms` are numeric. The middle
    one of a person's complete nights goes to the first half. The three fits are one regression of stacked copies in
    which each has its own coefficients, so that errors clustered by `person` know what they share.

    Returns a `Fit` of `terms` whose `info` is that of the whole, without a likelihood. Raises HypnicError as `fit`.

    >>> rng = np.random.default_rng(1)
    >>> nights = pl.DataFrame({"person": np.repeat(np.arange(50), 8), "night": np.tile(np.arange(8), 50)})
    >>> nights = nights.with_columns(jerks=rng.poisson(1, 400), loss_h=rng.normal(size=400))
    >>> half_panel(nights, "jerks", ["loss_h"], "person", "night").names
    ('loss_h',)
    """
    whole = fit(frame, outcome, terms, "fe-poisson", groups=person, cluster=person, covariance=covariance)
    nights = frame.drop_nulls([outcome, *terms]).sort(person, night)
    later = 2 * pl.int_range(pl.len()).over(person) >= pl.len().over(person)
    copies = pl.concat([nights.with_columns(part=0), nights.with_columns(part=1 + later.cast(pl.Int32))])
    own = {f"{term}, part {part}": pl.col(term) * (pl.col("part") == part) for part in range(3) for term in terms}
    copies = copies.with_columns(pl.format("{} {}", person, "part").alias("stretch"), **own)
    stacked = fit(copies, outcome, list(own), "fe-poisson", groups="stretch", cluster=person, covariance=covariance)
    combine = np.kron(WEIGHTS, np.eye(len(terms)))
    facts = {
        "loglik": None,
        "aic": None,
        "converged": whole.info["converged"] and stacked.info["converged"],
        "score_max": max(whole.info["score_max"], stacked.info["score_max"]),
    }
    vcov = combine @ stacked.vcov @ combine.T
    of = stacked.freedom
    freedom = None if of is None else lambda wanted: of(wanted @ combine)
    return Fit(tuple(terms), combine @ stacked.params, vcov, stacked.df, {**whole.info, **facts}, freedom)
