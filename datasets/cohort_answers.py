"""The survey form of the synthetic cohort, filled in: one row of `participants` for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hypnic.datasets.cohort_cells import DO_NOT_KNOW, NOT_ASKED, REFUSED, flags, frame, numbers, tokens
from hypnic.datasets.cohort_people import AGES, NICOTINE, PARTNERS, SEXES, SHIFTS, labels, share, weighted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import NDArray

    from hypnic.datasets.cohort_people import Floats, Indices, People

    Cells = NDArray[np.object_]
    Flags = NDArray[np.bool_]

COUNTRIES = {"US": 0.36, "GB": 0.24, "DE": 0.16, "CA": 0.10, "AU": 0.08, "ZZ": 0.06}
SOURCES = {"general_social": 0.38, "health_or_sleep_forum": 0.20, "university": 0.14, "workplace": 0.08,
           "clinic": 0.05, "search": 0.11, "other": 0.04}  # fmt: skip
LADDER = ("never", "few_a_year", "monthly", "weekly", "several_a_week", "most_nights", "every_night", "unknown")
NOT_TWITCHING = {"none": 0.72, "skin_flicker_no_limb_move": 0.20, "dont_know": 0.08}
PATTERNS = {"single_isolated": 0.62, "irregular_cluster": 0.18, "regular_5_90_s": 0.04,
            "skin_flicker_no_limb_move": 0.09, "sustained_posture": 0.01, "dont_know": 0.06}  # fmt: skip
LOCATIONS = {"leg": 0.60, "arm": 0.33, "trunk": 0.22, "head_neck": 0.12, "face_eyelid": 0.08, "whole_body": 0.35}
SENSATIONS = {"falling": 0.46, "shock": 0.20, "flash_of_light": 0.05, "bang_or_noise": 0.06,
              "dream_image": 0.22, "racing_heart": 0.24, "breath_catch": 0.10}  # fmt: skip
RED_FLAGS = {"weakness": 0.010, "wasting": 0.002, "numbness": 0.016, "swallow_or_speech": 0.003, "clumsiness": 0.008,
             "spreading": 0.006, "worse_over_weeks": 0.010, "lasting_many_weeks": 0.014, "mostly_daytime": 0.014,
             "painful": 0.014, "lost_awareness": 0.004, "tongue_bite_or_wet_bed": 0.002,
             "after_new_medicine": 0.010, "family_als_ms": 0.008}  # fmt: skip
CONDITIONS = {"plmd": 0.005, "epilepsy": 0.007, "narcolepsy": 0.003, "sleep_apnoea": 0.05, "parkinsonism": 0.003,
              "als_mnd": 0.001, "ms": 0.004, "neuropathy": 0.02, "dystonia": 0.002, "adhd": 0.04, "migraine": 0.12,
              "kidney_or_thyroid": 0.06}  # fmt: skip
MEDICINES = {"other_antidepressant": 0.03, "benzodiazepine_z": 0.03, "antipsychotic": 0.012, "dopaminergic": 0.012,
             "anticonvulsant": 0.02, "corticosteroid": 0.02, "diuretic": 0.05, "sedating_antihistamine": 0.04,
             "opioid": 0.015, "beta_agonist": 0.04, "melatonin": 0.06}  # fmt: skip
CHANGES = {"none": 0.88, "started": 0.04, "stopped": 0.03, "dose_up": 0.03, "dose_down": 0.02}
SUPPLEMENTS = {"calcium": 0.07, "potassium": 0.03, "b12": 0.12, "iron": 0.08, "electrolyte_drink": 0.07}
STRATEGIES = {"relaxation": 0.22, "mindfulness": 0.12, "regular_schedule": 0.18, "less_caffeine": 0.25,
              "less_alcohol": 0.12, "less_nicotine": 0.04, "earlier_exercise": 0.07, "gentle_stretching": 0.14,
              "more_sleep": 0.20, "hydration": 0.12, "magnesium": 0.15, "stress_management": 0.13, "medicine": 0.03,
              "reassurance": 0.15}  # fmt: skip
TESTS = {"emg": 0.008, "nerve_conduction": 0.008, "mri": 0.012, "eeg": 0.010, "sleep_study": 0.025,
         "blood_electrolytes": 0.030, "b12_level": 0.025}  # fmt: skip


def identifiers(rng: np.random.Generator, n: int) -> Cells:
    """Sorted random tokens, as the collector makes them."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))
    return np.array(sorted("p_" + "".join(row) for row in letters[rng.integers(0, 32, (n, 16))]), dtype=object)


def core_answers(
    rng: np.random.Generator, names: Cells, people: People, with_jerk: Indices, diarist: Flags
) -> dict[str, pl.Series | Cells]:
    """The core columns in the instrument's order. Whoever keeps a diary has told the sleep need."""
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
    return {
        "participant_id": names,
        "consent_open_data": np.full(n, "true", dtype=object),
        "age_band": instead(rng, labels(AGES, people.age), 0.01, "refused"),
        "sex_at_birth": labels(SEXES, people.sex),
        "country_code": labels(COUNTRIES, weighted(COUNTRIES, rng.random(n))),
        "jerk_ever": ever,
        "jerk_freq_12mo": frequency,
        "jerk_nights_30d": numbers(told),
    } | {name: numbers(values) for name, values in gaps.items()}


def jerk_ever(rng: np.random.Generator, people: People, with_jerk: Indices) -> Cells:
    """yes where a jerk was noticed in 30 nights; who never jerks says no or is unsure."""
    never, chance = np.isinf(people.base), rng.random(len(people))
    quiet = np.where(never, np.where(chance < 0.88, "no", "unsure"), np.where(chance < 0.75, "yes", "unsure"))
    return np.where(with_jerk > 0, "yes", quiet).astype(object)


def jerk_frequency(rng: np.random.Generator, ever: Cells, with_jerk: Indices) -> tuple[Indices, Cells]:
    """(nights out of 30 as told, rung of the yearly ladder): each rung's band holds the nights."""
    n = len(with_jerk)
    lift, silent = rng.integers(0, 2, n), rng.random(n)
    first_night = np.array([0, 1, 3, 8, 15, 27])  # of the rungs above `never`; neighbours share their border
    rung = 1 + np.maximum(np.searchsorted(first_night, with_jerk, side="right") - 1, 0)
    border = np.isin(with_jerk, [1, 3, 8]) | ((with_jerk >= 15) & (with_jerk <= 20)) | (with_jerk >= 27) & (with_jerk < 30)
    rung = rung - border * lift
    told = np.where((ever == "yes") & (silent < 0.02), DO_NOT_KNOW, with_jerk)
    told = np.where((ever == "yes") & (silent > 0.995), REFUSED, told)
    told = np.where((ever == "unsure") & (silent < 0.4), DO_NOT_KNOW, told)
    unknown = (told <= 0) & (rng.random(n) < np.where(ever == "unsure", 0.4, 0.06))
    never = (ever == "no") | ((ever == "unsure") & (lift == 0))
    return told, labels(LADDER, np.where(ever == "no", 0, np.where(unknown, 7, np.where(never, 0, rung))))


def all_answers(
    rng: np.random.Generator, core: Mapping[str, pl.Series | Cells], people: People, with_jerk: Indices
) -> pl.DataFrame:
    """Every column of `participants` in the instrument's order; associations are plausible, none is a finding."""
    n = len(people)
    ever = core["jerk_ever"]
    yes = np.asarray(ever == "yes")
    anxious = np.clip((people.stress - 4) / 4 + 0.7 * rng.standard_normal(n), -2, 3)
    distress = np.clip(np.round(1.2 + 1.2 * anxious + 0.12 * with_jerk + 1.2 * rng.standard_normal(n)), 0, 10)
    partner = labels(PARTNERS, people.partner)
    late_caffeine = np.where(core["caffeine_usual_mg"].to_numpy() == "-8", DO_NOT_KNOW, people.caffeine_after_14)
    states = movement_states(rng, yes, people.partner > 0)
    conditions, diagnosed = dx_conditions(rng, people, anxious)
    medicines, medicated = med_classes(rng, people)
    tried, helped = strategies(rng, yes, distress)
    columns: dict[str, pl.Series | Cells] = {
        "schema_version": np.full(n, "1.0", dtype=object),
        "recruitment_source": labels(SOURCES, weighted(SOURCES, rng.random(n))),
        "bed_partner": instead(rng, partner, 0.012, "refused"),
        "shift_pattern": instead(rng, labels(SHIFTS, people.shift), 0.01, "refused"),
        "jerk_locations_usual": only(yes, instead(rng, ticks(rng, LOCATIONS, n, untouched="leg"), 0.02, "unknown")),
        "jerk_sensations_usual": only(yes, instead(rng, ticks(rng, SENSATIONS, n), 0.02, "unknown")),
        "jerk_distress_0_10": numbers(np.where(yes, gap(rng, distress, 0.01), NOT_ASKED)),
        "jerk_sleep_impact": only(yes, instead(rng, sleep_impact(rng, distress), 0.01, "refused")),
        "jerk_family_history": only(yes, chosen(rng, {"yes": 0.24, "no": 0.38, "dont_know": 0.38}, n)),
        "movement_states": states,
        "movement_pattern": np.where(yes, chosen(rng, PATTERNS, n), chosen(rng, NOT_TWITCHING, n)),
        "rls_features": rls_features(rng, people, diagnosed),
        "red_flags": instead(rng, ticks(rng, RED_FLAGS, n), 0.01, "refused"),
        "dx_conditions": conditions,
        "med_classes": medicines,
        "med_change_30d": instead(rng, np.where(medicated, chosen(rng, CHANGES, n), "none"), 0.012, "undisclosed"),
        "caffeine_after_14_usual_mg": numbers(late_caffeine),
        "nicotine_use": instead(rng, labels(NICOTINE, people.nicotine), 0.012, "undisclosed"),
        **audit_c(rng, people),
        **moods(rng, anxious),
        "exercise_late_days_wk": numbers(gap(rng, people.late_days, 0.015)),
        "supplements": instead(rng, supplements(rng, people), 0.012, "refused"),
        "strategies_tried": tried,
        "strategies_helped": helped,
        "tests_done": instead(rng, np.where(yes, ticks(rng, TESTS, n), "none"), 0.012, "undisclosed"),
        "attention_ok": np.full(n, "true", dtype=object),
    }
    return frame(core | columns).select(ORDER)


ORDER = (
    "participant_id", "schema_version", "consent_open_data", "age_band", "sex_at_birth", "country_code",
    "recruitment_source", "bed_partner", "shift_pattern", "jerk_ever", "jerk_freq_12mo", "jerk_nights_30d",
    "jerk_locations_usual", "jerk_sensations_usual", "jerk_distress_0_10", "jerk_sleep_impact",
    "jerk_family_history", "movement_states", "movement_pattern", "rls_features", "red_flags", "dx_conditions",
    "med_classes", "med_change_30d", "caffeine_usual_mg", "caffeine_after_14_usual_mg", "nicotine_use",
    "alcohol_usual_g_wk", "audit_c_q1", "audit_c_q2", "audit_c_q3", "gad2_q1", "gad2_q2", "phq2_q1", "phq2_q2",
    "stress_usual_0_10", "exercise_vigorous_min_wk", "exercise_late_days_wk", "sleep_need_h", "sleep_usual_h",
    "supplements", "strategies_tried", "strategies_helped", "tests_done", "attention_ok",
)  # fmt: skip


def gap(rng: np.random.Generator, values: Floats, chance: float, code: int = DO_NOT_KNOW) -> Floats:
    """These numbers with a missing code here and there."""
    return np.where(rng.random(len(values)) < chance, code, values)


def instead(rng: np.random.Generator, cells: Cells, chance: float, level: str) -> Cells:
    """These levels with the named missing level here and there."""
    return np.where(rng.random(len(cells)) < chance, level, cells)


def only(asked: Flags, cells: Cells) -> Cells:
    """Blank where the form did not ask."""
    return np.where(asked, cells, None)


def chosen(rng: np.random.Generator, levels: Mapping[str, float], n: int) -> Cells:
    """One level for each person."""
    return labels(levels, weighted(levels, rng.random(n)))


def ticks(rng: np.random.Generator, chances: Mapping[str, float], n: int, *, untouched: str = "none") -> Cells:
    """Options ticked independently of one another."""
    return tokens({option: rng.random(n) < chance for option, chance in chances.items()}, untouched=untouched)


def sleep_impact(rng: np.random.Generator, distress: Floats) -> Cells:
    """The worse the distress, the stronger the effect on sleep."""
    level = np.clip(np.round((distress + 1.5 * rng.standard_normal(len(distress)) - 1) / 2.5), 0, 3).astype(int)
    return labels(("none", "wakes_me", "delays_sleep", "fear_of_sleep"), level)


def movement_states(rng: np.random.Generator, yes: Flags, seen: Flags) -> Cells:
    """When twitches come; `unknown` from people without any, since the form has no such option."""
    n = len(yes)
    return tokens(
        {
            "drifting_off": yes & (rng.random(n) < 0.96),
            "waking_up": yes & (rng.random(n) < 0.12),
            "awake_resting": rng.random(n) < np.where(yes, 0.16, 0.22),
            "awake_active": rng.random(n) < 0.05,
            "asleep_told_by_other": yes & seen & (rng.random(n) < 0.25),
        },
        untouched="unknown",
    )


def rls_features(rng: np.random.Generator, people: People, diagnosed: Flags) -> Cells:
    """All four features in restless legs, some of them in a few others."""
    n = len(people)
    restless, some = people.rls | diagnosed, rng.random(n) < 0.10
    features = ("urge_to_move", "worse_at_rest", "eased_by_moving", "worse_evening")
    ticked = {name: restless | (some & (rng.random(n) < 0.45)) for name in features}
    ticked["explained_by_cramp_or_posture"] = ~restless & some & (rng.random(n) < 0.5)
    return np.where(~diagnosed & (rng.random(n) < 0.01), "refused", tokens(ticked))


def dx_conditions(rng: np.random.Generator, people: People, anxious: Floats) -> tuple[Cells, Flags]:
    """(tokens, whether restless legs are among them)."""
    n = len(people)
    silent = rng.random(n) < 0.02
    ticked = {option: rng.random(n) < chance for option, chance in CONDITIONS.items()}
    ticked["rls"] = people.rls & (rng.random(n) < 0.6)
    ticked["adhd"] |= people.stimulant & (rng.random(n) < 0.7)
    ticked["anxiety"] = rng.random(n) < share(-2.4 + 0.8 * anxious)
    ticked["depression"] = rng.random(n) < share(-2.6 + 0.7 * anxious + 1.5 * people.ssri)
    ticked["insomnia"] = rng.random(n) < share(-2.7 + 0.6 * anxious)
    return np.where(silent, "undisclosed", tokens(ticked)), ticked["rls"] & ~silent


def med_classes(rng: np.random.Generator, people: People) -> tuple[Cells, Flags]:
    """(tokens, whether any class is among them)."""
    n = len(people)
    silent = rng.random(n) < 0.015
    ticked = {option: rng.random(n) < chance for option, chance in MEDICINES.items()}
    ticked |= {"ssri_snri": people.ssri, "stimulant": people.stimulant}
    return np.where(silent, "undisclosed", tokens(ticked)), np.any(list(ticked.values()), axis=0) & ~silent


def audit_c(rng: np.random.Generator, people: People) -> dict[str, pl.Series]:
    """The three items from drinking days and grams on such a day; who never drinks scores 0 in all."""
    n = len(people)
    drinks = people.alcohol_wk > 0
    often = np.where(drinks, 1 + np.searchsorted([0.06, 0.20, 0.48], people.drinking_days), 0).astype(float)
    much = np.where(drinks, np.searchsorted([28.0, 48.0, 68.0], people.drink_g), 0).astype(float)
    heavy = np.clip(np.round((people.drink_g - 30) / 15 * people.drinking_days * 2 + 0.5 * rng.standard_normal(n)), 0, 4)
    silent = drinks & (rng.random(n) < 0.015)
    items = {"audit_c_q1": often, "audit_c_q2": much, "audit_c_q3": np.where(drinks, heavy, 0)}
    return {name: numbers(np.where(silent, REFUSED, item)) for name, item in items.items()}


def moods(rng: np.random.Generator, anxious: Floats) -> dict[str, pl.Series]:
    """GAD-2 and PHQ-2 items."""
    weight = {"gad2_q1": 0.9, "gad2_q2": 0.8, "phq2_q1": 0.6, "phq2_q2": 0.6}
    n = len(anxious)
    return {
        item: numbers(gap(rng, np.clip(np.round(0.5 + slope * anxious + 0.5 * rng.standard_normal(n)), 0, 3), 0.012, REFUSED))
        for item, slope in weight.items()
    }  # fmt: skip


def supplements(rng: np.random.Generator, people: People) -> Cells:
    """What is taken at least weekly."""
    ticked = {option: rng.random(len(people)) < chance for option, chance in SUPPLEMENTS.items()}
    return tokens(ticked | {"magnesium": people.magnesium})


def strategies(rng: np.random.Generator, yes: Flags, distress: Floats) -> tuple[Cells, Cells]:
    """(tried, helped): more is tried where jerks bother more; two in five attempts seem to help."""
    n = len(yes)
    eager = np.clip(0.3 + distress / 4, 0, 2)
    tried = {option: rng.random(n) < chance * eager for option, chance in STRATEGIES.items()}
    helped = {option: done & (rng.random(n) < 0.4) for option, done in tried.items()}
    silent, any_tried = rng.random(n) < 0.01, np.any(list(tried.values()), axis=0)
    asked = yes & (any_tried | silent)
    unknown = silent | (rng.random(n) < 0.03)
    return only(yes, np.where(silent, "refused", tokens(tried))), only(asked, np.where(unknown, "unknown", tokens(helped)))
