"""The frozen table of estimands: for each design and exposure, what is compared and what is adjusted for.

Each exposure has a model of its own: five coefficients of one regression would be five different estimands
(Westreich & Greenland 2013, "The table 2 fallacy"). The adjustment sets follow from the directed graph in which
stress leads to caffeine, alcohol and short sleep, short sleep to caffeine, and all of them to jerks.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

Design = Literal["diary", "survey"]
Study = Literal["diary", "survey", "nhanes"]
EXPOSURES = ("caffeine", "alcohol", "stress", "exercise", "sleep_loss")


@dataclass(frozen=True)
class Estimand:
    """One effect: `exposure` in steps of `step`, in the table column `column`, over the window `window`.

    `effect` is total unless the row says otherwise; `adjustment` are columns of the tidy table; `by` names a 0/1
    split within which the exposure has its own coefficient; `across` says what the row makes of them: the mean of
    their logs, or the last over the first (a ratio of ratios). `domain` is a 0/1 column of a subpopulation.
    """

    table: Study
    exposure: str
    column: str
    step: float
    unit: str
    window: str
    adjustment: tuple[str, ...]
    outcome: str
    family: str
    covariance: str
    role: Literal["primary", "secondary", "sensitivity", "exploratory"] = "primary"
    effect: Literal["total", "direct"] = "total"
    by: str | None = None
    across: Literal["mean", "ratio"] = "mean"
    weights: str | None = None
    domain: str | None = None

    @property
    def design(self) -> Design:
        """How the answers came: NHANES is a survey."""
        return "diary" if self.table == "diary" else "survey"

    @property
    def scale(self) -> Literal["IRR", "OR", "difference"]:
        """What the exponential of a coefficient is: an odds ratio, or a ratio of rates; hours differ as they are."""
        if self.family == "fe-linear":
            return "difference"
        return "OR" if self.family in {"binomial", "ordered", "fe-logit"} else "IRR"


def _diary(exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str) -> Estimand:
    return Estimand(
        "diary", exposure, column, step, unit, window, adjustment, "jerk_count", "fe-poisson", "CR3"
    )  # fmt: skip


def _survey(exposure: str, column: str, step: float, unit: str, *adjustment: str, role: str = "primary") -> Estimand:
    return Estimand(
        "survey", exposure, column, step, unit, "a usual day of the last 30", (*PERSON, *adjustment),
        "jerk_nights_30d", "cloglog", "HC3", role,  # type: ignore[arg-type]
    )  # fmt: skip


def _nhanes(
    exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str, **facts: str
) -> Estimand:
    return Estimand(
        "nhanes", exposure, column, step, unit, window, (*POPULATION, *adjustment), "leg_jerks", "interval-nb2",
        "design", weights=facts.pop("weights", EXAM), **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def _without(row: Estimand, *columns: str, **facts: str | None) -> Estimand:
    """Give a row that is adjusted for less; a sensitivity row unless `facts` say otherwise."""
    left = tuple(column for column in row.adjustment if column not in columns)
    return replace(row, adjustment=left, **{"role": "sensitivity", **facts})  # type: ignore[arg-type]


# What may lead both to habits and to jerks, as far as each form asks for it.
PERSON = ("age_band", "sex_at_birth", "shift_pattern", "any_nicotine", "ssri_snri", "stimulant", "rls_probable")
POPULATION = (
    "age", "age_squared", "sex", "race_ethnicity", "education", "income_ratio", "bmi", "smoking", "cycle",
)  # fmt: skip
LATE = "ended 2 h or less before bed, vs not"
DAY, TONIGHT = "next_day_free", "sleep_loss_prev_h"

# NHANES: the weight of the smallest sample in a model (interview, examination, diet).
EXAM, DIET, BOTH_DAYS = "weight_exam", "weight_diet1", "weight_diet2"
RECALLED, MONTH, PRESCRIBED = "one or two recalled days", "the past 30 days", "prescribed, the past month"
CYCLES = ("2005-2006", "2007-2008")
# What else is explained, by which family: leg jerks cut otherwise, and two negative controls.
OTHER_OUTCOMES = {
    "leg_jerks_any": "binomial", "leg_jerks_often": "binomial", "leg_jerks_order": "ordered",
    "leg_jerks_midpoint": "quasipoisson", "leg_cramps": "interval-nb2", "snoring": "binomial",
}  # fmt: skip

NHANES_PRIMARY = (
    _nhanes("caffeine", "caffeine_mg", 100, "100 mg a day", RECALLED, "distress", weights=DIET),
    _nhanes("alcohol", "alcohol_g_day", 10, "10 g ethanol a day", "the past 12 months", "distress", "caffeine_mg",
            weights=DIET),
    _nhanes("stress", "distress", 5, "5 points of distress (PHQ-9 without its sleep item)", "the past 2 weeks"),
    _nhanes("exercise", "exercise", 1, "any vigorous activity vs none, mean of the two cycles", "the past 30 days or a"
            " usual week", "distress", by="cycle"),
    _nhanes("sleep_loss", "sleep_loss_h", 1, "1 h less usual sleep", "usual weekdays", "distress", "caffeine_mg",
            "alcohol_g_day", weights=DIET),
)  # fmt: skip

# Each primary row once more: with another outcome, in one cycle, between the cycles, with another weight.
NHANES_OTHERWISE: tuple[Estimand, ...] = (
    *(replace(row, outcome=outcome, family=family, role="sensitivity")
      for outcome, family in OTHER_OUTCOMES.items() for row in NHANES_PRIMARY),
    *(_without(row, "cycle", by=None, domain=f"in_{cycle.replace('-', '_')}",
               unit=f"{row.unit.partition(',')[0]}, {cycle} alone")
      for cycle in CYCLES for row in NHANES_PRIMARY),
    *(replace(row, by="cycle", across="ratio", role="secondary" if row.by else "exploratory",
              unit=f"{row.unit.partition(',')[0]}, {CYCLES[1]} over {CYCLES[0]}")
      for row in NHANES_PRIMARY),
    *(replace(row, role="sensitivity", weights=BOTH_DAYS, unit=f"{row.unit}, both days recalled")
      for row in NHANES_PRIMARY if row.weights == DIET),
    # Vigorous activity and sleep were asked at home: without what the examination adds, more people answered.
    *(_without(row, "bmi", "distress", "caffeine_mg", "alcohol_g_day", weights="weight_interview",
               unit=f"{row.unit}, home interview alone")
      for row in NHANES_PRIMARY if row.exposure in {"exercise", "sleep_loss"}),
)  # fmt: skip

# What popular sources name beside the five. Where two columns stand in one model, each is the other's adjustment.
NHANES_BESIDE: tuple[Estimand, ...] = (
    _nhanes("caffeine_after_14", "caffeine_after_14_mg", 100, "100 mg a day from 14:00 on", RECALLED, "distress",
            "caffeine_before_14_mg", weights=DIET, role="secondary"),
    _nhanes("caffeine_before_14", "caffeine_before_14_mg", 100, "100 mg a day before 14:00", RECALLED, "distress",
            "caffeine_after_14_mg", weights=DIET, role="secondary"),
    # With the day's total held, more after 14:00 is less before: the ratio of the two ratios above.
    _nhanes("caffeine_later", "caffeine_after_14_mg", 100, "100 mg a day from 14:00 on instead of before", RECALLED,
            "distress", "caffeine_mg", weights=DIET, role="secondary"),
    _nhanes("short_sleep", "sleep_5_or_less", 1, "5 h or less vs more than 5 and less than 9 h", "usual weekdays",
            "sleep_9_or_more", "distress", "caffeine_mg", "alcohol_g_day", weights=DIET, role="secondary"),
    _nhanes("long_sleep", "sleep_9_or_more", 1, "9 h or more vs more than 5 and less than 9 h", "usual weekdays",
            "sleep_5_or_less", "distress", "caffeine_mg", "alcohol_g_day", weights=DIET, role="secondary"),
    _nhanes("poor_mental_days", "poor_mental_days", 10, "10 days of poor mental health", MONTH, role="secondary"),
    _without(_nhanes("anxious_days", "anxious_days", 10, "10 days worried, tense or anxious, 2007-2008", MONTH),
             "cycle", role="secondary", domain="in_2007_2008"),
    _nhanes("ssri_snri", "ssri_snri", 1, "an SSRI or SNRI vs none", PRESCRIBED, "distress", role="secondary"),
    _nhanes("stimulant", "stimulant", 1, "a CNS stimulant vs none", PRESCRIBED, "distress", role="secondary"),
    _nhanes("dopaminergic", "dopaminergic", 1, "a dopaminergic antiparkinsonism agent vs none", PRESCRIBED, "distress",
            role="exploratory"),
    *(_nhanes(mineral, f"{mineral}_mg", step, f"{step} mg a day", RECALLED, "distress", "energy_kcal", weights=DIET,
              role="exploratory")
      for mineral, step in (("magnesium", 100), ("potassium", 1000), ("calcium", 500))),
)  # fmt: skip

DIARY_PRIMARY = (
    _diary("caffeine", "caffeine_after_14_mg", 100, "100 mg", "14:00 to bed", "stress_0_10", TONIGHT, "alcohol_g",
           "late_vigorous_exercise", "caffeine_before_14_mg", DAY),
    _diary("alcohol", "alcohol_g", 10, "10 g ethanol", "waking to bed", "stress_0_10", TONIGHT,
           "caffeine_after_14_mg", "caffeine_before_14_mg", DAY),
    _diary("stress", "stress_0_10", 2, "2 points of 0-10", "the day, rated before bed", TONIGHT, DAY),
    _diary("exercise", "late_vigorous_exercise", 1, f"vigorous, {LATE}", "2 h before bed", "stress_0_10", TONIGHT, DAY),
    _diary("sleep_loss", "sleep_loss_prev_h", 1, "1 h", "the night before", "stress_prev", "caffeine_prev_mg",
           "alcohol_prev_g", DAY),
)  # fmt: skip
SURVEY_PRIMARY = (
    _survey("caffeine", "caffeine_usual_mg", 100, "100 mg a day", "stress_usual_0_10"),
    _survey("alcohol", "alcohol_usual_g_day", 10, "10 g ethanol a day", "stress_usual_0_10", "caffeine_usual_mg"),
    _survey("stress", "stress_usual_0_10", 2, "2 points of 0-10"),
    _survey("exercise", "exercise_vigorous_min_day", 30, "30 min vigorous a day", "stress_usual_0_10"),
    _survey("sleep_loss", "sleep_loss_usual_h", 1, "1 h", "stress_usual_0_10", "caffeine_usual_mg",
            "alcohol_usual_g_day"),
)  # fmt: skip
# The same comparisons by other models: what else the answers can be taken for, and who never jerks at all.
SURVEY_OTHERWISE = tuple(
    replace(row, outcome=outcome, family=family, covariance="HC0", role="sensitivity")
    for outcome, family in (
        ("jerk_nights", "nb2"), ("jerk_nights", "zinb"), ("jerk_nights", "hurdle-nb2"),
        ("jerk_nights_band", "interval-nb2"), ("jerk_frequency", "ordered"),
    )
    for row in SURVEY_PRIMARY
)  # fmt: skip
DIARY_OTHERWISE = tuple(
    replace(row, outcome="any_jerk", family="fe-logit", covariance="CR1S", role="sensitivity") for row in DIARY_PRIMARY
)

ESTIMANDS: tuple[Estimand, ...] = (
    *DIARY_PRIMARY,
    *DIARY_OTHERWISE,
    *SURVEY_PRIMARY,
    *SURVEY_OTHERWISE,
    # Short sleep leads to coffee and coffee to short sleep: the two survey estimates bracket caffeine's.
    _survey("caffeine", "caffeine_usual_mg", 100, "100 mg a day", "stress_usual_0_10", "sleep_loss_usual_h",
            role="sensitivity"),
    *NHANES_PRIMARY,
    *NHANES_OTHERWISE,
    *NHANES_BESIDE,
)  # fmt: skip

# The specification that was agreed before any real answer was analysed; a report under another one is exploratory.
FROZEN = "eb01cefde825472bdfdf258081f8774c8ab799ed7daa55c24b05623e8d12ece7"


def specification_hash() -> str:
    """Give the sha256 of the table above, in a canonical form."""
    canonical = json.dumps([asdict(row) for row in ESTIMANDS], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def estimands(table: Study) -> tuple[Estimand, ...]:
    """Give the rows of one table (`diary`, `survey` or `nhanes`), in the order of the report.

    >>> [row.exposure for row in estimands("diary") if row.role == "primary"]
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']
    """
    return tuple(row for row in ESTIMANDS if row.table == table)
