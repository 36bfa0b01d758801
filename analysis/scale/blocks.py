"""Fits in blocked passes: for terms that hardly repeat, the normal equations are added up block by block.

Each pass over the rows gives the log-likelihood, its slope and its curvature at one value of the coefficients; Newton's
method needs a handful of them, from the maximum of the first rows. Nothing longer than a block is ever in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from hypnic.analysis.regression import covariance as errors
from hypnic.analysis.regression.design import INTERCEPT, DesignMatrix, refuse_infinite
from hypnic.analysis.regression.frame import complete_rows
from hypnic.analysis.regression.outcomes import outcome_values
from hypnic.analysis.regression.problem import Estimation
from hypnic.analysis.scale.assembled import Reached, few_clusters
from hypnic.analysis.scale.climbing import Sums, climb
from hypnic.analysis.scale.clusters import Adding, Clusters
from hypnic.analysis.scale.columns import Columns, levels_in, names_of, offset_of
from hypnic.analysis.scale.links import LINKS, Parts, first_level
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import polars as pl

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.scale.patterns import Wanted

HANDLED = ("model", "HC0", "HC1", "CR0", "CR1S", "CR3")


@dataclass
class _Moments:
    """What a first pass finds: how many rows, which were dropped, and the moments of columns and outcome."""

    names: tuple[str, ...]
    columns: Columns
    rows: int = 0
    events: float = 0.0
    tried: float = 0.0
    constant: float = 0.0

    def __post_init__(self) -> None:
        """Start with nothing."""
        width = len(self.names)
        self.dropped: dict[str, int] = {}
        self.total, self.products = np.zeros(width), np.zeros((width, width))
        self.flags = np.ones(width, dtype=bool)
        # Rows, by column and level 0 or 1, in which the outcome is at neither end.
        self.ends = np.zeros((2, 2, width), dtype=bool)


class Block:
    """The rows of a batch that enter, as numbers."""

    def __init__(self, wanted: Wanted, columns: Columns, batch: pl.DataFrame) -> None:
        roles = wanted.roles
        self.rows, self.dropped = complete_rows(batch, roles, wanted.entry.kind)
        self.raw, self.offset = columns.raw(self.rows), offset_of(self.rows, roles)
        outcome = outcome_values(self.rows, roles.outcome, wanted.entry.kind)
        self.events = outcome if outcome.ndim == 1 else outcome[:, 0]
        self.trials = np.ones(len(self.events)) if outcome.ndim == 1 else outcome[:, 1]
        self.ones = np.ones(len(self.events))


def fit_blocks(wanted: Wanted, head: pl.DataFrame, batches: Callable[[], Iterable[pl.DataFrame]]) -> Fit:
    """Fit a generalised linear model in passes over batches of rows; `head` are the first of them.

    Raises HypnicError as `fit` does.
    """
    first = _first(wanted, head)
    moments = _moments(wanted, first, batches())
    columns = _standardised(moments)
    _refuse(wanted, moments)
    at = partial(_at, wanted, columns, batches)
    params, passes = climb(at, _start(wanted, columns, head, moments))
    return _finished(wanted, moments, columns, params, passes, batches)


def _first(wanted: Wanted, head: pl.DataFrame) -> Columns:
    """Name the columns by the first rows; what they do not tell, such as a level, is refused later."""
    levels = levels_in(head, wanted.roles.terms)
    width = sum(len(levels[term]) - 1 if term in levels else 1 for term in wanted.roles.terms)
    return Columns(wanted.roles.terms, levels, np.zeros(width), np.ones(width))


def _moments(wanted: Wanted, columns: Columns, batches: Iterable[pl.DataFrame]) -> _Moments:
    names = names_of(columns.terms, columns.levels)
    found = _Moments(tuple(names), columns)
    for batch in batches:
        _refuse_new_levels(batch, columns)
        block = Block(wanted, columns, batch)
        for reason, count in block.dropped.items():
            found.dropped[reason] = found.dropped.get(reason, 0) + count
        if not block.rows.height:
            continue
        if not found.rows:  # moments are taken about a value near the mean, so that no digits cancel
            found.columns = replace(columns, mean=block.raw.mean(axis=0))
        apart = block.raw - found.columns.mean
        found.rows += len(apart)
        found.total += apart.sum(axis=0)
        found.products += apart.T @ apart
        found.flags &= ((block.raw == 0) | (block.raw == 1)).all(axis=0)
        found.events += float(block.events.sum())
        share = wanted.entry.kind == "share"
        found.tried += float(block.trials.sum() if share else np.exp(block.offset).sum())
        found.constant += _constant(block, share=share)
        for end, inside in enumerate((block.events > 0, block.events < block.trials)):
            for level in (0, 1):
                found.ends[end, level] |= ((block.raw == level) & inside[:, None]).any(axis=0)
    return found


def _constant(block: Block, *, share: bool) -> float:
    if not share:
        return float(-gammaln(block.events + 1).sum())
    tries, events = block.trials, block.events
    return float((gammaln(tries + 1) - gammaln(events + 1) - gammaln(tries - events + 1)).sum())


def _refuse_new_levels(batch: pl.DataFrame, columns: Columns) -> None:
    for term, levels in columns.levels.items():
        if not batch[term].drop_nulls().is_in(levels).all():
            message = f"term {term!r} has a level that the first rows lack: give it as 0/1 columns, or use route='rows'"
            raise HypnicError(message)


def _standardised(moments: _Moments) -> Columns:
    n = max(moments.rows, 1)
    shift = moments.total / n
    variance = np.maximum(np.diag(moments.products) / n - shift**2, 0.0)
    spread = np.where(variance > 0, np.sqrt(variance), 1.0)
    return replace(moments.columns, mean=moments.columns.mean + shift, spread=spread)


def _refuse(wanted: Wanted, moments: _Moments) -> None:
    """Refuse what `design.design_matrix` refuses, in its words, from the moments alone."""
    if not moments.rows:
        reasons = ", ".join(f"{k} {v}" for k, v in moments.dropped.items()) or "the frame is empty"
        message = f"no row is left to fit {wanted.roles.outcome[0]!r}: {reasons}"
        raise HypnicError(message, reason="few_rows")
    n, p = moments.rows, len(moments.names)
    if p + 1 >= n:
        message = f"{n} complete rows cannot carry {p + 1} coefficients: drop terms"
        raise HypnicError(message, reason="few_rows")
    shift = moments.total / n
    middle = moments.columns.mean + shift
    product = moments.products / n - np.outer(shift, shift)
    for name, variance, mean in zip(moments.names, np.diag(product), middle, strict=True):
        if variance <= 1e-24 * mean**2:
            message = f"term {name!r} is constant in the rows that enter: leave it out"
            raise HypnicError(message, reason="no_variation")
    spread = np.sqrt(np.diag(product))
    if np.linalg.eigvalsh(product / np.outer(spread, spread))[0] < _COLLINEAR:
        message = "a term is a linear combination of others: leave one of them out"
        raise HypnicError(message, reason="collinear")
    words = ("zero", "at its ceiling") if wanted.entry.kind == "share" else ("zero",)
    for word, seen in zip(words, moments.ends, strict=False):
        if moments.events == (moments.tried if word == "at its ceiling" else 0):
            message = f"the outcome is {word} in every row: there is nothing to fit"
            raise HypnicError(message, reason="no_variation")
        for name, level in ((name, level) for name in moments.names for level in (0, 1)):
            place = moments.names.index(name)
            if moments.flags[place] and not seen[level, place]:
                where = f"in every row with {name!r} = {level}"
                message = f"the outcome is {word} {where}: leave the term out or pool its levels"
                raise HypnicError(message, reason="separated")


_COLLINEAR = 1e-7


def _start(wanted: Wanted, columns: Columns, head: pl.DataFrame, moments: _Moments) -> Array:
    """Start from the maximum of the first rows, where they have one."""
    start = np.zeros(len(moments.names) + 1)
    start[0] = first_level(wanted.family, moments.events, moments.tried)
    here, _ = climb(partial(_at, wanted, columns, lambda: [head]), start, passes=30)
    return here if np.isfinite(here).all() and np.abs(here[1:]).max(initial=0.0) < 10 else start


def _parts(wanted: Wanted, block: Block, x: Array, params: Array) -> Parts:
    with np.errstate(all="ignore"):
        return LINKS[wanted.family](x @ params + block.offset, block.ones, block.events, block.trials)


def _each(wanted: Wanted, columns: Columns, batches: Iterable[pl.DataFrame]) -> Iterator[tuple[Block, Array]]:
    """Give the blocks with their standardised columns (n, p) after an intercept."""
    for batch in batches:
        block = Block(wanted, columns, batch)
        if block.rows.height:
            block.raw -= columns.mean
            block.raw /= columns.spread
            yield block, np.column_stack([block.ones, block.raw])


def _at(wanted: Wanted, columns: Columns, batches: Callable[[], Iterable[pl.DataFrame]], params: Array) -> Sums:
    """Take one pass: what all rows add up to at some coefficients."""
    return reduce(add, (_sums(wanted, block, x, params) for block, x in _each(wanted, columns, batches())))


def _sums(wanted: Wanted, block: Block, x: Array, params: Array) -> Sums:
    here = _parts(wanted, block, x, params)
    information = (x * here.expected[:, None]).T @ x
    same = here.observed is here.expected
    observed = information if same else (x * here.observed[:, None]).T @ x
    return Sums(float(here.loglik.sum()), x.T @ here.slope, information, observed)


def _finished(  # noqa: PLR0913, PLR0917
    wanted: Wanted,
    moments: _Moments,
    columns: Columns,
    params: Array,
    passes: int,
    batches: Callable[[], Iterable[pl.DataFrame]],
) -> Fit:
    """Take the last pass: everything at the maximum, errors included."""
    p, kind = len(params), wanted.covariance
    adding, meat, pearson, all_sums = Adding(p, kind == "CR3"), np.zeros((p, p)), 0.0, []
    for block, x in _each(wanted, columns, batches()):
        here = _parts(wanted, block, x, params)
        all_sums.append(_sums(wanted, block, x, params))
        scores = x * here.slope[:, None]
        if kind.startswith("CR"):
            assert wanted.roles.cluster is not None  # noqa: S101
            adding.add(block.rows[wanted.roles.cluster], scores, x * np.sqrt(here.expected)[:, None])
        elif kind.startswith("HC"):
            meat += scores.T @ scores
        if wanted.family == "quasipoisson":
            pearson += float(((block.events - here.fitted) ** 2 / here.fitted).sum())
    sums = reduce(add, all_sums)
    n, quasi = moments.rows, wanted.family == "quasipoisson"
    scale = pearson / (n - p) if quasi else 1.0
    bread = errors.covariance("model", Estimation(params, sums.gradient[None], sums.information, np.zeros(1), ""))
    clusters: Clusters | None = adding.clusters() if kind.startswith("CR") else None
    if clusters is not None:
        vcov = clusters.covariance(kind, sums.information)
    elif kind == "model":
        vcov = scale * bread
    else:
        vcov = bread @ meat @ bread * (n / (n - p) if kind == "HC1" else 1.0)
    estimation = Estimation(params, sums.gradient[None], sums.information, np.zeros(1), "")
    design = _design(moments, columns)
    refuse_infinite(design, estimation)
    number = len(clusters.scores) if clusters else None
    return Reached(
        names=design.names,
        back=design.back,
        params=params,
        vcov=vcov,
        loglik=None if quasi else sums.loglik + moments.constant,
        score_max=estimation.score_max,
        n_rows=n,
        n_groups=number,
        n_dropped=moments.dropped,
        optimizer=f"newton, {passes + 2} passes over the rows",
        route="blocks",
        scale=scale,
        freedom=partial(clusters.freedom, sums.information) if clusters and kind == "CR3" else None,
        joint=partial(clusters.joint, sums.information) if clusters and kind == "CR3" else None,
        warnings=() if kind == "model" else few_clusters(
            kind, number or n, "clusters" if clusters else "rows", "CR3" if clusters else "HC3"
        ),
    ).fit()  # fmt: skip


def _design(moments: _Moments, columns: Columns) -> DesignMatrix:
    p = len(moments.names)
    back = np.eye(p + 1)
    back[0, 1:] = -columns.mean / columns.spread
    back[1:, 1:] = np.diag(1 / columns.spread)
    indicators = frozenset(name for name, flag in zip(moments.names, moments.flags, strict=True) if flag)
    return DesignMatrix((INTERCEPT, *moments.names), np.empty((0, p + 1)), back, indicators, p)
