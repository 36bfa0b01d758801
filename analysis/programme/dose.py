"""Dose against response: an exposure cut into bins, in the model of its estimand."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.question.rows import RATIOS, rounded
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.question.question import Question
    from hypnic.analysis.studies.estimands import Estimand

BINS = 4  # of the doses above zero, or of all doses where zero is nothing special
SPIKE = 0.05  # share of zeros from which on they are a bin of their own

SCHEMA = {
    "level": pl.String, "above": pl.Float64, "upto": pl.Float64, "dose": pl.Float64, "n_rows": pl.Int64,
    "n_persons": pl.Int64, "reference": pl.Boolean, "estimate": pl.Float64, "conf_low": pl.Float64,
    "conf_high": pl.Float64,
}  # fmt: skip


def dose_response(question: Question) -> pl.DataFrame:
    """Fit a question's model with its exposure in bins; raises HypnicError where there are too few persons for it.

    Returns
    -------
    polars.DataFrame
        One row for each bin and each level of `estimand.by`: the limits it lies `above` and goes `upto` (null at the
        ends, whose extremes would be one person's), its median dose in the column's own unit, the rows and persons
        that enter the fit, and the rate ratio against the reference with 95 % limits. The reference is the bin that
        holds zero, or else the lowest. Ratios are null where the fit did not converge.

    """
    data, estimand, entered = question.data, question.estimand, question.rows_used()
    edges = bin_edges(entered[estimand.column].cast(pl.Float64), entered["person"])
    if not edges:
        message = f"{estimand.column} can't be cut into bins of {FEWEST_PERSONS} persons or more"
        raise HypnicError(message, reason="few_persons")
    number = bin_number(pl.col(estimand.column), edges).alias("bin")
    counted = _counted(entered.with_columns(number), estimand)
    reference = next((n for n, edge in enumerate(edges) if edge >= 0), len(edges))
    terms = {
        f"bin {row['bin']} {row['level']}": row
        for row in counted.filter(pl.col("bin") != reference).iter_rows(named=True)
    }
    level = pl.col(estimand.by) if estimand.by else pl.lit("")
    frame = data.frame.with_columns(number).with_columns(
        ((pl.col("bin") == row["bin"]) & (level == row["level"])).cast(pl.Int8).alias(name)
        for name, row in terms.items()
    )
    fitted = question.on(frame).fit(list(terms))
    rows = []
    for row in counted.iter_rows(named=True):
        name, bin_ = f"bin {row['bin']} {row['level']}", row["bin"]
        ratios: list[float | None] = [1.0, 1.0, 1.0]
        if name in terms:
            line = fitted.contrast({name: 1}).row(0, named=True)
            ratios = [rounded(exp(line[key])) if fitted.info["converged"] else None for key in RATIOS]
        rows.append(
            row | {"above": edges[bin_ - 1] if bin_ else None, "upto": edges[bin_] if bin_ < len(edges) else None}
            | {"reference": bin_ == reference} | dict(zip(RATIOS, ratios, strict=True))
        )  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=SCHEMA, infer_schema_length=None).select(*SCHEMA)


def bin_edges(doses: pl.Series, persons: pl.Series) -> list[float]:
    """Give the upper limits of all bins but the last: zero where it is common, then quantiles.

    Neighbours are merged until every bin holds ten persons or more.

    >>> bin_edges(pl.Series([0.0] * 20 + [float(n) for n in range(1, 41)]), pl.Series(range(60)))
    [0.0, 10.0, 20.0, 30.0]
    >>> bin_edges(pl.Series([0.0, 1.0] * 20), pl.Series(range(40)))
    [0.0]
    """
    common = (doses == 0).sum() >= SPIKE * len(doses)
    spread = (doses.filter(doses > 0) if common else doses).sort()
    cuts = [spread[len(spread) * step // BINS - 1] for step in range(1, BINS)] if len(spread) >= BINS else []
    edges = sorted({*cuts, *([0.0] if common else [])} - {doses.max()})
    while edges and (small := _small_bin(doses, persons, edges)) is not None:
        edges.pop(min(small, len(edges) - 1))
    return edges


def bin_number(dose: pl.Expr, edges: Sequence[float]) -> pl.Expr:
    """Give the number of the bin that a dose is in: 0 up to and including the first edge; null stays null."""
    number = pl.sum_horizontal(pl.lit(0), *((dose > edge).cast(pl.Int64) for edge in edges))
    return pl.when(dose.is_not_null()).then(number)


def _small_bin(doses: pl.Series, persons: pl.Series, edges: list[float]) -> int | None:
    """Give the first bin with fewer than ten persons."""
    frame = pl.DataFrame({"dose": doses, "person": persons})
    sizes = frame.group_by(bin_number(pl.col("dose"), edges).alias("bin")).agg(pl.col("person").n_unique())
    found = dict(sizes.iter_rows())
    return next((number for number in range(len(edges) + 1) if too_few(found.get(number, 0))), None)


def _counted(entered: pl.DataFrame, estimand: Estimand) -> pl.DataFrame:
    dose = pl.col(estimand.column).cast(pl.Float64)
    sizes = {"dose": dose.median(), "n_rows": pl.len(), "n_persons": pl.col("person").n_unique()}
    return entered.group_by("bin", "level").agg(**sizes).sort("level", "bin")
