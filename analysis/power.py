"""Power by simulation: how often a study of this size would tell a ratio from one.

Each study is drawn from the frozen process of the synthetic cohort, cleaned and fitted as a real one would be. There is
no formula to trust instead: diaries differ in their length, persons in their rates, and errors are clustered.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from statsmodels.stats.proportion import proportion_confint
from tqdm import tqdm

from hypnic.analysis.question.question import questions
from hypnic.analysis.studies.estimands import EXPOSURES, Design
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.analysis.studies.specification import estimands
from hypnic.datasets.cohort.process import Process, with_total
from hypnic.errors import HypnicError
from hypnic.workers import spread

if TYPE_CHECKING:
    from collections.abc import Sequence

# Studies are also drawn at these multiples of the persons asked for.
MULTIPLES = (0.5, 1.0, 2.0)
LEAST_PERSONS = 20  # half of them still make a publishable row
LEVEL = 0.05


@dataclass(frozen=True)
class Plan:
    """One study that might be done: `ratio` is the true rate ratio per unit of the exposure."""

    design: Design
    exposure: str
    ratio: float
    persons: int
    nights: int = 14


def power(  # noqa: PLR0913  (a plan, and how hard to look at it)
    persons: int,
    nights: int = 14,
    ratio: float = 1.1,
    *,
    exposure: str = "caffeine",
    design: Design = "diary",
    simulations: int = 200,
    seed: int = 1729,
    jobs: int = 1,
) -> pl.DataFrame:
    """Simulate studies of `persons`, of half and of twice as many, and count those with p < 0.05.

    Returns one row for each number of persons: design, exposure, unit, persons, nights (null in a survey), ratio,
    simulations, fitted (how many gave an estimate; the others count as undetected), detected (a share: the power, or
    with ratio 1 the type I error), its 95 % Monte Carlo limits (Wilson) low and high, and mean_ratio, the geometric
    mean of the estimates. The same seed gives the same table, whatever `jobs` (processes) is.

    Raises HypnicError for a size, an exposure or a ratio that cannot be simulated.

    >>> power(40, 5, 1.5, simulations=3, seed=1).select("persons", "simulations").rows()
    [(20, 3), (40, 3), (80, 3)]
    """
    _refuse(exposure, ratio, persons, simulations, jobs)
    sizes = sorted({max(round(persons * multiple), 1) for multiple in MULTIPLES})
    plans = [Plan(design, exposure, ratio, size, nights) for size in sizes]
    seeds = np.random.SeedSequence(seed).generate_state(simulations).tolist()
    tasks = [(plan, drawn) for plan in plans for drawn in seeds]
    work = tqdm(spread(simulated_estimate, tasks, jobs), total=len(tasks), unit="study", disable=None, leave=False)
    found = list(work)
    return pl.DataFrame([_row(plan, found[at * simulations : (at + 1) * simulations]) for at, plan in enumerate(plans)])


def simulated_estimate(task: tuple[Plan, int]) -> tuple[float, float] | None:
    """Draw one study and return (log ratio, p value) of its primary estimate, or None where there is none."""
    plan, seed = task
    process = with_total(Process(), plan.design, plan.exposure, plan.ratio)
    data = simulated_set(plan.design, plan.persons, seed, plan.nights, process)
    question = next(one for one in questions(data) if one.estimand.exposure == plan.exposure)
    try:
        fitted = question.fit()
    except HypnicError:  # too few persons with a contrast
        return None
    line = fitted.contrast({plan.exposure: 1}).row(0, named=True)
    return (line["estimate"], line["p_value"]) if fitted.info["converged"] else None


def _row(plan: Plan, found: Sequence[tuple[float, float] | None]) -> dict[str, object]:
    fitted = [pair for pair in found if pair]
    detected = sum(p < LEVEL for _, p in fitted)
    low, high = proportion_confint(detected, len(found), method="wilson")
    unit = next(row.unit for row in estimands(plan.design) if row.exposure == plan.exposure)
    return {
        "design": plan.design,
        "exposure": plan.exposure,
        "unit": unit,
        "persons": plan.persons,
        "nights": plan.nights if plan.design == "diary" else None,
        "ratio": plan.ratio,
        "simulations": len(found),
        "fitted": len(fitted),
        "detected": detected / len(found),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "mean_ratio": round(exp(sum(log for log, _ in fitted) / len(fitted)), 4) if fitted else None,
    }


def _refuse(exposure: str, ratio: float, persons: int, simulations: int, jobs: int) -> None:
    faults = {
        f"no exposure {exposure!r}: choose from {', '.join(EXPOSURES)}": exposure not in EXPOSURES,
        f"a ratio of {ratio:g} cannot be simulated: choose one from 0.2 to 5": not 0.2 <= ratio <= 5,
        f"{persons} persons are too few to plan for: ask for at least {LEAST_PERSONS}": persons < LEAST_PERSONS,
        "nothing would be simulated: ask for at least one simulation and one job": min(simulations, jobs) < 1,
    }
    for message, wrong in faults.items():
        if wrong:
            raise HypnicError(message)
