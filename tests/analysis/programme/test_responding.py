"""Weights for nights that are not there, against chances that are known, and weighted fits against dummy variables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from nights import Floats, Night, asked, lived, only
from scipy.special import expit

from hypnic.analysis.programme.responding import WEIGHT, rows, weigh
from hypnic.analysis.regression.fit import fit


def chance(last: Floats) -> Floats:
    return np.asarray(expit(2.5 - 1.2 * last))


def left_out_after_jerks(rng: np.random.Generator, own: Floats, before: Night) -> Night:
    """Leave a night out the likelier, the more jerks there were on the one before; the first two are all there."""
    told = rng.random(len(own)) < chance(np.log1p(before["jerk_count"]))
    return {"present": (told | (before["night_index"] < 2)).astype(float)}


def test_a_weighted_fit_within_persons_is_a_weighted_poisson_with_an_indicator_for_each() -> None:
    frame = lived(lambda *_: {}, persons=25, nights=6).frame
    frame = frame.with_columns(w=np.random.default_rng(3).uniform(0.2, 3, frame.height))
    frame = frame.filter(pl.col("jerk_count").sum().over("participant_id") > 0)
    terms = ["stress_0_10", "alcohol_g"]
    ours = fit(frame, "jerk_count", terms, "fe-poisson", groups="participant_id", weights="w", covariance="CR0")
    x = np.column_stack([frame[terms].to_numpy(), frame["participant_id"].to_dummies().to_numpy().astype(float)])
    persons = frame["participant_id"].cast(pl.Categorical).to_physical().to_numpy()
    # statsmodels' cluster sandwich reads `freq_weights` alone as weights of the score.
    weights = frame["w"].to_numpy() / frame["w"].mean()
    theirs = sm.GLM(frame["jerk_count"].to_numpy(), x, family=sm.families.Poisson(), freq_weights=weights).fit(
        tol=1e-14, maxiter=200
    )
    np.testing.assert_allclose(ours.params, theirs.params[:2], rtol=1e-7)
    score = (weights * (frame["jerk_count"].to_numpy() - theirs.fittedvalues))[:, None] * x
    by_person = np.array([score[persons == person].sum(axis=0) for person in np.unique(persons)])
    bread = np.linalg.inv((x * (weights * theirs.fittedvalues)[:, None]).T @ x)
    errors = np.sqrt(np.diag(bread @ by_person.T @ by_person @ bread))[:2]
    np.testing.assert_allclose(ours.tidy()["std_error"].to_numpy(), errors, rtol=1e-6)


def test_nights_count_as_much_more_as_they_were_likelier_to_be_left_out() -> None:
    data = lived(left_out_after_jerks, persons=1500)
    frame = weigh(asked(data, "stress"))
    # A night is used if it and the one before are there; the night before the last one that could be missing is told.
    before = frame.select("participant_id", pl.col("night_index") + 1, last=pl.col("jerk_count").log1p())
    both = frame.join(before, on=["participant_id", "night_index"]).filter(pl.col("night_index").is_between(4, 9))
    true = 1 / chance(both["last"].to_numpy())
    heavy = both.with_columns(true=true / true.mean()).group_by("last").agg(pl.col(WEIGHT, "true").mean(), n=pl.len())
    heavy = heavy.filter(pl.col("n") > 300)
    assert heavy.height >= 3
    assert (heavy[WEIGHT] / heavy[WEIGHT].mean() / (heavy["true"] / heavy["true"].mean()) - 1).abs().max() < 0.12
    assert heavy[WEIGHT].max() > 1.2 * heavy[WEIGHT].min()


def test_where_every_night_is_there_no_night_counts_more_than_another() -> None:
    data = lived(lambda *_: {}, persons=60)
    found = list(rows(data))
    plain = asked(data, "stress").fit()
    assert np.log(only(found, exposure="stress", scale="IRR")["estimate"]) == pytest.approx(plain.params[0], rel=1e-6)
    assert only(found, exposure="stress", scale="share")["estimate"] == 1


def test_the_same_nights_are_used_as_without_weights() -> None:
    data = lived(left_out_after_jerks, persons=200)
    assert (
        only(list(rows(data)), exposure="alcohol", scale="IRR")["n_rows"] == asked(data, "alcohol").fit().info["n_rows"]
    )


def test_unequal_weights_cost_rows() -> None:
    share = only(list(rows(lived(left_out_after_jerks, persons=300))), exposure="stress", scale="share")["estimate"]
    assert 0.7 < share < 0.995


@pytest.mark.parametrize("silent", [pl.col("jerk_count").is_null(), pl.col("night_index") % 2 == 0])
def test_without_two_nights_in_a_row_each_row_says_that_nobody_answered(silent: pl.Expr) -> None:
    data = lived(lambda *_: {}, persons=20, nights=6)
    found = list(rows(replace(data, frame=data.frame.filter(silent))))
    assert [row["reason"] for row in found] == ["unanswered"] * 5


def test_a_diary_of_three_nights_is_weighted_too() -> None:
    data = lived(left_out_after_jerks, persons=200, nights=3)
    assert {row["status"] for row in rows(data)} == {"estimated"}
