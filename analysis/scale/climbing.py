"""Newton's method on sums: a likelihood whose value, slope and curvature are added up over parts of the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hypnic.analysis.regression.problem import Array

# The squared distance to the maximum, in standard errors, below which the next point is the maximum: Newton's method
# squares it at each step, and rounding rules from there.
NEAR = 1e-12


@dataclass(frozen=True, eq=False)
class Sums:
    """What parts of the rows add up to at one value of the coefficients (p,)."""

    loglik: float
    gradient: Array  # (p,)
    information: Array  # (p, p), expected
    observed: Array  # (p, p)

    @classmethod
    def nothing(cls, p: int) -> Sums:
        """Start from no rows."""
        return cls(0.0, np.zeros(p), np.zeros((p, p)), np.zeros((p, p)))

    def scaled(self, unit: Array) -> Sums:
        """Give the same for coefficients of columns that were multiplied by `unit` (p,)."""
        units = np.outer(unit, unit)
        return Sums(self.loglik, self.gradient * unit, self.information * units, self.observed * units)

    def __add__(self, other: Sums) -> Sums:
        """Add the sums of another part."""
        return Sums(
            self.loglik + other.loglik,
            self.gradient + other.gradient,
            self.information + other.information,
            self.observed + other.observed,
        )


def climb(
    at: Callable[[Array], Sums], start: Array, passes: int = 100, near: float = NEAR, *, first: Sums | None = None
) -> tuple[Array, int]:  # fmt: skip
    """Climb from `start`, where the sums are `first` if known, to a maximum; and say how often they were taken.

    A step that does not climb is halved. Where there is no maximum, or no curvature, the last point is given: whoever
    asks looks at its score. `near` is the squared distance from which one more step is enough.
    """
    params, here, taken = start, first or at(start), 1
    while taken < passes and np.isfinite(here.loglik):
        step = step_from(here)
        if step is None:
            break
        distance = float(here.gradient @ step)
        if distance < near:
            return params + step, taken
        for halving in range(30):
            trial, taken = at(params + step / 2**halving), taken + 1
            if trial.loglik >= here.loglik - 1e-12 * abs(here.loglik):
                break
        else:
            break
        params, here = params + step / 2**halving, trial
    return params, taken


def step_from(here: Sums) -> Array | None:
    """Give Newton's step; Fisher's where the likelihood is not concave; none where it is flat."""
    for curvature in (here.observed, here.information):
        try:
            np.linalg.cholesky(curvature)
            return np.asarray(np.linalg.solve(curvature, here.gradient))
        except np.linalg.LinAlgError:
            continue
    return None
