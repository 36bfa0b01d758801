"""The comparisons of NHANES: the frozen primary ones, each done otherwise, and what popular sources name besides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from hypnic.analysis.studies.estimands import Estimand, without
from hypnic.analysis.studies.persons import AGE_BENDS, TOP
from hypnic.schemas.cdc import CYCLES as CYCLE_YEARS

CYCLES: Final = tuple(CYCLE_YEARS.values())
POPULATION = (
    "age", "age_squared", "sex", "race_ethnicity", "education", "income_ratio", "bmi", "smoking", "cycle",
)  # fmt: skip
# The weight of the smallest sample in a model (interview, examination, diet).
EXAM, DIET, BOTH_DAYS = "weight_exam", "weight_diet1", "weight_diet2"
RECALLED, MONTH, PRESCRIBED = "one or two recalled days", "the past 30 days", "prescribed, the past month"
# What else is explained, by which family: leg jerks coded otherwise, and two controls.
OTHER_OUTCOMES: tuple[tuple[str, str, int | None], ...] = (
    ("leg_jerks", "interval-nb2", None), ("leg_jerks_open", "interval-nb2", None), ("leg_jerks", "truncated-nb2", TOP),
    ("leg_jerks", "beta-binomial", TOP), ("leg_jerks_any", "binomial", None), ("leg_jerks_often", "binomial", None),
    ("leg_jerks_midpoint", "quasipoisson", None), ("leg_cramps_order", "ordered", None), ("snoring", "binomial", None),
)  # fmt: skip
# Why a row is no total effect: the medicine is taken for what goes along with jerks, and lies before what is held.
ASSOCIATION: Final = "association"


def _nhanes(
    exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str, **facts: Any
) -> Estimand:
    return Estimand(
        "nhanes", exposure, column, step, unit, window, (*POPULATION, *adjustment), "leg_jerks_order", "ordered",
        "design", weights=facts.pop("weights", EXAM), **facts,
    )  # fmt: skip


PRIMARY = (
    _nhanes("caffeine", "caffeine_mg", 100, "100 mg a day", RECALLED, "distress", weights=DIET),
    _nhanes("alcohol", "alcohol_g_day", 10, "10 g ethanol a day", "the past 12 months", "distress", "caffeine_mg",
            weights=DIET),
    _nhanes("stress", "distress", 5, "5 points of depressive symptoms (PHQ-9 without its sleep item)",
            "the past 2 weeks"),
    _nhanes("exercise", "exercise", 1, "any vigorous activity vs none, mean of the two cycles", "the past 30 days or a"
            " usual week", "distress", by="cycle"),
    _nhanes("sleep_loss", "sleep_loss_h", 1, "1 h less usual sleep", "usual weekdays", "distress", "caffeine_mg",
            "alcohol_g_day", weights=DIET),
)  # fmt: skip


def _bent_age(row: Estimand) -> Estimand:
    """Let age bend at written knots, in place of a parabola."""
    ages = tuple(name for one in row.adjustment for name in (AGE_BENDS if one == "age_squared" else (one,)))
    unit = f"{row.unit}, age as a spline"
    return replace(row, adjustment=ages, role="sensitivity", unit=unit, variant="age-spline")


# Each primary row once more: with another outcome, in one cycle, between the cycles, with another weight or age.
RESTATED: tuple[Estimand, ...] = (
    *(replace(row, outcome=outcome, family=family, maximum=maximum, role="sensitivity", variant=family)
      for outcome, family, maximum in OTHER_OUTCOMES for row in PRIMARY),
    *(without(row, "cycle", by=None, domain=f"in_{cycle.replace('-', '_')}",
               unit=f"{row.unit.partition(',')[0]}, {cycle} alone", variant=f"in-{cycle}")
      for cycle in CYCLES for row in PRIMARY),
    *(replace(row, by="cycle", across="ratio", role="secondary" if row.by else "exploratory",
              unit=f"{row.unit.partition(',')[0]}, {CYCLES[1]} over {CYCLES[0]}", variant="between-cycles")
      for row in PRIMARY),
    *(replace(row, role="sensitivity", weights=BOTH_DAYS, unit=f"{row.unit}, both days recalled",
              variant="both-days")
      for row in PRIMARY if row.weights == DIET),
    # Vigorous activity and sleep were asked at home: without what the examination adds, more people answered.
    *(without(row, "bmi", "distress", "caffeine_mg", "alcohol_g_day", weights="weight_interview", effect=ASSOCIATION,
               unit=f"{row.unit}, home interview alone", variant="home-interview")
      for row in PRIMARY if row.exposure in {"exercise", "sleep_loss"}),
    *(_bent_age(row) for row in PRIMARY),
    *(replace(row, role="sensitivity", domain="without_rls_medicine", variant="without-rls-medicine",
              unit=f"{row.unit}, without medicines for restless legs")
      for row in PRIMARY),
    *(replace(row, role="sensitivity", domain="not_former_drinker", variant="without-former-drinkers",
              unit=f"{row.unit}, without former drinkers")
      for row in PRIMARY if row.exposure == "alcohol"),
)  # fmt: skip
# What popular sources name besides the five. Where two columns stand in one model, each is the other's adjustment.
OTHERS: tuple[Estimand, ...] = (
    _nhanes("caffeine_after_14", "caffeine_after_14_mg", 100, "100 mg a day from 14:00 on", RECALLED, "distress",
            "caffeine_before_14_mg", weights=DIET, role="secondary"),
    _nhanes("caffeine_before_14", "caffeine_before_14_mg", 100, "100 mg a day before 14:00", RECALLED, "distress",
            "caffeine_after_14_mg", weights=DIET, role="secondary", effect="direct"),
    # With the day's total held, more after 14:00 is less before: the ratio of the two ratios above.
    _nhanes("caffeine_later", "caffeine_after_14_mg", 100, "100 mg a day from 14:00 on instead of before", RECALLED,
            "distress", "caffeine_mg", weights=DIET, role="secondary", effect="direct"),
    _nhanes("former_drinker", "former_drinker", 1, "none in the past 12 months vs never 12 drinks", "life",
            "distress", "caffeine_mg", "alcohol_g_day", "current_drinker", weights=DIET, role="secondary",
            effect=ASSOCIATION),
    _nhanes("binge_days", "binge_days_month", 4, "4 days a month with 5 drinks or more, the same grams a day",
            "the past 12 months", "distress", "caffeine_mg", "alcohol_g_day", weights=DIET, role="secondary",
            effect="direct"),
    _nhanes("short_sleep", "sleep_5_or_less", 1, "5 h or less vs more than 5 and less than 9 h", "usual weekdays",
            "sleep_9_or_more", "distress", "caffeine_mg", "alcohol_g_day", weights=DIET, role="secondary"),
    _nhanes("long_sleep", "sleep_9_or_more", 1, "9 h or more vs more than 5 and less than 9 h", "usual weekdays",
            "sleep_5_or_less", "distress", "caffeine_mg", "alcohol_g_day", weights=DIET, role="secondary"),
    _nhanes("poor_mental_days", "poor_mental_days", 10, "10 days of poor mental health", MONTH, role="secondary"),
    without(_nhanes("anxious_days", "anxious_days", 10, "10 days worried, tense or anxious, 2007-2008", MONTH),
            "cycle", role="secondary", domain="in_2007_2008"),
    _nhanes("ssri_snri", "ssri_snri", 1, "an SSRI or SNRI vs none", PRESCRIBED, "distress", role="secondary",
            effect=ASSOCIATION),
    _nhanes("stimulant", "stimulant", 1, "a CNS stimulant vs none", PRESCRIBED, "distress", role="secondary",
            effect=ASSOCIATION),
    _nhanes("dopaminergic", "dopaminergic", 1, "a dopaminergic antiparkinsonism agent vs none", PRESCRIBED, "distress",
            role="exploratory", effect=ASSOCIATION),
    *(_nhanes(mineral, f"{mineral}_mg", step, f"{step} mg a day", RECALLED, "distress", "energy_kcal", weights=DIET,
              role="exploratory")
      for mineral, step in (("magnesium", 100), ("potassium", 1000), ("calcium", 500))),
)  # fmt: skip
