"""The survey: a respondent a row, different people compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from hypnic.analysis.studies.askedpeople import PEOPLE, PEOPLE_SHARES
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import (
    Counted,
    Headline,
    Instrument,
    Interaction,
    Phrase,
    Pools,
    Style,
    neighbours,
)
from hypnic.analysis.studies.sets import AnalysisSet, fittable
from hypnic.analysis.studies.tidy import tidy_participants
from hypnic.schemas.released import WITHHELD

# What may lead both to habits and to jerks, as far as the form asks for it.
PERSON = ("age_band", "sex_at_birth", "shift_pattern", "any_nicotine", "ssri_snri", "stimulant", "rls_probable")


def _survey(exposure: str, column: str, step: float, unit: str, *adjustment: str, **facts: Any) -> Estimand:
    return Estimand(
        "survey", exposure, column, step, unit, "a usual day of the last 30", (*PERSON, *adjustment),
        "jerk_nights_30d", "cloglog", "HC3", **facts,
    )  # fmt: skip


PRIMARY = (
    _survey("caffeine", "caffeine_usual_mg", 100, "100 mg a day", "stress_usual_0_10"),
    _survey("alcohol", "alcohol_usual_g_day", 10, "10 g ethanol a day", "stress_usual_0_10", "caffeine_usual_mg"),
    _survey("stress", "stress_usual_0_10", 2, "2 points of 0-10"),
    _survey("exercise", "exercise_vigorous_min_day", 30, "30 min vigorous a day", "stress_usual_0_10"),
    _survey("sleep_loss", "sleep_loss_usual_h", 1, "1 h", "stress_usual_0_10", "caffeine_usual_mg",
            "alcohol_usual_g_day"),
)  # fmt: skip
# The same comparisons by other models: what else the answers can be taken for, and who never jerks at all.
RESTATED = tuple(
    replace(row, outcome=outcome, family=family, covariance="HC0", role="sensitivity", variant=family)
    for outcome, family in (
        ("jerk_nights", "nb2"), ("jerk_nights", "zinb"), ("jerk_nights", "hurdle-nb2"),
        ("jerk_nights_band", "interval-nb2"), ("jerk_frequency", "ordered"),
    )
    for row in PRIMARY
)  # fmt: skip
STRESS = PRIMARY[2]
# Where rare levels go, written before any answer came. Shifts join other shifts, those at a like time of day first;
# who works none joins nobody. An answer on sex that fewer than ten people gave joins the women, most volunteers. What
# was coarsened or withheld before it was published comes after the form's own levels, and joins those it may hold.
BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
WIDE = ("35-64", "18-34", "65+")
POOLING: Mapping[str, Pools] = {
    "age_band": {
        **{band: (*others, *WIDE, WITHHELD) for band, others in neighbours(*BANDS).items()},
        "18-34": ("25-34", "18-24", "35-64", "35-44", WITHHELD),
        "35-64": ("45-54", "35-44", "55-64", "18-34", "65+", WITHHELD),
        "65+": ("65-74", "75+", "35-64", "55-64", WITHHELD),
        WITHHELD: (*WIDE, "35-44", "45-54", "25-34", "55-64", "18-24", "65-74", "75+"),
    },
    "sex_at_birth": {
        "other_or_undisclosed": ("female", "male", WITHHELD),
        "male": ("female", "other_or_undisclosed"),
        "female": ("male", "other_or_undisclosed"),
        WITHHELD: ("other_or_undisclosed", "female", "male"),
    },
    "shift_pattern": {
        "night": ("rotating", "late", "early", "any"),
        "rotating": ("night", "late", "early", "any"),
        "late": ("rotating", "night", "early", "any"),
        "early": ("rotating", "late", "night", "any"),
        "any": ("rotating", "night", "late", "early", WITHHELD),
        WITHHELD: ("none", "any", "rotating", "night", "late", "early"),
        "none": (),
    },
}

SURVEY = Instrument(
    name="survey",
    title="Survey",
    design="survey",
    times="the nightly rate of noticed jerks",
    estimands=(
        *PRIMARY,
        *RESTATED,
        # Short sleep leads to coffee and coffee to short sleep: the two survey estimates bracket caffeine's.
        _survey("caffeine", "caffeine_usual_mg", 100, "100 mg a day", "stress_usual_0_10", "sleep_loss_usual_h",
                role="sensitivity", variant="sleep-loss-adjusted"),
    ),
    restated=RESTATED,
    restated_words=(
        "The table of estimates has the same comparisons by negative binomial, zero-inflated, hurdle, interval-censored"
        " and ordered models."
    ),
    phrases={
        "caffeine": Phrase("{} mg on a usual day", "Each {} mg of caffeine on a usual day", "mg a day"),
        "alcohol": Phrase("{} g ethanol a day", "Each {} g of ethanol a day", "g ethanol a day"),
        "stress": Phrase("{} points of 0–10", "Each {} points of usual stress (0 to 10)", "points of stress"),
        "exercise": Phrase("{} min a day", "Each {} min of vigorous exercise a day", "min a day"),
        "sleep_loss": Phrase(
            "{} h less than needed", "Each {} h of usual sleep short of the need", "h short of the need"
        ),
    },
    style=Style("second", "s"),
    headline=Headline(Counted("jerk_nights_30d", 100 / 30, "nights with a jerk, of 100"), {
        "caffeine": "In people who take 100 mg more caffeine a day (a mug of coffee)",
        "alcohol": "In people who have one more drink a day (10 g of alcohol: a small beer or wine)",
        "stress": "In people with 2 points more stress, of 10",
        "exercise": "In people who exercise hard 30 minutes more a day",
        "sleep_loss": "In people who sleep 1 hour less than they need",
    }, "Those asked had one on about {} of 100 nights."),
    # The columns that are explained, where an estimand names another outcome than nights out of 30.
    outcomes={
        "jerk_nights": "jerk_nights_30d",
        "jerk_nights_band": ("jerk_nights_lo", "jerk_nights_hi"),
        "jerk_frequency": "jerk_frequency",
    },
    difference_units={"jerk_nights_30d": "nights of 30"},
    # As for the diary: percentiles of the synthetic demo, rounded and typed in once.
    knots={
        "caffeine": (60, 145, 235, 540),
        "alcohol": (0.6, 2.5, 6.3, 18),
        "stress": (2, 4, 5, 7),
        "exercise": (6, 15, 24, 47),
        "sleep_loss": (-0.5, 0.25, 1, 1.75),
    },
    spiked=frozenset({"alcohol"}),
    pooling=POOLING,
    claimed=(
        replace(
            STRESS, exposure="ssri_snri", column="ssri_snri", step=1, unit="an SSRI or SNRI vs none",
            adjustment=tuple(x for x in (*STRESS.adjustment, "gad2_total", "phq2_total") if x != "ssri_snri"),
            role="exploratory",
        ),
    ),
    asked=PEOPLE,
    said=PEOPLE_SHARES,
    interactions=(
        Interaction("ssri_snri", "med_change_30d", "a medicine started", level="started"),  # claim C039
        Interaction("caffeine", "sleep_loss_usual_h", "1 h of usual sleep loss"),
        Interaction("caffeine", "alcohol_usual_g_day", "10 g ethanol a day", 10),
        Interaction("caffeine", "sex_at_birth", "male sex", level="male"),
        Interaction("stress", "caffeine_usual_mg", "100 mg of caffeine a day", 100),
        Interaction("stress", "sex_at_birth", "male sex", level="male"),
    ),
    words={
        "jerk_nights_30d": "nights of the last 30 with a noticed jerk",
        "alcohol_usual_g_day": "alcohol on a usual day",
        "exercise_vigorous_min_day": "vigorous exercise a day",
        "sleep_loss_usual_h": "usual sleep loss",
        "any_nicotine": "nicotine",
        "ssri_snri": "SSRI or SNRI",
        "stimulant": "stimulant medicine",
        "rls_probable": "features of restless legs",
    },
)  # fmt: skip


def survey_set(people: pl.DataFrame, flags: pl.DataFrame) -> AnalysisSet:
    """Make the survey ready: one row a respondent, the outcome out of 30 nights, flagged rows left out."""
    tidy = tidy_participants(people.lazy()).with_columns(nights_asked=pl.lit(30)).collect()
    kept = tidy.join(flags.filter(rule="P11").select("participant_id"), on="participant_id", how="anti")
    kept = kept.sort("participant_id")
    return AnalysisSet(
        SURVEY, fittable(kept), "participant_id", ("jerk_nights_30d", "nights_asked"), SURVEY.estimands,
        left_out={"flagged": tidy.height - kept.height},
    )  # fmt: skip
