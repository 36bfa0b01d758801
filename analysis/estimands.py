"""The frozen table of estimands: for each design and exposure, what is compared and what is adjusted for.

Each exposure has a model of its own: five coefficients of one regression would be five different estimands
(Westreich & Greenland 2013, "The table 2 fallacy"). The adjustment sets follow from the directed graph in which
stress leads to caffeine, alcohol and short sleep, short sleep to caffeine, and all of them to jerks.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

Design = Literal["diary", "survey"]
Study = Literal["diary", "survey", "nhanes"]
EXPOSURES = ("caffeine", "alcohol", "stress", "exercise", "sleep_loss")


@dataclass(frozen=True)
class Estimand:
    """One effect: `exposure` in steps of `step`, in the table column `column`, over the window `window`.

    `effect` is total unless the row says otherwise; `adjustment` are columns of the tidy table; `by` names a 0/1
    split within which the exposure has its own coefficient (the headline is then the mean of their logs).
    """

    table: Study
    exposure: str
    column: str
    step: float
    unit: str
    window: str
    adjustment: tuple[str, ...]
    outcome: str
    family: str
    covariance: str
    role: Literal["primary", "secondary", "sensitivity", "exploratory"] = "primary"
    effect: Literal["total", "direct"] = "total"
    by: str | None = None
    weights: str | None = None

    @property
    def design(self) -> Design:
        """How the answers came: NHANES is a survey."""
        return "diary" if self.table == "diary" else "survey"


def _diary(exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str) -> Estimand:
    return Estimand(
        "diary", exposure, column, step, unit, window, adjustment, "jerk_count", "fe-poisson", "CR3"
    )  # fmt: skip


def _survey(exposure: str, column: str, step: float, unit: str, *adjustment: str, role: str = "primary") -> Estimand:
    return Estimand(
        "survey", exposure, column, step, unit, "a usual day of the last 30", (*PERSON, *adjustment),
        "jerk_nights_30d", "cloglog", "HC3", role,  # type: ignore[arg-type]
    )  # fmt: skip


def _nhanes(
    exposure: str, column: str, step: float, unit: str, window: str, *adjustment: str, **facts: str
) -> Estimand:
    weights = facts.pop("weights", "weight_exam")
    return Estimand(
        "nhanes", exposure, column, step, unit, window, (*POPULATION, *adjustment), "leg_jerks", "interval-nb2",
        "design", weights=weights, **facts,  # type: ignore[arg-type]
    )  # fmt: skip


# What may lead both to habits and to jerks, as far as each form asks for it.
PERSON = ("age_band", "sex_at_birth", "shift_pattern", "any_nicotine", "ssri_snri", "stimulant", "rls_probable")
POPULATION = (
    "age", "age_squared", "sex", "race_ethnicity", "education", "income_ratio", "bmi", "smoking", "cycle",
)  # fmt: skip
LATE = "ended 2 h or less before bed, vs not"
DAY, TONIGHT = "next_day_free", "sleep_loss_prev_h"

ESTIMANDS: tuple[Estimand, ...] = (
    _diary("caffeine", "caffeine_after_14_mg", 100, "100 mg", "14:00 to bed", "stress_0_10", TONIGHT, "alcohol_g",
           "late_vigorous_exercise", "caffeine_before_14_mg", DAY),
    _diary("alcohol", "alcohol_g", 10, "10 g ethanol", "waking to bed", "stress_0_10", TONIGHT,
           "caffeine_after_14_mg", "caffeine_before_14_mg", DAY),
    _diary("stress", "stress_0_10", 2, "2 points of 0-10", "the day, rated before bed", TONIGHT, DAY),
    _diary("exercise", "late_vigorous_exercise", 1, f"vigorous, {LATE}", "2 h before bed", "stress_0_10", TONIGHT, DAY),
    _diary("sleep_loss", "sleep_loss_prev_h", 1, "1 h", "the night before", "stress_prev", "caffeine_prev_mg",
           "alcohol_prev_g", DAY),
    _survey("caffeine", "caffeine_usual_mg", 100, "100 mg a day", "stress_usual_0_10"),
    _survey("alcohol", "alcohol_usual_g_day", 10, "10 g ethanol a day", "stress_usual_0_10", "caffeine_usual_mg"),
    _survey("stress", "stress_usual_0_10", 2, "2 points of 0-10"),
    _survey("exercise", "exercise_vigorous_min_day", 30, "30 min vigorous a day", "stress_usual_0_10"),
    _survey("sleep_loss", "sleep_loss_usual_h", 1, "1 h", "stress_usual_0_10", "caffeine_usual_mg",
            "alcohol_usual_g_day"),
    # Short sleep leads to coffee and coffee to short sleep: the two survey estimates bracket caffeine's.
    _survey("caffeine", "caffeine_usual_mg", 100, "100 mg a day", "stress_usual_0_10", "sleep_loss_usual_h",
            role="sensitivity"),
    _nhanes("caffeine", "caffeine_mg", 100, "100 mg a day", "one or two recalled days", "distress",
            weights="weight_diet1"),
    _nhanes("alcohol", "alcohol_g_day", 10, "10 g ethanol a day", "the past 12 months", "distress", "caffeine_mg",
            weights="weight_diet1"),
    _nhanes("stress", "distress", 5, "5 points of distress (PHQ-9 without its sleep item)", "the past 2 weeks"),
    _nhanes("exercise", "exercise", 1, "any vigorous activity vs none, mean of the two cycles", "the past 30 days or a"
            " usual week", "distress", by="cycle"),
    _nhanes("sleep_loss", "sleep_loss_h", 1, "1 h less usual sleep", "usual weekdays", "distress", "caffeine_mg",
            "alcohol_g_day", weights="weight_diet1"),
)  # fmt: skip

# The specification that was agreed before any real answer was analysed; a report under another one is exploratory.
FROZEN = "1a25666a9dd3063a74e9c999e3471d1cfeb8b9a20ac8a071f1c1be301f9fe44e"


def specification_hash() -> str:
    """Give the sha256 of the table above, in a canonical form."""
    canonical = json.dumps([asdict(row) for row in ESTIMANDS], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def estimands(table: Study) -> tuple[Estimand, ...]:
    """Give the rows of one table (`diary`, `survey` or `nhanes`), in the order of the report.

    >>> [row.exposure for row in estimands("diary")]
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']
    """
    return tuple(row for row in ESTIMANDS if row.table == table)
