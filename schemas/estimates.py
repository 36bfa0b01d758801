"""The one table of results: an estimate a row, in the same columns for every study."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from pandera.api.polars.model_config import BaseConfig

DESIGNS = ("survey", "diary")
ROLES = ("primary", "secondary", "sensitivity", "exploratory")
EFFECTS = ("total", "direct", "within", "between")
SCALES = ("IRR", "OR", "share", "difference")


class Estimates(pa.DataFrameModel):
    """One row for each estimate; numbers are rounded once, to 8 significant digits."""

    study: pl.String = pa.Field(description="demo, open or nhanes")
    design: pl.Enum = pa.Field(dtype_kwargs={"categories": list(DESIGNS)}, description="how the answers came")
    role: pl.Enum = pa.Field(dtype_kwargs={"categories": list(ROLES)}, description="what the row is for")
    outcome: pl.String = pa.Field(description="column that is explained")
    exposure: pl.String = pa.Field(description="what is compared")
    unit: pl.String = pa.Field(description="step of the exposure that the estimate belongs to")
    effect: pl.Enum = pa.Field(dtype_kwargs={"categories": list(EFFECTS)}, description="which effect is meant")
    scale: pl.Enum = pa.Field(dtype_kwargs={"categories": list(SCALES)}, description="scale of the estimate and limits")
    estimate: pl.Float64 = pa.Field(nullable=True, description="the estimate, on its scale")
    conf_low: pl.Float64 = pa.Field(nullable=True, description="lower 95 % limit, on the same scale")
    conf_high: pl.Float64 = pa.Field(nullable=True, description="upper 95 % limit, on the same scale")
    std_error: pl.Float64 = pa.Field(nullable=True, ge=0, description="standard error; of the log for a ratio")
    statistic: pl.Float64 = pa.Field(nullable=True, description="estimate over its standard error, log for a ratio")
    p_value: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="two-sided")
    p_adjusted: pl.Float64 = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="over a design's primary rows (Holm), or its secondary ones (Benjamini-Hochberg)",
    )
    estimator: pl.String = pa.Field(description="family of the fit, or why there is none")
    covariance: pl.String = pa.Field(description="estimator of the standard error")
    adjustment: pl.String = pa.Field(description="adjustment set, joined by +")
    n_rows: pl.Int64 = pa.Field(ge=0, description="rows that entered the fit")
    n_persons: pl.Int64 = pa.Field(ge=0, description="persons who entered the fit")
    n_dropped: pl.Int64 = pa.Field(ge=0, description="rows left out for want of an answer or of contrast")
    converged: pl.Boolean = pa.Field(description="by the score and finite errors, not by the optimizer's word")
    score_max: pl.Float64 = pa.Field(nullable=True, ge=0, description="largest absolute score at the solution")

    @pa.dataframe_check
    def limits_hold_the_estimate(cls, data: pa.PolarsData) -> pl.LazyFrame:  # type: ignore[misc]  # noqa: N805 -- pandera's form
        """Hold the limits to either side of the estimate."""
        return data.lazyframe.select(pl.col("estimate").is_between(pl.col("conf_low"), pl.col("conf_high")))

    @pa.dataframe_check
    def an_unconverged_fit_is_never_primary(cls, data: pa.PolarsData) -> pl.LazyFrame:  # type: ignore[misc]  # noqa: N805
        """Keep numbers out of a primary row whose fit did not converge."""
        return data.lazyframe.select(
            (pl.col("role") != "primary") | pl.col("converged") | pl.col("estimate").is_null(),
        )

    class Config(BaseConfig):
        """Exactly these columns, in this order."""

        strict = True
        ordered = True
