"""Each threshold's own ratios, and their test under a survey design, against R's `survey` on stacked rows."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.proportional import threshold_logits
from hypnic.errors import HypnicError

HERE = Path(__file__).parents[2] / "reference"
TERMS = ["x", "z", "age"]
DESIGN = {"weights": "w", "strata": "stratum", "psu": "psu", "covariance": "design"}
R = json.loads((HERE / "simdesign_survey.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def survey():
    """Give 387 simulated answers in 18 PSUs of 3 strata."""
    return pl.read_csv(HERE / "simdesign.csv")


@pytest.fixture(scope="module")
def logits(survey):
    """Fit the three cuts under the design."""
    return threshold_logits(survey, "answer", TERMS, **DESIGN)


def test_the_ordered_logit_under_the_design_is_svyolr(survey):
    table = fit(survey, "answer", TERMS, "ordered", **DESIGN).tidy()
    np.testing.assert_allclose(table["estimate"], list(R["svyolr"]["coef"].values()), rtol=1e-6)
    np.testing.assert_allclose(table["std_error"], list(R["svyolr"]["se"].values()), rtol=1e-5)


def test_ratios_and_errors_are_those_of_one_fit_to_the_stacked_rows(logits):
    table = logits.ratios()
    keys = [f"cut{cut}:{term}" for cut in (1, 2, 3) for term in TERMS]
    assert table["threshold"].to_list()[::3] == ["0|1", "1|2", "2|3"]
    np.testing.assert_allclose(np.log(table["ratio"]), [R["stacked"]["coef"][key] for key in keys], rtol=1e-9)
    np.testing.assert_allclose(table["std_error"], [R["stacked"]["se"][key] for key in keys], rtol=1e-6)


def test_a_threshold_s_limits_are_those_of_its_logit_alone(survey, logits):
    alone = fit(survey.with_columns(high=pl.col("answer") > 1), "high", TERMS, "binomial", **DESIGN).tidy()[1:]
    own = logits.ratios().filter(threshold="1|2")
    np.testing.assert_allclose(own["conf_low"], np.exp(alone["conf_low"]), rtol=1e-9)
    np.testing.assert_allclose(own["p_value"], alone["p_value"], rtol=1e-9)


def test_the_test_is_the_adjusted_f_of_the_stacked_fit(logits):
    table = logits.test()[:3]
    for column, key in {"statistic": "F", "df": "df", "df_residual": "ddf", "p_value": "p"}.items():
        np.testing.assert_allclose(table[column], [R["test"][term][key] for term in TERMS], rtol=1e-6)


def test_more_contrasts_than_degrees_of_freedom_have_no_test(survey):
    few = survey.filter(pl.col("psu") <= 3)  # 9 PSUs less 3 strata: 6 degrees, as many as contrasts of all terms
    assert threshold_logits(few, "answer", TERMS, **DESIGN).test()["p_value"].null_count() == 0
    more = few.with_columns(late=pl.int_range(pl.len()) % 2)
    last = threshold_logits(more, "answer", [*TERMS, "late"], **DESIGN).test().row(-1, named=True)
    assert (last["statistic"], last["p_value"], last["df"]) == (None, None, 8)


def test_a_domain_keeps_the_design(survey):
    marked = survey.with_columns(some=(pl.col("age") > 40).cast(pl.Int8))
    inside = threshold_logits(marked, "answer", ["x"], domain="some", **DESIGN)
    high = marked.with_columns(high=pl.col("answer") > 0)
    alone = fit(high, "high", ["x"], "binomial", domain="some", **DESIGN)
    assert inside.ratios()["std_error"][0] == pytest.approx(alone.tidy()["std_error"][1])


def test_other_covariances_and_unread_columns_are_refused(survey):
    with pytest.raises(HypnicError, match="covariance HC1 is not available for ordered: use one of HC0, CR0, design"):
        threshold_logits(survey, "answer", TERMS, covariance="HC1")
    with pytest.raises(HypnicError, match="strata and psu are read by"):
        threshold_logits(survey, "answer", TERMS, strata="stratum")
