"""Errors by cluster from what each cluster adds up to: its score, and its share of the information.

Every sandwich by cluster but CR2 needs no more of a cluster's rows than these sums, so clusters may be added up in one
pass over rows in any order, in parts, on several machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.regression.covariance import covariance
from hypnic.analysis.regression.hotelling import wishart_freedom
from hypnic.analysis.regression.problem import Estimation, group_sums
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.regression.problem import Array, Codes

# Partial sums that are kept before they are added up: so many, or as many again as there are clusters so far, so that
# many clusters are not gone through once a batch.
_MOST = 500_000
_ALONE = 1e10


@dataclass(frozen=True, eq=False)
class Clusters:
    """Sums of G clusters: `scores` (G, q), of which the first p are of coefficients, and `upper` of their information.

    `upper` (G, p (p + 1) / 2) are the upper triangles of the clusters' shares of the coefficients' information, where
    they were asked for: None where the errors need none. `rows` counts all rows.
    """

    scores: Array
    upper: Array | None
    rows: int
    coefficients: int

    @cached_property
    def shares(self) -> Array:
        """Give each cluster's share of the information (G, p, p)."""
        assert self.upper is not None  # noqa: S101
        p = self.coefficients
        found = np.empty((len(self.scores), p, p))
        one, other = np.triu_indices(p)
        found[:, one, other] = found[:, other, one] = self.upper
        return found

    def covariance(self, kind: str, information: Array) -> Array:
        """Give the (q, q) covariance CR0, CR1S or CR3 of coefficients whose information is (q, q)."""
        size, p = len(self.scores), self.coefficients
        if size == 1:
            message = f"covariance {kind} needs at least two clusters"
            raise HypnicError(message, reason="few_clusters")
        bread = _inverse(information)
        scores = self.scores
        if kind == "CR3" and not np.isnan(bread).any():
            scores = scores.copy()
            scores[:, :p] = np.linalg.solve(self._left(bread), scores[:, :p, None])[:, :, 0]
        factor = size / (size - 1) * (self.rows - 1) / (self.rows - p) if kind == "CR1S" else 1.0
        return np.asarray(bread @ (scores.T @ scores * factor) @ bread)

    def _left(self, bread: Array) -> Array:
        """Give I - M B of each cluster, its information M and the bread B."""
        p = self.coefficients
        left = np.eye(p) - self.shares @ bread[:p, :p]
        # The condition in the 1-norm is at least a pth of that in the 2-norm, and much cheaper.
        if not (np.linalg.cond(left, 1) < _ALONE / p).all() and (np.linalg.cond(left) > _ALONE).any():
            message = "a single cluster fixes a coefficient by itself: use covariance CR1S, or leave its term out"
            raise HypnicError(message, reason="leverage")
        return left

    def freedom(self, information: Array, combinations: Array) -> Array:
        """Give CR3's degrees of freedom of combinations (m, p): see `covariance.degrees_of_freedom`."""
        p = self.coefficients
        bread = _inverse(information)[:p, :p]
        right = np.linalg.inv(self._left(bread).swapaxes(1, 2)) @ bread
        found = []
        for combination in combinations:
            weights = right @ combination
            shares = np.einsum("gij,gj->gi", self.shares, weights)
            own = np.einsum("gi,gi->g", weights, shares)
            fitted = np.einsum("gi,gi->g", shares @ bread, shares)
            between = bread @ shares.T @ shares
            half_variance = (own**2).sum() - 2 * (own * fitted).sum() + np.trace(between @ between)
            found.append((own.sum() - fitted.sum()) ** 2 / half_variance)
        return np.array(found)

    def joint(self, information: Array, combinations: Array) -> float:
        """Give the degrees of freedom of a joint test: see `hotelling.wishart_freedom`, which reads rows.

        It reads their cross-products alone, so a cluster may be p rows that have the same.
        """
        size, p = len(self.scores), self.coefficients
        values, vectors = np.linalg.eigh(self.shares)
        rows = (np.sqrt(np.maximum(values, 0.0))[:, :, None] * vectors.swapaxes(1, 2)).reshape(-1, p)
        like = Estimation(np.zeros(p), rows, information[:p, :p], rows[:, 0], "", whitened=rows)
        return wishart_freedom("CR3", like, np.repeat(np.arange(size), p), combinations)


def _inverse(information: Array) -> Array:
    """Invert as `covariance` does, with NaN where the information is singular."""
    p = len(information)
    return covariance("model", Estimation(np.zeros(p), np.zeros((1, p)), information, np.zeros(1), ""))


@dataclass
class Adding:
    """Adds up rows by the label of their cluster, part by part."""

    coefficients: int
    shares: bool

    def __post_init__(self) -> None:
        """Start with nothing."""
        self.labels: list[pl.Series] = []
        self.sums: list[Array] = []
        self.rows = self.held = self.apart = 0

    def put(self, labels: pl.Series, sums: Array, rows: int) -> None:
        """Add sums of labels (g,), which stand for so many rows."""
        self.labels.append(labels)
        self.sums.append(sums)
        self.rows += rows
        self.held += len(labels)
        if self.held > max(_MOST, 2 * self.apart):
            self._join()

    def _join(self) -> None:
        labels, sums = _by_label(pl.concat(self.labels), np.concatenate(self.sums))
        self.labels, self.sums = [labels], [sums]
        self.held = self.apart = len(labels)

    def parts(self) -> tuple[pl.Series, Array, int]:
        """Give labels, sums and the number of rows."""
        self._join()
        return self.labels[0], self.sums[0], self.rows

    def clusters(self) -> Clusters:
        """Give what was added, clusters in the order of their labels."""
        _, sums, rows = self.parts()
        p = self.coefficients
        width = sums.shape[1] - p * (p + 1) // 2 if self.shares else sums.shape[1]
        return Clusters(sums[:, :width], sums[:, width:] if self.shares else None, rows, p)


def _by_label(labels: pl.Series, columns: Array) -> tuple[pl.Series, Array]:
    """Sum rows by label; labels come out sorted, each once."""
    starts = np.flatnonzero((labels != labels.shift(1)).fill_null(value=True).to_numpy())
    sums, labels = np.add.reduceat(columns, starts, axis=0), labels.gather(starts)
    if labels.is_sorted():
        return labels, sums
    codes: Codes = labels.rank("dense").to_numpy().astype(np.intp) - 1
    return labels.unique().sort(), group_sums(sums, codes, int(codes.max()) + 1)
