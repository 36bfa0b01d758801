"""The diary: a night a row, each person compared with themselves."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from hypnic.analysis.studies.askednights import NIGHTS, SHARES
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Counted, Headline, Instrument, Interaction, Phrase, Style
from hypnic.analysis.studies.sets import AnalysisSet, fittable
from hypnic.analysis.studies.tidy import tidy_nights

LATE = "ended 2 h or less before bed, vs not"
DAY, TONIGHT = "next_day_free", "sleep_loss_prev_h"


def _diary(exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str) -> Estimand:
    return Estimand(
        "diary", exposure, column, step, unit, window, adjustment, "jerk_count", "fe-poisson", "CR3"
    )  # fmt: skip


def _claimed(exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str) -> Estimand:
    row = _diary(exposure, column, step, unit, window, *adjustment, "stress_0_10", TONIGHT, DAY)
    return replace(row, role="exploratory")


PRIMARY = (
    _diary("caffeine", "caffeine_after_14_mg", 100, "100 mg", "14:00 to bed", "stress_0_10", TONIGHT, "alcohol_g",
           "late_vigorous_exercise", "caffeine_before_14_mg", DAY),
    _diary("alcohol", "alcohol_g", 10, "10 g ethanol", "waking to bed", "stress_0_10", TONIGHT,
           "caffeine_after_14_mg", "caffeine_before_14_mg", DAY),
    _diary("stress", "stress_0_10", 2, "2 points of 0-10", "the day, rated before bed", TONIGHT, DAY),
    _diary("exercise", "late_vigorous_exercise", 1, f"vigorous, {LATE}", "2 h before bed", "stress_0_10", TONIGHT, DAY),
    _diary("sleep_loss", "sleep_loss_prev_h", 1, "1 h", "the night before", "stress_prev", "caffeine_prev_mg",
           "alcohol_prev_g", DAY),
)  # fmt: skip
# The same comparisons of nights with any jerk.
RESTATED = tuple(
    replace(row, outcome="any_jerk", family="fe-logit", covariance="CR1S", role="sensitivity") for row in PRIMARY
)
# The knots of dose curves, in the unit of the exposure's own column, lie at the 5th, 35th, 65th and 95th percentile of
# consumers' doses (doses above zero; of all doses where zero is nothing special), as Harrell 2015 (Regression Modeling
# Strategies, 2.4.6) advises, rounded and typed in once: every study is asked the same question, and a curve drawn for
# new people uses the knots of the fit. The diary's and the survey's come from the synthetic demo, since no real answers
# may be looked at before the specification is frozen. What is yes or no has no knots.
KNOTS: dict[str, tuple[float, ...]] = {
    "caffeine": (10, 55, 120, 350),
    "alcohol": (8, 16, 24, 44),
    "stress": (1, 3, 5, 8),
    "sleep_loss": (-1, 0.35, 1.15, 2.5),
}

DIARY = Instrument(
    name="diary",
    title="Diary",
    design="diary",
    times="as many noticed jerks that night",
    estimands=(*PRIMARY, *RESTATED),
    restated=RESTATED,
    restated_words="The table of estimates has the same comparisons by conditional logit (any jerk).",
    phrases={
        "caffeine": Phrase("{} mg after 14:00", "Each {} mg of caffeine after 14:00", "mg after 14:00"),
        "alcohol": Phrase("{} g ethanol that day", "Each {} g of ethanol between waking and bed", "g ethanol"),
        "stress": Phrase(
            "{} points of 0–10", "Each {} points of stress (0 to 10, rated before bed)", "points of stress"
        ),
        "exercise": Phrase(
            "≤ 2 h before bed vs not",
            "Vigorous exercise that ended 2 h or less before bed, compared with any other evening,",
        ),
        "sleep_loss": Phrase(
            "{} h lost the night before", "Each {} h of sleep lost the night before", "h of sleep lost"
        ),
    },
    style=Style("first", "o"),
    headline=Headline(Counted("jerk_count", 100, "jerks in 100 nights"), {
        "caffeine": "After 100 mg more caffeine from 2 pm on (a mug of coffee)",
        "alcohol": "After one more drink that day (10 g of alcohol: a small beer or wine)",
        "stress": "After a day with 2 points more stress, of 10",
        "exercise": "When hard exercise ended within 2 hours of bed",
        "sleep_loss": "After a night with 1 hour less sleep",
    }, "Those compared here have about {} in 100 nights."),
    outcomes={"any_jerk": "any_jerk"},
    difference_units={"jerk_count": "jerks a night"},
    knots=KNOTS,
    # Who never drinks differs from who drinks little in more than the dose: zero has a level of its own.
    spiked=frozenset({"alcohol"}),
    # What the claims name besides the five exposures. The gap to bed exists on evenings with exercise alone.
    claimed=(
        _claimed("relaxation", "relaxation_min", 10, "10 min of relaxation", "before bed"),
        _claimed("magnesium", "magnesium_taken", 1, "magnesium taken vs not", "the evening"),
        _claimed("exercise_gap", "exercise_gap_h", 1, "1 h more between exercise and bed", "the evening",
                 "exercise_min"),
        _claimed("strength", "strength_training", 1, "strength training vs any other or none", "the day",
                 "exercise_min"),
    ),
    asked=NIGHTS,
    said=SHARES,
    interactions=(
        Interaction("relaxation", "night_index", "a week later in the diary", 7, joint=False),  # claim C021
        Interaction("caffeine", "caffeine_gap_h", "1 h more between the last cup and bed", joint=False),  # C034
        Interaction("exercise_gap", "exercise_intensity", "vigorous exercise", level="vigorous", joint=False),  # C038
        Interaction("magnesium", "relaxation_min", "10 min of relaxation", 10),  # C064
        Interaction("strength", "exercise_intensity", "vigorous", level="vigorous"),  # C084
        Interaction("caffeine", "alcohol_g", "10 g ethanol", 10),
        Interaction("caffeine", "sleep_loss_prev_h", "1 h of sleep lost the night before"),
        Interaction("stress", "caffeine_after_14_mg", "100 mg of caffeine after 14:00", 100),
        Interaction("stress", "fatigue_bedtime_0_10", "2 points of fatigue", 2),  # C012
        Interaction("stress", "relaxation_min", "10 min of relaxation", 10),  # C044
        Interaction("exercise", "hydration", "drinking less than usual", level="less_than_usual"),  # C085
    ),
    # The day's caffeine contains what was drunk before 14:00.
    windows={"caffeine": {"caffeine_mg": ("caffeine_before_14_mg",)}, "sleep_loss": {"sleep_debt_3n_h": ()}},
    words={
        "jerk_count": "noticed jerks in a night",
        "stress_0_10": "stress that day",
        "caffeine_mg": "caffeine",
        "alcohol_g": "alcohol",
        "caffeine_before_14_mg": "caffeine before 14:00",
        "late_vigorous_exercise": "vigorous exercise that ended 2 h or less before bed",
        "sleep_loss_prev_h": "sleep lost the night before",
        "stress_prev": "stress the day before",
        "caffeine_prev_mg": "caffeine the day before",
        "alcohol_prev_g": "alcohol the day before",
        "jerks_prev": "last night's jerks",
        "jerks_before": "jerks the night before",
        "week_sine": "rhythm of seven nights (sine)",
        "week_cosine": "rhythm of seven nights (cosine)",
    },
)  # fmt: skip


def heeded(flags: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Give the flags that leave something out of a diary: no P11 of whoever did not fail the trap item."""
    if "attention_ok" not in people.columns:
        return flags
    failed = people.filter(~pl.col("attention_ok"))["participant_id"]
    return flags.filter((pl.col("rule") != "P11") | pl.col("participant_id").is_in(failed.implode()))


def unflagged(tidy: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """Leave out of a tidy diary, in its order, whom P11 or N20 flags, and the nights that another rule does."""
    people, nights = flags.filter(pl.col("rule").is_in(["P11", "N20"])), flags.filter(pl.col("rule") != "N20")
    kept = tidy.join(nights, on=["participant_id", "night_index"], how="anti", maintain_order="left")
    return kept.join(people, on="participant_id", how="anti", maintain_order="left")


def diary_set(nights: pl.DataFrame, people: pl.DataFrame, flags: pl.DataFrame) -> AnalysisSet:
    """Make the diary ready: one row a person-night, flagged nights and participants left out.

    Whoever failed the trap item is left out, and whoever wrote too few nights. A form of which little is filled in
    says nothing of the diary next to it: the nights of whoever left it nearly empty stay.
    """
    tidy = tidy_nights(nights.lazy(), people.lazy()).collect()
    # Sums differ in their last digits with the order of rows.
    kept = unflagged(tidy, heeded(flags, people)).sort("participant_id", "night_index")
    return AnalysisSet(
        DIARY, fittable(kept), "participant_id", "jerk_count", DIARY.estimands,
        {"groups": "participant_id", "cluster": "participant_id"},
        left_out={"flagged": tidy.height - kept.height},
    )  # fmt: skip
