"""What popular claims ask besides the frozen rows: other exposures, other outcomes, and shares.

None of it is frozen: every row is exploratory. What a claim expects of a row stands in `hypnic.analysis.claims`.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from hypnic.analysis.studies.estimands import Estimand


class Asked(NamedTuple):
    """An estimand with the derived columns that it needs, and whom or which nights it is asked of (all of them)."""

    estimand: Estimand
    derived: tuple[pl.Expr, ...] = ()
    among: pl.Expr | None = None


class Share(NamedTuple):
    """A share: of the rows `among` that have an answer in `column`, those that are a `hit`."""

    name: str
    column: str
    hit: pl.Expr
    among: pl.Expr | None = None


def yes(name: str, expression: pl.Expr) -> pl.Expr:
    """Make a 0/1 column of a condition; null stays null."""
    return expression.cast(pl.Int8).alias(name)


def holds(column: str, *options: str) -> pl.Expr:
    """Tell whether any of some tokens was ticked."""
    return pl.any_horizontal(pl.col(column).list.contains(option) for option in options)
