"""What every study of volunteers has in common: how its folders are read, and what may be wrong with its ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypnic.analysis.studies.diary import diary_set
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.study import Content, People, Spread, Written, hashes
from hypnic.analysis.studies.survey import survey_set
from hypnic.datasets.loading import gather
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.disclosure import protected, told_exactly

SELF_SELECTED = "Volunteers came by themselves: every share below is of this sample and of no population."
THREATS = (
    "Volunteers came by themselves: a share is one of this sample and of no population.",
    "Jerks are counted as noticed, not as they occurred; stress, waking and a bed partner change what is noticed.",
    "Belief about triggers can colour the answers.",
    "The direction may be the other one: jerks can lead to worry and to short sleep.",
    "Medicines may be taken for what goes along with jerks (confounding by indication).",
    "Short sleep leads to coffee and coffee to short sleep: caffeine may carry the part of sleep loss.",
    (
        "The diary supposes that tonight's jerks do not change tomorrow's exposures; where they do (a jerk costs"
        " sleep), its ratios are a little off, less so in longer diaries. The table of estimates also has each ratio"
        " with last night's jerks held still and with that bias taken away (half-panel jackknife), weighted for nights"
        " left empty, and by a marginal structural model. What changes within a person from night to night and was not"
        " asked for is adjusted for in none of them."
    ),
)
SPREADS = (
    Spread("diary", "jerk_count", 1, "jerks-per-night", "Noticed jerks in a night", ("Jerks", "Nights")),
    Spread(
        "survey", "jerk_nights_30d", 5, "nights-with-a-jerk", "Nights of the last 30 with a jerk", ("Nights", "Persons")
    ),
)
WORDS = {"nrt_or_pouch": "nicotine replacement or pouch"}


def read(folders: list[Path]) -> Content:
    """Make the diary and the survey of some submissions ready, each file opened once."""
    tables = gather(folders, "participants", "nights", "flags")
    people, flags = tables["participants"], tables["flags"]
    files = [file for folder in folders for file in sorted(folder.glob("*.csv"))]
    sets = (diary_set(tables["nights"], people, flags), survey_set(people, flags))
    return Content(sets, hashes(files))


def _levels(column: str) -> list[str]:
    facts = columns(Participants)[column]
    return [word for word in facts.options if word not in facts.missing_words]


PEOPLE = People(("age_band", "sex_at_birth", "bed_partner", "shift_pattern", "nicotine_use"), _levels)


def people_note(sets: Sequence[AnalysisSet], used: Mapping[str, str], written: Written = told_exactly) -> str:
    """Say how many respondents and diarists there are, and how many of them the ratios come from."""
    diary, survey = sets
    diarists = diary.frame["participant_id"].n_unique()
    # Those without a diary are the rest: both numbers are given, or neither.
    kept, _ = protected([diarists, max(0, survey.frame.height - diarists)])
    if not isinstance(kept, int):
        return f"{written(survey.frame.height, 1)} respondents."
    nights = written(diary.frame.height, int(columns(Nights)["night_index"].high or 1))
    return (
        f"{written(survey.frame.height, 1)} respondents; {written(kept, 1)} of them kept a diary, of {nights} nights in"
        " all."
        f" The survey's ratios come from {used.get('survey', 'none')} persons who answered all that a model needs, the"
        f" diary's from {used.get('diary', 'none')} who noticed a jerk on some night."
    )
