"""Degrees of freedom of a clustered standard error: how many clusters it really hangs on.

With three hundred persons of whom twenty ever exercise late, the error of exercise is known as badly as twenty persons
let it be known, and normal limits are too short. Satterthwaite's approximation matches the mean and the variance that
the estimated variance would have if the fit's own variance function were right: Bell & McCaffrey (2002, Survey
Methodology 28:169), for all weighted least squares Pustejovsky & Tipton (2018, J Bus Econ Stat 36:672).
"""

import numpy as np

from hypnic.analysis.estimation import Array, Codes, Estimation, cluster_information, group_sums

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
    adjusted = _without_each(rows, bread, cluster) if kind == "CR3" else _bell_mccaffrey(estimation, bread, cluster)
    found = []
    for weights in (adjusted @ bread @ combinations.T).T:
        # The estimated variance is e'(sum of q q')e, a q for each cluster; q'q and q'q* hold what is needed of them.
        own = group_sums(weights[:, None] ** 2, cluster, size)[:, 0]
        shares = group_sums(rows * weights[:, None], cluster, size)
        fitted = np.einsum("gi,ij,gj->g", shares, bread, shares)
        between = bread @ shares.T @ shares
        mean = own.sum() - fitted.sum()
        half_variance = (own**2).sum() - 2 * (own * fitted).sum() + np.trace(between @ between)
        found.append(mean**2 / half_variance)
    return np.array(found)


def _without_each(rows: Array, bread: Array, cluster: Codes) -> Array:
    """Give (I - H)^-1 x of each cluster, in p x p instead of rows x rows algebra."""
    p, size = rows.shape[1], int(cluster.max()) + 1
    right = np.linalg.inv(np.eye(p) - bread @ cluster_information(rows, cluster, size))
    return np.asarray(np.einsum("ni,nij->nj", rows, right[cluster]))


def _bell_mccaffrey(estimation: Estimation, bread: Array, cluster: Codes) -> Array:
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
