"""What a reader calls things: the words that studies and instruments bring, and the titles of the schemas."""

from __future__ import annotations

from functools import cache

from hypnic.analysis.studies import EXPOSURES, STUDIES, instruments
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.nhanes import NhanesPerson

WHEN = {"before", "after", "from", "until"}  # words of a title that do not say of what an amount is
NO_ANSWER = {"no answer": "no answer, or not asked"}


@cache
def readable(column: str) -> str:
    """Name a column of a tidy table in words.

    >>> readable("age_band"), readable("late_vigorous_exercise")
    ('age group', 'vigorous exercise that ended 2 h or less before bed')
    """
    brought = {name: words for one in instruments().values() for name, words in one.words.items()}
    if column in brought:
        return brought[column]
    titles = {name: facts.title for model in (Participants, Nights) for name, facts in columns(model).items()}
    titles |= {name: str(facts.title) for name, facts in NhanesPerson.to_schema().columns.items()}
    title = titles.get(column, column.replace("_", " "))
    return title[0].lower() + title[1:]


def level(value: str) -> str:
    """Write an answer's token in words.

    >>> level("most_nights"), level("9th_to_11th_grade")
    ('most nights', '9th to 11th grade')
    """
    brought = {name: words for study in STUDIES.values() for name, words in study.words.items()} | NO_ANSWER
    return brought.get(value, value.replace("_", " "))


def exposure_title(exposure: str, table: str = "") -> str:
    """Name an exposure, as at the head of a line; an instrument, which `table` names, may call it otherwise.

    >>> exposure_title("sleep_loss"), exposure_title("dopaminergic"), exposure_title("stress", "nhanes")
    ('Sleep loss', 'Dopaminergic medicine', 'Depressive symptoms')
    """
    known = instruments().get(table)
    title = (known.titles.get(exposure) if known else None) or EXPOSURES.get(exposure) or readable(exposure)
    return title[0].upper() + title[1:]


def comparison(exposure: str, unit: str, table: str = "") -> str:
    """Name what is compared: by its unit, which says of what it is unless it is only an amount.

    >>> comparison("magnesium", "100 mg a day", "nhanes"), comparison("caffeine_before_14", "100 mg before 14:00")
    ('magnesium in food, 100 mg a day', 'caffeine before 14:00, 100 mg before 14:00')
    >>> comparison("ssri_snri", "an SSRI or SNRI vs none")
    'an SSRI or SNRI vs none'
    """
    title = exposure_title(exposure, table)
    says = [word[:5] for word in title.lower().split() if word[0].isalpha() and word not in WHEN]
    named = any(word in unit.lower() for word in says)
    return unit if named or not unit[:1].isdigit() else f"{title[:1].lower()}{title[1:]}, {unit}"
