"""Fits on patterns: rows alike are counted in one streaming pass, and the estimator sees the distinct ones."""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from hypnic.analysis.regression import covariance as errors
from hypnic.analysis.regression import masses
from hypnic.analysis.regression.design import INTERCEPT, design_matrix, joined, refuse_infinite
from hypnic.analysis.regression.fitted import Asked, Kept
from hypnic.analysis.regression.hotelling import wishart_freedom
from hypnic.analysis.regression.likelihood import Likelihood, Predictor
from hypnic.analysis.regression.problem import Estimation, Problem
from hypnic.analysis.scale.assembled import Reached, few_clusters
from hypnic.analysis.scale.cells import Cells
from hypnic.analysis.scale.chunks import Batch, Chunk, Running, chunk_size, triangle
from hypnic.analysis.scale.climbing import Sums, climb
from hypnic.analysis.scale.clusters import Adding, Clusters
from hypnic.analysis.scale.columns import Columns
from hypnic.analysis.scale.links import LINKS, Parts, first_level, sums_of
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.design import DesignMatrix
    from hypnic.analysis.regression.frame import Sample
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.scale.wanted import Wanted

_OWN = 1 - 1e-10
_FIXED = "a single {} fixes a coefficient by itself: use covariance {}, or leave its term out"


def fit_cells(wanted: Wanted, found: Cells, parts: Callable[[], Iterable[pl.DataFrame]]) -> Fit:
    """Fit to cells; `parts` gives all rows again, in parts, for errors by cluster that need them."""
    columns, problem = _columns(found.sample, wanted)
    estimation = _estimate(wanted, found, problem)
    refuse_infinite(columns, estimation)
    clusters, vcov = None, np.empty(0)
    if wanted.passed:
        like = Columns.like(columns, found.sample.frame, wanted.roles.terms)
        clusters = _clusters(wanted, estimation, like, parts())
        vcov = clusters.covariance(wanted.covariance, estimation.information)
    else:
        vcov = _covariance(wanted, found, estimation)
    codes = found.sample.cluster
    number = len(clusters.scores) if clusters else None if codes is None else int(codes.max()) + 1
    freedom, joint = _freedom(wanted, estimation, clusters, found)
    units = (found.rows, "rows", "HC3") if number is None else (number, "clusters", "CR3")
    better = units[2] if units[2] in wanted.entry.covariances else ""
    trusted = number is None and wanted.covariance == "model"
    return Reached(
        names=columns.names,
        back=columns.back,
        params=estimation.params,
        vcov=vcov,
        loglik=estimation.loglik,
        score_max=estimation.score_max,
        n_rows=found.rows,
        n_groups=number,
        n_dropped=found.sample.n_dropped,
        optimizer=estimation.optimizer,
        route="patterns",
        scale=estimation.scale,
        dispersed="log_theta" in estimation.extra,
        freedom=freedom,
        joint=joint,
        kept=Kept(
            found.sample, columns, estimation, Asked(wanted.family, wanted.roles, wanted.covariance), _not_again
        ),
        warnings=() if trusted else few_clusters(wanted.covariance, units[0], units[1], better),
        more={**estimation.info, "patterns": len(found.apart)},
    ).fit()  # fmt: skip


def _not_again(sample: Sample, start: Array) -> NoReturn:  # noqa: ARG001 -- as `Kept.again` is called
    message = "rows alike were joined, so single rows cannot be changed: fit the frame again"
    raise HypnicError(message)


def _columns(sample: Sample, wanted: Wanted) -> tuple[DesignMatrix, Problem]:
    """Make the terms into columns, as `fit` does of rows."""
    entry, roles = wanted.entry, wanted.roles
    constants: tuple[str, ...] = (INTERCEPT,)
    if entry.kind == "ordered":
        constants = tuple(f"{low}|{high}" for low, high in pairwise(sample.levels))
    hurdle = entry.zero == "hurdle"
    told = sample.outcome > 0 if hurdle else None
    part = "positive" if hurdle else "mixed" if entry.zero else entry.kind
    columns = design_matrix(sample, roles.terms, part, constants, rows=told)
    problem = Problem(columns.matrix, sample.outcome, sample.offset, sample.weights, None, sample.ceiling)
    if entry.zero is None:
        return columns, problem
    zero = design_matrix(sample, roles.zero_terms, entry.zero, (f"zero:{INTERCEPT}",))
    return joined(columns, zero), replace(problem, zero=zero.matrix)


def _estimate(wanted: Wanted, found: Cells, problem: Problem) -> Estimation:
    if not wanted.linear:
        estimation = wanted.entry.estimate(problem)
        # What a GLM supposes of one row, not of the cell's mean, so that sandwiches see a cell as its rows.
        variance = None if estimation.variance is None else estimation.variance * problem.weights
        return replace(estimation, variance=variance)
    x, y = problem.matrix, problem.outcome
    mean, trials = (y[:, 0], y[:, 1]) if y.ndim > 1 else (y, np.ones(len(y)))

    def parts(params: Array, rows: slice = slice(None)) -> Parts:
        with np.errstate(all="ignore"):
            eta = np.einsum("np,p->n", x[rows], params) + problem.offset[rows]
            return LINKS[wanted.family](eta, problem.weights[rows], mean[rows], trials[rows])

    size = chunk_size(x.shape[1])
    slices = [slice(first, first + size) for first in range(0, len(x), size)]

    def at(params: Array) -> Sums:
        return reduce(add, (sums_of(x[rows].T, parts(params, rows)) for rows in slices))

    tried = trials if y.ndim > 1 else np.exp(problem.offset)
    start = np.zeros(x.shape[1])
    start[0] = first_level(wanted.family, float(problem.weights @ mean), float(problem.weights @ tried))
    params, steps = climb(at, start)
    here = parts(params)
    quasi = wanted.family == "quasipoisson"
    told = not wanted.passed  # errors by cluster pass over the rows again, and ask nothing of cells
    pearson = problem.weights @ ((mean - here.fitted) ** 2 / here.fitted) + (found.apart / here.fitted).sum()
    return Estimation(
        params=params,
        scores=x * here.slope[:, None] if told else (here.slope @ x)[None],
        information=at(params).information,
        fitted=here.fitted,
        optimizer=f"newton, {steps} steps",
        loglik=None if quasi else float(here.loglik.sum()) + found.constant,
        scale=float(pearson / (found.rows - len(params))) if quasi else 1.0,
        whitened=x * np.sqrt(here.expected)[:, None] if told else None,
        variance=here.variance,
    )


def _covariance(wanted: Wanted, found: Cells, estimation: Estimation) -> Array:
    """Give the covariance of a fit to cells, with everything that `covariance` would see in their rows."""
    kind, sample = wanted.covariance, found.sample
    if kind.startswith("HC"):
        return _row_sandwich(wanted, found, estimation)
    asked = "CR0" if kind == "CR1S" else kind
    vcov = errors.covariance(asked, estimation, cluster=sample.cluster)
    if kind != "CR1S":
        return vcov
    assert sample.cluster is not None  # noqa: S101
    size, p = int(sample.cluster.max()) + 1, len(estimation.params) - len(estimation.extra)
    return np.asarray(vcov * (size / (size - 1) * (found.rows - 1) / (found.rows - p)))


def _row_sandwich(wanted: Wanted, found: Cells, estimation: Estimation) -> Array:
    """Give HC0 to HC3: the rows of a cell share their leverage, and differ by their outcomes alone."""
    counts = found.sample.counts
    assert counts is not None  # noqa: S101
    bread = errors.covariance("model", replace(estimation, observed=None, scale=1.0))
    p = len(estimation.params) - len(estimation.extra)
    factor = np.ones(len(counts))
    if wanted.covariance in ("HC2", "HC3"):
        assert estimation.whitened is not None  # noqa: S101
        leverage = np.einsum("ij,ij->i", estimation.whitened @ bread[:p, :p], estimation.whitened) / counts
        if (leverage > _OWN).any():
            raise HypnicError(_FIXED.format("row", "HC1"), reason="leverage")
        factor = 1 / (1 - leverage) ** (1 if wanted.covariance == "HC2" else 2)
    scores = estimation.scores
    meat = (scores * (factor / counts)[:, None]).T @ scores
    if wanted.linear and found.apart.any():
        x, y = estimation.whitened, found.sample.outcome
        assert x is not None  # noqa: S101
        assert estimation.variance is not None  # noqa: S101
        # A whitened cell is x sqrt(n) slope / sqrt(variance), and one more event adds x slope / variance to a score.
        per_event = x / np.sqrt(counts * estimation.variance)[:, None] / (y[:, 1:] if y.ndim > 1 else 1.0)
        meat = meat + (per_event * (found.apart * factor)[:, None]).T @ per_event
    if wanted.covariance == "HC1":
        meat = meat * (found.rows / (found.rows - p))
    return np.asarray(bread @ meat @ bread)


def _freedom(
    wanted: Wanted, estimation: Estimation, clusters: Clusters | None, found: Cells
) -> tuple[Callable[[Array], Array] | None, Callable[[Array], float] | None]:
    """Give the degrees of freedom of combinations, of one and of several together, where errors have their own."""
    if wanted.covariance not in errors.KINDS:
        return None, None
    p = len(estimation.params) - len(estimation.extra)
    information = estimation.information[:p, :p]
    if clusters is not None:
        return partial(clusters.freedom, information), partial(clusters.joint, information)
    codes = found.sample.cluster
    assert codes is not None  # noqa: S101
    return (
        partial(errors.degrees_of_freedom, wanted.covariance, estimation, codes),
        partial(wishart_freedom, wanted.covariance, estimation, codes),
    )


def _clusters(
    wanted: Wanted, estimation: Estimation, columns: Columns, parts: Iterable[pl.DataFrame]
) -> Clusters:  # fmt: skip
    """Add up, by cluster, scores and with CR3 the information of all rows, at the estimate."""
    p, q, shares = len(columns.mean) + 1, len(estimation.params), wanted.covariance == "CR3"
    adding = Adding(p, shares)
    for part in parts:
        batch = Batch(wanted, columns, part, clusters=True)
        running = Running(batch, q + shares * p * (p + 1) // 2)
        for chunk in batch.chunks():
            if wanted.linear:
                here = LINKS[wanted.family](chunk.eta(estimation.params), chunk.ones, chunk.events, chunk.trials)
                scores, steep = chunk.x * here.slope, here.expected
            else:
                scores, steep = _nb2_scores(estimation, chunk)
            running.add(chunk, np.vstack([scores, triangle(chunk.x * np.sqrt(steep))]) if shares else scores)
        running.put(adding)
    return adding.clusters()


def _nb2_scores(estimation: Estimation, chunk: Chunk) -> tuple[Array, Array]:
    """Give the scores (q, n) of NB2 counts and the rows' expected information about eta (n,)."""
    p, ones, eta = len(chunk.x), chunk.ones, chunk.eta(estimation.params[: len(chunk.x)])
    mu = np.exp(eta)
    if not estimation.extra:  # alpha at its bound of 0
        return chunk.x * (chunk.events - mu), mu
    predictors = [
        Predictor(chunk.x.T, slice(0, p), 0.0 if chunk.offset is None else chunk.offset),
        Predictor(ones[:, None], slice(p, p + 1)),
    ]
    point = Likelihood(masses.nb2(chunk.events), predictors, ones).at(estimation.params)
    return point.scores.T, mu / (1 + mu * np.exp(-estimation.params[p]))
