"""A control next to the outcome: one stacked model of the same people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme import controls
from hypnic.analysis.question import Question, questions
from hypnic.analysis.regression import fit
from hypnic.analysis.studies import AnalysisSet
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Control
from hypnic.analysis.studies.nhanes import NHANES_INTERVIEW

CRAMPS = Control("cramps", "jerks", "cramps")
PARTS = ("own", "control")
SELF = Control("itself", "jerks", "jerks")
COFFEE = Estimand(
    "nhanes", "caffeine", "coffee_mg", 100, "100 mg a day", "a day", ("age", "sex"), "leg_jerks", "interval-nb2",
    "design", weights="weight",
)  # fmt: skip


def people(n: int = 900) -> AnalysisSet:
    """Synthetic persons in 5 strata of 2 sampling units; coffee goes with jerks twice as strongly as with cramps."""
    rng = np.random.default_rng(4)
    coffee, age = rng.gamma(2, 80, n), rng.integers(20, 80, n)
    jerks, cramps = (rng.random(n) < 1 / (1 + np.exp(2 - slope * coffee - 0.01 * age)) for slope in (0.006, 0.003))
    frame = pl.DataFrame(
        {
            "id": range(n), "coffee_mg": coffee, "age": age, "sex": rng.choice(["female", "male"], n),
            "jerks": jerks.astype(int), "cramps": cramps.astype(int), "weight": rng.gamma(3, 1, n),
            "stratum": rng.integers(0, 5, n), "psu": rng.integers(1, 3, n),
        }
    )  # fmt: skip
    instrument = replace(NHANES_INTERVIEW, controls=(CRAMPS,))
    return AnalysisSet(instrument, frame, "id", "jerks", (COFFEE,), {"strata": "stratum", "psu": "psu"})


@pytest.fixture(scope="module")
def question() -> Question:
    return questions(people())[0]


def alone(question: Question, outcome: str):
    return fit(
        question.exposed(), outcome, ["caffeine", "age", "sex"], "binomial", covariance="design", weights="weight",
        strata="stratum", psu="psu",
    )  # fmt: skip


def test_each_outcome_keeps_the_coefficients_and_errors_of_its_own_logit(question: Question) -> None:
    stacked = controls.fit_stacked(question, CRAMPS)
    for part, outcome in (("own", "jerks"), ("control", "cramps")):
        line = stacked.contrast({f"caffeine, {part}": 1})
        own = alone(question, outcome).contrast({"caffeine": 1})
        assert line["estimate"].item() == pytest.approx(own["estimate"].item(), rel=1e-8)
        assert line["std_error"].item() == pytest.approx(own["std_error"].item(), rel=1e-6)


def test_the_error_of_the_contrast_knows_that_both_outcomes_are_the_same_peoples(question: Question) -> None:
    frame, design = question.data.frame, ["stratum", "psu"]
    parts = [alone(question, outcome) for outcome in ("jerks", "cramps")]
    # Linearised by hand: the difference of the two influences of each person, summed by sampling unit.
    scores = [one.estimation.scores @ np.linalg.inv(one.estimation.information) @ one.columns.back.T for one in parts]
    at = [one.names.index("caffeine") for one in parts]
    difference = scores[0][:, at[0]] - scores[1][:, at[1]]
    totals = frame.select(design).with_columns(d=pl.Series(difference)).group_by(design).agg(pl.col("d").sum())
    variance = sum(len(d) / (len(d) - 1) * ((d - d.mean()) ** 2).sum() for _, (d,) in _by_stratum(totals))
    (row,) = list(controls.rows(question.data))
    assert row["std_error"] == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert row["std_error"] < np.hypot(*(one.contrast({"caffeine": 1})["std_error"].item() for one in parts))


def _by_stratum(totals: pl.DataFrame):
    return [(key, (rows["d"].to_numpy(),)) for key, rows in totals.group_by("stratum")]


def test_an_outcome_compared_with_itself_has_equal_coefficients(question: Question) -> None:
    stacked = controls.fit_stacked(question, SELF)
    own, control = ([stacked.names.index(f"{term}, {part}") for term in ("caffeine", "age")] for part in PARTS)
    assert stacked.params[own] == pytest.approx(stacked.params[control], rel=1e-9)


def test_a_row_counts_each_person_once_and_only_those_who_answered_about_both(question: Question) -> None:
    gaps = pl.when(pl.col("id") < 100).then(None).otherwise("cramps").alias("cramps")
    (row,) = list(controls.rows(question.on(question.data.frame.with_columns(gaps)).data))
    assert (row["n_rows"], row["n_persons"], row["n_dropped"]) == (800, 800, 100)
    assert (row["scale"], row["effect"], row["variant"]) == ("OR", "association", "over-cramps")


def test_it_is_written_what_each_control_can_tell_of_each_exposure() -> None:
    exposures = {row.exposure for row in NHANES_INTERVIEW.primary}
    assert set(NHANES_INTERVIEW.standings) == {(e, c) for e in exposures for c in ("leg_cramps", "snoring")}
    assert NHANES_INTERVIEW.standings["alcohol", "snoring"].kind == "positive"
