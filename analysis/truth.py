"""What the primary estimators converge to in the synthetic population, beside what is true of it.

An estimate from the demo is held against `target`, not against `direct` or `total`: the estimator of the
diary weighs people's own alcohol ratios by counts and doses, and the one of the survey cannot see that
twitchy people drink less coffee. All three are published, so that nobody takes one for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hypnic.analysis.fitting import fit
from hypnic.datasets.cohort_process import Process, direct_ratios
from hypnic.datasets.cohort_truth import (
    chunks,
    diary_totals,
    generator,
    population_diary,
    population_survey,
    survey_totals,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.fitting import Fit

#: Covariates of each total effect, beside the exposure itself (diary: within person).
DIARY_ADJUSTMENT: dict[str, tuple[str, ...]] = {
    "caffeine": ("stress", "sleep_loss", "alcohol", "exercise", "caffeine_before_14", "next_day_free"),
    "alcohol": ("stress", "sleep_loss", "caffeine", "caffeine_before_14", "next_day_free"),
    "stress": ("sleep_loss", "next_day_free"),
    "exercise": ("stress", "sleep_loss", "next_day_free"),
    "sleep_loss": ("stress_prev", "caffeine_day_prev", "alcohol_prev", "next_day_free"),
}
#: The survey adds age, sex, shift, nicotine, ssri, stimulant and rls to each.
SURVEY_ADJUSTMENT: dict[str, tuple[str, ...]] = {
    "caffeine": ("stress",),
    "alcohol": ("stress", "caffeine"),
    "stress": (),
    "exercise": ("stress",),
    "sleep_loss": ("stress", "caffeine", "alcohol"),
}
BACKGROUND = ("nicotine", "ssri", "stimulant", "rls")

DIARY_UNITS = {
    "caffeine": "100 mg after 14:00",
    "alcohol": "10 g ethanol",
    "stress": "2 points of 0-10",
    "exercise": "vigorous exercise that ended at most 2 h before bed, against any other evening",
    "sleep_loss": "1 h of sleep lost the night before",
}
SURVEY_UNITS = {
    "caffeine": "100 mg a day",
    "alcohol": "10 g ethanol a day",
    "stress": "2 points of 0-10",
    "exercise": "30 min of vigorous exercise a day",
    "sleep_loss": "1 h of sleep short of need",
}
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
            name: row(DIARY_UNITS[name], direct["diary"][name], total[0][name], diary[name])
            | {"how": DIARY_HOW.format(", ".join(DIARY_ADJUSTMENT[name]))}
            for name in DIARY_ADJUSTMENT
        },
        "survey": {
            name: row(SURVEY_UNITS[name], direct["survey"][name], total[1][name], survey[name])
            | {
                "how": SURVEY_HOW.format(
                    ", ".join(("age", "sex", "shift", *BACKGROUND, *SURVEY_ADJUSTMENT[name]))
                )
            }
            for name in SURVEY_ADJUSTMENT
        },
    }


def row(unit: str, direct: float, total: float, target: tuple[float, float]) -> dict[str, Any]:
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
            for name, adjust in DIARY_ADJUSTMENT.items()
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
            for name, adjust in SURVEY_ADJUSTMENT.items()
        }


def slope(model: Fit, term: str) -> float:
    """Return the coefficient of a term."""
    return float(model.tidy().row(by_predicate=pl.col("term") == term, named=True)["estimate"])
