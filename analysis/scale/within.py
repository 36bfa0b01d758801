"""The rows of whole persons that a within-person fit reads, and what all of them must say before there is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import gammaln

from hypnic.analysis.regression.frame import complete_rows
from hypnic.analysis.regression.outcomes import floats
from hypnic.analysis.scale.columns import levels_in
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.regression.design import Mask
    from hypnic.analysis.regression.problem import Array, Codes
    from hypnic.analysis.scale.rectangles import Block
    from hypnic.analysis.scale.wanted import Wanted

_COLLINEAR = 1e-7


class Rows(NamedTuple):
    """The rows of whole persons that enter: person after person."""

    frame: pl.DataFrame
    starts: Codes  # (G,)
    size: Codes  # (G,)
    dropped: Mapping[str, int]


def entering(part: pl.DataFrame, wanted: Wanted) -> Rows:
    """Keep the rows that a within-person fit can use, sorted by person."""
    roles = wanted.roles
    group = str(roles.groups)
    rows, dropped = complete_rows(part, roles, "count")
    if not rows[group].is_sorted():
        rows = rows.sort(group, maintain_order=True)
    starts, size = _runs(rows[group])
    # Outcomes are looked at after rows of persons without an event have gone, as `draw_sample` does.
    events = np.add.reduceat(floats(rows[roles.outcome[0]]), starts) if len(starts) else np.empty(0)
    gone = np.zeros(len(starts), dtype=bool)
    for reason, fate in {
        f"no event in {group}": events == 0,
        f"one row in {group}": (events != 0) & (size == 1),
    }.items():
        if fate.any():
            dropped[reason] = int(size[fate].sum())
            gone |= fate
    if gone.any():
        rows = rows.filter(pl.Series(np.repeat(~gone, size)))
        size = size[~gone]
        starts = np.cumsum(size) - size
    return Rows(rows, starts, size, dropped)


def _runs(labels: pl.Series) -> tuple[Codes, Codes]:
    """Give the first row and the number of rows of each run of the same label."""
    size = labels.rle().struct.field("len").to_numpy().astype(np.int64)
    return np.cumsum(size) - size, size


@dataclass(frozen=True, eq=False)
class Facts:
    """What all parts together must say before there are columns."""

    rows: int
    persons: int
    dropped: Counter[str]
    levels: Mapping[str, set[str]]

    def __add__(self, other: Facts) -> Facts:
        """Add the facts of another part."""
        levels = {term: found | other.levels[term] for term, found in self.levels.items()}
        return Facts(self.rows + other.rows, self.persons + other.persons, self.dropped + other.dropped, levels)


def facts(rows: Rows, wanted: Wanted) -> Facts:
    """Tell the facts of a part."""
    levels = {term: set(found) for term, found in levels_in(rows.frame, wanted.roles.terms).items()}
    return Facts(rows.frame.height, len(rows.starts), Counter(rows.dropped), levels)


@dataclass(frozen=True, eq=False)
class Spread:
    """How columns vary, in all rows and within persons."""

    total: Array  # (p,)
    squares: Array  # (p,)
    within: Array  # (p, p)
    flags: Mask  # (p,) whether all values are 0 or 1
    met: Mask  # (2, p) whether an event was met at 0, at 1; of flags alone
    constant: float

    def __add__(self, other: Spread) -> Spread:
        """Add that of another part."""
        return Spread(
            self.total + other.total,
            self.squares + other.squares,
            self.within + other.within,
            self.flags & other.flags,
            self.met | other.met,
            self.constant + other.constant,
        )

    @classmethod
    def of(cls, columns: Sequence[Array], events: Array) -> Spread:
        """Start from columns and events (n,) as they were given, before anything is known within persons."""
        p, counted = len(columns), events > 0
        flags, met = np.zeros(p, dtype=bool), np.zeros((2, p), dtype=bool)
        for place, column in enumerate(columns):
            flags[place] = _is_flag(column)
            if flags[place]:
                one = column == 1
                met[:, place] = (counted & ~one).any(), (counted & one).any()
        return cls(np.zeros(p), np.zeros(p), np.zeros((p, p)), flags, met, -_log_factorials(events))

    def seen(self, block: Block, altogether: Array, sizes: Codes) -> Spread:
        """Add what a block says of persons, who have `altogether` (p, g) of the columns in `sizes` (g,) rows."""
        p = len(altogether)
        centred = block.x.reshape(p, -1)
        within = centred @ centred.T
        return replace(
            self,
            total=self.total + altogether.sum(axis=1),
            squares=self.squares + np.diag(within) + (altogether**2 / sizes).sum(axis=1),
            within=self.within + within,
            constant=self.constant + _log_factorials(block.totals),
        )


def _is_flag(column: Array) -> bool:
    """Say whether all values are 0 or 1; the first few that are not end the search."""
    pieces = (column[first : first + _FEW] for first in range(0, len(column), _FEW))
    return all(bool(((piece == 0) | (piece == 1)).all()) for piece in pieces)


_FEW = 1024
_LOG_FACTORIALS = gammaln(np.arange(_FEW) + 1.0)


def _log_factorials(counts: Array) -> float:
    """Add up the logarithms of the factorials of counts: small whole ones are looked up, in a quarter of the time."""
    if counts.max(initial=0) < _FEW:
        whole = counts.astype(np.int64)
        if (whole == counts).all():
            return float(np.bincount(whole, minlength=_FEW) @ _LOG_FACTORIALS)
    return float(gammaln(counts + 1).sum())


def refused(spread: Spread, names: Sequence[str], rows: int) -> Array:
    """Refuse what cannot be told within persons, and give the scale (p,) of the columns."""
    if len(names) >= rows:
        message = f"{rows} complete rows cannot carry {len(names)} coefficients: drop terms"
        raise HypnicError(message, reason="few_rows")
    mean = spread.total / rows
    variance = spread.squares / rows - mean**2
    within = np.diag(spread.within) / rows
    for name, one, middle, inside in zip(names, variance, mean, within, strict=True):
        if one <= 1e-15 * middle**2:
            message = f"term {name!r} is constant in the rows that enter: leave it out"
            raise HypnicError(message, reason="no_variation")
        if inside < _COLLINEAR**2 * one:
            message = f"term {name!r} never varies within a group: it cannot be told from the group's own level"
            raise HypnicError(message, reason="no_contrast")
    for name, flag, met in zip(names, spread.flags, spread.met.T, strict=True):
        if flag and not met.all():
            level = int(met[0])
            message = f"the outcome is zero in every row with {name!r} = {level}: leave the term out or pool its levels"
            raise HypnicError(message, reason="separated")
    root = np.sqrt(np.diag(spread.within))
    values, vectors = np.linalg.eigh(spread.within / np.outer(root, root))
    if values[0] < _COLLINEAR:
        involved = [repr(name) for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 1e-3]
        message = f"terms {', '.join(involved)} add up to one another within persons: leave one of them out"
        raise HypnicError(message, reason="collinear")
    return np.sqrt(variance)
