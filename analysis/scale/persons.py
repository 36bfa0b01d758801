"""Within-person Poisson as sums over persons: fast on one machine, and the same sums on many.

The conditional likelihood given each person's total is a sum over persons, and so are its slope, its curvature and
every sandwich by person. Columns are centred within persons once; a pass is then one exponential a row and a few
products of narrow matrices. The estimates are those of `conditional.estimate_fe_poisson`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hypnic.analysis.regression.design import DesignMatrix, refuse_infinite
from hypnic.analysis.regression.outcomes import outcome_values
from hypnic.analysis.regression.problem import Estimation
from hypnic.analysis.scale.assembled import Ended, Summed
from hypnic.analysis.scale.climbing import Sums, climb
from hypnic.analysis.scale.clusters import Adding
from hypnic.analysis.scale.columns import Columns, names_of, offset_of
from hypnic.analysis.scale.engine import Engine, bound
from hypnic.analysis.scale.rectangles import Block, block_of, places, point, row_meat_at, shares_at, sums_at
from hypnic.analysis.scale.within import Facts, Rows, Spread, entering, facts, refused
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    import polars as pl

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.scale.wanted import Wanted

HANDLED = ("model", "HC0", "CR0", "CR1S", "CR3")


@dataclass(frozen=True, eq=False)
class Numbers:
    """The rows of a part as numbers: `blocks` of persons, and the cluster of each of the G persons."""

    blocks: list[Block]
    clusters: pl.Series  # (G,)
    rows: int
    spread: Spread


def numbers(rows: Rows, wanted: Wanted, columns: Columns) -> Numbers:
    """Make numbers of the rows of a part."""
    roles, frame = wanted.roles, rows.frame
    raw = [column.astype(np.float64, copy=False) for column in columns.each(frame)]
    events = outcome_values(frame, roles.outcome, "count")
    spread, blocks = Spread.of(raw, events), []
    offset = None if roles.exposure is None else offset_of(frame, roles)
    for who, there in places(rows.starts, rows.size, len(raw)):
        block, altogether = block_of(raw, events, offset, who, there, rows.size)
        spread = spread.seen(block, altogether, rows.size[who])
        blocks.append(block)
    clusters = frame[str(roles.cluster or roles.groups)].gather(rows.starts)
    return Numbers(blocks, clusters, frame.height, spread)


def sums(part: Numbers, params: Array, weights: Array | None = None) -> Sums:
    """Give what a part adds to the likelihood, its slope and its curvature; `params` are per unit.

    `weights` (G,) count how often each person enters, once each where there are none.
    """
    found = (
        sums_at(block, point(block, params, None if weights is None else weights[block.persons]))
        for block in part.blocks
    )  # fmt: skip
    return reduce(add, found, Sums.nothing(len(params)))


class Ends(NamedTuple):
    """What a part adds at the maximum, in columns on one scale: everything that errors read."""

    sums: Sums
    meat: Array  # (p, p) of single rows, for HC0
    clusters: pl.Series  # (G,)
    scores: Array  # (G, p), or (G, p + p (p + 1) / 2) with shares of the information
    rows: int


def ends(part: Numbers, params: Array, scale: Array, kind: str) -> Ends:
    """Take the last pass over a part, for errors of a kind."""
    p = len(params)
    one, other = np.triu_indices(p)
    unit = np.concatenate([scale, scale[one] * scale[other]]) if kind == "CR3" else scale
    total, meat, scores = Sums.nothing(p), np.zeros((p, p)), np.empty((len(part.clusters), len(unit)))
    for block in part.blocks:
        here = point(block, params)
        total += sums_at(block, here)
        if kind == "HC0":
            meat += row_meat_at(block, here, scale)
        scores[block.persons, :p] = here.scores.T
        if kind == "CR3":
            scores[block.persons, p:] = shares_at(block, here).T
    return Ends(total.scaled(scale), meat, part.clusters, scores * unit, part.rows)


def prepared(wanted: Wanted, engine: Engine) -> tuple[Facts, Engine, Spread, list[str]]:
    """Make numbers of all parts: what they tell, the parts as `Numbers`, how columns vary, and their names.

    Raises HypnicError where no row is left.
    """
    rows = engine.prepared(bound(entering, wanted))
    found: Facts = rows.total(bound(facts, wanted))
    if not found.rows:
        reasons = ", ".join(f"{k} {v}" for k, v in found.dropped.items()) or "the frame is empty"
        alike = any(reason.startswith(("no event", "one row")) for reason in found.dropped)
        message = f"no row is left to fit {wanted.roles.outcome[0]!r}: {reasons}"
        raise HypnicError(message, reason="no_contrast" if alike else "few_rows")
    levels = {term: sorted(some) for term, some in found.levels.items()}
    names = names_of(wanted.roles.terms, levels)
    plain = Columns(wanted.roles.terms, levels, np.zeros(len(names)), np.ones(len(names)))
    parts = rows.prepared(bound(numbers, wanted, plain))
    return found, parts, parts.total(_spread), names


def _spread(part: Numbers) -> Spread:
    return part.spread


def fit_persons(wanted: Wanted, engine: Engine) -> Fit:
    """Fit exp(person + offset + x b) given persons' totals; the parts of the engine are frames of whole persons.

    Raises HypnicError as `fit` does.
    """
    found, parts, spread, names = prepared(wanted, engine)
    unit = 1 / refused(spread, names, found.rows)

    def at(params: Array) -> Sums:
        here: Sums = parts.total(bound(sums, params * unit))
        return here.scaled(unit)

    params, taken = climb(at, np.zeros(len(names)))
    kind, p = wanted.covariance, len(params)
    ended = Ended(Sums.nothing(p), np.zeros((p, p)), Adding(p, kind == "CR3"))
    for one in parts.each(bound(ends, params * unit, unit, kind)):
        ended.add(one.sums, one.meat)
        ended.clusters.put(one.clusters, one.scores, one.rows)
    estimation = Estimation(params, ended.sums.gradient[None], ended.sums.information, np.zeros(1), "")
    indicators = frozenset(name for name, flag in zip(names, spread.flags, strict=True) if flag)
    refuse_infinite(DesignMatrix(tuple(names), np.empty((0, p)), np.diag(unit), indicators, p), estimation)
    return Summed(
        names=tuple(names),
        back=np.diag(unit),
        params=params,
        kind=kind,
        constant=spread.constant,
        n_rows=found.rows,
        n_groups=found.persons,
        n_dropped=found.dropped,
        optimizer=f"newton, {taken + 1} steps",
        route="persons",
    ).fit(ended)
