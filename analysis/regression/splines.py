"""Restricted cubic splines: the columns that let a slope bend at given knots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.problem import Array


def restricted_cubic(dose: Array, knots: Sequence[float]) -> Array:
    """Expand doses (n,) into the columns (n, k - 1) of a cubic spline that is straight beyond its k outer knots.

    The first column is the dose; the others, zero up to their knot, bend it. Source: Harrell 2015, Regression
    Modeling Strategies, 2.4.5; the columns are those of `rms::rcs`, divided by the squared distance of the outer
    knots so that all have the dose's unit.

    >>> restricted_cubic(np.array([0.0, 2.0, 4.0]), [1, 2, 3])
    array([[0.  , 0.  ],
           [2.  , 0.25],
           [4.  , 3.  ]])
    """
    at = np.asarray(knots, dtype=np.float64)
    cubes = np.maximum(dose[:, None] - at, 0) ** 3 / (at[-1] - at[0]) ** 2
    last = at[-1] - at[-2]
    bends = cubes[:, :-2] + (cubes[:, -1:] * (at[-2] - at[:-2]) - cubes[:, -2:-1] * (at[-1] - at[:-2])) / last
    return np.column_stack([dose, bends])
