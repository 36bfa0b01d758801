"""One person at a time: the quick step against fitting anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from hypnic.analysis import Question, estimands
from hypnic.analysis.checks.influence import influence, refitted
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.sets import AnalysisSet

STRESS = replace(estimands("diary")[2], adjustment=("coffee",), column="stress", step=2.0)


def diary(persons: int = 40, odd: int = 7) -> Question:
    """Nights with a slope of 0.2, but for one person who jerks the more the calmer the day."""
    rng = np.random.default_rng(9)
    person = np.repeat(np.arange(persons), 12)
    stress = rng.integers(0, 11, len(person))
    slope = np.where(person == odd, -0.4, 0.2)
    jerks = rng.poisson(np.exp(slope * (stress - 5) + (person == odd)))
    frame = pl.DataFrame({"id": person, "night_index": np.tile(np.arange(12), persons), "stress": stress,
                          "coffee": rng.integers(0, 300, len(person)), "jerks": jerks})  # fmt: skip
    data = AnalysisSet(DIARY, frame, "id", "jerks", (STRESS,), {"groups": "id", "cluster": "id"})
    return Question(data, STRESS)


def quickly(question: Question) -> np.ndarray:
    return influence(question.fit(), question.persons(question.fit()))


def test_one_step_is_near_the_fit_without_each_person() -> None:
    question = diary()
    quick = quickly(question)
    assert len(quick) == 40
    some = np.arange(0, 40, 3)
    np.testing.assert_allclose(quick[some], refitted(question, some), atol=0.1 * np.abs(quick).max())


def test_the_person_who_is_unlike_the_others_moves_the_slope_most() -> None:
    quick = quickly(diary(odd=7))
    assert np.argmax(np.abs(quick)) == 7
    assert quick[7] > 0
