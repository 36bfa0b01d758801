"""Terms made into columns: categories expanded, columns scaled, what cannot be estimated refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hypnic.analysis.estimation import Array, Codes, group_sums
from hypnic.analysis.sample import OutcomeKind, Sample
from hypnic.errors import HypnicError

INTERCEPT = "(Intercept)"
# R's lm and glm call a column a combination of the others below the same relative size.
_COLLINEAR = 1e-7


@dataclass(frozen=True, eq=False)
class DesignMatrix:
    """Columns of mean 0 and variance 1 after the intercept, and the way back to the user's units."""

    names: tuple[str, ...]
    matrix: Array  # (n, p)
    back: Array  # (p, p): coefficients in the user's units = back @ coefficients of `matrix`
    indicators: frozenset[str]  # columns of 0 and 1


def expand_terms(frame: pl.DataFrame, terms: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    """Replace string, categorical and enum terms by 0/1 columns named `term[level]`.

    The first sorted level is the reference (an enum sorts in its own order); null stays null. Returns the
    frame with the new columns added, and the terms in their new names.

    >>> frame, terms = expand_terms(pl.DataFrame({"sex": ["M", "F", "M"]}), ["sex"])
    >>> terms, frame["sex[M]"].to_list()
    (['sex[M]'], [1, 0, 1])
    """
    names: list[str] = []
    columns: list[pl.Expr] = []
    for term in terms:
        dtype = frame.schema[term]
        if dtype.is_numeric() or dtype == pl.Boolean:
            names.append(term)
        elif dtype in (pl.String, pl.Categorical, pl.Enum):
            levels = frame[term].drop_nulls().unique().sort().to_list()
            if len(levels) == 1:
                _refuse_constant(term)
            new = [(pl.col(term) == level).cast(pl.Int8).alias(f"{term}[{level}]") for level in levels[1:]]
            columns += new
            names += [column.meta.output_name() for column in new]
        else:
            msg = f"term {term!r} is {dtype}: give a number, a boolean or a string"
            raise HypnicError(msg)
    return frame.with_columns(columns), names


def design_matrix(sample: Sample, terms: Sequence[str], kind: OutcomeKind, *, intercept: bool) -> DesignMatrix:
    """Return the columns of `terms` for a sample's rows, or refuse by name what they cannot estimate."""
    frame, names = expand_terms(sample.frame, terms)
    raw = frame.select(pl.col(names).cast(pl.Float64)).to_numpy().reshape(frame.height, len(names))
    if len(names) + intercept >= frame.height:
        msg = f"{frame.height} complete rows cannot carry {len(names) + intercept} coefficients: drop terms"
        raise HypnicError(msg)
    indicator = ((raw == 0) | (raw == 1)).all(axis=0)
    mean, spread = raw.mean(axis=0), raw.std(axis=0)
    for name, constant in zip(names, spread <= 1e-12 * np.abs(mean), strict=True):
        if constant:
            _refuse_constant(name)
    matrix = (raw - mean) / spread
    within = matrix if sample.groups is None else matrix - _group_means(matrix, sample.groups)
    for name, size in zip(names, np.abs(within).max(axis=0), strict=True):
        if size < _COLLINEAR:
            msg = f"term {name!r} never varies within a group: it cannot be told from the group's own level"
            raise HypnicError(msg)
    indicators = [name for name, is_one in zip(names, indicator, strict=True) if is_one]
    _refuse_separation(sample.outcome, raw[:, indicator], indicators, kind)
    back = np.diag(1 / spread)
    if intercept:
        names = [INTERCEPT, *names]
        matrix = within = np.column_stack([np.ones(len(matrix)), matrix])
        back = np.block([[np.ones((1, 1)), -(mean / spread)[None, :]], [np.zeros((len(spread), 1)), back]])
    _refuse_collinear(within, names)
    return DesignMatrix(tuple(names), matrix, back, frozenset(indicators))


def _group_means(values: Array, codes: Codes) -> Array:
    size = np.bincount(codes)
    return np.asarray((group_sums(values, codes, len(size)) / size[:, None])[codes])


def _refuse_constant(name: str) -> None:
    msg = f"term {name!r} is constant in the rows that enter: leave it out"
    raise HypnicError(msg)


def _refuse_collinear(matrix: Array, names: Sequence[str]) -> None:
    """Name the first column that the ones before it add up to."""
    unit = matrix / np.linalg.norm(matrix, axis=0)
    if np.linalg.eigvalsh(unit.T @ unit)[0] > _COLLINEAR:  # much cheaper than what follows, nearly always true
        return
    triangle = np.linalg.qr(unit, mode="r")
    for j in np.flatnonzero(np.abs(np.diag(triangle)) < _COLLINEAR)[:1]:
        parts = np.linalg.lstsq(unit[:, :j], unit[:, j], rcond=None)[0]
        others = ", ".join(repr(n) for n, part in zip(names, parts, strict=False) if abs(part) > _COLLINEAR)
        msg = f"term {names[j]!r} is a linear combination of {others}: leave one of them out"
        raise HypnicError(msg)


def _refuse_separation(outcome: Array, indicators: Array, names: Sequence[str], kind: OutcomeKind) -> None:
    """Refuse a level of a 0/1 term in which the outcome is always nothing, or all: its effect is infinite."""
    if kind == "number":
        return
    if kind == "count":
        extremes = {"zero": outcome == 0}
    elif kind == "share":
        extremes = {"zero": outcome[:, 0] == 0, "at its ceiling": outcome[:, 0] == outcome[:, 1]}
    else:
        extremes = {"zero": outcome[:, 1] == 0}
    for word, extreme in extremes.items():
        if extreme.all():
            msg = f"the outcome is {word} in every row: there is nothing to fit"
            raise HypnicError(msg)
        for name, column in zip(names, indicators.T, strict=True):
            for level in (0, 1):
                if extreme[column == level].all():
                    where = f"in every row with {name!r} = {level}"
                    msg = f"the outcome is {word} {where}: leave the term out or pool its levels"
                    raise HypnicError(msg)
