"""A question: an estimand on the rows of a set, fitted once, and asked anew of other rows or of another estimand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import Question, questions, study
from hypnic.analysis.programme import halfpanel
from hypnic.analysis.question import separated
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.errors import HypnicError


@pytest.fixture(scope="module")
def diary():
    return simulated_set("diary", 40, seed=5)


def test_the_fit_of_a_question_is_computed_once(diary, monkeypatch: pytest.MonkeyPatch) -> None:
    made, real = [], separated.fit

    def counted(*given, **keywords):
        made.append(given)
        return real(*given, **keywords)

    monkeypatch.setattr(separated, "fit", counted)
    stress = questions(diary)[2]
    assert stress.fit() is stress.fit()
    stress.rows_used()
    assert len(made) == 1
    # Other terms are another model, and are fitted each time they are asked for.
    stress.fit(["stress"])
    assert len(made) == 2


def test_each_primary_estimand_is_a_question_in_the_order_of_the_report(diary) -> None:
    asked = [question.estimand.exposure for question in questions(diary)]
    assert asked == ["caffeine", "alcohol", "stress", "exercise", "sleep_loss"]
    assert len(questions(diary, role=None)) == len(diary.estimands)


def test_the_rows_used_say_whose_they_are_and_are_those_of_the_fit(diary) -> None:
    stress = questions(diary)[2]
    used = stress.rows_used()
    assert used.height == stress.fit().info["n_rows"]
    assert used["person"].to_list() == used["participant_id"].to_list()
    codes = stress.persons(stress.fit())
    assert codes.max() + 1 == used["person"].n_unique() == stress.fit().info["n_groups"]


def test_other_rows_or_another_estimand_make_another_question(diary) -> None:
    stress = questions(diary)[2]
    first_week = stress.on(diary.frame.filter(pl.col("night_index") <= 7))
    assert first_week.estimand == stress.estimand
    assert first_week.fit().info["n_rows"] < stress.fit().info["n_rows"]
    plain = stress.but(adjustment=())
    assert plain.fit().names == ("stress",)
    assert plain.data is stress.data


def test_a_step_of_two_points_doubles_the_log_ratio_of_one(diary) -> None:
    stress = questions(diary)[2]
    one, two = (stress.but(step=step).fit().params[0] for step in (1, 2))
    assert two == pytest.approx(2 * one, rel=1e-6)


def test_a_blank_row_has_no_numbers_and_takes_the_facts_it_is_told(diary) -> None:
    row = questions(diary)[0].blank(role="sensitivity", variant="lag-1")
    assert (row["role"], row["variant"], row["exposure"]) == ("sensitivity", "lag-1", "caffeine")
    assert (row["n_rows"], row["n_dropped"]) == (0, diary.frame.height)
    assert [row[key] for key in ("estimate", "conf_low", "p_value")] == [None] * 3


def test_an_exposure_that_nobody_answered_is_named(diary) -> None:
    stress = questions(diary)[2]
    unanswered = stress.on(diary.frame.with_columns(stress_0_10=pl.lit(None, pl.Int8)))
    with pytest.raises(HypnicError, match="nobody answered stress_0_10") as error:
        unanswered.fit()
    assert error.value.reason == "unanswered"


def test_each_level_of_a_split_has_a_term_of_its_own() -> None:
    survey = study("demo").sets[1]
    split = Question(survey, survey.estimands[2]).but(by="sex_at_birth", adjustment=("age_band",))
    levels = survey.frame["sex_at_birth"].unique().sort().to_list()
    assert split.terms == [f"stress in {level}" for level in levels]
    assert set(split.rows_used()["level"]) <= set(levels)


@pytest.mark.parametrize("kept", ["sample", "columns", "estimation"])
def test_a_fit_put_together_from_others_has_no_rows_of_its_own(diary, kept: str) -> None:
    sleep = questions(diary)[4]
    terms = [sleep.estimand.exposure, *sleep.estimand.adjustment]
    together = halfpanel.half_panel(sleep.exposed(), "jerk_count", terms, diary.person, "night_index")
    assert np.isfinite(together.params).all()
    with pytest.raises(HypnicError, match="put together from others"):
        getattr(together, kept)


def test_questions_of_a_whole_study_are_refused_with_the_way_to_a_set() -> None:
    with pytest.raises(HypnicError, match=r"such as study\('demo'\).sets\[0\], not of a StudyData"):
        questions(study("demo"))  # type: ignore[arg-type]


def test_a_role_that_does_not_exist_is_refused_with_the_list(diary) -> None:
    with pytest.raises(HypnicError, match="no role 'primray': choose from primary, "):
        questions(diary, "primray")
