"""The study `nhanes`: leg jerks while trying to sleep, in a sample of the United States of 2005-2008."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from hypnic.analysis.studies.estimands import Estimand, without
from hypnic.analysis.studies.instrument import Control, Instrument, Interaction, Phrase, Standing, Style
from hypnic.analysis.studies.persons import AGE_GROUPS, tidy_persons
from hypnic.analysis.studies.sets import AnalysisSet, fittable
from hypnic.analysis.studies.study import Content, Controls, People, Shares, Study, hashes
from hypnic.datasets import sources
from hypnic.datasets.nhanes.persons import NOTICE, person_files
from hypnic.schemas.nhanes import CYCLES as CYCLE_YEARS
from hypnic.schemas.nhanes import LEG_NIGHTS, NhanesPerson

CYCLES: Final = tuple(CYCLE_YEARS.values())
POPULATION = (
    "age", "age_squared", "sex", "race_ethnicity", "education", "income_ratio", "bmi", "smoking", "cycle",
)  # fmt: skip
# The weight of the smallest sample in a model (interview, examination, diet).
EXAM, DIET, BOTH_DAYS = "weight_exam", "weight_diet1", "weight_diet2"
RECALLED, MONTH, PRESCRIBED = "one or two recalled days", "the past 30 days", "prescribed, the past month"
# What else is explained, by which family: leg jerks cut otherwise, and two negative controls.
OTHER_OUTCOMES = {
    "leg_jerks_any": "binomial", "leg_jerks_often": "binomial", "leg_jerks_order": "ordered",
    "leg_jerks_midpoint": "quasipoisson", "leg_cramps": "interval-nb2", "snoring": "binomial",
}  # fmt: skip


def _nhanes(
    exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str, **facts: Any
) -> Estimand:
    return Estimand(
        "nhanes", exposure, column, step, unit, window, (*POPULATION, *adjustment), "leg_jerks", "interval-nb2",
        "design", weights=facts.pop("weights", EXAM), **facts,
    )  # fmt: skip


PRIMARY = (
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
RESTATED: tuple[Estimand, ...] = (
    *(replace(row, outcome=outcome, family=family, role="sensitivity", variant=family)
      for outcome, family in OTHER_OUTCOMES.items() for row in PRIMARY),
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
    *(without(row, "bmi", "distress", "caffeine_mg", "alcohol_g_day", weights="weight_interview",
               unit=f"{row.unit}, home interview alone", variant="home-interview")
      for row in PRIMARY if row.exposure in {"exercise", "sleep_loss"}),
)  # fmt: skip
# What popular sources name besides the five. Where two columns stand in one model, each is the other's adjustment.
OTHERS: tuple[Estimand, ...] = (
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
    without(_nhanes("anxious_days", "anxious_days", 10, "10 days worried, tense or anxious, 2007-2008", MONTH),
            "cycle", role="secondary", domain="in_2007_2008"),
    _nhanes("ssri_snri", "ssri_snri", 1, "an SSRI or SNRI vs none", PRESCRIBED, "distress", role="secondary"),
    _nhanes("stimulant", "stimulant", 1, "a CNS stimulant vs none", PRESCRIBED, "distress", role="secondary"),
    _nhanes("dopaminergic", "dopaminergic", 1, "a dopaminergic antiparkinsonism agent vs none", PRESCRIBED, "distress",
            role="exploratory"),
    *(_nhanes(mineral, f"{mineral}_mg", step, f"{step} mg a day", RECALLED, "distress", "energy_kcal", weights=DIET,
              role="exploratory")
      for mineral, step in (("magnesium", 100), ("potassium", 1000), ("calcium", 500))),
)  # fmt: skip

# Whether a control is one for an exposure: what is known of the exposure and the control, not of jerks.
STANDINGS = {
    ("caffeine", "leg_cramps"): Standing("unclear", "caffeine is a diuretic, and nothing firm is known of cramps"),
    ("alcohol", "leg_cramps"): Standing("unclear", "older people who drink weekly report more night cramps"),
    ("stress", "leg_cramps"): Standing("unclear", "depressive symptoms go with pain and poor sleep of any kind"),
    ("exercise", "leg_cramps"): Standing("positive", "strenuous exercise brings on cramps"),
    ("sleep_loss", "leg_cramps"): Standing("unclear", "cramps wake people, so that they may shorten sleep"),
    ("caffeine", "snoring"): Standing("negative", "no way from caffeine to snoring is known"),
    ("alcohol", "snoring"): Standing("positive", "alcohol relaxes the airway, and people snore"),
    ("stress", "snoring"): Standing("unclear", "sleep apnoea goes with depressive symptoms, in either direction"),
    ("exercise", "snoring"): Standing("unclear", "exercise lowers weight, which is adjusted for as it is today"),
    ("sleep_loss", "snoring"): Standing("unclear", "sleep apnoea shortens sleep"),
}

NHANES_INTERVIEW = Instrument(
    name="nhanes",
    title="NHANES",
    design="survey",
    times="as many leg jerks in a month",
    estimands=(*PRIMARY, *RESTATED, *OTHERS),
    restated=RESTATED,
    restated_words=(
        "Sleep loss is 7.5 h minus the usual sleep on weekdays; distress is the PHQ-9 without its item on sleep. The"
        " weight is that of the smallest sample a model needs: interview, examination or diet. Each primary comparison"
        " was made again with leg jerks cut otherwise (any, or five times a month or more, by logit; the answers in"
        " order, by ordered logit; the middle of each answer, 0, 1, 3, 10, 23, by quasi-Poisson), with a negative"
        " control in their place, in each cycle alone and between the cycles (a ratio of ratios), with the two-day diet"
        " weight among people who recalled both days, and, for exercise and sleep, with only what was asked at home"
        " (interview weight). Logits give ratios of odds (OR), which lie further from 1 than ratios of rates."
    ),
    phrases={
        "caffeine": Phrase("{} mg a day", "Each {} mg of caffeine a day", "mg a day"),
        "alcohol": Phrase("{} g ethanol a day", "Each {} g of ethanol a day", "g ethanol a day"),
        "stress": Phrase(
            "{} points of distress (PHQ-9)", "Each {} points of distress (PHQ-9 without its sleep item)", "points"
        ),
        "exercise": Phrase("any vs none", "Any vigorous activity, compared with none,"),
        "sleep_loss": Phrase(
            "{} h less usual sleep", "Each {} h by which usual sleep falls short of 7.5 h", "h under 7.5"
        ),
    },
    style=Style("first", "o"),
    # The columns that are explained, where an estimand names another outcome than the times a month of leg jerks.
    outcomes={
        "leg_jerks_any": "leg_jerks_any",
        "leg_jerks_often": "leg_jerks_often",
        "leg_jerks_order": "leg_jerks_order",
        "leg_jerks_midpoint": "leg_jerks_midpoint",
        "leg_cramps": ("leg_cramps_lo", "leg_cramps_hi"),
        "snoring": "snoring_habitual",
    },
    difference_units={"leg_jerks": "leg jerks a month", "leg_cramps": "leg cramps a month"},
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
        Interaction("sleep_loss", "distress", "5 points of distress", 5),
    ),
    controls=(
        Control("leg-cramps-any", "leg_jerks_any", "leg_cramps_any"),
        Control("leg-cramps-often", "leg_jerks_often", "leg_cramps_often"),
    ),
    standings=STANDINGS,
    leaves_out={
        "raking": "the weights of the survey are its own",
        "missing data": "imputation does not know the survey's design yet",
        "leaving out": "persons in a design are not left out one by one",
    },
    words={
        "leg_jerks": "leg jerks while trying to sleep, in a month",
        "leg_jerks_any": "any leg jerks while trying to sleep, in a month",
        "leg_jerks_often": "leg jerks while trying to sleep, 5 times a month or more",
        "leg_jerks_order": "leg jerks while trying to sleep, the five answers in order",
        "leg_jerks_midpoint": "leg jerks while trying to sleep, the middle of each answer (0, 1, 3, 10, 23)",
        "leg_cramps": "leg cramps while trying to sleep, in a month",
        "leg_cramps_any": "any leg cramps while trying to sleep, in a month",
        "leg_cramps_often": "leg cramps while trying to sleep, 5 times a month or more",
        "snoring": "snoring on 3 nights a week or more",
        "caffeine_after_14": "Caffeine from 14:00 on",
        "caffeine_before_14": "Caffeine before 14:00",
        "caffeine_later": "Later caffeine",
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
PROXY = (
    "NHANES asks about leg jerks while trying to sleep: a proxy for sleep starts. It misses jerks of the arms, the head"
    " or the whole body, and it counts periodic limb movements and restless legs."
)
THREATS = (
    "The answers are about leg jerks, a proxy for sleep starts.",
    (
        "Education, smoking and alcohol were asked from 20 years on: the ratios are those of adults of 20 and over who"
        " answered all that a model needs, and whoever left something out is assumed to be like those who did not."
    ),
    "A straight line on the log scale may not fit: look at dose against response next to each ratio.",
    "People recalled one month.",
    "Diet is what one or two recalled days held.",
    "Sleep loss and distress may follow from jerks as well as lead to them.",
    "The vigorous-activity question changed between the cycles: each has its own ratio, the headline is their mean.",
    (
        "Negative controls go with caffeine, too, if what ties them is who drinks it: where leg cramps or snoring go"
        " with an exposure as jerks do, the ratio says little about jerks alone."
    ),
)


def _read(folder: Path | None) -> Content:
    frame = tidy_persons(sources.NHANES.load("persons", folder))
    data = AnalysisSet(
        NHANES_INTERVIEW, fittable(frame), "seqn", ("leg_jerks_lo", "leg_jerks_hi"), NHANES_INTERVIEW.estimands,
        {"strata": "stratum", "psu": "psu"}, parts="cycle",
    )  # fmt: skip
    return Content((data,), hashes(person_files(folder)))


def _levels(column: str) -> Sequence[str]:
    if column == "age_group":
        return AGE_GROUPS
    dtype = NhanesPerson.to_schema().columns[column].dtype.type
    return list(dtype.categories) if isinstance(dtype, pl.Enum) else []


def _people_note(sets: Sequence[AnalysisSet], used: Mapping[str, str]) -> str:
    people = sets[0].frame
    return (
        f"{people.height:,} people were sampled; {people['answered'].sum():,} aged 16 and over answered the"
        f" question about leg jerks. The ratios come from {used.get('survey', 'none')} of them, adults of 20 and"
        " over who answered all that a model needs."
    )


NHANES = Study(
    name="nhanes",
    title="Leg jerks while trying to sleep in NHANES 2005-2008",
    synthetic=False,
    notices=(PROXY, NOTICE),
    threats=THREATS,
    instruments=(NHANES_INTERVIEW,),
    read=_read,
    source=sources.NHANES,
    people=People(
        ("age_group", "sex", "race_ethnicity", "education", "smoking"), _levels,
        among="answered", by="cycle", weight="weight_interview",
    ),
    people_note=_people_note,
    shares=Shares("leg-jerks", "How often leg jerks came in a month (answers other than never)", LEG_NIGHTS),
    controls=Controls(
        "leg_jerks", ("leg_cramps", "snoring"),
        "Leg jerks next to two negative controls: rate ratios, for snoring odds ratios (95 % interval)",
        ("Exposure", "Leg jerks", "Leg cramps", "Snoring (odds)"),
        "Leg cramps and snoring (three nights a week or more) are negative controls: the way these exposures are said"
        " to act on sleep starts is not one to act on them. Where a control differs from 1 as jerks do, the ratio"
        " for jerks may come from who people are, or from how they answer.",
    ),
    words={
        "mexican_american": "Mexican American",
        "other_hispanic": "other Hispanic",
        "non_hispanic_white": "non-Hispanic white",
        "non_hispanic_black": "non-Hispanic Black",
    },
)  # fmt: skip
