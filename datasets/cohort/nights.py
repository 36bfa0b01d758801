"""Nights of the synthetic cohort: evening exposures, jerks, sleep, and what is carried to the next day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hypnic.datasets.cohort.people import People, share, to_step
from hypnic.datasets.cohort.process import SESSION_MIN, Exposures, Process, jerk_rate
from hypnic.datasets.cohort.violations import lasting, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Grid = NDArray[np.float64]

NIGHT_SHIFT = 4
STRESS_MEMORY = 0.45
STRESS_SD = 1.6
LEAST_NIGHTS = 10
LESS_COFFEE, MORE_DRINK = 40.0, 0.15  # mg, and chance of a drink, for one unit of wariness

NORMALS = ("stress", "before_14", "after_14", "drink", "bed", "sol", "waso", "wake")
UNIFORMS = ("free", "drinks", "vigorous", "late", "moderate", "minutes", "gap", "caffeine_gap", "absent")


@dataclass(frozen=True)
class Evening:
    """Exposures as written before bed, and the clocks that go with them; arrays over people."""

    exposures: Exposures
    free: Floats
    bed: Floats
    exercise_min: Floats
    exercise_level: Floats
    """0 none, 1 light, 2 moderate, 3 vigorous"""
    exercise_end: Floats
    caffeine_last: Floats


def draw_noise(rng: np.random.Generator, n: int, process: Process) -> dict[str, Floats]:
    """Everything random about one night of n people, but for the count itself."""
    normal, uniform = rng.standard_normal((len(NORMALS), n)), rng.random((len(UNIFORMS), n))
    noise = {f"z_{name}": row for name, row in zip(NORMALS, normal, strict=True)}
    noise |= {f"u_{name}": row for name, row in zip(UNIFORMS, uniform, strict=True)}
    return noise | {"rate_noise": rng.gamma(process.noise_size, 1 / process.noise_size, n)}


@dataclass(frozen=True)
class Tonight:
    """What a night starts from, enough to live its evening again under an intervention."""

    noise: Mapping[str, Floats]
    stress_swing: Floats
    sleep_loss: Floats
    free: NDArray[np.bool_]
    absent: NDArray[np.bool_]
    wary: Floats | float = 0.0
    """how much last night's jerks change the day (see `violations`)"""


def evening(people: People, tonight: Tonight, add: Mapping[str, float] | None = None) -> Evening:
    """Live the day up to bed. `add` moves one exposure on this night; what depends on it follows.

    Order of causes: sleep lost last night and the swing of stress; then caffeine, alcohol and exercise.
    `add` for exercise sets it: 1 to a late vigorous session, 0 to none. Luck is tonight's, whatever is added.
    """
    noise, free = tonight.noise, tonight.free
    move = {"caffeine": 0.0, "alcohol": 0.0, "stress": 0.0, "sleep_loss": 0.0} | dict(add or {})
    sleep_loss = tonight.sleep_loss + move["sleep_loss"]
    stress = np.clip(np.round(people.stress + tonight.stress_swing + tonight.wary), 0, 10) + move["stress"]
    tense = stress - people.stress
    tired = sleep_loss - (people.sleep_need - people.sleep_usual)

    bed = np.clip(to_step(people.bedtime + 0.5 * free + 0.5 * noise["z_bed"], 0.25), 19, 34.5)
    before, after = caffeine(people, noise, tense, tired, tonight.wary)
    late, minutes, level, end = exercise(people, noise, tense, tired, bed)
    if "exercise" in move:
        late = np.full_like(late, move["exercise"])
    return Evening(
        Exposures(
            caffeine_after_14=after + move["caffeine"],
            caffeine_before_14=before,
            alcohol=alcohol(people, noise, tense, free, tonight.wary) + move["alcohol"],
            stress=stress,
            late_exercise=late,
            sleep_loss=sleep_loss,
        ),
        free=free.astype(float),
        bed=bed,
        exercise_min=minutes,
        exercise_level=level,
        exercise_end=end,
        caffeine_last=caffeine_last(people, noise, before, after, bed),
    )


def caffeine(
    people: People, noise: Mapping[str, Floats], tense: Floats, tired: Floats, wary: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """Milligrams up to and after 14:00, steps of 5; stress and short sleep raise both."""
    drinks = people.caffeine > 0
    usual_before = people.caffeine - people.caffeine_after_14
    swing = (20 + 0.25 * usual_before) * noise["z_before_14"]
    early = np.where(usual_before > 0, usual_before + swing + 5 * tense + 8 * tired, 0)
    swing = (30 + 0.5 * people.caffeine_after_14) * noise["z_after_14"]
    late = np.where(drinks, people.caffeine_after_14 + swing + 8 * tense + 10 * tired - LESS_COFFEE * wary, 0)
    return to_step(np.clip(early, 0, 700), 5), to_step(np.clip(late, 0, 700), 5)


def caffeine_last(people: People, noise: Mapping[str, Floats], before: Floats, after: Floats, bed: Floats) -> Floats:
    """Clock of the last caffeine: up to 14:00 when none came later, else 14:15 to bed; -7 when none."""
    spread = noise["u_caffeine_gap"]
    start = np.where(people.shift == NIGHT_SHIFT, 16.75, 14.25)  # who works at night gets up in the afternoon
    late = to_step(start + (bed - start) * 0.9 * spread**1.5, 0.25)
    return np.where(after > 0, late, np.where(before > 0, to_step(7 + 7 * spread, 0.25), -7))


def alcohol(
    people: People, noise: Mapping[str, Floats], tense: Floats, free: NDArray[np.bool_], wary: Floats | float = 0.0
) -> Floats:
    """Grams of ethanol, one decimal, at most 90; likelier and more under stress and before a free day."""
    chance = people.drinking_days * (0.85 + 0.1 * tense + 0.5 * free) + MORE_DRINK * wary * (people.drinking_days > 0)
    grams = np.clip(people.drink_g * np.exp(0.35 * noise["z_drink"] + 0.03 * tense), 4, 90)
    return np.where(noise["u_drinks"] < chance, np.round(grams, 1), 0)


def exercise(
    people: People, noise: Mapping[str, Floats], tense: Floats, tired: Floats, bed: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return (late vigorous 0/1, minutes, level 0-3, end clock or -7). Stress and short sleep deter."""
    eager = np.clip(1 - 0.05 * tense - 0.06 * tired, 0.2, 1.6)
    vigorous = noise["u_vigorous"] < np.minimum(people.vigorous_wk / SESSION_MIN / 7, 0.9) * eager
    level = np.where(vigorous, 3, np.where(noise["u_moderate"] < 0.2, 2, np.where(noise["u_moderate"] < 0.38, 1, 0)))
    minutes = np.where(level > 0, to_step(15 + 60 * noise["u_minutes"], 5), 0)
    # a quarter hour to two hours before bed, or two and a quarter to nine
    late = noise["u_late"] < people.late_share
    gap = np.where(late, to_step(0.15 + 1.95 * noise["u_gap"], 0.25), to_step(2.15 + 6.5 * noise["u_gap"], 0.25))
    end = np.where(level > 0, bed - gap, -7)
    return (vigorous & late).astype(float), minutes, level.astype(float), end


@dataclass(frozen=True)
class Diary:
    """The nights of n people by m diary nights, as lived: one (n, m) grid per quantity.

    `present` marks the nights that were written down; `sleep_loss` on the first night, and after a night
    that was not written down, acted but cannot be seen by anybody.
    """

    present: NDArray[np.bool_]
    grids: Mapping[str, Grid]

    def __getitem__(self, name: str) -> Grid:
        """Return a grid by its name."""
        return self.grids[name]


def nights(
    rng: np.random.Generator, people: People, process: Process, n_nights: int
) -> Iterator[tuple[Tonight, dict[str, Floats]]]:
    """Let n people live: each night's beginning, and its columns by name.

    The first night's sleep loss acts but was never written. A night is left unwritten the likelier, the
    worse last night was; everybody writes at least ten (or all, where fewer are asked).
    """
    n = len(people)
    swing = STRESS_SD * rng.standard_normal(n)
    sleep_loss = people.sleep_need - people.sleep_usual + 1.1 * rng.standard_normal(n)
    absent, n_absent = np.zeros(n, dtype=bool), np.zeros(n)
    against = process.violations
    slow, last = lasting(rng, against, n), np.zeros(n)
    for night in range(n_nights):
        noise = draw_noise(rng, n, process)
        free = free_tomorrow(people, noise, night)
        tonight = Tonight(noise, swing + 2 * slow, sleep_loss, free, absent, against.feedback * last)
        before = evening(people, tonight)
        rate = jerk_rate(
            process, people.base + against.persistence * last + slow, people.alcohol_slope, before.exposures
        )
        jerks = np.minimum(rng.poisson(rate * noise["rate_noise"]), 50).astype(float)
        after = morning(rng, people, noise, before, jerks)
        lived = columns(before, jerks, after)
        yield tonight, told(rng, people, against, lived) if against.any else lived

        sleep_loss = people.sleep_need - total_sleep(before.bed, after)
        bad = 0.12 * (before.exposures.stress - people.stress) + 0.2 * np.minimum(jerks, 5)
        logit = -3.1 + against.missing * bad
        absent = (n_absent < n_nights - LEAST_NIGHTS) & (noise["u_absent"] < share(logit))
        n_absent += absent
        swing = STRESS_MEMORY * swing + np.sqrt(1 - STRESS_MEMORY**2) * STRESS_SD * noise["z_stress"]
        slow, last = lasting(rng, against, n, slow), np.log1p(jerks)


def live(rng: np.random.Generator, people: People, process: Process, n_nights: int) -> Diary:
    """Return the nights of n people as grids."""
    lived = list(nights(rng, people, process, n_nights))
    present = ~np.stack([tonight.absent for tonight, _ in lived], axis=1)
    names = lived[0][1]
    return Diary(present, {name: np.stack([row[name] for _, row in lived], axis=1) for name in names})


def columns(before: Evening, jerks: Floats, after: Mapping[str, Floats]) -> dict[str, Floats]:
    """One night as named arrays."""
    acting = {name: getattr(before.exposures, name) for name in Exposures.__dataclass_fields__}
    clocks = {name: getattr(before, name) for name in Evening.__dataclass_fields__ if name != "exposures"}
    return acting | clocks | {"jerks": jerks} | dict(after)


def free_tomorrow(people: People, noise: Mapping[str, Floats], night: int) -> NDArray[np.bool_]:
    """Whether tomorrow is free: two days in seven, at the week's end unless the person works shifts."""
    weekday = (np.floor(7 * people.free_phase) + night) % 7
    weekly = np.where(weekday >= 5, 0.92, 0.05)
    return np.asarray(noise["u_free"] < np.where(people.shift >= 3, 2 / 7, weekly))


def morning(
    rng: np.random.Generator,
    people: People,
    noise: Mapping[str, Floats],
    before: Evening,
    jerks: Floats,
) -> dict[str, Floats]:
    """Sleep of the night: caffeine, alcohol, stress and each jerk cost some of it."""
    tense = before.exposures.stress - people.stress
    felt = np.minimum(jerks, 5)
    log_sol = 2.6 + 0.06 * tense + 0.15 * before.exposures.caffeine_after_14 / 100 + 0.5 * noise["z_sol"]
    sol = np.minimum(np.round(np.exp(log_sol)) + 3 * felt, 170)
    awakenings = np.minimum(rng.poisson(0.8 + 0.01 * before.exposures.alcohol + 0.1 * felt), 12).astype(float)
    waso = np.minimum(np.maximum(np.round(awakenings * np.exp(2.0 + 0.5 * noise["z_waso"])), 1), 200)
    waso = np.where(awakenings > 0, waso, 0)
    drift = 0.3 * (before.bed - people.bedtime) + 0.9 * before.free - 0.3 - 0.08 * tense + 0.6 * noise["z_wake"]
    awake = (sol + waso) / 60
    earliest = np.ceil((before.bed + awake + 2.5) * 4) / 4
    latest = np.minimum(np.floor((before.bed + awake + 12.5) * 4) / 4, 48)
    wake = to_step(people.bedtime + people.sleep_usual + 0.45 + drift, 0.25)
    return {"sol": sol, "awakenings": awakenings, "waso": waso, "wake": np.clip(wake, earliest, latest)}


def total_sleep(bed: Floats, after: Mapping[str, Floats]) -> Floats:
    """`tst_h` of the instrument, from the written clocks."""
    return after["wake"] - bed - (after["sol"] + after["waso"]) / 60
