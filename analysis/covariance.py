"""Covariance matrices of estimates: one formula each, from scores and information, for every family.

HC0-HC3: White (1980), MacKinnon & White (1985); equal to R's `sandwich::vcovHC`. CR0-CR3: Liang & Zeger
(1986), Bell & McCaffrey (2002), Pustejovsky & Tipton (2018); equal to `clubSandwich::vcovCR` for GLMs.
design: Binder (1983), as in `survey::svyglm` without a finite-population correction.
"""

import numpy as np

from hypnic.analysis.estimation import Array, Codes, Estimation, group_sums
from hypnic.analysis.surveydesign import SurveyDesign
from hypnic.errors import HypnicError

COVARIANCES = ("model", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1S", "CR2", "CR3", "design")
_ALONE = 1e-10
_FIXED_BY_ONE = "a single {} fixes a coefficient by itself: use covariance {}, or leave its term out"


def covariance(
    kind: str, estimation: Estimation, *, cluster: Codes | None = None, survey: SurveyDesign | None = None
) -> Array:
    """Return the (q, q) covariance of the estimated parameters; NaN where the information is singular.

    `cluster` holds 0-based codes, needed by the CR kinds; `survey` is needed by "design".
    """
    bread = _inverse(estimation.information)
    if np.isnan(bread).any():
        return bread
    if kind == "model":
        return estimation.scale * bread
    if kind == "design":
        assert survey is not None  # noqa: S101
        meat = survey.meat(estimation.scores)
    elif kind.startswith("HC"):
        meat = _row_meat(kind, estimation, bread)
    else:
        assert cluster is not None  # noqa: S101
        meat = _cluster_meat(kind, estimation, bread, cluster)
    return np.asarray(bread @ meat @ bread)


def _inverse(information: Array) -> Array:
    try:
        np.linalg.cholesky(information)
        return np.asarray(np.linalg.inv(information), dtype=np.float64)
    except np.linalg.LinAlgError:  # not at a maximum, or at a flat one
        return np.full_like(information, np.nan)


def _row_meat(kind: str, estimation: Estimation, bread: Array) -> Array:
    scores = estimation.scores
    n, q = scores.shape
    if kind in ("HC2", "HC3"):
        left = 1 - _leverage(estimation, bread)
        scores = scores / (np.sqrt(left) if kind == "HC2" else left)[:, None]
    return np.asarray(scores.T @ scores * (n / (n - q) if kind == "HC1" else 1.0))


def _leverage(estimation: Estimation, bread: Array) -> Array:
    assert estimation.whitened is not None  # noqa: S101
    leverage = np.einsum("ij,jk,ik->i", estimation.whitened, bread, estimation.whitened)
    if (leverage > 1 - _ALONE).any():
        raise HypnicError(_FIXED_BY_ONE.format("row", "HC1"))
    return np.asarray(leverage)


def _cluster_meat(kind: str, estimation: Estimation, bread: Array, cluster: Codes) -> Array:
    size = int(cluster.max()) + 1
    if size == 1:
        msg = f"covariance {kind} needs at least two clusters"
        raise HypnicError(msg)
    n, q = estimation.scores.shape
    if kind == "CR2":
        scores = _bell_mccaffrey(estimation, bread, cluster)
    elif kind == "CR3":
        scores = scores_without_each(estimation, bread, cluster, size)
    else:
        scores = group_sums(estimation.scores, cluster, size)
    factor = size / (size - 1) * (n - 1) / (n - q) if kind == "CR1S" else 1.0
    return np.asarray(scores.T @ scores * factor)


def scores_without_each(estimation: Estimation, bread: Array, cluster: Codes, size: int) -> Array:
    """Multiply each cluster's score (G, q) by (I - M B)^-1, M its share of the information: one step of a jackknife.

    That is X' (I - H)^-1 r with the cluster's hat matrix H, in q x q instead of rows x rows algebra.
    """
    rows = estimation.whitened
    assert rows is not None  # noqa: S101
    q = rows.shape[1]
    products = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), q * q)
    shares = group_sums(products, cluster, size).reshape(size, q, q)
    left = np.eye(q) - shares @ bread
    if (np.linalg.cond(left) > 1 / _ALONE).any():
        raise HypnicError(_FIXED_BY_ONE.format("cluster", "CR1S"))
    scores = group_sums(estimation.scores, cluster, size)
    return np.asarray(np.linalg.solve(left, scores[:, :, None])[:, :, 0])


def _bell_mccaffrey(estimation: Estimation, bread: Array, cluster: Codes) -> Array:
    """Adjust the clusters' scores so that their meat is unbiased if the GLM's variance function is right.

    Matrix square roots are not unique: this is clubSandwich's, symmetric on the scale of the response.
    """
    rows, variance = estimation.whitened, estimation.variance
    assert rows is not None  # noqa: S101
    assert variance is not None  # noqa: S101
    pearson = estimation.scores[:, 0] / rows[:, 0]  # a GLM's first column is its intercept
    order = np.argsort(cluster, kind="stable")
    adjusted = []
    for members in np.split(order, np.cumsum(np.bincount(cluster))[:-1]):
        x, v = rows[members], variance[members]
        values, vectors = np.linalg.eigh(v[:, None] * (np.eye(len(v)) - x @ bread @ x.T) * v)
        if values[0] < _ALONE * values[-1]:
            raise HypnicError(_FIXED_BY_ONE.format("cluster", "CR1S"))
        adjusted.append(x.T @ (vectors / np.sqrt(values)) @ (vectors.T @ (v * pearson[members])))
    return np.array(adjusted)
