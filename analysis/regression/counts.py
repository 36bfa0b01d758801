"""Counts with more spread, or more zeros, than Poisson's: NB2, zero-inflated and hurdle models.

statsmodels 0.15 has these models, but its default searches fail on common data, its zero-inflated Poisson
Hessian is wrong, and its hurdle has neither a logit nor robust errors. All of them are staged here: the Poisson
version first, from more than one start where the likelihood has several peaks, then the dispersion.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy.linalg import block_diag

from hypnic.analysis.regression import masses
from hypnic.analysis.regression.likelihood import Likelihood, Point, Predictor, maximise
from hypnic.analysis.regression.problem import Array, Estimation, Problem

# Log theta, above that of the mean count, at which the slope towards Poisson is taken, and at which NB2 is Poisson:
# there its variance is larger by a factor of 3e-7.
_NEARLY_POISSON, _POISSON = 12.0, 15.0
# A peak is reached where a Newton step is a millionth of a standard error.
_REACHED = 1e-6

Kernel = Callable[[Callable[[Array], masses.Rows], Array], masses.Rows]


def estimate_nb2(problem: Problem) -> Estimation:
    """Fit log(mu) = offset + x b and log(theta) jointly.

    Errors called "model" invert the joint observed information, as `glmmTMB` does; the sandwich and its
    leverages use the expected one, in which theta is orthogonal, as R's `sandwich` does for `MASS::glm.nb`.
    """
    point, optimizer = _maximum(problem, None, overdispersed=True)
    x, w = problem.matrix, problem.weights
    p = x.shape[1]
    mu = np.exp(x @ point.params[:p] + problem.offset)
    estimation = _estimation(problem, point, mu, optimizer, overdispersed=True)
    alpha = float(np.exp(-point.params[p])) if estimation.extra else 0.0
    whitened = x * np.sqrt(w * mu / (1 + alpha * mu))[:, None]
    expected = block_diag(whitened.T @ whitened, point.information[p:, p:])
    return replace(
        estimation,
        information=expected,
        observed=point.information,
        whitened=whitened,
        variance=mu * (1 + alpha * mu) / w,
    )


def estimate_zip(problem: Problem) -> Estimation:
    """Fit a Poisson count mixed with zeros from elsewhere."""
    return _with_zero_part(problem, masses.inflated, overdispersed=False)


def estimate_zinb(problem: Problem) -> Estimation:
    """Fit an NB2 count mixed with zeros from elsewhere."""
    return _with_zero_part(problem, masses.inflated, overdispersed=True)


def estimate_hurdle_poisson(problem: Problem) -> Estimation:
    """Fit a logit of any, and a Poisson count, without its zero, of how many."""
    return _with_zero_part(problem, masses.hurdle, overdispersed=False)


def estimate_hurdle_nb2(problem: Problem) -> Estimation:
    """Fit a logit of any, and an NB2 count, without its zero, of how many."""
    return _with_zero_part(problem, masses.hurdle, overdispersed=True)


def _with_zero_part(problem: Problem, kernel: Kernel, *, overdispersed: bool) -> Estimation:
    point, optimizer = _maximum(problem, kernel, overdispersed=overdispersed)
    mu = np.exp(problem.matrix @ point.params[: problem.matrix.shape[1]] + problem.offset)
    return _estimation(problem, point, mu, optimizer, overdispersed=overdispersed)


def _estimation(problem: Problem, point: Point, mu: Array, optimizer: str, *, overdispersed: bool) -> Estimation:
    p = problem.matrix.shape[1] + (0 if problem.zero is None else problem.zero.shape[1])
    bounded = overdispersed and len(point.params) == p
    return Estimation(
        params=point.params,
        scores=point.scores,
        information=point.information,
        fitted=mu,
        optimizer=optimizer + (", alpha at its bound of 0: the Poisson fit" if bounded else ""),
        loglik=point.loglik,
        extra=("log_theta",) if len(point.params) > p else (),
        info={"alpha": 0.0} if bounded else {},
    )


def _maximum(problem: Problem, kernel: Kernel | None, *, overdispersed: bool) -> tuple[Point, str]:
    """Return the highest peak found, and how it was reached; without over-dispersion it lacks log theta."""
    point, path = _highest(_likelihood(problem, kernel, masses.poisson), _poisson_starts(problem, kernel), kernel)
    if not overdispersed:
        return point, path
    likelihood = _likelihood(problem, kernel, masses.nb2)
    level = float(np.log1p(problem.weights @ problem.outcome / problem.weights.sum()))
    if likelihood.at(np.append(point.params, level + _NEARLY_POISSON)).gradient[-1] >= 0:
        return point, path
    starts = [np.append(point.params, log_theta) for log_theta in (_moment(problem, point.params), 0.0)]
    if kernel is masses.inflated:
        plain, _ = _maximum(problem, None, overdispersed=True)
        b, theta = plain.params[: problem.matrix.shape[1]], plain.params[problem.matrix.shape[1] :]
        starts[1] = np.concatenate([b, _zero_part(problem, 0.1), theta if len(theta) else [2.0]])
    nb2, path = _highest(likelihood, starts, kernel)
    return (point, path) if nb2.params[-1] > level + _POISSON else (nb2, path)


def _moment(problem: Problem, params: Array) -> float:
    """Guess log theta from how far squared residuals exceed the mean; good enough to start from."""
    mu = np.exp(problem.matrix @ params[: problem.matrix.shape[1]] + problem.offset)
    excess = problem.weights @ ((problem.outcome - mu) ** 2 - problem.outcome) / (problem.weights @ mu**2)
    return float(-np.log(np.clip(excess, 1e-9, 10)))


def _poisson_starts(problem: Problem, kernel: Kernel | None) -> list[Array]:
    y, w = problem.outcome, problem.weights
    b = np.zeros(problem.matrix.shape[1])
    b[0] = np.log((w @ y) / (w @ np.exp(problem.offset)))
    if kernel is None:
        return [b]
    b, above = _maximum(problem, None, overdispersed=False)[0].params, float(w @ (y > 0) / w.sum())
    if kernel is masses.hurdle:
        return [np.concatenate([b, _zero_part(problem, above)])]
    truncated = _maximum(problem, masses.hurdle, overdispersed=False)[0].params[: len(b)]
    expected = float(w @ np.exp(-np.exp(problem.matrix @ truncated + problem.offset)) / w.sum())
    excess = max((1 - above - expected) / (1 - expected), 0.05)
    return [
        np.concatenate([b, _zero_part(problem, 1 - above)]),
        np.concatenate([truncated, _zero_part(problem, excess)]),
    ]


def _zero_part(problem: Problem, share: float) -> Array:
    assert problem.zero is not None  # noqa: S101
    return np.append(np.log(share / (1 - share)), np.zeros(problem.zero.shape[1] - 1))


def _likelihood(problem: Problem, kernel: Kernel | None, base: Callable[[Array], masses.Rows]) -> Likelihood:
    x, y = problem.matrix, problem.outcome
    parts = [Predictor(x, slice(0, x.shape[1]), problem.offset)]
    end = x.shape[1]
    if kernel is not None:
        assert problem.zero is not None  # noqa: S101
        end += problem.zero.shape[1]
    if base is masses.nb2:
        parts.append(Predictor(np.ones((len(y), 1)), slice(end, end + 1)))
    if kernel is None or problem.zero is None:
        return Likelihood(base(y), parts, problem.weights)
    return Likelihood(kernel(base, y), [*parts, Predictor(problem.zero, slice(x.shape[1], end))], problem.weights)


def _highest(likelihood: Likelihood, starts: Sequence[Array], kernel: Kernel | None) -> tuple[Point, str]:
    """Climb from each start; where the likelihood has one peak, a second start is for a first that failed."""
    reached: list[tuple[Point, str]] = []
    for number, start in enumerate(starts, 1):
        reached.append((maximise(likelihood, start), f"trust-exact, newton, start {number} of {len(starts)}"))
        if kernel is not masses.inflated and reached[-1][0].distance < _REACHED:
            break
    return max(reached, key=lambda one: one[0].loglik)
