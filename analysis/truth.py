"""What the primary estimators converge to in the synthetic population, next to what is true of it.

An estimate from the demo is compared with `target`, not with `direct` or `total`: the estimator of the
diary weighs people's own alcohol ratios by counts and doses, and the one of the survey cannot see that
twitchy people drink less coffee. All three are published, so that nobody takes one for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.specification import estimands
from hypnic.analysis.studies.survey import PERSON
from hypnic.datasets.cohort.process import Process, direct_ratios
from hypnic.datasets.cohort.truth import (
    chunks,
    diary_totals,
    generator,
    population_diary,
    population_survey,
    survey_totals,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.regression.coefficients import Fit

# What the simulated population calls the columns that the estimands adjust for.
SIMULATED = {
    "stress_0_10": "stress",
    "sleep_loss_prev_h": "sleep_loss",
    "alcohol_g": "alcohol",
    "late_vigorous_exercise": "exercise",
    "caffeine_after_14_mg": "caffeine",
    "caffeine_before_14_mg": "caffeine_before_14",
    "stress_prev": "stress_prev",
    "caffeine_prev_mg": "caffeine_day_prev",
    "alcohol_prev_g": "alcohol_prev",
    "next_day_free": "next_day_free",
    "stress_usual_0_10": "stress",
    "caffeine_usual_mg": "caffeine",
    "alcohol_usual_g_day": "alcohol",
}
# The population's own columns for PERSON; age, sex and shift come as 0/1 columns there.
BACKGROUND = ("nicotine", "ssri", "stimulant", "rls")


def adjusted(table: Literal["diary", "survey"]) -> dict[str, tuple[str, ...]]:
    """Give the simulated covariates of each primary estimand, without what describes the person."""
    return {
        row.exposure: tuple(SIMULATED[column] for column in row.adjustment if column not in PERSON)
        for row in estimands(table)
        if row.role == "primary"
    }


def units(table: Literal["diary", "survey"]) -> dict[str, str]:
    """Give the unit of each primary estimand."""
    return {row.exposure: row.unit for row in estimands(table) if row.role == "primary"}


DIARY_HOW = (
    "direct: rate ratio of the process in the typical person; "
    "total: ratio of expected jerks when every night gets one unit more and its effects that night follow; "
    "target: what fixed-effects Poisson within person converges to, adjusted for {}."
)
SURVEY_HOW = (
    "direct: rate ratio of the process in the typical person; "
    "total: ratio of expected jerks when every habit gets one unit more and its effects follow; "
    "target: what the complementary log-log ratio of nights with a jerk out of 30 converges to, "
    "adjusted for {}."
)


def population_truth(
    seed: int = 1729,
    n_diarists: int = 600_000,
    n_people: int = 1_000_000,
    process: Process | None = None,
) -> dict[str, Any]:
    """Truth of the population: `population`, `diary` and `survey`, as in the demo's truth.json.

    Ratios per unit for each exposure: direct, total, target, and the Monte Carlo standard error of the
    target's logarithm. Minutes at the default sizes, under 2 GB.
    """
    law = process or Process()
    direct = direct_ratios(law)
    diary = targets(diary_fits(seed, n_diarists, law))
    survey = targets(survey_fits(seed + 1, n_people, law))
    total = diary_totals(seed + 2, n_diarists // 4, law), survey_totals(seed + 3, n_people, law)
    return {
        "population": {"seed": seed, "n_diarists": n_diarists, "n_people": n_people, "n_nights": 14},
        "diary": {
            name: entry(unit, direct["diary"][name], total[0][name], diary[name])
            | {"how": DIARY_HOW.format(", ".join(adjusted("diary")[name]))}
            for name, unit in units("diary").items()
        },
        "survey": {
            name: entry(unit, direct["survey"][name], total[1][name], survey[name])
            | {"how": SURVEY_HOW.format(", ".join((*PERSON, *adjusted("survey")[name])))}
            for name, unit in units("survey").items()
        },
    }


def entry(unit: str, direct: float, total: float, target: tuple[float, float]) -> dict[str, Any]:
    """One exposure's entry, rounded where Monte Carlo error begins."""
    ratio, error = target
    return {"unit": unit, "direct": round(direct, 4), "total": round(total, 4), "target": round(ratio, 4),
            "target_log_se": round(error, 4)}  # fmt: skip


def targets(fits: Iterator[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Return (ratio, standard error of its log) of each exposure: the mean over parts of the population."""
    parts = list(fits)
    logs = {name: np.array([part[name] for part in parts]) for name in parts[0]}
    # one part alone shows no spread: its error is unknown
    return {
        name: (
            float(np.exp(x.mean())),
            float(x.std(ddof=1) / np.sqrt(len(x))) if len(x) > 1 else float("nan"),
        )
        for name, x in logs.items()
    }


def diary_fits(seed: int, n: int, process: Process) -> Iterator[dict[str, float]]:
    """Log ratios in each part of the population, from fixed-effects Poisson."""
    rng = generator(seed)
    how: dict[str, Any] = {
        "family": "fe-poisson",
        "groups": "person",
        "cluster": "person",
        "covariance": "CR1S",
    }
    for size in chunks(n):
        frame = population_diary(rng, size, process)
        yield {
            name: slope(fit(frame, outcome="jerks", terms=[name, *adjust], **how), name)
            for name, adjust in adjusted("diary").items()
        }


def survey_fits(seed: int, n: int, process: Process) -> Iterator[dict[str, float]]:
    """Log ratios in each part of the population, from the complementary log-log model."""
    rng = generator(seed)
    how: dict[str, Any] = {"outcome": ("nights", "asked"), "family": "cloglog", "covariance": "HC0"}
    for size in chunks(n):
        frame = population_survey(rng, size, process)
        levels = [name for name in frame.columns if "[" in name]
        yield {
            name: slope(fit(frame, terms=[name, *adjust, *BACKGROUND, *levels], **how), name)
            for name, adjust in adjusted("survey").items()
        }


def slope(model: Fit, term: str) -> float:
    """Return the coefficient of a term."""
    return float(model.tidy().row(by_predicate=pl.col("term") == term, named=True)["estimate"])
