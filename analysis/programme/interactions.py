"""Does one thing change what another goes with? Product terms in the models of the estimands, as the claims ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.question.model import exposed, fit_estimand
from hypnic.analysis.question.rows import FEWEST_PERSONS, Row, attempt, blank_row, line_row
from hypnic.analysis.regression.contrasts import delta_line
from hypnic.analysis.studies.estimands import SURVEY_PRIMARY, Estimand
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.fit import Fit
    from hypnic.analysis.studies.study import AnalysisSet

MODIFIER, PRODUCT = "modifier", "product"


@dataclass(frozen=True)
class Interaction:
    """One question: whether the ratio of an exposure differs by a modifier, one `step` of it, worded in `unit`.

    `level` makes a yes or no of a choice. `joint` says that zero of the modifier is a real zero, so that both together
    can be held against neither (RERI). `weights` replaces those of the estimand where the modifier was asked of fewer.
    """

    table: str
    exposure: str
    modifier: str
    unit: str
    step: float = 1
    level: str | None = None
    joint: bool = True
    weights: str | None = None


def _claimed(exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str) -> Estimand:
    return Estimand(
        "diary", exposure, column, step, unit, window,
        (*adjustment, "stress_0_10", "sleep_loss_prev_h", "next_day_free"), "jerk_count", "fe-poisson", "CR3",
        "exploratory",
    )  # fmt: skip


# What the claims name beside the five exposures. The gap to bed exists on evenings with exercise alone.
CLAIMED: tuple[Estimand, ...] = (
    _claimed("relaxation", "relaxation_min", 10, "10 min of relaxation", "before bed"),
    _claimed("magnesium", "magnesium_taken", 1, "magnesium taken vs not", "the evening"),
    _claimed("exercise_gap", "exercise_gap_h", 1, "1 h more between exercise and bed", "the evening", "exercise_min"),
    _claimed("strength", "strength_training", 1, "strength training vs any other or none", "the day", "exercise_min"),
    replace(
        SURVEY_PRIMARY[2], exposure="ssri_snri", column="ssri_snri", step=1, unit="an SSRI or SNRI vs none",
        adjustment=tuple(x for x in (*SURVEY_PRIMARY[2].adjustment, "gad2_total", "phq2_total") if x != "ssri_snri"),
        role="exploratory",
    ),
)  # fmt: skip
INTERACTIONS: tuple[Interaction, ...] = (
    Interaction("diary", "relaxation", "night_index", "a week later in the diary", 7, joint=False),  # claim C021
    Interaction("diary", "caffeine", "caffeine_gap_h", "1 h more between the last cup and bed", joint=False),  # C034
    Interaction(
        "diary", "exercise_gap", "exercise_intensity", "vigorous exercise", level="vigorous", joint=False
    ),  # C038
    Interaction("diary", "magnesium", "relaxation_min", "10 min of relaxation", 10),  # C064
    Interaction("diary", "strength", "exercise_intensity", "vigorous", level="vigorous"),  # C084
    Interaction("survey", "ssri_snri", "med_change_30d", "a medicine started", level="started"),  # C039
    Interaction("diary", "caffeine", "alcohol_g", "10 g ethanol", 10),
    Interaction("diary", "caffeine", "sleep_loss_prev_h", "1 h of sleep lost the night before"),
    Interaction("diary", "stress", "caffeine_after_14_mg", "100 mg of caffeine after 14:00", 100),
    Interaction("diary", "stress", "fatigue_bedtime_0_10", "2 points of fatigue", 2),  # claim C012
    Interaction("diary", "stress", "relaxation_min", "10 min of relaxation", 10),  # C044
    Interaction("diary", "exercise", "hydration", "drinking less than usual", level="less_than_usual"),  # C085
    Interaction("survey", "caffeine", "sleep_loss_usual_h", "1 h of usual sleep loss"),
    Interaction("survey", "caffeine", "alcohol_usual_g_day", "10 g ethanol a day", 10),
    Interaction("survey", "caffeine", "sex_at_birth", "male sex", level="male"),
    Interaction("survey", "stress", "caffeine_usual_mg", "100 mg of caffeine a day", 100),
    Interaction("survey", "stress", "sex_at_birth", "male sex", level="male"),
    Interaction("nhanes", "caffeine", "sleep_loss_h", "1 h less usual sleep"),
    Interaction("nhanes", "caffeine", "alcohol_g_day", "10 g ethanol a day", 10),
    Interaction("nhanes", "stress", "caffeine_mg", "100 mg of caffeine a day", 100, weights="weight_diet1"),
    Interaction("nhanes", "stress", "sex", "male sex", level="male"),
    Interaction("nhanes", "stress", "age", "10 years of age", 10, joint=False),
    Interaction("nhanes", "sleep_loss", "distress", "5 points of distress", 5),
)


def rows(name: str, data: AnalysisSet) -> Iterator[Row]:
    """Give each interaction's ratio of rate ratios and, where both have a zero, its excess on the additive scale."""
    known = {estimand.exposure: estimand for estimand in CLAIMED if estimand.table == data.table}
    known |= {estimand.exposure: estimand for estimand in data.estimands if estimand.role == "primary"}
    for asked in INTERACTIONS:
        if asked.table == data.table and asked.exposure in known:
            estimand = known[asked.exposure]
            estimand = replace(estimand, weights=asked.weights or estimand.weights)
            facts = {"role": "exploratory", "unit": f"{estimand.unit}, by {asked.unit}"}
            blank = blank_row(name, data, estimand, **facts)
            yield from attempt(_rows, blank, data, estimand, asked)


def fit_interaction(data: AnalysisSet, estimand: Estimand, asked: Interaction) -> Fit:
    """Fit an estimand's model with a modifier and its product with the exposure.

    The terms are the exposure in its unit, `modifier` in steps and `product`. A modifier that the model adjusts for
    moves out of the adjustment set, but for a choice of which one level is asked: then its other levels stay together.
    """
    if asked.modifier not in data.frame.columns or data.frame[asked.modifier].is_null().all():
        message = f"nobody answered {asked.modifier}"
        raise HypnicError(message)
    frame, (own,) = exposed(data.frame, replace(estimand, by=None))
    modifier = pl.col(asked.modifier) / asked.step if asked.level is None else pl.col(asked.modifier) == asked.level
    modifier = modifier.cast(pl.Float64)
    frame = frame.with_columns(modifier.alias(MODIFIER), (modifier * pl.col(own)).alias(PRODUCT))
    if frame.filter(pl.col(PRODUCT) != 0)[data.person].n_unique() < FEWEST_PERSONS:
        message = f"fewer than {FEWEST_PERSONS} persons have both {estimand.exposure} and {asked.unit}"
        raise HypnicError(message)
    left = tuple(column for column in estimand.adjustment if column != asked.modifier)
    return fit_estimand(replace(data, frame=frame), replace(estimand, adjustment=left), [own, MODIFIER, PRODUCT])


def excess(fitted: Fit, one: str, other: str, both: str) -> pl.DataFrame:
    """Give the relative excess risk due to interaction: RR11 - RR10 - RR01 + 1, as one row of `Fit.contrast`'s columns.

    Source: Rothman 1986; limits by the delta method, Hosmer & Lemeshow 1992 (Epidemiology 3:452). It is 0 where the
    two add up.
    """
    at = [fitted.names.index(term) for term in (one, other, both)]
    b = fitted.params[at]
    r10, r01, r11 = exp(b[0]), exp(b[1]), exp(b.sum())
    gradient = np.zeros(len(fitted.names))
    gradient[at] = r11 - r10, r11 - r01, r11
    return delta_line(fitted, r11 - r10 - r01 + 1, gradient)


def _rows(blank: Row, data: AnalysisSet, estimand: Estimand, asked: Interaction) -> Iterator[Row]:
    fitted = fit_interaction(data, estimand, asked)
    words = f"{estimand.family}, ratio of rate ratios"
    yield line_row(blank | {"estimator": words}, data, fitted, fitted.contrast({PRODUCT: 1}))
    if asked.joint:
        words = f"{estimand.family}, relative excess due to interaction"
        line = excess(fitted, estimand.exposure, MODIFIER, PRODUCT)
        yield line_row(blank | {"estimator": words, "scale": "difference"}, data, fitted, line)
