"""What comes out of a fit: coefficients with their covariance, and what they were made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from hypnic.analysis.regression.design import DesignMatrix
from hypnic.analysis.regression.display import as_html, as_text, logarithms
from hypnic.analysis.regression.fitted import Asked, Kept
from hypnic.analysis.regression.foreign import Frame
from hypnic.analysis.regression.forest import forest
from hypnic.analysis.regression.frame import Sample
from hypnic.analysis.regression.prediction import Kind, averaged, changed, compared, predicted
from hypnic.analysis.regression.problem import Array, Estimation
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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

    @property
    def asked(self) -> Asked:
        """Tell the family, the columns and the kind of errors that were asked for."""
        return self._kept().asked

    def refit(self, **columns: Array) -> Fit:
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
        return cast("Fit", self._kept().again(replace(sample, frame=frame), self.params))

    def _kept(self) -> Kept:
        if self.kept is None:
            msg = "this fit was put together from others: it has no rows and no maximum of its own"
            raise HypnicError(msg)
        return self.kept

    def __repr__(self) -> str:
        """Say what was fitted, in a line, a short table, and a line for each warning."""
        return as_text(self, self.tidy())

    def _repr_html_(self) -> str:
        """Say the same in HTML, for a notebook."""
        return as_html(self, self.tidy())

    def tidy(self, *, exponentiate: bool = False) -> pl.DataFrame:
        """Return term, estimate, std_error, conf_low, conf_high (95 %), statistic, p_value; a row a term.

        With `exponentiate` the estimate and its limits are ratios: of rates, or of odds under a logit; that of the
        intercept is the rate or the odds where every term is 0, that of a threshold the odds of its lower answers.
        `std_error` stays that of the logarithm. Raises HypnicError for least squares, whose coefficients are no
        logarithms.
        """
        table = self._rows(list(self.names), np.eye(len(self.names))).drop("df")
        if not exponentiate:
            return table
        if not logarithms(self):
            msg = "the coefficients are differences, not logarithms of ratios: leave exponentiate out"
            raise HypnicError(msg)
        spread = pl.col("term").str.starts_with("sd:")  # a standard deviation of a mixed model is no logarithm
        return table.with_columns(
            pl.when(spread).then(pl.col(name)).otherwise(pl.col(name).exp()).alias(name)
            for name in ("estimate", "conf_low", "conf_high")
        )

    def plot(self, terms: Sequence[str] | str | None = None, ax: Axes | None = None) -> Axes:
        """Draw a ratio a line with its 95 % limits, on a logarithmic axis; differences where it is least squares.

        `terms` are those to draw, in their order (None: all but constants); `ax` is where. Needs seaborn, which comes
        with the extra analysis. Raises HypnicError for a term the fit does not have.
        """
        return forest(self, self.tidy(), [terms] if isinstance(terms, str) else terms, ax)

    def predict(self, frame: Frame | None = None) -> pl.DataFrame:
        """Expect the outcome of each row of a frame, or of the rows that entered: estimate, std_error and 95 % limits.

        The unit is the outcome's own: a count over the row's `exposure` (poisson, quasipoisson, nb2, interval-nb2,
        gee-poisson; zip, zinb and the hurdles with their zeros); a count out of the row's `maximum` (truncated-nb2,
        beta-binomial); a share from 0 to 1, of yes or of k in n (binomial, and cloglog, over the row's `exposure`). For
        ordered it is the chance of each answer, in one row a level, with the columns `row` (from 0) and `level`.

        Limits are those of the expected value, not of what one person will answer: symmetric on the scale of the linear
        predictor (or of the logarithm or the log odds of what is expected), so that they stay possible. A row that
        misses a value gets nulls. The frame needs the terms, the exposure and a column of the maximum, no outcome.

        Raises HypnicError for a level that the fit did not see, and for fe-poisson, fe-logit and fe-linear, which do
        not estimate a person's own level.

        >>> from hypnic.analysis import fit
        >>> nights = pl.DataFrame({"jerks": [0, 1, 2, 1, 4, 3], "alcohol_g": [0, 0, 10, 10, 20, 20]})
        >>> fitted = fit(nights, "jerks", "alcohol_g", "poisson", covariance="HC0")
        >>> fitted.predict(pl.DataFrame({"alcohol_g": [0, 20]}))["estimate"].round(2).to_list()
        [0.55, 3.55]
        """
        return predicted(self, frame)

    def means(self, term: str, at: Sequence[float | str] | float | str | None = None) -> pl.DataFrame:
        """Average what is expected (in the unit of `predict`) with everyone set to each level of a term.

        A row a level (or a value of `at`) with term, value, estimate, std_error, conf_low, conf_high; for ordered also
        `level`. The other terms stay as they are in the rows that entered, weighted as in the fit.
        """
        return averaged(self, term, at)

    def average(self, term: str, step: float | None = None, kind: Kind = "difference") -> pl.DataFrame:
        """Say how a term changes the average of what is expected, in the unit of `predict`.

        A number is raised by `step` in every row (1, if left out; a 0/1 column goes from 0 to 1); each level of text is
        compared with the first. `kind` is difference, ratio (of the two averages; its std_error is that of its
        logarithm) or slope (the average change per unit, for a change that is very small: `marginaleffects` calls it
        `avg_slopes`). Returns term, contrast (in words), for ordered `level`, and the columns of `contrast`.

        Other terms stay as they are: where one is the product of this one and another, that is refused; see `compare`.

        >>> from hypnic.analysis import fit
        >>> nights = pl.DataFrame({"jerks": [0, 1, 2, 1, 4, 3], "alcohol_g": [0, 0, 10, 10, 20, 20]})
        >>> fitted = fit(nights, "jerks", "alcohol_g", "poisson", covariance="HC0")
        >>> fitted.average("alcohol_g", step=10)["estimate"].round(2).to_list()
        [2.82]
        """
        return changed(self, term, step, kind)

    def compare(self, before: Frame, after: Frame, kind: Literal["difference", "ratio"] = "difference") -> pl.DataFrame:
        """Say how the average of what is expected differs between two frames of the same rows: see `average`.

        For changes of several columns at once, such as of a dose and of its product with another column. Where the fit
        has weights, `before` holds them.
        """
        return compared(self, before, after, kind)

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
