"""Terms made into columns: categories expanded, columns scaled, what cannot be estimated refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import block_diag

from hypnic.analysis.regression.frame import Sample
from hypnic.analysis.regression.outcomes import OutcomeKind
from hypnic.analysis.regression.problem import Array, Codes, Estimation, group_sums
from hypnic.errors import HypnicError

Mask = NDArray[np.bool_]
# What a set of columns explains: an outcome of some kind, or one half of a model that has two.
Part = OutcomeKind | Literal["mixed", "inflated", "positive", "hurdle"]
INTERCEPT = "(Intercept)"
PREFIXES: Mapping[Part, str] = {"inflated": "zero:", "hurdle": "zero:"}
# Exp(15) is a rate ratio of three million for a standard deviation: hardly any data hold such an estimate.
SEPARATED = 15.0
# Where chances round to one before a coefficient is vast, its error tells: no data leave a log ratio so unknown.
_UNKNOWN = 1e4
# R's lm and glm call a column a combination of the others below the same relative size.
_COLLINEAR = 1e-7


@dataclass(frozen=True, eq=False)
class DesignMatrix:
    """Columns of mean 0 and variance 1 after the intercept, and the way back to the user's units."""

    names: tuple[str, ...]
    matrix: Array  # (n, p)
    back: Array  # (p, p): coefficients in the user's units = back @ coefficients of `matrix`
    indicators: frozenset[str]  # columns of 0 and 1
    slopes: int  # columns that are no intercept, threshold or constant of a zero part


def expand_terms(frame: pl.DataFrame, terms: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    """Replace string, categorical and enum terms by 0/1 columns named `term[level]`.

    The first sorted level is the reference (an enum sorts in its own order); null stays null. Returns the
    frame with the new columns added, and the terms in their new names.

    >>> frame, terms = expand_terms(pl.DataFrame({"sex": ["M", "F", "M"]}), ["sex"])
    >>> terms, frame["sex[M]"].to_list()
    (['sex[M]'], [1, 0, 1])
    """
    names: list[str] = []
    columns: list[pl.Series] = []
    for term in terms:
        levels = levels_of_term(frame[term])
        if levels is None:
            names.append(term)
            continue
        if len(levels) == 1:
            _refuse_constant(term)
        columns += [(frame[term] == level).cast(pl.Int8).alias(f"{term}[{level}]") for level in levels[1:]]
        names += [f"{term}[{level}]" for level in levels[1:]]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"two terms make a column {twice!r}: rename one of them"
        raise HypnicError(msg)
    return (frame.with_columns(columns) if columns else frame), names


def levels_of_term(values: pl.Series) -> list[str] | None:
    """Give the levels of a term that enters as 0/1 columns, the reference first; None for one that enters as it is.

    Raises HypnicError for what is neither a number nor text.
    """
    dtype = values.dtype
    if dtype.is_numeric() or dtype == pl.Boolean:
        return None
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return list(values.drop_nulls().unique().sort())
    msg = f"term {values.name!r} is {dtype}: give a number, a boolean or a string"
    if dtype.is_temporal():
        msg = f"term {values.name!r} is {dtype}: make a number of it first, such as days since a start"
    raise HypnicError(msg)


def design_matrix(  # noqa: PLR0913
    sample: Sample,
    terms: Sequence[str],
    part: Part,
    constants: Sequence[str],
    *,
    rows: Mask | None = None,
    separable: bool = False,
) -> DesignMatrix:
    """Return the columns of `terms` for a sample's rows, or refuse by name what they cannot estimate.

    `constants` names what comes before the terms: nothing, where each group has its own; the intercept; or the
    thresholds of an ordered outcome, from which the terms are *subtracted* and which add no column. `rows` (n,)
    marks those that tell about this part, where not all do. `separable` lets a level pass in which the outcome is
    always nothing, or all.
    """
    frame, names = expand_terms(sample.frame, terms)
    whole = np.ones((frame.height, 1 + len(names)), order="F")
    raw = whole[:, 1:]
    for place, name in enumerate(names):
        raw[:, place] = frame[name].to_numpy()
    labels = [PREFIXES.get(part, "") + name for name in names]
    telling = slice(None) if rows is None else rows
    n = len(raw[telling]) if sample.counts is None else int(sample.counts[telling].sum())
    if len(names) + len(constants) >= n:
        msg = f"{n} complete rows cannot carry {len(names) + len(constants)} coefficients: drop terms"
        raise HypnicError(msg, reason="few_rows")
    indicator = ((raw == 0) | (raw == 1)).all(axis=0)
    told = raw[telling]
    mean, spread = told.mean(axis=0), np.array([column.std() for column in told.T])
    for name, constant in zip(labels, spread <= 1e-12 * np.abs(mean), strict=True):
        if constant:
            _refuse_constant(name, where="" if rows is None else " and are above zero")
    flags = told[:, indicator] == 1
    matrix = raw  # scaled in place: of many rows, each copy is a good part of the memory
    matrix -= mean
    matrix /= spread
    within = matrix if constants else matrix - _group_means(matrix, sample.groups)
    for name, low, high in zip(labels, within.min(axis=0), within.max(axis=0), strict=True):
        if max(-low, high) < _COLLINEAR:
            msg = f"term {name!r} never varies within a group: it cannot be told from the group's own level"
            raise HypnicError(msg, reason="no_contrast")
    indicators = [name for name, is_one in zip(labels, indicator, strict=True) if is_one]
    _refuse_separation(sample.outcome[telling], flags, [] if separable else indicators, part)
    if constants:
        within = whole
    _refuse_collinear(within[telling], [*constants[:1], *labels])
    ordered = part == "ordered"
    shift = np.tile(mean / spread, (len(constants), 1)) * (1 if ordered else -1)
    back = np.block([[np.eye(len(constants)), shift], [np.zeros((len(names), len(constants))), np.diag(1 / spread)]])
    return DesignMatrix(
        (*constants, *labels), within if constants and not ordered else matrix, back, frozenset(indicators), len(names)
    )


def joined(one: DesignMatrix, other: DesignMatrix) -> DesignMatrix:
    """Put a zero part's names and way back behind those of the counts, whose matrix stays."""
    return DesignMatrix(
        one.names + other.names,
        one.matrix,
        block_diag(one.back, other.back),
        one.indicators | other.indicators,
        one.slopes + other.slopes,
    )


def refuse_infinite(columns: DesignMatrix, estimation: Estimation, remedy: str = "") -> None:
    """Refuse a coefficient that is vast and yet uncertain: the likelihood still climbs towards infinity.

    `remedy` is told after those that always help.
    """
    params = estimation.params[: len(columns.names)]
    try:
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(np.linalg.inv(estimation.information)))
    except np.linalg.LinAlgError:
        errors = np.full(len(params), np.nan)
    rows = list(zip(columns.names, params, errors, columns.back @ params, strict=False))
    # What separates drags others along, constants among them: the largest is named, a constant last.
    for name, per_sd, error, per_unit in sorted(rows, key=lambda row: (row[0].endswith(INTERCEPT), -abs(row[1]))):
        size = max(abs(per_sd), abs(per_unit) if name in columns.indicators else 0.0)
        if (size > SEPARATED and not error < abs(per_sd)) or error > _UNKNOWN:
            msg = f"term {name!r} separates the outcome and has no finite estimate: drop it or pool levels{remedy}"
            if name == INTERCEPT and estimation.extra:
                msg = "alpha grows without end, as the counts spread more than NB2 can: use a Poisson family with HC0"
            if name.startswith("zero:"):
                msg = f"the zero part has no finite {name!r}: give fewer zero_terms, or use a family without"
            raise HypnicError(msg, reason="separated")


def _group_means(values: Array, codes: Codes | None) -> Array:
    assert codes is not None  # noqa: S101
    size = np.bincount(codes)
    return np.asarray((group_sums(values, codes, len(size)) / size[:, None])[codes])


def _refuse_constant(name: str, where: str = "") -> None:
    msg = f"term {name!r} is constant in the rows that enter{where}: leave it out"
    raise HypnicError(msg, reason="no_variation")


def _refuse_collinear(matrix: Array, names: Sequence[str]) -> None:
    """Name the first column that the ones before it add up to."""
    norms = np.linalg.norm(matrix, axis=0)
    products = matrix.T @ matrix / np.outer(norms, norms)
    if np.linalg.eigvalsh(products)[0] > _COLLINEAR:  # much cheaper than what follows, nearly always true
        return
    unit = matrix / norms
    triangle = np.linalg.qr(unit, mode="r")
    for j in np.flatnonzero(np.abs(np.diag(triangle)) < _COLLINEAR)[:1]:
        parts = np.linalg.lstsq(unit[:, :j], unit[:, j], rcond=None)[0]
        others = ", ".join(repr(n) for n, part in zip(names, parts, strict=False) if abs(part) > _COLLINEAR)
        msg = f"term {names[j]!r} is a linear combination of {others}: leave one of them out"
        raise HypnicError(msg, reason="collinear")


def _extremes(outcome: Array, part: Part) -> dict[str, Mask]:
    """Mark the rows whose outcome pulls its linear predictor without end, in the words of a refusal."""
    last = outcome if outcome.ndim == 1 else outcome[:, -1]
    first = outcome if outcome.ndim == 1 else outcome[:, 0]
    return {
        "count": {"zero": first == 0},
        "whole": {"zero": first == 0},
        "share": {"zero": first == 0, "at its ceiling": first == last},
        "interval": {"zero": last == 0},
        "ordered": {"at its lowest level": first == 0, "at its highest level": first == first.max()},
        "mixed": {"zero": first == 0},
        "positive": {"one wherever it is above zero": first == 1},
        "inflated": {"above zero": first > 0},
        "hurdle": {"zero": first == 0, "above zero": first > 0},
        "number": {},
    }[part]


def _refuse_separation(outcome: Array, indicators: Mask, names: Sequence[str], part: Part) -> None:
    """Refuse a level of a 0/1 term in which the outcome is always nothing, or all: its effect is infinite."""
    if part in ("mixed", "positive") and (outcome <= 1).all():
        msg = "no outcome is above 1, so nothing tells counts from zeros: use family='binomial' or 'cloglog'"
        raise HypnicError(msg, reason="no_variation")
    for word, extreme in _extremes(outcome, part).items():
        if extreme.all():
            remedy = "no zero part, use family='poisson' or 'nb2'" if word == "above zero" else "nothing to fit"
            msg = f"the outcome is {word} in every row: there is {remedy}"
            raise HypnicError(msg, reason="no_variation")
        for name, column in zip(names, indicators.T, strict=False):
            for level in (0, 1):
                if extreme[column == level].all():
                    where = f"in every row with {name!r} = {level}"
                    msg = f"the outcome is {word} {where}: leave the term out or pool its levels"
                    raise HypnicError(msg, reason="separated")
