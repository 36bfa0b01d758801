"""What comes out of a fit: coefficients with their covariance, and what they were made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from hypnic.analysis.regression.design import DesignMatrix
from hypnic.analysis.regression.frame import Sample
from hypnic.analysis.regression.problem import Array, Estimation
from hypnic.errors import HypnicError


class Kept(NamedTuple):
    """What a fit was made from and what it reached."""

    sample: Sample
    columns: DesignMatrix
    estimation: Estimation
    again: Callable[[Sample, Array], "Fit"]  # the same model of another sample, and where to start


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """Coefficients on the linear-predictor scale, with their covariance.

    `params` (p,) and `vcov` (p, p) follow `names`; `df` is infinite (normal limits) unless the covariance is
    "design"; under CR2 and CR3 `freedom` gives each combination its own. `info` holds loglik, aic, alpha, scale,
    n_rows, n_groups, n_dropped (rows by reason), converged, score_max, optimizer, warnings (plain sentences, which
    the repr shows too); where alpha is estimated also log_theta = -log(alpha) and log_theta_std_error, for
    gee-poisson the correlation. An alpha of exactly 0 is the boundary: the fit is then the Poisson one.
    `sample`, `columns` and `estimation` are what it was fitted to, in the coordinates of the design matrix; a fit that
    was put together from others has kept none.
    """

    names: tuple[str, ...]
    params: Array
    vcov: Array
    df: float
    info: Mapping[str, Any]
    freedom: Callable[[Array], Array] | None = None  # degrees of freedom of each combination, where they differ
    joint: Callable[[Array], float] | None = None  # those of several together (CR2, CR3): see `hotelling.joint_test`
    whole: tuple[Array, Array] | None = None  # params (q,), vcov (q, q) with a dispersion behind the coefficients
    kept: Kept | None = None

    @property
    def sample(self) -> Sample:
        """Give the rows that entered."""
        return self._kept().sample

    @property
    def columns(self) -> DesignMatrix:
        """Give the design matrix of those rows."""
        return self._kept().columns

    @property
    def estimation(self) -> Estimation:
        """Give the maximum that was reached, in the coordinates of the design matrix."""
        return self._kept().estimation

    def refit(self, **columns: Array) -> "Fit":
        """Fit the same rows with other numbers (n,) in some columns, none of them missing, from where this fit ended.

        It is the fit of a frame with these columns in `sample.frame`, in less time: rows are not drawn again.

        >>> from hypnic.analysis import fit
        >>> nights = pl.DataFrame({"jerks": [0, 1, 2, 1, 4, 3], "alcohol_g": [0, 0, 10, 10, 20, 20]})
        >>> fitted = fit(nights, "jerks", ["alcohol_g"], family="poisson", covariance="HC0")
        >>> doubled = fitted.refit(alcohol_g=2.0 * nights["alcohol_g"].to_numpy())
        >>> float(fitted.params[1] / doubled.params[1]).__round__(6)
        2.0
        """
        sample = self.sample
        frame = sample.frame.with_columns(pl.Series(name, values) for name, values in columns.items())
        return self._kept().again(replace(sample, frame=frame), self.params)

    def _kept(self) -> Kept:
        if self.kept is None:
            msg = "this fit was put together from others: it has no rows and no maximum of its own"
            raise HypnicError(msg)
        return self.kept

    def __repr__(self) -> str:
        """Return the table of `tidy`, and a line for each warning."""
        return "\n".join([repr(self.tidy()), *(f"warning: {line}" for line in self.info.get("warnings", ()))])

    def tidy(self) -> pl.DataFrame:
        """Return term, estimate, std_error, conf_low, conf_high (95 %), statistic, p_value; a row a term."""
        return self._rows(list(self.names), np.eye(len(self.names))).drop("df")

    def contrast(self, weights: Mapping[str, float]) -> pl.DataFrame:
        """Return the weighted sum of coefficients as one row of the columns of `tidy`, and `df`, those of its limits.

        Raises HypnicError for a term the fit does not have.
        """
        for name in weights:
            if name not in self.names:
                msg = f"the fit has no term {name!r}: its terms are {', '.join(self.names)}"
                raise HypnicError(msg)
        row = np.array([[float(weights.get(name, 0.0)) for name in self.names]])
        return self._rows([" + ".join(f"{w:g}*{name}" for name, w in weights.items())], row)

    def _rows(self, labels: list[str], combinations: Array) -> pl.DataFrame:
        estimate = combinations @ self.params
        error = np.sqrt(np.einsum("ij,jk,ik->i", combinations, self.vcov, combinations))
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = estimate / error
        df = self.df if self.freedom is None else self.freedom(combinations)
        reach = stdtrit(df, 0.975) * error
        columns = {
            "estimate": estimate,
            "std_error": error,
            "conf_low": estimate - reach,
            "conf_high": estimate + reach,
            "statistic": statistic,
            "p_value": 2 * stdtr(df, -np.abs(statistic)),
            "df": np.broadcast_to(np.asarray(df, dtype=np.float64), estimate.shape),
        }
        return pl.DataFrame({"term": labels, **columns})
