"""A joint test of several coefficients when clusters are few: the approximate Hotelling T-squared test.

With few clusters a Wald statistic against chi-square, or against F with one guessed denominator, rejects too often.
Pustejovsky & Tipton (2018, J Bus Econ Stat 36:672) take the estimated covariance of the tested combinations for a
Wishart matrix, whose degrees of freedom Zhang (2012, J Stat Plan Infer 142:2867) matches to the total variance of its
entries. Equal to `clubSandwich::Wald_test(test = "HTZ")`.

It is made for CR2, which the fit's own variance function makes unbiased. Under CR3 (within persons, where CR2 is not
there) the same moments are taken with CR3's multipliers; CR3 is on the large side, so the test keeps its level with
some power lost. Persons' own intercepts need no columns: what conditioning leaves of a row has mean zero in a person,
so a cluster that is one or more whole persons has the same covariance with and without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import fdtrc

from hypnic.analysis.regression.covariance import adjusted_rows
from hypnic.analysis.regression.problem import group_sums
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.problem import Array, Codes, Estimation


class Hotelling(NamedTuple):
    """An F statistic for `df` combinations of coefficients; `delta` is what shrank the Wald statistic over `df`."""

    statistic: float
    df: int
    df_residual: float
    p_value: float
    delta: float

    @property
    def law(self) -> str:
        """Name the distribution that the statistic was compared with."""
        return f"Hotelling, F, {self.df} and {self.df_residual:.3g} df"


def combinations_of(fitted: Fit, terms: Sequence[str], others: Sequence[str] = ()) -> Array:
    """Give the combinations (m, p) that pick the coefficients of `terms`, less those of `others` in the same place.

    Raises HypnicError for a term the fit does not have.
    """
    if absent := [term for term in (*terms, *others) if term not in fitted.names]:
        message = f"the fit has no term {absent[0]!r}: its terms are {', '.join(fitted.names)}"
        raise HypnicError(message)
    names = np.array(fitted.names)
    picked = (names == np.array(terms)[:, None]).astype(np.float64)
    return np.asarray(picked - (names == np.array(others)[:, None])) if others else picked


def joint_test(fitted: Fit, terms: Sequence[str], others: Sequence[str] = ()) -> Hotelling:
    """Test that the coefficients of `terms` are all zero, or each equal to that of `others` in the same place.

    Raises HypnicError for a term the fit does not have, for a covariance other than CR2 and CR3, and where the
    clusters are too few for so many coefficients.

    >>> import polars as pl
    >>> from hypnic.analysis import fit
    >>> rows = {"y": [0, 2, 1, 3, 0, 1, 2, 4, 1, 0, 3, 1], "x": [0, 1, 2] * 4, "z": [1, 0, 0, 1] * 3}
    >>> frame = pl.DataFrame(rows | {"pid": [person for person in range(6) for _ in range(2)]})
    >>> found = joint_test(fit(frame, "y", ["x", "z"], "poisson", cluster="pid", covariance="CR2"), ["x", "z"])
    >>> found.df, 0 < found.p_value < 1
    (2, True)
    """
    if fitted.joint is None:
        message = "a joint test over few clusters needs covariance='CR2' or, within persons, 'CR3'"
        raise HypnicError(message)
    apart = combinations_of(fitted, terms, others)
    freedom = fitted.joint(apart)
    size, left = len(apart), freedom - len(apart) + 1
    if left <= 0:
        message = f"the clusters leave {freedom:.3g} degrees of freedom, too few to test {size} coefficients together"
        raise HypnicError(message, reason="few_clusters")
    params = apart @ fitted.params
    wald = float(params @ np.linalg.solve(apart @ fitted.vcov @ apart.T, params))
    delta = left / freedom
    statistic = delta * wald / size
    return Hotelling(statistic, size, left, float(fdtrc(size, left, statistic)), delta)


def wishart_freedom(kind: str, estimation: Estimation, cluster: Codes, combinations: Array) -> float:
    """Return the degrees of freedom of the covariance of `combinations` (m, p), taken for a Wishart matrix.

    `kind` is CR2 or CR3, `cluster` holds 0-based codes (n,). For one combination they are Satterthwaite's, as
    `covariance.degrees_of_freedom` gives them.
    """
    rows = estimation.whitened
    assert rows is not None  # noqa: S101
    p, size, tested = rows.shape[1], int(cluster.max()) + 1, len(combinations)
    bread: Array = np.asarray(np.linalg.inv(estimation.information)[:p, :p], dtype=np.float64)
    weights = adjusted_rows(kind, estimation, bread, cluster) @ bread @ combinations.T
    # A cluster's share of the combinations varies by `own` less what fitting takes, and two clusters' shares by that.
    own = _products(weights, weights, cluster, size)
    shares = _products(weights, rows, cluster, size)
    taken = shares @ bread @ shares.swapaxes(1, 2)
    values, vectors = np.linalg.eigh((own - taken).sum(axis=0))
    root = (vectors / np.sqrt(values)) @ vectors.T
    own, shares, taken = root @ own @ root, root @ shares, root @ taken @ root
    # The squares of all pairs' traces, and the traces of their squares, as products of sums over clusters: every pair
    # as if of two clusters, then a cluster with itself.
    one, other = (rows.reshape(size, -1) for rows in (shares @ bread, shares))
    left, right = ((rows.T @ rows).reshape(tested, p, tested, p) for rows in (one, other))
    pairs = float((left * right).sum() + np.einsum("apbq,bpaq->", left, right))
    alone = _squares(own - taken) - _squares(taken)
    return tested * (tested + 1) / (pairs + alone)


def _squares(matrices: Array) -> float:
    """Sum the squared traces of matrices (size, m, m) and the traces of their squares."""
    traces = np.trace(matrices, axis1=1, axis2=2)
    return float((traces**2).sum() + (matrices * matrices.swapaxes(1, 2)).sum())


def _products(one: Array, other: Array, cluster: Codes, size: int) -> Array:
    """Sum the outer products of two sets of rows by cluster: (size, columns of one, columns of the other)."""
    outer = (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)
    return group_sums(outer, cluster, size).reshape(size, one.shape[1], other.shape[1])
