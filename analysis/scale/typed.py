"""`fit` as type checkers see it: they refuse a family of another name, a pair for one column, persons left out.

It is the same function as `hypnic.analysis.scale.routes.fit`, which takes its words from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias, TypedDict, Unpack, overload

from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.foreign import Frame
from hypnic.analysis.scale.routes import Route
from hypnic.analysis.scale.routes import fit as anyhow

Plain: TypeAlias = Literal["poisson", "quasipoisson", "nb2", "ordered"]
WithZeros: TypeAlias = Literal["zip", "zinb", "hurdle-poisson", "hurdle-nb2"]
Share: TypeAlias = Literal["binomial", "cloglog"]
Capped: TypeAlias = Literal["truncated-nb2", "beta-binomial"]
Grouped: TypeAlias = Literal["gee-poisson", "fe-poisson", "fe-logit", "fe-linear"]
Covariance: TypeAlias = Literal["model", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1S", "CR2", "CR3", "design"]
Terms: TypeAlias = Sequence[str] | str
Pair: TypeAlias = tuple[str, str]


class Options(TypedDict, total=False):
    """What every family may be asked: see `fit`."""

    exposure: str | None
    cluster: str | None
    weights: str | None
    strata: str | None
    psu: str | None
    domain: str | None
    covariance: Covariance | None
    df: Literal["design", "residual"]
    route: Route


class Fitting(Protocol):
    """`fit`, with what each family takes and needs."""

    @overload
    def __call__(self, frame: Frame, outcome: str, terms: Terms, family: Plain, **options: Unpack[Options]) -> Fit: ...

    @overload
    def __call__(
        self,
        frame: Frame,
        outcome: str,
        terms: Terms,
        family: WithZeros,
        *,
        zero_terms: Terms | None = None,
        **options: Unpack[Options],
    ) -> Fit: ...

    @overload
    def __call__(
        self,
        frame: Frame,
        outcome: str | Pair,
        terms: Terms,
        family: Share,
        *,
        bias_reduced: bool = False,
        **options: Unpack[Options],
    ) -> Fit: ...

    @overload
    def __call__(
        self, frame: Frame, outcome: Pair, terms: Terms, family: Literal["interval-nb2"], **options: Unpack[Options]
    ) -> Fit: ...

    @overload
    def __call__(
        self,
        frame: Frame,
        outcome: Pair,
        terms: Terms,
        family: Capped,
        *,
        maximum: int | str,
        **options: Unpack[Options],
    ) -> Fit: ...

    @overload
    def __call__(
        self, frame: Frame, outcome: str, terms: Terms, family: Grouped, *, groups: str, **options: Unpack[Options]
    ) -> Fit: ...


fit: Fitting = anyhow

__all__ = ["Covariance", "fit"]
