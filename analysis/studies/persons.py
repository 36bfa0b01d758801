"""NHANES persons, made ready: the answers about leg jerks as each family of regression wants them, and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from hypnic.schemas.cdc import CYCLES
from hypnic.schemas.nhanes import LEG_NIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OFTEN: Final = 5  # times a month
TOP: Final = max(high for _, high in LEG_NIGHTS.values())
HABITUAL: Final = ("occasionally", "frequently")  # snoring on three nights a week or more
SHORT_H, LONG_H = 5, 9
ASKED: Final = 16  # years, from which leg jerks were asked about
ADULT: Final = 20  # years, from which education, smoking and alcohol were asked
# Years, at the 5th, 35th, 65th and 95th percentile of adults of 20 and over who answered.
AGE_KNOTS: Final = (22, 39, 59, 80)
AGE_BENDS: Final = ("age_bend_1", "age_bend_2")
AGE_GROUPS: Final = ("16 to 19", "20 to 39", "40 to 59", "60 to 79", "80 or more")


def tidy_persons(persons: pl.DataFrame) -> pl.DataFrame:
    """Add to the persons of `NhanesPerson` what the analyses derive from their answers; null stays null.

    `leg_jerks_any` and `_often` (5 a month or more) are yes or no, as are those of leg cramps, `leg_jerks_order`
    counts the answers from 0 to 4, `leg_jerks_midpoint` is the middle of their times a month (0, 1, 3, 10, 23).
    `interviewed` marks everybody, `asked` who was old enough to be asked about leg jerks, `answered` who answered,
    `adult` those of 20 and over among them; `leg_jerks_open_hi` is the upper end with the last answer open.
    `age_bend_1` and `_2` let age bend at `AGE_KNOTS`. `age_group` is twenty years wide, `in_2005_2006` and
    `in_2007_2008` mark the cycles.
    """
    groups = dict(enumerate(AGE_GROUPS))
    lo, hi, sleep_h = pl.col("leg_jerks_lo"), pl.col("leg_jerks_hi"), pl.col("sleep_h")
    return persons.with_columns(
        *(bend.alias(name) for name, bend in zip(AGE_BENDS, bends(pl.col("age"), AGE_KNOTS), strict=True)),
        interviewed=pl.lit(value=True),
        asked=pl.col("age") >= ASKED,
        answered=lo.is_not_null(),
        adult=lo.is_not_null() & (pl.col("age") >= ADULT),
        age_group=(pl.col("age") // 20).replace_strict(groups, default=None, return_dtype=pl.String),
        age_squared=(pl.col("age") - 50) ** 2,
        leg_jerks_any=lo > 0,
        leg_jerks_often=lo >= OFTEN,
        leg_jerks_order=pl.col("leg_jerks").to_physical().cast(pl.Int64),
        leg_jerks_midpoint=(lo + hi) / 2,
        leg_cramps_any=pl.col("leg_cramps_lo") > 0,
        leg_cramps_often=pl.col("leg_cramps_lo") >= OFTEN,
        leg_jerks_open_hi=pl.when(hi < TOP).then(hi),
        leg_cramps_order=pl.col("leg_cramps").to_physical().cast(pl.Int64),
        snoring_habitual=pl.col("snoring").is_in(HABITUAL),
        caffeine_before_14_mg=pl.col("caffeine_mg") - pl.col("caffeine_after_14_mg"),
        sleep_5_or_less=sleep_h <= SHORT_H,
        sleep_9_or_more=sleep_h >= LONG_H,
        former_drinker=pl.col("drinking") == "former",
        current_drinker=pl.col("drinking") == "current",
        not_former_drinker=pl.col("drinking") != "former",
        without_rls_medicine=~(pl.col("dopaminergic") | pl.col("gabapentinoid")),
        **{f"in_{years.replace('-', '_')}": pl.col("cycle") == years for years in CYCLES.values()},
    )


def bends(dose: pl.Expr, knots: Sequence[float]) -> Iterator[pl.Expr]:
    """Give the columns that let a line bend at each knot but the last two (Harrell 2015, 2.4.5).

    With the dose itself they are the columns of `hypnic.analysis.programme.splines.restricted_cubic`.
    """
    *inner, before, last = knots
    cube = [((dose - knot).clip(lower_bound=0)).cast(pl.Float64) ** 3 for knot in knots]
    for place, knot in enumerate(inner):
        back = cube[-1] * (before - knot) - cube[-2] * (last - knot)
        yield (cube[place] + back / (last - before)) / (last - knots[0]) ** 2
