"""Sentences follow the numbers."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from hypnic.analysis import estimands
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.survey import SURVEY
from hypnic.reports.ratios import Found, Ratio, Truth
from hypnic.reports.sentences import departures, dose_meaning, finding, survey_against_diary

CAFFEINE = Ratio(DIARY, estimands("diary")[0], Found(1.139, 1.0587, 1.2261), 0.0012, None, None)
SURVEY_CAFFEINE = Ratio(SURVEY, estimands("survey")[0], Found(0.912, 0.8745, 0.9507), 0.0012, None, None)


def said(**changes: object) -> str:
    return finding(replace(CAFFEINE, **changes), 5).replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[arg-type]


def test_a_ratio_is_an_association_with_its_interval() -> None:
    assert said() == (
        "Each 100 mg of caffeine after 14:00 was associated with 1.14 times as many noticed jerks that night"
        " (95 % interval 1.06 to 1.23); the data fit 6 % more to 23 % more, and hardly no"
        " difference."
    )


def test_an_interval_on_both_sides_of_1_leaves_the_direction_open() -> None:
    assert said(found=Found(1.01, 0.82, 1.24)).endswith(
        "the data fit anything from 18 % less to 24 % more, no difference included."
    )


def test_a_ratio_below_1_is_less() -> None:
    assert "the data fit 5 % less to 13 % less" in said(found=Found(0.912, 0.8745, 0.9507))


def test_an_interval_that_five_comparisons_make_common_says_so() -> None:
    assert said(p_adjusted=0.105527).endswith(
        "Among five exposures chance could easily bring such an interval (p 0.11 by Holm's method)."
    )


def test_without_an_estimate_the_reason_is_given() -> None:
    assert said(found=None, reason="unanswered").endswith(
        "there is no estimate (nobody answered a question that it needs)."
    )


def test_the_truth_of_synthetic_data_stands_next_to_the_interval() -> None:
    assert said(truth=Truth(1.12, 1.12, 1.121)).endswith("The true ratio, 1.12, lies inside the interval.")
    assert "lies outside the interval" in said(truth=Truth(1.5, 1.5, None))


def test_an_estimator_that_tends_elsewhere_says_where() -> None:
    truth = Truth(1.06, 1.06, 0.918)
    assert finding(replace(SURVEY_CAFFEINE, truth=truth), 5).endswith(
        "With unlimited data this estimator would give 0.92."
    )


def test_the_page_explains_why_the_survey_misses_what_the_diary_finds() -> None:
    diary, survey = (
        replace(CAFFEINE, truth=Truth(1.12, 1.12, 1.121)),
        replace(SURVEY_CAFFEINE, truth=Truth(1.06, 1.06, 0.918)),
    )
    text = survey_against_diary([diary, survey]) or ""
    for words in ("unseen trait", "0.91", "1.06", "0.92", "1.14", "1.12", "confounding between persons"):
        assert words in text


def test_nothing_is_explained_where_the_survey_includes_the_truth_or_no_truth_is_known() -> None:
    diary = replace(CAFFEINE, truth=Truth(1.12, 1.12, 1.121))
    assert survey_against_diary([CAFFEINE, SURVEY_CAFFEINE]) is None
    assert survey_against_diary([diary, replace(SURVEY_CAFFEINE, truth=Truth(0.9, 0.9, 0.9))]) is None


def test_a_limit_just_next_to_1_shows_its_side() -> None:
    assert "0.998 to 1.13" in said(found=Found(1.06, 0.9982, 1.131))


def test_both_ends_of_a_range_are_told_in_the_same_words() -> None:
    assert "the data fit 1.6 to 2.1 times as many" in said(found=Found(1.85, 1.63, 2.1))


def bins(*rows: tuple[float, float, float, float]) -> pl.DataFrame:
    """Set bins of doses after a reference at 0: dose, ratio, limits."""
    schema = ["dose", "estimate", "conf_low", "conf_high"]
    table = pl.DataFrame([(0.0, 1.0, 1.0, 1.0), *rows], schema=schema, orient="row")
    return table.with_columns(reference=pl.col("dose") == 0)


ON_THE_LINE = bins((100, 1.14, 1.05, 1.22), (300, 1.5, 1.2, 1.9))


def test_doses_that_leave_the_line_say_where() -> None:
    assert departures(CAFFEINE, bins((100, 1.5, 1.3, 1.8)), 0.004) == (
        "Off the straight line the ratio is 1.50 (1.30 to 1.80) at about 100 mg after 14:00, by the line 1.14."
    )


def test_a_dose_of_one_is_one_point_and_not_points() -> None:
    row = next(one for one in DIARY.primary if one.exposure == "stress")
    stress = replace(CAFFEINE, estimand=row)
    said = departures(stress, bins((1, 1.5, 1.3, 1.8), (3, 2.5, 2.3, 2.8)), 0.004)
    assert "at about 1 point of stress" in said
    assert "at about 3 points of stress" in said


@pytest.mark.parametrize(
    ("found", "p", "meaning"),
    [
        (bins((100, 1.5, 1.3, 1.8)), 0.004, "The doses do not follow the straight line of the estimate"),
        (bins((100, 1.5, 1.3, 1.8)), 0.4, "A bin leaves the straight line, though not the doses as a whole"),
        (ON_THE_LINE, 0.4, "Nothing speaks against the straight line"),
    ],
)
def test_a_figure_says_what_its_test_and_its_bins_say_of_the_line(found: pl.DataFrame, p: float, meaning: str) -> None:
    assert dose_meaning(CAFFEINE, found, p) == f"{meaning} (test of non-linearity, p {p:g})."


def test_of_doses_on_the_line_or_without_a_test_no_sentence_is_made() -> None:
    assert not departures(CAFFEINE, ON_THE_LINE, 0.4)
    assert not departures(CAFFEINE, bins((100, 1.5, 1.3, 1.8)), None)
