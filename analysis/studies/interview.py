"""The instrument `nhanes`: CDC's interview and examination, its frozen estimands and its words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from hypnic.analysis.studies.estimands import Estimand, without
from hypnic.analysis.studies.instrument import (
    Average,
    Control,
    Headline,
    Imputes,
    Instrument,
    Interaction,
    Phrase,
    Recalls,
    Standing,
    Style,
)
from hypnic.analysis.studies.persons import AGE_BENDS, AGE_KNOTS, TOP
from hypnic.schemas.nhanes import CYCLES as CYCLE_YEARS

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

# Whether a control is one for an exposure: what is known of the exposure and the control, not of jerks.
_SAME_SURVEY = "Grandner & Winkelman 2017, PLoS ONE 12:e0178465"
STANDINGS = {
    ("caffeine", "leg_cramps"): Standing("unclear", "caffeine is a diuretic, and nothing firm is known of cramps"),
    ("alcohol", "leg_cramps"): Standing(
        "unclear", "among patients of 60 and more, those with night cramps drank more",
        "a case-control study, Ann Fam Med 2018, 16:296",
    ),
    ("stress", "leg_cramps"): Standing(
        "unclear", "in this very survey cramps go with depressive symptoms, as with most illness", _SAME_SURVEY
    ),
    ("exercise", "leg_cramps"): Standing("positive", "strenuous exercise brings on cramps"),
    ("sleep_loss", "leg_cramps"): Standing(
        "unclear", "in this very survey cramps go with short sleep: they wake people", _SAME_SURVEY
    ),
    ("caffeine", "snoring"): Standing(
        "unclear", "people whose breathing stops in sleep drink more caffeinated soda, though no more coffee or tea",
        "Aurora et al. 2012, Chest 142:631",
    ),
    ("alcohol", "snoring"): Standing(
        "positive", "alcohol in the evening makes snoring and stops of breathing worse",
        "Burgos-Sanchez et al. 2020, Otolaryngol Head Neck Surg 163:1078",
    ),
    ("stress", "snoring"): Standing(
        "unclear", "in this very survey stops of breathing go with depressive symptoms, though snoring alone does not",
        "Wheaton et al. 2012, Sleep 35:461",
    ),
    ("exercise", "snoring"): Standing("unclear", "exercise lowers weight, which is adjusted for as it is today"),
    ("sleep_loss", "snoring"): Standing("unclear", "sleep apnoea shortens sleep"),
}  # fmt: skip

NHANES_INTERVIEW = Instrument(
    name="nhanes",
    title="NHANES",
    design="survey",
    times="the odds of a more frequent answer about leg jerks",
    estimands=(*PRIMARY, *RESTATED, *OTHERS),
    restated=RESTATED,
    restated_words=(
        "Sleep loss is 7.5 h minus the usual sleep on weekdays; depressive symptoms are the PHQ-9 without its item on"
        " sleep. The weight is that of the smallest sample a model needs: interview, examination or diet.\nEach primary"
        " comparison was made again with leg jerks coded otherwise (any, or five times a month or more, by logit; the"
        " times a month that an answer stands for, by negative binomial regression with the last answer closed at 30,"
        " left open, or the counts cut off at 30, by beta-binomial regression of 30 nights, and by quasi-Poisson on"
        " the middle of each answer, 0, 1, 3, 10, 23), with a control in their place, in each cycle alone and between"
        " the cycles (a ratio of ratios), with the two-day diet weight among people who recalled both days, with age"
        f" as a restricted cubic spline (knots at {', '.join(map(str, AGE_KNOTS))} years), without people who take a"
        " dopaminergic medicine or a gabapentinoid, for alcohol without former drinkers, and, for exercise and sleep,"
        " with only what was asked at home (interview weight).\nCounts that are cut off at 30, and nights out of 30,"
        " have a ratio of means: of what the model expects of these people, weighted, with the exposure as it is and"
        " one step on. A medicine is taken for something: its ratio is an association, as what it is taken for may"
        " itself go with jerks (confounding by indication).\nAnswers left open are imputed among all adults who"
        " answered about leg jerks, with the interview weight: chained equations in which the outcome, the strata and"
        " the logarithm of the weight are predictors, errors by the design, and Barnard and Rubin's degrees of"
        " freedom.\nWhat two recalled days say of usual caffeine is told by regression calibration: cube roots of the"
        " amounts are split into persons and days, weekends and the second day allowed for, and what is to be expected"
        " of a person over a week enters in place of the recalls; its errors leave out each sampling unit in turn"
        " (JKn), with calibration and fit done anew."
    ),
    phrases={
        "caffeine": Phrase("{} mg a day", "Each {} mg of caffeine a day", "mg a day"),
        "alcohol": Phrase("{} g ethanol a day", "Each {} g of ethanol a day", "g ethanol a day"),
        "stress": Phrase(
            "{} points of depressive symptoms",
            "Each {} points of depressive symptoms (PHQ-9 without its sleep item)",
            "points of symptoms",
        ),
        "exercise": Phrase("any vs none", "Any vigorous activity, compared with none,"),
        "sleep_loss": Phrase(
            "{} h less usual sleep", "Each {} h by which usual sleep falls short of 7.5 h", "h of sleep under 7.5"
        ),
    },
    style=Style("first", "o"),
    # The columns that are explained, where an estimand names another outcome than the answers in order.
    outcomes={
        "leg_jerks": ("leg_jerks_lo", "leg_jerks_hi"),
        "leg_jerks_open": ("leg_jerks_lo", "leg_jerks_open_hi"),
        "leg_jerks_any": "leg_jerks_any",
        "leg_jerks_often": "leg_jerks_often",
        "leg_jerks_midpoint": "leg_jerks_midpoint",
        "leg_cramps_order": "leg_cramps_order",
        "snoring": "snoring_habitual",
    },
    headline=Headline(
        "leg_jerks_often",
        10,
        "people in 1,000 with frequent leg jerks",
        {
            "caffeine": "With 100 mg more caffeine a day (a mug of coffee)",
            "alcohol": "With 10 g more alcohol a day (a small beer)",
            "stress": "With 5 points more depressive symptoms, of 24",
            "exercise": "With any hard exercise",
            "sleep_loss": "With 1 hour less sleep",
        },
    ),
    difference_units={
        "leg_jerks_often": "percentage points with jerks on 5 nights a month or more",
        "leg_jerks_midpoint": "nights a month (rough: from the middle of each answer)",
    },
    averages=(
        Average("leg_jerks_often", "average", (0, 0, 0, 100, 100)),
        Average("leg_jerks_midpoint", "average-rough-nights", (0, 1, 3, 10, 23)),
    ),
    imputes=Imputes("adult", "weight_interview"),
    # Among adults a cube root leaves neither skewness of a person's mean nor spread of days that grows with it.
    recalls={
        "caffeine": Recalls(
            ("caffeine_day1_mg", "caffeine_day2_mg"), ("recall_weekday1", "recall_weekday2"), (6, 7, 1), 1 / 3
        )
    },
    titles={"stress": "Depressive symptoms"},
    codings={
        "leg_jerks_order": "the answers in order",
        "leg_jerks_any": "any",
        "leg_jerks_often": "5 or more",
        "leg_jerks": "0 to 30",
        "leg_jerks_open": "last answer open",
        "leg_jerks_midpoint": "middles",
    },
    # As for the diary, from those who answered about leg jerks.
    knots={
        "caffeine": (2.5, 57, 148, 470),
        "alcohol": (0.08, 0.92, 6.1, 42),
        "stress": (1, 2, 4, 12),
        "sleep_loss": (-1.5, -0.5, 1.5, 3.5),
    },
    spiked=frozenset({"alcohol"}),
    interactions=(
        Interaction("caffeine", "sleep_loss_h", "1 h less usual sleep"),
        Interaction("caffeine", "alcohol_g_day", "10 g ethanol a day", 10),
        Interaction("stress", "caffeine_mg", "100 mg of caffeine a day", 100, weights="weight_diet1"),
        Interaction("stress", "sex", "male sex", level="male"),
        Interaction("stress", "age", "10 years of age", 10, joint=False),
        Interaction("sleep_loss", "distress", "5 points of depressive symptoms", 5),
    ),
    controls=(
        Control("leg-cramps-any", "leg_jerks_any", "leg_cramps_any"),
        Control("leg-cramps-often", "leg_jerks_often", "leg_cramps_often"),
    ),
    standings=STANDINGS,
    leaves_out={
        "raking": "the weights of the survey are its own",
        "leaving out": "persons in a design are not left out one by one",
    },
    words={
        "leg_jerks": "leg jerks while trying to sleep, in a month",
        "leg_jerks_open": "leg jerks while trying to sleep, in a month, the last answer left open",
        "leg_jerks_any": "any leg jerks while trying to sleep, in a month",
        "leg_jerks_often": "leg jerks while trying to sleep, 5 times a month or more",
        "leg_jerks_order": "leg jerks while trying to sleep, the five answers in order",
        "leg_jerks_midpoint": "leg jerks while trying to sleep, the middle of each answer (0, 1, 3, 10, 23)",
        "leg_cramps_order": "leg cramps while trying to sleep, the five answers in order",
        "leg_cramps_any": "any leg cramps while trying to sleep, in a month",
        "leg_cramps_often": "leg cramps while trying to sleep, 5 times a month or more",
        "snoring": "snoring on 3 nights a week or more",
        "caffeine_after_14": "Caffeine from 14:00 on",
        "caffeine_before_14": "Caffeine before 14:00",
        "caffeine_later": "Later caffeine",
        "former_drinker": "Former drinkers",
        "binge_days": "Days with five drinks or more",
        "current_drinker": "whether someone drank in the past 12 months",
        "age_bend_1": "a first bend of age",
        "age_bend_2": "a second bend of age",
        "short_sleep": "Short sleep",
        "long_sleep": "Long sleep",
        "poor_mental_days": "Days of poor mental health",
        "anxious_days": "Anxious days",
        "dopaminergic": "Dopaminergic medicine",
        "magnesium": "Magnesium in food",
        "potassium": "Potassium in food",
        "calcium": "Calcium in food",
        "age_squared": "age squared",
        "bmi": "body mass index",
        "sleep_5_or_less": "sleep of 5 h or less",
        "sleep_9_or_more": "sleep of 9 h or more",
        "energy_kcal": "energy in food",
    },
)
