"""Raking: weights that give a sample the margins of a population, with what they cost in precision."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, line_row, rounded
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet

WEIGHT = "weight_raked"
TRIM = 5.0  # times the mean
CLOSE = 1e-13  # of every margin, relative
ROUNDS = 1000


class Kish(NamedTuple):
    """What unequal weights cost: the factor on a mean's variance, and the persons that are left of n."""

    design_effect: float
    effective: float


class Weighted(NamedTuple):
    """A set's rows with their weights, how many persons have one, and what the weights cost before and after a trim."""

    frame: pl.DataFrame
    persons: int
    full: Kish
    trimmed: Kish


@analysis("raking", tables=("survey",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Fit the primary estimands of a survey once more, weighted to the age and sex of a population.

    Whoever told no age, or a sex that the population's table does not have, is in none of its margins and left out.
    Errors are those of weights that were given, not estimated: a little too wide, as a rule.
    """
    weighted = cache(lambda: _weighted(data))
    raked = [q.but(role="sensitivity", weights=WEIGHT, covariance="design") for q in questions(data)]
    for question in raked:
        yield from attempt(_rows, question.blank(variant="raked"), question, weighted)
    for question in raked[:1]:
        facts = {"exposure": "all", "unit": "", "adjustment": "", "scale": "share", "variant": "effective-share"}
        yield from attempt(_cost, question.blank(**facts), weighted)


def _rows(blank: Row, question: Question, weighted: Callable[[], Weighted]) -> Iterator[Row]:
    raked = question.on(weighted().frame)
    fitted = raked.fit()
    yield line_row(blank, raked.data, fitted, fitted.contrast({question.estimand.exposure: 1}))


def _cost(blank: Row, weighted: Callable[[], Weighted]) -> Iterator[Row]:
    """Say what share of the persons the weights leave as an effective number: one over the design effect."""
    found = weighted()
    facts = blank | ESTIMATED | {"n_rows": found.persons, "n_persons": found.persons}
    for variant, cost in (("effective-share", found.trimmed), ("effective-share-untrimmed", found.full)):
        yield facts | {"variant": variant, "estimate": rounded(1 / cost.design_effect)}


def _weighted(data: AnalysisSet) -> Weighted:
    """Add the weights to the rows of a set."""
    inside = pl.all_horizontal(pl.col(column).is_in(list(levels)) for column, levels in MARGINS.items())
    people = data.frame.filter(inside)
    full = rake(people, MARGINS)
    weights = trimmed(full)
    frame = people.select(data.person).with_columns(pl.Series(WEIGHT, weights))
    frame = data.frame.join(frame, on=data.person, how="left", maintain_order="left")
    return Weighted(frame, people.height, kish(full), kish(weights))


def rake(frame: pl.DataFrame, margins: Mapping[str, Mapping[str, float]]) -> Array:
    """Weigh rows so that each column of `margins` has its levels in the proportions given there.

    Parameters
    ----------
    frame
        One row a respondent, each with a level of every column.
    margins
        Column, level, size in the population; only proportions count.

    Returns
    -------
    numpy.ndarray
        (n,) weights of mean 1, by iterative proportional fitting from equal ones: Deming & Stephan 1940 (Ann Math
        Stat 11:427), as `survey::rake` of R. None is trimmed.

    Raises
    ------
    HypnicError
        A level is outside the margins, fewer than ten respondents have it, or the margins can't be met together.

    Examples
    --------
    >>> rake(pl.DataFrame({"sex": ["f"] * 30 + ["m"] * 10}), {"sex": {"f": 1, "m": 1}})[[0, 39]]
    array([0.66666667, 2.        ])

    """
    sides = [_side(frame, column, levels) for column, levels in margins.items()]
    weights = np.ones(frame.height)
    for _ in range(ROUNDS):
        for codes, wanted in sides:
            weights *= (wanted / np.bincount(codes, weights, len(wanted)))[codes]
        apart = (np.abs(np.bincount(codes, weights, len(wanted)) / wanted - 1).max() for codes, wanted in sides)
        if max(apart) < CLOSE:
            return weights
    message = f"the margins of {', '.join(margins)} can't be met together: pool levels"
    raise HypnicError(message, reason="no_maximum")


def _side(frame: pl.DataFrame, column: str, levels: Mapping[str, float]) -> tuple[np.typing.NDArray[np.int64], Array]:
    """Give each row's place in one margin, and the weight that each place shall have."""
    places = {level: place for place, level in enumerate(levels)}
    codes = frame[column].replace_strict(places, default=None, return_dtype=pl.Int64)
    if codes.has_nulls():
        message = f"{column} has values that are in no margin: leave those rows out"
        raise HypnicError(message)
    counts = np.bincount(codes.to_numpy(), minlength=len(levels))
    for level, count in zip(levels, counts, strict=True):
        if too_few(count):
            message = f"fewer than {FEWEST_PERSONS} respondents have {column} {level}: pool it with its neighbour"
            raise HypnicError(message, reason="few_persons")
    sizes = np.array(list(levels.values()), dtype=np.float64)
    return codes.to_numpy(), sizes / sizes.sum() * frame.height


def trimmed(weights: Array, most: float = TRIM) -> Array:
    """Cut weights at `most` times their mean, and give them mean 1 again.

    >>> float(trimmed(np.array([1.0] * 99 + [101.0]))[-1])
    5.0
    """
    kept = weights / weights.mean()
    while kept.max() > most * (1 + CLOSE):
        over = kept >= most
        kept = np.where(over, most, kept * (len(kept) - most * over.sum()) / kept[~over].sum())
    return np.asarray(kept)


def kish(weights: Array) -> Kish:
    """Give the design effect of unequal weights, and the effective size (Kish 1965, Survey Sampling, 11.7).

    >>> kish(np.array([1.0, 1.0, 1.0, 1.0, 6.0]))
    Kish(design_effect=2.0, effective=2.5)
    """
    effect = float(len(weights) * (weights @ weights) / weights.sum() ** 2)
    return Kish(effect, len(weights) / effect)


# The population that volunteers are weighted to: residents of the United States aged 18 and over, by age and by sex.
#
# Source: U.S. Census Bureau, Population Division, Annual Estimates of the Resident Population by Single Year of Age and
# Sex for the United States (NC-EST2019-AGESEX-RES), column POPESTIMATE2019 (1 July 2019), summed over ages. A work of
# the United States government, in the public domain. Respondents come from several countries: weighting to one of them
# asks how far the ratios hang on the volunteers' age and sex, and makes nobody representative.


POPULATION = "US residents of 18 and over, 2019"
MARGINS: Mapping[str, Mapping[str, int]] = {
    "age_band": {
        "18-24": 30_219_206,
        "25-34": 45_940_321,
        "35-44": 41_659_144,
        "45-54": 40_874_902,
        "55-64": 42_448_537,
        "65-74": 31_483_433,
        "75+": 22_574_830,
    },
    "sex_at_birth": {"female": 130_851_717, "male": 124_348_656},
}
