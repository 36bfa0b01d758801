"""Strata and primary sampling units, and the Taylor-linearised variance of a weighted total."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from hypnic.analysis.regression.problem import Array, Codes, group_sums
from hypnic.errors import HypnicError


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """Which PSU each row is in, and which stratum each PSU of the *full* sample is in."""

    psu: Codes  # (rows,)
    stratum: Codes  # (PSUs of the full sample,)
    names: tuple[str, ...]  # of the strata, as an error tells them

    @property
    def degrees_of_freedom(self) -> int:
        """PSUs minus strata, of those that hold a row: `degf(subset(design, ...))` of R's survey package.

        NCHS counts them so too, and limits by it are `fit`'s own. R's `summary.svyglm` and `confint.svyglm` take one
        fewer for each slope (`df.residual`; here `fit(..., df="residual")`). With the 15 of a single NHANES cycle and
        9 or 10 slopes that leaves 6 or 5, and limits by the NCHS rule are 13 or 17 % shorter than R's.
        """
        present = np.unique(self.psu)
        return len(present) - len(np.unique(self.stratum[present]))

    def residual(self, slopes: int) -> int:
        """Return R's residual degrees of freedom: one fewer for each slope, as in `svyglm` and `svyolr`.

        Raises HypnicError where none is left; R gives NaN there.
        """
        left = self.degrees_of_freedom - slopes
        if left < 1:
            msg = f"{slopes} slopes leave none of {self.degrees_of_freedom} degrees of freedom: use df='design'"
            raise HypnicError(msg, reason="design")
        return left

    def at(self, rows: Codes) -> "SurveyDesign":
        """Keep some rows; all PSUs and strata stay, so a subpopulation is a domain, not a new sample.

        Raises HypnicError where these rows are in a stratum that has one PSU in the full sample, whose variance nobody
        can know (`survey.lonely.psu = "fail"`, R's default), or leave no degree of freedom. A stratum of which a
        domain reaches one PSU alone is none such: its other PSUs have totals of zero.
        """
        kept = replace(self, psu=self.psu[rows])
        lonely = np.flatnonzero(np.bincount(self.stratum) == 1)
        met = lonely[np.isin(lonely, self.stratum[kept.psu])]
        if len(met):
            others = f" ({len(met)} such)" if len(met) > 1 else ""
            msg = f"{self.names[met[0]]} has a single PSU{others}: merge it with a neighbouring stratum"
            raise HypnicError(msg, reason="design")
        if len(rows) and kept.degrees_of_freedom == 0:
            msg = "the rows lie in one PSU of each stratum, which leaves no degree of freedom: widen the domain"
            raise HypnicError(msg, reason="design")
        return kept

    def meat(self, scores: Array) -> Array:
        """Return the variance (q, q) of the total of `scores` (rows, q), for PSUs drawn with replacement.

        Source: Binder (1983), Int Stat Rev 51:279; the same as `survey::svyrecvar` without a
        finite-population correction. A PSU without rows counts with a total of zero.
        """
        per_psu = group_sums(scores, self.psu, len(self.stratum))
        size = np.bincount(self.stratum)
        mean = group_sums(per_psu, self.stratum, len(size)) / size[:, None]
        apart = per_psu - mean[self.stratum]
        weight = (size / np.maximum(size - 1, 1))[self.stratum]  # a single PSU that is left lies outside the domain
        return np.asarray((apart * weight[:, None]).T @ apart)


def survey_design(frame: pl.DataFrame, strata: str | None, psu: str | None) -> SurveyDesign:
    """Read the design off a frame; PSU codes are taken within strata, and a row is a PSU where `psu` is None."""
    n = frame.height
    stratum = _codes(frame[strata]) if strata else np.zeros(n, dtype=np.intp)
    unit = _codes(frame[psu]) if psu else np.arange(n)
    _, first, codes = np.unique(stratum * (unit.max() + 1) + unit, return_index=True, return_inverse=True)
    names = [f"stratum {label} of {strata!r}" for label in frame[strata].unique().sort()] if strata else ["the sample"]
    return SurveyDesign(psu=codes, stratum=stratum[first], names=tuple(names))


def _codes(values: pl.Series) -> Codes:
    return np.unique(values.to_numpy(), return_inverse=True)[1].astype(np.intp)
