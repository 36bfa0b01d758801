"""What a first pass over all rows finds, and what it refuses: the words are those of `design.design_matrix`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.scale.chunks import Batch, Chunk
    from hypnic.analysis.scale.columns import Columns
    from hypnic.analysis.scale.wanted import Wanted

_COLLINEAR = 1e-7


class Moments:
    """How many rows enter, which were dropped, and the moments of p columns and of the outcome."""

    def __init__(self, p: int) -> None:
        self.rows, self.dropped = 0, Counter[str]()
        self.events = self.tried = self.constant = 0.0
        self.products = np.zeros((p + 1, p + 1))
        self.flags = np.ones(p, dtype=bool)
        # Of flags, by level 0 or 1: whether there are rows in which the outcome is at neither end.
        self.ends = np.zeros((2, 2, p), dtype=bool)

    def count(self, batch: Batch, constant: float) -> None:
        """Count the rows of a batch, and its outcomes."""
        self.rows += batch.height
        self.dropped.update(batch.dropped)
        self.events += float(batch.events.sum())
        self.tried += batch.tried
        self.constant += constant
        raw = [(place, batch.raw[place]) for place in np.flatnonzero(self.flags)]
        inside = (batch.events > 0, batch.events < batch.trials)
        for place, column in raw:
            one = column == 1
            self.flags[place] = bool((one | (column == 0)).all())
            for end, some in enumerate(inside):
                self.ends[end, :, place] |= bool((some & ~one).any()), bool((some & one).any())

    def add(self, chunk: Chunk) -> None:
        """Add the products of the columns of a chunk."""
        self.products += chunk.x @ chunk.x.T


def constant_of(wanted: Wanted, batch: Batch) -> float:
    """Add up what no coefficient moves: log(n choose k), or minus log(y!)."""
    tries, events = batch.trials, batch.events
    if wanted.entry.kind != "share":
        return _lgamma(events, -1)
    return _lgamma(tries, 1) + _lgamma(events, -1) + _lgamma(tries - events, -1)


def _lgamma(values: Array, sign: int) -> float:
    """Sum log(v!) over values: counts of each small whole number are enough where all are such."""
    if len(values) and values.max() < 1_000 and (values == np.floor(values)).all():
        return sign * float(np.bincount(values.astype(np.intp)) @ gammaln(np.arange(int(values.max()) + 1) + 1.0))
    return sign * float(gammaln(values + 1).sum())


def same_levels(batch: pl.DataFrame, columns: Columns) -> None:
    """Raise HypnicError where a term has a level that the first rows lack."""
    for term, levels in columns.levels.items():
        if not batch[term].drop_nulls().is_in(levels).all():
            message = f"term {term!r} has a level that the first rows lack: give it as 0/1 columns, or use route='rows'"
            raise HypnicError(message)


def refused(wanted: Wanted, names: Sequence[str], columns: Columns, moments: Moments) -> Columns:
    """Refuse what no fit can carry, and give the columns on the scale of all rows."""
    if not moments.rows:
        reasons = ", ".join(f"{k} {v}" for k, v in moments.dropped.items()) or "the frame is empty"
        message = f"no row is left to fit {wanted.roles.outcome[0]!r}: {reasons}"
        raise HypnicError(message, reason="few_rows")
    n, p = moments.rows, len(names)
    if p + 1 >= n:
        message = f"{n} complete rows cannot carry {p + 1} coefficients: drop terms"
        raise HypnicError(message, reason="few_rows")
    shift = moments.products[0, 1:] / n
    product = moments.products[1:, 1:] / n - np.outer(shift, shift)
    spread = np.sqrt(np.maximum(np.diag(product), 0.0))
    full = replace(columns, mean=columns.mean + columns.spread * shift, spread=columns.spread * spread)
    for name, middle, apart in zip(names, full.mean, full.spread, strict=True):
        if apart <= 1e-12 * abs(middle):
            message = f"term {name!r} is constant in the rows that enter: leave it out"
            raise HypnicError(message, reason="no_variation")
    if p and np.linalg.eigvalsh(product / np.outer(spread, spread))[0] < _COLLINEAR:
        message = "a term is a linear combination of others: leave one of them out"
        raise HypnicError(message, reason="collinear")
    _refuse_ends(wanted, names, moments)
    return full


def _refuse_ends(wanted: Wanted, names: Sequence[str], moments: Moments) -> None:
    """Refuse an outcome that is at one end in all rows, or wherever a flag is 0 or 1."""
    words = ("zero", "at its ceiling") if wanted.entry.kind == "share" else ("zero",)
    for word, seen in zip(words, moments.ends, strict=False):
        if moments.events == (moments.tried if word == "at its ceiling" else 0):
            message = f"the outcome is {word} in every row: there is nothing to fit"
            raise HypnicError(message, reason="no_variation")
        for name, level in ((name, level) for name in names for level in (0, 1)):
            place = names.index(name)
            if moments.flags[place] and not seen[level, place]:
                where = f"in every row with {name!r} = {level}"
                message = f"the outcome is {word} {where}: leave the term out or pool its levels"
                raise HypnicError(message, reason="separated")
