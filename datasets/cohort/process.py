"""The law of the synthetic cohort: how exposures multiply the rate of noticed jerks.

Nothing here is measured in people. The ratios are chosen near the planning numbers of the project, so
that a program that recovers them from the demo has been shown to work, and nothing else.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from math import log
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VERSION = "1"

#: One unit of each ratio in the unit of its column; exercise is a yes (diary) or minutes a day (survey).
DIARY_UNIT = {"caffeine": 100.0, "alcohol": 10.0, "stress": 2.0, "exercise": 1.0, "sleep_loss": 1.0}
SURVEY_UNIT = {**DIARY_UNIT, "exercise": 30.0}

#: A vigorous session lasts so long in the usual week, and so large a share of them ends late.
SESSION_MIN = 45.0
TYPICAL_LATE_SHARE = 0.35
#: Share of the day's caffeine that the typical person takes after 14:00.
TYPICAL_AFTERNOON_SHARE = 0.33


@dataclass(frozen=True)
class Violations:
    """What may go against the primary models, each switched off: the demo has none of it beyond its own process.

    >>> Violations().any
    False
    """

    feedback: float = 0.0
    """for each log(1 + jerks) of last night: a point of stress, 40 mg less late coffee, 0.15 more chance of a drink"""
    persistence: float = 0.0
    """log ratio of tonight's rate for each log(1 + jerks) of last night"""
    slow: float = 0.0
    """sd of a cause nobody asks about that lasts for some nights: in tonight's log rate, and twice that in stress"""
    missing: float = 1.0
    """times as strongly as in the demo that jerks and stress leave the next night empty"""
    noticing: float = 1.0
    """times as many jerks noticed with somebody near, who is near more often after drink and late exercise"""
    misreport: float = 0.0
    """sd of the log of a told dose of caffeine or alcohol about the true one"""

    @property
    def any(self) -> bool:
        """Tell whether anything is switched on."""
        return self != Violations()


@dataclass(frozen=True)
class Process:
    """Rate ratios and shape of the synthetic process; the defaults make the demo.

    >>> Process().stress
    1.16
    """

    caffeine_after_14: float = 1.12
    """per 100 mg after 14:00"""
    caffeine_before_14: float = 1.03
    """per 100 mg up to 14:00"""
    alcohol: float = 1.05
    """per 10 g ethanol, in the typical person"""
    alcohol_log_sd: float = 0.15
    """standard deviation over people of the log ratio per 10 g"""
    stress: float = 1.16
    """per 2 points of 0-10"""
    late_exercise: float = 1.15
    """vigorous exercise that ended at most 2 h before bed, against any other evening"""
    sleep_loss: float = 1.10
    """per hour of sleep lost the night before"""
    never: float = 0.15
    """share of people who never jerk, whatever they do"""
    noise_size: float = 2.0
    """gamma size of the nightly noise: the variance of a night's rate is its square over this"""
    rate: float = 0.24
    """noticed jerks a night of the typical person who has them, at stress 4 and half an hour of sleep loss"""
    violations: Violations = Violations()

    def parameters(self) -> dict[str, Any]:
        """Every parameter by its name; violations only where any is switched on."""
        named = asdict(self)
        return named if self.violations.any else {name: named[name] for name in named if name != "violations"}


@dataclass(frozen=True)
class Exposures:
    """What acts on one night (or on a usual night), as written in the table: arrays of one length."""

    caffeine_after_14: Floats
    caffeine_before_14: Floats
    alcohol: Floats
    stress: Floats
    late_exercise: Floats
    sleep_loss: Floats


def jerk_rate(process: Process, base: Floats, alcohol_slope: Floats, exposures: Exposures) -> Floats:
    """Return the expected noticed jerks of the night: log-linear in every exposure.

    `base` is the person's log rate at no caffeine, no alcohol, stress 4 and half an hour of sleep loss
    (minus infinity: never jerks); `alcohol_slope` the person's log ratio per 10 g.
    """
    at = exposures
    return np.exp(
        base
        + log(process.caffeine_after_14) * at.caffeine_after_14 / 100
        + log(process.caffeine_before_14) * at.caffeine_before_14 / 100
        + alcohol_slope * at.alcohol / 10
        + log(process.stress) * (at.stress - 4) / 2
        + log(process.late_exercise) * at.late_exercise
        + log(process.sleep_loss) * (at.sleep_loss - 0.5)
    )


def direct_ratios(process: Process) -> dict[str, dict[str, float]]:
    """Structural rate ratios per unit, by design and exposure, in the typical person."""
    diary = {
        "caffeine": process.caffeine_after_14,
        "alcohol": process.alcohol,
        "stress": process.stress,
        "exercise": process.late_exercise,
        "sleep_loss": process.sleep_loss,
    }
    afternoon = TYPICAL_AFTERNOON_SHARE
    survey = diary | {
        "caffeine": process.caffeine_after_14**afternoon * process.caffeine_before_14 ** (1 - afternoon),
        "exercise": process.late_exercise ** (TYPICAL_LATE_SHARE * SURVEY_UNIT["exercise"] / SESSION_MIN),
    }
    return {"diary": diary, "survey": survey}


#: The coefficients of each exposure, and those of what follows from it: the same night, or in the usual week.
_CAFFEINE = ("caffeine_after_14", "caffeine_before_14")
_ALCOHOL = ("alcohol", "alcohol_log_sd")
FOLLOWS = {
    "diary": {"stress": (*_CAFFEINE, *_ALCOHOL, "late_exercise"), "sleep_loss": (*_CAFFEINE, "late_exercise")},
    "survey": {"stress": ("sleep_loss", *_CAFFEINE, *_ALCOHOL, "late_exercise"), "sleep_loss": _CAFFEINE},
}
_NOTHING = {"alcohol_log_sd": 0.0}  # every other coefficient is a ratio


def with_total(process: Process, design: Literal["diary", "survey"], exposure: str, ratio: float) -> Process:
    """Return a process in which one exposure's total ratio per unit is `ratio`, in everybody alike.

    What follows from the exposure is left without an effect of its own, so that the ratio has one meaning, and 1
    means that the exposure has no effect at all. The other exposures act as they did.

    >>> with_total(Process(), "diary", "sleep_loss", 1.2).sleep_loss
    1.2
    >>> direct_ratios(with_total(Process(), "survey", "exercise", 1.2))["survey"]["exercise"]
    1.2
    """
    survey = design == "survey"
    late_sessions = TYPICAL_LATE_SHARE * SURVEY_UNIT["exercise"] / SESSION_MIN  # a night, in one unit of the survey
    changed: dict[str, dict[str, Any]] = {
        "caffeine": {"caffeine_after_14": ratio} | ({"caffeine_before_14": ratio} if survey else {}),
        "alcohol": {"alcohol": ratio, "alcohol_log_sd": 0.0},
        "exercise": {"late_exercise": ratio ** (1 / late_sessions) if survey else ratio},
    }
    own = changed.get(exposure, {exposure: ratio})
    idle: dict[str, Any] = {name: _NOTHING.get(name, 1.0) for name in FOLLOWS[design].get(exposure, ())}
    return replace(process, **own, **idle)


def any_jerk(process: Process, rate: Floats) -> Floats:
    """Probability of at least one jerk in a night of that rate, the gamma noise averaged over."""
    size = process.noise_size
    return 1 - (1 + rate / size) ** -size
