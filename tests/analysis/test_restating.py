"""Rows that say a primary one once more are no hypotheses of their own: they are in no family that is adjusted."""

from __future__ import annotations

import polars as pl
import pytest
from statsmodels.stats.multitest import multipletests

from hypnic.analysis.estimates import RESTATING, _adjusted
from hypnic.analysis.programme import PROGRAMME

ROWS = [
    ("primary", "main", "primary", 0.001),
    ("differences", "average", "secondary", 0.001),
    ("hybrid", "within", "secondary", 0.001),
    ("hybrid", "between", "secondary", 0.02),
    ("carryover", "lag-1", "secondary", 0.04),
    ("carryover", "both-nights", "secondary", 0.3),
]


def table() -> pl.DataFrame:
    frame = pl.DataFrame(ROWS, schema=["analysis", "variant", "role", "p_value"], orient="row")
    return frame.with_columns(design=pl.lit("diary"))


def test_what_restates_a_primary_row_is_adjusted_for_nothing() -> None:
    found = _adjusted(table())
    assert found.filter(pl.col("p_adjusted").is_null()).select("analysis", "variant").rows() == [
        ("differences", "average"),
        ("hybrid", "within"),
    ]


def test_the_other_secondary_rows_are_adjusted_for_their_own_number_alone() -> None:
    found = _adjusted(table()).filter(pl.col("p_adjusted").is_not_null(), role="secondary")
    assert found["p_adjusted"].to_list() == pytest.approx(
        multipletests([0.02, 0.04, 0.3], method="fdr_bh")[1], rel=1e-7
    )


def test_the_analyses_that_restate_are_in_the_programme() -> None:
    assert {analysis for analysis, _ in RESTATING} <= {analysis.name for analysis in PROGRAMME}
