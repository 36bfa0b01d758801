"""Answers left open under a survey's design, on synthetic people whose slope is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme import missing
from hypnic.analysis.programme.pooling import pool
from hypnic.analysis.question.question import questions
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Imputes, Instrument, Style
from hypnic.analysis.studies.sets import AnalysisSet

TRUE = 0.5


def asked(
    seed: int = 4, n: int = 1500, *, gaps: bool = True, by: str | None = None, slope: float = TRUE
) -> AnalysisSet:
    """Draw people of 12 strata with 2 PSUs; who jerks often leaves the dose open, without a second weight."""
    rng = np.random.default_rng(seed)
    psu, age = rng.integers(24, size=n), rng.normal(size=n)
    dose = 0.5 * age + rng.normal(size=n)
    answer = (slope * dose[:, None] - 0.3 * age[:, None] + rng.logistic(size=(n, 1)) > [0.5, 1.5, 2.5]).sum(axis=1)
    left = rng.random(n) < np.where(answer > 1, 0.5, 0.1)
    weight = rng.gamma(4, 1, n)
    frame = pl.DataFrame(
        {
            "seqn": range(n), "age": age, "dose": dose, "answer": answer, "w_all": weight, "w_part": weight,
            "stratum": psu // 2, "psu": psu % 2, "wave": ["a", "b"] * (n // 2), "grown": [1] * (n - 100) + [0] * 100,
        }
    )  # fmt: skip
    if gaps:
        open_ = pl.Series(left)
        frame = frame.with_columns(
            dose=pl.when(open_).then(None).otherwise("dose"), w_part=pl.when(open_).then(0.0).otherwise("w_part")
        )
    estimand = Estimand(
        "interview", "coffee", "dose", 1, "1 cup", "a day", ("age", "wave"), "answer", "ordered", "design",
        weights="w_part", by=by,
    )  # fmt: skip
    instrument = Instrument(
        "interview", "Interview", "survey", "odds", (estimand,), {}, Style("first", "o"),
        imputes=Imputes("grown", "w_all"),
    )  # fmt: skip
    return AnalysisSet(instrument, frame, "seqn", "answer", (estimand,), {"strata": "stratum", "psu": "psu"})


def test_everyone_who_was_asked_enters_with_the_weight_of_all() -> None:
    data = asked()
    ratio, share, _ = missing.rows(data)
    assert (ratio["n_rows"], ratio["n_dropped"]) == (1400, 100)
    assert (ratio["variant"], share["variant"]) == ("imputed", "missing-information")
    assert 0.02 < share["estimate"] < 0.6


def test_degrees_of_freedom_are_fewer_than_those_of_the_design() -> None:
    ratio, share, _ = missing.rows(asked())
    assert ratio["df"] < 12
    # Barnard and Rubin's, from the design's 12 and the share of the variance that the gaps add.
    assert ratio["df"] == pytest.approx(pool(np.zeros(2), np.ones(2), 12.0).df * (1 - share["estimate"]), rel=0.25)


def test_without_gaps_it_is_the_fit_of_those_who_were_asked() -> None:
    data = asked(gaps=False)
    ratio, share = missing.rows(data)
    own = questions(data)[0].on(data.frame.filter(grown=1)).but(weights="w_all").fit()
    line = own.contrast({"coffee": 1}).row(0, named=True)
    assert ratio["estimate"] == pytest.approx(np.exp(line["estimate"]), rel=1e-7)
    assert ratio["std_error"] == pytest.approx(line["std_error"], rel=1e-7)
    assert share["estimate"] == pytest.approx(0, abs=0.2)


def test_levels_of_a_split_are_imputed_and_shown_as_their_mean() -> None:
    ratio, *_ = missing.rows(asked(by="wave"))
    assert ratio["status"] == "estimated"
    assert ratio["estimate"] > 1


def test_the_shift_that_tips_it_is_sought_on_the_first_sets_and_tips_all_of_them() -> None:
    data = asked(slope=0.1)
    ratio, _, tipping = missing.rows(data)
    assert (tipping["scale"], tipping["unit"], tipping["status"]) == (
        "tipping-point",
        "sd of imputed dose",
        "estimated",
    )
    question = questions(data)[0].on(data.frame.filter(grown=1)).but(weights="w_all")
    sets = missing.imputed_sets(question.data, [question.estimand])
    fits = [question.on(one.shifted("dose", tipping["estimate"])).fit() for one in sets]
    lines = pl.concat(fitted.contrast({"coffee": 1}) for fitted in fits)
    pooled = pool(lines["estimate"].to_numpy(), lines["std_error"].to_numpy() ** 2, 12.0)
    side = int(np.argmin(np.abs(np.log([ratio["conf_low"], ratio["conf_high"]]))))
    assert pooled.limits[side] == pytest.approx(0, abs=0.1 * pooled.std_error)


@pytest.mark.slow
def test_over_studies_the_imputed_slope_is_the_one_people_were_drawn_with() -> None:
    found = [np.log(next(iter(missing.rows(asked(seed, n=1000))))["estimate"]) for seed in range(12)]
    assert np.mean(found) == pytest.approx(TRUE, abs=3 * np.std(found) / 12**0.5)
