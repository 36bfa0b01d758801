"""Checks of weighted ordered logits, and the answers that each coding expects, on synthetic people."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import nbinom

from hypnic.analysis.checks.answers import diagnose_answers, without_each
from hypnic.analysis.checks.cells import cells
from hypnic.analysis.checks.flow import flow
from hypnic.analysis.question.question import Question
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Instrument, Style
from hypnic.analysis.studies.sets import AnalysisSet

BANDS = {"never": (0, 0), "once": (1, 1), "sometimes": (2, 4), "often": (5, 15), "always": (16, 30)}


def question(bend: float = 0.0, **facts: object) -> Question:
    """Ask 2,000 synthetic people of 15 strata with 2 PSUs; `bend` lets the true line on the log-odds scale curve."""
    rng = np.random.default_rng(7)
    n = 2000
    psu, dose, age = rng.integers(30, size=n), rng.normal(size=n), rng.normal(size=n)
    latent = 0.5 * dose + bend * dose**2 - 0.3 * age + rng.logistic(size=n)
    answer = (latent[:, None] > np.array([0.6, 1.2, 2.2, 3.4])).sum(axis=1)
    lo, hi = np.array(list(BANDS.values()))[answer].T
    frame = pl.DataFrame(
        {
            "seqn": range(n), "dose": dose, "age": age, "answer": answer, "lo": lo, "hi": hi,
            "open_hi": pl.Series(hi.tolist()).replace(30, None), "w": rng.gamma(3, 1, n), "stratum": psu // 2,
            "psu": psu % 2, "asked": 1, "grown": [1] * 1900 + [0] * 100,
        }
    )  # fmt: skip
    given: dict[str, object] = {
        "table": "interview", "exposure": "coffee", "column": "dose", "step": 2, "unit": "2 cups", "window": "a day",
        "adjustment": ("age",), "outcome": "answer", "family": "ordered", "covariance": "design", "weights": "w",
    }  # fmt: skip
    estimand = Estimand(**(given | facts))  # type: ignore[arg-type]
    instrument = Instrument(
        "interview", "Interview", "survey", "odds", (estimand,), {}, Style("first", "o"),
        outcomes={"count": ("lo", "hi"), "open": ("lo", "open_hi")},
    )  # fmt: skip
    data = AnalysisSet(instrument, frame, "seqn", "answer", (estimand,), {"strata": "stratum", "psu": "psu"})
    return Question(data, estimand)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"outcome": "count", "family": "truncated-nb2", "maximum": 30},
        {"outcome": "count", "family": "beta-binomial", "maximum": 30},
        {"outcome": "open", "family": "interval-nb2"},
    ],
    ids=["ordered", "truncated", "beta-binomial", "open"],
)
def test_what_is_seen_and_what_a_whole_law_expects_add_up_to_one(facts) -> None:
    found = cells(question(**facts), BANDS)
    assert found["answer"].to_list() == list(BANDS)
    assert (found["observed"].sum(), found["fitted"].sum()) == pytest.approx((1, 1), abs=1e-7)
    frame = question().data.frame
    assert found["observed"][0] == pytest.approx(np.average(frame["answer"] == 0, weights=frame["w"]), rel=1e-7)


def test_a_closed_count_leaves_out_what_its_law_has_above_the_top() -> None:
    asked = question(outcome="count", family="interval-nb2")
    found, fitted = cells(asked, BANDS), asked.fit()
    theta = np.exp(fitted.info["log_theta"])
    mean = np.exp(fitted.params @ np.array([np.ones(2000), asked.data.frame["dose"] / 2, asked.data.frame["age"]]))
    below = np.average(nbinom.cdf(30, theta, theta / (theta + mean)), weights=asked.data.frame["w"])
    assert found["fitted"].sum() == pytest.approx(below, rel=1e-7)


def test_an_ordered_logit_of_ordered_answers_passes_its_checks() -> None:
    found = diagnose_answers(question()).checks
    tested = found.drop_nulls("p_value")
    assert tested["check"].to_list() == [
        "fit: tenths of the expected answer (Lipsitz)", "proportional odds: one ratio for all answers",
        "link: square of the linear predictor",
    ]  # fmt: skip
    assert (tested["p_value"] > 0.05).all()
    spread, collinear, *changes = found.filter(pl.col("p_value").is_null())["statistic"]
    assert 0.5 < spread < 2  # people were drawn one by one
    assert 1 <= collinear < 1.01
    assert all(0 < change < 1 for change in changes)


def test_a_curve_taken_for_a_line_is_found() -> None:
    found = diagnose_answers(question(bend=0.4)).checks
    assert dict(found.select("check", "p_value").iter_rows())["link: square of the linear predictor"] < 1e-4


def test_the_step_without_a_sampling_unit_is_near_the_fit_without_it() -> None:
    asked = question()
    fitted = asked.fit()
    direction = np.array([float(name == "coffee") for name in fitted.names])
    codes = fitted.sample.survey.psu
    steps = without_each(fitted, direction, codes)
    worst = int(np.argmax(np.abs(steps)))
    # A weight of zero leaves the unit in the design, and its people out of the fit.
    left = asked.data.frame.with_columns(w=pl.when(pl.Series(codes == worst)).then(0.0).otherwise("w"))
    refitted = asked.on(left).fit()
    change = direction @ (refitted.params - fitted.params)
    assert steps[worst] == pytest.approx(change, rel=0.15)


def test_the_flow_counts_each_missing_answer_and_hides_small_ones() -> None:
    asked = question()
    gaps = pl.int_range(pl.len())
    frame = asked.data.frame.with_columns(
        dose=pl.when(gaps < 40).then(None).otherwise("dose"), age=pl.when(gaps < 9).then(None).otherwise("age"),
        w=pl.when(gaps < 20).then(0.0).otherwise("w"),
    )  # fmt: skip
    found = flow(asked.on(frame), [("asked", "asked"), ("grown", "grown")])
    assert found.select("stage", "column", "n_persons").rows() == [
        ("asked", None, 2000), ("grown", None, 1900), ("missing", "dose", 40), ("missing", "w", 20),
        ("missing", "age", None), ("entered", None, 1960),
    ]  # fmt: skip
