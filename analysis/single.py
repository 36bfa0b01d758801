"""One person's diary: nights with a jerk counted with and without each exposure, and how little that can say.

A model of one person would rest on a few nights. Counts say what there is, their exact intervals (Clopper & Pearson
1934, Biometrika 26:404) how little it is. The test shifts the exposure along the nights, the last ones coming first:
so both keep their own rhythm, and only what ties them is broken. All shifts are made, so nothing is drawn by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import polars as pl
from scipy.special import betaincinv
from scipy.stats import binom, fisher_exact

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from numpy.typing import NDArray


LEVEL = 0.05
TIMES = 2.0  # as often: what a diary is asked whether it would show
# What is compared, decided before any diary: any against none, or one side of the person's own middle night.
Split = Literal["any", "above", "below"]
SPLITS: tuple[tuple[str, str, Split], ...] = (
    ("caffeine", "caffeine_after_14_mg", "any"),
    ("alcohol", "alcohol_g", "any"),
    ("stress", "stress_0_10", "above"),
    ("exercise", "late_vigorous_exercise", "any"),
    ("sleep_loss", "slept_before_h", "below"),
)


class Share(NamedTuple):
    """Nights with a jerk, out of so many, with the exact 95 % limits of their share; without nights there are none."""

    jerks: int
    nights: int
    low: float | None
    high: float | None


class Comparison(NamedTuple):
    """Nights with an exposure against those without; `p_value` is null where one side has no nights.

    `shown` is the chance that so many nights would show jerk nights that are twice as common with it, at p < 0.05.
    """

    exposure: str
    exposed: Share
    others: Share
    p_value: float | None
    shown: float | None


@dataclass(frozen=True, eq=False)
class SinglePerson:
    """One diary: its nights in order with 0/1 columns for each exposure, and the comparisons."""

    nights: pl.DataFrame
    comparisons: tuple[Comparison, ...]


def single_person(diary: pl.DataFrame) -> SinglePerson:
    """Compare the nights of one person's tidy diary.

    Raises HypnicError where there is no night, or the nights are of several people.
    """
    if diary["participant_id"].n_unique() != 1:
        message = "this is about one person's diary: there must be nights, all of one person"
        raise HypnicError(message)
    before = diary.select(pl.col("night_index") + 1, slept_before_h="tst_h")
    nights = diary.join(before, on="night_index", how="left").sort("night_index")
    marked = nights.select("night_index", "jerk_count", *(_marked(*split) for split in SPLITS))
    told = marked.drop_nulls("jerk_count")
    return SinglePerson(marked, tuple(_compared(told, exposure) for exposure, _, _ in SPLITS))


def _marked(exposure: str, column: str, split: Split) -> pl.Expr:
    value = pl.col(column).cast(pl.Float64)
    sides = {"any": value > 0, "above": value > value.median(), "below": value < value.median()}
    return sides[split].alias(exposure)


def _compared(nights: pl.DataFrame, exposure: str) -> Comparison:
    told = nights.drop_nulls(exposure)
    exposed, jerk = told[exposure].to_numpy(), (told["jerk_count"] > 0).to_numpy()
    with_it, without = (share(int(jerk[side].sum()), int(side.sum())) for side in (exposed, ~exposed))
    both = bool(exposed.any() and not exposed.all())
    chance = detected(with_it.nights, without.nights, float(jerk.mean())) if both else None
    return Comparison(exposure, with_it, without, shifted_p(exposed, jerk) if both else None, chance)


def share(jerks: int, nights: int) -> Share:
    """Give a share with its exact limits.

    >>> share(0, 10).high.__round__(4)
    0.3085
    """
    if nights == 0:
        return Share(0, 0, None, None)
    low = float(betaincinv(jerks, nights - jerks + 1, 0.025)) if jerks else 0.0
    high = float(betaincinv(jerks + 1, nights - jerks, 0.975)) if jerks < nights else 1.0
    return Share(jerks, nights, low, high)


def shifted_p(exposed: NDArray[np.bool_], jerk: NDArray[np.bool_]) -> float:
    """Give the share of all shifts of the exposure along the nights that differ at least as much; never below 1 / n.

    >>> exposed = np.array([True, True, False, False, False, False])
    >>> shifted_p(exposed, exposed).__round__(4)
    0.1667
    """
    found = np.array([_difference(np.roll(exposed, by), jerk) for by in range(len(exposed))])
    return float((np.abs(found) >= abs(found[0]) - 1e-12).mean())


def _difference(exposed: NDArray[np.bool_], jerk: NDArray[np.bool_]) -> float:
    return float(jerk[exposed].mean() - jerk[~exposed].mean())


def detected(exposed: int, others: int, jerks: float, times: float = TIMES) -> float:
    """Give the chance that Fisher's exact test has p < 0.05 if jerk nights are so many `times` as common with exposure.

    `jerks` is their share over all nights, which stays what it is.

    >>> detected(7, 7, 0.3) < 0.2
    True
    """
    base = jerks * (exposed + others) / (exposed * times + others)
    chances: list[NDArray[np.float64]] = [
        binom.pmf(np.arange(n + 1), n, min(rate, 1.0)) for n, rate in ((exposed, base * times), (others, base))
    ]
    told = [
        [fisher_exact(np.array([[a, exposed - a], [b, others - b]]))[1] < LEVEL for b in range(others + 1)]
        for a in range(exposed + 1)
    ]
    return float(chances[0] @ np.array(told) @ chances[1])
