"""People of the synthetic cohort: fixed traits, and the habits that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import log
from typing import TYPE_CHECKING

import numpy as np

from hypnic.datasets.cohort.process import (
    SESSION_MIN,
    SURVEY_UNIT,
    Exposures,
    Process,
    any_jerk,
    jerk_rate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Traits = Mapping[str, Floats]

AGES = {"18-24": 0.14, "25-34": 0.24, "35-44": 0.21, "45-54": 0.17, "55-64": 0.13, "65-74": 0.08, "75+": 0.03}
SEXES = {"female": 0.55, "male": 0.43, "other_or_undisclosed": 0.02}
SHIFTS = {"none": 0.78, "early": 0.07, "late": 0.06, "rotating": 0.06, "night": 0.03}
#: Usual clock of bed by shift: who works at night goes to bed at 08:00 of the next day.
BEDTIMES = (22.75, 21.5, 24.75, 23.25, 32.0)
NICOTINE = {"none": 0.76, "smoked": 0.12, "vaped": 0.07, "nrt_or_pouch": 0.03, "several": 0.02}
#: Whether somebody sleeps close enough to notice.
PARTNERS = {"never": 0.38, "some_nights": 0.17, "most_nights": 0.45}
#: Share of days with a drink, and how many people have it.
DRINKING_DAYS = {"0": 0.24, "0.04": 0.16, "0.12": 0.20, "0.3": 0.22, "0.55": 0.12, "0.8": 0.06}

NORMAL_TRAITS = (
    "twitchiness", "stress", "coffee", "afternoon", "drink", "alcohol_slope", "need", "loss", "vigorous",
    "late", "rate", "bedtime",
)  # fmt: skip
UNIFORM_TRAITS = (
    "age", "sex", "shift", "nicotine", "partner", "ssri", "stimulant", "rls", "no_coffee", "drinking_days",
    "inactive", "never", "free_phase", "magnesium",
)  # fmt: skip


def weighted(levels: Mapping[str, float], uniform: Floats) -> Indices:
    """Index into `levels` (level: weight) for each uniform draw.

    >>> weighted({"a": 1, "b": 3}, np.array([0.1, 0.3, 0.9])).tolist()
    [0, 1, 1]
    """
    weights = np.array(list(levels.values()))
    return np.searchsorted(np.cumsum(weights / weights.sum())[:-1], uniform, side="right")


def labels(levels: Sequence[str] | Mapping[str, float], index: Indices) -> NDArray[np.object_]:
    """Names of the levels at these indices."""
    return np.array(list(levels), dtype=object)[index]


def to_step(values: Floats, step: float) -> Floats:
    """Nearest multiple of a step (0.25 h, 5 mg)."""
    return np.round(values / step) * step


def share(logit: Floats) -> Floats:
    """Inverse logit."""
    return 1 / (1 + np.exp(-logit))


@dataclass(frozen=True)
class People:
    """One array per trait or habit, all of length n. Habits are the values written in the survey."""

    age: Indices
    sex: Indices
    shift: Indices
    nicotine: Indices
    partner: Indices
    ssri: NDArray[np.bool_]
    stimulant: NDArray[np.bool_]
    rls: NDArray[np.bool_]
    twitchiness: Floats
    base: Floats
    alcohol_slope: Floats
    stress: Floats
    sleep_need: Floats
    sleep_usual: Floats
    caffeine: Floats
    caffeine_after_14: Floats
    drinking_days: Floats
    drink_g: Floats
    alcohol_wk: Floats
    vigorous_wk: Floats
    late_share: Floats
    late_days: Floats
    bedtime: Floats
    free_phase: Floats
    magnesium: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.age)

    def take(self, rows: Indices) -> People:
        """Return the people in these rows."""
        return People(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def usual(self) -> Exposures:
        """Return what acts on this person's usual night."""
        return Exposures(
            caffeine_after_14=self.caffeine_after_14,
            caffeine_before_14=self.caffeine - self.caffeine_after_14,
            alcohol=self.alcohol_wk / 7,
            stress=self.stress,
            late_exercise=self.late_days / 7,
            sleep_loss=self.sleep_need - self.sleep_usual,
        )


def draw_traits(rng: np.random.Generator, n: int) -> dict[str, Floats]:
    """Everything random about n people, before any habit is known."""
    normal = rng.standard_normal((len(NORMAL_TRAITS), n))
    uniform = rng.random((len(UNIFORM_TRAITS), n))
    named = {f"z_{name}": row for name, row in zip(NORMAL_TRAITS, normal, strict=True)}
    return named | {f"u_{name}": row for name, row in zip(UNIFORM_TRAITS, uniform, strict=True)}


def habits(traits: Traits, process: Process, add: Mapping[str, float] | None = None) -> People:
    """Habits that follow from traits; `add` moves one of them and lets what depends on it follow.

    `add` holds caffeine (mg a day), alcohol (g a day), stress (points), exercise (vigorous min a day),
    sleep_loss (h). Order of causes: background, stress, sleep, then caffeine, alcohol and exercise.
    """
    move = dict.fromkeys(SURVEY_UNIT, 0.0) | dict(add or {})
    age, sex, shift = (weighted(levels, traits[name]) for levels, name in
                       ((AGES, "u_age"), (SEXES, "u_sex"), (SHIFTS, "u_shift")))  # fmt: skip
    nicotine, partner = weighted(NICOTINE, traits["u_nicotine"]), weighted(PARTNERS, traits["u_partner"])
    ssri, stimulant = traits["u_ssri"] < 0.10, traits["u_stimulant"] < 0.03
    rls = traits["u_rls"] < 0.04 + 0.008 * age + 0.02 * (sex == 0)
    twitchiness = traits["z_twitchiness"]

    drive = 3.9 + 1.8 * traits["z_stress"] + 0.4 * (sex == 0) + 0.5 * (shift >= 3) + 0.8 * ssri + 0.4 * (nicotine > 0)
    stress = np.clip(np.round(drive), 0, 10) + move["stress"]
    tense = stress - 4

    sleep_need = np.clip(to_step(8 + 0.7 * traits["z_need"], 0.25), 5.5, 10.5)
    loss = 0.5 + 0.7 * traits["z_loss"] + 0.12 * tense + 0.3 * (shift > 0) + 0.3 * rls
    sleep_usual = np.clip(to_step(sleep_need - loss, 0.25), 4, 11) - move["sleep_loss"]
    tired = sleep_need - sleep_usual - 0.5

    log_mg = 5.15 - 0.42 * twitchiness + 0.05 * tense + 0.08 * tired + 0.2 * (nicotine > 0) + 0.5 * traits["z_coffee"]
    drinks_coffee = traits["u_no_coffee"] >= 0.15
    caffeine = np.where(drinks_coffee, np.clip(to_step(np.exp(log_mg), 5), 5, 800), 0) + move["caffeine"]
    afternoon = np.where(shift == 4, 1, share(-0.75 - 0.4 * twitchiness + 0.7 * traits["z_afternoon"]))

    days = np.array([float(level) for level in DRINKING_DAYS])[weighted(DRINKING_DAYS, traits["u_drinking_days"])]
    drinking_days = np.minimum(days * np.exp(0.05 * tense), 0.95)
    drink_g = np.clip(np.exp(2.95 + 0.4 * traits["z_drink"] + 0.03 * tense), 8, 60)

    log_min = log(130) + 0.6 * traits["z_vigorous"] - 0.05 * tense
    active = traits["u_inactive"] >= 0.42
    vigorous = np.where(active, np.clip(to_step(np.exp(log_min), 5), 10, 840), 0) + 7 * move["exercise"]
    late_share = share(-0.7 + 0.9 * traits["z_late"])
    late_days = np.round(np.minimum(vigorous / SESSION_MIN, 7) * late_share)

    background = (
        0.65 * twitchiness + 0.85 * traits["z_rate"] - 0.06 * (age - 2) + 0.1 * (sex == 0)
        + 0.15 * (shift >= 2) + 0.2 * (nicotine > 0) + 0.3 * ssri + 0.35 * stimulant + 0.35 * rls
        + 0.05 * partner
    )  # fmt: skip
    return People(
        age=age, sex=sex, shift=shift, nicotine=nicotine, partner=partner,
        ssri=ssri, stimulant=stimulant, rls=rls, twitchiness=twitchiness,
        base=np.where(traits["u_never"] < process.never, -np.inf, log(process.rate) + background),
        alcohol_slope=log(process.alcohol) + process.alcohol_log_sd * traits["z_alcohol_slope"],
        stress=stress, sleep_need=sleep_need, sleep_usual=sleep_usual, caffeine=caffeine,
        caffeine_after_14=to_step(caffeine * afternoon, 5), drinking_days=drinking_days, drink_g=drink_g,
        alcohol_wk=np.round(7 * drinking_days * drink_g, 1) + 7 * move["alcohol"], vigorous_wk=vigorous,
        late_share=late_share, late_days=late_days,
        bedtime=np.array(BEDTIMES)[shift] + 0.7 * traits["z_bedtime"] - 0.1 * (age - 2),
        free_phase=traits["u_free_phase"], magnesium=traits["u_magnesium"] < 0.15,
    )  # fmt: skip


def jerk_nights(rng: np.random.Generator, people: People, process: Process) -> Indices:
    """Nights out of 30 with at least one noticed jerk, on usual exposures."""
    rate = jerk_rate(process, people.base, people.alcohol_slope, people.usual())
    return rng.binomial(30, any_jerk(process, rate))
