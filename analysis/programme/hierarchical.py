"""The Bayesian companion of the diary's primary rows: NB2 with a level and a slope for every person, with priors.

The model and its adjustment are those of `heterogeneity`; where that takes a maximum, here is a distribution, so that
what is not known of the spreads widens the limits of the ratio. It is run only where it is asked for: it takes minutes,
needs a library that nothing else does, and its last digits differ between kinds of processors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.bayes import Counts, draw, refuse_absent
from hypnic.analysis.bayes.convergence import FEWEST, WORST_R_HAT, bulk, r_hat, tail
from hypnic.analysis.bayes.predictive import predicted
from hypnic.analysis.bayes.priors import PRIORS
from hypnic.analysis.bayes.shrinkage import shrinkage
from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.heterogeneity import split
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, NOT_CONVERGED, Row, attempt, refuse_few, rounded
from hypnic.analysis.regression.problem import Array
from hypnic.analysis.studies.estimands import Estimand
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_PERSONS

if TYPE_CHECKING:
    from hypnic.analysis.studies.sets import AnalysisSet

LAW = "bayes-nb2"
POSTERIOR = "posterior"  # what stands for errors: the sd of the draws, and their 2.5 % and 97.5 % quantiles
TIMES = 2.0  # how much wider the other priors are


@dataclass(frozen=True, eq=False)
class Companion:
    """What was drawn of one estimand, on the log scale for ratios, as draws of all chains in one row.

    `typical` is the mean of persons' log ratios, `average` the log of their mean ratio, `spread` the sd of persons' log
    ratios. `weights` are those of the same draws under wider priors. `r_hat` is the largest and `bulk` the smallest of
    all parameters, persons' own included; `tail` is that of `typical`. `predictive` is of `predicted`, `shrinkage` of
    the function of that name.
    """

    estimand: Estimand
    rows: int
    persons: int
    typical: Array
    average: Array
    spread: Array
    weights: Array
    r_hat: float
    bulk: float
    tail: float
    divergences: int
    predictive: pl.DataFrame
    shrinkage: pl.DataFrame

    @property
    def converged(self) -> bool:
        """Tell whether the chains came together, and are worth enough draws."""
        return self.r_hat <= WORST_R_HAT and min(self.bulk, self.tail) >= FEWEST

    @property
    def worth(self) -> float:
        """Say how many independent draws the chains are worth once they are weighted for wider priors."""
        return float(self.bulk * self.weights.sum() ** 2 / (len(self.weights) * (self.weights**2).sum()))


@analysis("bayes", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give four rows for each exposure: the typical person's ratio, again under wider priors, and two of the spread.

    Estimates are medians of the posterior, and limits hold 95 % of it. Raises HypnicError where numpyro is absent.
    """
    refuse_absent()
    for question in questions(data):
        facts = {"role": "sensitivity", "covariance": POSTERIOR, "family": LAW, "variant": "typical-person"}
        yield from attempt(_rows, question.blank(**facts), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    found = companion(question.data, question.estimand)
    blank |= question.kept().adjusted() | {
        "n_rows": found.rows, "n_persons": found.persons, "n_dropped": question.data.frame.height - found.rows,
    }  # fmt: skip
    equal = np.ones_like(found.weights)
    yield blank | _summary(found.typical, equal, ratio=True, reached=found.converged)
    wider = {"variant": "typical-person-wider-priors"}
    reached = found.converged and found.worth >= FEWEST
    yield blank | wider | _summary(found.typical, found.weights, ratio=True, reached=reached)
    mean = {"variant": "mean-of-persons"}
    yield blank | mean | _summary(found.average, equal, ratio=True, reached=found.converged)
    spread = {"variant": "sd-of-log-ratios", "scale": "difference"}
    yield blank | spread | _summary(found.spread, equal, ratio=False, reached=found.converged)


def _summary(draws: Array, weights: Array, *, ratio: bool, reached: bool) -> Row:
    """Give the median, the limits of the middle 95 % and the sd of weighted draws."""
    if not reached:
        return NOT_CONVERGED
    order = np.argsort(draws, kind="stable")
    share = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    ends = np.interp([0.5, 0.025, 0.975], share, draws[order])
    mean = float(np.average(draws, weights=weights))
    sd = float(np.sqrt(np.average((draws - mean) ** 2, weights=weights)))
    shown = [rounded(float(np.exp(end) if ratio else end)) for end in ends]
    return dict(zip(("estimate", "conf_low", "conf_high"), shown, strict=True)) | {"std_error": rounded(sd)} | ESTIMATED


@lru_cache(maxsize=16)
def companion(data: AnalysisSet, estimand: Estimand) -> Companion:
    """Draw from the posterior of one estimand on a set; once, though rows, checks and figures are made of it.

    Raises HypnicError where numpyro is absent, and for whatever cannot be fitted.
    """
    refuse_absent()
    counts = counts_of(Question(data, estimand))
    refuse_few(len(counts.count))
    draws = draw(counts)
    every = [*draws.shared.values(), draws.levels, draws.slopes]
    typical, spread = (draws.shared[name].ravel() for name in ("slope", "spread_slope"))
    densities = [priors.log_density(draws.shared).ravel() for priors in (PRIORS.wider(TIMES), PRIORS)]
    ratio = densities[0] - densities[1]
    return Companion(
        estimand=estimand,
        rows=counts.rows,
        persons=len(counts.count),
        typical=typical,
        average=typical + spread**2 / 2,
        spread=spread,
        weights=np.exp(ratio - ratio.max()),
        r_hat=float(max(r_hat(one).max() for one in every)),
        bulk=float(min(bulk(one).min() for one in every)),
        tail=float(tail(draws.shared["slope"])),
        divergences=draws.divergences,
        predictive=predicted(counts, draws, FEWEST_PERSONS),
        shrinkage=shrinkage(counts, draws, FEWEST_PERSONS),
    )


def companions(data: AnalysisSet, progress: Callable[[str], None] = lambda _: None) -> tuple[Companion, ...]:
    """Draw for every primary question of a diary; `progress` is told which. What cannot be fitted is left out.

    Raises HypnicError where numpyro is absent.
    """
    refuse_absent()
    found = []
    asked = questions(data) if rows.suits(data) else ()
    for number, question in enumerate(asked, 1):
        progress(f"drawing from the posterior: {question.estimand.exposure} ({number} of {len(asked)})")
        with suppress(HypnicError):  # its row of the estimates says why
            found.append(companion(data, question.estimand))
    return tuple(found)


def counts_of(question: Question) -> Counts:
    """Arrange the nights of a question, with its adjustment after the rule for lean studies, as `Counts`.

    Raises HypnicError where no night is complete, or no jerk was noticed.
    """
    question = question.kept()
    frame, terms = split(question)
    person = np.unique(frame[question.data.person].to_numpy(), return_inverse=True)[1].astype(np.intp)
    order = np.argsort(person, kind="stable")
    frame, person = frame[order], person[order]
    count = frame[str(question.data.outcome)].cast(pl.Float64).to_numpy()
    if not count.any():
        message = "no jerk was noticed on any complete night"
        raise HypnicError(message, reason="no_variation")
    within, between = (
        frame.select(pl.col([term for term in terms[1:] if term.endswith(end)]).cast(pl.Float64)).to_numpy()
        for end in ("_within", "_mean")
    )
    return Counts.of(person, count, frame[terms[0]].cast(pl.Float64).to_numpy(), within, between)
