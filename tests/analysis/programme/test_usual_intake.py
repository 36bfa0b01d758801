"""Regression calibration on synthetic people whose usual intake, and what it leads to, is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme import usualintake
from hypnic.analysis.regression.calibration import calibrate
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Instrument, Recalls, Style
from hypnic.analysis.studies.sets import AnalysisSet

BETWEEN, WITHIN, POWER = 1.4, 1.1, 1 / 3  # sd of cube roots of mg
TRUE = 0.35  # log odds per 100 mg of usual intake
DAYS = 400


def usual(level: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Average what people with a level take in over many days, three of seven at the weekend."""
    day = level[:, None] + WITHIN * rng.normal(size=(len(level), DAYS)) + 0.4 * (np.arange(DAYS) % 7 < 3)
    return (np.maximum(day, 0) ** 3).mean(axis=1)


def people(seed: int, n: int = 1600) -> pl.DataFrame:
    """Draw synthetic people of 16 strata with 2 PSUs; of one in five no second day was recalled."""
    rng = np.random.default_rng(seed)
    psu, age = rng.integers(32, size=n), rng.normal(size=n)
    level = 4.5 + 0.4 * age + BETWEEN * rng.normal(size=n)
    weekday = rng.integers(1, 8, size=(n, 2))
    shift = 0.4 * np.isin(weekday, (6, 7, 1)) - 0.2 * np.array([0, 1])
    days = np.maximum(level[:, None] + shift + WITHIN * rng.normal(size=(n, 2)), 0) ** 3
    days[rng.random(n) < 0.2, 1] = np.nan
    true = usual(level, rng)
    latent = TRUE * true / 100 - 0.3 * age + rng.logistic(size=n)
    return pl.DataFrame(
        {
            "seqn": range(n), "age": age, "day1": days[:, 0], "day2": days[:, 1], "dose": np.nanmean(days, axis=1),
            "week1": weekday[:, 0], "week2": weekday[:, 1], "true": true,
            "answer": (latent[:, None] > np.array([0.5, 1.5, 2.5])).sum(axis=1), "w": rng.gamma(4, 1, n),
            "stratum": psu // 2, "psu": psu % 2,
        }
    ).with_columns(pl.col("day2").fill_nan(None))  # fmt: skip


def asked(frame: pl.DataFrame, column: str = "dose") -> AnalysisSet:
    estimand = Estimand(
        "interview", "coffee", column, 100, "100 mg", "a day", ("age",), "answer", "ordered", "design", weights="w"
    )
    recalls = {"coffee": Recalls(("day1", "day2"), ("week1", "week2"), (6, 7, 1), POWER)}
    instrument = Instrument(
        "interview", "Interview", "survey", "odds", (estimand,), {}, Style("first", "o"), recalls=recalls
    )
    return AnalysisSet(instrument, frame, "seqn", "answer", (estimand,), {"strata": "stratum", "psu": "psu"})


def test_the_variances_and_the_usual_amounts_that_people_were_drawn_with_come_back() -> None:
    frame = people(1, n=20_000)
    weekend = frame.select(pl.col("week1", "week2").is_in((6, 7, 1))).to_numpy().astype(float)
    found = calibrate(
        frame.select("day1", "day2").to_numpy(), weekend, frame.select("age").to_numpy(), frame["w"].to_numpy(), POWER
    )
    assert (found.between**0.5, found.within**0.5) == pytest.approx((BETWEEN, WITHIN), rel=0.03)
    assert found.reliability == pytest.approx(BETWEEN**2 / (BETWEEN**2 + WITHIN**2), rel=0.03)
    # Expected amounts are those of Berkson's error: on average as the true ones, at every height.
    true = frame["true"].to_numpy()
    assert np.polyfit(found.usual, true, 1) == pytest.approx((1, 0), abs=0.05 * true.mean())
    assert np.polyfit(found.usual, true, 1)[0] == pytest.approx(1, abs=0.03)
    assert found.usual.mean() == pytest.approx(true.mean(), rel=0.02)


@pytest.mark.slow
def test_over_studies_the_calibrated_ratio_is_the_true_one_where_that_of_recalls_is_too_near_one() -> None:
    found, errors, plain = [], [], []
    for seed in range(20):
        data = asked(people(seed))
        row, share = usualintake.rows(data)
        found.append(np.log(row["estimate"]))
        errors.append(row["std_error"])
        fitted = usualintake.questions(data)[0].fit()
        plain.append(fitted.contrast({"coffee": 1})["estimate"].item())
        assert 0.5 < share["estimate"] < 0.75
    assert np.mean(found) == pytest.approx(TRUE, abs=3 * np.std(found) / 20**0.5 + 0.01)
    assert np.mean(plain) < 0.85 * TRUE
    assert np.mean(errors) == pytest.approx(np.std(found, ddof=1), rel=0.5)


def test_a_calibrated_row_is_further_from_one_and_wider_than_that_of_the_recalls() -> None:
    data = asked(people(3, n=900))
    row, share = usualintake.rows(data)
    line = usualintake.questions(data)[0].fit().contrast({"coffee": 1}).row(0, named=True)
    assert (row["variant"], row["role"], row["unit"]) == ("calibrated", "sensitivity", "100 mg, usual intake")
    assert np.log(row["estimate"]) > line["estimate"]
    assert row["std_error"] > line["std_error"]
    assert row["df"] == 16
    assert (share["variant"], share["scale"]) == ("reliability", "share")


def test_days_without_any_difference_leave_the_amount_as_it_was() -> None:
    rng = np.random.default_rng(2)
    amount = rng.uniform(50, 400, size=300)
    found = calibrate(np.column_stack([amount, amount]), np.zeros((300, 2)), np.empty((300, 0)), np.ones(300), 1.0)
    assert found.usual == pytest.approx(amount, rel=1e-6)


def test_an_exposure_that_nobody_recalled_by_days_has_no_row() -> None:
    data = asked(people(3, n=100))
    bare = Instrument("interview", "Interview", "survey", "odds", data.estimands, {}, Style("first", "o"))
    assert not list(usualintake.rows(AnalysisSet(bare, data.frame, "seqn", "answer", data.estimands, data.keywords)))
