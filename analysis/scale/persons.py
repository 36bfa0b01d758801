"""Within-person Poisson as sums over persons: fast on one machine, and the same sums on many.

The conditional likelihood given each person's total is a sum over persons, and so are its slope, its curvature and
every sandwich by person. Columns are centred within persons once; a pass is then one exponential a row and a few
products of narrow matrices. The estimates are those of `conditional.estimate_fe_poisson`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import gammaln

from hypnic.analysis.regression import covariance as errors
from hypnic.analysis.regression.design import DesignMatrix, refuse_infinite
from hypnic.analysis.regression.frame import complete_rows
from hypnic.analysis.regression.outcomes import floats, outcome_values
from hypnic.analysis.regression.problem import Estimation
from hypnic.analysis.scale.assembled import Reached, few_clusters
from hypnic.analysis.scale.climbing import Sums, climb
from hypnic.analysis.scale.clusters import Adding
from hypnic.analysis.scale.columns import Columns, levels_in, names_of, offset_of
from hypnic.analysis.scale.engine import Engine, bound
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.design import Mask
    from hypnic.analysis.regression.problem import Array, Codes
    from hypnic.analysis.scale.patterns import Wanted

HANDLED = ("model", "HC0", "CR0", "CR1S", "CR3")
_COLLINEAR = 1e-7
_SAFE = 300.0  # an exponential of more needs care


class Rows(NamedTuple):
    """The rows of whole persons that enter: person after person."""

    frame: pl.DataFrame
    labels: pl.Series  # (G,)
    starts: Codes  # (G,)
    dropped: Mapping[str, int]


def entering(part: pl.DataFrame, wanted: Wanted) -> Rows:
    """Keep the rows that a within-person fit can use, sorted by person."""
    roles = wanted.roles
    group = str(roles.groups)
    rows, dropped = complete_rows(part, roles, "count")
    if not rows[group].is_sorted():
        rows = rows.sort(group, maintain_order=True)
    starts = _starts(rows[group])
    size = np.diff(np.append(starts, rows.height))
    # Outcomes are looked at after rows of persons without an event have gone, as `draw_sample` does.
    events = np.add.reduceat(floats(rows[roles.outcome[0]]), starts) if len(starts) else np.empty(0)
    fates = {f"no event in {group}": events == 0, f"one row in {group}": (events != 0) & (size == 1)}
    gone = np.zeros(len(starts), dtype=bool)
    for reason, fate in fates.items():
        if fate.any():
            dropped[reason] = int(size[fate].sum())
            gone |= fate
    if gone.any():
        rows = rows.filter(pl.Series(np.repeat(~gone, size)))
        starts = _starts(rows[group])
    return Rows(rows, rows[group].gather(starts), starts, dropped)


def _starts(labels: pl.Series) -> Codes:
    return np.flatnonzero((labels != labels.shift(1)).fill_null(value=True).to_numpy())


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
    return Facts(rows.frame.height, len(rows.labels), Counter(rows.dropped), levels)


@dataclass(frozen=True, eq=False)
class Spread:
    """How columns vary, in all rows and within persons."""

    total: Array  # (p,)
    squares: Array  # (p,)
    within: Array  # (p, p)
    flags: Mask  # (p,) whether all values are 0 or 1
    met: Mask  # (2, p) whether an event was met at 0, at 1
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


@dataclass(eq=False)
class Numbers:
    """The same rows as numbers: `x` (p, n) centred within persons, `events` (n,), `totals` (G,) of events."""

    x: Array
    events: Array
    offset: Array | None
    starts: Codes
    size: Codes
    totals: Array
    labels: pl.Series
    clusters: pl.Series  # (G,) the cluster of each person
    spread: Spread
    latest: tuple[Array, Array, float] | None = None  # what was last asked for: errors follow the last step


def numbers(rows: Rows, wanted: Wanted, columns: Columns) -> Numbers:
    """Make numbers of the rows of a part."""
    roles, frame, starts = wanted.roles, rows.frame, rows.starts
    raw = np.ascontiguousarray(columns.raw(frame).T)
    size = np.diff(np.append(starts, frame.height))
    events = outcome_values(frame, roles.outcome, "count")
    totals = np.add.reduceat(events, starts) if len(starts) else np.empty(0)
    sums = np.add.reduceat(raw, starts, axis=1) if len(starts) else np.zeros((len(raw), 0))
    x = raw - np.repeat(sums / size, size, axis=1)
    met = np.array([((raw == level) & (events > 0)).any(axis=1) for level in (0, 1)])
    spread = Spread(
        raw.sum(axis=1),
        (raw**2).sum(axis=1),
        x @ x.T,
        ((raw == 0) | (raw == 1)).all(axis=1),
        met,
        float(gammaln(totals + 1).sum() - gammaln(events + 1).sum()),
    )
    cluster = rows.labels if roles.cluster in (None, roles.groups) else frame[str(roles.cluster)].gather(starts)
    offset = None if roles.exposure is None else offset_of(frame, roles)
    return Numbers(x, events, offset, starts, size, totals, rows.labels, cluster, spread)


def _expected(part: Numbers, params: Array, weights: Array | None = None) -> tuple[Array, float]:
    """Give each row's share of its person's total (n,), and the log-likelihood of persons with weights (G,)."""
    if weights is None and part.latest is not None and np.array_equal(params, part.latest[0]):
        return part.latest[1:]
    eta = params @ part.x
    if part.offset is not None:
        eta += part.offset
    if max(eta.max(initial=0.0), -eta.min(initial=0.0)) > _SAFE:
        eta -= np.repeat(np.maximum.reduceat(eta, part.starts), part.size)
    events = part.events if weights is None else part.events * np.repeat(weights, part.size)
    totals = part.totals if weights is None else part.totals * weights
    loglik = float(events @ eta)
    np.exp(eta, out=eta)
    rates = np.add.reduceat(eta, part.starts)
    loglik -= float(totals @ np.log(rates))
    eta *= np.repeat(part.totals / rates, part.size)
    if weights is None:
        part.latest = params, eta, loglik
    return eta, loglik


def sums(part: Numbers, params: Array, weights: Array | None = None) -> Sums:
    """Give what a part adds to the likelihood, its slope and its curvature; `params` are per unit.

    `weights` (G,) count how often each person enters, once each where there are none.
    """
    p = len(params)
    if not len(part.starts):
        return Sums(0.0, np.zeros(p), np.zeros((p, p)), np.zeros((p, p)))
    expected, loglik = _expected(part, params, weights)
    left = part.events - expected
    if weights is not None:
        left *= np.repeat(weights, part.size)
    weighted = part.x * expected
    means = np.add.reduceat(weighted, part.starts, axis=1)
    if weights is not None:
        weighted *= np.repeat(weights, part.size)
    per_total = means / part.totals if weights is None else means * (weights / part.totals)
    information = weighted @ part.x.T - per_total @ means.T
    return Sums(loglik, part.x @ left, information, information)


def by_cluster(part: Numbers, params: Array, scale: Array, *, shares: bool) -> tuple[pl.Series, Array, int]:
    """Give the sums of each cluster of a part: its score and, with `shares`, its share of the information."""
    expected, _ = _expected(part, params)
    scores = np.add.reduceat(part.x * (part.events - expected), part.starts, axis=1).T * scale
    if shares:
        means = np.add.reduceat(part.x * expected, part.starts, axis=1)
        one, other = np.triu_indices(len(part.x))
        upper = np.add.reduceat(part.x[one] * part.x[other] * expected, part.starts, axis=1)
        upper -= means[one] * means[other] / part.totals
        scores = np.hstack([scores, (upper.T * (scale[one] * scale[other]))])
    return part.clusters, scores, len(part.events)


def row_meat(part: Numbers, params: Array, scale: Array) -> Array:
    """Give the sum of the squared scores of single rows, for HC0."""
    expected, _ = _expected(part, params)
    means = np.add.reduceat(part.x * expected, part.starts, axis=1) / part.totals
    scores = (part.x - np.repeat(means, part.size, axis=1)) * (part.events - expected) * scale[:, None]
    return np.asarray(scores @ scores.T)


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
    plain = Columns(wanted.roles.terms, levels, np.zeros(len(names)), np.ones(len(names)), intercept=False)
    parts = rows.prepared(bound(numbers, wanted, plain))
    return found, parts, parts.total(_spread), names


def fit_persons(wanted: Wanted, engine: Engine) -> Fit:
    """Fit exp(person + offset + x b) given persons' totals; the parts of the engine are frames of whole persons.

    Raises HypnicError as `fit` does.
    """
    found, parts, spread, names = prepared(wanted, engine)
    unit = 1 / _refused(spread, names, found.rows)

    def at(params: Array) -> Sums:
        here: Sums = parts.total(bound(sums, params * unit))
        information = here.information * np.outer(unit, unit)
        return Sums(here.loglik, here.gradient * unit, information, information)

    params, taken = climb(at, np.zeros(len(names)))
    return _finished(wanted, parts, found, spread, names, unit, params, at(params), taken + 1)


def _spread(part: Numbers) -> Spread:
    return part.spread


def _refused(spread: Spread, names: Sequence[str], rows: int) -> Array:
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


def _finished(  # noqa: PLR0913, PLR0917
    wanted: Wanted,
    parts: Engine,
    found: Facts,
    spread: Spread,
    names: Sequence[str],
    unit: Array,
    params: Array,
    here: Sums,
    taken: int,
) -> Fit:
    """Give the fit at its maximum, errors included."""
    kind, per_unit, p = wanted.covariance, params * unit, len(params)
    estimation = Estimation(params, here.gradient[None], here.information, np.zeros(1), "")
    back = np.diag(unit)
    indicators = frozenset(name for name, flag in zip(names, spread.flags, strict=True) if flag)
    refuse_infinite(DesignMatrix(tuple(names), np.empty((0, p)), back, indicators, p), estimation)
    clusters, bread = None, errors.covariance("model", estimation)
    if kind.startswith("CR"):
        adding = Adding(p, kind == "CR3")
        for labels, added, rows in parts.each(bound(_clustered, per_unit, unit, kind == "CR3")):
            adding.put(labels, added, rows)
        clusters = adding.clusters()
        vcov = clusters.covariance(kind, here.information)
    elif kind == "HC0":
        vcov = bread @ parts.total(bound(row_meat, per_unit, unit)) @ bread
    else:
        vcov = bread
    free = clusters is not None and kind == "CR3"
    return Reached(
        names=tuple(names),
        back=back,
        params=params,
        vcov=np.asarray(vcov),
        loglik=here.loglik + spread.constant,
        score_max=estimation.score_max,
        n_rows=found.rows,
        n_groups=found.persons,
        n_dropped=found.dropped,
        optimizer=f"newton, {taken} steps",
        route="persons",
        freedom=partial(clusters.freedom, here.information) if free and clusters else None,
        joint=partial(clusters.joint, here.information) if free and clusters else None,
        warnings=few_clusters(kind, len(clusters.scores) if clusters else found.persons),
    ).fit()


def _clustered(part: Numbers, params: Array, scale: Array, shares: bool) -> tuple[pl.Series, Array, int]:  # noqa: FBT001
    if not len(part.starts):
        return part.clusters, np.empty((0, _width(len(scale), shares=shares))), 0
    return by_cluster(part, params, scale, shares=shares)


def _width(p: int, *, shares: bool) -> int:
    return p + p * (p + 1) // 2 if shares else p
