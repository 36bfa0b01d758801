"""Dose against response as a smooth curve: restricted cubic splines in the model of an estimand."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import RATIOS, Row, attempt, line_row, rounded
from hypnic.analysis.question.tests import wald_row
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.regression.fit import Fit
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet

POINTS = 61  # of a drawn curve
BARS = 12  # of the doses' spread under it
NON_LINEARITY = "non-linearity"
REFERENCE = 0.0  # the dose that others are compared with


@dataclass(frozen=True, eq=False)
class Curve:
    """A fitted curve: its knots, whether zero has a level of its own, its columns' way into the fit, and the fit."""

    knots: tuple[float, ...]
    spike: bool
    turn: Array
    terms: tuple[str, ...]  # the straight line first
    fitted: Fit

    def against(self, dose: float, reference: float) -> pl.DataFrame:
        """Compare two doses: one row as of `Fit.contrast`, on the log scale."""
        ends = np.array([dose, reference])
        high, low = _columns(ends, self.knots, spike=self.spike) @ self.turn
        return self.fitted.contrast(dict(zip(self.terms, high - low, strict=True)))


@analysis("splines", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Test each primary estimand's curve, overall and against a straight line, and give ratios at its knots.

    The straight line is what the estimand's own row supposes, zero included: where zero has a level of its own, that
    is part of the departure from it.
    """
    for question in questions(data):
        if question.estimand.exposure in data.instrument.knots:
            yield from attempt(_rows, question.blank(role="exploratory", variant="curve"), question)


def dose_curve(question: Question, reference: float = REFERENCE) -> pl.DataFrame:
    """Draw a question's rate ratio over its doses.

    Returns
    -------
    polars.DataFrame
        Columns `dose` in the column's own unit, `estimate`, `conf_low`, `conf_high` (pointwise 95 % limits) against
        the `reference` dose. The curve ends at the 1st and 99th percentile of consumers' doses, and earlier where
        fewer than ten persons went further.

    Raises
    ------
    HypnicError
        The exposure has no knots, or there are too few answers for a curve.

    """
    curve = fit_curve(question)
    if not curve.fitted.info["converged"]:
        message = f"the curve of {question.estimand.exposure} did not converge"
        raise HypnicError(message, reason="no_maximum")
    low, high = _ends(_consumed(question))
    drawn = []
    for dose in np.linspace(low, high, POINTS):
        line = curve.against(float(dose), reference).row(0, named=True)
        drawn.append({"dose": rounded(float(dose))} | {key: rounded(exp(line[key])) for key in RATIOS})
    return pl.DataFrame(drawn)


def dose_spread(question: Question) -> pl.DataFrame:
    """Count the doses under a curve in equal classes: `low`, `high`, `n_rows`.

    A class of fewer than ten persons is left out.
    """
    consumed = _consumed(question)
    low, high = _ends(consumed)
    width = (high - low) / BARS
    number = ((pl.col("dose") - low) / width).floor().clip(0, BARS - 1)
    inside = consumed.filter(pl.col("dose").is_between(low, high))
    counted = inside.group_by(number.alias("bar")).agg(n_rows=pl.len(), persons=pl.col("person").n_unique())
    return (
        counted.filter(pl.col("persons") >= FEWEST_PERSONS)
        .sort("bar")
        .select(low=low + pl.col("bar") * width, high=low + (pl.col("bar") + 1) * width, n_rows="n_rows")
    )


def fit_curve(question: Question) -> Curve:
    """Fit a question's model with its exposure as a curve; raises HypnicError where that can't be."""
    data, estimand = question.data, question.estimand
    knots = data.instrument.knots.get(estimand.exposure)
    if not knots:
        message = f"{estimand.exposure} has no knots in the {data.table}: a curve needs a dose"
        raise HypnicError(message, reason="no_curve")
    spike = estimand.exposure in data.instrument.spiked
    columns = _columns(data.frame[estimand.column].cast(pl.Float64).to_numpy(), knots, spike=spike)
    turn = _uncorrelated(columns[~np.isnan(columns[:, 0])])
    terms = ("dose", *(f"bend {n}" for n in range(1, columns.shape[1])))
    frame = data.frame.with_columns(pl.Series(n, c) for n, c in zip(terms, (columns @ turn).T, strict=True))
    return Curve(knots, spike, turn, terms, question.on(frame).fit(list(terms)))


def restricted_cubic(dose: Array, knots: Sequence[float]) -> Array:
    """Expand doses (n,) into the columns (n, k - 1) of a cubic spline that is straight beyond its k outer knots.

    The first column is the dose; the others, zero up to their knot, bend it. Source: Harrell 2015, Regression
    Modeling Strategies, 2.4.5; the columns are those of `rms::rcs`, divided by the squared distance of the outer
    knots so that all have the dose's unit.

    >>> restricted_cubic(np.array([0.0, 2.0, 4.0]), [1, 2, 3])
    array([[0.  , 0.  ],
           [2.  , 0.25],
           [4.  , 3.  ]])
    """
    at = np.asarray(knots, dtype=np.float64)
    cubes = np.maximum(dose[:, None] - at, 0) ** 3 / (at[-1] - at[0]) ** 2
    last = at[-1] - at[-2]
    bends = cubes[:, :-2] + (cubes[:, -1:] * (at[-2] - at[:-2]) - cubes[:, -2:-1] * (at[-1] - at[:-2])) / last
    return np.column_stack([dose, bends])


def _columns(dose: Array, knots: Sequence[float], *, spike: bool) -> Array:
    smooth = restricted_cubic(dose, knots)
    return np.column_stack([smooth, np.where(np.isnan(dose), np.nan, dose > 0)]) if spike else smooth


def _uncorrelated(columns: Array) -> Array:
    """Give the triangle that makes columns uncorrelated, each by those before it.

    Among skewed doses the bends are so much alike that their coefficients would be huge and opposed. The triangle
    changes neither the curve nor the test that all columns after the first are idle.
    """
    if len(columns) <= columns.shape[1]:
        message = "too few doses were answered for a curve"
        raise HypnicError(message, reason="no_curve")
    try:
        return np.asarray(np.linalg.inv(np.linalg.cholesky(np.cov(columns.T)).T))
    except np.linalg.LinAlgError:
        message = "the doses take too few values for a curve"
        raise HypnicError(message, reason="no_curve") from None


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, estimand, curve = question.data, question.estimand, fit_curve(question)
    yield wald_row(blank | {"variant": "any-difference"}, data, curve.fitted, curve.terms)
    yield wald_row(blank | {"variant": NON_LINEARITY}, data, curve.fitted, curve.terms[1:])
    _, highest = _ends(_consumed(question))
    noun = estimand.unit.partition(" ")[2]
    for dose in curve.knots[1:]:
        if dose <= highest:
            unit = f"{dose:g} against {REFERENCE:g} {noun}"
            yield line_row(
                blank | {"unit": unit, "variant": f"at-{dose:g}"}, data, curve.fitted, curve.against(dose, REFERENCE)
            )


def _consumed(question: Question) -> pl.DataFrame:
    """Give the doses that enter, with whose they are; without the zeros where no dose is below them."""
    dose = pl.col(question.estimand.column).cast(pl.Float64)
    entered = question.rows_used().select(dose=dose, person="person")
    return entered.filter(pl.col("dose") > 0) if entered["dose"].min() == 0 else entered


def _ends(consumed: pl.DataFrame) -> tuple[float, float]:
    """Give the doses between which a curve is drawn: nobody's own extreme, so at least ten persons' lie beyond."""
    if too_few(consumed["person"].n_unique()):
        message = f"fewer than {FEWEST_PERSONS} persons have a dose"
        raise HypnicError(message, reason="few_persons")
    dose = pl.col("dose")
    reach = consumed.group_by("person").agg(low=dose.min(), high=dose.max())
    low = max(consumed["dose"].quantile(0.01) or 0.0, reach["low"].sort()[FEWEST_PERSONS - 1])
    high = min(consumed["dose"].quantile(0.99) or 0.0, reach["high"].sort(descending=True)[FEWEST_PERSONS - 1])
    if not low < high:
        message = "the doses do not spread enough for a curve"
        raise HypnicError(message, reason="no_curve")
    return low, high
