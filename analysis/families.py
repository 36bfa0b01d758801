"""The families of regression: what each needs, allows, and which function fits it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hypnic.analysis.covariance import COVARIANCES
from hypnic.analysis.estimation import Estimation, Problem
from hypnic.analysis.fixedeffects import estimate_fe_poisson
from hypnic.analysis.fixedlinear import estimate_fe_linear
from hypnic.analysis.glm import estimate_binomial, estimate_cloglog, estimate_poisson, estimate_quasipoisson
from hypnic.analysis.intervalnb2 import estimate_interval_nb2
from hypnic.analysis.sample import OutcomeKind
from hypnic.errors import HypnicError

# The small-sample adjustments need leverages, which a likelihood that is no weighted least squares lacks.
_UNWHITENED = tuple(kind for kind in COVARIANCES if kind not in ("HC2", "HC3", "CR2", "CR3"))
# An intercept a person is conditioned away, and takes leverage with it that only whole persons can give back.
_WITHIN = ("model", "HC0", "CR0", "CR1S", "CR3", "design")


@dataclass(frozen=True)
class Family:
    """What one family needs and allows."""

    estimate: Callable[[Problem], Estimation]
    kind: OutcomeKind
    covariances: tuple[str, ...] = COVARIANCES
    rate: bool = True  # whether log(exposure) has a meaning as an offset
    grouped: bool = False  # one intercept a group, conditioned away


FAMILIES: Mapping[str, Family] = {
    "poisson": Family(estimate_poisson, "count"),
    "quasipoisson": Family(estimate_quasipoisson, "count"),
    "binomial": Family(estimate_binomial, "share", rate=False),
    "cloglog": Family(estimate_cloglog, "share"),
    "interval-nb2": Family(estimate_interval_nb2, "interval", covariances=_UNWHITENED),
    "fe-poisson": Family(
        estimate_fe_poisson,
        "count",
        covariances=_WITHIN,
        grouped=True,
    ),
    "fe-linear": Family(estimate_fe_linear, "number", covariances=_WITHIN, rate=False, grouped=True),
}
PLANNED = ("nb2", "zip", "zinb", "hurdle-poisson", "hurdle-nb2", "ordered", "gee-poisson")


def family_named(name: str) -> Family:
    """Look a family up; raises HypnicError, with the list, for one this version does not fit."""
    if name in FAMILIES:
        return FAMILIES[name]
    known = ", ".join(FAMILIES)
    if name in PLANNED:
        msg = f"family {name!r} is not fitted by this version, which fits {known}"
    else:
        msg = f"no family {name!r}: choose from {known}"
    raise HypnicError(msg)
