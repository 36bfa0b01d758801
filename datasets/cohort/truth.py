"""What is true of the synthetic population: its tables without gaps or codes, and its total effects.

The demo's truth is read from `demo/truth.json`; the functions here are what it was computed with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.datasets.cohort.nights import evening, live, nights
from hypnic.datasets.cohort.people import AGES, SEXES, SHIFTS, draw_traits, habits, jerk_nights
from hypnic.datasets.cohort.process import DIARY_UNIT, SURVEY_UNIT, Process, jerk_rate

if TYPE_CHECKING:
    from hypnic.datasets.cohort.people import People
    from hypnic.datasets.cohort.process import Exposures

CHUNK = 20_000


def chunks(n: int) -> list[int]:
    """Sizes that add up to n, none above CHUNK: what keeps a large population small in memory."""
    return [min(CHUNK, n - start) for start in range(0, n, CHUNK)]


def population_diary(rng: np.random.Generator, n: int, process: Process, n_nights: int = 14) -> pl.DataFrame:
    """Every written night of n new diarists, exposures in units of the ratio, null where nobody saw.

    One row a night: person, jerks, caffeine (after 14:00), caffeine_before_14, alcohol, stress, exercise
    (late vigorous, 0/1), sleep_loss, next_day_free, and stress_prev, caffeine_day_prev, alcohol_prev.
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
    """Survey answers of n new people: nights with a jerk, exposures in units, background as 0/1."""
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
    for name, levels in (("age", AGES), ("sex", SEXES), ("shift", SHIFTS)):
        index = getattr(people, name)
        table |= {f"{name}[{level}]": (index == at).astype(float) for at, level in enumerate(levels) if at}
    return pl.DataFrame(table)


def expected_jerks(process: Process, people: People, exposures: Exposures) -> float:
    """Jerks that all of them together are expected to notice in such a night."""
    return float(jerk_rate(process, people.base, people.alcohol_slope, exposures).sum())


def diary_totals(seed: int, n: int, process: Process, n_nights: int = 14) -> dict[str, float]:
    """Ratio of expected jerks: one unit more of an exposure tonight, what depends on it tonight following.

    Both sides share all their luck; n people live n_nights. Exercise: everybody late and vigorous against
    nobody.
    """
    rng = generator(seed)
    more, plain = dict.fromkeys(DIARY_UNIT, 0.0), dict.fromkeys(DIARY_UNIT, 0.0)
    for size in chunks(n):
        people = habits(draw_traits(rng, size), process)
        for tonight, _ in nights(rng, people, process, n_nights):
            for name, unit in DIARY_UNIT.items():
                moved, still = (evening(people, tonight, {name: step}) for step in (unit, 0.0))
                more[name] += expected_jerks(process, people, moved.exposures)
                plain[name] += expected_jerks(process, people, still.exposures)
    return {name: more[name] / plain[name] for name in DIARY_UNIT}


def survey_totals(seed: int, n: int, process: Process) -> dict[str, float]:
    """Ratio of expected jerks in a usual night: one unit more of a habit, what depends on it following."""
    rng = generator(seed)
    more, plain = dict.fromkeys(SURVEY_UNIT, 0.0), 0.0
    for size in chunks(n):
        traits = draw_traits(rng, size)
        people = habits(traits, process)
        plain += expected_jerks(process, people, people.usual())
        for name, unit in SURVEY_UNIT.items():
            people = habits(traits, process, {name: unit})
            more[name] += expected_jerks(process, people, people.usual())
    return {name: total / plain for name, total in more.items()}


def generator(seed: int) -> np.random.Generator:
    """Return a generator of the one kind used here."""
    return np.random.Generator(np.random.PCG64(seed))
