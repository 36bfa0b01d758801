"""Terms made into columns batch by batch, as `design.design_matrix` makes them of all rows at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hypnic.analysis.regression.design import INTERCEPT, DesignMatrix, levels_of_term
from hypnic.analysis.regression.outcomes import floats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import polars as pl
    from numpy.typing import NDArray

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.regression.roles import Roles

    Values = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Columns:
    """How terms become columns: `levels` of those that are text, and the mean and spread (p,) that each is put on."""

    terms: tuple[str, ...]
    levels: Mapping[str, list[str]]
    mean: Array
    spread: Array

    @classmethod
    def like(cls, made: DesignMatrix, frame: pl.DataFrame, terms: Sequence[str]) -> Columns:
        """Make columns as a design matrix of a frame did."""
        slopes = made.back[1:, 1:]
        return cls(
            tuple(terms), levels_in(frame, terms), -made.back[0, 1:] / np.diag(slopes), 1 / np.diag(slopes)
        )  # fmt: skip

    def each(self, rows: pl.DataFrame) -> list[Values]:
        """Give the columns of some rows in their own units and types, (n,) each."""
        found = []
        for term in self.terms:
            found += [(rows[term] == level).to_numpy() for level in self.levels.get(term, [])[1:]]
            found += [] if term in self.levels else [rows[term].to_numpy()]
        return found

    def design(self, names: Sequence[str], indicators: frozenset[str]) -> DesignMatrix:
        """Describe the columns after an intercept, with the way back to the user's units and no rows."""
        p = len(names)
        back = np.diag(np.concatenate([[1.0], 1 / self.spread]))
        back[0, 1:] = -self.mean / self.spread
        return DesignMatrix((INTERCEPT, *names), np.empty((0, p + 1)), back, indicators, p)


def levels_in(frame: pl.DataFrame, terms: Sequence[str]) -> dict[str, list[str]]:
    """Give the levels of those terms that are text."""
    found = {term: levels_of_term(frame[term]) for term in terms}
    return {term: levels for term, levels in found.items() if levels is not None}


def names_of(terms: Sequence[str], levels: Mapping[str, list[str]]) -> list[str]:
    """Name the columns that terms become."""
    return [
        name
        for term in terms
        for name in ([f"{term}[{level}]" for level in levels[term][1:]] if term in levels else [term])
    ]


def offset_of(rows: pl.DataFrame, roles: Roles) -> Array:
    """Give the logarithm of the exposure of some rows (n,)."""
    return np.zeros(rows.height) if roles.exposure is None else np.log(floats(rows[roles.exposure]))
