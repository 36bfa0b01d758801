"""The page states the rule for small studies, and says of each row what it took or pooled, without a count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hypnic.analysis import study
from hypnic.analysis.question import questions
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.reports.methods import Method, _method, methods

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="module")
def small() -> Method:
    data = simulated_set("survey", 60, seed=1)
    return _method(data, {question.estimand: question.lean for question in questions(data, role=None)})


def test_a_small_survey_says_what_left_and_what_was_pooled(small: Method) -> None:
    told: Mapping[str, str] = dict(small.adjustments)
    words = told["Caffeine (total effect)"]
    assert "by the rule for what is rare: not adjusted for" in words
    assert "stimulant medicine" in words.partition("by the rule")[2]
    assert "levels pooled in age group" in words


def test_how_many_they_were_is_told_nowhere(small: Method) -> None:
    for _, words in small.adjustments:
        rule = re.search(r"In this study, by the rule[^.]*\.", words)
        assert rule is None or not re.search(r"\d", rule.group())


def test_where_nothing_is_rare_the_rule_is_stated_and_no_row_tells_of_it() -> None:
    ready = study("demo")
    rules = {question.estimand: question.lean for data in ready.sets for question in questions(data, role=None)}
    diary, survey = methods(ready, rules)
    assert "never varies within a person, is not adjusted for" in diary.text
    assert "Where nothing is rare the rule changes nothing." in survey.text
    assert not [
        words for one in (diary, survey) for _, words in one.adjustments if "In this study, by the rule" in words
    ]
