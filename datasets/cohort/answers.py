"""The survey form of the synthetic cohort, filled in: one row of `participants` for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hypnic.datasets.cohort.cells import (
    DO_NOT_KNOW,
    NOT_ASKED,
    REFUSED,
    chosen,
    either,
    frame,
    gap,
    instead,
    numbers,
    only,
    ticks,
)
from hypnic.datasets.cohort.health import (
    audit_c,
    dx_conditions,
    med_classes,
    moods,
    movement_states,
    rls_features,
    sleep_impact,
    strategies,
    supplements,
)
from hypnic.datasets.cohort.levels import (
    CHANGES,
    COUNTRIES,
    FAMILY,
    LADDER,
    LOCATIONS,
    NOT_TWITCHING,
    PATTERNS,
    RED_FLAGS,
    SENSATIONS,
    SOURCES,
    TESTS,
)
from hypnic.datasets.cohort.people import AGES, NICOTINE, PARTNERS, SEXES, SHIFTS, labels, weighted

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from hypnic.datasets.cohort.cells import Cells, Columns
    from hypnic.datasets.cohort.people import Indices, People

    Flags = NDArray[np.bool_]


def identifiers(rng: np.random.Generator, n: int) -> Cells:
    """Sorted random tokens, as the collector makes them."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))
    return np.array(sorted("p_" + "".join(row) for row in letters[rng.integers(0, 32, (n, 16))]), dtype=object)


def core_answers(rng: np.random.Generator, names: Cells, people: People, with_jerk: Indices, diarist: Flags) -> Columns:
    """Return the core columns in the instrument's order. Whoever keeps a diary has told the sleep need."""
    n = len(people)
    ever = jerk_ever(rng, people, with_jerk)
    told, frequency = jerk_frequency(rng, ever, with_jerk)
    gaps = {
        "caffeine_usual_mg": gap(rng, people.caffeine, 0.012),
        "alcohol_usual_g_wk": gap(rng, people.alcohol_wk, 0.02, REFUSED),
        "stress_usual_0_10": gap(rng, people.stress, 0.01, REFUSED),
        "exercise_vigorous_min_wk": gap(rng, people.vigorous_wk, 0.015),
        "sleep_need_h": np.where(diarist, people.sleep_need, gap(rng, people.sleep_need, 0.015)),
        "sleep_usual_h": gap(rng, people.sleep_usual, 0.012),
    }
    answers: Columns = {
        "participant_id": names,
        "consent_open_data": np.full(n, "true", dtype=object),
        "age_band": instead(rng, labels(AGES, people.age), 0.01, "refused"),
        "sex_at_birth": labels(SEXES, people.sex),
        "country_code": labels(COUNTRIES, weighted(COUNTRIES, rng.random(n))),
        "jerk_ever": ever,
        "jerk_freq_12mo": frequency,
        "jerk_nights_30d": numbers(told),
    }
    return {**answers, **{name: numbers(values) for name, values in gaps.items()}}


def jerk_ever(rng: np.random.Generator, people: People, with_jerk: Indices) -> Cells:
    """Answer yes where a jerk was noticed in 30 nights; who never jerks says no or is unsure."""
    never, chance = np.isinf(people.base), rng.random(len(people))
    quiet = either(never, either(chance < 0.88, "no", "unsure"), either(chance < 0.75, "yes", "unsure"))
    return either(with_jerk > 0, "yes", quiet)


def jerk_frequency(rng: np.random.Generator, ever: Cells, with_jerk: Indices) -> tuple[Indices, Cells]:
    """(nights out of 30 as told, rung of the yearly ladder): each rung's band holds the nights."""
    n = len(with_jerk)
    lift, silent = rng.integers(0, 2, n), rng.random(n)
    first_night = np.array([0, 1, 3, 8, 15, 27])  # of the rungs above `never`; neighbours share their border
    rung = 1 + np.maximum(np.searchsorted(first_night, with_jerk, side="right") - 1, 0)
    border = (
        np.isin(with_jerk, [1, 3, 8]) | ((with_jerk >= 15) & (with_jerk <= 20)) | (with_jerk >= 27) & (with_jerk < 30)
    )
    rung = rung - border * lift
    told = np.where((ever == "yes") & (silent < 0.02), DO_NOT_KNOW, with_jerk)
    told = np.where((ever == "yes") & (silent > 0.995), REFUSED, told)
    told = np.where((ever == "unsure") & (silent < 0.4), DO_NOT_KNOW, told)
    unknown = (told <= 0) & (rng.random(n) < np.where(ever == "unsure", 0.4, 0.06))
    never = (ever == "no") | ((ever == "unsure") & (lift == 0))
    return told, labels(LADDER, np.where(ever == "no", 0, np.where(unknown, 7, np.where(never, 0, rung))))


def all_answers(rng: np.random.Generator, core: Columns, people: People, with_jerk: Indices) -> pl.DataFrame:
    """Every column of `participants` in the instrument's order; no association in it is a finding."""
    n = len(people)
    yes = np.asarray(core["jerk_ever"] == "yes")
    anxious = np.clip((people.stress - 4) / 4 + 0.7 * rng.standard_normal(n), -2, 3)
    distress = np.clip(np.round(1.2 + 1.2 * anxious + 0.12 * with_jerk + 1.2 * rng.standard_normal(n)), 0, 10)
    partner = labels(PARTNERS, people.partner)
    # who cannot say how much caffeine cannot say how much of it came late
    silent = np.asarray(core["caffeine_usual_mg"] == str(DO_NOT_KNOW))
    late_caffeine = np.where(silent, DO_NOT_KNOW, people.caffeine_after_14)
    states = movement_states(rng, yes, people.partner > 0)
    conditions, diagnosed = dx_conditions(rng, people, anxious)
    medicines, medicated = med_classes(rng, people)
    tried, helped = strategies(rng, yes, distress)
    columns: Columns = {
        "schema_version": np.full(n, "1.0", dtype=object),
        "recruitment_source": labels(SOURCES, weighted(SOURCES, rng.random(n))),
        "bed_partner": instead(rng, partner, 0.012, "refused"),
        "shift_pattern": instead(rng, labels(SHIFTS, people.shift), 0.01, "refused"),
        "jerk_locations_usual": only(yes, instead(rng, ticks(rng, LOCATIONS, n, untouched="leg"), 0.02, "unknown")),
        "jerk_sensations_usual": only(yes, instead(rng, ticks(rng, SENSATIONS, n), 0.02, "unknown")),
        "jerk_distress_0_10": numbers(np.where(yes, gap(rng, distress, 0.01), NOT_ASKED)),
        "jerk_sleep_impact": only(yes, instead(rng, sleep_impact(rng, distress), 0.01, "refused")),
        "jerk_family_history": only(yes, chosen(rng, FAMILY, n)),
        "movement_states": states,
        "movement_pattern": either(yes, chosen(rng, PATTERNS, n), chosen(rng, NOT_TWITCHING, n)),
        "rls_features": rls_features(rng, people, diagnosed),
        "red_flags": instead(rng, ticks(rng, RED_FLAGS, n), 0.01, "refused"),
        "dx_conditions": conditions,
        "med_classes": medicines,
        "med_change_30d": instead(rng, either(medicated, chosen(rng, CHANGES, n), "none"), 0.012, "undisclosed"),
        "caffeine_after_14_usual_mg": numbers(late_caffeine),
        "nicotine_use": instead(rng, labels(NICOTINE, people.nicotine), 0.012, "undisclosed"),
        **audit_c(rng, people),
        **moods(rng, anxious),
        "exercise_late_days_wk": numbers(gap(rng, people.late_days, 0.015)),
        "supplements": instead(rng, supplements(rng, people), 0.012, "refused"),
        "strategies_tried": tried,
        "strategies_helped": helped,
        "tests_done": instead(rng, either(yes, ticks(rng, TESTS, n), "none"), 0.012, "undisclosed"),
        "attention_ok": np.full(n, "true", dtype=object),
    }
    return frame({**core, **columns}).select(ORDER)


ORDER = (
    "participant_id", "schema_version", "consent_open_data", "age_band", "sex_at_birth", "country_code",
    "recruitment_source", "bed_partner", "shift_pattern", "jerk_ever", "jerk_freq_12mo", "jerk_nights_30d",
    "jerk_locations_usual", "jerk_sensations_usual", "jerk_distress_0_10", "jerk_sleep_impact",
    "jerk_family_history", "movement_states", "movement_pattern", "rls_features", "red_flags",
    "dx_conditions", "med_classes", "med_change_30d", "caffeine_usual_mg", "caffeine_after_14_usual_mg",
    "nicotine_use", "alcohol_usual_g_wk", "audit_c_q1", "audit_c_q2", "audit_c_q3", "gad2_q1", "gad2_q2",
    "phq2_q1", "phq2_q2", "stress_usual_0_10", "exercise_vigorous_min_wk", "exercise_late_days_wk",
    "sleep_need_h", "sleep_usual_h", "supplements", "strategies_tried", "strategies_helped", "tests_done",
    "attention_ok",
)  # fmt: skip
