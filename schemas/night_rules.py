"""Rules N01 to N20: what one night must say of itself, of its participant and of the nights around it."""

# fmt: off
from __future__ import annotations

import polars as pl

from hypnic.schemas.clocks import (
    AWAKE,
    CLOCK_HINT,
    afternoons,
    asleep_h,
    bed,
    both_off,
    possible,
    twelve_hours_off,
    wakes_after_falling_asleep,
)
from hypnic.schemas.jerk_rules import JERK_RULES
from hypnic.schemas.rules import Clause, Group, Rule, RuleId, answer, implies

caffeine, late_caffeine = answer("caffeine_mg"), answer("caffeine_after_14_mg")
last_caffeine, exercise = answer("caffeine_last_clock_h"), answer("exercise_min")
jerks = pl.col("jerk_count")
shift = pl.col("participants.shift_pattern")
day_worker = shift.is_null() | shift.is_in(["none", "refused"])
TELLING = ("caffeine_mg", "bed_clock_h", "wake_clock_h", "sol_min", "stress_0_10")  # seldom alike on four nights
nth_night = pl.int_range(pl.len()).over("participant_id")


def _last_caffeine(level: str, people: pl.Expr) -> Clause:
    after = implies(late_caffeine > 0, last_caffeine > 14)
    before = implies((caffeine > 0) & (late_caffeine == 0), last_caffeine <= 14)
    return Clause(
        "caffeine_last_clock_h", implies(people, after & before),
        "caffeine_last_clock_h and caffeine_after_14_mg disagree about 14:00",
        "fix the one that is wrong; 14.0 is 14:00", "error" if level == "error" else "warning",
    )


def _no_exercise(column: str, *, given: str) -> Clause:
    none = pl.col(column) == "none"
    agrees = ((exercise == 0) & none) | ((exercise > 0) & ~none) | (pl.col(column) == "-8")
    return Clause(
        column, agrees, f"{column} and exercise_min disagree about whether there was exercise",
        f"type none where exercise_min is 0, and {given} where it is not",
    )


NIGHT_RULES = (
    Rule(
        RuleId.N01, "error", "Each night of a participant comes once, and the participant is known", (
            Clause(
                "night_index", pl.int_range(pl.len()).over("participant_id", "night_index") == 0,
                "night_index stands in an earlier row of this participant too", "keep one row for each night",
                same=("participant_id", "night_index"),
                group=Group(("participant_id", "night_index"), least=2),
            ),
            Clause(
                "participant_id", pl.col("participant_id").is_null() | pl.col("participants.known"),
                "participant_id is not in the participants table", "add the participant, or fix the token",
            ),
        ),
        bad={"night_index": "1 (twice)"}, good={"night_index": "1, then 2"},
    ),
    Rule(
        RuleId.N02, "error", "Caffeine after 14:00 is part of the day's", (
            Clause(
                "caffeine_after_14_mg", late_caffeine <= caffeine, "caffeine_after_14_mg is above caffeine_mg",
                "type at most the whole day's caffeine, or fix caffeine_mg",
            ),
        ),
        bad={"caffeine_mg": "100", "caffeine_after_14_mg": "200"},
        good={"caffeine_mg": "200", "caffeine_after_14_mg": "100"},
    ),
    Rule(
        RuleId.N03, "error", "The last caffeine has a time exactly when there was caffeine",
        bad={"caffeine_mg": "0", "caffeine_after_14_mg": "0", "caffeine_last_clock_h": "15.0"},
        good={"caffeine_mg": "0", "caffeine_after_14_mg": "0", "caffeine_last_clock_h": "-7"},
    ),
    Rule(
        RuleId.N04, "error", "The last caffeine's time agrees with caffeine after 14:00 (a warning for shift workers)",
        (_last_caffeine("error", day_worker), _last_caffeine("warning", ~day_worker)),
        bad={"caffeine_after_14_mg": "100", "caffeine_last_clock_h": "13.0"},
        good={"caffeine_after_14_mg": "100", "caffeine_last_clock_h": "15.5"},
    ),
    Rule(
        RuleId.N05, "flag", "The last caffeine came before bed", (
            Clause(
                "caffeine_last_clock_h", last_caffeine <= bed, "caffeine_last_clock_h is later than bed_clock_h",
                "look at both clocks: 25.0 is 01:00",
            ),
        ),
        after=(RuleId.N19,),
        bad={"caffeine_last_clock_h": "24.0", "bed_clock_h": "23.0"},
        good={"caffeine_last_clock_h": "16.0", "bed_clock_h": "23.0"},
    ),
    Rule(
        RuleId.N06, "error", "No exercise means no kind, no intensity and no end of it",
        (
            _no_exercise("exercise_intensity", given="how hard it was"),
            _no_exercise("exercise_type", given="the kind it was"),
        ),
        subject="exercise_min",
        bad={"exercise_min": "0", "exercise_intensity": "light"},
        good={"exercise_min": "0", "exercise_intensity": "none", "exercise_type": "none", "exercise_end_clock_h": "-7"},
    ),
    Rule(
        RuleId.N07, "flag", "Exercise ended before bed", (
            Clause(
                "exercise_end_clock_h", answer("exercise_end_clock_h") <= bed,
                "exercise_end_clock_h is later than bed_clock_h", "look at both clocks: 25.0 is 01:00",
            ),
        ),
        after=(RuleId.N19,),
        bad={"exercise_end_clock_h": "24.0", "bed_clock_h": "23.0"},
        good={"exercise_end_clock_h": "19.0", "bed_clock_h": "23.0"},
    ),
    Rule(
        RuleId.N08, "error", "Waking comes after falling asleep", (
            Clause(
                "wake_clock_h", wakes_after_falling_asleep,
                "wake_clock_h is not later than falling asleep", CLOCK_HINT,
            ),
        ),
        bad={"bed_clock_h": "30.0", "wake_clock_h": "29.0"}, good={"bed_clock_h": "23.0", "wake_clock_h": "31.0"},
    ),
    Rule(
        RuleId.N09, "error", "Time asleep lies above 0 and up to 16 h (a warning below 2 or above 13)", (
            Clause(
                "wake_clock_h", possible,
                "time asleep is not above 0 and up to 16 hours", CLOCK_HINT, optional=AWAKE,
            ),
            Clause(
                "wake_clock_h", ~possible | asleep_h.is_between(2, 13),
                "time asleep is below 2 or above 13 hours", CLOCK_HINT, "warning", AWAKE,
            ),
        ),
        after=(RuleId.N08,),
        bad={"bed_clock_h": "20.0", "wake_clock_h": "37.0"}, good={"bed_clock_h": "22.0", "wake_clock_h": "30.0"},
    ),
    Rule(
        RuleId.N10, "error", "Time awake goes with awakenings", (
            Clause(
                "waso_min", (answer("awakenings_n") == 0) == (answer("waso_min") == 0),
                "waso_min and awakenings_n disagree about whether there were awakenings",
                "type 0 in both, or above 0 in both",
            ),
        ),
        bad={"awakenings_n": "0", "waso_min": "20"}, good={"awakenings_n": "0", "waso_min": "0"},
    ),
    *JERK_RULES,
    Rule(
        RuleId.N15, "flag", "Both parts were filled in on time (an error where the morning part came after 36 h)", (
            Clause(
                "evening_on_time", pl.col("evening_on_time") != "false",
                "evening_on_time is false: exposures were rated afterwards", "leave it if that is so",
            ),
            Clause(
                "morning_lag_h", ~pl.col("morning_lag_h").is_between(24, 36, closed="right"),
                "morning_lag_h is above 24 hours", "leave it if that is so",
            ),
        ),
        bad={"morning_lag_h": "30"}, good={"morning_lag_h": "1.5"},
    ),
    Rule(
        RuleId.N16, "error", "Who uses no nicotine uses none in the evening", (
            Clause(
                "nicotine_evening_n",
                implies(pl.col("participants.nicotine_use") == "none", pl.col("nicotine_evening_n").is_in([0, -7])),
                "nicotine_evening_n tells of nicotine, although nicotine_use is none",
                "type 0 or -7 (not asked), or fix nicotine_use",
            ),
        ),
        bad={"nicotine_evening_n": "3 (nicotine_use is none)"}, good={"nicotine_evening_n": "0"},
    ),
    Rule(
        RuleId.N17, "warning", "Rare amounts and times are looked at twice", (
            Clause(
                "alcohol_g", answer("alcohol_g") <= 150, "alcohol_g is above 150", "look whether the unit is grams",
            ),
            Clause(
                "exercise_type",
                ~((pl.col("exercise_type") == "stretching_or_yoga") & (pl.col("exercise_intensity") == "vigorous")),
                "exercise_type is stretching_or_yoga, although exercise_intensity is vigorous", "look at both answers",
            ),
            Clause(
                "sol_min", answer("sol_min") <= 180, "sol_min is above 180", "look whether the unit is minutes",
            ),
        ),
        bad={"alcohol_g": "200"}, good={"alcohol_g": "20"},
    ),
    Rule(
        RuleId.N18, "warning", "Answers differ from night to night", (
            Clause(
                "participant_id",
                pl.int_range(pl.len()).over(
                    "participant_id",
                    pl.struct(
                        "participant_id",  # so that there is a column where a file has no answers
                        pl.exclude("participant_id", "night_index", "evening_on_time", "morning_lag_h"),
                    ),
                ) != 3,
                "the same answers stand on four nights of this participant", "look whether rows were copied",
                group=Group(("participant_id", *TELLING), least=4),
            ),
        ),
        bad={"(row)": "the same on 4 nights"}, good={"(row)": "differs"},
    ),
    Rule(
        RuleId.N19, "suggestion", "A clock 12 hours off is named, never fixed", (*twelve_hours_off(), both_off(shift)),
        bad={"bed_clock_h": "23.0", "wake_clock_h": "19.0"}, good={"bed_clock_h": "23.0", "wake_clock_h": "31.0"},
    ),
    Rule(
        RuleId.N20, "flag", "A diary has 5 answered nights (a warning below 10, too few for a slope of its own)", (
            Clause(
                "participant_id", (nth_night > 0) | ((jerks >= 0).sum().over("participant_id") >= 5),
                "this participant has fewer than 5 nights with a jerk_count",
                "send more nights if there are any; these are kept out of the diary analysis",
                group=Group(("participant_id",), sound=(jerks >= 0).sum() >= 5),
            ),
            Clause(
                "participant_id",
                (nth_night > 0) | ~(jerks >= 0).sum().over("participant_id").is_between(5, 9),
                "this participant has fewer than 10 nights with a jerk_count",
                "send more nights if there are any; these are kept out of slopes by person", "warning",
                group=Group(("participant_id",), sound=(jerks >= 0).sum() >= 10),
            ),
        ),
        bad={"(participant)": "4 nights"}, good={"(participant)": "14 nights"},
    ),
    Rule(
        RuleId.AFTERNOON, "suggestion", "A last coffee or exercise in the small hours is looked at", afternoons(shift),
        bad={"exercise_end_clock_h": "4.0"}, good={"exercise_end_clock_h": "16.0"},
    ),
)
