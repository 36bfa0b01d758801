"""Covariance matrices of estimates: one formula each, from scores and information, for every family.

HC0-HC3: White (1980), MacKinnon & White (1985); equal to R's `sandwich::vcovHC`. CR0-CR3: Liang & Zeger
(1986), Bell & McCaffrey (2002), Pustejovsky & Tipton (2018); equal to `clubSandwich::vcovCR` for GLMs.
design: Binder (1983), as in `survey::svyglm` without a finite-population correction.
"""

import numpy as np

from hypnic.analysis.regression.problem import Array, Codes, Estimation, by_cluster, cluster_information, group_sums
from hypnic.analysis.regression.survey import SurveyDesign
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
        return estimation.scale * (bread if estimation.observed is None else _inverse(estimation.observed))
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
    n, p = len(scores), _coefficients(estimation)
    if kind in ("HC2", "HC3"):
        left = 1 - _leverage(estimation, bread)
        scores = scores / (np.sqrt(left) if kind == "HC2" else left)[:, None]
    return np.asarray(scores.T @ scores * (n / (n - p) if kind == "HC1" else 1.0))


def _coefficients(estimation: Estimation) -> int:
    """Count what the corrections for the number of coefficients count: a dispersion is none, as in `sandwich`."""
    return len(estimation.params) - len(estimation.extra)


def _leverage(estimation: Estimation, bread: Array) -> Array:
    assert estimation.whitened is not None  # noqa: S101
    p = _coefficients(estimation)
    leverage = np.einsum("ij,ij->i", estimation.whitened @ bread[:p, :p], estimation.whitened)
    if (leverage > 1 - _ALONE).any():
        raise HypnicError(_FIXED_BY_ONE.format("row", "HC1"), reason="leverage")
    return np.asarray(leverage)


def _cluster_meat(kind: str, estimation: Estimation, bread: Array, cluster: Codes) -> Array:
    size = int(cluster.max()) + 1
    if size == 1:
        msg = f"covariance {kind} needs at least two clusters"
        raise HypnicError(msg, reason="few_clusters")
    n, p = len(estimation.scores), _coefficients(estimation)
    scores = group_sums(estimation.scores, cluster, size)
    if kind == "CR2":
        scores[:, :p] = _bell_mccaffrey(estimation, bread[:p, :p], cluster)
    elif kind == "CR3":
        scores[:, :p] = scores_without_each(estimation, bread[:p, :p], cluster, scores[:, :p])
    factor = size / (size - 1) * (n - 1) / (n - p) if kind == "CR1S" else 1.0
    return np.asarray(scores.T @ scores * factor)


def scores_without_each(estimation: Estimation, bread: Array, cluster: Codes, scores: Array) -> Array:
    """Multiply each cluster's score by (I - M B)^-1, M its share of the information: one step of a jackknife.

    That is X' (I - H)^-1 r with the cluster's hat matrix H, in p x p instead of rows x rows algebra.
    """
    rows = estimation.whitened
    assert rows is not None  # noqa: S101
    size, p = scores.shape
    left = np.eye(p) - cluster_information(rows, cluster, size) @ bread
    # The condition in the 1-norm is at least a pth of that in the 2-norm, and much cheaper.
    if not (np.linalg.cond(left, 1) < 1 / (p * _ALONE)).all() and (np.linalg.cond(left) > 1 / _ALONE).any():
        raise HypnicError(_FIXED_BY_ONE.format("cluster", "CR1S"), reason="leverage")
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
            raise HypnicError(_FIXED_BY_ONE.format("cluster", "CR1S"), reason="leverage")
        adjusted.append(x.T @ (vectors / np.sqrt(values)) @ (vectors.T @ (v * pearson[members])))
    return np.array(adjusted)


# Degrees of freedom of a clustered standard error: how many clusters it really hangs on.
#
# With three hundred persons of whom twenty ever exercise late, the error of exercise is known as badly as twenty
# persons let it be known, and normal limits are too short. Satterthwaite's approximation matches the mean and the
# variance that the estimated variance would have if the fit's own variance function were right: Bell & McCaffrey
# (2002, Survey Methodology 28:169), for all weighted least squares Pustejovsky & Tipton (2018, J Bus Econ Stat 36:672).


# The covariances whose adjustment the approximation is made for.
KINDS = ("CR2", "CR3")


def degrees_of_freedom(kind: str, estimation: Estimation, cluster: Codes, combinations: Array) -> Array:
    """Return (m,) degrees of freedom, one for each row of `combinations` (m, p) of the coefficients.

    `kind` is CR2 or CR3, `cluster` holds 0-based codes (n,). For a single mean of G clusters alike it is G - 1; for
    the difference of two groups of clusters alike it is Welch's.
    """
    rows = estimation.whitened
    assert rows is not None  # noqa: S101
    p, size = rows.shape[1], int(cluster.max()) + 1
    bread: Array = np.asarray(np.linalg.inv(estimation.information)[:p, :p], dtype=np.float64)
    adjusted = adjusted_rows(kind, estimation, bread, cluster)
    found = []
    for weights in (adjusted @ bread @ combinations.T).T:
        # The estimated variance is e'(sum of q q')e, a q for each cluster; q'q and q'q* hold what is needed of them.
        own = group_sums(weights[:, None] ** 2, cluster, size)[:, 0]
        shares = group_sums(rows * weights[:, None], cluster, size)
        fitted = np.einsum("gi,gi->g", shares @ bread, shares)
        between = bread @ shares.T @ shares
        mean = own.sum() - fitted.sum()
        half_variance = (own**2).sum() - 2 * (own * fitted).sum() + np.trace(between @ between)
        found.append(mean**2 / half_variance)
    return np.array(found)


def adjusted_rows(kind: str, estimation: Estimation, bread: Array, cluster: Codes) -> Array:
    """Return (n, p) what CR2 or CR3 multiplies the rows' Pearson residuals with, before the bread."""
    assert estimation.whitened is not None  # noqa: S101
    if kind == "CR3":
        return _without_each(estimation.whitened, bread, cluster)
    return _multipliers(estimation, bread, cluster)


def _without_each(rows: Array, bread: Array, cluster: Codes) -> Array:
    """Give (I - H)^-1 x of each cluster, in p x p instead of rows x rows algebra."""
    p, size = rows.shape[1], int(cluster.max()) + 1
    right = np.linalg.inv(np.eye(p) - bread @ cluster_information(rows, cluster, size))
    found = np.empty_like(rows)
    pairs = zip(by_cluster(rows, cluster, size), right, strict=True)
    found[np.argsort(cluster, kind="stable")] = np.concatenate([members @ one for members, one in pairs])
    return found


def _multipliers(estimation: Estimation, bread: Array, cluster: Codes) -> Array:
    """Give what `covariance` multiplies each cluster's Pearson residuals with."""
    rows, scale = estimation.whitened, estimation.variance
    assert rows is not None  # noqa: S101
    assert scale is not None  # noqa: S101
    adjusted = np.empty_like(rows)
    for members in (np.flatnonzero(cluster == code) for code in range(int(cluster.max()) + 1)):
        x, v = rows[members], scale[members]
        values, vectors = np.linalg.eigh(v[:, None] * (np.eye(len(v)) - x @ bread @ x.T) * v)
        adjusted[members] = v[:, None] * ((vectors / np.sqrt(values)) @ (vectors.T @ x))
    return adjusted
