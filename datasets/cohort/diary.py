"""The diary forms of the synthetic cohort, filled in: one row of `nights` for each written night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hypnic.datasets.cohort.cells import (
    DO_NOT_KNOW,
    NOT_ASKED,
    REFUSED,
    chosen,
    either,
    flags,
    frame,
    gap,
    instead,
    numbers,
)
from hypnic.datasets.cohort.levels import (
    EXERCISE_LEVELS,
    HARD_TYPES,
    HYDRATION,
    NIGHT_LOCATIONS,
    NIGHT_SENSATIONS,
    SOFT_TYPES,
    TIMINGS,
    UNUSUAL,
)
from hypnic.datasets.cohort.nights import LEAST_NIGHTS
from hypnic.datasets.cohort.people import labels, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import NDArray

    from hypnic.datasets.cohort.cells import Cells, Columns
    from hypnic.datasets.cohort.nights import Diary
    from hypnic.datasets.cohort.people import Floats, Indices, People

    Flags = NDArray[np.bool_]

#: Questions left out now and then; every column of a group is left out together.
LEFT_OUT = ("none", "caffeine", "alcohol", "stress", "exercise", "free", "sol", "waso", "wake", "jerks")
LEFT_OUT_SHARE = 0.08


@dataclass(frozen=True)
class Rows:
    """Written nights in order of person and night: who, which, what was lived, what was left out."""

    person: Indices
    night: Indices
    lived: Mapping[str, Floats]
    left_out: Cells

    def __len__(self) -> int:
        """Return how many nights there are."""
        return len(self.person)

    def told(self, name: str, group: str | None = None, code: int = DO_NOT_KNOW) -> Floats:
        """Return what was lived, or a missing code where the group was left out."""
        return np.where(self.left_out == (group or name), code, self.lived[name])


def written(rng: np.random.Generator, diary: Diary) -> Rows:
    """Return the nights that were written, at least ten of a person's with every core answer."""
    present = diary.present
    spare = present.sum(axis=1) - min(LEAST_NIGHTS, present.shape[1])
    forgot = present & (rng.random(present.shape) < LEFT_OUT_SHARE)
    forgot &= np.cumsum(forgot, axis=1) <= spare[:, None]
    which = np.where(forgot, rng.integers(1, len(LEFT_OUT), present.shape), 0)
    person, night = np.nonzero(present)
    lived = {name: grid[present] for name, grid in diary.grids.items()}
    lived["jerks_before"] = np.roll(diary["jerks"], 1, axis=1)[present] * (night > 0)
    return Rows(person, night + 1, lived, labels(LEFT_OUT, which[present]))


def core_nights(rows: Rows, names: Cells) -> Columns:
    """Core columns, `next_day_free` and `waso_min` (without which the primary models can't be fitted)."""
    lived = rows.lived
    day = np.round(lived["caffeine_after_14"] + lived["caffeine_before_14"])
    silent_exercise = rows.left_out == "exercise"
    level = labels(EXERCISE_LEVELS, lived["exercise_level"].astype(int))
    return {
        "participant_id": names[rows.person],
        "night_index": numbers(rows.night),
        "next_day_free": either(rows.left_out == "free", str(DO_NOT_KNOW), flags(lived["free"] == 1)),
        "caffeine_mg": numbers(np.where(rows.left_out == "caffeine", DO_NOT_KNOW, day)),
        "caffeine_after_14_mg": numbers(rows.told("caffeine_after_14", "caffeine")),
        "alcohol_g": numbers(rows.told("alcohol", code=REFUSED)),
        "stress_0_10": numbers(rows.told("stress", code=REFUSED)),
        "exercise_min": numbers(rows.told("exercise_min", "exercise")),
        "exercise_intensity": either(silent_exercise, str(DO_NOT_KNOW), level),
        "exercise_end_clock_h": numbers(rows.told("exercise_end", "exercise")),
        "bed_clock_h": numbers(lived["bed"]),
        "sol_min": numbers(rows.told("sol")),
        "waso_min": numbers(rows.told("waso")),
        "wake_clock_h": numbers(rows.told("wake")),
        "jerk_count": numbers(rows.told("jerks")),
    }


def all_nights(rng: np.random.Generator, core: Columns, rows: Rows, people: People) -> pl.DataFrame:
    """Every column of `nights` in the instrument's order. What is only here follows from the night."""
    n, lived = len(rows), rows.lived
    who = people.take(rows.person)
    tense = lived["stress"] - who.stress
    tired = lived["sleep_loss"] - (who.sleep_need - who.sleep_usual)
    flicker = rng.random(n) < share(-3.0 + 0.25 * tense + 0.15 * tired)
    columns: Columns = {
        **evening_answers(rng, rows, who, tense, tired),
        **morning_answers(rng, rows, who),
        **jerk_answers(rng, rows, who),
        "awake_flicker": unsure(rng, flicker, DO_NOT_KNOW),
    }
    return frame({**core, **columns}).select(ORDER)


ORDER = (
    "participant_id", "night_index", "evening_on_time", "morning_lag_h", "next_day_free", "caffeine_mg",
    "caffeine_after_14_mg", "caffeine_last_clock_h", "alcohol_g", "nicotine_evening_n", "other_stimulant",
    "stress_0_10", "anxiety_bedtime_0_10", "strain_event", "fatigue_bedtime_0_10", "exercise_min",
    "exercise_intensity", "exercise_type", "exercise_end_clock_h", "nap_min", "hydration", "magnesium_taken",
    "sedative_taken", "relaxation_min", "unusual_night", "bed_clock_h", "sol_min", "awakenings_n", "waso_min",
    "wake_clock_h", "sleep_quality_1_5", "jerk_count", "jerk_reporter", "jerk_intensity_0_4", "jerk_location",
    "jerk_sensation", "jerk_timing", "rhythmic_leg_moves", "awake_flicker", "leg_cramp",
)  # fmt: skip


def unsure(rng: np.random.Generator, values: Flags, code: int) -> Cells:
    """Write true and false, with the code here and there."""
    return instead(rng, flags(values), 0.01, str(code))


def scale(values: Floats, low: float, high: float) -> Floats:
    """Whole points within the ends of a scale."""
    return np.clip(np.round(values), low, high)


def evening_answers(rng: np.random.Generator, rows: Rows, who: People, tense: Floats, tired: Floats) -> Columns:
    """Return what only the long evening form asks."""
    n, lived = len(rows), rows.lived
    smokes = who.nicotine > 0
    last = gap(rng, lived["caffeine_last"], 0.01)
    level = lived["exercise_level"]
    kind = either(level == 3, chosen(rng, HARD_TYPES, n), chosen(rng, SOFT_TYPES, n))
    anxiety = 0.55 * lived["stress"] + 0.6 * np.log1p(lived["jerks_before"]) + rng.standard_normal(n)
    fatigue = 3.2 + 0.3 * lived["stress"] + 0.5 * tired + 0.01 * lived["exercise_min"] + 1.3 * rng.standard_normal(n)
    stimulant = rng.random(n) < np.where(who.stimulant, 0.6, 0.02)
    nap = np.where(rng.random(n) < share(-2.2 + 0.25 * tired), 5 * np.round(2 + 14 * rng.random(n)), 0)
    calm = np.where(rng.random(n) < 0.18, 5 * np.round(1 + 5 * rng.random(n)), 0)
    return {
        "evening_on_time": flags(np.ones(n, dtype=bool)),
        "caffeine_last_clock_h": numbers(
            np.where(
                rows.left_out == "caffeine",
                DO_NOT_KNOW,
                np.where(lived["caffeine_last"] < 0, NOT_ASKED, last),
            )
        ),
        "nicotine_evening_n": numbers(
            np.where(smokes, gap(rng, rng.poisson(2.5, n).astype(np.float64), 0.02, REFUSED), NOT_ASKED)
        ),
        "other_stimulant": instead(rng, either(stimulant, "yes", "no"), 0.01, "undisclosed"),
        "anxiety_bedtime_0_10": numbers(gap(rng, scale(anxiety, 0, 10), 0.012, REFUSED)),
        "strain_event": unsure(rng, rng.random(n) < share(-2.1 + 0.5 * tense), REFUSED),
        "fatigue_bedtime_0_10": numbers(gap(rng, scale(fatigue, 0, 10), 0.012)),
        "exercise_type": either(rows.left_out == "exercise", str(DO_NOT_KNOW), either(level == 0, "none", kind)),
        "nap_min": numbers(gap(rng, nap, 0.01)),
        "hydration": instead(rng, chosen(rng, HYDRATION, n), 0.012, str(DO_NOT_KNOW)),
        "magnesium_taken": unsure(rng, rng.random(n) < np.where(who.magnesium, 0.8, 0.02), DO_NOT_KNOW),
        "sedative_taken": unsure(rng, rng.random(n) < share(-3.3 + 0.15 * tense), REFUSED),
        "relaxation_min": numbers(gap(rng, calm, 0.01)),
    }


def morning_answers(rng: np.random.Generator, rows: Rows, who: People) -> Columns:
    """Return what only the long morning form asks, jerks apart."""
    n, lived = len(rows), rows.lived
    slept = lived["wake"] - lived["bed"] - (lived["sol"] + lived["waso"]) / 60
    quality = 3.5 + 0.3 * (slept - who.sleep_need) - 0.005 * lived["waso"] - 0.1 * np.minimum(lived["jerks"], 6)
    lag: Floats = np.minimum(np.exp(-1 + 0.9 * rng.standard_normal(n)), 11)
    restless = rng.random(n) < np.where(who.rls, 0.22, 0.02)
    return {
        "morning_lag_h": numbers(np.round(lag, 2)),
        "unusual_night": instead(rng, chosen(rng, UNUSUAL, n), 0.005, str(DO_NOT_KNOW)),
        "awakenings_n": numbers(rows.told("awakenings", "waso")),
        "sleep_quality_1_5": numbers(gap(rng, scale(quality + 0.7 * rng.standard_normal(n), 1, 5), 0.01)),
        "rhythmic_leg_moves": instead(rng, either(restless, "yes", "no"), 0.03, "unknown"),
        "leg_cramp": unsure(rng, rng.random(n) < 0.015 + 0.006 * who.age, DO_NOT_KNOW),
    }


def jerk_answers(rng: np.random.Generator, rows: Rows, who: People) -> Columns:
    """Details of the jerks: not asked without one, nor where the count is unknown."""
    n, lived = len(rows), rows.lived
    told = rows.left_out != "jerks"
    some, none = told & (lived["jerks"] > 0), told & (lived["jerks"] == 0)
    seen = (who.partner > 0) & (rng.random(n) < 0.08 * who.partner)
    reporter = either(seen, either(rng.random(n) < 0.3, "other_person", "both"), "self")
    strength = scale(
        1.6 + 0.35 * np.log(np.maximum(lived["jerks"], 1)) + 0.08 * lived["stress"] + 0.8 * rng.standard_normal(n),
        1,
        4,
    )
    timing = either((lived["awakenings"] > 0) & (rng.random(n) < 0.14), "after_night_waking", chosen(rng, TIMINGS, n))
    timing = either(seen & (rng.random(n) < 0.3), "during_sleep", timing)
    return {
        "jerk_reporter": either(some, reporter, either(none, "none", str(DO_NOT_KNOW))),
        "jerk_intensity_0_4": numbers(np.where(some, strength, np.where(none, 0, NOT_ASKED))),
        "jerk_location": either(some, chosen(rng, NIGHT_LOCATIONS, n), None),
        "jerk_sensation": either(some, chosen(rng, NIGHT_SENSATIONS, n), None),
        "jerk_timing": either(some, timing, None),
    }
