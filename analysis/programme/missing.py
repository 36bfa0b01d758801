"""Answers left open: the primary models on imputed sets, and how far from chance the gaps would have to lie.

The outcome is a predictor and is never imputed: rows without it are left out (von Hippel 2007, Sociol Methodol 37:83).
Under a survey's design, its strata and the logarithm of its weight are predictors too, and the fits are weighted by the
weight of all who were asked (`Instrument.imputes`): who missed the examination or the diet recall is imputed, not
weighted away. Variances are the design's, degrees of freedom Barnard and Rubin's from the design's own.
Delta adjustment: what was imputed for the exposure is shifted before the fit (van Buuren 2018, 9.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import ceil, exp, isfinite, nan
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import brentq

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.chain import Nights
from hypnic.analysis.programme.imputation import Completed, impute
from hypnic.analysis.programme.pooling import Pooled, pool
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, fit_facts, refuse_few, rounded
from hypnic.analysis.regression.problem import Array
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.errors import HypnicError

SEED = 20
FEWEST_SETS = 20
NIGHT = "night_index"
# No shift up to either end tips the interval.
BEYOND: Row = {"status": "not_estimable", "reason": "out_of_reach"}
REACH = 1.0  # how far gaps are shifted, in standard deviations or log-odds
FEW, FAR = 5, 0.3  # sets, and the share of a limit's distance from no difference, by which far from it is told


@analysis("missing data", tables=("diary", "survey"), cost=10)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give for each primary estimand the ratio from imputed sets, and the shift of the gaps that would tip it.

    A third row says what share of the information is missing. Under a survey's design, where each fit takes long, the
    shift is sought by what it does to the first few sets.
    """
    primary = questions(data)
    if imputes := data.instrument.imputes:
        data = replace(data, frame=data.frame.filter(pl.col(imputes.among) == 1))
        primary = tuple(question.but(weights=imputes.weights) for question in primary)
    sets = cache(lambda: imputed_sets(data, [question.estimand for question in primary]))
    for question in primary:
        yield from attempt(_rows, question.blank(role="sensitivity", variant="imputed"), question, sets)


def imputed_sets(data: AnalysisSet, estimands: Sequence[Estimand]) -> list[Completed]:
    """Complete the columns of some estimands, 20 times or more: once for each per cent of rows with a gap.

    Raises HypnicError where fewer than ten persons said how often it happened.
    """
    outcome = [data.outcome] if isinstance(data.outcome, str) else list(data.outcome)
    named = dict.fromkeys(column for row in estimands for column in (row.column, *row.adjustment))
    order = [data.person, *({NIGHT} & set(data.frame.columns))]
    weights = {row.weights: None for row in estimands if row.weights}
    needed = list(dict.fromkeys([*order, *outcome, *data.keywords.values(), *weights, *named]))  # what fits look at
    frame = data.frame.select(needed).filter(pl.col(outcome[0]).is_not_null()).sort(order)
    refuse_few(frame[data.person].n_unique())
    columns = [column for column in named if not frame[column].is_null().all()]
    incomplete = frame.select(pl.any_horizontal(pl.col(columns).is_null()).mean()).item()
    fixed = np.hstack([outcome_terms(frame, outcome), design_terms(data, frame, list(weights))])
    nights = nights_of(frame, data.person) if NIGHT in frame.columns else None
    return [
        impute(frame, columns, fixed, np.random.default_rng([SEED, number]), nights=nights)
        for number in range(max(FEWEST_SETS, ceil(100 * incomplete)))
    ]


def outcome_terms(frame: pl.DataFrame, outcome: Sequence[str]) -> Array:
    """Give y, log(1 + y), whether y is above 0, and the log of the nights asked about (n, 3 or 4).

    Given its person, a Poisson count tells of a habit by a line in y itself: without it, slopes within persons come out
    a tenth too small (`tests/benchmarks/imputing.py`).
    """
    y, *of = (frame[column].cast(pl.Float64).to_numpy() for column in outcome)
    return np.column_stack([y, np.log1p(y), y > 0, *(np.log(nights) for nights in of)])


def design_terms(data: AnalysisSet, frame: pl.DataFrame, weights: Sequence[str]) -> Array:
    """Give the strata as 0/1 columns, and the logarithm of each weight (n, q); nothing for a set without a design."""
    columns = [np.log(frame[name].cast(pl.Float64).to_numpy()) for name in weights]
    if strata := data.keywords.get("strata"):
        codes = frame[strata].rank("dense").to_numpy()
        columns += [codes == code for code in range(2, int(codes.max()) + 1)]
    return np.column_stack(columns) if columns else np.empty((frame.height, 0))


def nights_of(frame: pl.DataFrame, person: str) -> Nights:
    """Find whose night each row of a diary is, and its neighbours; a night that is absent is no neighbour."""
    place = {key: row for row, key in enumerate(zip(frame[person], frame[NIGHT], strict=True))}
    before, after = (
        np.array([place.get((who, night + step), -1) for who, night in place], dtype=np.intp) for step in (-1, 1)
    )
    return Nights(np.unique(frame[person].to_numpy(), return_inverse=True)[1].astype(np.intp), before, after)


def _rows(blank: Row, question: Question, make: Callable[[], Sequence[Completed]]) -> Iterator[Row]:
    fits = _Fits(question, make())
    facts, pooled = fits.pooled(0.0, len(fits.sets))
    row = blank | facts
    low, high = pooled.limits
    ratios = zip(("estimate", "conf_low", "conf_high"), (pooled.estimate, low, high), strict=True)
    numbers = {"std_error": pooled.std_error, "statistic": pooled.statistic, "p_value": pooled.p_value}
    numbers |= {"df": pooled.df} if isfinite(pooled.df) else {}
    yield row | {key: rounded(exp(value)) for key, value in ratios} | {k: rounded(v) for k, v in numbers.items()}
    share = {"scale": "share", "variant": "missing-information", "estimate": rounded(pooled.missing_information)}
    yield row | share
    if fits.sets[0].gaps[question.estimand.column].any():
        tipping = {"scale": "tipping-point", "variant": "tipping-point"}
        yield from attempt(_tipping, row | tipping, fits, pooled)


def _tipping(blank: Row, fits: _Fits, pooled: Pooled) -> Iterator[Row]:
    yield blank | _tipped(fits, pooled)


def _tipped(fits: _Fits, pooled: Pooled) -> Row:
    sets, column = fits.sets, fits.question.estimand.column
    side = int(np.argmin(np.abs(pooled.limits)))

    def limit(delta: float, m: int) -> float:
        """Give the limit that lay nearer to no difference, after a shift, from the first sets."""
        return fits.pooled(delta, m)[1].limits[side]

    # Far from the mark, a few sets compared with themselves unshifted say so.
    start = pooled.limits[side]

    def roughly(delta: float) -> float:
        return start + limit(delta, FEW) - limit(0.0, FEW)

    def exactly(delta: float) -> float:
        return limit(delta, len(sets)) if delta else start

    ends = [end for end in (-REACH, REACH) if start * roughly(end) < FAR * start**2]
    found = tipping_point(roughly if fits.question.data.instrument.imputes else exactly, ends)
    scale = "log-odds" if column in sets[0].latent else "sd"
    facts = {"scale": "tipping-point", "variant": "tipping-point", "unit": f"{scale} of imputed {column}"}
    return facts | ({"estimate": found} if found is not None else BEYOND)


def tipping_point(limit: Callable[[float], float], ends: Sequence[float] = (-REACH, REACH)) -> float | None:
    """Find the smallest shift, to two decimals, at which a limit of a log ratio crosses 0; None up to either end.

    >>> tipping_point(lambda delta: 0.03 + 0.1 * delta), tipping_point(lambda delta: 0.3 + 0.1 * delta)
    (-0.3, None)
    """
    crossed = [end for end in ends if limit(end) * limit(0.0) < 0]
    found = [round(float(brentq(limit, 0.0, end, xtol=5e-3)), 2) for end in crossed]
    return min(found, key=np.abs) if found else None


class _Line(NamedTuple):
    """What is kept of a fit: its row's facts, and the exposure's line where it converged."""

    facts: Row
    df: float
    estimate: float
    std_error: float


@dataclass(frozen=True, eq=False)
class _Fits:
    """A question's fits to imputed sets, each made once: what is sought looks at some of them again and again."""

    question: Question
    sets: Sequence[Completed]
    made: dict[tuple[float, int], _Line] = field(default_factory=dict)

    def pooled(self, delta: float, m: int) -> tuple[Row, Pooled]:
        """Pool the first `m` sets, what was imputed for the exposure shifted by `delta`; with what a row says of it."""
        lines = [self._line(delta, at) for at in range(m)]
        facts = lines[0].facts | {"score_max": max(line.facts["score_max"] for line in lines)}
        if not all(line.facts["status"] == "estimated" for line in lines):
            message = "an imputed set did not converge"
            raise HypnicError(message, reason="no_maximum")
        estimates, errors = (np.array([line[place] for line in lines]) for place in (2, 3))
        return facts, pool(estimates, errors**2, lines[0].df)

    def _line(self, delta: float, at: int) -> _Line:
        if (delta, at) not in self.made:
            one = self.sets[at]
            question = self.question.on(one.shifted(self.question.estimand.column, delta) if delta else one.frame)
            self.made[delta, at] = _line(question, self.question.data)
        return self.made[delta, at]


def _line(question: Question, data: AnalysisSet) -> _Line:
    fitted, terms = question.fit(), question.terms
    facts = fit_facts(data, fitted)
    df = min(fitted.df, facts["n_persons"] - len(fitted.names))
    if facts["status"] != "estimated":
        return _Line(facts, df, nan, nan)
    line = fitted.contrast(dict.fromkeys(terms, 1 / len(terms))).row(0, named=True)
    return _Line(facts, df, line["estimate"], line["std_error"])
