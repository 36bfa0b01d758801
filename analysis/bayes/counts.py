"""Counts of persons over occasions in a rectangle, and what each person's counts say alone of their level and slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hypnic.analysis.bayes.arrays import Array, Codes

# Where the counts of one person alone are put in a normal form: any values would do, these are of the right size.
TYPICAL_SPREAD, TYPICAL_SLOPE, TYPICAL_SIZE = 1.0, 0.2, 2.0
STEPS = 30


class Normal(NamedTuple):
    """A normal likelihood of one number a person (persons,): its information, and that times where it is highest."""

    information: Array
    pull: Array


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of persons on occasions (persons, occasions); a cell that is not `present` is zero everywhere.

    `dose` is the studied dose as distance from the person's mean `mean_dose` (persons,); `within` (columns, persons,
    occasions) varies from occasion to occasion, `between` (columns, persons) from person to person, each about zero and
    in units of its sd.
    """

    count: Array
    present: Array
    dose: Array
    mean_dose: Array
    within: Array
    between: Array

    @classmethod
    def of(cls, person: Codes, count: Array, dose: Array, within: Array, between: Array) -> Counts:
        """Arrange rows: `person` (n,) sorted codes from 0, `within` (n, k), `between` (n, m) alike in a person's.

        >>> made = Counts.of(np.array([0, 0, 1]), np.array([1.0, 3, 2]), np.array([0.0, 2, 5]), np.zeros((3, 0)),
        ...                  np.zeros((3, 0)))
        >>> made.dose.tolist(), made.mean_dose.tolist()
        ([[-1.0, 1.0], [0.0, 0.0]], [1.0, 5.0])
        """
        size = np.bincount(person)
        first = np.concatenate([[0], np.cumsum(size)[:-1]])
        place = np.arange(len(person)) - first[person]

        def grid(values: Array) -> Array:
            cells = np.zeros((len(size), int(size.max())))
            cells[person, place] = values
            return cells

        mean = np.bincount(person, dose) / size
        return cls(
            grid(count), grid(np.ones(len(person))), grid(dose - mean[person]), mean,
            np.array([grid(column) for column in _standardised(within).T]).reshape(-1, len(size), int(size.max())),
            _standardised(between)[first].T,
        )  # fmt: skip

    @property
    def rows(self) -> int:
        """Count the occasions that are present."""
        return int(self.present.sum())

    @property
    def above(self) -> Array:
        """Count, for 0, 1, 2 and so on, the occasions with more than that: all that a size parameter needs of them."""
        return np.array([(self.count > j).sum() for j in range(int(self.count.max()))], float)

    def start(self) -> float:
        """Give a log level near the typical person's, who has less than the mean."""
        return float(np.log((self.count.sum() + 0.5) / max(self.rows, 1))) - TYPICAL_SPREAD / 2

    def alone(self) -> tuple[Normal, Normal]:
        """Put what each person's own counts say of level and slope in a normal form, about a working fit.

        These are coordinates to draw in, and change nothing of what is drawn.
        """
        centre = self.start()
        level, slope = np.full(len(self.count), centre), np.zeros(len(self.count))
        for _ in range(STEPS):
            (by_level, by_slope), (a, b, c) = self._derivatives(level, slope)
            by_level, by_slope = by_level - (level - centre) / TYPICAL_SPREAD**2, by_slope - slope / TYPICAL_SLOPE**2
            a, c = a + TYPICAL_SPREAD**-2, c + TYPICAL_SLOPE**-2
            level = level + np.clip((c * by_level - b * by_slope) / (a * c - b**2), -1, 1)
            slope = slope + np.clip((a * by_slope - b * by_level) / (a * c - b**2), -1, 1)
        (by_level, by_slope), (a, _, c) = self._derivatives(level, slope)
        return Normal(a, a * level + by_level), Normal(c, c * slope + by_slope)

    def _derivatives(self, level: Array, slope: Array) -> tuple[tuple[Array, Array], tuple[Array, Array, Array]]:
        """Give the score and the information of each person's level and slope."""
        mean, size = np.exp(level[:, None] + slope[:, None] * self.dose), TYPICAL_SIZE
        score = self.present * (self.count - (self.count + size) * mean / (size + mean))
        weight = self.present * (self.count + size) * size * mean / (size + mean) ** 2
        information = (weight.sum(axis=1), (weight * self.dose).sum(axis=1), (weight * self.dose**2).sum(axis=1))
        return (score.sum(axis=1), (score * self.dose).sum(axis=1)), information


def _standardised(columns: Array) -> Array:
    sd = columns.std(axis=0)
    return np.asarray((columns - columns.mean(axis=0)) / np.where(sd > 0, sd, 1.0))
