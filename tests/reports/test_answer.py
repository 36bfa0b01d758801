"""The first screen: what is said of each exposure, how sure it is by the rule, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from hypnic.analysis.studies.demo import DEMO
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.nhanes import NHANES
from hypnic.analysis.studies.open import OPEN
from hypnic.analysis.studies.survey import SURVEY
from hypnic.reports.answer import answer, sure
from hypnic.reports.ratios import Cuts, Difference, Found, Ratio
from hypnic.reports.sentences import apart, finding

NO_TESTS = pl.DataFrame(
    schema=dict.fromkeys(("design", "analysis", "variant", "exposure", "outcome"), pl.String) | {"p_value": pl.Float64}
)


def coffee(found: Found | None, p: float = 0.5, jerks: tuple[float, float, float] | None = None) -> Ratio:
    """Make the diary's ratio of caffeine, with so many more jerks a night."""
    more = (Difference("jerk_count", "jerks a night", *jerks),) if jerks else ()
    return Ratio(DIARY, DIARY.primary[0], found, p, None if found else "few_persons", None, more)


@pytest.mark.parametrize(
    ("found", "p", "word"),
    [
        (Found(1.2, 1.1, 1.3), 0.001, "Clear"),
        (Found(0.8, 0.7, 0.9), 0.001, "Clear"),
        (Found(1.2, 1.01, 1.4), 0.2, "Weak sign"),
        (Found(1.05, 0.9, 1.2), 0.6, "Unsure"),
        (Found(1.01, 0.95, 1.05), 0.8, "No difference that matters"),
        (None, 0.5, "No answer yet"),
    ],
)
def test_how_sure_an_answer_is_follows_the_rule(found: Found | None, p: float, word: str) -> None:
    assert sure(coffee(found, p)) == word


def test_a_difference_is_said_in_jerks_of_a_hundred_nights() -> None:
    (line,) = answer(DEMO, [coffee(Found(1.05, 0.97, 1.1), jerks=(0.03, -0.004, 0.061))], NO_TESTS, {}).lines
    assert line.words == (
        "After 100 mg more caffeine from 2 pm on (a mug of coffee): about 3 more jerks in 100 nights (0.4 fewer to 6"
        " more)."
    )
    assert line.cautions == ()


def test_how_common_jerks_are_stands_before_the_differences() -> None:
    told = answer(DEMO, [coffee(Found(1.05, 0.97, 1.1), jerks=(0.03, -0.004, 0.061))], NO_TESTS, {"jerk_count": 0.712})
    assert told.what.endswith("Those compared here have about 71 in 100 nights.")


def test_what_frequent_answers_alone_do_not_show_is_not_told_in_frequent_jerks() -> None:
    interview = NHANES.instruments[0]
    often, any_ = (Difference(name, "", 0.4, 0.2, 0.6) for name in ("leg_jerks_often", "leg_jerks_any"))
    alike, rare = (
        Cuts(0.3, (("r", Found(1.2, 1.1, 1.3)), ("often", one))) for one in (Found(1.2, 1.1, 1.3), Found(1, 0.9, 1.1))
    )
    told = [
        answer(
            NHANES,
            [Ratio(interview, interview.primary[0], Found(1.2, 1.1, 1.3), 0.001, None, None, (often, any_), cuts)],
            NO_TESTS,
            {},
        )
        for cuts in (alike, rare)
    ]
    assert [one.lines[0].words.partition("1,000 ")[2] for one in told] == [
        "with frequent leg jerks (2 to 6 more).", "with any leg jerks (2 to 6 more).",
    ]  # fmt: skip


@pytest.mark.parametrize(("p", "told"), [(0.3, "about 4 more"), (0.01, "about 9 more")])
def test_where_one_ratio_does_not_serve_all_answers_a_difference_is_that_of_the_answers_it_speaks_of(
    p: float, told: str
) -> None:
    interview = NHANES.instruments[0]
    by_all, by_own = (Difference("leg_jerks_often", "", value, value - 0.1, value + 0.1) for value in (0.4, 0.9))
    cuts = Cuts(p, (("r", Found(1.1, 1.05, 1.2)), ("often", Found(1.3, 1.2, 1.4))))
    own = Ratio(
        interview, interview.primary[0], Found(1.2, 1.1, 1.3), 0.001, None, None, (by_all,), cuts, (by_own,)
    )  # fmt: skip
    (line,) = answer(NHANES, [own], NO_TESTS, {}).lines
    assert told in line.words
    section = finding(own, 1)
    assert ("By the one ratio the answer at the top would be about 4 more (3 to 5 more)." in section) == (p < 0.05)


def test_fewer_jerks_are_called_fewer() -> None:
    (line,) = answer(DEMO, [coffee(Found(0.8, 0.7, 0.9), jerks=(-0.1, -0.15, -0.05))], NO_TESTS, {}).lines
    assert line.words.endswith("about 10 fewer jerks in 100 nights (5 to 15 fewer).")


def test_what_has_no_average_is_said_as_a_ratio_and_what_has_none_says_why() -> None:
    told, untold = (answer(DEMO, [coffee(one)], NO_TESTS, {}).lines[0] for one in (Found(1.2, 1.1, 1.3), None))
    assert told.words.endswith("1.20 times as many noticed jerks that night (1.10 to 1.30).")
    assert untold.words.endswith("there is no estimate (fewer than ten persons enter it).")
    assert untold.plot is None


def test_a_small_plot_lies_within_whatever_width_it_is_given() -> None:
    wide, narrow = answer(
        DEMO,
        [coffee(Found(1.2, 0.5, 2.9)), replace(coffee(Found(1.2, 1.1, 1.3)), estimand=DIARY.primary[1])],
        NO_TESTS,
        {},
    ).lines
    assert wide.plot is not None
    assert narrow.plot is not None
    assert (wide.plot.none, narrow.plot.none) == (50, 50)
    assert 0 < wide.plot.low < 50 < narrow.plot.low < narrow.plot.mark < narrow.plot.high < wide.plot.high < 100


def test_a_survey_on_the_other_side_is_told_next_to_the_diary() -> None:
    survey = Ratio(SURVEY, SURVEY.primary[0], Found(0.9, 0.85, 0.95), 0.001, None, None)
    (line,) = answer(DEMO, [coffee(Found(1.2, 1.1, 1.3), 0.001), survey], NO_TESTS, {}).lines
    assert [one.words for one in line.cautions] == ["the survey says the opposite"]


def test_bent_doses_and_answers_of_their_own_are_told_next_to_the_number() -> None:
    row = {"design": "diary", "analysis": "splines", "variant": "non-linearity", "exposure": "caffeine"}
    bent = pl.DataFrame([row | {"outcome": "jerk_count", "p_value": 0.01}])
    uneven = replace(coffee(Found(1.2, 1.1, 1.3), 0.001), cuts=Cuts(0.01, (("often", Found(1.4, 1.2, 1.6)),)))
    (line,) = answer(DEMO, [uneven], bent, {}).lines
    assert [one.words for one in line.cautions] == [
        "not alike at every dose", "stronger for frequent than for rare jerks",
    ]  # fmt: skip


@pytest.mark.parametrize(("p", "told"), [(0.01, ["differs between submissions"]), (0.4, [])])
def test_parts_of_a_study_that_differ_by_more_than_chance_are_told(p: float, told: list[str]) -> None:
    row = {"design": "diary", "analysis": "combining", "variant": "heterogeneity", "exposure": "caffeine"}
    rows = pl.DataFrame([row | {"outcome": "jerk_count", "p_value": p}])
    (line,) = answer(OPEN, [coffee(Found(1.2, 1.1, 1.3), 0.001)], rows, {}).lines
    assert [one.words for one in line.cautions] == told


@pytest.mark.parametrize(
    ("found", "told"),
    [(Found(1.2, 1.1, 1.3), ["not seen in frequent jerks alone"]), (Found(1.05, 0.9, 1.2), [])],
    ids=["clear as a whole", "unclear as a whole"],
)
def test_what_is_not_seen_among_frequent_answers_is_told_next_to_the_number(found: Found, told: list[str]) -> None:
    cuts = Cuts(0.3, (("monthly", Found(1.25, 1.1, 1.4)), ("weekly", Found(1.01, 0.95, 1.07))))
    (line,) = answer(DEMO, [replace(coffee(found, 0.001), cuts=cuts)], NO_TESTS, {}).lines
    assert [one.words for one in line.cautions] == told


def test_the_section_gives_each_part_of_a_study_that_differs_from_the_others() -> None:
    row = {"design": "diary", "exposure": "caffeine", "outcome": "jerk_count", "p_value": None, "estimate": None}
    row |= {"conf_low": None, "conf_high": None}
    rows = [
        row | {"analysis": "combining", "variant": "heterogeneity", "p_value": 0.001},
        row | {"analysis": "further", "variant": "in-2005", "estimate": 1.12, "conf_low": 1.07, "conf_high": 1.17},
        row | {"analysis": "further", "variant": "in-2007", "estimate": 1.01, "conf_low": 0.95, "conf_high": 1.06},
    ]
    said = apart(coffee(Found(1.07, 1.03, 1.11)), pl.DataFrame(rows, infer_schema_length=None))
    assert said.endswith("(Cochran's Q, p 0.001): 2005 1.12 (1.07 to 1.17); 2007 1.01 (0.95 to 1.06).")


def test_where_the_diary_has_no_estimate_the_survey_answers() -> None:
    survey = Ratio(SURVEY, SURVEY.primary[0], Found(0.9, 0.85, 0.95), 0.001, None, None)
    (line,) = answer(DEMO, [coffee(None), survey], NO_TESTS, {}).lines
    assert line.words.startswith("In people who take 100 mg more caffeine a day")


def test_where_no_exposure_has_an_estimate_for_one_reason_that_is_said_once() -> None:
    untold = [Ratio(DIARY, row, None, None, "few_persons", None) for row in DIARY.primary]
    (line,) = answer(DEMO, untold, NO_TESTS, {}).lines
    assert line.words == (
        "There is no estimate of any exposure (caffeine, alcohol, stress, vigorous exercise, sleep loss): fewer than"
        " ten persons enter it. Answers of more people may give one."
    )
    assert line.sure == "No answer yet"
    assert len(answer(DEMO, [replace(untold[0], reason="unanswered"), *untold[1:]], NO_TESTS, {}).lines) == 5
