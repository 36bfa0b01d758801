"""What is to be fitted, as every route reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypnic.analysis.scale.links import LINKS

if TYPE_CHECKING:
    from hypnic.analysis.regression.families import Family
    from hypnic.analysis.regression.roles import Roles

# Errors by cluster that a pass over the rows adds up once the estimate is known, and the families whose rows' scores
# are a formula: all others keep the cluster in the grouping.
PASSED = ("CR0", "CR1S", "CR3")


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be fitted: see `fit`."""

    family: str
    entry: Family
    roles: Roles
    covariance: str

    @property
    def linear(self) -> bool:
        """Tell whether it is a generalised linear model, whose score is linear in the outcome."""
        return self.family in LINKS

    @property
    def passed(self) -> bool:
        """Tell whether its clusters are added up in a pass of their own, so that patterns need not tell them apart."""
        return self.covariance in PASSED and (self.linear or self.family == "nb2")

    @property
    def in_grouping(self) -> bool:
        """Tell whether the grouping must tell clusters apart."""
        return self.roles.cluster is not None and not self.passed
