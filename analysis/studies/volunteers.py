"""What every study of volunteers has in common: how its folders are read, and what may be wrong with its ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypnic.analysis.studies.diary import diary_set
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.study import Content, People, Rates, Spread, Written, hashes
from hypnic.analysis.studies.survey import survey_set
from hypnic.datasets.cleaning import with_withheld
from hypnic.datasets.intake.facts import read as read_facts
from hypnic.datasets.loading import gather
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.disclosure import protected, told_exactly, too_few

WHAT = (
    "A sleep start, or hypnic jerk, is a sudden jerk of the body as you fall asleep. This is a diary study with a"
    " cross-sectional survey."
)
CANNOT = (
    "It cannot say that one thing leads to the other, how common jerks are among people at large, or what would help"
    " you."
)
THREATS = (
    "People volunteered: a share tells of them, and not of people at large.",
    "Only noticed jerks are counted; stress, waking and a bed partner change what is noticed.",
    "Belief about triggers can colour the answers.",
    "It may be the other way round: jerks can lead to worry and to short sleep.",
    "Medicines may be taken for what goes along with jerks (confounding by indication).",
    "Short sleep leads to coffee, and coffee to short sleep: what is put down to one may be due to the other.",
    (
        "The diary supposes that tonight's jerks do not change tomorrow's exposures. Where they do (a jerk costs"
        " sleep), its ratios are a little off; the table of estimates also has each with that bias taken away. What"
        " changes from night to night and was not asked for is adjusted for nowhere."
    ),
)
SPREADS = (
    Spread("diary", "jerk_count", 1, "jerks-per-night", "Noticed jerks in a night", ("Jerks", "Nights")),
    Spread(
        "survey", "jerk_nights_30d", 5, "nights-with-a-jerk", "Nights of the last 30 with a jerk", ("Nights", "Persons")
    ),
)
RATES = Rates(
    "survey", "jerk_freq_12mo", ("weekly", "several_a_week", "most_nights", "every_night"),
    "Jerks once a week or more", "of those who answered in this sample, and of no population",
    ("age_band", "sex_at_birth"),
)  # fmt: skip
WORDS = {"nrt_or_pouch": "nicotine replacement or pouch"}


def read(folders: Sequence[Path]) -> Content:
    """Make the diary and the survey of some submissions ready, and hash every file of theirs."""
    found: dict[str, str] = {}
    for folder in folders:  # files of several submissions are called alike
        found |= hashes(sorted(file for file in folder.iterdir() if _counts(file)), folder.parent)
    return Content(sets(folders), found)


def sets(folders: Sequence[Path]) -> tuple[AnalysisSet, ...]:
    """Make the diary and the survey of some folders ready, each table opened once."""
    tables = gather(list(folders), "participants", "nights", "flags", "missingness")
    flags = tables["flags"]
    people = with_withheld(tables["participants"], tables["missingness"], Participants)
    return diary_set(tables["nights"], people, flags), survey_set(people, flags)


def _counts(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".")


def _levels(column: str) -> list[str]:
    facts = columns(Participants)[column]
    return [word for word in facts.options if word not in facts.missing_words]


PEOPLE = People(("age_band", "sex_at_birth", "bed_partner", "shift_pattern", "nicotine_use"), _levels)


DID = {"survey": "answered all that a model needs", "diary": "noticed a jerk on some night"}


def people_note(sets: Sequence[AnalysisSet], used: Mapping[str, str], written: Written = told_exactly) -> str:
    """Say how many respondents, diarists and nights there are, and how many of them the ratios come from."""
    diary, survey = sets
    diarists, everyone = set(diary.frame["participant_id"]), set(survey.frame["participant_id"])
    one, more = ("respondent", "respondents") if diarists <= everyone else ("person", "people")
    everyone |= diarists
    longest = int(columns(Nights)["night_index"].high or 1)
    nights = f"of {written(diary.frame.height, longest)} nights in all"
    counted = f"{written(len(everyone), 1)} {one if len(everyone) == 1 else more}"
    # Those without a diary are the rest: both numbers are given, or neither.
    kept, _ = protected([len(diarists), len(everyone - diarists)])
    if diarists == everyone and not too_few(len(everyone)):
        said = f"{counted}; all of them kept a diary, {nights}."
    elif isinstance(kept, int):
        said = f"{counted}; {written(kept, 1)} of them kept a diary, {nights}."
    else:
        return f"{counted}."
    come = [f"the {design}'s ratios come from {used[design]} people who {did}" for design, did in DID.items()
            if design in used]  # fmt: skip
    return f"{said} {'; '.join(come).capitalize()}." if come else said


def collected(folders: Sequence[Path]) -> tuple[str, ...]:
    """Say in a sentence how many submissions there are, and how and when their answers were collected."""
    periods: dict[str, list[str]] = {}
    for folder in folders:
        facts = read_facts(folder)
        if {"collection", "period"} <= set(facts):
            periods.setdefault(str(facts["collection"]), []).extend(str(facts["period"]).split(" to "))
    said = f"{len(folders):,} submission{'s' if len(folders) > 1 else ''}"
    if periods:
        spans = {how: sorted({min(when), max(when)}) for how, when in sorted(periods.items())}
        said += ", collected by " + "; by ".join(f"{how} ({' to '.join(span)})" for how, span in spans.items())
    return (f"{said}.",)
