"""What claims ask of the diary besides its frozen rows: nights of one person against each other."""

from __future__ import annotations

import polars as pl

from hypnic.analysis.studies.asked import Asked, Share, yes
from hypnic.analysis.studies.estimands import Estimand

DAY, TONIGHT = "next_day_free", "sleep_loss_prev_h"


def _night(  # noqa: PLR0913 -- what an estimand is made of
    exposure: str, column: str, step: float, unit: str, *adjustment: str, outcome: str = "jerk_count",
    variant: str = "main",
) -> Estimand:  # fmt: skip
    if variant == "main" and outcome != "jerk_count":
        variant = outcome
    family, covariance = {"jerk_count": ("fe-poisson", "CR3")}.get(
        outcome, ("fe-logit", "CR1S") if outcome in BINARY else ("fe-linear", "CR3")
    )
    return Estimand(
        "diary", exposure, column, step, unit, "a day", tuple(x for x in adjustment if x != column), outcome, family,
        covariance, "exploratory", variant=variant,
    )  # fmt: skip


BINARY = frozenset({"awake_flicker", "leg_cramp"})
CALM = ("stress_0_10", TONIGHT, DAY)
JERKED = pl.col("jerk_count") > 0


TOOK_STIMULANT = yes("took_stimulant", pl.col("other_stimulant") == "yes")
ANY_EXERCISE = yes("any_exercise", pl.col("exercise_min") > 0)
GENTLE = pl.col("exercise_type") == "stretching_or_yoga"
GENTLE_EVENING = yes("gentle_evening", (GENTLE | (pl.col("exercise_intensity") == "light"))
                      & (pl.col("exercise_end_clock_h").fill_null(0) > 18))  # fmt: skip
STRETCHED = yes("stretched", GENTLE)
DRANK = (
    pl.col("hydration")
    .replace_strict({"less_than_usual": 0, "usual": 1, "more_than_usual": 2}, default=None, return_dtype=pl.Int8)
    .alias("drank")
)
LONG_TO_SLEEP = (pl.col("sol_min") + 1).log().alias("log_sol")
KICKED = yes("kicked", pl.col("rhythmic_leg_moves") == "yes")


def _yesterday(column: str, name: str, nights: int = 1) -> pl.Expr:
    """Give what a column was so many nights before; null where the person did not write that night."""
    before, index = (
        pl.col(one).shift(nights).over("participant_id", order_by="night_index") for one in (column, "night_index")
    )
    return pl.when(index == pl.col("night_index") - nights).then(before).alias(name)


def _each(outcome: str, *rows: tuple[str, str, float, str], derived: tuple[pl.Expr, ...] = ()) -> tuple[Asked, ...]:
    return tuple(Asked(_night(*row, *CALM, outcome=outcome, variant=outcome), derived) for row in rows)


FATIGUE = ("fatigue", "fatigue_bedtime_0_10", 2, "2 points of fatigue at bedtime")
STRESS = ("stress", "stress_0_10", 2, "2 points of 0-10")
ANXIETY = ("anxiety", "anxiety_bedtime_0_10", 2, "2 points of anxiety at bedtime")
EARLY = ("caffeine_before_14", "caffeine_before_14_mg", 100, "100 mg before 14:00")
LATER = ("caffeine_later", "caffeine_after_14_mg", 100, "100 mg after 14:00 instead of before")
COFFEE = ("caffeine_day", "caffeine_mg", 100, "100 mg over the day")
MAGNESIUM = ("magnesium", "magnesium_taken", 1, "magnesium taken vs not")
MOVED = ("exercise_minutes", "exercise_min", 30, "30 min of exercise")
DRUNK = ("hydration", "drank", 1, "one step more of drinking (less, usual, more)")
STIMULANT = ("stimulant_day", "took_stimulant", 1, "another stimulant taken vs not")
LOST = ("sleep_loss", "sleep_loss_prev_h", 1, "1 h lost the night before")

NIGHTS: tuple[Asked, ...] = (
    Asked(_night(*FATIGUE, *CALM)),
    Asked(_night(*ANXIETY, TONIGHT, DAY)),
    Asked(_night(*ANXIETY, *CALM, variant="stress-held")),
    Asked(_night(*COFFEE, *CALM, "alcohol_g")),
    # Early against late, from the model of the primary ratio: with the day's total held, more later is less before.
    Asked(_night(*EARLY, *CALM, "alcohol_g", "late_vigorous_exercise", "caffeine_after_14_mg")),
    Asked(_night(*LATER, *CALM, "alcohol_g", "late_vigorous_exercise", "caffeine_mg")),
    Asked(_night(*STIMULANT, *CALM), (TOOK_STIMULANT,)),
    Asked(_night("nicotine", "nicotine_evening_n", 5, "5 uses of nicotine in the evening", *CALM)),
    Asked(_night("irregular_sleep", "midsleep_sd_prior5_h", 1, "1 h more spread of mid-sleep", "stress_0_10", DAY)),
    Asked(_night("strain", "strain_event", 1, "a quarrel or upset vs none", TONIGHT, DAY)),
    Asked(_night("strain", "strain_event", 1, "a quarrel or upset vs none", *CALM, variant="stress-held")),
    Asked(_night("relaxation", "relaxation_min", 10, "10 min of relaxation", *CALM)),
    Asked(_night(*MAGNESIUM, *CALM)),
    Asked(_night("exercise_gap", "exercise_gap_h", 1, "1 h more between exercise and bed", *CALM, "exercise_min"),
          among=pl.col("exercise_min") > 0),
    Asked(_night("any_exercise", "any_exercise", 1, "any exercise vs none", *CALM), (ANY_EXERCISE,)),
    Asked(_night(*MOVED, *CALM)),
    Asked(_night("strength", "strength_training", 1, "strength training vs other exercise", *CALM, "exercise_min"),
          among=pl.col("exercise_min") > 0),
    Asked(_night("gentle_evening", "gentle_evening", 1, "light or stretching after 18:00 vs none", *CALM),
          (GENTLE_EVENING,), among=(pl.col("exercise_min") == 0) | (pl.col("gentle_evening") == 1)),
    Asked(_night("stretching", "stretched", 1, "stretching or yoga vs other exercise", *CALM, "exercise_min"),
          (STRETCHED,), among=pl.col("exercise_min") > 0),
    Asked(_night(*DRUNK, *CALM), (DRANK,)),
    Asked(_night("sedative", "sedative_taken", 1, "a sleeping aid taken vs not", *CALM)),
    Asked(_night("cramp", "leg_cramp", 1, "a leg cramp that night vs none", *CALM)),
    Asked(_night("stress", "stress_before_2", 2, "2 points, two nights earlier", *CALM, variant="lag-2"),
          (_yesterday("stress_0_10", "stress_before_2", 2),)),
    Asked(_night("exercise_minutes", "exercised_before", 30, "30 min the day before", *CALM, "exercise_min",
                 variant="lag-1"), (_yesterday("exercise_min", "exercised_before"),)),
    # How strong the strongest was, on nights with a jerk: points of 0 to 4.
    *(Asked(asked.estimand, among=JERKED) for asked in _each("jerk_intensity_0_4", FATIGUE, STRESS, COFFEE, ANXIETY)),
    *_each("awake_flicker", FATIGUE, STRESS, ANXIETY, COFFEE, MAGNESIUM, MOVED, LOST),
    *_each("awake_flicker", DRUNK, derived=(DRANK,)),
    *_each("awake_flicker", STIMULANT, derived=(TOOK_STIMULANT,)),
    Asked(_night("exercise_minutes", "exercised_before", 30, "30 min the day before", *CALM, "exercise_min",
                 outcome="awake_flicker", variant="awake_flicker-lag-1"),
          (_yesterday("exercise_min", "exercised_before"),)),
    *_each("leg_cramp", MAGNESIUM), *_each("leg_cramp", DRUNK, derived=(DRANK,)),
    # Other sides of a night: how long it took to fall asleep, how it was slept, how it was broken.
    Asked(_night("jerk_night", "any_jerk", 1, "a night with a noticed jerk vs without", *CALM, outcome="log_sol"),
          (LONG_TO_SLEEP,)),
    Asked(_night("alcohol", "alcohol_g", 10, "10 g ethanol", *CALM, outcome="sleep_quality_1_5")),
    Asked(_night("caffeine", "caffeine_after_14_mg", 100, "100 mg after 14:00", *CALM, outcome="sleep_quality_1_5")),
    Asked(_night("alcohol", "alcohol_g", 10, "10 g ethanol", *CALM, outcome="awakenings_n")),
    Asked(_night("kicking", "kicked", 1, "legs kicking at even gaps vs not", DAY, outcome="awakenings_n"), (KICKED,)),
    Asked(_night("exercise_minutes", "exercise_min", 30, "30 min of exercise", DAY, outcome="stress_0_10")),
    Asked(_night("relaxation", "relaxation_min", 10, "10 min of relaxation", "stress_0_10", DAY,
                 outcome="anxiety_bedtime_0_10")),
)  # fmt: skip


def _of_jerk_nights(name: str, column: str, *options: str) -> Share:
    return Share(name, column, pl.col(column).is_in(options), JERKED)


SHARES: tuple[Share, ...] = (
    _of_jerk_nights("drifting-off", "jerk_timing", "drifting_off"),
    _of_jerk_nights("awake-resting", "jerk_timing", "awake_resting"),
    _of_jerk_nights("after-night-waking", "jerk_timing", "after_night_waking"),
    _of_jerk_nights("during-sleep", "jerk_timing", "during_sleep"),
    _of_jerk_nights("leg", "jerk_location", "leg"),
    _of_jerk_nights("limb", "jerk_location", "leg", "arm"),
    _of_jerk_nights("whole-body", "jerk_location", "whole_body", "several"),
    _of_jerk_nights("falling", "jerk_sensation", "falling"),
    _of_jerk_nights("any-sensation", "jerk_sensation", "falling", "shock", "flash_of_light", "bang_or_noise",
                    "dream_image", "other"),
    Share("limb-after-exercise", "jerk_location", pl.col("jerk_location").is_in(["leg", "arm"]),
          JERKED & (pl.col("exercise_min") > 0)),
    Share("jolted-awake", "jerk_intensity_0_4", pl.col("jerk_intensity_0_4") >= 3, JERKED),
    Share("felt-only", "jerk_intensity_0_4", pl.col("jerk_intensity_0_4") <= 1, JERKED),
    Share("noticed-by-another", "jerk_reporter", pl.col("jerk_reporter").is_in(["other_person", "both"]), JERKED),
    Share("flicker-gone-next-day", "awake_flicker", pl.col("awake_flicker") == 0,
          _yesterday("awake_flicker", "before") == 1),
    Share("a-jerk", "jerk_count", JERKED),
)  # fmt: skip
