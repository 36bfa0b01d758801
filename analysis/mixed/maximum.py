"""Maxima of a mixed model's likelihood: staged starts, quasi-Newton steps, then Newton's down to rounding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, minimize

from hypnic.analysis.regression.glm import estimate_poisson
from hypnic.analysis.regression.problem import Array, Problem

if TYPE_CHECKING:
    from hypnic.analysis.mixed.marginal import MixedCounts

# Scaled parameters are of order one: central differences of an exact gradient keep eight digits at this step.
_STEP = 1e-4
# Squared distance to the maximum, in standard errors, at which rounding begins to rule.
_DONE = 1e-20
# Where theta is this large and no likelier than infinity, the law is Poisson's.
_LARGE_LOG_THETA = 4.0


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where a search ended, in the coordinates of the model."""

    model: MixedCounts
    params: Array  # (q,), sds not negative
    loglik: float
    scores: Array  # (persons, q)
    information: Array  # (q, q), observed


def maximum(model: MixedCounts) -> Maximum:
    """Fit in stages: Poisson's coefficients, a lone random intercept, the whole model by Laplace, then its nodes."""
    rows = Problem(model.matrix, model.count[:, 0], model.offset, np.ones(len(model.offset)))
    coef = estimate_poisson(rows).params
    simple = replace(model, random=model.random[:, :1], zero=model.zero[:, :0], points=1, off_zero=False)
    theta = np.full(simple.parts[2].stop - simple.parts[2].start, 0.5)
    params = climb(simple, np.concatenate([coef, [0.5], theta]))[0]
    slopes, zero = np.full(model.random.shape[1] - 1, 0.3), np.zeros(model.zero.shape[1])
    zero[:1] = -2.0
    at = len(coef) + 1
    params = np.concatenate([params[:at], slopes, params[at:], zero])
    for points in sorted({1, model.points}):
        params = climb(replace(model, points=points), params)[0]
    return _without_bound(polished(model, params))


def climb(model: MixedCounts, start: Array, along: Array | None = None, least: float = -np.inf) -> tuple[Array, float]:
    """Maximise over every parameter, from `start`; return the parameters and their log likelihood.

    With `along` (q, s), over start + along @ t, whose columns should be of about a standard error each; the first
    element of t stays above `least`.
    """
    free = along is None
    directions = np.eye(len(start)) if along is None else along
    # persons' mean where parameters are of order one, their sum where they are in standard errors
    size, modes = model.n_persons if free else 1, model.zeros

    def descent(t: Array) -> tuple[float, Array]:
        nonlocal modes
        with np.errstate(over="ignore", invalid="ignore"):
            values, scores, found = model.evaluate(start + directions @ t, modes)
        if not np.isfinite(values).all():
            return np.inf, np.zeros_like(t)
        modes = found
        return -float(values.sum()) / size, -(scores.sum(axis=0) @ directions) / size

    origin = np.zeros(directions.shape[1])
    if free:
        result = minimize(descent, origin, jac=True, method="BFGS", options={"gtol": 1e-7})
    else:
        bounds = Bounds(lb=np.append(least, np.full(len(origin) - 1, -np.inf)))
        result = minimize(
            descent, origin, jac=True, method="L-BFGS-B", bounds=bounds, options={"gtol": 1e-5, "ftol": 1e-15}
        )
    return start + directions @ result.x, -float(result.fun) * size


def polished(model: MixedCounts, params: Array) -> Maximum:
    """Take Newton steps from an optimum to rounding error; where it is none, stay and let the score tell."""
    here = _positive(model, params)
    for _ in range(5):
        step = _step(here)
        if not step @ here.scores.sum(axis=0) > _DONE:
            break
        here = _positive(model, here.params + step)
    return here


def likeliest(found: Maximum) -> Maximum:
    """Return the maximum of the likelihood itself, from one whose sd was kept off zero."""
    model = replace(found.model, off_zero=False)
    return polished(model, climb(model, found.params)[0])


def newton_step(model: MixedCounts, params: Array) -> tuple[Array, float]:
    """Return the parameters one Newton step on, and the log likelihood where it began."""
    here = _positive(model, params)
    return here.params + _step(here), here.loglik


def _positive(model: MixedCounts, params: Array) -> Maximum:
    params = params.copy()
    params[model.parts[1]] = np.abs(params[model.parts[1]])  # the likelihood does not know their sign
    values, scores, modes = model.evaluate(params, model.zeros)
    return Maximum(model, params, float(values.sum()), scores, _information(model, params, modes))


def _step(here: Maximum) -> Array:
    try:
        np.linalg.cholesky(here.information)
    except np.linalg.LinAlgError:  # no maximum
        return np.zeros_like(here.params)
    return np.asarray(np.linalg.solve(here.information, here.scores.sum(axis=0)))


def _information(model: MixedCounts, params: Array, modes: Array) -> Array:
    """Differentiate the exact gradient by central differences."""
    rows = []
    for j, size in enumerate(np.maximum(1, np.abs(params)) * _STEP):
        shift = np.zeros_like(params)
        shift[j] = size
        ahead, behind = (model.evaluate(params + way * shift, modes)[1].sum(axis=0) for way in (1, -1))
        rows.append((behind - ahead) / (2 * size))
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)


def _without_bound(found: Maximum) -> Maximum:
    """Put Poisson's law, NB2 with theta infinite, where it is at least as likely: theta then has no estimate."""
    model, theta = found.model, found.model.parts[2]
    if not (found.params[theta] > _LARGE_LOG_THETA).any():
        return found
    limit = replace(model, law="poisson")
    other = polished(limit, climb(limit, np.delete(found.params, theta))[0])
    return other if other.loglik >= found.loglik else found
