"""The last sample that a fit takes and the first that it refuses; and differences within persons by definition."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import multinomial

from hypnic.analysis import fit
from hypnic.analysis.regression.frame import draw_sample
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.regression.survey import SurveyDesign
from hypnic.errors import HypnicError


@pytest.fixture(scope="module")
def nights() -> pl.DataFrame:
    """Simulate the sleep of 8 persons, 2 to 6 nights each."""
    rng = np.random.default_rng(23)
    person = np.repeat(np.arange(8), [2, 3, 4, 5, 6, 4, 3, 2])
    return pl.DataFrame(
        {"person": person, "slept_h": rng.normal(7, 1, 29), "alcohol_g": rng.gamma(1.0, 20.0, 29),
         "stress": rng.integers(0, 11, 29), "w": rng.uniform(0.5, 2, 8)[person]}
    )  # fmt: skip


def with_indicators(nights: pl.DataFrame) -> np.ndarray:
    return np.column_stack([nights["alcohol_g"], nights["stress"], np.eye(8)[nights["person"].to_numpy()]])


def test_errors_within_persons_divide_by_rows_less_persons_less_coefficients(nights: pl.DataFrame) -> None:
    x, y = with_indicators(nights), nights["slept_h"].to_numpy()
    left = y - x @ np.linalg.lstsq(x, y)[0]
    expected = np.linalg.inv(x.T @ x) * (left @ left) / (29 - 8 - 2)
    found = fit(nights, "slept_h", ["alcohol_g", "stress"], "fe-linear", groups="person", covariance="model")
    np.testing.assert_allclose(found.vcov, expected[:2, :2], rtol=1e-9)


def test_weighted_differences_within_persons_are_those_of_weighted_indicators(nights: pl.DataFrame) -> None:
    x, y, w = with_indicators(nights), nights["slept_h"].to_numpy(), nights["w"].to_numpy()
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    params = bread @ x.T @ (w * y)
    scores = x * (w * (y - x @ params))[:, None]
    found = fit(nights, "slept_h", ["alcohol_g", "stress"], "fe-linear", groups="person", weights="w", covariance="HC0")
    np.testing.assert_allclose(found.params, params[:2], rtol=1e-9)
    np.testing.assert_allclose(found.vcov, (bread @ scores.T @ scores @ bread)[:2, :2], rtol=1e-9)


def test_the_likelihood_within_persons_is_that_of_each_persons_counts_given_their_sum() -> None:
    frame = pl.DataFrame({"pid": [0, 0, 0, 1, 1, 2, 2], "x": [0.0, 1, 2, 1, 3, 0, 1], "y": [0, 2, 3, 1, 4, 2, 0]})
    fitted = fit(frame, "y", ["x"], "fe-poisson", groups="pid", covariance="model")
    expected = 0.0
    for _, person in frame.group_by("pid"):
        share = np.exp(person["x"].to_numpy() * fitted.params[0])
        expected += multinomial.logpmf(person["y"].to_numpy(), person["y"].sum(), share / share.sum())
    assert fitted.info["loglik"] == pytest.approx(expected, rel=1e-9)


def test_as_many_rows_as_coefficients_are_refused_and_one_more_is_enough() -> None:
    frame = pl.DataFrame({"y": [1, 2, 3], "x": [0.0, 1.0, 3.0]})
    assert fit(frame, "y", ["x"], "poisson", covariance="HC0").info["converged"]
    with pytest.raises(HypnicError, match="2 complete rows cannot carry 2 coefficients"):
        fit(frame.head(2), "y", ["x"], "poisson", covariance="HC0")


def test_a_count_of_a_million_is_taken_and_one_more_is_not() -> None:
    roles = Roles(("y",), ())
    frame = pl.DataFrame({"y": [0, 1_000_000]})
    assert draw_sample(frame, roles, "whole", within=False).outcome.tolist() == [0, 1e6]
    with pytest.raises(HypnicError, match=r"above a million: use family='poisson' \(1 rows\)"):
        draw_sample(frame + 1, roles, "whole", within=False)


def test_a_hundred_and_one_answers_are_levels_and_more_are_a_count() -> None:
    roles = Roles(("y",), ())
    levels = draw_sample(pl.DataFrame({"y": range(101)}), roles, "ordered", within=False).levels
    assert (levels[0], levels[-1], len(levels)) == ("0", "100", 101)
    with pytest.raises(HypnicError, match="spans more than 100 levels"):
        draw_sample(pl.DataFrame({"y": range(102)}), roles, "ordered", within=False)


def test_ordered_codes_may_start_anywhere() -> None:
    sample = draw_sample(pl.DataFrame({"y": [3, 5, 4, 3]}), Roles(("y",), ()), "ordered", within=False)
    assert sample.levels == ("3", "4", "5")
    assert sample.outcome.tolist() == [0, 2, 1, 0]


def test_k_out_of_n_may_be_all_and_none() -> None:
    frame = pl.DataFrame({"k": [0, 3, 1, 2], "n": [3, 3, 3, 3]})
    sample = draw_sample(frame, Roles(("k", "n"), ()), "share", within=False)
    assert sample.outcome.tolist() == [[0, 3], [3, 3], [1, 3], [2, 3]]


def test_an_interval_may_be_one_count_or_open_but_not_everything() -> None:
    frame = pl.DataFrame({"lo": [0, 2, 5, 0], "hi": [0, 4, None, None]})
    sample = draw_sample(frame, Roles(("lo", "hi"), ()), "interval", within=False)
    assert sample.outcome.tolist() == [[0, 0], [2, 4], [5, np.inf]]
    assert sample.n_dropped == {"any lo possible": 1}


def test_a_night_alone_and_a_person_without_events_say_nothing_within_persons() -> None:
    frame = pl.DataFrame({"y": [0, 0, 1, 2, 0, 3], "pid": [1, 1, 2, 3, 3, 3]})
    roles = Roles(("y",), (), groups="pid")
    kept = draw_sample(frame, roles, "count", within=True)
    assert kept.n_dropped == {"no event in pid": 2, "one row in pid": 1}
    assert kept.outcome.tolist() == [2, 0, 3]
    assert draw_sample(frame, roles, "count", within=False).n_dropped == {}


def test_weights_have_a_mean_of_one_and_a_weight_of_zero_leaves() -> None:
    frame = pl.DataFrame({"y": [1, 2, 3], "w": [0.0, 10.0, 30.0]})
    sample = draw_sample(frame, Roles(("y",), (), weights="w"), "count", within=False)
    assert sample.weights.tolist() == [0.5, 1.5]
    assert sample.n_dropped == {"zero w": 1}


def test_one_psu_of_each_stratum_leaves_no_degree_of_freedom_and_one_more_leaves_one() -> None:
    design = SurveyDesign(np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]), ("first", "second"))
    assert design.at(np.array([0, 1, 2])).degrees_of_freedom == 1
    with pytest.raises(HypnicError, match="leaves no degree of freedom"):
        design.at(np.array([0, 2]))


def test_the_variance_of_a_total_is_the_spread_of_psus_about_their_stratum() -> None:
    """Two strata of 2 and 3 PSUs: n / (n - 1) times the squares about the mean, by hand."""
    design = SurveyDesign(np.arange(5), np.array([0, 0, 1, 1, 1]), ("first", "second"))
    scores = np.array([[1.0], [3.0], [0.0], [3.0], [6.0]])
    assert design.meat(scores).tolist() == [[2 / 1 * (1 + 1) + 3 / 2 * (9 + 0 + 9)]]


def test_two_nights_that_take_turns_may_have_a_correlation_near_minus_one() -> None:
    frame = pl.DataFrame({"pid": np.repeat(range(6), 2), "y": [0, 3, 3, 0, 1, 1, 2, 1, 0, 3, 3, 0]})
    fitted = fit(frame, "y", [], "gee-poisson", groups="pid", covariance="CR0")
    first, second = (frame["y"].to_numpy() - frame["y"].mean()).reshape(6, 2).T
    expected = 2 * first @ second / (first @ first + second @ second)
    assert fitted.info["correlation"] == pytest.approx(expected, rel=1e-9)
    assert -1 < expected < -0.9
