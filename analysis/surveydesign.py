"""Strata and primary sampling units, and the Taylor-linearised variance of a weighted total."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from hypnic.analysis.estimation import Array, Codes, group_sums
from hypnic.errors import HypnicError


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """Which PSU each row is in, and which stratum each PSU of the *full* sample is in."""

    psu: Codes  # (rows,)
    stratum: Codes  # (PSUs of the full sample,)

    @property
    def degrees_of_freedom(self) -> int:
        """PSUs minus strata, as NCHS counts them."""
        return len(self.stratum) - len(np.unique(self.stratum))

    def at(self, rows: Codes) -> "SurveyDesign":
        """Keep some rows; all PSUs and strata stay, so a subpopulation is a domain, not a new sample."""
        return replace(self, psu=self.psu[rows])

    def meat(self, scores: Array) -> Array:
        """Return the variance (q, q) of the total of `scores` (rows, q), for PSUs drawn with replacement.

        Source: Binder (1983), Int Stat Rev 51:279; the same as `survey::svyrecvar` without a
        finite-population correction. A PSU without rows counts with a total of zero.
        """
        per_psu = group_sums(scores, self.psu, len(self.stratum))
        size = np.bincount(self.stratum)
        mean = group_sums(per_psu, self.stratum, len(size)) / size[:, None]
        apart = per_psu - mean[self.stratum]
        weight = (size / (size - 1))[self.stratum]
        return np.asarray((apart * weight[:, None]).T @ apart)


def survey_design(frame: pl.DataFrame, strata: str | None, psu: str | None) -> SurveyDesign:
    """Read the design off a frame; PSU codes are taken within strata, and a row is a PSU where `psu` is None.

    Raises HypnicError for a stratum with one PSU, whose variance nobody can know.
    """
    n = frame.height
    stratum = _codes(frame[strata]) if strata else np.zeros(n, dtype=np.intp)
    unit = _codes(frame[psu]) if psu else np.arange(n)
    _, first, codes = np.unique(stratum * (unit.max() + 1) + unit, return_index=True, return_inverse=True)
    design = SurveyDesign(psu=codes, stratum=stratum[first])
    lonely = np.flatnonzero(np.bincount(design.stratum) == 1)
    if len(lonely):
        name = f"stratum {frame[strata].unique().sort()[int(lonely[0])]} of {strata!r}" if strata else "the sample"
        msg = f"{name} has a single PSU ({len(lonely)} such): merge it with a neighbouring stratum"
        raise HypnicError(msg)
    return design


def _codes(values: pl.Series) -> Codes:
    return np.unique(values.to_numpy(), return_inverse=True)[1].astype(np.intp)
