"""The study `nhanes`: leg jerks while trying to sleep, in a sample of the United States of 2005-2008."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from hypnic.analysis.studies.interview import NHANES_INTERVIEW
from hypnic.analysis.studies.persons import AGE_GROUPS, tidy_persons
from hypnic.analysis.studies.sets import AnalysisSet, fittable
from hypnic.analysis.studies.study import Content, Controls, People, Published, Rates, Shares, Study, Written, hashes
from hypnic.datasets import sources
from hypnic.datasets.nhanes.persons import NOTICE, person_files
from hypnic.schemas.nhanes import LEG_NIGHTS, NhanesPerson

PROXY = (
    "NHANES asks about leg jerks while trying to sleep: a proxy for sleep starts. It misses jerks of the arms, the head"
    " or the whole body, and it counts periodic limb movements and restless legs."
)
EXPLORATORY = (
    "Exploratory: these answers were public before any specification was written, and the primary model was changed"
    " after they had been seen. At first a negative binomial law of the times a month was primary; it missed how often"
    " the two highest answers were given, as every other law of counts does, and the answers in order, an ordered"
    " logit, took its place."
)
THREATS = (
    (
        "Education, smoking and alcohol were asked from 20 years on, so the ratios are those of adults; whoever left an"
        " answer out is assumed to be like those who did not."
    ),
    (
        "An odds ratio of a more frequent answer supposes one ratio for all answers: where the test of that fails, read"
        " the ratios at each answer instead. It lies further from 1 than a ratio of how often jerks come."
    ),
    "People recalled a month of jerks, and one or two days of diet.",
    "Sleep loss and depressive symptoms may follow from jerks as well as lead to them.",
    "What is called stress elsewhere is depressive symptoms here: nobody was asked about stress.",
    (
        "Medicines are taken for something: SSRIs, stimulants and dopaminergic agents (a treatment of restless legs,"
        " which the question takes in) go with jerks for the reason they were prescribed, too."
    ),
    "The vigorous-activity question changed between the cycles: each has its own ratio, the headline is their mean.",
    (
        "Where leg cramps or snoring go with an exposure as much as jerks do, the ratio says little about jerks: it may"
        " only say who has that habit, or how they answer."
    ),
)


def _read(folder: Path | None) -> Content:
    frame = tidy_persons(sources.NHANES.load("persons", folder))
    data = AnalysisSet(
        NHANES_INTERVIEW, fittable(frame), "seqn", "leg_jerks_order", NHANES_INTERVIEW.estimands,
        {"strata": "stratum", "psu": "psu"}, parts="cycle",
    )  # fmt: skip
    return Content((data,), hashes(person_files(folder)))


def _levels(column: str) -> Sequence[str]:
    if column == "age_group":
        return AGE_GROUPS
    dtype = NhanesPerson.to_schema().columns[column].dtype.type
    return list(dtype.categories) if isinstance(dtype, pl.Enum) else []


def _people_note(_: Sequence[AnalysisSet], used: Mapping[str, str], __: Written) -> str:
    return (
        "NHANES asked: “In the past month, how often did you have leg jerks while trying to sleep?” (SLQ150). The"
        f" ratios come from {used.get('survey', 'none')} adults of 20 and over who answered all that a model needs."
    )


NHANES = Study(
    name="nhanes",
    title="Leg jerks while trying to sleep in NHANES 2005-2008",
    synthetic=False,
    new_answers=False,
    notices=(PROXY, EXPLORATORY, NOTICE),
    threats=THREATS,
    instruments=(NHANES_INTERVIEW,),
    read=_read,
    source=sources.NHANES,
    people=People(
        ("age_group", "sex", "race_ethnicity", "education", "smoking"), _levels,
        among="answered", by="cycle", weight="weight_interview", weighted="Weighted (interview weight)",
    ),
    people_note=_people_note,
    what="A sleep start is a sudden jerk of the body as you fall asleep. NHANES, a cross-sectional survey, asked about"
    " leg jerks while trying to sleep, a stand-in.",
    cannot="It cannot say what leads to what: people differ in much else.",
    dated="interviews and examinations of 2005 to 2008",
    stages=(
        ("interviewed, at any age", "interviewed"),
        ("of them 16 and over: nobody younger was asked about leg jerks", "asked"),
        ("of them with an answer: the others refused or did not know", "answered"),
        ("of them adults of 20 and over", "adult"),
    ),
    rates=Rates(
        "nhanes", "leg_jerks", ("often", "almost_always"), "Leg jerks 5 times a month or more",
        "of people of 16 and over in the United States, 2005 to 2008 (interview weight)", ("age_group", "sex"),
    ),
    shares=Shares(
        "leg-jerks", "How often leg jerks came in a month (answers other than never)", LEG_NIGHTS,
        weight="interview weight",
        axis="Per cent of people aged 16 and over (interview weight)",
        question="Leg jerks while trying to sleep, past month, ages 16 and over (SLQ150)",
        note="In brackets: times a month. Persons are unweighted, as in CDC's codebook. Shares are weighted to the"
        " population (interview weight, as the question was asked at home), of those who answered, with design-based"
        " intervals.",
        published=Published(
            "A check of weights and design: leg cramps among adults (20 and over), next to what was published",
            ("Leg cramps", "Here, weighted (interview weight; 95 % interval)", "Grandner & Winkelman 2017"),
            {"mild": "24 to 25 %", "moderate or severe": "6 %"},
            "Mild: up to 4 times a month. Published: PLoS ONE, PMC5460850.",
        ),
    ),
    controls=Controls(
        "leg_jerks_order", ("leg_cramps_order", "snoring"),
        "Leg jerks next to two controls: odds ratios of a more frequent answer, or of snoring often (95 % interval)",
        ("Exposure", "Leg jerks", "Leg cramps", "Snoring"),
        "Leg cramps and snoring (three nights a week or more) are controls: how coffee or stress are said to bring on"
        " sleep starts would not explain them. Alcohol makes people snore and hard exercise brings on cramps: those"
        " two are positive controls. What else to expect is unclear; “What each control can tell” says why.",
    ),
    words={
        "mexican_american": "Mexican American",
        "other_hispanic": "other Hispanic",
        "non_hispanic_white": "non-Hispanic white",
        "non_hispanic_black": "non-Hispanic Black",
    },
)  # fmt: skip
