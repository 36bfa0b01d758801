"""Persons with as many rows each, side by side: whatever is summed over a person is a sum over whole columns.

Rows of persons differ in number, and sums over short runs are slow. Persons with the same number t of rows are a
rectangle of t rows and g persons, the persons next to one another in memory, in blocks that stay in a processor's
cache and are too small for a second thread to be worth waking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hypnic.analysis.scale.chunks import chunk_size
from hypnic.analysis.scale.climbing import Sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.regression.problem import Array, Codes


# Persons with more than this share of the rows of the fullest are put next to them.
_NEAR = 0.7
_NEVER = -1e300  # the log exposure of a row that is none: finite, so that no events times it are none


class Block(NamedTuple):
    """Rows t of persons g: columns `x` (p, t, g) centred within persons, `events` (t, g) and their `totals` (g,).

    What persons add to the likelihood and its slope whatever the coefficients are is summed over their rows once.
    """

    x: Array
    events: Array
    offset: Array | None
    totals: Array
    moments: Array  # (p, g) columns times events
    exposed: Array  # (g,) offsets times events
    persons: Codes  # (g,) their places among all persons

    def scaled(self, unit: Array) -> Block:
        """Give the same with columns times `unit` (p,)."""
        return self._replace(x=self.x * unit[:, None, None], moments=self.moments * unit[:, None])


def places(starts: Codes, size: Codes, columns: int) -> Iterator[tuple[Codes, Codes]]:
    """Give blocks of persons with as many rows: who they are (g,), and where their rows are (t, g).

    A person with fewer rows than t is followed by rows of others, which `block_of` blanks.

    >>> [(who.tolist(), rows.tolist()) for who, rows in places(np.array([0, 2, 3]), np.array([2, 1, 2]), 1)]
    [([0, 2], [[0, 3], [1, 4]]), ([1], [[2]])]
    """
    most, left = chunk_size(columns), np.unique(size)
    while len(left):
        # Persons with nearly as many rows are filled up to as many: few large blocks are faster than many small ones.
        rows = int(left[-1])
        near = left > _NEAR * rows
        alike = np.flatnonzero((size >= left[near][0]) & (size <= rows))
        left = left[~near]
        step = max(most // rows, 1)
        for first in range(0, len(alike), step):
            who = alike[first : first + step]
            yield who, starts[who] + np.arange(rows)[:, None]


def block_of(  # noqa: PLR0913, PLR0917
    raw: Sequence[Array], events: Array, offset: Array | None, who: Codes, rows: Codes, size: Codes
) -> tuple[Block, Array]:  # fmt: skip
    """Make a block of columns of rows (n,) each, and give what each person has of them altogether (p, g)."""
    x = np.empty((len(raw), *rows.shape))
    for one, column in zip(x, raw, strict=True):
        column.take(rows, out=one, mode="clip")  # unlike the other modes, this one needs no copy
    counts = events.take(rows, mode="clip")
    log_exposure = None if offset is None else offset.take(rows, mode="clip")
    sizes = size[who]
    blank = None if (sizes == len(rows)).all() else np.arange(len(rows))[:, None] >= sizes
    if blank is not None:
        x[:, blank], counts[blank] = 0.0, 0.0
        log_exposure = np.zeros(rows.shape) if log_exposure is None else log_exposure
        log_exposure[blank] = _NEVER
    altogether = x.sum(axis=1)
    x -= (altogether / sizes)[:, None]
    if blank is not None:
        x[:, blank] = 0.0
    moments = np.einsum("ptg,tg->pg", x, counts)
    exposed = np.zeros(len(who)) if log_exposure is None else np.einsum("tg,tg->g", counts, log_exposure)
    return Block(x, counts, log_exposure, counts.sum(axis=0), moments, exposed, who), altogether


class Point(NamedTuple):
    """What a block says at some coefficients, each person counted as often as weights (g,) say."""

    loglik: Array  # (g,) of each person
    fitted: Array  # (t, g) events expected given each person's total
    weighted: Array  # (p, t, g) columns times `fitted`
    means: Array  # (p, g) their sums over each person
    centre: Array  # (p, g) the same, over the person's total
    scores: Array  # (p, g) the slope of each person's likelihood


def point(block: Block, params: Array, weights: Array | None = None) -> Point:
    """Share each person's total out over the rows as the coefficients (p,) have it."""
    totals, moments, exposed = block.totals, block.moments, block.exposed
    if weights is not None:
        totals, moments, exposed = totals * weights, moments * weights, exposed * weights
    # Not by BLAS, which wakes threads for it.
    eta = np.einsum("p,ptg->tg", params, block.x)
    if block.offset is not None:
        eta += block.offset
    most = eta.max(axis=0)
    eta -= most
    fitted = np.exp(eta, out=eta)
    rates = fitted.sum(axis=0)
    loglik = np.einsum("p,pg->g", params, moments) + exposed - totals * (most + np.log(rates))
    fitted *= totals / rates
    weighted = block.x * fitted
    means = weighted.sum(axis=1)
    centre = means / totals if weights is None else np.divide(means, totals, out=np.zeros_like(means), where=totals > 0)
    return Point(loglik, fitted, weighted, means, centre, moments - means)


def sums_at(block: Block, here: Point) -> Sums:
    """Add a block up: its log-likelihood, the slope of it and its curvature, per unit of the columns."""
    p = len(block.x)
    information = here.weighted.reshape(p, -1) @ block.x.reshape(p, -1).T - here.centre @ here.means.T
    return Sums(float(here.loglik.sum()), here.scores.sum(axis=1), information, information)


def shares_at(block: Block, here: Point) -> Array:
    """Give the upper triangle of each person's share of the information (p (p + 1) / 2, g)."""
    pairs = zip(*np.triu_indices(len(block.x)), strict=True)
    return np.array(
        [
            (here.weighted[one] * block.x[other]).sum(axis=0) - here.centre[one] * here.means[other]
            for one, other in pairs
        ]
    )


def row_meat_at(block: Block, here: Point, scale: Array) -> Array:
    """Give the sum of the squared scores of single rows, in columns of that scale (p,), for HC0."""
    p = len(block.x)
    scores = ((block.x - here.centre[:, None]) * (block.events - here.fitted)).reshape(p, -1) * scale[:, None]
    return np.asarray(scores @ scores.T)
