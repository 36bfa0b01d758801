"""Rows of results: numbers, or one word for why there are none, and the detail in the log."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import questions
from hypnic.analysis.question.rows import attempt, line_row, rounded
from hypnic.analysis.question.tests import wald
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.errors import HypnicError

DIARY = simulated_set("diary", 40, seed=5)
STRESS = questions(DIARY)[2]


def _refused(_, reason):
    message = "9 persons of the level female answered 4 times"
    raise HypnicError(message, reason=reason)


@pytest.mark.parametrize(("reason", "status"), [("few_persons", "suppressed"), ("separated", "not_estimable")])
def test_what_cannot_be_had_leaves_one_row_with_a_word_and_the_detail_in_the_log(
    caplog: pytest.LogCaptureFixture, reason: str, status: str
) -> None:
    caplog.set_level("INFO", "hypnic.analysis")
    (row,) = attempt(_refused, STRESS.blank(), reason)
    assert (row["status"], row["reason"], row["estimate"]) == (status, reason, None)
    assert not {"female", "9", "4"} & set(" ".join(str(value) for value in row.values()).split())
    assert caplog.messages == [
        "diary main jerk_count stress: not estimable: 9 persons of the level female answered 4 times"
    ]


def test_an_estimate_without_an_error_is_refused() -> None:
    exact = replace(STRESS.fit(), vcov=np.zeros_like(STRESS.fit().vcov), freedom=None)
    with pytest.raises(HypnicError, match="standard error is zero") as error:
        line_row(STRESS.blank(), DIARY, exact, exact.contrast({"stress": 1}))
    assert error.value.reason == "no_variation"


def test_coefficients_without_errors_are_not_tested() -> None:
    exact = replace(STRESS.fit(), vcov=np.zeros_like(STRESS.fit().vcov), freedom=None)
    with pytest.raises(HypnicError, match="2 coefficients have no errors") as error:
        wald(exact, exact.names[:2])
    assert error.value.reason == "no_variation"


def test_a_fit_short_of_its_maximum_gives_no_numbers() -> None:
    short = replace(STRESS.fit(), info={**STRESS.fit().info, "converged": False})
    row = line_row(STRESS.blank(), DIARY, short, short.contrast({"stress": 1}))
    assert (row["status"], row["reason"], row["estimate"]) == ("not_converged", "no_maximum", None)
    assert row["n_persons"] > 9


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stress_0_10": pl.lit(3)}, "no_variation"),
        ({"next_day_free": pl.col("stress_0_10")}, "collinear"),
        ({"jerk_count": pl.lit(0)}, "no_contrast"),
        ({"stress_0_10": pl.lit(None, pl.Int8)}, "unanswered"),
    ],
)
def test_the_word_says_what_is_the_matter_with_the_data(change: dict[str, pl.Expr], reason: str) -> None:
    with pytest.raises(HypnicError) as error:
        STRESS.on(DIARY.frame.with_columns(**change)).fit()
    assert error.value.reason == reason


def test_a_p_value_at_the_end_of_what_a_number_can_be_stays_one() -> None:
    assert rounded(np.float64(3e-315)) == pytest.approx(3e-315)
    assert rounded(np.float64(1.234567891e-30)) == 1.2345679e-30  # and shows no digit more
