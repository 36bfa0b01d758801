"""What other columns of an adjustment set tell exactly, as where two answers were withheld of the same people.

Its coefficient could be anything. The model needs none for it, and is the same without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ALIKE = 1e-7  # of a column's length: what the others leave of it


def without_told(rows: pl.DataFrame, columns: Sequence[str]) -> dict[str, pl.Expr | None]:
    """Give the columns that those before them tell in part or whole, as expressions of what they still tell.

    `rows` are complete; a choice has a coefficient for each level but its first. A level that is told joins the first;
    a column all of which is told has None.

    >>> rows = pl.DataFrame({"sex": ["f", "f", "m", "x"], "shift": ["none", "none", "none", "withheld"]})
    >>> without_told(rows, ["sex", "shift"])
    {'shift': None}
    """
    known = [np.ones(rows.height) / np.sqrt(rows.height)]
    found: dict[str, pl.Expr | None] = {}
    for column in columns:
        values = rows[column]
        if values.dtype != pl.String:
            if not _adds(known, values.cast(pl.Float64).to_numpy()):
                found[column] = None
            continue
        first, *others = values.unique().sort()
        told = [level for level in others if not _adds(known, (values == level).cast(pl.Float64).to_numpy())]
        if told:
            found[column] = None if told == others else pl.col(column).replace(dict.fromkeys(told, first))
    return found


def _adds(known: list[Array], column: Array) -> bool:
    """Tell whether a column is none of what is known, and know it from now on."""
    length, rest, basis = float(np.linalg.norm(column)), column, np.array(known)
    for _ in range(2):  # once more, since what is taken away is not exact
        rest = rest - (basis @ rest) @ basis
    left = float(np.linalg.norm(rest))
    if left <= ALIKE * length:
        return False
    known.append(rest / left)
    return True
