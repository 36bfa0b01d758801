"""Poisson and NB2 regressions with a random intercept, and perhaps one random slope, for every person.

Own code because no Python library fits them by likelihood with a random slope and robust errors; equal to R's
`lme4::glmer` and `glmmTMB` (tests/reference/agreement_mixed.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from scipy.linalg import block_diag

from hypnic.analysis.mixed.marginal import MixedCounts
from hypnic.analysis.mixed.maximum import Maximum, maximum
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.covariance import covariance as covariance_matrix
from hypnic.analysis.regression.design import INTERCEPT, DesignMatrix, design_matrix
from hypnic.analysis.regression.frame import Sample, draw_sample
from hypnic.analysis.regression.problem import SCORE_TOLERANCE, Array, Estimation
from hypnic.analysis.regression.roles import Roles
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

COVARIANCES = ("model", "CR0", "CR1S")


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class MixedFit(Fit):
    """A fit with the maximum it came from, in the coordinates of its design matrix."""

    maximum: Maximum
    design: DesignMatrix


def fit_mixed(  # noqa: PLR0913
    frame: pl.DataFrame,
    outcome: str,
    terms: Sequence[str],
    family: Literal["poisson", "nb2"],
    groups: str,
    *,
    slope: str | None = None,
    zero_terms: Sequence[str] | None = None,
    exposure: str | None = None,
    points: int = 1,
    off_zero: bool = False,
    covariance: str = "CR1S",
) -> MixedFit:
    """Regress a count on terms by maximum likelihood, with normal random effects of persons integrated out.

    Parameters
    ----------
    frame, outcome, terms, exposure
        As for `fit`. Rows with a missing value are dropped and counted; persons without any event stay.
    family
        poisson or nb2 (variance mu + mu^2 / theta).
    groups
        The column that names the person; each has an intercept of their own.
    slope
        One of the terms, numeric, whose slope varies between persons, uncorrelated with the intercept.
    zero_terms
        Terms of the log odds of a certain zero (`[]`: a constant); None: no zero part.
    points
        Nodes of adaptive Gauss-Hermite quadrature for each random effect; 1 is Laplace's approximation.
    off_zero
        Add the logarithm of the slope's sd to the log likelihood (Chung et al. 2013, Psychometrika 78:685), which keeps
        it about a standard error off zero. An sd estimated as zero makes the other errors too small.
    covariance
        model (inverse observed information), or its sandwich over persons' scores, CR0, or CR1S: G / (G - 1) x
        (n - 1) / (n - q) times that, which hold when counts are not as the family says.

    Returns
    -------
    MixedFit
        Its names are the terms (a log rate ratio of the typical person, whose random effects are zero), those of the
        zero part as `zero:term`, and the sds of the random effects, `sd:(Intercept)` and `sd:term`, whose normal
        limits mean little near zero. `info` also has log_theta, null where counts are no more dispersed than Poisson's.

    Raises
    ------
    HypnicError
        Something cannot be fitted; the message names it and the remedy.

    Examples
    --------
    >>> persons, counts = [1, 1, 1, 2, 2, 2, 3, 3, 3], [0, 0, 1, 4, 7, 9, 1, 2, 2]
    >>> nights = pl.DataFrame({"person": persons, "x": [0, 1, 2] * 3, "y": counts})
    >>> fitted = fit_mixed(nights, "y", ["x"], "poisson", "person", covariance="model")
    >>> dict(zip(fitted.names, fitted.params.round(2).tolist()))
    {'(Intercept)': 0.08, 'x': 0.42, 'sd:(Intercept)': 1.08}

    """
    zero = [] if zero_terms is None else list(zero_terms)
    roles = Roles((outcome,), tuple(terms), tuple(zero), exposure, cluster=groups)
    _check_arguments(roles, terms, family, slope, points, covariance, off_zero=off_zero)
    sample = draw_sample(frame, roles, "count", within=False)
    columns = design_matrix(sample, terms, "count", (INTERCEPT,))
    zeros = None if zero_terms is None else design_matrix(sample, zero, "count", (INTERCEPT,))
    model = mixed_counts(sample, columns, zeros, family, slope, points)
    found = maximum(replace(model, off_zero=off_zero))
    return finished(found, sample, columns, zeros, slope, covariance)


def mixed_counts(  # noqa: PLR0913, PLR0917
    sample: Sample,
    columns: DesignMatrix,
    zeros: DesignMatrix | None,
    family: Literal["poisson", "nb2"],
    slope: str | None,
    points: int,
) -> MixedCounts:
    """Put a sample in the order and the scale in which it is fitted."""
    assert sample.cluster is not None  # noqa: S101
    order = np.argsort(sample.cluster, kind="stable")
    random = [np.ones(len(order))]
    if slope is not None:  # in sds of its column, as the column itself, but not centred again
        at = columns.names.index(slope)
        random.append(sample.frame[slope].cast(pl.Float64).to_numpy() * columns.back[at, at])
    zero = np.zeros((len(order), 0)) if zeros is None else zeros.matrix
    return MixedCounts(
        family,
        columns.matrix[order],
        np.column_stack(random)[order],
        zero[order],
        sample.outcome[order, None],
        sample.offset[order],
        sample.cluster[order],
        points,
    )


def finished(  # noqa: PLR0913, PLR0917
    found: Maximum,
    sample: Sample,
    columns: DesignMatrix,
    zeros: DesignMatrix | None,
    slope: str | None,
    covariance: str,
) -> MixedFit:
    """Bring a maximum back to the user's units."""
    model, information = found.model, found.information
    vcov = _covariance(covariance, found)
    loglik = found.loglik - (float(np.log(found.params[model.parts[1]][-1])) if model.off_zero else 0.0)
    score_max = float(np.abs(found.scores.sum(axis=0) / np.sqrt(np.abs(np.diag(information)))).max())
    sds = ["(Intercept)"] if slope is None else ["(Intercept)", slope]
    scale = [columns.back[columns.names.index(name), columns.names.index(name)] for name in sds]
    q, theta = len(found.params), model.parts[2]
    blocks = [columns.back, np.diag(scale), np.eye(theta.stop - theta.start)]
    back = block_diag(*blocks, *([] if zeros is None else [zeros.back]))
    # theta goes to `info`; the others in the order of `names`
    coef, spread, _, zero = (list(range(q))[part] for part in model.parts)
    back = back[coef + zero + spread]
    log_theta = float(found.params[theta][0]) if model.law == "nb2" else None
    names = (*columns.names, *(f"zero:{n}" for n in (zeros.names if zeros else ())), *(f"sd:{n}" for n in sds))
    info: dict[str, Any] = {
        "loglik": loglik,
        "aic": 2 * q - 2 * loglik,
        "alpha": None if log_theta is None else float(np.exp(-log_theta)),
        "scale": 1.0,
        "n_rows": sample.frame.height,
        "n_groups": model.n_persons,
        "n_dropped": sample.n_dropped,
        "converged": bool(score_max < SCORE_TOLERANCE and (np.diag(vcov) > 0).all()),
        "score_max": score_max,
        "optimizer": "bfgs, newton",
        "log_theta": log_theta,
        "log_theta_std_error": None if log_theta is None else float(np.sqrt(vcov[theta.start, theta.start])),
    }
    return MixedFit(names, back @ found.params, back @ vcov @ back.T, float("inf"), info, maximum=found, design=columns)


def _covariance(kind: str, found: Maximum) -> Array:
    """Take a person's score as that of their first row, so that rows are counted as everywhere else."""
    model = found.model
    scores = np.zeros((len(model.person), len(found.params)))
    scores[np.flatnonzero(np.diff(model.person, prepend=-1))] = found.scores
    estimation = Estimation(found.params, scores, found.information, np.zeros(0), "")
    return covariance_matrix(kind, estimation, cluster=model.person)


def _check_arguments(  # noqa: PLR0913, PLR0917
    roles: Roles, terms: Sequence[str], family: str, slope: str | None, points: int, covariance: str, *, off_zero: bool
) -> None:
    repeated = next((t for t in terms if list(terms).count(t) > 1 or t in roles.outcome), "")
    faults = {
        f"no family {family!r} with random effects: choose from poisson, nb2": family not in ("poisson", "nb2"),
        f"covariance {covariance!r} is not available with random effects: use one of {', '.join(COVARIANCES)}": (
            covariance not in COVARIANCES
        ),
        f"points is {points}: quadrature needs at least one": points < 1,
        f"term {repeated!r} is given twice or is the outcome: leave it out": bool(repeated),
        "off_zero is about the sd of a slope: name the slope": off_zero and slope is None,
        f"slope {slope!r} is not among the terms: add it, or persons' slopes would be zero on average": (
            slope is not None and slope not in terms
        ),
    }
    for message, wrong in faults.items():
        if wrong:
            raise HypnicError(message)
