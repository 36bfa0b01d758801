"""Cells as a contributor types them: numbers, named levels, several tokens at once, and answers left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hypnic.datasets.cohort.people import labels, weighted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hypnic.datasets.cohort.people import Floats

    Cells = NDArray[np.object_]
    Columns = Mapping[str, pl.Series | Cells]

NOT_ASKED, DO_NOT_KNOW, REFUSED = -7, -8, -9


def numbers(values: NDArray[np.float64] | NDArray[np.int64]) -> pl.Series:
    """Numbers as text, without a decimal point where none is needed.

    >>> numbers(np.array([22.5, 25.0, -8.0])).to_list()
    ['22.5', '25', '-8']
    """
    plain = np.asarray(values, dtype=np.float64) + 0.0  # a rounded -0.2 is 0, not -0
    return pl.Series(plain).cast(pl.String).str.strip_suffix(".0")


def flags(values: NDArray[np.bool_]) -> Cells:
    """Write true and false, as booleans travel."""
    return either(values, "true", "false")


def either(condition: NDArray[np.bool_], one: NDArray[Any] | str | None, other: NDArray[Any] | str | None) -> Cells:
    """Choose cell by cell between two columns or levels; None is a blank cell."""
    return np.where(condition, np.asarray(one, dtype=object), np.asarray(other, dtype=object))


def tokens(ticked: Mapping[str, NDArray[np.bool_]], *, untouched: str = "none") -> Cells:
    """Ticked options of each respondent, alphabetical, joined by `|`; `untouched` where there are none.

    >>> tokens({"leg": np.array([True, False]), "arm": np.array([True, False])}).tolist()
    ['arm|leg', 'none']
    """
    options = sorted(ticked)
    rows = np.stack([ticked[option] for option in options], axis=1)
    joined = ["|".join(o for o, yes in zip(options, row, strict=True) if yes) or untouched for row in rows]
    return np.array(joined, dtype=object)


def frame(columns: Columns) -> pl.DataFrame:
    """All-text table; None is a blank cell."""
    return pl.DataFrame(
        {name: pl.Series(name, column if isinstance(column, pl.Series) else column.tolist(), dtype=pl.String)
         for name, column in columns.items()}
    )  # fmt: skip


def gap(rng: np.random.Generator, values: Floats, chance: float, code: int = DO_NOT_KNOW) -> Floats:
    """Return these numbers with a missing code here and there."""
    return np.where(rng.random(len(values)) < chance, code, values)


def instead(rng: np.random.Generator, cells: Cells, chance: float, level: str) -> Cells:
    """Return these levels with the named missing level here and there."""
    return either(rng.random(len(cells)) < chance, level, cells)


def only(asked: NDArray[np.bool_], cells: Cells) -> Cells:
    """Blank where the form did not ask."""
    return either(asked, cells, None)


def chosen(rng: np.random.Generator, levels: Mapping[str, float], n: int) -> Cells:
    """One level for each person."""
    return labels(levels, weighted(levels, rng.random(n)))


def ticks(rng: np.random.Generator, chances: Mapping[str, float], n: int, *, untouched: str = "none") -> Cells:
    """Options ticked independently of one another."""
    return tokens({option: rng.random(n) < chance for option, chance in chances.items()}, untouched=untouched)
