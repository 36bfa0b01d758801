"""What a recalled exposure goes with once its days are told from its persons: regression calibration, by jackknife."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, fit_facts, line_row, rounded
from hypnic.analysis.regression.calibration import Calibration, calibrate
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.instrument import Recalls
    from hypnic.analysis.studies.sets import AnalysisSet

JACKKNIFE = "jackknife of sampling units"


@analysis("usual intake", tables=("survey",), cost=3)
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio whose exposure was recalled for single days, per step of usual intake.

    A second row says how reliable one recall is.

    Errors are those of leaving out each sampling unit in turn, its stratum's others weighted up (JKn: Wolter 2007,
    Introduction to Variance Estimation, 4.5), with calibration and fit done anew: so they carry what the
    calibration does not know. Limits are Student's, with PSUs less strata.
    """
    for question in questions(data):
        if recalls := data.instrument.recalls.get(question.estimand.exposure):
            unit = f"{question.estimand.unit}, usual intake"
            blank = question.blank(role="sensitivity", variant="calibrated", unit=unit, covariance=JACKKNIFE)
            yield from attempt(_rows, blank, question, recalls)


def _rows(blank: Row, question: Question, recalls: Recalls) -> Iterator[Row]:
    fitted, survey = question.fit(), question.fit().sample.survey
    if survey is None:
        message = "usual intake is asked of surveys with a design"
        raise HypnicError(message, reason="design")
    weights = fitted.sample.weights
    whole, found, fit_ = _slope(question, recalls, weights)
    size, spread = np.bincount(survey.stratum), 0.0
    for unit, stratum in enumerate(survey.stratum):
        left = size[stratum] - 1
        if not (survey.psu == unit).any() or left == 0:
            continue
        again = np.where(survey.stratum[survey.psu] == stratum, weights * size[stratum] / left, weights)
        again = np.where(survey.psu == unit, 0.0, again)
        spread += left / size[stratum] * (_slope(question, recalls, again)[0] - whole) ** 2
    error, df = float(np.sqrt(spread)), float(survey.degrees_of_freedom)
    reach = float(stdtrit(df, 0.975)) * error
    line = pl.DataFrame(
        {
            "estimate": whole, "std_error": error, "conf_low": whole - reach, "conf_high": whole + reach,
            "statistic": whole / error, "p_value": float(2 * stdtr(df, -abs(whole / error))), "df": df,
        }
    )  # fmt: skip
    yield line_row(blank, question.data, fit_, line)
    share = {"scale": "share", "variant": "reliability", "estimate": rounded(found.reliability)}
    yield blank | fit_facts(question.data, fitted) | share


def _slope(question: Question, recalls: Recalls, weights: Array) -> tuple[float, Calibration, Fit]:
    """Calibrate with some weights (n,) of the rows that enter, and fit the question to what is expected of each."""
    fitted = question.fit()
    places, column = fitted.sample.places, question.estimand.column
    entered = question.data.frame[places]
    amounts = entered.select(pl.col(recalls.amounts).cast(pl.Float64)).to_numpy()
    weekend = entered.select(pl.col(recalls.weekdays).is_in(recalls.weekend).fill_null(value=False)).to_numpy()
    own = len(question.terms)  # the exposure's columns stand first
    found = calibrate(amounts, weekend.astype(np.float64), fitted.columns.matrix[:, own:], weights, recalls.power)
    usual, weight = np.full((2, question.data.frame.height), np.nan)
    usual[places], weight[places] = found.usual, weights
    frame = question.data.frame.with_columns(pl.Series(column, usual), pl.Series("calibrated weight", weight))
    refitted = question.on(frame.with_columns(pl.col(column, "calibrated weight").fill_nan(None)))
    refitted = refitted.but(weights="calibrated weight")
    fit_ = refitted.fit()
    terms = dict.fromkeys(refitted.terms, 1 / own)
    return float(fit_.contrast(terms)["estimate"].item()), found, fit_
