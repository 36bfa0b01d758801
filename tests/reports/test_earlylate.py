"""Early against late caffeine: said and drawn only where all three ratios are in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.survey import SURVEY
from hypnic.reports.earlylate import early_and_late, sentence
from hypnic.reports.ratios import Found, Ratio

if TYPE_CHECKING:
    from hypnic.analysis.results import Results
    from hypnic.reports.report import Report

COFFEE = Ratio(DIARY, DIARY.primary[0], Found(1.1, 1.02, 1.19), 0.05, None, None)


def table(
    *later: float, exposures: tuple[str, ...] = ("caffeine_before_14", "caffeine", "caffeine_later")
) -> pl.DataFrame:
    """Set the rows of a diary: 1.05 early, 1.10 late, and what is given for later instead of earlier."""
    ratios = {"caffeine_before_14": (1.05, 0.95, 1.16), "caffeine": (1.1, 1.02, 1.19), "caffeine_later": later}
    about = {"analysis": "asked", "variant": "main", "outcome": "jerk_count", "status": "estimated", "scale": "IRR"}
    return pl.DataFrame([
        about | {"design": "diary", "exposure": one, "unit": "100 mg"}
        | dict(zip(("estimate", "conf_low", "conf_high"), ratios[one], strict=True))
        for one in exposures
    ])  # fmt: skip


def test_the_three_ratios_stand_in_one_sentence_with_what_they_leave_open() -> None:
    found = early_and_late(COFFEE, table(1.05, 0.9, 1.2))
    assert found
    assert sentence(found) == (
        "Diary, early against late: 100 mg before 14:00 have a rate ratio of 1.05 (0.95 to 1.16), from 14:00 on of 1.10"
        " (1.02 to 1.19). The same amount later instead of earlier: 1.05 (0.90 to 1.20); the data do not show that the"
        " hour makes a difference."
    )


@pytest.mark.parametrize(("later", "word"), [((1.2, 1.1, 1.3), "later"), ((0.8, 0.7, 0.9), "earlier")])
def test_an_interval_off_1_says_which_hour_goes_with_more_jerks(later: tuple[float, ...], word: str) -> None:
    found = early_and_late(COFFEE, table(*later))
    assert found
    assert sentence(found).endswith(f"{word} caffeine goes with more jerks.")


def test_odds_take_the_article_that_they_are_spoken_with() -> None:
    found = early_and_late(COFFEE, table(1.05, 0.9, 1.2))
    assert found
    assert "have an odds ratio of 1.05" in sentence(found._replace(measure="odds ratio"))


def test_where_a_ratio_is_not_in_the_table_nothing_is_said() -> None:
    assert early_and_late(COFFEE, table(1.05, 0.9, 1.2, exposures=("caffeine_before_14", "caffeine"))) is None


def test_a_surveys_ratio_of_the_whole_day_is_not_taken_for_late_caffeine() -> None:
    usual = Ratio(SURVEY, SURVEY.primary[0], Found(1.1, 1.02, 1.19), 0.05, None, None)
    rows = table(1.05, 0.9, 1.2).with_columns(design=pl.lit("survey"), outcome=pl.lit(SURVEY.primary[0].outcome))
    assert early_and_late(usual, rows) is None


@pytest.mark.xdist_group("built")
def test_later_over_earlier_is_the_ratio_of_the_two_of_one_model(found: Results, made: Report) -> None:
    diary = found.estimates.filter(design="diary", outcome="jerk_count", variant="main", scale="IRR")
    ratios = dict(diary.select("exposure", "estimate").iter_rows())
    primary = diary.filter(analysis="primary", exposure="caffeine")["estimate"][0]
    assert primary / ratios["caffeine_before_14"] == pytest.approx(ratios["caffeine_later"], rel=1e-6)
    caffeine = next(one for one in made.exposures if one.id == "caffeine")
    assert {"dose-diary-caffeine-hour", "dose-survey-caffeine-hour"} <= set(caffeine.panels)
    assert sum("early against late" in one for one in caffeine.sentences) == 2
