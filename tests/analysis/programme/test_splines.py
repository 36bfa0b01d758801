"""Smooth curves of dose against response, held against R's splines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.analysis import Question, StudyData, estimands, fit, study
from hypnic.analysis.programme import splines
from hypnic.analysis.programme.splines import dose_curve, dose_spread, fit_curve, restricted_cubic
from hypnic.analysis.question.tests import wald
from hypnic.analysis.studies import instruments
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY
from hypnic.errors import HypnicError

REFERENCE = Path(__file__).parents[2] / "reference"
R = json.loads((REFERENCE / "simsurvey_spline.json").read_text("utf-8"))
OTHERS = ["alc", "stress", "debt", "age", "sex"]
KNOTS = SURVEY.knots["caffeine"]
COFFEE = replace(estimands("survey")[0], adjustment=("tired",))


@pytest.fixture(scope="module")
def survey() -> pl.DataFrame:
    return pl.read_csv(REFERENCE / "simsurvey.csv")


def ours(survey: pl.DataFrame, covariance: str):
    columns = restricted_cubic(survey["caf"].to_numpy(), R["knots"])
    frame = survey.with_columns(pl.Series(f"s{n}", column) for n, column in enumerate(columns.T, 1))
    return fit(frame, "y", ["s1", "s2", "s3", *OTHERS], "poisson", covariance=covariance)


def as_r(survey: pl.DataFrame, epsilon: float = 1e-8):
    """Fit as R's `glm` does: it stops early, and its errors are of the step before. At `epsilon` 0, go on."""
    others = survey.select("alc", "stress", "debt", "age", pl.col("sex") == "M").to_numpy().astype(float)
    smooth = restricted_cubic(survey["caf"].to_numpy(), R["knots"])
    x, y = np.column_stack([np.ones(len(survey)), smooth, others]), survey["y"].to_numpy().astype(float)
    mu, before = y + 0.1, np.inf
    for _ in range(25):
        weight, working = mu, np.log(mu) + (y - mu) / mu
        coef = np.linalg.solve(x.T @ (x * weight[:, None]), x.T @ (weight * working))
        mu = np.exp(x @ coef)
        deviance = 2 * (np.where(y > 0, y * np.log(np.maximum(y, 1) / mu), 0) - (y - mu)).sum()
        if abs(deviance - before) / (abs(deviance) + 0.1) < epsilon:
            break
        before = deviance
    bread = np.linalg.inv(x.T @ (x * weight[:, None]))
    scores = x * (weight * (y - mu) / mu)[:, None]
    return coef, {"model": bread, "HC0": bread @ scores.T @ scores @ bread}


def on_grid(coef, vcov) -> tuple[list[float], list[float]]:
    basis = restricted_cubic(np.array(R["grid"], dtype=float), R["knots"])
    rows = (basis - basis[0])[1:]
    return list(rows @ coef[1:4]), list(np.sqrt(np.einsum("ij,jk,ik->i", rows, vcov[1:4, 1:4], rows)))


def chi2(coef, vcov, at: list[int]) -> float:
    return float(coef[at] @ np.linalg.solve(vcov[np.ix_(at, at)], coef[at]))


def test_the_columns_are_those_of_rms() -> None:
    assert restricted_cubic(np.array(R["grid"], dtype=float), R["knots"]) == pytest.approx(
        np.array(R["rcs"]["basis_grid"]), rel=1e-12, abs=1e-15
    )


def test_the_coefficients_and_the_curve_are_those_of_r(survey: pl.DataFrame) -> None:
    fitted = ours(survey, "model")
    assert list(fitted.params) == pytest.approx(list(R["rcs"]["coef"].values()), rel=1e-6)
    assert on_grid(fitted.params, fitted.vcov)[0] == pytest.approx(R["rcs"]["log_irr_vs_0"][1:], rel=1e-6)


@pytest.mark.parametrize(("covariance", "names"), [("model", ("se", "se_model")), ("HC0", ("HC0", "se_HC0"))])
def test_errors_are_those_of_r_gone_to_the_end(survey: pl.DataFrame, covariance: str, names: tuple[str, str]) -> None:
    coef, stopped = as_r(survey)
    assert np.sqrt(np.diag(stopped[covariance])) == pytest.approx(list(R["rcs"][names[0]].values()), rel=1e-9)
    assert on_grid(coef, stopped[covariance])[1] == pytest.approx(R["rcs"][names[1]][1:], rel=1e-9)
    fitted, (_, finished) = ours(survey, covariance), as_r(survey, epsilon=0)
    assert fitted.vcov == pytest.approx(finished[covariance], rel=1e-8)


@pytest.mark.parametrize(("test", "at"), [("overall", [1, 2, 3]), ("nonlinear", [2, 3])])
def test_the_wald_tests_are_those_of_r_gone_to_the_end(survey: pl.DataFrame, test: str, at: list[int]) -> None:
    expected = R["rcs"][f"wald_{test}_HC0"]
    coef, stopped = as_r(survey)
    assert chi2(coef, stopped["HC0"], at) == pytest.approx(expected["chi2"], rel=1e-9)
    found = wald(ours(survey, "HC0"), [f"s{n}" for n in at])
    coef, finished = as_r(survey, epsilon=0)
    assert found.statistic == pytest.approx(chi2(coef, finished["HC0"], at), rel=1e-8)
    assert (found.df, found.p_value) == (expected["df"], pytest.approx(expected["p"], rel=1e-4))


def test_the_natural_spline_of_r_is_the_same_curve_in_other_columns(survey: pl.DataFrame) -> None:
    fitted = ours(survey, "model")
    coef = [value for name, value in R["ns"]["coef"].items() if name.startswith("ns(")]
    log_irr = np.array(R["ns"]["basis_grid"]) @ coef
    assert on_grid(fitted.params, fitted.vcov)[0] == pytest.approx(list(log_irr - log_irr[0])[1:], rel=1e-6)
    assert fitted.info["loglik"] == pytest.approx(R["ns"]["loglik"], rel=1e-12)


def test_with_one_coefficient_the_test_is_that_of_its_row(survey: pl.DataFrame) -> None:
    weighted = survey.with_columns(w=1 + pl.col("id") % 3)
    for keywords in ({"covariance": "HC3"}, {"covariance": "design", "weights": "w"}):
        fitted = fit(weighted, "y", ["caf", "alc"], "poisson", **keywords)
        row = fitted.tidy().row(1, named=True)
        found = wald(fitted, ["caf"])
        assert (found.statistic, found.p_value) == pytest.approx((row["statistic"] ** 2, row["p_value"]))


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=6, unique_by=lambda x: round(x, 1)).map(sorted))
def test_beyond_the_outer_knots_every_column_is_straight(knots: list[float]) -> None:
    for start in (knots[0] - 9, knots[-1] + 1):
        columns = restricted_cubic(np.array([start, start + 3, start + 6]), knots)
        assert columns[1] - columns[0] == pytest.approx(columns[2] - columns[1], rel=1e-6, abs=1e-6)


def people(n: int, ratio) -> Question:
    """Draw synthetic people whose rate is multiplied by `ratio(mg)`."""
    rng = np.random.default_rng(20)
    coffee = np.where(rng.random(n) < 0.2, 0, rng.gamma(2, 110, n).round())
    tired = rng.normal(size=n)
    nights = rng.binomial(30, 1 - np.exp(-0.2 * ratio(coffee) * np.exp(0.2 * tired)))
    frame = pl.DataFrame(
        {"id": range(n), "caffeine_usual_mg": coffee, "tired": tired, "nights": nights, "of": [30] * n}
    )
    return Question(AnalysisSet(SURVEY, frame, "id", ("nights", "of"), (COFFEE,)), COFFEE)


def test_a_plateau_is_drawn_as_one_and_its_straight_line_is_refuted() -> None:
    asked = people(4000, lambda mg: 1 + np.minimum(mg, 200) / 200)
    drawn = dose_curve(asked)
    plateau = drawn.filter(pl.col("dose") > 300)
    assert ((plateau["estimate"] - 2).abs() < 0.25).all()
    curve = fit_curve(asked)
    assert wald(curve.fitted, curve.terms[1:]).p_value < 1e-4


def test_a_straight_line_stays_one() -> None:
    asked = people(4000, lambda mg: 1.2 ** (mg / 100))
    drawn = dose_curve(asked)
    inside = (1.2 ** (drawn["dose"] / 100)).is_between(drawn["conf_low"], drawn["conf_high"])
    assert inside.mean() > 0.9
    curve = fit_curve(asked)
    assert wald(curve.fitted, curve.terms[1:]).p_value > 0.05


def test_the_curve_does_not_depend_on_how_its_columns_are_turned() -> None:
    asked = people(800, lambda mg: 1.2 ** (mg / 100))
    columns = restricted_cubic(asked.data.frame["caffeine_usual_mg"].to_numpy(), KNOTS)
    frame = asked.data.frame.with_columns(pl.Series(f"s{n}", column) for n, column in enumerate(columns.T))
    plain = fit(frame, asked.data.outcome, ["s0", "s1", "s2", "tired"], "cloglog")
    turned = fit_curve(asked)
    assert wald(turned.fitted, turned.terms[1:]).statistic == pytest.approx(wald(plain, ["s1", "s2"]).statistic)
    step = restricted_cubic(np.array([300.0, 0.0]), KNOTS)
    expected = plain.contrast(dict(zip(["s0", "s1", "s2"], step[0] - step[1], strict=True)))
    assert turned.against(300, 0).row(0)[1:] == pytest.approx(expected.row(0)[1:])


def test_a_curve_ends_where_fewer_than_ten_persons_went_further() -> None:
    asked = people(300, lambda mg: 1.2 ** (mg / 100))
    tenth = asked.data.frame["caffeine_usual_mg"].sort(descending=True)[9]
    assert dose_curve(asked)["dose"].max() == tenth < asked.data.frame["caffeine_usual_mg"].quantile(0.99)


def test_no_class_of_doses_under_a_curve_holds_fewer_than_ten_persons() -> None:
    spread = dose_spread(people(300, lambda mg: 1.2 ** (mg / 100)))
    assert spread["n_rows"].min() >= 10
    assert spread.height < splines.BARS


def test_who_drinks_nothing_has_a_level_of_their_own() -> None:
    """Drinkers have half the rate of teetotallers whatever they drink: only the step at zero says so."""
    drinkers = people(4000, lambda mg: np.where(mg > 0, 0.5, 1.0))
    asked = drinkers.on(drinkers.data.frame.with_columns(pl.col("caffeine_usual_mg") / 40)).but(exposure="alcohol")
    assert dose_curve(asked)["estimate"].to_list() == pytest.approx([0.5] * splines.POINTS, abs=0.08)


def test_what_is_yes_or_no_has_no_curve() -> None:
    asked = people(100, lambda _: 1.0)
    asked = replace(asked, data=replace(asked.data, instrument=DIARY))
    with pytest.raises(HypnicError, match="exercise has no knots in the diary: a curve needs a dose"):
        fit_curve(asked.but(exposure="exercise"))


def test_nobodys_dose_is_drawn_where_nine_persons_have_one() -> None:
    asked = people(100, lambda mg: 1.2 ** (mg / 100))
    few = asked.data.frame.with_columns(pl.col("caffeine_usual_mg") * (pl.col("id") < 9))
    with pytest.raises(HypnicError):
        dose_curve(asked.on(few))


def test_every_primary_dose_has_four_rising_knots() -> None:
    for instrument in instruments().values():
        doses = {row.exposure for row in instrument.primary if row.step != 1}
        assert doses | {"sleep_loss"} == set(instrument.knots)
        assert all(len(knots) == 4 and list(knots) == sorted(set(knots)) for knots in instrument.knots.values())
        assert instrument.spiked <= set(instrument.knots)


def compare(ready: StudyData) -> None:
    """Compare the frozen knots with the percentiles that they were read off."""
    for data in ready.sets:
        frame = data.frame.filter(answered=1) if data.table == "nhanes" else data.frame
        for row in data.estimands:
            if knots := data.instrument.knots.get(row.exposure):
                doses = frame[row.column].drop_nulls().cast(pl.Float64)
                consumed = doses.filter(doses > 0) if doses.min() == 0 else doses
                read = [consumed.quantile(share, "linear") for share in (0.05, 0.35, 0.65, 0.95)]
                assert list(knots) == pytest.approx(read, rel=0.1)


def test_the_forms_knots_are_percentiles_of_the_synthetic_demo() -> None:
    compare(study("demo"))


@pytest.mark.xdist_group("nhanes")
def test_the_knots_of_nhanes_are_percentiles_of_its_own_answers(nhanes_study: StudyData) -> None:
    compare(nhanes_study)


def test_the_rows_of_a_curve_are_two_tests_and_ratios_at_its_knots() -> None:
    asked = people(800, lambda mg: 1.2 ** (mg / 100))
    table = pl.DataFrame(list(splines.rows(asked.data)), infer_schema_length=None)
    assert table["unit"].to_list() == [
        "100 mg a day", "100 mg a day", "145 against 0 mg a day", "235 against 0 mg a day", "540 against 0 mg a day",
    ]  # fmt: skip
    assert set(table["role"]) == {"exploratory"}
    assert table["estimate"].is_null().to_list() == [True, True, False, False, False]
    assert table["variant"].to_list() == ["any-difference", "non-linearity", "at-145", "at-235", "at-540"]
    assert table["scale"].to_list()[:2] == ["test", "test"]
    assert table["df"].to_list()[:2] == [3, 2]
    assert table["p_value"].is_not_null().all()


def test_a_knot_at_the_reference_is_not_compared_with_itself() -> None:
    asked = people(800, lambda mg: 1.2 ** (mg / 100))
    instrument = replace(SURVEY, knots={"caffeine": (-50.0, 0.0, 150.0, 400.0)})
    found = list(splines.rows(replace(asked.data, instrument=instrument)))
    assert [row["variant"] for row in found] == ["any-difference", "non-linearity", "at-150", "at-400"]
    assert {row["status"] for row in found} == {"estimated"}


def test_where_no_ratio_can_be_told_the_tests_of_a_curve_still_stand(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "hypnic.analysis")
    asked = people(400, lambda _: 1.0)
    drinkers = asked.data.frame.filter(pl.col("caffeine_usual_mg") > 0).head(9)
    few = pl.concat(
        [drinkers, asked.data.frame.filter(pl.col("id") >= 100).with_columns(caffeine_usual_mg=pl.lit(0.0))]
    )
    found = list(splines.rows(replace(asked.data, frame=few)))
    assert [row["variant"] for row in found] == ["any-difference", "non-linearity"]
    assert "fewer than 10 persons have a dose" in caplog.text
