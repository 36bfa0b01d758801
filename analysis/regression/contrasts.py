"""Functions of coefficients, with their errors: the delta method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

if TYPE_CHECKING:
    from hypnic.analysis.regression.fitted import Fitted
    from hypnic.analysis.regression.problem import Array


def delta_line(fitted: Fitted, value: float, gradient: Array) -> pl.DataFrame:
    """Give a function of a fit's coefficients as one row of the columns of `Fit.contrast`, on the function's own scale.

    `gradient` (p,) holds its derivatives by each coefficient, or (q,) by a dispersion too, last; limits are symmetric
    about `value`.

    >>> from hypnic.analysis import fit
    >>> nights = pl.DataFrame({"jerks": [0, 1, 2, 1, 4, 3], "alcohol_g": [0, 0, 10, 10, 20, 20]})
    >>> fitted = fit(nights, "jerks", ["alcohol_g"], "poisson", covariance="HC0")
    >>> line = delta_line(fitted, fitted.params[1], np.array([0.0, 1.0]))
    >>> line.drop("term").equals(fitted.contrast({"alcohol_g": 1}).drop("term"))
    True
    """
    vcov = fitted.vcov if fitted.whole is None or len(gradient) == len(fitted.names) else fitted.whole[1]
    error = float(np.sqrt(gradient @ vcov @ gradient))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(np.divide(value, error))
    df = fitted.df if fitted.freedom is None else float(fitted.freedom(gradient[None, :])[0])
    reach = float(stdtrit(df, 0.975)) * error
    return pl.DataFrame(
        {
            "term": [""],
            "estimate": [float(value)],
            "std_error": [error],
            "conf_low": [value - reach],
            "conf_high": [value + reach],
            "statistic": [statistic],
            "p_value": [float(2 * stdtr(df, -abs(statistic)))],
            "df": [float(df)],
        }
    )
