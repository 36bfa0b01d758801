"""What a reader calls the columns: titles of the schemas, and a few words for what is derived."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.nhanes import NhanesPerson

DERIVED = {
    "stress_0_10": "stress that day",
    "caffeine_before_14_mg": "caffeine before 14:00",
    "late_vigorous_exercise": "vigorous exercise that ended 2 h or less before bed",
    "sleep_loss_prev_h": "sleep lost the night before",
    "stress_prev": "stress the day before",
    "caffeine_prev_mg": "caffeine the day before",
    "alcohol_prev_g": "alcohol the day before",
    "alcohol_usual_g_day": "alcohol on a usual day",
    "exercise_vigorous_min_day": "vigorous exercise a day",
    "sleep_loss_usual_h": "usual sleep loss",
    "any_nicotine": "nicotine",
    "ssri_snri": "SSRI or SNRI",
    "stimulant": "stimulant medicine",
    "rls_probable": "features of restless legs",
    "age_squared": "age squared",
    "bmi": "body mass index",
    "caffeine_mg": "caffeine",
    "alcohol_g": "alcohol",
    "sleep_5_or_less": "sleep of 5 h or less",
    "sleep_9_or_more": "sleep of 9 h or more",
    "energy_kcal": "energy in food",
}
EXPOSURES = {
    "caffeine": "Caffeine",
    "alcohol": "Alcohol",
    "stress": "Stress",
    "exercise": "Vigorous exercise",
    "sleep_loss": "Sleep loss",
    "caffeine_after_14": "Caffeine from 14:00 on",
    "caffeine_before_14": "Caffeine before 14:00",
    "caffeine_later": "Later caffeine",
    "short_sleep": "Short sleep",
    "long_sleep": "Long sleep",
    "poor_mental_days": "Days of poor mental health",
    "anxious_days": "Anxious days",
    "ssri_snri": "SSRI or SNRI",
    "stimulant": "Stimulant medicine",
    "dopaminergic": "Dopaminergic medicine",
    "magnesium": "Magnesium in food",
    "potassium": "Potassium in food",
    "calcium": "Calcium in food",
}
OUTCOMES = {
    "jerk_count": "noticed jerks in a night",
    "jerk_nights_30d": "nights of the last 30 with a noticed jerk",
    "leg_jerks": "leg jerks while trying to sleep, in a month",
    "leg_jerks_any": "any leg jerks while trying to sleep, in a month",
    "leg_jerks_often": "leg jerks while trying to sleep, 5 times a month or more",
    "leg_jerks_order": "leg jerks while trying to sleep, the five answers in order",
    "leg_jerks_midpoint": "leg jerks while trying to sleep, the middle of each answer (0, 1, 3, 10, 23)",
    "leg_cramps": "leg cramps while trying to sleep, in a month",
    "snoring": "snoring on 3 nights a week or more",
}
DESIGNS = {"diary": "Diary", "survey": "Survey", "nhanes": "NHANES"}


class Phrase(NamedTuple):
    """How one comparison is said: in a figure's label, and as the subject of a sentence; `{}` is the step."""

    label: str
    subject: str


PHRASES: dict[tuple[str, str], Phrase] = {
    ("diary", "caffeine"): Phrase("{} mg after 14:00", "Each {} mg of caffeine after 14:00"),
    ("diary", "alcohol"): Phrase("{} g ethanol that day", "Each {} g of ethanol between waking and bed"),
    ("diary", "stress"): Phrase("{} points of 0–10", "Each {} points of stress (0 to 10, rated before bed)"),
    ("diary", "exercise"): Phrase(
        "≤ 2 h before bed vs not",
        "Vigorous exercise that ended 2 h or less before bed, compared with any other evening,",
    ),
    ("diary", "sleep_loss"): Phrase("{} h lost the night before", "Each {} h of sleep lost the night before"),
    ("survey", "caffeine"): Phrase("{} mg on a usual day", "Each {} mg of caffeine on a usual day"),
    ("survey", "alcohol"): Phrase("{} g ethanol a day", "Each {} g of ethanol a day"),
    ("survey", "stress"): Phrase("{} points of 0–10", "Each {} points of usual stress (0 to 10)"),
    ("survey", "exercise"): Phrase("{} min a day", "Each {} min of vigorous exercise a day"),
    ("survey", "sleep_loss"): Phrase("{} h less than needed", "Each {} h of usual sleep short of the need"),
    ("nhanes", "caffeine"): Phrase("{} mg a day", "Each {} mg of caffeine a day"),
    ("nhanes", "alcohol"): Phrase("{} g ethanol a day", "Each {} g of ethanol a day"),
    ("nhanes", "stress"): Phrase(
        "{} points of distress (PHQ-9)", "Each {} points of distress (PHQ-9 without its sleep item)"
    ),
    ("nhanes", "exercise"): Phrase("any vs none", "Any vigorous activity, compared with none,"),
    ("nhanes", "sleep_loss"): Phrase("{} h less usual sleep", "Each {} h by which usual sleep falls short of 7.5 h"),
}


LEVELS = {
    "mexican_american": "Mexican American",
    "other_hispanic": "other Hispanic",
    "non_hispanic_white": "non-Hispanic white",
    "non_hispanic_black": "non-Hispanic Black",
    "nrt_or_pouch": "nicotine replacement or pouch",
    "no answer": "no answer, or not asked",
}


@cache
def readable(column: str) -> str:
    """Name a column of a tidy table in words.

    >>> readable("age_band"), readable("late_vigorous_exercise")
    ('age group', 'vigorous exercise that ended 2 h or less before bed')
    """
    if column in DERIVED:
        return DERIVED[column]
    titles = {name: facts.title for model in (Participants, Nights) for name, facts in columns(model).items()}
    titles |= {name: str(facts.title) for name, facts in NhanesPerson.to_schema().columns.items()}
    title = titles.get(column, column.replace("_", " "))
    return title[0].lower() + title[1:]


def level(value: str) -> str:
    """Write an answer's token in words.

    >>> level("most_nights"), level("9th_to_11th_grade")
    ('most nights', '9th to 11th grade')
    """
    return LEVELS.get(value, value.replace("_", " "))
