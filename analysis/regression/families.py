"""The families of regression: what each needs, allows, and which function fits it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from hypnic.analysis.regression.betabinomial import estimate_beta_binomial
from hypnic.analysis.regression.biasreduced import estimate_reduced_binomial, estimate_reduced_cloglog
from hypnic.analysis.regression.conditional import estimate_fe_linear, estimate_fe_logit, estimate_fe_poisson
from hypnic.analysis.regression.counts import (
    estimate_hurdle_nb2,
    estimate_hurdle_poisson,
    estimate_nb2,
    estimate_zinb,
    estimate_zip,
)
from hypnic.analysis.regression.covariance import COVARIANCES
from hypnic.analysis.regression.gee import estimate_gee_poisson
from hypnic.analysis.regression.glm import estimate_binomial, estimate_cloglog, estimate_poisson, estimate_quasipoisson
from hypnic.analysis.regression.interval import estimate_interval_nb2, estimate_truncated_nb2
from hypnic.analysis.regression.ordered import estimate_ordered
from hypnic.analysis.regression.outcomes import OutcomeKind
from hypnic.analysis.regression.problem import Estimation, Problem
from hypnic.errors import HypnicError

# The small-sample adjustments need leverages, which a likelihood that is no weighted least squares lacks.
_UNWHITENED = tuple(kind for kind in COVARIANCES if kind not in ("HC2", "HC3", "CR2", "CR3"))
# Rows of one group are not independent, and share what conditioning or their correlation takes from them.
_BY_GROUP = ("model", "CR0", "CR1S", "CR3", "design")


@dataclass(frozen=True)
class Family:
    """What one family needs and allows."""

    estimate: Callable[[Problem], Estimation]
    kind: OutcomeKind
    covariances: tuple[str, ...] = COVARIANCES
    rate: bool = True  # whether log(exposure) has a meaning as an offset
    groups: Literal["conditioned", "correlated"] | None = None  # one intercept each, conditioned away; or dependent
    whole_groups: bool = False  # a group's rows share one score, so also a weight, a cluster and a PSU
    ceiling: bool = False  # whether counts have a largest value, which `maximum` names
    zero: Literal["inflated", "hurdle"] | None = None
    first: Callable[[Problem], Estimation] | None = None  # a fit that must be finite before this one is tried
    reduced: Callable[[Problem], Estimation] | None = None  # the same fit, bias-reduced
    bears_separation: bool = False

    def bias_reduced(self, covariance: str) -> "Family":
        """Return the bias-reduced fit of this family.

        It is finite under separation, but a sandwich is not to be trusted there: the residuals of rows that are all
        alike say nothing of how they would have varied. So any covariance but "model" needs the plain fit to exist.
        """
        assert self.reduced is not None  # noqa: S101
        first = None if covariance == "model" else self.estimate
        return replace(self, estimate=self.reduced, first=first, bears_separation=True)


FAMILIES: Mapping[str, Family] = {
    "poisson": Family(estimate_poisson, "count"),
    "quasipoisson": Family(estimate_quasipoisson, "count"),
    "nb2": Family(estimate_nb2, "whole"),
    "zip": Family(estimate_zip, "whole", _UNWHITENED, zero="inflated"),
    "zinb": Family(estimate_zinb, "whole", _UNWHITENED, zero="inflated"),
    "hurdle-poisson": Family(estimate_hurdle_poisson, "whole", _UNWHITENED, zero="hurdle"),
    "hurdle-nb2": Family(estimate_hurdle_nb2, "whole", _UNWHITENED, zero="hurdle"),
    "binomial": Family(estimate_binomial, "share", rate=False, reduced=estimate_reduced_binomial),
    "cloglog": Family(estimate_cloglog, "share", reduced=estimate_reduced_cloglog),
    "interval-nb2": Family(estimate_interval_nb2, "interval", _UNWHITENED),
    "truncated-nb2": Family(estimate_truncated_nb2, "interval", _UNWHITENED, ceiling=True),
    "beta-binomial": Family(estimate_beta_binomial, "interval", _UNWHITENED, ceiling=True),
    "ordered": Family(estimate_ordered, "ordered", _UNWHITENED, rate=False),
    "gee-poisson": Family(
        estimate_gee_poisson, "count", _BY_GROUP, groups="correlated", whole_groups=True, first=estimate_poisson
    ),
    "fe-logit": Family(
        estimate_fe_logit,
        "share",
        tuple(kind for kind in _BY_GROUP if kind != "CR3"),
        rate=False,
        groups="conditioned",
        whole_groups=True,
    ),
    "fe-poisson": Family(estimate_fe_poisson, "count", ("HC0", *_BY_GROUP), groups="conditioned"),
    "fe-linear": Family(estimate_fe_linear, "number", ("HC0", *_BY_GROUP), rate=False, groups="conditioned"),
}


def family_named(name: str) -> Family:
    """Look a family up; raises HypnicError, with the list, for one that `fit` does not know."""
    if name in FAMILIES:
        return FAMILIES[name]
    msg = f"no family {name!r}: choose from {', '.join(FAMILIES)}"
    raise HypnicError(msg)
