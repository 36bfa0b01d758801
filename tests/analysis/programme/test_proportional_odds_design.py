"""Proportional odds under a survey design: a test and the ratio at each answer, on synthetic people."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme import proportionality
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Instrument, Style
from hypnic.analysis.studies.sets import AnalysisSet

DESIGN = {"strata": "stratum", "psu": "psu"}


def asked(twist: float, **facts: object) -> AnalysisSet:
    """Draw synthetic people of 12 strata with 2 PSUs; `twist` adds a slope that grows with the answer."""
    rng = np.random.default_rng(5)
    n = 3000
    psu, dose = rng.integers(24, size=n), rng.normal(size=n)
    cuts = np.array([-0.5, 0.5, 1.5]) - dose[:, None] * (0.4 + twist * np.arange(3))
    frame = pl.DataFrame(
        {
            "seqn": range(n), "dose": dose, "answer": (rng.logistic(size=n)[:, None] > cuts).sum(axis=1),
            "w": rng.gamma(3, 1, n), "stratum": psu // 2, "psu": psu % 2, "wave": ["a", "b"] * (n // 2),
        }
    )  # fmt: skip
    given: dict[str, object] = {
        "table": "interview", "exposure": "coffee", "column": "dose", "step": 2, "unit": "2 cups", "window": "a day",
        "adjustment": (), "outcome": "answer", "family": "ordered", "covariance": "design", "weights": "w",
    }  # fmt: skip
    estimand = Estimand(**(given | facts))  # type: ignore[arg-type]
    instrument = Instrument("interview", "Interview", "survey", "odds", (estimand,), {}, Style("first", "o"))
    return AnalysisSet(instrument, frame, "seqn", "answer", (estimand,), DESIGN)


def test_the_ratio_at_an_answer_is_that_of_a_weighted_logit_of_it() -> None:
    data = asked(0.0)
    _, *ratios = proportionality.rows(data)
    assert [row["variant"] for row in ratios] == ["from-answer-1", "from-answer-2", "from-answer-3"]
    for number, row in enumerate(ratios, start=1):
        cut = data.frame.with_columns(high=(pl.col("answer") >= number).cast(pl.Int8), coffee=pl.col("dose") / 2)
        line = fit(cut, "high", ["coffee"], "binomial", weights="w", covariance="design", **DESIGN).tidy().row(1)
        assert (row["role"], row["scale"]) == ("sensitivity", "OR")
        assert row["estimate"] == pytest.approx(np.exp(line[1]), rel=1e-7)
        assert (row["std_error"], row["p_value"]) == pytest.approx((line[2], line[6]), rel=1e-6)


def test_a_slope_that_grows_with_the_answer_is_found_and_another_is_not() -> None:
    (even, *_), (twisted, *_) = proportionality.rows(asked(0.0)), proportionality.rows(asked(0.5))
    assert (even["scale"], even["df"], even["estimate"]) == ("test", 2.0, None)
    assert even["p_value"] > 0.05
    assert twisted["p_value"] < 1e-6


def test_levels_of_a_split_are_tested_together_and_shown_as_their_mean() -> None:
    data = asked(0.0, by="wave", adjustment=("wave",))
    test, first, *_ = proportionality.rows(data)
    assert test["df"] == 4.0
    cut = data.frame.with_columns(
        high=(pl.col("answer") >= 1).cast(pl.Int8),
        **{w: pl.col("dose") / 2 * (pl.col("wave") == w) for w in ("a", "b")},
    )
    fitted = fit(cut, "high", ["a", "b", "wave"], "binomial", weights="w", covariance="design", **DESIGN)
    line = fitted.contrast({"a": 0.5, "b": 0.5}).row(0, named=True)
    assert first["estimate"] == pytest.approx(np.exp(line["estimate"]), rel=1e-7)
    assert first["std_error"] == pytest.approx(line["std_error"], rel=1e-6)
