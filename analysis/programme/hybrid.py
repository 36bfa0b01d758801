"""Within and between persons in one model: what a person's own evenings say, and what differs between people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.question.rows import Row, attempt, blank_row, line_row
from hypnic.analysis.question.tests import wald_row
from hypnic.analysis.regression.fit import Fit, fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.study import AnalysisSet

DAY = "next_day_free"
FAMILY, COVARIANCE = "gee-poisson", "CR3"


def rows(name: str, data: AnalysisSet) -> Iterator[Row]:
    """Give, for each primary exposure, its ratio within and between persons, and the Wald test that they are equal.

    Every column is split into the person's mean over the nights that enter and the distance from it (Neuhaus &
    Kalbfleisch 1998, Biometrics 54:638). A ratio between persons is never an effect: who drinks more coffee differs
    in more than coffee. The last row tests all exposures of one model at once, a Hausman test with clustered errors.
    """
    primary = [estimand for estimand in data.estimands if estimand.role == "primary"]
    for estimand in primary:
        blank = blank_row(name, data, estimand, role="secondary", estimator=FAMILY, covariance=COVARIANCE)
        yield from attempt(_rows, blank, data, estimand)
    if primary:
        facts = {"exposure": "all", "unit": "", "adjustment": DAY, "effect": "within", "estimator": FAMILY}
        blank = blank_row(name, data, primary[0], role="secondary", covariance=COVARIANCE, **facts)
        yield from attempt(_joint, blank, data, [estimand.column for estimand in primary])


def split(frame: pl.DataFrame, columns: list[str], person: str) -> pl.DataFrame:
    """Add `column within` and `column between` for each column, over the rows in which none is null.

    >>> nights = pl.DataFrame({"p": ["a", "a", "b"], "x": [1.0, 3.0, 5.0]})
    >>> split(nights, ["x"], "p").select("x within", "x between").rows()
    [(-1.0, 2.0), (1.0, 2.0), (0.0, 5.0)]
    """
    whole = frame.drop_nulls(columns)
    means = {column: pl.col(column).cast(pl.Float64).mean().over(person) for column in columns}
    return whole.with_columns(
        *((pl.col(column) - mean).alias(f"{column} within") for column, mean in means.items()),
        *(mean.alias(f"{column} between") for column, mean in means.items()),
    )


def _fit(data: AnalysisSet, columns: list[str]) -> Fit:
    frame = split(data.frame.drop_nulls(data.outcome), columns, data.person)
    terms = [f"{column} {part}" for column in columns for part in ("within", "between")]
    return fit(
        frame, data.outcome, terms, FAMILY, groups=data.person, cluster=data.person, covariance=COVARIANCE
    )  # fmt: skip


def _rows(blank: Row, data: AnalysisSet, estimand: Estimand) -> Iterator[Row]:
    fitted = _fit(data, [estimand.column, *estimand.adjustment])
    within, between = (f"{estimand.column} {part}" for part in ("within", "between"))
    for effect, weights in (
        ("within", {within: estimand.step}),
        ("between", {between: estimand.step}),
    ):
        yield line_row(blank | {"effect": effect}, data, fitted, fitted.contrast(weights))
    ratio = fitted.contrast({within: estimand.step, between: -estimand.step})
    yield line_row(
        blank | {"effect": "within", "estimator": f"{FAMILY}: within over between"}, data, fitted, ratio
    )  # fmt: skip


def _joint(blank: Row, data: AnalysisSet, columns: list[str]) -> Iterator[Row]:
    fitted = _fit(data, [*columns, DAY])
    within, between = ([f"{column} {part}" for column in columns] for part in ("within", "between"))
    yield wald_row(blank, data, fitted, within, "within = between", between)
