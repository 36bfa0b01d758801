"""The frozen estimands, fitted: one model for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.question.rows import Row, attempt, blank_row, line_row
from hypnic.analysis.regression.families import FAMILIES
from hypnic.analysis.regression.fit import Fit, fit
from hypnic.analysis.regression.frame import Roles, draw_sample
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.study import AnalysisSet

# What the logit of a zero part is the odds of.
ZERO_PARTS = {"zinb": "odds of being one who never jerks", "hurdle-nb2": "odds of any night with a jerk"}


def rows(name: str, data: AnalysisSet) -> Iterator[Row]:
    """Give the rows of every estimand of a set; one for each level of `by` follows a primary row of their mean."""
    for estimand in data.estimands:
        blank = blank_row(name, data, estimand)
        yield from attempt(_rows, blank, data, estimand)


def fit_estimand(data: AnalysisSet, estimand: Estimand, terms: list[str] | None = None) -> Fit:
    """Fit one estimand's model: its exposure in its unit, or `terms` in its place, and its adjustment set.

    Raises HypnicError, saying what is the matter, for whatever cannot be fitted.
    """
    absent = [c for c in (estimand.column, *estimand.adjustment) if data.frame[c].is_null().all()]
    if absent:
        message = f"nobody answered {', '.join(absent)}"
        raise HypnicError(message)
    frame, own = exposed(data.frame, estimand)
    return fit(
        frame, data.outcomes.get(estimand.outcome, data.outcome),
        [*(terms or own), *estimand.adjustment], estimand.family,
        covariance=estimand.covariance, weights=estimand.weights, domain=estimand.domain, **data.keywords,
    )  # fmt: skip


def exposed(frame: pl.DataFrame, estimand: Estimand) -> tuple[pl.DataFrame, list[str]]:
    """Add an estimand's exposure in its unit, one column for each level of `by`; with it, the names of the columns."""
    dose = pl.col(estimand.column) / estimand.step
    if not estimand.by:
        return frame.with_columns(dose.alias(estimand.exposure)), [estimand.exposure]
    levels = frame[estimand.by].unique().sort()
    split = {f"{estimand.exposure} in {level}": pl.col(estimand.by) == level for level in levels}
    return frame.with_columns((dose * there).alias(name) for name, there in split.items()), list(split)


def entered_rows(data: AnalysisSet, estimand: Estimand) -> pl.DataFrame:
    """Give the rows that the estimand's model uses, with `person`, who they belong to, and `level`, that of `by`."""
    outcome = (data.outcome,) if isinstance(data.outcome, str) else data.outcome
    level = pl.col(estimand.by) if estimand.by else pl.lit("")
    frame = data.frame.with_columns(person=pl.col(data.person), level=level)
    terms = tuple(dict.fromkeys((estimand.column, *estimand.adjustment, "person", "level")))
    roles = Roles(outcome, terms, weights=estimand.weights, domain=estimand.domain, **data.keywords)
    family = FAMILIES[estimand.family]
    return draw_sample(frame, roles, family.kind, within=family.groups == "conditioned").frame


def _rows(blank: Row, data: AnalysisSet, estimand: Estimand) -> Iterator[Row]:
    fitted = fit_estimand(data, estimand)
    if not estimand.by:
        yield line_row(blank, data, fitted, fitted.contrast({estimand.exposure: 1}))
        if (zero := f"zero:{estimand.exposure}") in fitted.names:
            facts = {"scale": "OR", "estimator": f"{estimand.family}, {ZERO_PARTS[estimand.family]}"}
            yield line_row(blank | facts, data, fitted, fitted.contrast({zero: 1}))
        return
    parts = [term for term in fitted.names if term.startswith(f"{estimand.exposure} in ")]
    mean, ratio = dict.fromkeys(parts, 1 / len(parts)), {parts[-1]: 1, parts[0]: -1}
    yield line_row(blank, data, fitted, fitted.contrast(mean if estimand.across == "mean" else ratio))
    for part in parts if estimand.role == "primary" else ():
        unit = f"{estimand.unit.partition(',')[0]}, {part.partition(' in ')[2]}"
        yield line_row(blank | {"role": "secondary", "unit": unit}, data, fitted, fitted.contrast({part: 1}))
