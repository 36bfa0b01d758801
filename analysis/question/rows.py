"""Rows of the table of results: first what a row is about, then its numbers, or one word for why there are none."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from math import exp, floor, inf, isfinite, log10
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import numpy as np

from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import polars as pl

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.sets import AnalysisSet

DIGITS = 8
SCORE_DIGITS = 9
RATIOS = ("estimate", "conf_low", "conf_high")
# What is said to whoever runs it, and published nowhere: it may name levels, values and counts.
log = logging.getLogger("hypnic.analysis")

Row = dict[str, Any]
Rest = ParamSpec("Rest")


def blank_row(data: AnalysisSet, estimand: Estimand, **facts: object) -> Row:
    """Say what a row is about before there is a fit; `facts` replace what the estimand says.

    A row that stays blank has no numbers and says why in `status` and `reason`. The study and the analysis are put on
    at the end, by `hypnic.analysis.estimate`.
    """
    return dict.fromkeys(dtypes(Estimates)) | {
        "design": data.instrument.design, "variant": estimand.variant, "role": estimand.role,
        "outcome": estimand.outcome, "exposure": estimand.exposure, "unit": estimand.unit, "effect": estimand.effect,
        "scale": estimand.scale, "family": estimand.family, "covariance": estimand.covariance,
        "adjustment": "+".join(estimand.adjustment), "n_rows": 0, "n_persons": 0, "n_dropped": data.frame.height,
        "status": "not_estimable", "reason": "unsuitable",
    } | facts  # fmt: skip


def attempt(
    make: Callable[Concatenate[Row, Rest], Iterable[Row]], blank: Row, *rest: Rest.args, **more: Rest.kwargs
) -> Iterator[Row]:
    """Give the rows of `make(blank, ...)`, or in their place the blank one, which then says why there are none."""
    try:
        with computed():
            found = list(make(blank, *rest, **more))
        yield from found
    except HypnicError as error:
        log.info("%s: not estimable: %s", about(blank), error)
        status = "suppressed" if error.reason == "few_persons" else "not_estimable"
        yield blank | {"status": status, "reason": error.reason}


@contextmanager
def computed() -> Iterator[None]:
    """Turn what numbers do where data are too few or too alike (0/0, overflow, a singular matrix) into a HypnicError.

    No check foresees every such set of answers, and a ratio whose computation warned is none to publish.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            yield
    except (ArithmeticError, RuntimeWarning, np.linalg.LinAlgError) as error:
        message = f"the numbers break: {error}"
        raise HypnicError(message, reason="unsuitable") from error


def tell(blank: Row, fitted: Fit) -> None:
    """Tell the log of the run what a reader of a fit must know: errors that rest on too few persons, for one."""
    for warning in fitted.info.get("warnings", ()):
        log.warning("%s: %s", about(blank), warning)


def about(blank: Row) -> str:
    """Say in a few words which row is meant."""
    return " ".join(str(blank[key]) for key in ("design", "variant", "outcome", "exposure"))


def refuse_few(persons: int) -> None:
    """Raise HypnicError for fewer than ten persons: nothing is published about them."""
    if too_few(persons):
        message = f"fewer than {FEWEST_PERSONS} persons"
        raise HypnicError(message, reason="few_persons")


def fit_facts(data: AnalysisSet, fitted: Fit) -> Row:
    """Give what a row says of its fit: rows, persons, whether it reached its maximum, what it was adjusted for.

    Raises HypnicError for a fit of fewer than ten persons.
    """
    info = fitted.info
    persons = int(info["n_groups"] or info["n_rows"])  # without groups, a row is a person
    refuse_few(persons)
    return (
        {
            "n_rows": info["n_rows"],
            "n_persons": persons,
            "n_dropped": data.frame.height - info["n_rows"],
            # Of a score as good as zero no digit is real: they differ between machines.
            "score_max": round(info["score_max"], SCORE_DIGITS),
        }
        | _lean_facts(info)
        | (ESTIMATED if info["converged"] else NOT_CONVERGED)
    )


def _lean_facts(info: Mapping[str, Any]) -> Row:
    """Say what the fit was adjusted for, and which errors it has, where that is not what was written."""
    rule = info.get("lean")
    adjustment = {"adjustment": "+".join(rule.adjustment)} if rule is not None and rule.left else {}
    return adjustment | ({"covariance": info["covariance"]} if "covariance" in info else {})


ESTIMATED: Row = {"status": "estimated", "reason": None}
NOT_CONVERGED: Row = {"status": "not_converged", "reason": "no_maximum"}


def line_row(blank: Row, data: AnalysisSet, fitted: Fit, line: pl.DataFrame) -> Row:
    """Complete a row by one linear combination, a row of `Fit.contrast`: as a ratio, unless its scale is a difference.

    A fit that did not converge says so and gives no estimate. Raises HypnicError for an estimate without an error.
    """
    tell(blank, fitted)
    row = blank | fit_facts(data, fitted)
    if row["status"] != "estimated":
        return row
    numbers = line.row(0, named=True)
    if not 0 < numbers["std_error"] < inf:
        message = "its standard error is zero, or no number"
        raise HypnicError(message, reason="no_variation")
    ratio = row["scale"] in {"IRR", "OR"}
    shown = {key: rounded(exp(numbers[key]) if ratio else numbers[key]) for key in RATIOS}
    df = rounded(numbers["df"]) if isfinite(numbers["df"]) else None  # null is normal
    return row | shown | {key: rounded(numbers[key]) for key in ("std_error", "statistic", "p_value")} | {"df": df}


def rounded(value: float) -> float:
    """Round once, to 8 significant digits: beyond them, machines differ.

    Python's own rounding is exact; numpy's multiplies first, and makes no number of a p value of 1e-310.

    >>> rounded(1.234567891)
    1.2345679
    """
    return value if value == 0 else round(float(value), DIGITS - 1 - floor(log10(abs(value))))
