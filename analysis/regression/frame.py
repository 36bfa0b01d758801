"""The rows that enter a fit: columns checked, incomplete rows dropped and counted by reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hypnic.analysis.regression.foreign import Frame, as_polars
from hypnic.analysis.regression.numbers import check_columns, nan_as_null
from hypnic.analysis.regression.outcomes import (
    OutcomeKind,
    ceilings,
    closed,
    floats,
    levels_of,
    outcome_values,
    refuse,
)
from hypnic.analysis.regression.problem import Array, Codes
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.regression.survey import SurveyDesign, survey_design
from hypnic.errors import HypnicError

_ROW = "__row__"


@dataclass(frozen=True, eq=False)
class Sample:
    """Complete rows in the order of the frame, with their outcome, log exposure, weights and codes."""

    frame: pl.DataFrame
    outcome: Array
    offset: Array
    weights: Array
    cluster: Codes | None
    groups: Codes | None
    survey: SurveyDesign | None
    n_dropped: dict[str, int]
    levels: tuple[str, ...] = ()  # of an ordered outcome, lowest first
    ceiling: Array | None = None  # the largest count there can be in each row
    counts: Array | None = None  # (n,) how many rows each stands for, where rows alike were joined into one

    @property
    def places(self) -> Codes:
        """Which rows of the frame that was given these are (n,), counted from 0."""
        return self.frame[_ROW].to_numpy().astype(np.intp)


def draw_sample(given: Frame, roles: Roles, kind: OutcomeKind, *, within: bool, design: bool = False) -> Sample:
    """Check the named columns and keep the rows a fit can use.

    Null and NaN are both missing. With `design` the rows outside the domain, and rows that miss a value,
    still count as part of the survey: their PSU and stratum stay. `within` groups (persons), those without any event
    to count, always at their ceiling, or with one row, say nothing about a contrast: their rows are dropped and
    counted.
    """
    frame = as_polars(given, roles.every())
    check_columns(frame, roles, kind)
    rows = nan_as_null(frame).with_row_index(_ROW)
    full = {name for name in rows.columns if not rows[name].null_count()}  # most are, and are not looked at again
    n_dropped: dict[str, int] = {}
    design_columns = [c for c in (roles.strata, roles.psu) if c]
    rows = _drop(rows, ((f"missing {c}", pl.col(c).is_null()) for c in design_columns if c not in full), n_dropped)
    survey, surveyed = None, rows[_ROW].to_numpy()
    if design and rows.height:
        survey = survey_design(rows, roles.strata, roles.psu)
    rows = _drop(rows, _reasons(roles, kind, full), n_dropped)
    if roles.groups and within:
        rows = _drop_silent(rows, roles, kind, n_dropped)
    if rows.is_empty():
        reasons = ", ".join(f"{k} {v}" for k, v in n_dropped.items()) or "the frame is empty"
        msg = f"no row is left to fit {roles.outcome[0]!r}: {reasons}"
        alike = any(reason.startswith(("no event", "one row", "an event")) for reason in n_dropped)
        raise HypnicError(msg, reason="no_contrast" if alike else "few_rows")
    weights = np.ones(rows.height) if roles.weights is None else floats(rows[roles.weights])
    kept = np.searchsorted(surveyed, rows[_ROW].to_numpy())
    levels = levels_of(rows[roles.outcome[0]]) if kind == "ordered" else ()
    ceiling, outcome = ceilings(rows, roles.maximum), outcome_values(rows, roles.outcome, kind)
    codes = {name: _codes(rows[name]) for name in {roles.cluster, roles.groups} if name}
    if ceiling is not None:
        outcome = closed(outcome, ceiling, roles.outcome, roles.maximum)
    return Sample(
        frame=rows,
        outcome=outcome,
        offset=_offset(rows, roles.exposure),
        weights=weights / weights.mean(),
        cluster=codes.get(roles.cluster or ""),
        groups=codes.get(roles.groups or ""),
        survey=survey.at(kept) if survey else None,
        n_dropped=n_dropped,
        levels=levels,
        ceiling=ceiling,
    )


def complete_rows(
    frame: pl.DataFrame, roles: Roles, kind: OutcomeKind, *, counts: str | None = None, within: bool = False
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Check the named columns of some rows, keep those a fit can use, and count the others by reason.

    It is what `draw_sample` does where no survey's design matters, so that it may be asked of a part of the rows; of
    whole persons, with `within`. `counts` names a column that says how many rows each of them stands for.
    """
    check_columns(frame, roles, kind)
    rows = nan_as_null(frame)
    full = {name for name in rows.columns if not rows[name].null_count()}
    n_dropped: dict[str, int] = {}
    rows = _drop(rows, _reasons(roles, kind, full), n_dropped, counts)
    return (_drop_silent(rows, roles, kind, n_dropped, counts) if roles.groups and within else rows), n_dropped


def _reasons(roles: Roles, kind: OutcomeKind, full: set[str]) -> Iterator[tuple[str, pl.Expr]]:
    """Reasons to leave a row out, in the order in which they are counted; `full` columns miss nothing."""
    if roles.domain:
        yield f"missing {roles.domain}", pl.col(roles.domain).is_null()
        yield f"outside {roles.domain}", pl.col(roles.domain).cast(pl.Float64) == 0
    first, *rest = roles.outcome
    optional = set(rest) if kind == "interval" else set()  # an interval's missing end means open
    for name in roles.every():
        if name not in {*optional, *full, roles.strata, roles.psu, roles.domain}:
            yield f"missing {name}", pl.col(name).is_null()
    if roles.weights:
        yield f"zero {roles.weights}", pl.col(roles.weights) == 0
    if kind == "interval":
        yield f"any {first} possible", (pl.col(first) == 0) & _open(rest[0], roles.maximum)


def _open(high: str, maximum: str | int | None) -> pl.Expr:
    top = float("inf") if maximum is None else pl.col(maximum) if isinstance(maximum, str) else maximum
    return pl.col(high).is_null() | (pl.col(high).cast(pl.Float64) >= top)


def _drop(
    rows: pl.DataFrame, reasons: Iterator[tuple[str, pl.Expr]], n_dropped: dict[str, int], counts: str | None = None
) -> pl.DataFrame:
    for reason, condition in reasons:
        unfit = rows.select(condition).to_series()
        if count := int(unfit.sum()):
            n_dropped[reason] = count if counts is None else int(rows[counts].filter(unfit).sum())
            rows = rows.filter(~unfit)
    return rows


def _drop_silent(
    rows: pl.DataFrame, roles: Roles, kind: OutcomeKind, n_dropped: dict[str, int], counts: str | None = None
) -> pl.DataFrame:
    """Drop the groups that say nothing about a contrast within them, each reason among what the one before leaves."""
    codes, outcome = _codes(rows[str(roles.groups)]), floats(rows[roles.outcome[0]])
    every = np.ones(rows.height) if counts is None else floats(rows[counts])
    kept = np.ones(rows.height, dtype=np.bool_)
    for reason, silent in _silences(kind):
        size = int(codes.max(initial=-1)) + 1
        unfit = kept.copy()
        unfit[kept] = silent(codes[kept], outcome[kept], size)[codes[kept]]
        if unfit.any():
            n_dropped[f"{reason} {roles.groups}"] = int(every[unfit].sum())
            kept &= ~unfit
    return rows if kept.all() else rows.filter(kept)


def _silences(kind: OutcomeKind) -> Iterator[tuple[str, Callable[[Codes, Array, int], NDArray[np.bool_]]]]:
    """Reasons why a group says nothing: each gives (groups,) from the rows' groups, outcomes and number of groups."""
    if kind != "number":
        yield "no event in", lambda codes, outcome, size: np.bincount(codes, outcome, size) == 0
    yield "one row in", lambda codes, _, size: np.bincount(codes, minlength=size) == 1
    if kind == "share":
        yield "an event in every row of", lambda codes, outcome, size: _lowest(codes, outcome, size) == 1


def _lowest(codes: Codes, values: Array, size: int) -> Array:
    found = np.full(size, np.inf)
    np.minimum.at(found, codes, np.trunc(values))
    return found


def _offset(rows: pl.DataFrame, exposure: str | None) -> Array:
    if exposure is None:
        return np.zeros(rows.height)
    values = floats(rows[exposure])
    refuse(values <= 0, f"exposure {exposure!r} must be above 0: drop rows in which nothing was observed")
    return np.log(values)


def _codes(labels: pl.Series) -> Codes:
    return labels.rank("dense").to_numpy().astype(np.intp) - 1
