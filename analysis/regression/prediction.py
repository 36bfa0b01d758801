"""Expected outcomes of rows, averages over rows and what an exposure changes in them: g-computation.

Errors are by the delta method, from the fit's own covariance and with its own degrees of freedom. The rows are taken as
they are: nothing is added for which people happen to be in them, as in R's `marginaleffects` and `margins`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from hypnic.analysis.regression.contrasts import delta_line
from hypnic.analysis.regression.foreign import as_polars
from hypnic.analysis.regression.limits import limits, scale_of, scale_of_average
from hypnic.analysis.regression.means import Means, expected_means
from hypnic.analysis.regression.newrows import columns_of, new_rows
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.foreign import Frame
    from hypnic.analysis.regression.problem import Array

Kind = Literal["difference", "ratio", "slope"]
KINDS = ("difference", "ratio", "slope")
_STEP = 1e-4  # of a standard deviation: what a slope is taken over, on both sides


def predicted(fitted: Fitted, frame: Frame | None) -> pl.DataFrame:
    """Expect the outcome of each row, as `Fit.predict` says."""
    rows = new_rows(fitted, frame)
    means = expected_means(fitted, rows)
    n, levels = means.expected.shape
    top = np.ones(n) if rows.ceiling is None else rows.ceiling
    lines = [limits(fitted, means.expected[:, k], means.slopes[:, k], scale_of(fitted), top) for k in range(levels)]
    if fitted.asked.family != "ordered":
        return lines[0]
    place = pl.Series("row", np.arange(n), pl.UInt32)
    found = [
        line.select(place, pl.lit(level).alias("level"), pl.all())
        for line, level in zip(lines, fitted.sample.levels, strict=True)
    ]
    return pl.concat(found).sort("row", maintain_order=True)


def averaged(fitted: Fitted, term: str, at: Sequence[float | str] | float | str | None) -> pl.DataFrame:
    """Average what is expected with everyone set to each level or value of a term, as `Fit.means` says."""
    rows = fitted.sample.frame
    values = rows[_known(fitted, term)]
    weights = fitted.sample.weights / fitted.sample.weights.sum()
    found = []
    for value in _values(values, at):
        set_to = new_rows(fitted, rows.with_columns(pl.lit(value, values.dtype if at is None else None).alias(term)))
        means = expected_means(fitted, set_to)
        top = np.array([1.0 if set_to.ceiling is None else weights @ set_to.ceiling])
        for level, name in enumerate(_names(fitted)):
            average = (weights @ means.expected[:, level])[None], (weights @ means.slopes[:, level])[None]
            line = limits(fitted, *average, scale_of_average(fitted), top)
            found.append(line.select(pl.lit(term).alias("term"), pl.lit(value).alias("value"), *name, pl.all()))
    return pl.concat(found)


def compared(fitted: Fitted, before: Frame, after: Frame, kind: Kind, label: str = "after vs before") -> pl.DataFrame:
    """Compare what is expected on average of two frames with the same rows, as `Fit.compare` says."""
    _refuse_kind(kind, KINDS[:2])
    one, other = (new_rows(fitted, frame) for frame in (before, after))
    if len(one.offset) != len(other.offset):
        message = f"before has {len(one.offset)} rows, after {len(other.offset)}: they must be the same rows, changed"
        raise HypnicError(message)
    means = expected_means(fitted, one), expected_means(fitted, other)
    name = fitted.asked.roles.weights
    weights = as_polars(before, [name])[name].cast(pl.Float64).to_numpy() if name else np.ones(len(one.offset))
    if not len(weights) or any(np.isnan(part).any() for part in (weights, *(one.expected for one in means))):
        message = "a row misses a value, or there is none: give complete rows"
        raise HypnicError(message)
    return _lines(fitted, means, weights / weights.sum(), kind, label)


def changed(fitted: Fitted, term: str, step: float | None, kind: Kind) -> pl.DataFrame:
    """Compare what is expected on average with a term changed, as `Fit.average` says."""
    _refuse_kind(kind, KINDS)
    rows = fitted.sample.frame
    values = rows[_known(fitted, term)]
    _refuse_made_of(fitted, term)
    weights = fitted.sample.weights / fitted.sample.weights.sum()
    found = []
    for label, low, high, size in _changes(values, step, kind):
        means = [expected_means(fitted, new_rows(fitted, rows.with_columns(one.alias(term)))) for one in (low, high)]
        found.append(_lines(fitted, (means[0], means[1]), weights, kind, label, size, term))
    return pl.concat(found)


def _changes(values: pl.Series, step: float | None, kind: Kind) -> list[tuple[str, pl.Expr, pl.Expr, float]]:
    """Say each change of a term in words, what it is set to before and after, and over how much a slope is taken."""
    name = values.name
    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
        if step is not None or kind == "slope":
            message = f"term {name!r} has levels: each is compared with the first, so leave out step and kind='slope'"
            raise HypnicError(message)
        first, *rest = values.unique().sort().to_list()
        return [(f"{level} vs {first}", pl.lit(first), pl.lit(level), 1.0) for level in rest]
    dose = pl.col(name).cast(pl.Float64)
    if kind == "slope":
        if step is not None:
            message = "a slope is taken at a point: leave out step, or take kind='difference'"
            raise HypnicError(message)
        size = _STEP * float(np.std(values.cast(pl.Float64).to_numpy()))
        return [("slope", dose - size, dose + size, 2 * size)]
    if step is None and values.cast(pl.Float64).is_in([0.0, 1.0]).all():
        return [("1 vs 0", pl.lit(0.0), pl.lit(1.0), 1.0)]
    by: Any = 1.0 if step is None else step
    if not (isinstance(by, (int, float)) and np.isfinite(by) and by != 0):
        message = f"step {step!r} changes nothing: give a number other than 0"
        raise HypnicError(message)
    return [(f"{by:+g}", dose, dose + by, 1.0)]


def _lines(  # noqa: PLR0913, PLR0917
    fitted: Fitted,
    means: tuple[Means, Means],
    weights: Array,
    kind: Kind,
    label: str,
    size: float = 1.0,
    term: str = "",
) -> pl.DataFrame:
    """Make the change of an average a row of the columns of `Fit.contrast`, for each level of an ordered outcome."""
    found = []
    for level, name in enumerate(_names(fitted)):
        low, high = (float(weights @ one.expected[:, level]) for one in means)
        down, up = (weights @ one.slopes[:, level] for one in means)
        if kind == "ratio":
            line = delta_line(fitted, np.log(high) - np.log(low), up / high - down / low)
            line = line.with_columns(pl.col("estimate", "conf_low", "conf_high").exp())
        else:
            line = delta_line(fitted, (high - low) / size, (up - down) / size)
        about = [pl.lit(term).alias("term"), pl.lit(label).alias("contrast"), *name]
        found.append(line.select(*about, pl.exclude("term")))
    return pl.concat(found)


def _names(fitted: Fitted) -> list[list[pl.Expr]]:
    """Give the column that names a level of an ordered outcome; no column for any other."""
    if fitted.asked.family != "ordered":
        return [[]]
    return [[pl.lit(level).alias("level")] for level in fitted.sample.levels]


def _refuse_kind(kind: str, kinds: Sequence[str]) -> None:
    if kind not in kinds:
        message = f"there is no kind {kind!r}: choose from {', '.join(kinds)}"
        raise HypnicError(message)


def _known(fitted: Fitted, term: str) -> str:
    roles = fitted.asked.roles
    terms = list(dict.fromkeys((*roles.terms, *roles.zero_terms)))
    if term not in terms:
        message = f"the fit has no term {term!r}: its terms are {', '.join(terms) or 'none'}"
        raise HypnicError(message)
    return term


def _values(values: pl.Series, at: Sequence[float | str] | float | str | None) -> list[object]:
    """Choose what everyone is set to: the levels of a term, or the few values that it has."""
    if at is not None:
        if not (given := [at] if isinstance(at, (str, int, float)) else list(at)):
            message = f"at holds no value: say what {values.name!r} is set to"
            raise HypnicError(message)
        return list(given)
    levels = values.unique().sort().to_list()
    if values.dtype.is_numeric() and len(levels) > 10:
        message = f"term {values.name!r} has many values: say at which, as at=[0, 100, 200]"
        raise HypnicError(message)
    return levels


def _refuse_made_of(fitted: Fitted, term: str) -> None:
    """Refuse to change a term alone that another one was made of: a product or a square would stay behind."""
    roles, frame = fitted.asked.roles, fitted.sample.frame
    every = {name: columns_of(frame[name], frame[name]) for name in dict.fromkeys((*roles.terms, *roles.zero_terms))}
    own = every.pop(term)
    others = [(name, values) for columns in every.values() for name, values in columns.items()]
    for other, values in others:
        for mine in own.values():
            for by, factor in [(term, mine), *others]:
                product = mine * factor
                if by != other and product.any() and np.allclose(values, product, rtol=1e-9, atol=0):
                    message = (
                        f"term {other!r} is {term!r} times {by!r} and would stay behind: make frames of the rows before"
                        " and after, with both columns changed, and give them to compare"
                    )
                    raise HypnicError(message)
