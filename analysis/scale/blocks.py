"""Fits in blocked passes: for terms that hardly repeat, the normal equations are added up block by block.

Each pass over the rows gives the log-likelihood, its slope and its curvature at one value of the coefficients; Newton's
method needs a handful of them, from the maximum of the first rows. Nothing longer than a block is ever in memory.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hypnic.analysis.regression.design import refuse_infinite
from hypnic.analysis.regression.problem import Estimation
from hypnic.analysis.scale.assembled import Ended, Summed
from hypnic.analysis.scale.chunks import Batch, Chunk, Running, triangle
from hypnic.analysis.scale.climbing import Sums, climb, step_from
from hypnic.analysis.scale.clusters import Adding
from hypnic.analysis.scale.columns import Columns, levels_in, names_of
from hypnic.analysis.scale.links import LINKS, Parts, first_level, sums_of
from hypnic.analysis.scale.moments import Moments, constant_of, refused, same_levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.scale.wanted import Wanted

    Batches = Callable[[], Iterable[pl.DataFrame]]

HANDLED = ("model", "HC0", "HC1", "CR0", "CR1S", "CR3")
# The squared distance to the maximum, in standard errors, from which the next pass may be the last; and how far off,
# in units of the linear predictor, that pass may be: errors change by no more than this share, the coefficients by
# its square, as a last step is taken.
_NEAR, _EXACT = 1e-5, 1e-9


def fit_blocks(wanted: Wanted, head: pl.DataFrame, batches: Batches) -> Fit:
    """Fit a generalised linear model in passes over batches of rows; `head` are the first of them.

    Raises HypnicError as `fit` does.
    """
    columns = _columns(wanted, head)
    names = names_of(columns.terms, columns.levels)
    start, moments = _start(wanted, columns, head), Moments(len(names))
    first = _at(wanted, columns, batches, start, moments)
    full = refused(wanted, names, columns, moments)
    taken = 0

    def at(params: Array) -> Sums:
        nonlocal taken
        taken += 1
        return first if params is start else _at(wanted, columns, batches, params)

    params, _ = climb(at, start, near=_NEAR)
    while True:
        ended, pearson = _last(wanted, columns, batches, params)
        step, taken = step_from(ended.sums), taken + 1
        if step is None or not np.isfinite(step).all() or taken > 100:
            break
        off = float(np.sqrt(abs(ended.sums.gradient @ step) * len(step) / ended.sums.information[0, 0]))
        params = params + step
        if off < _EXACT:
            break
    flags = frozenset(name for name, flag in zip(names, moments.flags, strict=True) if flag)
    turned = _turned(columns, full)
    information = _turned_back(turned, ended.sums.information)
    estimation = Estimation(turned @ params, ended.sums.gradient[None], information, np.zeros(1), "")
    refuse_infinite(full.design(names, flags), estimation)
    n, quasi = moments.rows, wanted.family == "quasipoisson"
    return Summed(
        names=full.design(names, flags).names,
        back=columns.design(names, flags).back,
        params=params,
        kind=wanted.covariance,
        constant=None if quasi else moments.constant,
        n_rows=n,
        n_groups=None,
        n_dropped=moments.dropped,
        optimizer=f"newton, {taken} passes over the rows",
        route="blocks",
        scale=pearson / (n - len(params)) if quasi else 1.0,
    ).fit(ended)


def _columns(wanted: Wanted, head: pl.DataFrame) -> Columns:
    """Put the columns on the scale of the first rows; what these do not tell, such as a level, is refused later."""
    levels = levels_in(head, wanted.roles.terms)
    width = len(names_of(wanted.roles.terms, levels))
    plain = Columns(wanted.roles.terms, levels, np.zeros(width), np.ones(width))
    raw = Batch(wanted, plain, head).raw
    if not len(raw) or not len(raw[0]):
        return plain
    mean, spread = (np.array([how(one, dtype=np.float64) for one in raw]) for how in (np.mean, np.std))
    return replace(plain, mean=mean, spread=np.where(spread > 1e-12 * np.abs(mean), spread, 1.0))


def _start(wanted: Wanted, columns: Columns, head: pl.DataFrame) -> Array:
    """Start from the maximum of the first rows, where they have one."""
    batch, start = Batch(wanted, columns, head), np.zeros(len(columns.mean) + 1)
    events = float(batch.events.sum())
    if events > 0 and (wanted.entry.kind != "share" or events < batch.tried):
        start[0] = first_level(wanted.family, events, batch.tried)
    here, _ = climb(partial(_at, wanted, columns, lambda: [head]), start, passes=30, near=_NEAR)
    return here if np.isfinite(here).all() and np.abs(here[1:]).max(initial=0.0) < 10 else start


def _parts(wanted: Wanted, chunk: Chunk, params: Array) -> Parts:
    with np.errstate(all="ignore"):
        return LINKS[wanted.family](chunk.eta(params), chunk.ones, chunk.events, chunk.trials)


def _at(
    wanted: Wanted, columns: Columns, batches: Batches, params: Array, moments: Moments | None = None
) -> Sums:  # fmt: skip
    """Take one pass: what all rows add up to at some coefficients; the first one looks at the rows as well."""
    total = Sums.nothing(len(params))
    for rows in batches():
        if moments is not None:
            same_levels(rows, columns)
        batch = Batch(wanted, columns, rows)
        if moments is not None:
            moments.count(batch, constant_of(wanted, batch))
        for chunk in batch.chunks():
            total += sums_of(chunk.x, _parts(wanted, chunk, params))
            if moments is not None:
                moments.add(chunk)
    return total


def _last(wanted: Wanted, columns: Columns, batches: Batches, params: Array) -> tuple[Ended, float]:
    """Take the last pass: everything that errors read, and Pearson's sum of squares."""
    p, kind, pearson = len(params), wanted.covariance, 0.0
    clustered, shares = kind.startswith("CR"), kind == "CR3"
    ended = Ended(Sums.nothing(p), np.zeros((p, p)), Adding(p, shares))
    for rows in batches():
        batch = Batch(wanted, columns, rows, clusters=clustered)
        running = Running(batch, p + shares * p * (p + 1) // 2) if clustered else None
        for chunk in batch.chunks():
            here = _parts(wanted, chunk, params)
            scores = chunk.x * here.slope
            ended.add(sums_of(chunk.x, here), scores @ scores.T if kind.startswith("HC") else 0.0)
            if running is not None:
                whitened = triangle(chunk.x * np.sqrt(here.expected)) if shares else np.empty((0, len(chunk.ones)))
                running.add(chunk, np.vstack([scores, whitened]) if shares else scores)
            if wanted.family == "quasipoisson":
                pearson += float(((chunk.events - here.fitted) ** 2 / here.fitted).sum())
        if running is not None:
            running.put(ended.clusters)
    return ended, pearson


def _turned(columns: Columns, full: Columns) -> Array:
    """Lead coefficients on the scale of the first rows to the scale of all of them."""
    ratio = full.spread / columns.spread
    found = np.diag(np.concatenate([[1.0], ratio]))
    found[0, 1:] = (full.mean - columns.mean) / columns.spread
    return found


def _turned_back(turned: Array, information: Array) -> Array:
    back: Array = np.asarray(np.linalg.inv(turned))
    return np.asarray(back.T @ information @ back)
