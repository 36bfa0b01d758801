"""What claims ask besides the frozen rows: a question about a column that is not published is a row that says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hypnic.analysis import study
from hypnic.analysis.programme.asked import rows as asked
from hypnic.analysis.programme.shares import rows as shares
from hypnic.analysis.studies.sets import AnalysisSet


@pytest.fixture(scope="module")
def sets() -> tuple[AnalysisSet, ...]:
    return study("demo").sets


def only(data: AnalysisSet, *exposures: str) -> AnalysisSet:
    kept = tuple(one for one in data.instrument.asked if one.estimand.exposure in exposures)
    return replace(data, instrument=replace(data.instrument, asked=kept))


def test_a_column_that_is_not_published_leaves_a_row_that_says_nobody_answered(sets) -> None:
    diary, survey = sets
    without = only(replace(diary, frame=diary.frame.drop("other_stimulant")), "stimulant_day")
    row = next(row for row in asked(without) if row["outcome"] == "jerk_count")
    assert (row["status"], row["reason"], row["estimate"]) == ("not_estimable", "unanswered", None)
    told = {row["variant"]: row["reason"] for row in shares(replace(survey, frame=survey.frame.drop("red_flags")))}
    assert told["painless"] == "unanswered"
    assert told["ever"] is None


def test_yesterday_is_the_night_before_whatever_the_order_of_rows(sets) -> None:
    diary = only(sets[0], "exercise_minutes")
    shuffled = replace(diary, frame=diary.frame.sample(fraction=1, shuffle=True, seed=3))
    lagged = [next(row for row in asked(data) if row["variant"] == "lag-1")["estimate"] for data in (diary, shuffled)]
    assert lagged[0] == pytest.approx(lagged[1], rel=1e-7)


def test_a_share_of_whom_few_differ_is_suppressed(sets) -> None:
    rows = {row["variant"]: row for row in shares(sets[1])}
    assert rows["pattern-sustained-posture"]["status"] == "suppressed"
    assert rows["pattern-sustained-posture"]["n_persons"] == 0
    low, share, high = (rows["ever"][key] for key in ("conf_low", "estimate", "conf_high"))
    assert low < share < high
