"""How much of each exposure there was: means and spreads, before any model."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hypnic.analysis.question.rows import rounded
from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.sets import AnalysisSet

SCHEMA = {
    "table": pl.String, "exposure": pl.String, "column": pl.String, "weights": pl.String, "n_rows": pl.Int64,
    "n_persons": pl.Int64, "mean": pl.Float64, "sd": pl.Float64, "within": pl.Float64,
}  # fmt: skip


def exposed(data: AnalysisSet) -> pl.DataFrame:
    """Describe the exposure of each primary comparison, in its column's own unit, where jerks were answered.

    Columns `table`, `exposure`, `column`, `weights` (empty where all count alike), `n_rows` and `n_persons` with an
    answer, `mean`, `sd` over rows and `within`, the sd of one person's rows; of a yes or no the mean is the share of
    yes, without an sd. An exposure that fewer than ten people answered is left out, and so is a yes or no that fewer
    than ten had, or had not. Where rows are weighted, so are mean and sd.

    >>> from hypnic.analysis import study
    >>> exposed(study("demo").sets[0]).select("column", "n_persons").row(0)
    ('caffeine_after_14_mg', 400)
    """
    rows = [row for estimand in data.instrument.primary for row in _described(data, estimand)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _described(data: AnalysisSet, estimand: Estimand) -> Iterator[dict[str, Any]]:
    asked = data.frame.filter(pl.col(estimand.domain) == 1) if estimand.domain else data.frame
    value = pl.col(estimand.column).cast(pl.Float64)
    weight = pl.col(estimand.weights) if estimand.weights else pl.lit(1.0)
    outcome = data.outcome_of(estimand)
    answered = asked.drop_nulls([outcome] if isinstance(outcome, str) else list(outcome))
    told = answered.select(value=value, weight=weight, person=data.person).drop_nulls().filter(pl.col("weight") > 0)
    persons = told["person"].n_unique()
    said = data.instrument.phrases.get(estimand.exposure)
    yes_no = not said.dose if said else told["value"].is_in([0.0, 1.0]).all()
    sides = [told.filter(pl.col("value") == side)["person"].n_unique() for side in (0, 1)] if yes_no else [persons]
    if too_few(min(sides)):
        return
    values, weights = told["value"].to_numpy(), told["weight"].to_numpy()
    mean = float(np.average(values, weights=weights))
    spread = sqrt(float(np.average((values - mean) ** 2, weights=weights)) * told.height / (told.height - 1))
    own = told["value"] - told.select(pl.col("value").mean().over("person"))["value"]
    repeated = told.height - persons
    yield {
        "table": data.table, "exposure": estimand.exposure, "column": estimand.column,
        "weights": estimand.weights or "", "n_rows": told.height, "n_persons": persons, "mean": rounded(mean),
        "sd": None if yes_no else rounded(spread),
        "within": rounded(sqrt((own**2).sum() / repeated)) if repeated and not yes_no else None,
    }  # fmt: skip
