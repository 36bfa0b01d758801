"""What is believed of each parameter before any answer is seen: sds of normal and half-normal priors, in one place."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.bayes.arrays import Array

# Half-normal, as these are zero or more; the others are normal about zero.
SPREADS = frozenset({"spread_level", "spread_slope", "noise"})


@dataclass(frozen=True)
class Priors:
    """The sd of each prior; those of what is zero or more are half-normal.

    `level` is the log of the typical person's count in an average night. 2 lets it be anywhere from 1 in 50 nights to
    50 a night. `slope` is the mean log ratio for a unit of the dose: with 0.5, 95 of 100 ratios lie between 0.38 and
    2.7, and none is favoured over its inverse. `others` are the log ratios for an sd of each other column.
    `spread_level` and `spread_slope` are the sds of persons' levels and slopes. `noise` is the coefficient of variation
    of a person's own expected count from night to night: the root of the alpha of NB2.
    """

    level: float = 2.0
    slope: float = 0.5
    others: float = 0.5
    spread_level: float = 1.0
    spread_slope: float = 0.5
    noise: float = 1.0

    def wider(self, times: float) -> Priors:
        """Give the same priors with larger sds.

        >>> Priors().wider(2).slope
        1.0
        """
        return Priors(*(times * sd for sd in astuple(self)))

    def log_density(self, draws: Mapping[str, Array]) -> Array:
        """Give the log density (chains, draws) of draws by name, up to a constant that the sds do not change.

        Those of `others` have an axis for their columns.
        """
        found = []
        for name, values in draws.items():
            sd = getattr(self, name if hasattr(self, name) else "others")
            terms = -((values / sd) ** 2) / 2 - np.log(sd)
            found.append(terms if terms.ndim == 2 else terms.sum(axis=-1))
        return np.asarray(np.sum(found, axis=0))


PRIORS = Priors()
