"""Gaps filled from a model: what is kept, what is drawn, and why the outcome must take part."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme.chain import Nights
from hypnic.analysis.programme.imputation import impute
from hypnic.analysis.programme.pooling import pool
from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

SLOPE = 0.3


def people(seed: int, n: int = 400) -> pl.DataFrame:
    """Draw habits that go together and counts that rise with stress; each habit has gaps."""
    rng = np.random.default_rng(seed)
    stress = rng.normal(size=n)
    smoker = rng.random(n) < 1 / (1 + np.exp(-stress))
    shift = np.array(["day", "late", "night"])[
        np.clip(np.round(1 + stress / 2 + rng.normal(size=n) / 2), 0, 2).astype(int)
    ]
    jerks = rng.poisson(np.exp(SLOPE * stress))
    frame = pl.DataFrame({"stress": stress, "smoker": smoker.astype(np.int8), "shift": shift, "jerks": jerks})
    return frame.with_columns(
        pl.when(pl.Series(rng.random(n) > 0.2)).then(pl.col(c)).alias(c) for c in frame.columns[:3]
    )


def outcome(frame: pl.DataFrame) -> np.ndarray:
    y = frame["jerks"].to_numpy()
    return np.column_stack([np.log1p(y), y > 0])


def test_only_gaps_are_filled_and_only_with_what_someone_answered() -> None:
    frame = people(1)
    done = impute(frame, ["stress", "smoker", "shift"], outcome(frame), np.random.default_rng(2)).frame
    assert done.schema == frame.schema
    for name in ("stress", "smoker", "shift"):
        assert done[name].null_count() == 0
        assert done[name].filter(frame[name].is_not_null()).equals(frame[name].drop_nulls())
        assert set(done[name]) == set(frame[name].drop_nulls())


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    frame = people(1)
    draws = [
        impute(frame, ["stress", "smoker", "shift"], outcome(frame), np.random.default_rng(s)).frame for s in (5, 5, 6)
    ]
    assert draws[0].equals(draws[1])
    assert not draws[0].equals(draws[2])


def test_with_one_donor_a_gap_takes_the_answer_of_the_row_that_is_predicted_alike() -> None:
    frame = pl.DataFrame({"cups": [0.0, 10.0, 20.0, None, 40.0, 50.0]})
    line = np.arange(6.0)[:, None] * [1.0]
    found = impute(frame, ["cups"], line, np.random.default_rng(0), donors=1).frame["cups"][3]
    assert found in {20.0, 40.0}


def test_an_answer_that_a_column_tells_perfectly_is_drawn_so() -> None:
    x = np.repeat([0.0, 1.0], 100)[:, None]
    told = pl.Series("smoker", np.repeat([0, 1], 100))
    frame = pl.DataFrame({"smoker": told}).with_columns(pl.when(pl.int_range(200) % 10 > 0).then("smoker"))
    done = impute(frame, ["smoker"], x, np.random.default_rng(4)).frame["smoker"]
    assert (done == told).mean() > 0.98


def test_levels_are_drawn_as_often_as_they_are_answered() -> None:
    rng = np.random.default_rng(8)
    shift = pl.Series("shift", rng.choice(["day", "late", "night"], p=[0.6, 0.3, 0.1], size=4000))
    frame = pl.DataFrame({"shift": shift}).with_columns(pl.when(pl.int_range(4000) % 2 > 0).then("shift"))
    done = impute(frame, ["shift"], np.zeros((4000, 1)), rng).frame.filter(pl.int_range(4000) % 2 == 0)
    shares = dict(done["shift"].value_counts(normalize=True).iter_rows())
    assert shares == pytest.approx({"day": 0.6, "late": 0.3, "night": 0.1}, abs=0.04)


def test_a_persons_other_nights_say_what_is_usual_for_them() -> None:
    rng = np.random.default_rng(3)
    usual = rng.normal(size=200).repeat(10) * 3
    frame = pl.DataFrame({"stress": usual + rng.normal(size=2000)})
    gappy = frame.with_columns(pl.when(pl.int_range(2000) % 10 != 4).then("stress").alias("stress"))
    place = np.arange(2000)
    nights = Nights(place // 10, np.where(place % 10 == 0, -1, place - 1), np.where(place % 10 == 9, -1, place + 1))
    drawn = impute(gappy, ["stress"], np.zeros((2000, 1)), rng, nights=nights).frame["stress"].to_numpy()[4::10]
    assert np.corrcoef(drawn, usual[4::10])[0, 1] > 0.9


def test_a_shift_moves_only_what_was_imputed() -> None:
    frame = people(1)
    done = impute(frame, ["stress", "smoker", "shift"], outcome(frame), np.random.default_rng(2))
    gaps = frame["stress"].is_null()
    moved = done.shifted("stress", 0.5)["stress"] - done.frame["stress"]
    assert moved.filter(~gaps).abs().max() == 0
    assert moved.filter(gaps).to_list() == pytest.approx([0.5 * float(frame["stress"].std(ddof=0))] * int(gaps.sum()))
    assert done.shifted("smoker", 0.0)["smoker"].to_list() == done.frame["smoker"].to_list()
    assert done.shifted("smoker", 1.0)["smoker"].sum() > done.frame["smoker"].sum()


def test_a_column_that_nobody_answered_is_named() -> None:
    frame = pl.DataFrame({"cups": pl.Series([None, None], dtype=pl.Float64)})
    with pytest.raises(HypnicError, match="nobody answered cups"):
        impute(frame, ["cups"], np.zeros((2, 1)), np.random.default_rng(0))


def gappy_stress(seed: int, n: int = 1500) -> pl.DataFrame:
    """Draw counts that rise with stress, which is left open more often where there were jerks."""
    rng = np.random.default_rng(seed)
    stress = rng.normal(size=n)
    jerks = rng.negative_binomial(1, 1 / (1 + np.exp(SLOPE * stress)))
    answered = rng.random(n) > np.where(jerks > 0, 0.5, 0.2)
    return pl.DataFrame({"stress": stress, "jerks": jerks}).with_columns(pl.when(pl.Series(answered)).then("stress"))


def pooled_slope(frame: pl.DataFrame, fixed: np.ndarray, m: int = 5) -> float:
    done = [impute(frame, ["stress"], fixed, np.random.default_rng(number)).frame for number in range(m)]
    lines = [fit(one, "jerks", ["stress"], "poisson", covariance="HC0").contrast({"stress": 1}) for one in done]
    both = pl.concat(lines)
    return pool(both["estimate"].to_numpy(), both["std_error"].to_numpy() ** 2).estimate


def test_without_the_outcome_the_slope_is_pulled_to_zero_and_with_it_it_is_not() -> None:
    """METHODS 1.8, in small: 12 studies, about two fifths of the answers missing at random given the outcome."""
    frames = [gappy_stress(seed) for seed in range(12)]
    with_it = np.mean([pooled_slope(frame, outcome(frame)) for frame in frames])
    without = np.mean([pooled_slope(frame, np.zeros((frame.height, 1))) for frame in frames])
    assert with_it == pytest.approx(SLOPE, abs=0.03)
    assert without < 0.75 * SLOPE
