"""Cells as a contributor types them: numbers, named levels, several tokens at once, and answers left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Cells = NDArray[np.object_]

NOT_ASKED, DO_NOT_KNOW, REFUSED = -7, -8, -9


def numbers(values: NDArray[np.float64] | NDArray[np.int64]) -> pl.Series:
    """Numbers as text, without a decimal point where none is needed.

    >>> numbers(np.array([22.5, 25.0, -8.0])).to_list()
    ['22.5', '25', '-8']
    """
    plain = np.asarray(values, dtype=np.float64) + 0.0  # a rounded -0.2 is 0, not -0
    return pl.Series(plain).cast(pl.String).str.strip_suffix(".0")


def flags(values: NDArray[np.bool_]) -> Cells:
    """true and false, as booleans travel."""
    return np.where(values, "true", "false").astype(object)


def tokens(ticked: Mapping[str, NDArray[np.bool_]], *, untouched: str = "none") -> Cells:
    """Ticked options of each respondent, alphabetical, joined by `|`; `untouched` where there are none.

    >>> tokens({"leg": np.array([True, False]), "arm": np.array([True, False])}).tolist()
    ['arm|leg', 'none']
    """
    options = sorted(ticked)
    rows = np.stack([ticked[option] for option in options], axis=1)
    joined = ["|".join(o for o, yes in zip(options, row, strict=True) if yes) or untouched for row in rows]
    return np.array(joined, dtype=object)


def frame(columns: Mapping[str, pl.Series | Cells]) -> pl.DataFrame:
    """All-text table; None is a blank cell."""
    return pl.DataFrame(
        {name: pl.Series(name, column if isinstance(column, pl.Series) else column.tolist(), dtype=pl.String)
         for name, column in columns.items()}
    )  # fmt: skip
