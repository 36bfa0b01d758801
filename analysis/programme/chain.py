"""What a gap is predicted by: all columns side by side, and for nights also the person's other nights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hypnic.analysis.regression.problem import group_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hypnic.analysis.regression.problem import Array, Codes


@dataclass(frozen=True, eq=False)
class Nights:
    """Whose night each row is, and which rows are the same person's night before and after (-1: none)."""

    person: Codes
    before: Codes
    after: Codes

    def others(self, values: Array) -> Array:
        """Give each row the mean over the person's other nights (n, q); 0 where there is none."""
        size = np.bincount(self.person)
        total = group_sums(values, self.person, len(size))[self.person]
        return np.asarray((total - values) / np.maximum(size[self.person] - 1, 1)[:, None])

    def neighbours(self, values: Array) -> Array:
        """Give each row the night before and the night after (n, 2q); the mean of the others where there is none."""
        mean = self.others(values)
        at = ((self.before, values), (self.after, values))
        return np.hstack([np.where((row >= 0)[:, None], value[row], mean) for row, value in at])


@dataclass(eq=False)
class Gapped:
    """One column as numbers (itself, or the place of its level), and where its predictors stand in the chain."""

    name: str
    values: Array
    gaps: NDArray[np.bool_]
    levels: tuple[str, ...] | None  # of a choice
    yes_no: bool
    latent: Array = field(default_factory=lambda: np.empty(0))
    starts: dict[int, Array] = field(default_factory=dict)  # of its logits: where they ended the time before

    def __post_init__(self) -> None:
        """Keep the mean and the spread of what was answered."""
        known = self._encoded()[~self.gaps]
        self.mean, self.spread = known.mean(axis=0), known.std(axis=0)
        self.spread[self.spread == 0] = 1.0

    def _encoded(self) -> Array:
        places = np.arange(1, len(self.levels)) if self.levels else None
        return self.values[:, None] if places is None else (self.values[:, None] == places).astype(np.float64)

    def predictors(self) -> Array:
        """Give the standardised columns by which others are predicted."""
        return np.asarray((self._encoded() - self.mean) / self.spread)


class Chain:
    """All predictors side by side, with their cross-products, which are renewed as columns are drawn."""

    def __init__(self, parts: Sequence[Gapped], fixed: Array, nights: Nights | None) -> None:
        self.nights = nights
        lasting = [np.ones((len(fixed), 1)), fixed]
        lasting += [nights.others(fixed), nights.neighbours(fixed)] if nights is not None and fixed.size else []
        blocks = [(part.name, kind, block) for part in parts for kind, block in self._blocks(part)]
        self.matrix = np.asfortranarray(np.hstack([*lasting, *(block for _, _, block in blocks)]))
        self.products = self.matrix.T @ self.matrix
        self.owner = ["" for block in lasting for _ in block.T] + [name for name, _, block in blocks for _ in block.T]
        self.kind = ["" for block in lasting for _ in block.T] + [kind for _, kind, block in blocks for _ in block.T]

    def _blocks(self, part: Gapped) -> list[tuple[str, Array]]:
        now = part.predictors()
        around = (
            []
            if self.nights is None
            else [("others", self.nights.others(now)), ("neighbours", self.nights.neighbours(now))]
        )
        return [("now", now), *around]

    def chosen(self, part: Gapped) -> Codes:
        """Find the predictors of a column: others as they are, its own neighbouring nights, and everyone's mean."""
        wanted = {("now", False), ("neighbours", True), ("others", True), ("others", False), ("", False)}
        pairs = zip(self.kind, self.owner, strict=True)
        return np.flatnonzero([(kind, owner == part.name) in wanted for kind, owner in pairs])

    def renew(self, part: Gapped) -> None:
        """Take in what was drawn."""
        places = np.flatnonzero([owner == part.name for owner in self.owner])
        self.matrix[:, places] = np.hstack([block for _, block in self._blocks(part)])
        changed = self.matrix.T @ self.matrix[:, places]
        self.products[:, places], self.products[places] = changed, changed.T
