"""What functions of coefficients read of a fit, so that they need not know what else it can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from hypnic.analysis.regression.design import DesignMatrix
from hypnic.analysis.regression.frame import Sample
from hypnic.analysis.regression.problem import Array, Estimation
from hypnic.analysis.regression.roles import Roles


class Asked(NamedTuple):
    """What `fit` was asked for: the family, which column plays which part, and whose errors."""

    family: str
    roles: Roles
    covariance: str


class Kept(NamedTuple):
    """What a fit was made from and what it reached."""

    sample: Sample
    columns: DesignMatrix
    estimation: Estimation
    asked: Asked
    again: Callable[[Sample, Array], Fitted]  # the same model of another sample, and where to start


class Fitted(Protocol):
    """Coefficients with their covariance, and what they were made from: see `hypnic.analysis.Fit`."""

    @property
    def names(self) -> tuple[str, ...]:
        """Name the coefficients."""

    @property
    def params(self) -> Array:
        """Give the coefficients (p,)."""

    @property
    def vcov(self) -> Array:
        """Give their covariance (p, p)."""

    @property
    def df(self) -> float:
        """Give the degrees of freedom of their limits."""

    @property
    def freedom(self) -> Callable[[Array], Array] | None:
        """Give those of combinations (m, p), where they differ."""

    @property
    def whole(self) -> tuple[Array, Array] | None:
        """Give coefficients and covariance with a dispersion behind them."""

    @property
    def info(self) -> Mapping[str, Any]:
        """Tell about the fit."""

    @property
    def kept(self) -> Kept | None:
        """Give the next four together; None for a fit that was put together from others."""

    @property
    def sample(self) -> Sample:
        """Give the rows that entered."""

    @property
    def columns(self) -> DesignMatrix:
        """Give their design matrix."""

    @property
    def estimation(self) -> Estimation:
        """Give the maximum that was reached."""

    @property
    def asked(self) -> Asked:
        """Tell what was asked for."""
