"""Average differences, against R where it has them and against counting where it has not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import estimands, fit
from hypnic.analysis.programme import differences
from hypnic.analysis.programme.differences import average_difference, within_difference
from hypnic.analysis.regression.contrasts import delta_line
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY

REFERENCE = Path(__file__).parents[2] / "reference"
R = json.loads((REFERENCE / "simsurvey_ame.json").read_text("utf-8"))
TERMS = ["caf", "alc", "stress", "debt", "age", "sex"]


@pytest.fixture(scope="module")
def survey() -> pl.DataFrame:
    return pl.read_csv(REFERENCE / "simsurvey.csv")


def design(survey: pl.DataFrame) -> np.ndarray:
    columns = survey.select(one=1.0, **{t: pl.col(t) for t in TERMS[:-1]}, sex=(pl.col("sex") == "M").cast(pl.Float64))
    return columns.to_numpy()


def in_r(survey: pl.DataFrame, term: str, step: float, covariance: str = "HC0") -> tuple[float, float]:
    fitted = fit(survey, "y", TERMS, "poisson", covariance=covariance)
    before = design(survey)
    after = before + step * (np.arange(7) == 1 + TERMS.index(term))
    line = delta_line(fitted, *average_difference(fitted.params, before, after, np.ones(survey.height)))
    return line["estimate"].item() / step, line["std_error"].item() / step


@pytest.mark.parametrize("term", TERMS[:4])
def test_the_difference_of_one_step_more_is_that_of_r(survey: pl.DataFrame, term: str) -> None:
    value, error = in_r(survey, term, 1)
    assert value == pytest.approx(R["plus1"][term]["diff"], rel=1e-6)
    assert error == pytest.approx(R["plus1"][term]["se_HC0"], rel=1e-5)


@pytest.mark.parametrize("term", TERMS[:4])
def test_a_tiny_step_gives_the_average_marginal_effect_of_r(survey: pl.DataFrame, term: str) -> None:
    value, error = in_r(survey, term, 1e-6)
    assert value == pytest.approx(R["ame"][term]["ame"], rel=1e-6)
    assert error == pytest.approx(R["ame"][term]["se_HC0"], rel=1e-5)


def numerical(function, params: np.ndarray) -> np.ndarray:
    steps = 1e-6 * np.eye(len(params))
    return np.array([(function(params + h) - function(params - h)) / 2e-6 for h in steps])


@pytest.fixture(scope="module")
def some() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    before = rng.normal(size=(60, 3))
    return np.array([0.2, -0.3, 0.4]), before, before + np.array([1, 0, 0])


@pytest.mark.parametrize("trials", [None, np.full(60, 30.0)])
def test_the_gradient_is_the_slope_of_the_average(some, trials) -> None:
    params, before, after = some
    weights = np.linspace(1, 3, 60)
    _, gradient = average_difference(params, before, after, weights, trials)
    slopes = numerical(lambda b: average_difference(b, before, after, weights, trials)[0], params)
    assert gradient == pytest.approx(slopes, rel=1e-6)


def test_the_gradient_within_persons_knows_that_their_levels_move(some) -> None:
    params, before, after = some
    events, persons = np.random.default_rng(5).poisson(2, 60), np.repeat(np.arange(12), 5)
    _, gradient = within_difference(params, before, before, after, events, persons)
    slopes = numerical(lambda b: within_difference(b, before, before, after, events, persons)[0], params)
    assert gradient == pytest.approx(slopes, rel=1e-6, abs=1e-9)


def test_within_persons_one_step_changes_the_mean_count_by_the_ratio(some) -> None:
    params, before, after = some
    events, persons = np.random.default_rng(5).poisson(2, 60), np.repeat(np.arange(12), 5)
    value, _ = within_difference(params, before, before, after, events, persons)
    assert value == pytest.approx(events.mean() * (np.exp(params[0]) - 1))


def test_an_offset_counts_with_its_exposure(survey: pl.DataFrame) -> None:
    frame = survey.with_columns(nights=pl.Series(10.0 + np.arange(survey.height) % 5))
    fitted = fit(frame, "y", ["caf"], "poisson", exposure="nights", covariance="HC0")
    before = np.column_stack([np.ones(survey.height), survey["caf"], np.log(frame["nights"])])
    params = np.append(fitted.params, 1.0)
    value, _ = average_difference(params, before, before + np.array([0, 1, 0]), np.ones(survey.height))
    assert value == pytest.approx(survey["y"].mean() * (np.exp(fitted.params[1]) - 1), rel=1e-9)


def people(n: int = 3000) -> AnalysisSet:
    rng = np.random.default_rng(2)
    stress, sex = rng.integers(0, 9, n), rng.choice(["female", "male"], n)
    nights = rng.binomial(30, 1 - np.exp(-0.1 * 1.2 ** (stress / 2) * np.where(sex == "male", 1.5, 1)))
    frame = pl.DataFrame(
        {"id": range(n), "stress_usual_0_10": stress, "sex_at_birth": sex, "nights": nights, "of": [30] * n}
    )
    estimand = replace(estimands("survey")[2], adjustment=("sex_at_birth",))
    return AnalysisSet(SURVEY, frame, "id", ("nights", "of"), (estimand,))


def test_two_points_of_stress_more_cost_as_many_nights_as_the_people_were_drawn_with() -> None:
    data = people()
    (row,) = differences.rows(data)
    rate = 0.1 * 1.2 ** (data.frame["stress_usual_0_10"] / 2) * (1 + 0.5 * (data.frame["sex_at_birth"] == "male"))
    truth = 30 * float(((-rate).exp() - (-1.2 * rate).exp()).mean())
    assert (row["role"], row["scale"], row["unit"]) == ("secondary", "difference", "2 points of 0-10")
    assert row["conf_low"] < truth < row["conf_high"]
    assert (row["variant"], data.instrument.difference_units[row["outcome"]]) == ("average", "nights of 30")


def test_a_yes_is_compared_with_a_no_for_everybody() -> None:
    data = people()
    vigorous = replace(data.estimands[0], column="male", step=1, adjustment=())
    frame = data.frame.with_columns(male=(pl.col("sex_at_birth") == "male").cast(pl.Int8))
    (row,) = differences.rows(replace(data, frame=frame, estimands=(vigorous,)))
    means = dict(frame.group_by("male").agg(pl.col("nights").mean()).iter_rows())
    assert row["estimate"] == pytest.approx(means[1] - means[0], rel=1e-6)
