"""What a fit expects on average, one step apart, on synthetic people of a survey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.stats import betabinom, nbinom

from hypnic.analysis.programme import differences, primary
from hypnic.analysis.question.averages import average_answer, average_chance, ratio_of_means, stepped
from hypnic.analysis.question.question import Question
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.expected import expected_answer, expected_count
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Average, Instrument, Style
from hypnic.analysis.studies.sets import AnalysisSet

DESIGN = {"strata": "stratum", "psu": "psu"}
NIGHTS = (0.0, 1.0, 3.0, 10.0, 23.0)
BANDS = np.array([[0, 0], [1, 1], [2, 4], [5, 15], [16, 30]])


def people(n: int = 1500, seed: int = 3) -> pl.DataFrame:
    """Draw synthetic people of 12 strata with 2 PSUs each, whose answers follow an ordered logit."""
    rng = np.random.default_rng(seed)
    psu = rng.integers(24, size=n)
    dose, age = rng.gamma(2, 0.7, n), rng.normal(size=n)
    latent = 0.5 * dose - 0.3 * age + rng.normal(scale=0.3, size=24)[psu] + rng.logistic(size=n)
    answer = (latent[:, None] > np.array([0.6, 1.2, 2.2, 3.4])).sum(axis=1)
    lo, hi = BANDS[answer].T
    return pl.DataFrame(
        {
            "seqn": range(n), "dose": dose, "age": age, "answer": answer, "lo": lo, "hi": hi, "w": rng.gamma(3, 1, n),
            "stratum": psu // 2, "psu": psu % 2, "yes": (dose > 1).astype(int),
            "often": (answer > 2).astype(int),
        }
    )  # fmt: skip


def question(frame: pl.DataFrame | None = None, **facts: object) -> Question:
    given: dict[str, object] = {
        "table": "interview", "exposure": "coffee", "column": "dose", "step": 2, "unit": "2 cups", "window": "a day",
        "adjustment": ("age",), "outcome": "answer", "family": "ordered", "covariance": "design", "weights": "w",
    }  # fmt: skip
    estimand = Estimand(**(given | facts))  # type: ignore[arg-type]
    instrument = Instrument(
        "interview", "Interview", "survey", "odds", (estimand,), {}, Style("first", "o"),
        outcomes={"count": ("lo", "hi"), "often": "often"},
        difference_units={"often": "percentage points", "nights": "nights"},
        averages=(Average("often", "average", (0, 0, 0, 100, 100)), Average("nights", "rough", NIGHTS)),
    )  # fmt: skip
    frame = people() if frame is None else frame
    return Question(AnalysisSet(instrument, frame, "seqn", "answer", (estimand,), DESIGN), estimand)


def moved(fitted: Fit, place: int, by: float) -> Fit:
    params = fitted.params.copy()
    params[place] += by
    return Fit(fitted.names, params, fitted.vcov, fitted.df, fitted.info, kept=fitted.kept)


def test_the_mean_of_the_answers_is_that_of_their_chances_and_its_slopes_are_those_of_differences() -> None:
    asked = question()
    fitted, at = asked.fit(), stepped(asked)
    chances = np.column_stack([expected_answer(fitted, at.observed, row)[0] for row in np.eye(5)])
    mean, gradient = expected_answer(fitted, at.observed, NIGHTS)
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(chances)))
    assert mean == pytest.approx(chances @ NIGHTS)
    for place in range(len(fitted.names)):
        up, down = (expected_answer(moved(fitted, place, by), at.observed, NIGHTS)[0] for by in (1e-5, -1e-5))
        assert gradient[:, place] == pytest.approx((up - down) / 2e-5, abs=1e-7)


@pytest.mark.parametrize("family", ["truncated-nb2", "beta-binomial"])
def test_an_expected_count_is_the_mean_of_its_law_up_to_the_maximum(family: str) -> None:
    asked = question(outcome="count", family=family, maximum=30)
    fitted, k = asked.fit(), np.arange(31)
    matrix = stepped(asked).observed[:20]
    mean, gradient = expected_count(fitted, matrix, family, 30)
    level = np.exp(matrix @ fitted.params)
    if family == "truncated-nb2":
        theta = np.exp(fitted.info["log_theta"])
        mass = nbinom.pmf(k, theta, theta / (theta + level[:, None]))
        assert gradient.shape[1] == len(fitted.names) + 1
    else:
        share, phi = -np.expm1(-level[:, None]), np.exp(fitted.info["log_precision"])
        mass = betabinom.pmf(k, 30, share * phi, (1 - share) * phi)
    assert mean == pytest.approx((mass @ k) / mass.sum(axis=1), rel=1e-9)
    up, down = (expected_count(moved(fitted, 1, by), matrix, family, 30)[0] for by in (1e-5, -1e-5))
    assert gradient[:, 1] == pytest.approx((up - down) / 2e-5, rel=1e-6)


def test_the_mean_of_counts_cut_off_at_the_maximum_moves_with_their_spread() -> None:
    asked = question(outcome="count", family="truncated-nb2", maximum=30)
    fitted, matrix = asked.fit(), stepped(asked).observed[:5]

    def spread(by: float) -> np.ndarray:
        info = dict(fitted.info) | {"log_theta": fitted.info["log_theta"] + by}
        return expected_count(
            Fit(fitted.names, fitted.params, fitted.vcov, fitted.df, info, kept=fitted.kept),
            matrix,
            asked.estimand.family,
            30,
        )[0]

    gradient = expected_count(fitted, matrix, asked.estimand.family, 30)[1]
    assert gradient[:, -1] == pytest.approx((spread(1e-5) - spread(-1e-5)) / 2e-5, rel=1e-6)


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        (lambda q: average_answer(q, NIGHTS), {}),
        (lambda q: average_chance(q, 100), {"outcome": "often", "family": "binomial"}),
        (ratio_of_means, {"outcome": "count", "family": "truncated-nb2", "maximum": 30}),
        (ratio_of_means, {"outcome": "count", "family": "beta-binomial", "maximum": 30}),
    ],
    ids=["difference", "chance", "truncated", "beta-binomial"],
)
def test_its_error_is_near_that_of_leaving_out_each_sampling_unit(what, facts) -> None:
    """The jackknife of a stratified design (JKn): another way to the error, which knows no derivative."""
    asked = question(**facts)
    whole = what(asked).row(0, named=True)
    spread = 0.0
    for stratum, psu in asked.data.frame.select("stratum", "psu").unique().sort("stratum", "psu").iter_rows():
        inside = pl.col("stratum") == stratum
        other = inside & (pl.col("psu") != psu)
        left = asked.data.frame.filter(~(inside & (pl.col("psu") == psu)))
        weight = pl.when(other).then(2 * pl.col("w")).otherwise("w")
        # A stratum of one PSU has no variance: each person of the rest is a unit here, as only the estimate is read.
        again = question(left.with_columns(w=weight, stratum=0, psu=pl.int_range(pl.len())), **facts)
        spread += (what(again)["estimate"].item() - whole["estimate"]) ** 2 / 2
    assert whole["std_error"] == pytest.approx(spread**0.5, rel=0.15)


def test_a_difference_by_the_odds_of_one_answer_alone_stands_next_to_that_by_one_ratio() -> None:
    asked = question()
    logit = replace(asked.estimand, outcome="often", family="binomial", role="sensitivity", variant="binomial")
    adult = replace(logit, unit="2 cups, adults")  # another comparison
    data = replace(asked.data, estimands=(asked.estimand, logit, adult))
    rows = [row for row in differences.rows(data) if row["outcome"] == "often"]
    assert [(row["variant"], row["role"]) for row in rows] == [
        ("average", "secondary"), ("average-alone", "sensitivity"),
    ]  # fmt: skip
    assert len({row["unit"] for row in rows}) == 1
    alone = average_chance(Question(data, logit), 100)
    assert [row["estimate"] for row in rows] != [rows[0]["estimate"]] * 2
    assert rows[1]["estimate"] == pytest.approx(alone["estimate"].item(), rel=1e-7)


def test_everyone_is_set_to_no_and_to_yes_where_an_exposure_is_yes_or_no() -> None:
    asked = question(column="yes", step=1)
    at = stepped(asked)
    place = asked.fit().names.index("coffee")
    assert set(at.before[:, place]) == {0.0}
    assert set(at.after[:, place]) == {1.0}
    assert at.observed[:, place].tolist() == asked.data.frame["yes"].to_list()


def test_a_primary_ordered_logit_has_a_difference_in_each_unit_its_answers_stand_for() -> None:
    asked = question()
    often, nights = differences.rows(asked.data)
    assert [(row["outcome"], row["unit"]) for row in (often, nights)] == [
        ("often", "2 cups, in percentage points"), ("nights", "2 cups, in nights"),
    ]  # fmt: skip
    cut = asked.data.frame.with_columns(often=(pl.col("answer") >= 3).cast(pl.Int8))
    binary = fit(cut, "often", ["dose", "age"], "binomial", weights="w", covariance="design", **DESIGN)
    after, before = (
        np.average(1 / (1 + np.exp(-(binary.params @ np.array([np.ones(len(cut)), cut["dose"] + by, cut["age"]])))),
                   weights=cut["w"])
        for by in (2, 0)
    )  # fmt: skip
    assert often["estimate"] == pytest.approx(100 * (after - before), rel=0.15)  # the data follow proportional odds
    assert often["std_error"] > 0


def test_a_ratio_of_means_is_what_the_rows_of_such_a_family_hold() -> None:
    asked = question(outcome="count", family="beta-binomial", maximum=30)
    (row,) = primary.rows(asked.data)
    mean = [np.average(expected_count(asked.fit(), m, "beta-binomial", 30)[0], weights=asked.data.frame["w"])
            for m in (stepped(asked).before, stepped(asked).after)]  # fmt: skip
    assert (row["scale"], row["estimate"]) == ("IRR", pytest.approx(mean[1] / mean[0], rel=1e-7))
