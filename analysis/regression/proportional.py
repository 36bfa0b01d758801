"""The binary logits behind an ordered one: each threshold's own ratios, and a test that one ratio serves all.

An answer of K levels is cut in K - 1 ways into low and high; under proportional odds all cuts have the same slopes
(Brant 1990, Biometrics 46:1171). Their joint covariance is a sandwich over rows, clusters or a survey's PSUs, so it is
right whether or not the proportional model is. It is that of one logit on the rows stacked once for each cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from scipy.special import chdtrc, fdtrc, stdtr, stdtrit

from hypnic.analysis.regression.arguments import check_arguments
from hypnic.analysis.regression.design import INTERCEPT, design_matrix, expand_terms, refuse_infinite
from hypnic.analysis.regression.families import family_named
from hypnic.analysis.regression.frame import Sample, draw_sample
from hypnic.analysis.regression.glm import estimate_binomial
from hypnic.analysis.regression.problem import Array, Codes, Problem, group_sums
from hypnic.analysis.regression.roles import Roles
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, eq=False)
class ThresholdLogits:
    """Slopes of each cut, with the covariance that they have together."""

    levels: tuple[str, ...]  # lowest first
    names: tuple[str, ...]  # of the p columns
    members: Mapping[str, Codes]  # which columns each term has
    slopes: Array  # (cuts, p), for columns of variance 1
    vcov: Array  # (cuts, p, cuts, p)
    spread: Array  # (p,) standard deviation of each column
    df: float  # PSUs less strata of a survey, else infinite

    def ratios(self) -> pl.DataFrame:
        """Return a row a threshold and column: odds ratio of an answer above it, 95 % limits, p.

        `std_error` is that of the ratio's logarithm, as in every table of estimates.
        """
        cuts, p = self.slopes.shape
        logs = (self.slopes / self.spread).ravel()
        errors = np.sqrt(np.diag(self.vcov.reshape(cuts * p, cuts * p))) / np.tile(self.spread, cuts)
        reach = stdtrit(self.df, 0.975) * errors
        thresholds = [f"{low}|{high}" for low, high in zip(self.levels, self.levels[1:], strict=False)]
        columns = {
            "ratio": np.exp(logs),
            "std_error": errors,
            "conf_low": np.exp(logs - reach),
            "conf_high": np.exp(logs + reach),
            "p_value": 2 * stdtr(self.df, -np.abs(logs / errors)),
        }
        return pl.DataFrame({"threshold": np.repeat(thresholds, p), "term": list(self.names) * cuts} | columns)

    def combination(self, weights: Mapping[str, float]) -> pl.DataFrame:
        """Return a row a threshold for a weighted sum of columns' logs, with the columns of `ratios` but `term`."""
        cuts, p = self.slopes.shape
        given = np.array([weights.get(name, 0.0) for name in self.names]) / self.spread
        every = np.kron(np.eye(cuts), given)
        logs = every @ self.slopes.ravel()
        errors = np.sqrt(np.diag(every @ self.vcov.reshape(cuts * p, cuts * p) @ every.T))
        reach = stdtrit(self.df, 0.975) * errors
        return pl.DataFrame(
            {
                "threshold": [f"{low}|{high}" for low, high in zip(self.levels, self.levels[1:], strict=False)],
                "ratio": np.exp(logs),
                "std_error": errors,
                "conf_low": np.exp(logs - reach),
                "conf_high": np.exp(logs + reach),
                "statistic": logs / errors,
                "p_value": 2 * stdtr(self.df, -np.abs(logs / errors)),
            }
        )

    def together(self, terms: Sequence[str]) -> pl.DataFrame:
        """Test some terms together, in one row of `test`."""
        which = np.concatenate([self.members[term] for term in terms])
        return pl.DataFrame([self._wald(" + ".join(terms), which)], schema=_TESTED, orient="row")

    def test(self) -> pl.DataFrame:
        """Test that every threshold has the slopes of the first: a row a term, and one for all of them.

        `statistic` is a chi-square on `df`; under a survey design the adjusted F of Korn & Graubard (1990, Am Stat
        44:270) on `df` and `df_residual` = PSUs - strata - df + 1. Where none is left, statistic and p are null.
        """
        every = np.arange(self.slopes.shape[1])
        lines = [self._wald(label, which) for label, which in {**self.members, "all terms": every}.items()]
        return pl.DataFrame(lines, schema=_TESTED, orient="row")

    def _wald(self, label: str, which: Codes) -> tuple[str, float | None, int, float, float | None]:
        apart = (self.slopes[1:, which] - self.slopes[0, which]).ravel()
        part = self.vcov[:, which][:, :, :, which]
        spread = part[1:, :, 1:] - part[:1, :, 1:] - part[1:, :, :1] + part[:1, :, :1]
        size, left = len(apart), self.df - len(apart) + 1
        if left <= 0:
            return label, None, size, left, None
        chi2 = float(apart @ np.linalg.solve(spread.reshape(size, size), apart))
        if np.isinf(left):
            return label, chi2, size, left, float(chdtrc(size, chi2))
        statistic = chi2 / size * left / self.df
        return label, statistic, size, left, float(fdtrc(size, left, statistic))


_TESTED = {
    "term": pl.String,
    "statistic": pl.Float64,
    "df": pl.Int64,
    "df_residual": pl.Float64,
    "p_value": pl.Float64,
}


def threshold_logits(  # noqa: PLR0913
    frame: pl.DataFrame,
    outcome: str,
    terms: Sequence[str],
    *,
    cluster: str | None = None,
    weights: str | None = None,
    strata: str | None = None,
    psu: str | None = None,
    domain: str | None = None,
    covariance: Literal["HC0", "CR0", "design"] = "HC0",
) -> ThresholdLogits:
    """Fit every cut of an ordered answer by a logit; arguments are those of `fit`.

    `outcome` holds ordered whole codes or an enum, of three levels or more. Raises HypnicError as `fit` does, also
    for a level too rare for a logit of its own: join it to a neighbour first.

    >>> frame = pl.DataFrame({"x": [0.0, 1.0] * 30, "y": [i % 3 for i in range(60)]})
    >>> found = threshold_logits(frame, "y", ["x"])
    >>> found.ratios()["threshold"].to_list(), found.test()["df"].to_list()
    (['0|1', '1|2'], [1, 1])
    """
    roles = Roles((outcome,), tuple(terms), (), None, cluster, None, weights, strata, psu, domain)
    entry = replace(family_named("ordered"), covariances=("HC0", "CR0", "design"))
    check_arguments(entry, "ordered", roles, None, covariance, bias_reduced=False, df="design")
    sample = draw_sample(frame, roles, "ordered", within=False, design=covariance == "design")
    if len(sample.levels) < 3:
        msg = f"outcome {outcome!r} has two levels: proportional odds are a question for three or more"
        raise HypnicError(msg)
    widths = [len(expand_terms(sample.frame, [term])[1]) for term in terms]
    ends = np.cumsum(widths)
    members = {term: np.arange(end - width, end) for term, end, width in zip(terms, ends, widths, strict=True)}
    return _stacked(sample, terms, members)


def _stacked(sample: Sample, terms: Sequence[str], members: Mapping[str, Codes]) -> ThresholdLogits:
    """Fit each cut, and add up what each row, cluster or PSU does to all of them together."""
    influences, slopes = [], []
    for cut in range(1, len(sample.levels)):
        high = (sample.outcome >= cut).astype(np.float64)
        halves = replace(sample, outcome=np.column_stack([high, np.ones_like(high)]))
        try:
            columns = design_matrix(halves, terms, "share", (INTERCEPT,))
            estimation = estimate_binomial(Problem(columns.matrix, halves.outcome, sample.offset, sample.weights))
            refuse_infinite(columns, estimation)
        except HypnicError as error:
            low, up = sample.levels[cut - 1 : cut + 1]
            msg = f"between levels {low!r} and {up!r}, {error}"
            raise HypnicError(msg, reason=error.reason) from error
        influence = estimation.scores @ np.linalg.inv(estimation.information)
        if sample.cluster is not None:
            influence = group_sums(influence, sample.cluster, int(sample.cluster.max()) + 1)
        influences.append(influence[:, 1:])
        slopes.append(estimation.params[1:])
    together = np.hstack(influences)
    vcov = together.T @ together if sample.survey is None else sample.survey.meat(together)
    shape = np.shape(slopes)
    return ThresholdLogits(
        levels=sample.levels,
        names=columns.names[1:],
        members=members,
        slopes=np.array(slopes),
        vcov=vcov.reshape(*shape, *shape),
        spread=1 / np.diag(columns.back)[1:],
        df=float("inf") if sample.survey is None else float(sample.survey.degrees_of_freedom),
    )
