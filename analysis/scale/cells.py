"""Rows that are alike in everything a fit reads, joined into one with a count: its sufficient statistics.

A likelihood is a sum over rows. Rows with the same outcome, terms, exposure and cluster add the same to it, so one of
them times their number is all of them: the estimate, its information, its likelihood and every sandwich are the same.
A generalised linear model's score is linear in the outcome, so there rows with the same terms alone need be told
apart; how far their outcomes lie from each other is kept for errors that do not trust the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import gammaln

from hypnic.analysis.regression.frame import Sample, complete_rows
from hypnic.analysis.regression.outcomes import ceilings, closed, floats, levels_of, outcome_values, refuse
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.scale.source import columns_of, reading
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.analysis.regression.families import Family
    from hypnic.analysis.regression.problem import Array

ROWS, ABSENT = "__rows__", "__no_cluster__"
_MEAN, _APART = "__mean__", "__apart__"


@dataclass(frozen=True, eq=False)
class Cells:
    """Distinct rows that a fit can use: `sample` as a fit reads it, where `sample.counts` (n,) counts each.

    `apart` (n,) are the sums of squares of the outcomes in a cell about their mean, 0 where all are the same;
    `constant` is what a Poisson or binomial log-likelihood adds that no coefficient moves.
    """

    sample: Sample
    apart: Array
    constant: float

    @property
    def rows(self) -> int:
        """Count the rows."""
        assert self.sample.counts is not None  # noqa: S101
        return int(self.sample.counts.sum())


def grouped(lazy: pl.LazyFrame, roles: Roles, *, clusters: bool) -> pl.DataFrame:
    """Count rows that are alike, in one streaming pass; with `clusters`, those of each cluster apart."""
    names = roles.every()
    keys = [name for name in names if clusters or name != roles.cluster]
    known = columns_of(lazy, names)
    if roles.cluster and not clusters:
        known = known.with_columns(pl.col(roles.cluster).is_null().alias(ABSENT))
        keys.append(ABSENT)
    with reading():
        return known.group_by(keys).agg(pl.len().alias(ROWS)).collect(engine="streaming")


def merged(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Add up the counts of cells that were counted in parts of the rows."""
    both = pl.concat(parts)
    return both.group_by([name for name in both.columns if name != ROWS]).agg(pl.col(ROWS).sum())


def cells(counted: pl.DataFrame, roles: Roles, entry: Family, *, folded: bool) -> Cells:
    """Make counted rows into those a fit reads; `folded` joins those that differ in their outcome alone.

    Raises HypnicError for what cannot be fitted, as `fit` does.
    """
    with_cluster = roles.cluster in counted.columns
    told = roles if with_cluster else _but_cluster(roles)
    rows, n_dropped = complete_rows(counted, told, entry.kind, counts=ROWS)
    if ABSENT in rows.columns:
        if lost := int(rows[ROWS].filter(rows[ABSENT]).sum()):
            n_dropped[f"missing {roles.cluster}"] = lost
        rows = rows.filter(~pl.col(ABSENT)).drop(ABSENT)
    if rows.is_empty():
        reasons = ", ".join(f"{k} {v}" for k, v in n_dropped.items()) or "the frame is empty"
        message = f"no row is left to fit {roles.outcome[0]!r}: {reasons}"
        raise HypnicError(message, reason="few_rows")
    _exactly(rows, lambda one: _checked(one, roles, entry))
    constant = _constant(rows, roles) if folded else 0.0
    levels = levels_of(rows[roles.outcome[0]]) if entry.kind == "ordered" else ()
    names = [name for name in rows.columns if name != ROWS]
    if folded:
        rows = _folded(rows, roles, [name for name in names if name != roles.outcome[0]])
    else:
        rows = rows.sort(names, nulls_last=True).with_columns(pl.lit(0.0).alias(_APART))
    counts, ceiling = floats(rows[ROWS]), ceilings(rows, roles.maximum)
    outcome = _outcome(rows, roles, entry, folded=folded)
    if ceiling is not None:
        outcome = closed(outcome, ceiling, roles.outcome, roles.maximum)
    sample = Sample(
        frame=rows.drop(_APART, ROWS),
        outcome=outcome,
        offset=np.zeros(rows.height) if roles.exposure is None else np.log(floats(rows[roles.exposure])),
        weights=counts,
        cluster=rows[roles.cluster].rank("dense").to_numpy().astype(np.intp) - 1 if roles.cluster and with_cluster
        else None,
        groups=None,
        survey=None,
        n_dropped=n_dropped,
        levels=levels,
        ceiling=ceiling,
        counts=counts,
    )  # fmt: skip
    return Cells(sample, floats(rows[_APART]), constant)


def _but_cluster(roles: Roles) -> Roles:
    return Roles(roles.outcome, roles.terms, roles.zero_terms, roles.exposure, maximum=roles.maximum)


def _folded(rows: pl.DataFrame, roles: Roles, keys: list[str]) -> pl.DataFrame:
    """Join cells that differ in their outcome alone: their number, mean, and squares about it."""
    outcome, count = pl.col(roles.outcome[0]).cast(pl.Float64), pl.col(ROWS)
    if not keys:  # no term at all
        rows, keys = rows.with_columns(pl.lit(0, pl.Int8).alias("__all__")), ["__all__"]
    # Squares are taken about a value near the means, so that no digits cancel.
    middle = float(rows.select((outcome * count).sum() / count.sum()).item())
    apart = outcome - middle
    summed = rows.lazy().select(*keys, ROWS, (apart * count).alias(_MEAN), (apart**2 * count).alias(_APART))
    joined = summed.group_by(keys).agg(pl.col(_MEAN, _APART, ROWS).sum()).collect(engine="streaming")
    mean = pl.col(_MEAN) / count
    spread = pl.when(count > 1).then((pl.col(_APART) - mean * pl.col(_MEAN)).clip(0)).otherwise(0.0)
    folded = joined.with_columns((mean + middle).alias(_MEAN), spread.alias(_APART))
    return _in_order(folded, keys).rename({_MEAN: roles.outcome[0]})


def _in_order(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sort rows by columns that miss nothing: by one whole number where these are all such, which is much faster."""
    types = [rows.schema[name] for name in keys]
    if not all(one.is_integer() or one == pl.Boolean for one in types):
        return rows.sort(keys)
    ends = rows.select(keys).select(pl.all().min().name.suffix("<"), pl.all().max().name.suffix(">"))
    place, most = pl.lit(0, pl.Int64), 1
    for name in keys:
        low, high = int(ends[f"{name}<"][0]), int(ends[f"{name}>"][0])
        most *= high - low + 1
        place = place * (high - low + 1) + (pl.col(name).cast(pl.Int64) - low)
        if most >= 2**62 or high >= 2**62 or low <= -(2**62):
            return rows.sort(keys)
    return rows[rows.select(place).to_series().arg_sort()]


def _outcome(rows: pl.DataFrame, roles: Roles, entry: Family, *, folded: bool) -> Array:
    if not folded or entry.kind != "share":
        return outcome_values(rows, roles.outcome, "number" if folded else entry.kind)
    last = floats(rows[roles.outcome[1]]) if len(roles.outcome) == 2 else np.ones(rows.height)
    return np.column_stack([floats(rows[roles.outcome[0]]), last])


def _checked(rows: pl.DataFrame, roles: Roles, entry: Family) -> None:
    outcome_values(rows, roles.outcome, entry.kind)
    if roles.exposure is not None:
        wrong = floats(rows[roles.exposure]) <= 0
        refuse(wrong, f"exposure {roles.exposure!r} must be above 0: drop rows in which nothing was observed")


def _exactly(rows: pl.DataFrame, check: Callable[[pl.DataFrame], None]) -> None:
    """Check cells; where one is refused, check the rows, so that the refusal counts them."""
    try:
        check(rows)
    except HypnicError:
        check(rows[np.repeat(np.arange(rows.height), rows[ROWS].to_numpy())])
        raise


def _constant(rows: pl.DataFrame, roles: Roles) -> float:
    """Add up log(n choose k), or minus log(y!), over the rows, from the histogram of the outcome."""
    histogram = rows.group_by(roles.outcome).agg(pl.col(ROWS).sum()).cast(pl.Float64).sort(roles.outcome)
    first, counts = histogram[roles.outcome[0]].to_numpy(), histogram[ROWS].to_numpy()
    if len(roles.outcome) == 1:
        return float(-(counts @ gammaln(first + 1)))
    last = histogram[roles.outcome[1]].to_numpy()
    return float(counts @ (gammaln(last + 1) - gammaln(first + 1) - gammaln(last - first + 1)))
