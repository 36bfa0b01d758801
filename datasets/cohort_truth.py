"""What is true of the synthetic population: its tables without gaps or codes, and its total effects.

The demo's truth is read from `demo/truth.json`; the functions here are what it was computed with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.datasets.cohort_nights import evening, live, nights
from hypnic.datasets.cohort_people import AGES, SEXES, SHIFTS, draw_traits, habits
from hypnic.datasets.cohort_process import DIARY_UNIT, SURVEY_UNIT, Process, jerk_rate
from hypnic.datasets.cohort_people import jerk_nights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.datasets.cohort_people import People

    Sums = dict[str, np.ndarray]

CHUNK = 20_000


def chunks(n: int) -> list[int]:
    """Sizes that add up to n, none above CHUNK: what keeps a large population small in memory."""
    return [min(CHUNK, n - start) for start in range(0, n, CHUNK)]


def population_diary(rng: np.random.Generator, n: int, process: Process, n_nights: int = 14) -> pl.DataFrame:
    """Every written night of n new diarists, exposures in units of the ratio, null where nobody saw.

    One row a night: person, jerks, caffeine (after 14:00), caffeine_before_14, alcohol, stress, exercise
    (late vigorous, 0/1), sleep_loss, next_day_free, and stress, caffeine (whole day) and alcohol of the night before.
    """
    people = habits(draw_traits(rng, n), process)
    diary = live(rng, people, process, n_nights)
    seen_before = np.zeros_like(diary.present)
    seen_before[:, 1:] = diary.present[:, :-1]
    own = {
        "jerks": diary["jerks"],
        "caffeine": diary["caffeine_after_14"] / DIARY_UNIT["caffeine"],
        "caffeine_before_14": diary["caffeine_before_14"] / DIARY_UNIT["caffeine"],
        "alcohol": diary["alcohol"] / DIARY_UNIT["alcohol"],
        "stress": diary["stress"] / DIARY_UNIT["stress"],
        "exercise": diary["late_exercise"],
        "next_day_free": diary["free"],
    }
    own["caffeine_day"] = own["caffeine"] + own["caffeine_before_14"]
    lagged = {f"{name}_prev": np.roll(own[name], 1, axis=1) for name in ("stress", "caffeine_day", "alcohol")}
    lagged["sleep_loss"] = diary["sleep_loss"]
    hidden = {name: np.where(seen_before, grid, np.nan) for name, grid in lagged.items()}
    person = np.broadcast_to(np.arange(n)[:, None], diary.present.shape)
    table = {"person": person} | {name: grid for name, grid in (own | hidden).items() if name != "caffeine_day"}
    return pl.DataFrame({name: grid[diary.present] for name, grid in table.items()}).fill_nan(None)


def population_survey(rng: np.random.Generator, n: int, process: Process) -> pl.DataFrame:
    """Survey answers of n new people: nights with and without a jerk, exposures in units, and background as 0/1."""
    people = habits(draw_traits(rng, n), process)
    with_jerk = jerk_nights(rng, people, process)
    usual = people.usual()
    table = {
        "nights": with_jerk,
        "asked": np.full(n, 30),
        "caffeine": people.caffeine / SURVEY_UNIT["caffeine"],
        "alcohol": usual.alcohol / SURVEY_UNIT["alcohol"],
        "stress": people.stress / SURVEY_UNIT["stress"],
        "exercise": people.vigorous_wk / 7 / SURVEY_UNIT["exercise"],
        "sleep_loss": usual.sleep_loss,
        "nicotine": (people.nicotine > 0).astype(float),
        "ssri": people.ssri.astype(float),
        "stimulant": people.stimulant.astype(float),
        "rls": people.rls.astype(float),
    }
    for name, levels, index in (("age", AGES, people.age), ("sex", SEXES, people.sex), ("shift", SHIFTS, people.shift)):
        table |= {f"{name}[{level}]": (index == at).astype(float) for at, level in enumerate(levels) if at}
    return pl.DataFrame(table)


def diary_totals(seed: int, n: int, process: Process, n_nights: int = 14) -> dict[str, float]:
    """Ratio of expected jerks, one unit more of an exposure on a night against the night as it was, all else following.

    Exercise: everybody late and vigorous against nobody. Same noise on both sides, averaged over n people.
    """
    rng = generator(seed)
    more, plain = dict.fromkeys(DIARY_UNIT, 0.0), dict.fromkeys(DIARY_UNIT, 0.0)
    for size in chunks(n):
        people = habits(draw_traits(rng, size), process)
        for tonight, _ in nights(rng, people, process, n_nights):

            def expected(add: Mapping[str, float], people: People = people, now=tonight) -> float:  # type: ignore
                before = evening(people, now.noise, now.stress_swing, now.sleep_loss, now.free, add)
                rate = jerk_rate(process, people.base, people.alcohol_slope, before.exposures)
                return float(rate.sum())

            for name, unit in DIARY_UNIT.items():
                more[name] += expected({name: unit})
                plain[name] += expected({name: 0.0})
    return {name: more[name] / plain[name] for name in DIARY_UNIT}


def survey_totals(seed: int, n: int, process: Process) -> dict[str, float]:
    """Ratio of expected jerks a night, one unit more of a habit against the habit as it is, all else following."""
    rng = generator(seed)
    more, plain = dict.fromkeys(SURVEY_UNIT, 0.0), 0.0
    for size in chunks(n):
        traits = draw_traits(rng, size)

        def expected(add: Mapping[str, float], traits: Mapping[str, np.ndarray] = traits) -> float:
            people = habits(traits, process, add)
            return float(jerk_rate(process, people.base, people.alcohol_slope, people.usual()).sum())

        plain += expected({})
        for name, unit in SURVEY_UNIT.items():
            more[name] += expected({name: unit})
    return {name: total / plain for name, total in more.items()}


def generator(seed: int) -> np.random.Generator:
    """The one kind of generator used here."""
    return np.random.Generator(np.random.PCG64(seed))
