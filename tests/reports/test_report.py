"""The report value: what a study with little in it still shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.analysis.studies import EXPOSURES, instruments
from hypnic.reports.commit import commit
from hypnic.reports.figures import bars
from hypnic.reports.files import report_files
from hypnic.reports.names import readable
from hypnic.reports.report import report
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from hypnic.analysis import StudyData
    from hypnic.analysis.results import Results
    from hypnic.analysis.studies import Instrument

STATUS, REASON = (dtypes(Estimates)[name] for name in ("status", "reason"))
NUMBERS = ("estimate", "conf_low", "conf_high", "std_error", "df", "statistic", "p_value", "p_adjusted", "score_max")


pytestmark = pytest.mark.xdist_group("built")  # half a minute to make: once, in one process


@pytest.fixture
def poor(found: Results) -> Results:
    """Take every answer of the diary out of the results: what a study whose diary nobody filled in has."""
    diary, survey = found.data.sets
    data = replace(found.data, sets=(replace(diary, frame=diary.frame.clear()), survey), truth=None)
    of_diary = pl.col("design") == "diary"
    numbers = [pl.when(~of_diary).then(pl.col(name)) for name in NUMBERS]
    said = [
        pl.when(of_diary).then(pl.lit("suppressed")).otherwise("status").cast(STATUS).alias("status"),
        pl.when(of_diary).then(pl.lit("few_persons")).otherwise("reason").cast(REASON).alias("reason"),
        *(pl.when(of_diary).then(0).otherwise(name).alias(name) for name in ("n_rows", "n_persons")),
    ]
    return replace(
        found,
        data=data,
        estimates=Estimates.validate(found.estimates.with_columns(*numbers, *said)),
        doses={key: doses for key, doses in found.doses.items() if key[0] != "diary"},
        checks=found.checks | {"diary": ()},
        answers=replace(found.answers, spreads=found.answers.spreads[1:]),
    )


def test_a_study_without_a_diary_says_so_and_still_has_its_survey(poor: Results) -> None:
    made = report(poor)
    assert "there is no estimate (fewer than ten persons enter it)" in made.exposures[0].sentences[0]
    assert "was associated with" in made.exposures[0].sentences[1]
    assert "index.html" in report_files(made)


def test_a_handful_of_diaries_is_not_counted_on_the_page(demo: StudyData) -> None:
    diary, survey = demo.sets
    few = diary.frame["participant_id"].unique(maintain_order=True)[:7]
    small = replace(diary, frame=diary.frame.filter(pl.col("participant_id").is_in(few.implode())))
    assert demo.study.people_note((small, survey), {"survey": "800 to 900"}) == "1,200 respondents."


def test_where_people_come_from_is_said_of_designs_that_have_ratios_and_one_number_is_one(demo: StudyData) -> None:
    note = demo.study.people_note(demo.sets, {"diary": "30"})
    assert note.endswith("nights in all. The diary's ratios come from 30 people who noticed a jerk on some night.")
    assert "survey" not in note
    diary, survey = demo.sets
    nobody, one = replace(diary, frame=diary.frame.clear()), replace(survey, frame=survey.frame.head(1))
    assert demo.study.people_note((nobody, one), {}) == "1 respondent."


def test_answers_that_are_all_alike_are_said_to_be() -> None:
    assert bars("b", "Nights with a jerk", ["6+"], [1.0], synthetic=True).meaning == "It was 6+ in all of the answers."
    some = bars("b", "Nights with a jerk", ["0", "1+"], [0.25, 0.75], synthetic=True).meaning
    assert some.replace("\N{NO-BREAK SPACE}", " ") == "It was 0 in 25 % of the answers, and more in 75 %."


@pytest.mark.parametrize("instrument", instruments().values(), ids=lambda one: one.name)
def test_every_estimand_has_its_words(instrument: Instrument) -> None:
    assert {row.exposure for row in instrument.primary} <= set(instrument.phrases)
    assert {row.exposure for row in instrument.primary} == set(EXPOSURES)
    for row in instrument.estimands:
        assert not any("_" in readable(column) for column in row.adjustment)


def test_the_commit_can_be_named_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPNIC_COMMIT", "abc123")
    assert commit() == "abc123"


def test_without_git_the_commit_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYPNIC_COMMIT", raising=False)
    monkeypatch.setenv("PATH", "")
    assert commit() is None
