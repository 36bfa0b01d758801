"""What a fit expects of rows, in the unit of its outcome, and what a term changes in it: against R and statsmodels."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from statsmodels.discrete.count_model import ZeroInflatedPoisson
from statsmodels.miscmodels.ordinal_model import OrderedModel

from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.means import expected_means
from hypnic.analysis.regression.newrows import new_rows
from hypnic.errors import HypnicError

HERE = Path(__file__).parents[2] / "reference"
R = json.loads((HERE / "simsurvey_ame.json").read_text("utf-8"))
TERMS = ["caf", "alc", "stress", "debt", "age", "sex"]
# Simulated people, with what each family needs: some of 30 nights, nights observed, who belongs together.
PEOPLE = pl.read_csv(HERE / "simsurvey.csv").with_columns(
    n=30,
    k=pl.min_horizontal("y", 30),
    any=(pl.col("y") > 0).cast(pl.Int8),
    nights=20 + pl.col("id") % 11,
    pair=pl.col("id") // 2,
    low=pl.min_horizontal("lo", 30),
    high=pl.min_horizontal("hi", pl.lit(30)),
)
POISSON = fit(PEOPLE, "y", TERMS, "poisson", covariance="HC0")
FAMILIES = {
    "poisson": {"outcome": "y", "exposure": "nights"},
    "quasipoisson": {"outcome": "y"},
    "nb2": {"outcome": "y", "exposure": "nights"},
    "zip": {"outcome": "y", "exposure": "nights"},
    "zinb": {"outcome": "y", "zero_terms": ["age"]},
    "hurdle-poisson": {"outcome": "y", "exposure": "nights"},
    "hurdle-nb2": {"outcome": "y", "zero_terms": "sex"},
    "binomial": {"outcome": "any"},
    "cloglog": {"outcome": ("k", "n"), "exposure": "nights"},
    "interval-nb2": {"outcome": ("lo", "hi")},
    "truncated-nb2": {"outcome": ("low", "high"), "maximum": 30},
    "beta-binomial": {"outcome": ("low", "high"), "maximum": "n"},
    "ordered": {"outcome": "cat"},
    "gee-poisson": {"outcome": "y", "groups": "pair"},
}


def of(family: str):
    return fit(PEOPLE, terms=["caf", "stress", "sex"], family=family, **FAMILIES[family])


def moved(fitted, place: int, by: float):
    """Give a fit with one coefficient, or the dispersion behind them, a little different."""
    if place == len(fitted.names):
        return replace(fitted, info={**fitted.info, "log_theta": fitted.info["log_theta"] + by})
    params = fitted.params.copy()
    params[place] += by
    return replace(fitted, params=params)


# ------------------------------------------------------------------------------------------------------- against R


@pytest.mark.parametrize("term", R["ame"])
def test_average_slopes_are_those_of_r(term):
    ours = POISSON.average(term, kind="slope").row(0, named=True)
    assert ours["estimate"] == pytest.approx(R["ame"][term]["ame"], rel=1e-6)
    assert ours["std_error"] == pytest.approx(R["ame"][term]["se_HC0"], rel=2e-5)


@pytest.mark.parametrize("term", R["plus1"])
def test_average_differences_and_ratios_of_one_unit_are_those_of_r(term):
    ours, ratio = (POISSON.average(term, kind=kind).row(0, named=True) for kind in ("difference", "ratio"))
    assert ours["estimate"] == pytest.approx(R["plus1"][term]["diff"], rel=1e-6)
    assert ours["std_error"] == pytest.approx(R["plus1"][term]["se_HC0"], rel=2e-5)
    assert ratio["estimate"] == pytest.approx(R["plus1"][term]["ratio"], rel=1e-6)


def test_predictions_at_the_means_are_the_marginal_means_of_emmeans():
    means = PEOPLE.select(pl.col(TERMS[:-1]).mean()).join(pl.DataFrame({"sex": R["emmeans_sex"]["level"]}), how="cross")
    ours = POISSON.predict(means)
    for column, theirs in (("estimate", "rate"), ("std_error", "se"), ("conf_low", "lo"), ("conf_high", "hi")):
        assert ours[column].to_list() == pytest.approx(R["emmeans_sex"][theirs], rel=2e-5)


# --------------------------------------------------------------------------------------------- against statsmodels


def columns() -> np.ndarray:
    """Give the design matrix of three terms, a constant first."""
    return np.column_stack([np.ones(PEOPLE.height), PEOPLE["caf"], PEOPLE["stress"], (PEOPLE["sex"] == "M")])


@pytest.mark.parametrize(
    ("family", "theirs"),
    [
        ("poisson", sm.families.Poisson()),
        ("binomial", sm.families.Binomial()),
        ("cloglog", sm.families.Binomial(sm.families.links.CLogLog())),
    ],
)
def test_predictions_and_their_limits_are_those_of_statsmodels(family, theirs):
    call = FAMILIES[family]
    offset = np.log(PEOPLE[call["exposure"]]) if "exposure" in call else None
    y = PEOPLE[call["outcome"]] if isinstance(call["outcome"], str) else PEOPLE.select("k", pl.col("n") - pl.col("k"))
    model = sm.GLM(np.asarray(y), columns(), family=theirs, offset=offset)
    frame = model.fit(tol=1e-12).get_prediction(columns(), offset=offset).summary_frame()
    ours = fit(PEOPLE, terms=["caf", "stress", "sex"], family=family, covariance="model", **call).predict()
    names = zip(ours.columns, ("mean", "mean_se", "mean_ci_lower", "mean_ci_upper"), strict=True)
    for mine, column in names:
        assert ours[mine].to_numpy() == pytest.approx(frame[column].to_numpy(), rel=1e-6)


def test_average_slopes_of_a_logit_are_those_of_statsmodels():
    margins = sm.Logit(PEOPLE["any"].to_numpy(), columns()).fit(disp=0, tol=1e-12).get_margeff(at="overall")
    ours = fit(PEOPLE, "any", ["caf", "stress", "sex"], "binomial", covariance="model").average("caf", kind="slope")
    assert ours["estimate"].item() == pytest.approx(margins.margeff[0], rel=1e-6)
    assert ours["std_error"].item() == pytest.approx(margins.margeff_se[0], rel=1e-5)


def test_the_chances_of_answers_are_those_of_statsmodels():
    fitted = of("ordered")
    ours = fitted.predict(PEOPLE.head(40))
    model = OrderedModel(PEOPLE["cat"].to_numpy(), columns()[:, 1:], distr="logit")
    theirs = model.predict(_as_statsmodels(fitted), columns()[:40, 1:])
    assert ours["estimate"].to_numpy().reshape(40, 5) == pytest.approx(theirs, rel=1e-9)
    assert ours["level"].to_list() == list(fitted.sample.levels) * 40
    assert ours["row"].to_list() == np.repeat(range(40), 5).tolist()
    assert ours.group_by("row").agg(pl.col("estimate").sum())["estimate"].to_numpy() == pytest.approx(1)


def _as_statsmodels(fitted) -> np.ndarray:
    cuts = fitted.params[:4]
    return np.concatenate([fitted.params[4:], cuts[:1], np.log(np.diff(cuts))])


def test_the_mean_of_inflated_counts_is_that_of_statsmodels():
    fitted = of("zip")
    model = ZeroInflatedPoisson(PEOPLE["y"].to_numpy(), columns(), exog_infl=columns(), exposure=PEOPLE["nights"])
    theirs = model.predict(np.concatenate([fitted.params[4:], fitted.params[:4]]), exposure=PEOPLE["nights"].to_numpy())
    assert fitted.predict()["estimate"].to_numpy() == pytest.approx(theirs, rel=1e-9)


# ------------------------------------------------------------------------------------------- what holds everywhere


@pytest.mark.parametrize("family", FAMILIES)
def test_slopes_of_what_is_expected_are_those_of_small_changes(family):
    fitted = of(family)
    rows = new_rows(fitted, PEOPLE.head(30))
    slopes = expected_means(fitted, rows).slopes
    for place in range(slopes.shape[2]):
        up, down = (expected_means(moved(fitted, place, by), rows).expected for by in (1e-6, -1e-6))
        assert slopes[:, :, place] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_expected_is_possible_and_so_are_its_limits(family):
    found = of(family).predict()
    top = 1 if family in {"binomial", "cloglog", "ordered"} else 30 if family[:4] in {"trun", "beta"} else np.inf
    assert found.null_count().sum_horizontal().item() == 0
    assert (found["conf_low"] > 0).all()
    assert (found["conf_low"] < found["estimate"]).all()
    assert (found["estimate"] < found["conf_high"]).all()
    assert (found["conf_high"] < top).all()


def test_counts_that_are_expected_add_up_to_those_that_were_seen():
    assert of("poisson").predict()["estimate"].sum() == pytest.approx(PEOPLE["y"].sum(), rel=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_average_difference_is_that_of_the_averages_and_its_error_that_of_small_changes(family):
    fitted, later = of(family), PEOPLE.with_columns(pl.col("caf") + 2)
    ours = fitted.average("caf", step=2)
    levels = len(fitted.sample.levels) or 1

    def difference(other) -> np.ndarray:
        means = [
            other.predict(frame)["estimate"].to_numpy().reshape(-1, levels).mean(axis=0) for frame in (PEOPLE, later)
        ]
        return means[1] - means[0]

    assert ours["estimate"].to_numpy() == pytest.approx(difference(fitted), rel=1e-9)
    q = expected_means(fitted, new_rows(fitted, PEOPLE.head(1))).slopes.shape[2]
    slopes = (
        np.array([difference(moved(fitted, j, 1e-5)) - difference(moved(fitted, j, -1e-5)) for j in range(q)]) / 2e-5
    )
    vcov = fitted.vcov if q == len(fitted.names) else fitted.whole[1]
    assert ours["std_error"].to_numpy() == pytest.approx(np.sqrt(np.diag(slopes.T @ vcov @ slopes)), rel=1e-4)


def test_a_marginal_mean_sets_everyone_to_one_level():
    found = POISSON.means("sex")
    assert found["value"].to_list() == ["F", "M"]
    for row in found.iter_rows(named=True):
        everyone = POISSON.predict(PEOPLE.with_columns(sex=pl.lit(row["value"])))["estimate"].mean()
        assert row["estimate"] == pytest.approx(everyone, rel=1e-12)
    difference = POISSON.average("sex").row(0, named=True)
    assert difference["contrast"] == "M vs F"
    assert difference["estimate"] == pytest.approx(found["estimate"][1] - found["estimate"][0], rel=1e-12)


def test_marginal_means_of_a_number_are_at_the_values_that_are_named():
    assert POISSON.means("caf", at=[0, 1])["value"].to_list() == [0, 1]
    assert POISSON.means("caf", at=2)["value"].to_list() == [2]
    with pytest.raises(HypnicError, match=re.escape("term 'caf' has many values: say at which, as at=[0, 100, 200]")):
        POISSON.means("caf")


def test_yes_or_no_is_compared_as_no_and_yes():
    frame = PEOPLE.with_columns(male=pl.col("sex") == "M")
    number = fit(frame, "y", ["caf", "male"], "poisson", covariance="HC0").average("male").row(0, named=True)
    text = fit(PEOPLE, "y", ["caf", "sex"], "poisson", covariance="HC0").average("sex").row(0, named=True)
    assert number["contrast"] == "1 vs 0"
    assert number["estimate"] == pytest.approx(text["estimate"], rel=1e-9)
    assert number["std_error"] == pytest.approx(text["std_error"], rel=1e-9)


def test_averages_are_weighted_as_the_fit_is():
    frame = PEOPLE.head(300).with_columns(w=1 + pl.col("id") % 4)
    copies = frame.select(pl.all().repeat_by("w").explode(empty_as_null=False, keep_nulls=False))
    weighted = fit(frame, "y", ["caf", "sex"], "poisson", weights="w", covariance="HC0")
    copied = fit(copies, "y", ["caf", "sex"], "poisson", covariance="HC0")
    assert weighted.average("caf")["estimate"].item() == pytest.approx(
        copied.average("caf")["estimate"].item(), rel=1e-9
    )


def test_limits_use_the_degrees_of_freedom_of_the_fit():
    few = PEOPLE.head(60).with_columns(who=pl.col("id") % 12)
    fitted = fit(few, "y", ["caf", "stress"], "poisson", cluster="who", covariance="CR2")
    constant = fitted.predict(pl.DataFrame({"caf": [0.0], "stress": [0.0]})).row(0, named=True)
    line = fitted.contrast({"(Intercept)": 1}).row(0, named=True)
    assert line["df"] < 12
    assert constant["conf_high"] == pytest.approx(np.exp(line["conf_high"]), rel=1e-9)
    assert fitted.average("caf")["df"].item() < 12


def test_an_exposure_scales_a_count_and_not_its_limits_alone():
    fitted = of("nb2")
    one, two = (fitted.predict(PEOPLE.with_columns(nights=n)) for n in (10, 20))
    for column in one.columns:
        assert two[column].to_numpy() == pytest.approx(2 * one[column].to_numpy(), rel=1e-9)


def test_a_product_that_would_stay_behind_is_refused_and_both_frames_can_be_given():
    frame = PEOPLE.with_columns(both=pl.col("caf") * pl.col("stress"))
    fitted = fit(frame, "y", ["caf", "stress", "both"], "poisson", covariance="HC0")
    with pytest.raises(HypnicError, match="term 'both' is 'caf' times 'stress' and would stay behind"):
        fitted.average("caf")
    after = frame.with_columns(pl.col("caf") + 1, both=(pl.col("caf") + 1) * pl.col("stress"))
    found = fitted.compare(frame, after).row(0, named=True)
    expected = [fitted.predict(one)["estimate"].mean() for one in (frame, after)]
    assert found["estimate"] == pytest.approx(expected[1] - expected[0], rel=1e-9)


def test_a_square_is_a_product_too():
    frame = PEOPLE.with_columns(square=pl.col("age") ** 2)
    fitted = fit(frame, "y", ["age", "square"], "poisson", covariance="HC0")
    with pytest.raises(HypnicError, match="term 'square' is 'age' times 'age'"):
        fitted.average("age")


@pytest.mark.parametrize("make", [lambda f: f, pl.DataFrame.lazy, pl.DataFrame.to_pandas, pl.DataFrame.to_arrow])
def test_rows_may_come_in_any_frame_and_a_gap_gives_nulls(make):
    rows = pl.DataFrame({"caf": [1.0, None, 2.0], "stress": [1, 2, 3], "sex": ["F", "M", None], "nights": [30, 30, 30]})
    found = of("poisson").predict(make(rows))
    assert found["estimate"].is_null().to_list() == [False, True, True]


ROW = {"caf": 1.0, "stress": 2, "sex": "F", "nights": 30}
REFUSED = {
    "a level it did not see": ({"sex": "X"}, "column 'sex' has 'X', which the fit did not see: its levels are F, M"),
    "a number for a level": ({"sex": 1}, "column 'sex' is Int32, but was text in the fit: give one of its levels"),
    "text for a number": ({"caf": "much"}, "column 'caf' is String, not a number as in the fit: cast it"),
    "no nights": ({"nights": 0}, "column 'nights' must be above 0"),
    "infinity": ({"caf": float("inf")}, "column 'caf' has an infinite value"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_rows_that_are_not_like_those_of_the_fit_are_refused(case):
    changes, message = REFUSED[case]
    rows = pl.select(**{name: pl.lit(value) for name, value in (ROW | changes).items()})
    with pytest.raises(HypnicError, match=re.escape(message)):
        of("poisson").predict(rows)


def test_a_frame_without_a_term_is_refused():
    with pytest.raises(HypnicError, match="no column 'stress': the frame has caf"):
        of("quasipoisson").predict(pl.DataFrame({"caf": [1.0], "sex": ["F"]}))


@pytest.mark.parametrize("family", ["fe-poisson", "fe-logit", "fe-linear"])
def test_within_persons_there_is_no_level_to_expect(family):
    fitted = fit(PEOPLE, "any" if family == "fe-logit" else "y", "caf", family, groups="pair")
    for asked in (fitted.predict, lambda: fitted.average("caf"), lambda: fitted.means("caf", at=[0])):
        with pytest.raises(
            HypnicError, match=f"family {family} estimates no level of 'pair', so it expects no outcome"
        ):
            asked()


def test_nothing_is_expected_of_a_fit_that_failed():
    failed = replace(POISSON, info={**POISSON.info, "converged": False})
    with pytest.raises(HypnicError, match="the fit did not reach its maximum"):
        failed.predict()


ASKED = {
    "another term": (lambda f: f.average("coffee"), "the fit has no term 'coffee': its terms are caf, alc"),
    "another kind": (lambda f: f.average("caf", kind="odds"), "there is no kind 'odds': choose from difference"),
    "a slope of two frames": (lambda f: f.compare(PEOPLE, PEOPLE, kind="slope"), "choose from difference, ratio"),
    "nowhere": (lambda f: f.means("caf", at=[]), "at holds no value: say what 'caf' is set to"),
    "a step in words": (lambda f: f.average("caf", step="a"), "step 'a' changes nothing: give a number"),
    "no step": (lambda f: f.average("caf", step=0), "step 0 changes nothing: give a number other than 0"),
    "a slope with a step": (lambda f: f.average("caf", 1, "slope"), "a slope is taken at a point: leave out step"),
    "a step between levels": (lambda f: f.average("sex", step=2), "term 'sex' has levels: each is compared"),
    "unlike frames": (lambda f: f.compare(PEOPLE, PEOPLE.head(2)), "before has 1500 rows, after 2"),
    "no rows": (lambda f: f.compare(PEOPLE.head(0), PEOPLE.head(0)), "a row misses a value, or there is none"),
}


@pytest.mark.parametrize("case", ASKED)
def test_a_question_that_means_nothing_is_refused(case):
    ask, message = ASKED[case]
    with pytest.raises(HypnicError, match=re.escape(message)):
        ask(POISSON)


def test_a_fit_of_a_constant_expects_it_of_every_row():
    fitted = fit(PEOPLE, "y", [], "poisson")
    assert fitted.predict(pd.DataFrame({"id": [1, 2, 3]}))["estimate"].to_list() == pytest.approx(
        [PEOPLE["y"].mean()] * 3
    )
