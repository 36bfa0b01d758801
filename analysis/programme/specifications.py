"""The specification curve: one diary exposure under every defensible choice, and a permutation test of them all.

Simonsohn, Simmons & Nelson (2020, Nature Human Behaviour 4:1208). The choices are written down here before any data;
none is picked by its result. What they share is the comparison within persons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, line_row, refuse_few, rounded
from hypnic.analysis.regression.conditional import estimate_fe_poisson
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.problem import Array, Codes, Problem, group_sums
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.instrument import Instrument
    from hypnic.analysis.studies.sets import AnalysisSet

PERMUTATIONS, SEED = 199, 20260401
FROZEN_SET = "frozen-set"
OUTCOMES = {"any-jerk": "any_jerk"}  # a coding that is an outcome with a name of its own
CAP = 5  # jerks a night, in the coding that lets no night weigh more
CODINGS = {
    "count": pl.col("jerk_count"),
    "any-jerk": (pl.col("jerk_count") > 0).cast(pl.Int64),
    f"at-most-{CAP}": pl.col("jerk_count").clip(upper_bound=CAP),
}
NIGHTS = {
    "all-nights": pl.lit(value=True),
    "from-night-3": pl.col("night_index") > 2,
    "usual-nights": pl.col("unusual_night") == "no",
}


@dataclass(frozen=True)
class Specification:
    """One way to ask the same question."""

    column: str
    coding: str
    nights: str
    others: str
    adjustment: tuple[str, ...]

    def __str__(self) -> str:
        """Name what was chosen, as `variant` does."""
        return f"{self.column}/{self.coding}/{self.nights}/{self.others}"


def specifications(
    estimand: Estimand, primary: Sequence[Estimand], instrument: Instrument
) -> tuple[Specification, ...]:
    """Give every combination of window, coding, nights and adjustment set; the first is the primary one.

    The second adjustment set adds the other exposures of `primary`: the effect is then a direct one.
    """
    sets = {FROZEN_SET: (), "all-exposures": tuple(other.column for other in primary)}
    windows = {estimand.column: (), **instrument.windows.get(estimand.exposure, {})}
    every = (
        Specification(column, coding, nights, others, _adjustment(estimand, {column, *contained}, added))
        for column, contained in windows.items()
        for coding, nights, (others, added) in product(CODINGS, NIGHTS, sets.items())
    )
    # Where the frozen set holds every other exposure already, the second set is the first: one is kept.
    alike = {(s.column, s.coding, s.nights, frozenset(s.adjustment)): s for s in reversed(list(every))}
    return tuple(reversed(alike.values()))


@analysis("specifications", tables=("diary",), cost=4)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each specification's ratio, and for each exposure the permutation test of their median."""
    primary = [question.kept() for question in questions(data)]
    for question in primary:
        every = specifications(question.estimand, [other.estimand for other in primary], data.instrument)
        for chosen in every[1:]:
            facts: dict[str, Any] = {
                "variant": str(chosen),
                "adjustment": "+".join(chosen.adjustment),
                "outcome": OUTCOMES.get(chosen.coding, question.estimand.outcome),
                "effect": "total" if chosen.others == FROZEN_SET else "direct",
            }
            yield from attempt(_row, question.blank(role="sensitivity", **facts), question, chosen)
        facts = {"variant": "median", "scale": "test", "covariance": f"{PERMUTATIONS} permutations"}
        yield from attempt(_joint, question.blank(role="sensitivity", **facts), question, every)


def _adjustment(estimand: Estimand, window: Collection[str], added: tuple[str, ...]) -> tuple[str, ...]:
    """Give the frozen set and what is added, less what the `window` itself contains."""
    inside = {estimand.column, *window}
    return tuple(name for name in dict.fromkeys((*estimand.adjustment, *added)) if name not in inside)


def _row(blank: Row, question: Question, chosen: Specification) -> Iterator[Row]:
    data, estimand = question.data, question.estimand
    frame = data.frame.filter(NIGHTS[chosen.nights]).with_columns(
        CODINGS[chosen.coding].alias("outcome"), (pl.col(chosen.column) / estimand.step).alias(estimand.exposure)
    )
    terms = [estimand.exposure, *chosen.adjustment]
    fitted = fit(frame, "outcome", terms, estimand.family, covariance=estimand.covariance, **data.keywords)
    yield line_row(blank, replace(data, frame=frame), fitted, fitted.contrast({estimand.exposure: 1}))


def _joint(blank: Row, question: Question, every: tuple[Specification, ...]) -> Iterator[Row]:
    """Test whether the median over specifications is further from no association than permuted doses bring it.

    Doses change places among a person's nights, in all specifications alike. Each log ratio is one Newton step from
    the fit without the exposure, which orders data sets as the full fit does and costs a thousandth.
    """
    data, estimand = question.data, question.estimand
    columns = {column for chosen in every for column in (chosen.column, *chosen.adjustment)}
    if absent := sorted(column for column in columns if data.frame[column].is_null().all()):
        message = f"nobody answered {', '.join(absent)}"
        raise HypnicError(message, reason="unanswered")
    # In one order whatever that of the rows was: places are drawn by row.
    frame = data.frame.drop_nulls([*columns, "jerk_count"]).sort(data.person, "night_index")
    person = np.unique(frame[data.person].to_numpy(), return_inverse=True)[1].astype(np.intp)
    numbers = {name: frame[name].cast(pl.Float64).to_numpy() for name in columns}
    orders = _within_person(person.tobytes(), PERMUTATIONS)
    steps = np.array([_steps(frame, numbers, person, orders, chosen) for chosen in every])
    median = np.median(steps, axis=0) * estimand.step
    further = int((np.abs(median[1:]) >= abs(median[0])).sum())
    yield (
        blank
        | ESTIMATED
        | {
            "estimate": rounded(float(np.exp(median[0]))),
            "p_value": rounded((1 + further) / (1 + PERMUTATIONS)),
            "n_rows": frame.height,
            "n_persons": int(person.max()) + 1,
            "n_dropped": data.frame.height - frame.height,
        }
    )


@lru_cache(maxsize=1)  # one exposure's nights are often another's
def _within_person(persons: bytes, times: int) -> Codes:
    """Give (n, 1 + times) row numbers: as they are, then shuffled within persons, whose codes are given as bytes."""
    person = np.frombuffer(persons, dtype=np.intp)
    draw = np.random.default_rng(SEED)
    at_home = np.argsort(person, kind="stable")
    orders = [np.arange(len(person))]
    for _ in range(times):
        shuffled = np.lexsort((draw.random(len(person)), person))
        order = np.empty(len(person), dtype=np.intp)
        order[at_home] = shuffled
        orders.append(order)
    return np.column_stack(orders)


def _steps(
    frame: pl.DataFrame, numbers: Mapping[str, Array], person: Codes, orders: Codes, chosen: Specification
) -> Array:
    """Give the first Newton step of the exposure's log ratio per unit, for each order of the doses.

    `numbers` are the columns of `frame` that any specification looks at.
    """
    table = frame.with_columns(
        CODINGS[chosen.coding].cast(pl.Float64).alias("outcome"), NIGHTS[chosen.nights].alias("kept")
    )
    outcome, wanted = table["outcome"].to_numpy(), table["kept"].fill_null(value=False).to_numpy()
    events, nights = (np.bincount(person, weights=weight) for weight in (outcome * wanted, wanted.astype(np.float64)))
    kept = wanted & (events[person] > 0) & (nights[person] > 1)
    persons, codes = np.unique(person[kept], return_inverse=True)
    y, size = outcome[kept], len(persons)
    refuse_few(size)
    z = np.array([numbers[name] for name in chosen.adjustment]).T[kept]
    spread = z.std(axis=0)
    if not spread.all():
        message = f"something that it adjusts for is the same in every row: {chosen}"
        raise HypnicError(message, reason="no_variation")
    z = (z - z.mean(axis=0)) / spread
    ones, none = np.ones(len(y)), np.zeros(len(y))
    fitted = estimate_fe_poisson(Problem(z, y, none, ones, codes)).fitted
    dose = numbers[chosen.column][orders[kept]]
    if (dose == dose[0, 0]).all():
        message = f"the dose is the same in every row: {chosen}"
        raise HypnicError(message, reason="no_variation")
    w = fitted[:, None]
    within = np.column_stack([z, dose])
    within = within - (group_sums(w * within, codes, size) / group_sums(w, codes, size))[codes]
    z, x = within[:, : z.shape[1]], within[:, z.shape[1] :]
    x = x - z @ np.linalg.solve(z.T @ (w * z), z.T @ (w * x))
    return np.asarray(((y - fitted) @ x) / (w * x**2).sum(axis=0))
