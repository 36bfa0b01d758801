"""Rows of the table of estimates: first what a row is about, then its numbers."""

from __future__ import annotations

from math import exp, floor, log10
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import polars as pl

    from hypnic.analysis.regression.fit import Fit
    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.study import AnalysisSet

DIGITS = 8
SCORE_DIGITS = 9
FEWEST_PERSONS = 10  # nothing is published about fewer
RATIOS = ("estimate", "conf_low", "conf_high")

Row = dict[str, Any]
Rest = ParamSpec("Rest")


def blank_row(name: str, data: AnalysisSet, estimand: Estimand, **facts: object) -> Row:
    """Say what a row is about before there is a fit; `facts` replace what the estimand says.

    `name` is the study. A row that stays blank has no numbers and says in `estimator` why.
    """
    return dict.fromkeys(dtypes(Estimates)) | {
        "study": name, "design": estimand.design, "role": estimand.role, "outcome": estimand.outcome,
        "exposure": estimand.exposure, "unit": estimand.unit, "effect": estimand.effect, "scale": estimand.scale,
        "estimator": estimand.family, "covariance": estimand.covariance, "adjustment": "+".join(estimand.adjustment),
        "n_rows": 0, "n_persons": 0, "n_dropped": data.frame.height, "converged": False,
    } | facts  # fmt: skip


def attempt(
    make: Callable[Concatenate[Row, Rest], Iterable[Row]], blank: Row, *rest: Rest.args, **more: Rest.kwargs
) -> Iterator[Row]:
    """Give the rows of `make(blank, ...)`, or in their place the blank one, which then says why there are none."""
    try:
        yield from list(make(blank, *rest, **more))
    except HypnicError as error:
        yield blank | {"estimator": f"not estimable: {error}"}


def fit_facts(data: AnalysisSet, fitted: Fit) -> Row:
    """Give what a row says of its fit: rows, persons, and whether it reached its maximum.

    Raises HypnicError for a fit of fewer than ten persons.
    """
    info = fitted.info
    persons = int(info["n_groups"] or info["n_rows"])  # without groups, a row is a person
    if persons < FEWEST_PERSONS:
        message = f"fewer than {FEWEST_PERSONS} persons"
        raise HypnicError(message)
    return {
        "n_rows": info["n_rows"],
        "n_persons": persons,
        "n_dropped": data.frame.height - info["n_rows"],
        "converged": info["converged"],
        # Of a score as good as zero no digit is real: they differ between machines.
        "score_max": round(info["score_max"], SCORE_DIGITS),
    }


def line_row(blank: Row, data: AnalysisSet, fitted: Fit, line: pl.DataFrame) -> Row:
    """Complete a row by one linear combination, a row of `Fit.contrast`: as a ratio, unless its scale is a difference.

    A fit that did not converge says so and gives no estimate.
    """
    row = blank | fit_facts(data, fitted)
    if not row["converged"]:
        return row | {"estimator": f"{row['estimator']}: did not converge"}
    numbers = line.row(0, named=True)
    ratio = row["scale"] in {"IRR", "OR"}
    shown = {key: rounded(exp(numbers[key]) if ratio else numbers[key]) for key in RATIOS}
    return row | shown | {key: rounded(numbers[key]) for key in ("std_error", "statistic", "p_value")}


def rounded(value: float) -> float:
    """Round once, to 8 significant digits: beyond them, machines differ."""
    return value if value == 0 else round(value, DIGITS - 1 - floor(log10(abs(value))))
