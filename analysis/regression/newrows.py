"""New rows as the columns of a fit: levels and order are those of the rows that it was fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from hypnic.analysis.regression.design import INTERCEPT, levels_of_term
from hypnic.analysis.regression.foreign import Frame, as_polars
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.problem import Array

ZERO = "zero:"


class NewRows(NamedTuple):
    """Columns of rows by the names of a fit; a row that misses a value is NaN throughout."""

    matrix: Array  # (n, p) of the outcome's part; thresholds have columns of 0
    zero: Array  # (n, z) of the zero part
    offset: Array  # (n,) log exposure
    ceiling: Array | None  # (n,) the largest count there can be


def new_rows(fitted: Fitted, frame: Frame | None) -> NewRows:
    """Set a frame, or the rows that entered, as columns.

    The frame has the terms and, where the fit has them, the exposure and the column of the maximum; no outcome. Raises
    HypnicError for a level that the fit did not see, a type that is not that of the fit, an infinite value or an
    exposure of zero.
    """
    roles = fitted.asked.roles
    terms = list(dict.fromkeys((*roles.terms, *roles.zero_terms)))
    others = [name for name in (roles.exposure, roles.ceiling) if name]
    wanted = list(dict.fromkeys((*terms, *others)))
    if frame is None:
        rows = fitted.sample.frame.select(wanted or pl.first())
    elif wanted:
        rows = as_polars(frame, wanted)
    else:  # a fit of the intercept alone: the frame says how many rows are wanted
        rows = pl.DataFrame({"": np.zeros(as_polars(frame, list(getattr(frame, "columns", []))[:1]).height)})
    made: dict[str, Array] = {}
    for name in terms:
        made |= columns_of(rows[name], fitted.sample.frame[name])
    numbers = {name: _numbers(rows[name]) for name in others}
    missing = np.zeros(rows.height, dtype=np.bool_)
    for values in (*made.values(), *numbers.values()):
        missing |= np.isnan(values)
    for name in others:
        if (numbers[name] <= 0).any():
            message = f"column {name!r} must be above 0: leave out rows in which nothing is observed"
            raise HypnicError(message)
    offset = np.log(numbers[roles.exposure]) if roles.exposure else np.zeros(rows.height)
    ceiling = numbers.get(str(roles.maximum)) if isinstance(roles.maximum, str) else roles.maximum
    parts = []
    for zero in (False, True):
        names = [name for name in fitted.names if name.startswith(ZERO) == zero]
        columns = [_column(name.removeprefix(ZERO) if zero else name, made, rows.height) for name in names]
        matrix = np.column_stack(columns) if columns else np.zeros((rows.height, 0))
        parts.append(np.where(missing[:, None], np.nan, matrix))
    top = None if ceiling is None else np.broadcast_to(np.nan_to_num(ceiling, nan=1.0), rows.height)
    return NewRows(parts[0], parts[1], offset, top)


def _column(name: str, made: dict[str, Array], n: int) -> Array:
    if name in made:
        return made[name]
    return np.full(n, 1.0 if name == INTERCEPT else 0.0)


def columns_of(values: pl.Series, seen: pl.Series) -> dict[str, Array]:
    """Make a term into its columns, with the levels of the rows that were fitted."""
    name, levels = seen.name, levels_of_term(seen)
    if levels is None:
        return {name: _numbers(values)}
    if not isinstance(values.dtype, (pl.String, pl.Categorical, pl.Enum, pl.Null)):
        message = f"column {name!r} is {values.dtype}, but was text in the fit: give one of its levels"
        raise HypnicError(message)
    text = values.cast(pl.String)
    if strange := sorted(set(text.drop_nulls().unique()) - set(levels)):
        message = (
            f"column {name!r} has {strange[0]!r}, which the fit did not see: its levels are {', '.join(levels[:8])}"
        )
        raise HypnicError(message)
    return {f"{name}[{level}]": (text == level).cast(pl.Float64).to_numpy() for level in levels[1:]}


def _numbers(values: pl.Series) -> Array:
    if not (values.dtype.is_numeric() or values.dtype in (pl.Boolean, pl.Null)):
        message = f"column {values.name!r} is {values.dtype}, not a number as in the fit: cast it"
        raise HypnicError(message)
    numbers = values.cast(pl.Float64).to_numpy()
    if np.isinf(numbers).any():
        message = f"column {values.name!r} has an infinite value: make it null or fix it"
        raise HypnicError(message)
    return np.asarray(numbers)
