"""Chained equations: each gap drawn from a model of its column given all others, by turns.

Numbers by predictive mean matching of type 1 (van Buuren 2018, Flexible Imputation of Missing Data, 3.4), yes or no
by a logit, a choice by a chain of logits: this level, or one of those after it? Own code because statsmodels' MICE
draws everything by matching, a category by its code, and knows no persons (METHODS names what was measured).

Columns that are computed from others (sleep loss = need - sleep) are imputed as just another variable: what enters the
regression is then drawn given the outcome itself. All of them are sums and differences, for which this is consistent
(Seaman, Bartlett & White 2012, BMC Med Res Methodol 12:46); a square or a product would not be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit

from hypnic.analysis.programme.chain import Chain, Gapped, Nights
from hypnic.analysis.regression.problem import Array
from hypnic.errors import HypnicError

DONORS, ROUNDS = 5, 5
# Standard deviations of a weak normal prior on the coefficients of standardised columns, and on the intercept of a
# logit: a level that some column tells perfectly keeps finite odds.
PRIOR, PRIOR_INTERCEPT = 2.5, 10.0
_NOTHING = 1e-9  # relative size of an eigenvalue of which the rows say nothing
_DIGITS = 9  # of predictions that are matched: beyond them machines differ


@dataclass(frozen=True, eq=False)
class Completed:
    """A frame without gaps in its imputed columns, and how far each drawn yes or no lay from the other answer.

    `gaps` marks the imputed rows of each column; `latent` are log-odds less a logistic draw: above 0 is yes.
    """

    frame: pl.DataFrame
    gaps: Mapping[str, NDArray[np.bool_]]
    latent: Mapping[str, Array]

    def shifted(self, column: str, delta: float) -> pl.DataFrame:
        """Shift what was imputed in a column: by `delta` standard deviations, or log-odds of a yes."""
        values = self.frame[column].cast(pl.Float64).to_numpy().copy()
        gaps = self.gaps[column]
        if column in self.latent:
            values[gaps] = self.latent[column] + delta > 0
        else:
            values[gaps] += delta * values[~gaps].std()
        return self.frame.with_columns(pl.Series(column, values))


def impute(  # noqa: PLR0913 -- each is one thing to know, and most have a value that suits
    frame: pl.DataFrame,
    columns: Sequence[str],
    fixed: Array,
    rng: np.random.Generator,
    *,
    nights: Nights | None = None,
    donors: int = DONORS,
    rounds: int = ROUNDS,
) -> Completed:
    """Complete `columns` of a frame once: numbers, 0/1 columns and text.

    `fixed` (n, q) are predictors without gaps: the outcome belongs to them, or slopes are pulled towards zero. With
    `nights`, each column is predicted also by every column's mean over the person's other nights, and by itself and
    `fixed` on the night before and after.

    Raises HypnicError for a column that nobody answered.

    >>> frame = pl.DataFrame({"cups": [0.0, 1.0, 2.0, None, 4.0, 5.0]})
    >>> jerks = np.array([[0.0], [1.0], [2.0], [3.9], [4.0], [5.0]])
    >>> impute(frame, ["cups"], jerks, np.random.default_rng(1), donors=1).frame["cups"].to_list()
    [0.0, 1.0, 2.0, 4.0, 4.0, 5.0]
    """
    parts = [_column(frame[name], rng) for name in columns]
    varied = fixed[:, np.ptp(fixed, axis=0) > 0]
    chain = Chain(parts, (varied - varied.mean(axis=0)) / varied.std(axis=0), nights)
    gappy = sorted((part for part in parts if part.gaps.any()), key=lambda part: int(part.gaps.sum()))
    for _ in range(1 if len(gappy) < 2 and nights is None else rounds):  # a night is predicted by others with gaps
        for part in gappy:
            if part.levels or part.yes_no:
                _draw_answers(chain, part, rng)
            else:
                part.values[part.gaps] = _match(chain, part, rng, donors)
            chain.renew(part)
    return Completed(
        frame.with_columns(_series(part, frame.schema[part.name]) for part in gappy),
        {part.name: part.gaps for part in parts},
        {part.name: part.latent for part in gappy if part.yes_no},
    )


def _column(series: pl.Series, rng: np.random.Generator) -> Gapped:
    """Encode a column, its gaps filled with answers of others."""
    gaps = (series.fill_nan(None) if series.dtype.is_float() else series).is_null().to_numpy()
    if gaps.all():
        message = f"nobody answered {series.name}"
        raise HypnicError(message, reason="unanswered")
    levels = None
    if series.dtype == pl.String:
        levels = tuple(series.drop_nulls().unique().sort())
        series = series.replace_strict(levels, range(len(levels)), return_dtype=pl.Int64)
    values = series.cast(pl.Float64).to_numpy().copy()
    values[gaps] = rng.choice(values[~gaps], size=int(gaps.sum()))
    return Gapped(series.name, values, gaps, levels, not levels and bool(np.isin(values, (0, 1)).all()))


def _series(part: Gapped, dtype: pl.DataType) -> pl.Series:
    if part.levels:
        return pl.Series(part.name, np.array(part.levels, dtype=object)[part.values.astype(int)], dtype=pl.String)
    return pl.Series(part.name, part.values).cast(dtype)


def _match(chain: Chain, part: Gapped, rng: np.random.Generator, donors: int) -> Array:
    """Give each gap the answer of one of the donors whose predictions lie nearest to a drawn one."""
    chosen, known = chain.chosen(part), ~part.gaps
    x, y, gaps = chain.matrix[:, chosen], part.values[known], chain.matrix[np.ix_(part.gaps, chosen)]
    products = chain.products[np.ix_(chosen, chosen)] - gaps.T @ gaps
    values, vectors = np.linalg.eigh(products)
    told = values > _NOTHING * values[-1]
    vectors, values = vectors[:, told], values[told]
    best = vectors @ ((vectors.T @ (x.T @ np.where(known, part.values, 0.0))) / values)
    fitted = (x @ best)[known]
    sigma = np.sqrt(((y - fitted) ** 2).sum() / rng.chisquare(max(len(y) - len(values), 1)))
    # The symmetric root: the signs of eigenvectors are the machine's own choice.
    drawn = best + sigma * (vectors @ ((vectors.T @ rng.standard_normal(len(chosen))) / np.sqrt(values)))
    scale = y.std() or 1.0
    near, wanted = np.round(fitted / scale, _DIGITS), np.round(gaps @ drawn / scale, _DIGITS)
    order = np.argsort(near, kind="stable")
    donors = min(donors, len(y))
    first = np.clip(np.searchsorted(near[order], wanted) - donors, 0, max(len(y) - 2 * donors, 0))
    window = order[np.minimum(first[:, None] + np.arange(2 * donors), len(y) - 1)]
    nearest = np.argsort(np.abs(near[window] - wanted[:, None]), axis=1, kind="stable")
    picked = nearest[np.arange(len(wanted)), rng.integers(donors, size=len(wanted))]
    return np.asarray(y[window[np.arange(len(wanted)), picked]])


def _draw_answers(chain: Chain, part: Gapped, rng: np.random.Generator) -> None:
    """Draw yes or no; or the first level, or else the second, or else ..."""
    x = chain.matrix[:, chain.chosen(part)]
    gaps = x[part.gaps]
    if part.yes_no:
        part.latent = _draw_latent(x, part.values, ~part.gaps, gaps, part.starts, 0, rng)
        part.values[part.gaps] = part.latent > 0
        return
    known = part.values.copy()
    drawn = np.full(len(gaps), len(part.levels or ()) - 1.0)
    undecided = np.ones(len(gaps), dtype=bool)
    for level in range(len(part.levels or ()) - 1):
        left = ~part.gaps & (known >= level)
        yes = _draw_latent(x, (known == level) * 1.0, left, gaps, part.starts, level, rng) > 0
        drawn[yes & undecided] = level
        undecided &= ~yes
    part.values[part.gaps] = drawn


def _draw_latent(  # noqa: PLR0913, PLR0917
    x: Array,
    y: Array,
    use: NDArray[np.bool_],
    gaps: Array,
    starts: dict[int, Array],
    key: int,
    rng: np.random.Generator,
) -> Array:
    """Draw log-odds of yes for `gaps` from their posterior given the rows in `use`, less a standard logistic draw."""
    x, y = x[use], y[use]
    prior = np.full(x.shape[1], PRIOR**-2)
    prior[0] = PRIOR_INTERCEPT**-2
    beta = starts.get(key, np.zeros(x.shape[1]))
    for _ in range(50):
        p = expit(x @ beta)
        half = x * np.sqrt(p * (1 - p))[:, None]
        information = half.T @ half + np.diag(prior)  # numpy knows that it is symmetric, and computes a half of it
        step = np.linalg.solve(information, x.T @ (y - p) - prior * beta)
        beta = beta + step / max(1.0, float(np.abs(step).max()) / 3)  # a long first step may overshoot
        if np.abs(step).max() < 1e-6:
            break
    starts[key] = beta
    root = np.linalg.cholesky(information)
    drawn = beta + np.linalg.solve(root.T, rng.standard_normal(len(beta)))
    return np.asarray(gaps @ drawn - logit(rng.random(len(gaps))))
