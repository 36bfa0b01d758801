"""Within and between persons in one model: what a person's own evenings say, and what differs between people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.question.tests import wald_row
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.fit import fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.sets import AnalysisSet

DAY = "next_day_free"
FAMILY, COVARIANCE = "gee-poisson", "CR3"


@analysis("hybrid", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for each primary exposure, its ratio within and between persons, and the Wald test that they are equal.

    Every column is split into the person's mean over the nights that enter and the distance from it (Neuhaus &
    Kalbfleisch 1998, Biometrics 54:638). A ratio between persons is never an effect: who drinks more coffee differs
    in more than coffee. The last row tests all exposures of one model at once, a Hausman test with clustered errors.
    """
    facts = {"role": "secondary", "family": FAMILY, "covariance": COVARIANCE}
    primary = questions(data)
    for question in primary:
        yield from attempt(_rows, question.blank(**facts, variant="within"), question)
    if primary:
        facts |= {"exposure": "all", "unit": "", "adjustment": DAY, "effect": "within", "scale": "test"}
        blank = primary[0].blank(**facts, variant="within-equals-between")
        yield from attempt(_joint, blank, data, [question.estimand.column for question in primary])


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


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, question = question.data, question.kept()
    blank, estimand = blank | question.adjusted(), question.estimand
    fitted = _fit(data, [estimand.column, *estimand.adjustment])
    within, between = (f"{estimand.column} {part}" for part in ("within", "between"))
    for effect, weights in (
        ("within", {within: estimand.step}),
        ("between", {between: estimand.step}),
    ):
        yield line_row(blank | {"effect": effect, "variant": effect}, data, fitted, fitted.contrast(weights))
    ratio = fitted.contrast({within: estimand.step, between: -estimand.step})
    yield line_row(
        blank | {"effect": "within", "variant": "within-over-between"}, data, fitted, ratio
    )  # fmt: skip


def _joint(blank: Row, data: AnalysisSet, columns: list[str]) -> Iterator[Row]:
    fitted = _fit(data, [*columns, DAY])
    within, between = ([f"{column} {part}" for column in columns] for part in ("within", "between"))
    yield wald_row(blank, data, fitted, within, between)
