"""Weights to a population's margins, against R's survey::rake."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.analysis import estimands, fit
from hypnic.analysis.programme import raking
from hypnic.analysis.programme.raking import MARGINS, kish, rake, trimmed
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY
from hypnic.errors import HypnicError
from hypnic.schemas import Participants, columns

REFERENCE = Path(__file__).parents[2] / "reference"
R = json.loads((REFERENCE / "simsurvey_rake.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def survey() -> pl.DataFrame:
    age = pl.when(pl.col("age") < 35).then(pl.lit("18-34")).when(pl.col("age") < 55).then(pl.lit("35-54"))
    return pl.read_csv(REFERENCE / "simsurvey.csv").with_columns(ageg=age.otherwise(pl.lit("55+")))


def weighted_fit(survey: pl.DataFrame):
    frame = survey.with_columns(w=pl.Series(rake(survey, R["margins"])))
    return fit(frame, "y", ["caf", "alc", "stress", "debt", "age", "sex"], "poisson", weights="w", covariance="design")


def test_raked_weights_are_those_of_r(survey: pl.DataFrame) -> None:
    weights = rake(survey, R["margins"])
    assert weights[: len(R["weights"])] == pytest.approx(np.array(R["weights"]), rel=1e-12)


def test_a_model_with_raked_weights_has_the_coefficients_of_svyglm(survey: pl.DataFrame) -> None:
    fitted = weighted_fit(survey)
    assert list(fitted.params) == pytest.approx(list(R["svyglm"]["coef"].values()), rel=1e-6)
    assert fitted.df == R["svyglm"]["degf"]


def test_errors_are_those_of_svyglm_but_for_the_little_that_known_margins_take_away(survey: pl.DataFrame) -> None:
    fitted = weighted_fit(survey)
    weights = rake(survey, R["margins"])
    others = survey.select("caf", "alc", "stress", "debt", "age", pl.col("sex") == "M").to_numpy().astype(float)
    x = np.column_stack([np.ones(survey.height), others])
    mu = np.exp(x @ fitted.params)
    scores = x * (survey["y"].to_numpy() - mu)[:, None]
    bread = np.linalg.inv(x.T @ (x * (weights * mu)[:, None]))

    def errors(scores: np.ndarray) -> np.ndarray:
        totals = scores * weights[:, None] - (scores * weights[:, None]).mean(axis=0)
        n = len(totals)
        return np.sqrt(np.diag(bread @ (totals.T @ totals) @ bread) * n / (n - 1))

    sides = survey.select("sex", "ageg").to_dummies().to_numpy().astype(float)
    rest = scores - sides @ np.linalg.lstsq(sides, scores, rcond=None)[0]
    ours, theirs = errors(scores), list(R["svyglm"]["se"].values())
    assert fitted.tidy()["std_error"].to_list() == pytest.approx(list(ours), rel=1e-9)
    assert list(errors(rest)) == pytest.approx(theirs, rel=1e-5)
    assert (ours >= theirs).all()
    assert list(ours) == pytest.approx(theirs, rel=2e-3)


def test_the_weighted_sample_has_the_margins(survey: pl.DataFrame) -> None:
    frame = survey.with_columns(w=pl.Series(rake(survey, R["margins"])))
    for column, shares in R["margins"].items():
        weighted = dict(frame.group_by(column).agg(pl.col("w").sum() / frame.height).iter_rows())
        assert weighted == pytest.approx(shares, rel=1e-12)


def test_margins_that_are_the_samples_own_change_nothing(survey: pl.DataFrame) -> None:
    own = {column: dict(survey[column].value_counts().iter_rows()) for column in ("sex", "ageg")}
    assert rake(survey, own) == pytest.approx(np.ones(survey.height), rel=1e-12)


def test_a_value_outside_the_margins_is_refused(survey: pl.DataFrame) -> None:
    with pytest.raises(HypnicError, match="sex has values that are in no margin"):
        rake(survey, {"sex": {"F": 1}})


def test_a_level_with_nine_respondents_is_refused(survey: pl.DataFrame) -> None:
    few = pl.concat([survey.filter(sex="F").head(50), survey.filter(sex="M").head(9)])
    with pytest.raises(HypnicError, match="fewer than 10 respondents have sex M: pool it"):
        rake(few, {"sex": {"F": 1, "M": 1}})


def test_margins_that_contradict_each_other_are_refused() -> None:
    frame = pl.DataFrame({"a": ["x", "y"] * 10, "b": ["x", "y"] * 10})
    with pytest.raises(HypnicError, match="the margins of a, b can't be met together"):
        rake(frame, {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 2}})


@given(st.lists(st.floats(0.01, 100), min_size=10, max_size=60))
def test_trimmed_weights_stay_under_five_times_their_mean(weights: list[float]) -> None:
    cut = trimmed(np.array(weights))
    assert cut.mean() == pytest.approx(1)
    assert cut.max() <= 5 * (1 + 1e-9)


def test_trimming_leaves_weights_alone_that_are_not_extreme() -> None:
    weights = np.array([0.5, 1.0, 1.5])
    assert trimmed(weights).tolist() == weights.tolist()


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=60))
def test_the_effective_size_is_at_most_the_size(weights: list[float]) -> None:
    cost = kish(np.array(weights))
    assert cost.design_effect >= 1 - 1e-12
    assert cost.effective <= len(weights) * (1 + 1e-12)


def test_the_margins_are_levels_of_the_form_and_one_population() -> None:
    facts = columns(Participants)
    assert all(set(levels) <= set(facts[column].options) for column, levels in MARGINS.items())
    assert set(MARGINS["age_band"]) == set(facts["age_band"].options)
    assert sum(MARGINS["age_band"].values()) == sum(MARGINS["sex_at_birth"].values())


def test_a_survey_of_the_young_is_weighted_and_says_what_that_costs() -> None:
    rng = np.random.default_rng(5)
    ages = list(MARGINS["age_band"])
    stress = replace(estimands("survey")[2], adjustment=("age_band",))
    frame = pl.DataFrame(
        {
            "id": range(2000),
            "age_band": rng.choice([*ages, None], 2000, p=[0.3, 0.3, 0.15, 0.1, 0.07, 0.04, 0.02, 0.02]),
            "sex_at_birth": rng.choice(["female", "male", "other_or_undisclosed"], 2000, p=[0.7, 0.27, 0.03]),
            "stress_usual_0_10": rng.integers(0, 11, 2000),
            "nights": rng.binomial(30, 0.3, 2000),
            "of": [30] * 2000,
        }
    )
    row, share, untrimmed = raking.rows(AnalysisSet(SURVEY, frame, "id", ("nights", "of"), (stress,)))
    assert (row["role"], row["covariance"]) == ("sensitivity", "design")
    assert row["conf_low"] < 1 < row["conf_high"]
    assert (
        row["n_rows"]
        == frame.filter(pl.col("age_band").is_not_null(), pl.col("sex_at_birth") != "other_or_undisclosed").height
    )
    assert (row["variant"], row["status"]) == ("raked", "estimated")
    assert [cost["variant"] for cost in (share, untrimmed)] == ["effective-share", "effective-share-untrimmed"]
    assert 0 < untrimmed["estimate"] < share["estimate"] < 1
    assert share["n_persons"] == row["n_rows"]


def test_too_few_of_an_age_are_said_in_every_row(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "hypnic.analysis")
    stress = estimands("survey")[2]
    frame = pl.DataFrame({"id": range(20), "age_band": ["18-24"] * 20, "sex_at_birth": ["female", "male"] * 10})
    found = list(raking.rows(AnalysisSet(SURVEY, frame, "id", ("nights", "of"), (stress,))))
    assert [row["variant"] for row in found] == ["raked", "effective-share"]
    assert {(row["status"], row["reason"]) for row in found} == {("suppressed", "few_persons")}
    assert "fewer than 10 respondents have age_band 25-34" in caplog.text
