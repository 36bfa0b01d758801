"""CDC's NHANES variables turned into the columns of `NhanesPerson`; missing codes are null already."""

from collections.abc import Iterable
from typing import Final

import polars as pl

from hypnic.schemas.cdc import CYCLES, NUTRIENTS, PHQ_ITEMS
from hypnic.schemas.nhanes import DRINKING, EDUCATION, LEG_NIGHTS, RACES, SEXES, SLEEP_NEED_H, SMOKING, SNORING

UNITS_PER_YEAR: Final = {1: 52, 2: 12, 3: 1}
"""ALQ120U counts drinking days per week, month or year; how many of these a year has."""
GRAMS_PER_DRINK: Final = 14
YES, NO, NOT_AT_ALL, RELIABLE = 1, 2, 3, 1


def person_columns() -> dict[str, pl.Expr]:
    """Return each column of `NhanesPerson` as an expression over both cycles' joined tables.

    `AFTERNOON1` and `AFTERNOON2` are each recall's caffeine from 14:00 on (mg). An unknown code raises
    polars' InvalidOperationError when the expression runs.
    """
    return {
        "seqn": _whole("SEQN"),
        "cycle": _label("SDDSRVYR", CYCLES.values(), first=4),
        # The first cycle stops at 85, the second at 80: one meaning for both.
        "age": _whole("RIDAGEYR").clip(upper_bound=80),
        "sex": _label("RIAGENDR", SEXES, first=1),
        "race_ethnicity": _label("RIDRETH1", RACES, first=1),
        "education": _label("DMDEDUC2", EDUCATION, first=1),
        "income_ratio": pl.col("INDFMPIR"),
        "bmi": pl.col("BMXBMI"),
        "smoking": _smoking(),
        **_weights(),
        "stratum": _whole("SDMVSTRA"),
        "psu": _whole("SDMVPSU"),
        **_leg_nights("leg_jerks", "SLQ150"),
        **_leg_nights("leg_cramps", "SLQ160"),
        "snoring": _label("SLQ030", SNORING, first=0),
        **{name: _recall_mean(pl.col(f"DR1T{n}"), pl.col(f"DR2T{n}")) for name, n in NUTRIENTS.items()},
        "caffeine_day1_mg": _recalled(1, pl.col("DR1TCAFF")),
        "caffeine_day2_mg": _recalled(2, pl.col("DR2TCAFF")),
        "recall_weekday1": _whole("DR1DAY"),
        "recall_weekday2": _whole("DR2DAY"),
        # A reliable recall without any food has no row to sum.
        "caffeine_after_14_mg": _recall_mean(pl.col("AFTERNOON1").fill_null(0), pl.col("AFTERNOON2").fill_null(0)),
        "alcohol_g_day": _alcohol(),
        "drinking": _drinking(),
        "binge_days_month": _binge_days(),
        "distress": pl.sum_horizontal(PHQ_ITEMS, ignore_nulls=False).cast(pl.Int64),
        "poor_mental_days": _whole("HSQ480"),
        "anxious_days": _whole("HSQ496"),
        "exercise": _exercise(),
        "sleep_h": pl.col("SLD010H"),
        "sleep_loss_h": SLEEP_NEED_H - pl.col("SLD010H"),
        "ssri_snri": pl.col("ssri_snri"),
        "stimulant": pl.col("stimulant"),
        "dopaminergic": pl.col("dopaminergic"),
        "gabapentinoid": pl.col("gabapentinoid"),
    }


def _whole(variable: str) -> pl.Expr:
    return pl.col(variable).cast(pl.Int64)


def _label(variable: str, labels: Iterable[str], *, first: int) -> pl.Expr:
    """Name the codes `first`, `first + 1`, ... in order."""
    names = list(labels)
    return _whole(variable).replace_strict(dict(enumerate(names, first)), return_dtype=pl.Enum(names))


def _leg_nights(name: str, variable: str) -> dict[str, pl.Expr]:
    """Give an answer of hand card SLQ1 its name and its fewest and most nights."""
    low, high = zip(*LEG_NIGHTS.values(), strict=True)
    return {
        name: _label(variable, LEG_NIGHTS, first=0),
        f"{name}_lo": _whole(variable).replace_strict(dict(enumerate(low)), return_dtype=pl.Int64),
        f"{name}_hi": _whole(variable).replace_strict(dict(enumerate(high)), return_dtype=pl.Int64),
    }


def _weights() -> dict[str, pl.Expr]:
    """Halve each two-year weight (NCHS analytic guidelines, two cycles pooled); 0 outside its sample."""
    cdc = {
        "weight_interview": "WTINT2YR",
        "weight_exam": "WTMEC2YR",
        "weight_diet1": "WTDRD1",
        "weight_diet2": "WTDR2D",
    }
    return {name: pl.col(variable).fill_null(0) / len(CYCLES) for name, variable in cdc.items()}


def _smoking() -> pl.Expr:
    ever, now = pl.col("SMQ020"), pl.col("SMQ040")
    code = (
        pl.when(ever == NO)
        .then(SMOKING.index("never"))
        .when((ever == YES) & (now == NOT_AT_ALL))
        .then(SMOKING.index("former"))
        .when((ever == YES) & (now < NOT_AT_ALL))
        .then(SMOKING.index("current"))
    )
    return code.replace_strict(dict(enumerate(SMOKING)), return_dtype=pl.Enum(SMOKING))


def _recall_mean(day1: pl.Expr, day2: pl.Expr) -> pl.Expr:
    """Average the one or two recalls that CDC calls reliable (`DRxDRSTZ` = 1)."""
    return pl.mean_horizontal(_recalled(1, day1), _recalled(2, day2))


def _recalled(day: int, amount: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(f"DR{day}DRSTZ") == RELIABLE).then(amount)


def _alcohol() -> pl.Expr:
    """Grams a day over a year; nothing more is asked after fewer than 12 drinks in life (ALQ110 = 2)."""
    return pl.when(_no_drink()).then(0.0).otherwise(_days_a_year("ALQ120") * pl.col("ALQ130") * GRAMS_PER_DRINK / 365)


def _no_drink() -> pl.Expr:
    return (pl.col("ALQ120Q") == 0) | (pl.col("ALQ110") == NO)


def _days_a_year(item: str) -> pl.Expr:
    return pl.col(f"{item}Q") * _whole(f"{item}U").replace_strict(UNITS_PER_YEAR, return_dtype=pl.Int64)


def _drinking() -> pl.Expr:
    code = (
        pl.when(pl.col("ALQ110") == NO)
        .then(DRINKING.index("never"))
        .when(pl.col("ALQ120Q") == 0)
        .then(DRINKING.index("former"))
        .when(pl.col("ALQ120Q") > 0)
        .then(DRINKING.index("current"))
    )
    return code.replace_strict(dict(enumerate(DRINKING)), return_dtype=pl.Enum(DRINKING))


def _binge_days() -> pl.Expr:
    """Days a month with 5 drinks or more; a zero has no unit."""
    none = _no_drink() | (pl.col("ALQ140Q") == 0)
    return pl.when(none).then(0.0).otherwise(_days_a_year("ALQ140") / 12)


def _exercise() -> pl.Expr:
    """Any vigorous activity; "unable to do it" (PAD200 = 3) is a no."""
    second_cycle = (pl.col("PAQ605") == YES) | (pl.col("PAQ650") == YES)
    return pl.coalesce(pl.col("PAD200") == YES, second_cycle)
