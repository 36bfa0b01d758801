"""Four ways to read NHANES' five bands of leg jerks a month, against another program's likelihoods and ratios."""

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression.expectations import ratio_of_means
from hypnic.analysis.regression.fit import fit

pytestmark = pytest.mark.xdist_group("nhanes")
# NHANES 2005-2008: a step of each exposure, what is adjusted for, the weights. Then, computed by another program on the
# same rows: their number, the weighted log-likelihoods of NB2, of NB2 cut off at 30, of the beta-binomial and of the
# ordered logit, and the ratios of means of the middle two.
PEOPLE = ["age", "age_squared", "sex", "race_ethnicity", "education", "income_ratio", "bmi", "smoking", "cycle"]
DRINKS = ["distress", "caffeine_mg", "alcohol_g_day"]
ELSEWHERE = {
    ("caffeine_mg", 100): (DRINKS[:1], "weight_diet1", 8521, -7021.7, -7036.7, -7062.3, -6907.3, 1.039, 1.051),
    ("alcohol_g_day", 10): (DRINKS[:2], "weight_diet1", 8497, -7006.5, -7021.8, -7047.6, -6892.4, 0.988, 1.020),
    ("distress", 5): ([], "weight_exam", 8689, -7177.2, -7185.8, -7222.6, -7080.5, 1.881, 1.527),
    ("sleep_loss_h", 1): (DRINKS, "weight_diet1", 8488, -6968.9, -6994.1, -7020.8, -6866.4, 1.130, 1.109),
}
READINGS = {"interval-nb2": {}, "truncated-nb2": {"maximum": 30}, "beta-binomial": {"maximum": 30}, "ordered": {}}


@pytest.fixture(scope="module")
def nhanes(nhanes_study):
    """Read the rows of NHANES with the five answers on leg jerks as bands, the top one open."""
    (data,) = nhanes_study.sets
    return data.frame.with_columns(hi=pl.when(pl.col("leg_jerks_order") < 4).then("leg_jerks_hi"))


# The likelihoods of all four are held against the same numbers by way of their questions, in test_nhanes_codings.py.
@pytest.mark.parametrize(
    ("column", "step"),
    [one if one[0] == "distress" else pytest.param(*one, marks=pytest.mark.slow) for one in ELSEWHERE],
)
def test_nhanes_likelihoods_and_ratios_of_means_are_those_found_elsewhere(nhanes, column, step):
    others, weights, rows, *expected = ELSEWHERE[column, step]
    frame = nhanes.with_columns(dose=pl.col(column) / step)
    design = {"weights": weights, "covariance": "design", "strata": "stratum", "psu": "psu"}
    fits = {
        family: fit(
            frame, "leg_jerks_order" if family == "ordered" else ("leg_jerks_lo", "hi"),
            ["dose", *PEOPLE, *others], family, **more, **design,
        )
        for family, more in READINGS.items()
    }  # fmt: skip
    assert all(fitted.info["converged"] and fitted.info["n_rows"] == rows for fitted in fits.values())
    assert [fitted.info["loglik"] for fitted in fits.values()] == pytest.approx(expected[:4], abs=0.06)
    complete = frame.drop_nulls(["dose", *PEOPLE, *others, "leg_jerks_lo", weights]).filter(pl.col(weights) > 0)
    before, w = matrix_of(fits["ordered"], complete), complete[weights].to_numpy()
    after = before + (np.arange(before.shape[1]) == 1)
    for family, ratio in zip(("truncated-nb2", "beta-binomial"), expected[4:], strict=True):
        line = ratio_of_means(fits[family], family, before, after, w, np.full(len(w), 30.0)).row(0, named=True)
        assert np.exp(line["estimate"]) == pytest.approx(ratio, abs=6e-4)
        assert 0 < line["std_error"] < 0.2


def matrix_of(fitted, rows):
    """Give the columns of a fit, an intercept first."""

    def column(name):
        term, _, level = name.rstrip("]").partition("[")
        return (pl.col(term) == level if level else pl.col(term)).cast(pl.Float64).alias(name)

    return rows.select(pl.lit(1.0), *(column(name) for name in fitted.names if "|" not in name)).to_numpy()
