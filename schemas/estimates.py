"""The one table of results: an estimate a row, in the same columns for every study."""

from __future__ import annotations

from typing import Final

import pandera.polars as pa
import polars as pl
from pandera.api.polars.model_config import BaseConfig

DESIGNS: Final = ("survey", "diary")
ROLES: Final = ("primary", "secondary", "sensitivity", "exploratory")
EFFECTS: Final = ("total", "direct", "within", "between", "association")
# A filter on IRR gives rate ratios, and ratios of them, and nothing else.
SCALES: Final = ("IRR", "OR", "share", "difference", "e-value", "test", "tipping-point")
STATUSES: Final = ("estimated", "not_converged", "not_estimable", "suppressed")
# Why a row has no numbers: one word, which tells no value, level or count of the data.
REASONS: Final = {
    "few_persons": "fewer than ten persons enter it",
    "few_rows": "too few complete rows for so many coefficients",
    "few_clusters": "too few persons or sampling units for its errors",
    "few_parts": "too few parts of the study have an estimate",
    "unanswered": "nobody answered a question that it needs",
    "no_variation": "something in it is the same in every row",
    "no_contrast": "nobody gives a contrast of their own nights",
    "collinear": "its columns cannot be told apart",
    "separated": "an answer settles the outcome, so that the ratio has no finite value",
    "empty_level": "an answer that it needs was given by nobody",
    "leverage": "its errors hang on one row or one person",
    "no_maximum": "the fit did not reach its maximum",
    "no_curve": "the doses do not spread enough for a curve",
    "out_of_reach": "no shift within reach changes it",
    "design": "the survey's design cannot carry it",
    "unsuitable": "the data do not suit the model",
}
KEY: Final = ("study", "design", "analysis", "variant", "outcome", "exposure", "unit", "scale")


def _one_of(words: tuple[str, ...], description: str, *, nullable: bool = False) -> pl.Enum:
    return pa.Field(dtype_kwargs={"categories": list(words)}, description=description, nullable=nullable)  # type: ignore[no-any-return]


class Estimates(pa.DataFrameModel):
    """One row for each estimate, told apart by `KEY`; numbers are rounded once, to 8 significant digits.

    In a published report of people whose answers are not public, numbers have three digits, and counts and degrees of
    freedom are rounded down to tens of people (0 is any number below): see `hypnic.reports.publication`.
    """

    study: pl.String = pa.Field(description="name of the study")
    design: pl.Enum = _one_of(DESIGNS, "how the answers came")
    analysis: pl.String = pa.Field(description="name in the programme of analyses")
    variant: pl.String = pa.Field(description="short word that tells the rows of an analysis apart")
    role: pl.Enum = _one_of(ROLES, "what the row is for")
    outcome: pl.String = pa.Field(description="column that is explained")
    exposure: pl.String = pa.Field(description="what is compared")
    unit: pl.String = pa.Field(description="step of the exposure that the estimate belongs to")
    effect: pl.Enum = _one_of(EFFECTS, "which effect is meant")
    scale: pl.Enum = _one_of(SCALES, "scale of the estimate and limits")
    estimate: pl.Float64 = pa.Field(
        nullable=True, description="the estimate, on its scale; of the errors posterior its median"
    )
    conf_low: pl.Float64 = pa.Field(
        nullable=True, description="lower 95 % limit, on the same scale; of the errors posterior a credible one"
    )
    conf_high: pl.Float64 = pa.Field(
        nullable=True, description="upper 95 % limit, on the same scale; of the errors posterior a credible one"
    )
    std_error: pl.Float64 = pa.Field(nullable=True, ge=0, description="standard error; of the log for a ratio")
    df: pl.Float64 = pa.Field(
        nullable=True,
        gt=0,
        description="degrees of freedom of the limits, null where they are normal; of a test, coefficients tested:"
        " its statistic is a chi-square, or under the errors design, CR2 and CR3 an F",
    )
    statistic: pl.Float64 = pa.Field(nullable=True, description="estimate over its standard error, log for a ratio")
    p_value: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="two-sided")
    p_adjusted: pl.Float64 = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="over a design's primary rows (Holm), or its secondary ones that restate none (Benjamini-Hochberg)",
    )
    family: pl.String = pa.Field(description="family of the regression")
    covariance: pl.String = pa.Field(
        description="estimator of the standard error; bias-reduced where a level separates"
        " the outcome: those of the bias-reduced fit, times the spread about it"
    )
    adjustment: pl.String = pa.Field(description="adjustment set after the rule for small studies, joined by +")
    n_rows: pl.Int64 = pa.Field(ge=0, description="rows that entered the fit")
    n_persons: pl.Int64 = pa.Field(ge=0, description="persons who entered the fit")
    n_dropped: pl.Int64 = pa.Field(ge=0, description="rows left out for want of an answer or of contrast")
    status: pl.Enum = _one_of(STATUSES, "whether there is an estimate")
    reason: pl.Enum = _one_of(tuple(REASONS), "why there is none, in one word", nullable=True)
    score_max: pl.Float64 = pa.Field(nullable=True, ge=0, description="largest absolute score at the solution")

    @pa.dataframe_check
    def limits_are_on_either_side_of_the_estimate(cls, data: pa.PolarsData) -> pl.LazyFrame:  # type: ignore[misc]  # noqa: N805 -- pandera's form
        """Keep the limits on either side of the estimate."""
        return data.lazyframe.select(pl.col("estimate").is_between(pl.col("conf_low"), pl.col("conf_high")))

    @pa.dataframe_check
    def a_row_without_an_estimate_says_why(cls, data: pa.PolarsData) -> pl.LazyFrame:  # type: ignore[misc]  # noqa: N805
        """Give a reason where there is no estimate, and only there; then there are no numbers either."""
        estimated = pl.col("status") == "estimated"
        blank = pl.col("estimate").is_null() & pl.col("p_value").is_null()
        said = estimated == pl.col("reason").is_null()
        return data.lazyframe.select(pl.all_horizontal(said, estimated | blank))

    class Config(BaseConfig):
        """Exactly these columns, in this order, and no key twice."""

        strict = True
        ordered = True
        unique = [*KEY]  # noqa: RUF012 -- pandera's form
