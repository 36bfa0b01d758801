"""Outcomes as numbers: counts, shares, intervals and ordered levels, refused where they are no such thing."""

from typing import Literal

import numpy as np
import polars as pl

from hypnic.analysis.regression.problem import Array
from hypnic.errors import HypnicError

OutcomeKind = Literal["count", "whole", "share", "interval", "ordered", "number"]
_MOST_LEVELS = 100
_HIGHEST = 1000  # every count up to a maximum has its own probability
_LARGEST = 1e6  # negative binomial masses are products over all smaller counts


def outcome_values(rows: pl.DataFrame, names: tuple[str, ...], kind: OutcomeKind) -> Array:
    """Return (n,) numbers, or (n, 2): successes and trials, or lowest and highest count."""
    if kind == "ordered":
        codes = floats(rows[names[0]].to_physical())
        return np.asarray(codes - codes.min())
    first, last = floats(rows[names[0]]), floats(rows[names[-1]])
    if kind == "number":
        return first
    refuse(first < 0, f"outcome {names[0]!r} has negative values: counts start at 0")
    if kind == "whole":
        refuse(first > _LARGEST, f"outcome {names[0]!r} is above a million: use family='poisson'")
        refuse(first != np.floor(first), f"outcome {names[0]!r} must hold whole numbers, or use family='poisson'")
    if kind in ("count", "whole"):
        return first
    if kind == "share":
        if len(names) == 1:
            refuse((first != 0) & (first != 1), f"outcome {names[0]!r} must hold 0 and 1, or be a (k, n) pair")
            last = np.ones_like(first)
        refuse(last <= 0, f"trials {names[-1]!r} must be above 0: drop rows in which nothing was observed")
        refuse(first > last, f"outcome {names[0]!r} is above its trials {names[-1]!r}")
    else:
        last = np.where(np.isnan(last), np.inf, last)
        refuse(
            last < first,
            f"interval {names[0]!r} is above {names[-1]!r}: swap them, or leave an open end null",
        )
        whole = (first == np.floor(first)) & ((last == np.floor(last)) | np.isinf(last))
        refuse(~whole, f"interval {names[0]!r}, {names[-1]!r} must hold whole numbers")
    return np.column_stack([first, last])


def ceilings(rows: pl.DataFrame, maximum: str | int | None) -> Array | None:
    """Return the largest count there can be in each row: one number for all, or a column."""
    if maximum is None:
        return None
    top = floats(rows[maximum]) if isinstance(maximum, str) else np.full(rows.height, float(maximum))
    refuse((top < 1) | (top != np.floor(top)), f"maximum {maximum!r} must be a whole number of 1 or more")
    refuse(top > _HIGHEST, f"maximum {maximum!r} is above {_HIGHEST}: use family='interval-nb2'")
    return top


def closed(interval: Array, ceiling: Array, names: tuple[str, ...], maximum: str | int | None) -> Array:
    """Close open intervals at the largest count there can be."""
    low, high = interval.T
    name = names[0] if (low > ceiling).any() else names[-1]
    refuse((low > ceiling) | ((high > ceiling) & np.isfinite(high)), f"{name!r} is above the maximum {maximum!r}")
    return np.column_stack([low, np.minimum(high, ceiling)])


def levels_of(outcome: pl.Series) -> tuple[str, ...]:
    """Name the levels of an ordered outcome, lowest first; each must have rows, as thresholds lie between them."""
    if isinstance(outcome.dtype, pl.Enum):
        levels = outcome.dtype.categories.to_list()
        seen = set(outcome.unique())
    else:
        codes = floats(outcome)
        refuse(codes != np.floor(codes), f"outcome {outcome.name!r} must hold whole codes, or be an enum")
        if codes.max() - codes.min() > _MOST_LEVELS:
            msg = f"outcome {outcome.name!r} spans more than {_MOST_LEVELS} levels: it is a count, or needs bands"
            raise HypnicError(msg)
        levels = [str(code) for code in range(int(codes.min()), int(codes.max()) + 1)]
        seen = {str(int(code)) for code in np.unique(codes)}
    if len(seen) == 1:
        msg = f"outcome {outcome.name!r} is {next(iter(seen))!r} in every row: there is nothing to fit"
        raise HypnicError(msg, reason="no_variation")
    for level in levels:
        if level not in seen:
            msg = f"level {level!r} of outcome {outcome.name!r} has no rows: pool it with a neighbour, or recode"
            raise HypnicError(msg, reason="empty_level")
    return tuple(levels)


def refuse(wrong: np.typing.NDArray[np.bool_], message: str) -> None:
    """Refuse rows that break a rule, and say how many do."""
    if wrong.any():
        msg = f"{message} ({int(wrong.sum())} rows)"
        raise HypnicError(msg)


def floats(values: pl.Series) -> Array:
    """Return numbers as floats, missing ones as NaN."""
    return values.cast(pl.Float64).to_numpy()
