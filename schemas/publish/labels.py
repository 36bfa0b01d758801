"""What a level or a code is called in a file of data: as SPSS, Stata, Data Package and a codebook want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypnic.errors import HypnicError
from hypnic.schemas.publish.wording import ANSWERS, HOW_OFTEN, OFFICIAL, country_name
from hypnic.schemas.regions import regions

if TYPE_CHECKING:
    from hypnic.schemas import Column

# Why a cell is empty, by the word that the table `missingness` has for it: its code, its letter in Stata, its label.
REASONS: Final = {
    "routing": (-7, "a", "not asked"),
    "dont_know": (-8, "b", "do not know"),
    "unknown": (-8, "b", "do not know"),
    "refused": (-9, "c", "refused"),
    "undisclosed": (-9, "c", "refused"),
    "withheld": (-6, "d", "withheld"),
}
MISSING: Final = {code: label for code, _, label in REASONS.values()}
LETTERS: Final = {code: letter for code, letter, _ in REASONS.values()}
# A level's own words would be taken for something else by the default readers of R, pandas, readr and Excel.
NAMIBIA: Final = "NAM"


def safe(level: str) -> str:
    """Give a level as a release spells it, so that no reader takes it for a missing cell or a number.

    >>> safe("NA"), safe("155"), safe("DE")
    ('NAM', 'M49-155', 'DE')
    """
    return NAMIBIA if level == "NA" else f"M49-{level}" if level.isdigit() else level


def level_labels(column: Column) -> dict[str, str]:
    """Say each level of a column in words, by its spelling in a release.

    >>> from hypnic.schemas import Nights, columns
    >>> level_labels(columns(Nights)["exercise_intensity"])
    {'none': 'none', 'light': 'light', 'moderate': 'moderate', 'vigorous': 'vigorous'}
    """
    if column.kind == "flag":
        return {"false": "no", "true": "yes"}
    return {safe(word): _label(word, column) for word in column.options if word not in column.missing_words}


def number_labels(column: Column) -> dict[int, str]:
    """Say the numbers of a column that stand for words; none where a number is an amount.

    >>> from hypnic.schemas import Nights, columns
    >>> number_labels(columns(Nights)["jerk_intensity_0_4"])[1]
    'felt only'
    """
    if column.name in OFFICIAL:
        return dict(enumerate(HOW_OFTEN))
    if column.name != "jerk_intensity_0_4":
        return {}
    return {n: column.question.partition(f"{n} ")[2].partition(",")[0].rstrip(")") for n in range(5)}


def _label(word: str, column: Column) -> str:
    """Say a level; an answer's words where a form has some, else its own with spaces."""
    if column.name == "country_code":
        return _place(word)
    return ANSWERS.get(word, word.replace("_", " "))


def _place(word: str) -> str:
    """Name a country, a sub-region, or neither."""
    if word == "ZZ":
        return "not told, or withheld"
    named = {region.code: region.name for region in regions()}
    try:
        return named.get(word) or country_name(word)
    except HypnicError:  # the names of countries are not installed
        return word
