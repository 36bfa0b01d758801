"""From sums to a `Fit`: coefficients in the user's units, with what is told of how they were reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import block_diag

from hypnic.analysis.regression.cautions import ENOUGH, LARGE_SAMPLE
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.problem import SCORE_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.regression.fitted import Kept
    from hypnic.analysis.regression.problem import Array


@dataclass(frozen=True, eq=False)
class Reached:
    """A maximum in the coordinates of standardised columns, with everything that a `Fit` tells of it.

    `params` (q,) and `vcov` (q, q) may have a dispersion behind the coefficients, which `back` (p, p) leads to the
    user's units. `freedom` and `joint` take combinations of standardised coefficients.
    """

    names: tuple[str, ...]
    back: Array
    params: Array
    vcov: Array
    loglik: float | None
    score_max: float
    n_rows: int
    n_groups: int | None
    n_dropped: Mapping[str, int]
    optimizer: str
    route: str
    scale: float = 1.0
    dispersed: bool = False
    freedom: Callable[[Array], Array] | None = None
    joint: Callable[[Array], float] | None = None
    kept: Kept | None = None
    warnings: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def fit(self) -> Fit:
        """Give the `Fit`, whose `info` says the route and that it is exact."""
        p, q = len(self.names), len(self.params)
        back = block_diag(self.back, np.eye(q - p))
        params, vcov = back @ self.params, back @ self.vcov @ back.T
        log_theta = float(params[p]) if self.dispersed and q > p else None
        loglik = self.loglik
        info: dict[str, Any] = {
            "loglik": loglik,
            "aic": None if loglik is None else 2 * q - 2 * loglik,
            "alpha": None if log_theta is None else float(np.exp(-log_theta)),
            "scale": self.scale,
            "n_rows": self.n_rows,
            "n_groups": self.n_groups,
            "n_dropped": dict(self.n_dropped),
            "converged": bool(self.score_max < SCORE_TOLERANCE and (np.diag(vcov) > 0).all()),
            "score_max": self.score_max,
            "optimizer": self.optimizer,
            "warnings": self.warnings,
            "route": self.route,
            "exact": True,
            **self.more,
        }
        if log_theta is not None:
            info |= {"log_theta": log_theta, "log_theta_std_error": float(np.sqrt(vcov[p, p]))}
        freedom, joint, to_user = self.freedom, self.joint, self.back
        return Fit(
            self.names,
            params[:p],
            vcov[:p, :p],
            float("inf"),
            info,
            freedom=None if freedom is None else lambda combinations: freedom(combinations @ to_user),
            joint=None if joint is None else lambda combinations: joint(combinations @ to_user),
            whole=(params, vcov),
            kept=self.kept,
        )


def few_clusters(covariance: str, number: int, unit: str = "clusters", better: str = "CR3") -> tuple[str, ...]:
    """Say what `fit` says of errors for many clusters that rest on few: see `cautions`."""
    if covariance not in LARGE_SAMPLE or number >= ENOUGH:
        return ()
    use = f"use covariance='{better}'" if better else "the family has no small-sample ones: take limits as too narrow"
    return (f"{covariance} errors are for many {unit} and rest on {number}: they are likely too small; {use}",)
