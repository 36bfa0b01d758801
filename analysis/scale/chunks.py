"""Batches of rows as numbers, a cache-full at a time: whatever a pass does with them, it does in fast memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hypnic.analysis.regression.frame import complete_rows
from hypnic.analysis.regression.outcomes import outcome_values
from hypnic.analysis.scale.columns import offset_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from hypnic.analysis.regression.problem import Array, Codes
    from hypnic.analysis.scale.clusters import Adding
    from hypnic.analysis.scale.columns import Columns
    from hypnic.analysis.scale.wanted import Wanted

# Products of columns in a chunk: more of them and BLAS wakes threads that cost more than they do.
_PRODUCTS = 250_000


def chunk_size(columns: int) -> int:
    """Say how many rows of so many columns make a chunk."""
    return min(max(_PRODUCTS // columns**2, 1_024), 16_384)


class Chunk(NamedTuple):
    """Some rows of a batch: columns `x` (p, n), standardised after an intercept, which the next chunk overwrites."""

    x: Array
    events: Array  # (n,)
    trials: Array  # (n,)
    offset: Array | None  # (n,)
    ones: Array  # (n,)
    first: int

    def eta(self, params: Array) -> Array:
        """Give the linear predictor (n,); not by BLAS, which wakes threads for it."""
        found: Array = np.einsum("p,pn->n", params, self.x)
        if self.offset is not None:
            found += self.offset
        return found


class Batch:
    """The rows of a batch that enter, in the order of their clusters where these are asked for."""

    def __init__(self, wanted: Wanted, columns: Columns, batch: pl.DataFrame, *, clusters: bool = False) -> None:
        roles = wanted.roles
        rows, self.dropped = complete_rows(batch, roles, wanted.entry.kind)
        self.labels = None
        if clusters:
            assert roles.cluster is not None  # noqa: S101
            rows = rows if rows[roles.cluster].is_sorted() else rows.sort(roles.cluster, maintain_order=True)
            self.labels = rows[roles.cluster]
        self.height = rows.height
        self.columns, self.raw = columns, columns.each(rows)
        self.offset = None if roles.exposure is None else offset_of(rows, roles)
        outcome = outcome_values(rows, roles.outcome, wanted.entry.kind)
        self.events = outcome if outcome.ndim == 1 else np.ascontiguousarray(outcome[:, 0])
        self.trials = np.ones(self.height) if outcome.ndim == 1 else np.ascontiguousarray(outcome[:, 1])
        tries = self.trials if self.offset is None or outcome.ndim > 1 else np.exp(self.offset)
        self.tried = float(tries.sum())  # all trials, or all exposure

    def chunks(self) -> Iterator[Chunk]:
        """Give the rows in their order, some thousand at a time."""
        width = len(self.raw) + 1
        size = min(chunk_size(width), max(self.height, 1))
        x, ones, mean, each = np.ones((width, size)), np.ones(size), self.columns.mean, 1 / self.columns.spread
        for first in range(0, self.height, size):
            rows = slice(first, min(first + size, self.height))
            here = x[:, : rows.stop - first]
            for place, column in enumerate(self.raw):
                np.subtract(column[rows], mean[place], out=here[place + 1], casting="unsafe", dtype=np.float64)
                here[place + 1] *= each[place]
            yield Chunk(
                here, self.events[rows], self.trials[rows], None if self.offset is None else self.offset[rows],
                ones[: rows.stop - first], first,
            )  # fmt: skip

    def runs(self) -> Codes:
        """Give the first row of each cluster."""
        assert self.labels is not None  # noqa: S101
        return np.flatnonzero((self.labels != self.labels.shift(1)).fill_null(value=True).to_numpy())


class Running:
    """Adds the rows of a batch up by cluster, chunk by chunk, and hands the sums over."""

    def __init__(self, batch: Batch, width: int) -> None:
        self._batch, self._starts = batch, batch.runs()
        self._sums = np.zeros((width, len(self._starts)))

    def add(self, chunk: Chunk, values: Array) -> None:
        """Add values (q, n) of the rows of a chunk."""
        last = chunk.first + values.shape[1]
        low = int(np.searchsorted(self._starts, chunk.first, side="right")) - 1
        high = int(np.searchsorted(self._starts, last, side="left"))
        starts = np.maximum(self._starts[low:high] - chunk.first, 0)
        self._sums[:, low:high] += np.add.reduceat(values, starts, axis=1)

    def put(self, adding: Adding) -> None:
        """Hand the sums of the clusters over."""
        labels = self._batch.labels
        assert labels is not None  # noqa: S101
        adding.put(labels.gather(self._starts), self._sums.T, self._batch.height)


def triangle(whitened: Array) -> Array:
    """Give the upper triangles (p (p + 1) / 2, n) of the outer products of columns (p, n)."""
    one, other = np.triu_indices(len(whitened))
    return np.asarray(whitened[one] * whitened[other])
