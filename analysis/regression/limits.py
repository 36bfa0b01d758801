"""Limits of expected values, on a scale that keeps them possible: above zero, or between zero and a maximum."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.special import expit, stdtrit

from hypnic.analysis.regression.means import CHANCES

if TYPE_CHECKING:
    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.problem import Array


class Scale(NamedTuple):
    """A scale on which limits are symmetric: the way there (n,), its derivative, and the way back."""

    there: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    back: Callable[[Array], Array]


LOG = Scale(np.log, np.reciprocal, np.exp)
LOGIT = Scale(lambda v: np.log(v) - np.log1p(-v), lambda v: 1 / (v * (1 - v)), expit)
CLOGLOG = Scale(
    lambda v: np.log(-np.log1p(-v)), lambda v: -1 / ((1 - v) * np.log1p(-v)), lambda v: -np.expm1(-np.exp(v))
)


def limits(fitted: Fitted, values: Array, slopes: Array, scale: Scale, top: Array) -> pl.DataFrame:
    """Give values (n,) and their errors, with limits that are symmetric on a scale of their share of the top."""
    share = values / top
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        link = scale.there(share)
        turned = (scale.slope(share) / top)[:, None] * slopes
        _, reach, _ = _reach(fitted, turned)
        columns = {
            "estimate": values,
            "std_error": np.sqrt(np.einsum("ij,jk,ik->i", slopes, _vcov(fitted, slopes), slopes, optimize=True)),
            "conf_low": scale.back(link - reach) * top,
            "conf_high": scale.back(link + reach) * top,
        }
    return pl.DataFrame(columns).fill_nan(None)


def _reach(fitted: Fitted, slopes: Array) -> tuple[Array, Array, Array]:
    """Give the errors (n,) of functions whose gradients are `slopes` (n, q), how far limits reach, and their df."""
    error = np.sqrt(np.einsum("ij,jk,ik->i", slopes, _vcov(fitted, slopes), slopes, optimize=True))
    df = np.full(len(slopes), fitted.df)
    if fitted.freedom is not None:
        told = np.isfinite(slopes).all(axis=1)
        distinct, places = np.unique(slopes[told, : len(fitted.names)], axis=0, return_inverse=True)
        df[told] = fitted.freedom(distinct)[places] if len(distinct) else 0.0
    return error, stdtrit(df, 0.975) * error, df


def _vcov(fitted: Fitted, slopes: Array) -> Array:
    """Give the covariance of the coefficients, with a dispersion where the slopes (n, q) have one."""
    return fitted.vcov if slopes.shape[1] == len(fitted.names) or fitted.whole is None else fitted.whole[1]


def scale_of(fitted: Fitted) -> Scale:
    """Choose the scale on which limits stay possible: that of the linear predictor, where there is one."""
    family = fitted.asked.family
    if family in ("cloglog", "beta-binomial"):
        return CLOGLOG
    return LOGIT if family in CHANCES or family == "truncated-nb2" else LOG


def scale_of_average(fitted: Fitted) -> Scale:
    """Choose the scale for an average, which has no linear predictor of its own."""
    return LOGIT if fitted.asked.family in CHANCES | {"truncated-nb2", "beta-binomial"} else LOG
