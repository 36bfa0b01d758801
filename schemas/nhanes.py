"""One row per NHANES 2005-2008 sample person: which CDC variables it comes from, and what it must hold."""

from collections.abc import Iterable
from typing import Any, Final

import pandera.polars as pa
import polars as pl

from hypnic.schemas.cdc import CYCLES, PHQ_ITEMS, SOURCES

LEG_NIGHTS: Final = {
    "never": (0, 0),
    "rarely": (1, 1),
    "sometimes": (2, 4),
    "often": (5, 15),
    "almost_always": (16, 30),
}
"""Hand card SLQ1: each answer to SLQ150 and SLQ160, in code order, and the nights a month it stands for."""
DRINKING: Final = ("never", "former", "current")
SNORING: Final = ("never", "rarely", "occasionally", "frequently")
SEXES: Final = ("male", "female")
SMOKING: Final = ("never", "former", "current")
EDUCATION: Final = ("below_9th_grade", "9th_to_11th_grade", "high_school", "some_college", "college_graduate")
RACES: Final = (
    "mexican_american",
    "other_hispanic",
    "non_hispanic_white",
    "non_hispanic_black",
    "other_or_multiracial",
)
SLEEP_NEED_H: Final = 7.5
"""Sleep loss is counted against this many hours."""


def _column(title: str, description: str, source: str, *, unit: str | None = None, **field: Any) -> Any:
    """Return a pandera Field, null allowed unless said; `source` names CDC's variables."""
    variables = source.split()
    missing = {v: list(SOURCES[v].missing) for v in variables if v in SOURCES and SOURCES[v].missing}
    metadata = {"unit": unit, "source": variables, "missing_codes": missing}
    return pa.Field(title=title, description=description, metadata=metadata, **{"nullable": True, **field})


def _choice(title: str, description: str, source: str, options: Iterable[str], **field: Any) -> Any:
    return _column(title, description, source, dtype_kwargs={"categories": list(options)}, **field)


def _days(title: str, description: str, source: str, unit: str = "days of 30") -> Any:
    return _column(title, description, source, unit=unit, ge=0, le=30)


def _design(title: str, description: str, source: str, **field: Any) -> Any:
    return _column(title, description, source, nullable=False, **field)


class NhanesPerson(pa.DataFrameModel):
    """Every sample person of DEMO_D and DEMO_E; nobody is dropped, since a subpopulation is a domain.

    Null means not asked, refused or not known. Each weight is CDC's two-year weight halved, so that the two
    cycles together stand for one average year; it is 0 for a person outside that weight's sample, who so
    stays in the design and out of every estimate. Use the weight of the smallest sample in the model:
    interview, then examination, then diet.
    """

    seqn: pl.Int64 = _design("Respondent", "Unique over both cycles.", "SEQN", unique=True, ge=1)
    cycle: pl.Enum = _choice("Cycle", "The two survey years.", "SDDSRVYR", CYCLES.values(), nullable=False)
    age: pl.Int64 = _design(
        "Age",
        "At screening; 80 stands for 80 or more (CDC stops at 85 in the first cycle, at 80 in the second).",
        "RIDAGEYR",
        unit="years",
        ge=0,
        le=80,
    )
    sex: pl.Enum = _choice("Sex", "As CDC recorded it.", "RIAGENDR", SEXES, nullable=False)
    race_ethnicity: pl.Enum = _choice("Race and ethnicity", "CDC's five groups.", "RIDRETH1", RACES, nullable=False)
    education: pl.Enum = _choice("Education", "Highest level reached. Ages 20+.", "DMDEDUC2", EDUCATION)
    income_ratio: pl.Float64 = _column(
        "Income to poverty ratio",
        "Family income over the poverty line; 5 stands for 5 or more.",
        "INDFMPIR",
        ge=0,
        le=5,
    )
    bmi: pl.Float64 = _column("Body mass index", "Measured at the examination.", "BMXBMI", unit="kg/m²", gt=0)
    smoking: pl.Enum = _choice(
        "Smoking",
        "Never: under 100 cigarettes in life; former: 100 or more, none now. Ages 20+.",
        "SMQ020 SMQ040",
        SMOKING,
    )

    weight_interview: pl.Float64 = _design(
        "Interview weight", "For the home interview alone (leg jerks, sleep, exercise).", "WTINT2YR", gt=0
    )
    weight_exam: pl.Float64 = _design(
        "Examination weight",
        "With alcohol, depressive symptoms, days of poor mental health or BMI, and no diet.",
        "WTMEC2YR",
        ge=0,
    )
    weight_diet1: pl.Float64 = _design("First-day diet weight", "When diet is in the model.", "WTDRD1", ge=0)
    weight_diet2: pl.Float64 = _design("Two-day diet weight", "When both recalls are required.", "WTDR2D", ge=0)
    stratum: pl.Int64 = _design("Stratum", "Masked variance stratum.", "SDMVSTRA", ge=1)
    psu: pl.Int64 = _design("PSU", "Masked sampling unit, numbered within its stratum.", "SDMVPSU", ge=1)

    leg_jerks: pl.Enum = _choice(
        "Leg jerks",
        "In the past month, how often leg jerks while trying to sleep. Ages 16+. A proxy for sleep starts: "
        "legs only, and mixed with periodic limb movements and restless legs.",
        "SLQ150",
        LEG_NIGHTS,
    )
    leg_jerks_lo: pl.Int64 = _days("Leg jerks, fewest", "Lower end of the answer.", "SLQ150", "times a month")
    leg_jerks_hi: pl.Int64 = _days("Leg jerks, most", "Upper end, inclusive.", "SLQ150", "times a month")
    leg_cramps: pl.Enum = _choice(
        "Leg cramps",
        "In the past month, how often leg cramps while trying to sleep; a negative control. Ages 16+.",
        "SLQ160",
        LEG_NIGHTS,
    )
    leg_cramps_lo: pl.Int64 = _days("Leg cramps, fewest", "Lower end of the answer.", "SLQ160", "times a month")
    leg_cramps_hi: pl.Int64 = _days("Leg cramps, most", "Upper end, inclusive.", "SLQ160", "times a month")
    snoring: pl.Enum = _choice(
        "Snoring",
        "In the past 12 months: never, 1-2, 3-4, 5 or more nights a week; a negative control. Ages 16+.",
        "SLQ030",
        SNORING,
    )

    caffeine_mg: pl.Float64 = _column(
        "Caffeine", "Mean of the one or two reliable recalls.", "DR1TCAFF DR2TCAFF", unit="mg/day", ge=0
    )
    caffeine_after_14_mg: pl.Float64 = _column(
        "Caffeine after 14:00",
        "The part taken from 14:00 to midnight; a recall runs from midnight to midnight.",
        "DR1_020 DR1ICAFF DR2_020 DR2ICAFF",
        unit="mg/day",
        ge=0,
    )
    caffeine_day1_mg: pl.Float64 = _column(
        "Caffeine, first recall", "Of a reliable recall.", "DR1TCAFF", unit="mg/day", ge=0
    )
    caffeine_day2_mg: pl.Float64 = _column(
        "Caffeine, second recall", "Of a reliable recall.", "DR2TCAFF", unit="mg/day", ge=0
    )
    recall_weekday1: pl.Int64 = _column(
        "Weekday of the first recall", "Of what was eaten: 1 is Sunday, 7 Saturday.", "DR1DAY", ge=1, le=7
    )
    recall_weekday2: pl.Int64 = _column(
        "Weekday of the second recall", "Of what was eaten: 1 is Sunday, 7 Saturday.", "DR2DAY", ge=1, le=7
    )
    energy_kcal: pl.Float64 = _column(
        "Energy", "From food and drink; mean of the recalls.", "DR1TKCAL DR2TKCAL", unit="kcal/day", ge=0
    )
    magnesium_mg: pl.Float64 = _column(
        "Magnesium", "From food and drink; mean of the recalls.", "DR1TMAGN DR2TMAGN", unit="mg/day", ge=0
    )
    potassium_mg: pl.Float64 = _column(
        "Potassium", "From food and drink; mean of the recalls.", "DR1TPOTA DR2TPOTA", unit="mg/day", ge=0
    )
    calcium_mg: pl.Float64 = _column(
        "Calcium", "From food and drink; mean of the recalls.", "DR1TCALC DR2TCALC", unit="mg/day", ge=0
    )
    alcohol_g_day: pl.Float64 = _column(
        "Alcohol",
        "Drinking days in a year times drinks on such a day times 14 g, over 365; 0 without a drinking day "
        "in the year or with fewer than 12 drinks in life. Released for ages 20+.",
        "ALQ110 ALQ120Q ALQ120U ALQ130",
        unit="g/day",
        ge=0,
    )
    drinking: pl.Enum = _choice(
        "Drinking",
        "Never: under 12 drinks in life; former: none in the past 12 months. Released for ages 20+.",
        "ALQ110 ALQ120Q",
        DRINKING,
    )
    binge_days_month: pl.Float64 = _column(
        "Days with 5 drinks or more",
        "Per month, of the past 12 months; 0 without a drinking day. Released for ages 20+.",
        "ALQ110 ALQ120Q ALQ140Q ALQ140U",
        unit="days/month",
        ge=0,
    )
    distress: pl.Int64 = _column(
        "Depressive symptoms",
        "PHQ-9 without its sleep item: eight items summed, null unless all are answered. Ages 18+.",
        " ".join(PHQ_ITEMS),
        unit="points of 24",
        ge=0,
        le=24,
    )
    poor_mental_days: pl.Int64 = _days(
        "Days of poor mental health", "Of the past 30, stress included. Ages 12+.", "HSQ480"
    )
    anxious_days: pl.Int64 = _days(
        "Anxious days", "Worried, tense or anxious; asked in 2007-2008 only. Ages 12+.", "HSQ496"
    )
    exercise: pl.Boolean = _column(
        "Vigorous activity",
        "2005-2006: any in the past 30 days, leisure or school. 2007-2008: any in a typical week, work or "
        "leisure. Two questions: never pool them without a cycle interaction. Ages 12+.",
        "PAD200 PAQ605 PAQ650",
    )
    sleep_h: pl.Float64 = _column(
        "Sleep", "Usual, on weekdays; 12 stands for 12 or more. Ages 16+.", "SLD010H", unit="h", ge=1, le=12
    )
    sleep_loss_h: pl.Float64 = _column(
        "Sleep loss", f"{SLEEP_NEED_H} h minus usual sleep, below 0 for long sleepers.", "SLD010H", unit="h"
    )
    ssri_snri: pl.Boolean = _column("SSRI or SNRI", "Prescribed, past month.", "RXDUSE RXDDRGID")
    stimulant: pl.Boolean = _column(
        "Stimulant",
        "Prescribed CNS stimulant, past month (Multum counts atomoxetine among them).",
        "RXDUSE RXDDRGID",
    )
    dopaminergic: pl.Boolean = _column(
        "Dopaminergic", "Prescribed dopaminergic antiparkinsonism agent, past month.", "RXDUSE RXDDRGID"
    )
    gabapentinoid: pl.Boolean = _column(
        "Gabapentinoid", "Prescribed gabapentin or pregabalin, past month.", "RXDUSE RXDDRGID"
    )

    class Config:
        """Nothing more, nothing less, and no silent casts."""

        strict = True
        coerce = False
