"""The battery on the demo's models, and on nights that were made to go wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.outliers_influence import variance_inflation_factor

from hypnic.analysis import Question, StudyData, questions, study
from hypnic.analysis.checks import diagnostics as battery
from hypnic.analysis.checks.diagnostics import diagnose, diagnostics, inflation, lag_correlation, reading
from hypnic.analysis.checks.envelopes import by_lot
from hypnic.analysis.checks.leverage import Leverage
from hypnic.errors import HypnicError


@pytest.fixture(scope="module")
def demo() -> StudyData:
    return study("demo")


def opened(question: Question) -> Leverage:
    return Leverage(question.fit(), question.persons(question.fit()))


def test_each_check_has_a_number_and_a_plain_word(demo: StudyData) -> None:
    for data, checks in zip(demo.sets, (14, 9), strict=True):
        frame = diagnostics(questions(data)[2])
        assert frame.columns == ["check", "statistic", "p_value", "reading"]
        assert frame.height == checks
        assert frame["statistic"].is_finite().all()
        assert frame["p_value"].drop_nulls().is_between(0, 1).all()


def test_the_same_data_give_the_same_checks_whatever_the_order_of_rows(demo: StudyData) -> None:
    diary = demo.sets[0]
    shuffled = replace(diary, frame=diary.frame.sample(fraction=1, shuffle=True, seed=1))
    assert diagnostics(questions(diary)[2]).equals(diagnostics(questions(shuffled)[2]))


def test_the_demos_noise_is_seen_and_its_nights_are_not_alike(demo: StudyData) -> None:
    """The process draws each night's count with gamma noise, and nothing that lasts besides what is adjusted for."""
    found = {row["check"]: row for row in diagnostics(questions(demo.sets[0])[0]).iter_rows(named=True)}
    assert found["overdispersion: Dean"]["p_value"] < 1e-6
    assert found["overdispersion: Dean"]["reading"] == "more spread: errors must be robust, as they are"
    assert found["nights in a row: correlation of residuals"]["p_value"] > 0.05
    assert found["influence: largest change without one person, in standard errors"]["statistic"] < 1


def test_a_bent_line_is_found_by_the_link_test(demo: StudyData) -> None:
    diary = demo.sets[0]
    rng = np.random.default_rng(1)
    stress = diary.frame["stress_0_10"].fill_null(5).to_numpy()
    bent = replace(diary, frame=diary.frame.with_columns(jerk_count=pl.Series(rng.poisson(1 + (stress - 4) ** 2 / 4))))
    found = {row["check"]: row["p_value"] for row in diagnostics(questions(bent)[2]).iter_rows(named=True)}
    assert found["link: square of the linear predictor"] < 0.001


def test_inflation_is_that_of_statsmodels_within_persons(demo: StudyData) -> None:
    diary = demo.sets[0]
    model = opened(questions(diary)[0])
    x = pl.DataFrame(model.fitted.columns.matrix).with_columns(person=model.persons)
    within = x.select(pl.exclude("person") - pl.exclude("person").mean().over("person")).to_numpy()
    assert inflation(model) == pytest.approx(variance_inflation_factor(within, 0))


@pytest.mark.parametrize(("carried", "low", "high"), [(0.0, -0.05, 0.05), (0.5, 0.35, 0.5)])
def test_nights_alike_are_told_from_nights_that_are_not(carried: float, low: float, high: float) -> None:
    """About a person's own mean of 14 nights, half carried over looks like a little less."""
    rng = np.random.default_rng(2)
    nights = rng.normal(size=(200, 14))
    for night in range(1, 14):
        nights[:, night] += carried * nights[:, night - 1]
    residual = (nights - nights.mean(axis=1, keepdims=True)).ravel()
    person, night_index = np.repeat(np.arange(200), 14), np.tile(np.arange(14), 200)
    _, statistic, p = lag_correlation(residual, person, night_index, rng)
    assert low < statistic < high
    assert p is not None
    assert (p < 0.05) is (carried > 0)


def test_classes_of_the_rootogram_hold_ten_persons_or_more(demo: StudyData) -> None:
    for data in demo.sets:
        classes = diagnose(questions(data)[2]).rootogram
        assert classes["observed"].min() >= 10  # type: ignore[operator]
        assert classes["expected"].sum() == pytest.approx(classes["observed"].sum())


def test_of_many_rows_those_of_people_drawn_by_lot_are_compared_with_drawn_ones(demo, monkeypatch) -> None:
    monkeypatch.setattr(battery, "by_lot", partial(by_lot, most=2_000))
    for data in demo.sets[:1]:
        whole = data.frame.height
        found = diagnose(questions(data)[2])
        assert 0.8 * 2_000 < found.rootogram["observed"].sum() <= 2_000 < whole
        readings = dict(found.checks.select("check", "reading").iter_rows())
        assert readings["residuals: zeros"].endswith("people drawn by lot")
        assert "by lot" not in readings["overdispersion: Dean"]


def test_a_check_without_a_p_value_is_read_by_its_size() -> None:
    assert reading("influence: x", 1.2, None) == "one person moves it by more than its standard error"
    assert reading("collinearity: x", 8.0, None) == "hard to tell from its adjustment"


def test_nights_without_residuals_have_no_correlation() -> None:
    person, night = np.repeat(np.arange(20), 3), np.tile(np.arange(3), 20)
    with pytest.raises(HypnicError, match="no two nights in a row have residuals"):
        lag_correlation(np.zeros(60), person, night, np.random.default_rng(1))
