"""Within-person least squares, for outcomes that are no counts: hours slept, points of anxiety."""

import numpy as np

from hypnic.analysis.estimation import Estimation, Problem, group_sums


def estimate_fe_linear(problem: Problem) -> Estimation:
    """Fit person + x b by least squares on distances from the person's weighted means.

    It equals ordinary least squares with one indicator a person (Mundlak 1978, Econometrica 46:69), whose residual
    variance divides by rows less persons less coefficients.
    """
    assert problem.groups is not None  # noqa: S101
    w, size = problem.weights, int(problem.groups.max()) + 1
    both = np.column_stack([problem.matrix, problem.outcome])
    means = group_sums(w[:, None] * both, problem.groups, size) / np.bincount(problem.groups, weights=w)[:, None]
    within = both - means[problem.groups]
    x, y = within[:, :-1], within[:, -1]
    root = np.sqrt(w)
    params = np.asarray(np.linalg.lstsq(root[:, None] * x, root * y, rcond=None)[0], dtype=np.float64)
    left = y - x @ params
    variance = float(w @ left**2) / (len(y) - size - x.shape[1])
    whitened = x * (root / np.sqrt(variance))[:, None]
    return Estimation(
        params=params,
        scores=x * (w * left / variance)[:, None],
        information=whitened.T @ whitened,
        fitted=problem.outcome - left,
        optimizer="least squares",
        whitened=whitened,
    )
