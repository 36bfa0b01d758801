"""Numbers in the columns of a fit: of a kind that can be added up, none infinite, and what is NaN is missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.regression.outcomes import OutcomeKind
    from hypnic.analysis.regression.roles import Roles

_VAST = 1e100  # its square is a number still


def nan_as_null(frame: pl.DataFrame) -> pl.DataFrame:
    """Make NaN null; most columns have none, and are only looked at."""
    floating = (series for series in frame.get_columns() if series.dtype.is_float())
    some = [one.name for one in floating if one.null_count() or np.isnan(one.to_numpy()).any()]
    return frame.with_columns(pl.col(some).fill_nan(None)) if some else frame


def check_columns(frame: pl.DataFrame, roles: Roles, kind: OutcomeKind) -> None:
    """Raise HypnicError for a column that cannot play its part."""
    schema = frame.schema
    for name in roles.numeric():
        ranked = kind == "ordered" and name in roles.outcome and schema[name] == pl.Enum
        if not (ranked or schema[name].is_numeric() or schema[name] == pl.Boolean):
            to = " to an enum, lowest level first," if kind == "ordered" and name in roles.outcome else ""
            msg = f"column {name!r} is {schema[name]}, not a number: cast it{to} before the fit"
            raise HypnicError(msg)
    for name in (*roles.numeric(), *roles.terms, *roles.zero_terms):
        if not schema[name].is_float() or (kind == "interval" and name == roles.outcome[-1]):
            continue
        largest = _largest(frame[name])
        infinite = math.isinf(largest)
        if infinite or (name in roles.terms + roles.zero_terms and largest > _VAST):
            what = "an infinite value" if infinite else f"a value beyond {_VAST:g}"
            msg = f"column {name!r} has {what}: make it null or fix it"
            raise HypnicError(msg)
    for name in roles.labels():
        if schema[name].is_nested() or frame.schema[name] == pl.Object:
            msg = f"column {name!r} is {schema[name]}, which names nobody: give numbers or text"
            raise HypnicError(msg)
    if roles.weights and (frame[roles.weights].cast(pl.Float64).fill_nan(None) < 0).any():
        msg = f"weights {roles.weights!r} has negative values: a sampling weight is zero or more"
        raise HypnicError(msg)
    if roles.domain and not frame[roles.domain].cast(pl.Float64).fill_nan(None).drop_nulls().is_in([0.0, 1.0]).all():
        msg = f"domain {roles.domain!r} must hold only 0 and 1"
        raise HypnicError(msg)


def _largest(numbers: pl.Series) -> float:
    """Give the size of the largest number, above or below 0; what is missing, or NaN, is none."""
    ends = [float(end) for end in (numbers.min(), numbers.max()) if isinstance(end, float)]
    return max((abs(end) for end in ends if not math.isnan(end)), default=0.0)
