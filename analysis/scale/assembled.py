"""From sums to a `Fit`: coefficients in the user's units, with what is told of how they were reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import block_diag

from hypnic.analysis.regression.cautions import ENOUGH, LARGE_SAMPLE
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.covariance import covariance
from hypnic.analysis.regression.problem import SCORE_TOLERANCE, Estimation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.regression.fitted import Kept
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.scale.climbing import Sums
    from hypnic.analysis.scale.clusters import Adding


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


@dataclass
class Ended:
    """What a last pass over the rows adds up: everything that errors read."""

    sums: Sums
    meat: Array  # (p, p) of single rows, for HC0 and HC1
    clusters: Adding

    def add(self, sums: Sums, meat: Array | float = 0.0) -> None:
        """Add a part."""
        self.sums += sums
        self.meat += meat


@dataclass(frozen=True, eq=False)
class Summed:
    """A maximum that was reached by sums over rows: see `Reached`, whose fields have the same names.

    `constant` is what the log-likelihood adds to its sum, None where there is no likelihood; `n_groups` are persons,
    where there are such.
    """

    names: tuple[str, ...]
    back: Array
    params: Array
    kind: str
    constant: float | None
    n_rows: int
    n_groups: int | None
    n_dropped: Mapping[str, int]
    optimizer: str
    route: str
    scale: float = 1.0

    def fit(self, ended: Ended) -> Fit:
        """Give the `Fit`, with errors of the kind asked for."""
        sums, kind = ended.sums, self.kind
        estimation = Estimation(self.params, sums.gradient[None], sums.information, np.zeros(1), "")
        clusters = ended.clusters.clusters() if kind.startswith("CR") else None
        bread = covariance("model", estimation)
        if clusters is not None:
            vcov = clusters.covariance(kind, sums.information)
        elif kind == "model":
            vcov = self.scale * bread
        else:
            n = self.n_rows
            vcov = bread @ ended.meat @ bread * (n / (n - len(self.params)) if kind == "HC1" else 1.0)
        number = len(clusters.scores) if clusters else self.n_groups
        units = (self.n_rows, "rows", "HC3") if number is None else (number, "clusters", "CR3")
        trusted = number is None and kind == "model"
        small = clusters if kind == "CR3" else None
        return Reached(
            names=self.names,
            back=self.back,
            params=self.params,
            vcov=np.asarray(vcov),
            loglik=None if self.constant is None else sums.loglik + self.constant,
            score_max=estimation.score_max,
            n_rows=self.n_rows,
            n_groups=number if self.n_groups is None else self.n_groups,
            n_dropped=self.n_dropped,
            optimizer=self.optimizer,
            route=self.route,
            scale=self.scale,
            freedom=partial(small.freedom, sums.information) if small else None,
            joint=partial(small.joint, sums.information) if small else None,
            warnings=() if trusted else few_clusters(kind, *units),
        ).fit()


def few_clusters(kind: str, number: int, unit: str = "clusters", better: str = "CR3") -> tuple[str, ...]:
    """Say what `fit` says of errors for many clusters that rest on few: see `cautions`."""
    if kind not in LARGE_SAMPLE or number >= ENOUGH:
        return ()
    use = f"use covariance='{better}'" if better else "the family has no small-sample ones: take limits as too narrow"
    return (f"{kind} errors are for many {unit} and rest on {number}: they are likely too small; {use}",)
