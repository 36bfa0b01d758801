"""What every estimator is given and what it hands back, so that covariances are written once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

# A maximum is where the largest |score|, in units of its own standard deviation, is below this.
SCORE_TOLERANCE = 1e-6
NARROW = 8  # columns


@dataclass(frozen=True, eq=False)
class Problem:
    """Numbers ready to be fitted: n rows, p coefficients, columns centred and scaled."""

    matrix: Array  # (n, p), the intercept first where the family has one
    outcome: Array  # (n,) counts, or (n, 2): successes and trials, or lowest and highest count
    offset: Array  # (n,) log exposure
    weights: Array  # (n,) mean 1
    groups: Codes | None = None  # (n,) 0-based
    ceiling: Array | None = None  # (n,) the largest count there can be
    zero: Array | None = None  # (n, z), the zero part's columns, its intercept first
    start: Array | None = None  # (p,) coefficients of a maximum that is near, where one is known


@dataclass(frozen=True, eq=False)
class Estimation:
    """A maximum of a (quasi-)likelihood, in the coordinates of the problem's matrix.

    The q parameters are the p coefficients followed by those named in `extra` (a dispersion, for one). Where
    `information` is the expected one and the observed differs, `observed` is what "model" errors invert.
    """

    params: Array  # (q,)
    scores: Array  # (n, q), weights included; their sum and `adjustment` are zero at the maximum
    information: Array  # (q, q), expected for GLMs, observed otherwise
    fitted: Array  # (n,) means
    optimizer: str
    loglik: float | None = None
    scale: float = 1.0
    observed: Array | None = None  # (q, q)
    whitened: Array | None = None  # (n, p) rows whose cross-product is the coefficients' information: leverages
    variance: Array | None = None  # (n,) of each response, as a GLM supposes it up to its scale
    extra: tuple[str, ...] = ()
    info: Mapping[str, float] = field(default_factory=dict)  # what the family alone can tell
    adjustment: Array | float = 0.0  # (q,) what bias reduction adds to the sum of the scores

    @property
    def score_max(self) -> float:
        """Return the largest score, in units of its own standard deviation: 0 where the equations are solved."""
        with np.errstate(invalid="ignore", divide="ignore"):
            score = (self.scores.sum(axis=0) + self.adjustment) / np.sqrt(np.diag(self.information))
        return float(np.abs(score).max(initial=0.0))


def group_sums(values: Array, codes: Codes, size: int) -> Array:
    """Sum the rows of `values` (n, q) by 0-based code into (size, q).

    >>> group_sums(np.array([[1.0], [2.0], [4.0]]), np.array([0, 1, 0]), 2)
    array([[5.],
           [2.]])
    """
    count = len(codes)
    if 0 < values.shape[1] <= NARROW:  # a sparse matrix takes longer to make than to use
        return np.column_stack([np.bincount(codes, column, size) for column in values.T])
    return np.asarray(csc_array((np.ones(count), codes, np.arange(count + 1)), shape=(size, count)) @ values)


def cluster_information(rows: Array, cluster: Codes, size: int) -> Array:
    """Give each cluster's share (size, p, p) of the information that whitened rows (n, p) add up to."""
    found = np.empty((size, rows.shape[1], rows.shape[1]))
    for one, members in zip(found, by_cluster(rows, cluster, size), strict=True):
        np.dot(members.T, members, out=one)
    return found


def by_cluster(rows: Array, cluster: Codes, size: int) -> list[Array]:
    """Lay rows out by cluster, in their order."""
    ends = [0, *np.cumsum(np.bincount(cluster, minlength=size)).tolist()]
    laid = rows[np.argsort(cluster, kind="stable")]
    return [laid[start:end] for start, end in pairwise(ends)]
