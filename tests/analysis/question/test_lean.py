"""The rule for small and lean studies: what leaves, what is pooled, which rows say nothing, when nothing happens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.analysis.programme.primary import rows as primary_rows
from hypnic.analysis.question import Question
from hypnic.analysis.question.separated import fit_or_reduced
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import neighbours
from hypnic.analysis.studies.rare import pooled_levels
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import POOLING, SURVEY
from hypnic.analysis.studies.told import without_told
from hypnic.errors import HypnicError
from hypnic.schemas import PUBLISHED, Participants, columns
from hypnic.schemas.disclosure import FEWEST_PERSONS

N = 80
AGES = ["25-34", "35-44", "45-54"]


def people(**told: object) -> pl.DataFrame:
    """Give eighty respondents: nights with a jerk out of 30, caffeine, and the columns told."""
    rng = np.random.default_rng(5)
    caffeine = rng.integers(0, 6, N) * 100
    frame = pl.DataFrame({
        "participant_id": [f"p{row:02}" for row in range(N)],
        "jerk_nights_30d": rng.binomial(30, 1 - np.exp(-0.1 * 1.05 ** (caffeine / 100) * rng.gamma(4, 0.25, N))),
        "nights_asked": 30,
        "caffeine_usual_mg": caffeine,
        "stress_usual_0_10": rng.integers(0, 11, N),
    })  # fmt: skip
    return frame.with_columns(**{name: pl.Series(name, values, strict=False) for name, values in told.items()})


def ask(frame: pl.DataFrame, *adjustment: str, **facts: object) -> Question:
    """Ask after caffeine in some respondents, adjusted for some columns."""
    estimand = Estimand(
        "survey", "caffeine", "caffeine_usual_mg", 100, "100 mg a day", "a day", adjustment, "jerk_nights_30d",
        "cloglog", "HC3",
    )  # fmt: skip
    estimand = replace(estimand, **facts)  # type: ignore[arg-type]
    data = AnalysisSet(SURVEY, frame, "participant_id", ("jerk_nights_30d", "nights_asked"), (estimand,))
    return Question(data, estimand)


def first(number: int, one: object, other: object) -> list[object]:
    """Give `one` to the first so many respondents and `other` to the rest."""
    return [one] * number + [other] * (N - number)


def row_of(question: Question) -> dict[str, object]:
    return next(iter(primary_rows(question.data)))


def slope(question: Question) -> tuple[float, float]:
    line = question.fit().contrast({"caffeine": 1})
    return line["estimate"].item(), line["std_error"].item()


@pytest.mark.parametrize(
    "values",
    [first(N, None, None), first(9, 1.5, None), first(N, 1, 1), first(9, 1, 0), first(N - 9, 1, 0), first(9, "a", "b")],
    ids=["nobody answered", "nine answered", "constant", "nine yes", "nine no", "a choice that cannot be pooled"],
)
def test_a_column_that_says_nothing_or_too_little_leaves_and_the_row_stays(values: list[object]) -> None:
    asked = ask(people(other=values), "stress_usual_0_10", "other")
    assert slope(asked) == slope(ask(people(), "stress_usual_0_10"))
    row = row_of(asked)
    assert (row["status"], row["adjustment"], row["n_rows"]) == ("estimated", "stress_usual_0_10", N)


@pytest.mark.parametrize("values", [first(10, 1, 0), first(N - 10, 1, 0)])
def test_ten_people_on_either_side_are_enough(values: list[object]) -> None:
    asked = ask(people(other=values), "stress_usual_0_10", "other")
    assert not asked.lean.changed
    assert row_of(asked)["adjustment"] == "stress_usual_0_10+other"


def test_what_is_studied_is_never_taken_away() -> None:
    asked = ask(people(caffeine_usual_mg=first(N, None, None)), "stress_usual_0_10")
    row = row_of(asked)
    assert (row["status"], row["reason"]) == ("not_estimable", "unanswered")


def test_where_nothing_is_rare_the_fit_is_the_plain_one_to_the_last_digit() -> None:
    frame = people(age_band=[AGES[row % 3] for row in range(N)], ssri_snri=[row % 4 == 0 for row in range(N)])
    frame = frame.with_columns(pl.col("ssri_snri").cast(pl.Int8))
    asked = ask(frame, "age_band", "ssri_snri", "stress_usual_0_10")
    plain = fit(
        asked.exposed(), ("jerk_nights_30d", "nights_asked"), ["caffeine", *asked.estimand.adjustment], "cloglog"
    )
    assert asked.fit().names == plain.names
    assert np.array_equal(asked.fit().params, plain.params)
    assert np.array_equal(asked.fit().vcov, plain.vcov)
    assert asked.kept() is asked


def test_a_rare_age_joins_its_neighbour_and_the_column_keeps_its_name() -> None:
    ages = ["25-34"] * 40 + ["35-44"] * 36 + ["75+"] * 4
    asked = ask(people(age_band=ages), "age_band")
    assert asked.fit().names[2:] == ("age_band[35-44 or 75+]",)
    assert row_of(asked)["adjustment"] == "age_band"


def test_pooling_gives_what_the_joined_level_would_have_given() -> None:
    ages = ["25-34"] * 40 + ["35-44"] * 36 + ["75+"] * 4
    joined = ["25-34"] * 40 + ["35-44"] * 40
    assert slope(ask(people(age_band=ages), "age_band")) == pytest.approx(
        slope(ask(people(age_band=joined), "age_band"))
    )


def test_rare_shifts_become_one_and_people_without_any_stay_apart() -> None:
    shifts = ["none"] * 66 + ["night"] * 3 + ["rotating"] * 5 + ["late"] * 2 + ["early"] * 4
    counts = dict(pl.Series(shifts).value_counts().rows())
    assert set((pooled_levels(counts, POOLING["shift_pattern"]) or {}).values()) == {
        "none", "early or late or night or rotating",
    }  # fmt: skip


def test_too_few_shift_workers_to_make_ten_take_the_column_with_them() -> None:
    asked = ask(people(shift_pattern=first(9, "night", "none")), "shift_pattern", "stress_usual_0_10")
    assert asked.lean.adjustment == ("stress_usual_0_10",)


def test_an_answer_on_sex_that_few_gave_does_not_cost_the_adjustment_for_sex() -> None:
    sexes = ["female"] * 40 + ["male"] * 37 + ["other_or_undisclosed"] * 3
    asked = ask(people(sex_at_birth=sexes), "sex_at_birth")
    assert asked.fit().names[2:] == ("sex_at_birth[male]",)


LEVELS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")


@given(st.dictionaries(st.sampled_from(LEVELS), st.integers(1, 40), min_size=1), st.randoms())
def test_pooled_levels_have_ten_people_and_are_neighbours_in_whatever_order_they_come(
    counts: dict[str, int], chance: object
) -> None:
    pooled = pooled_levels(counts, neighbours(*LEVELS))
    shuffled = list(counts.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert pooled_levels(dict(shuffled), neighbours(*LEVELS)) == pooled
    if pooled is None:
        assert sum(counts.values()) < 20 or min(counts.values()) < 10 or len(counts) == 1
        return
    people_of: dict[str, int] = {}
    for level, count in counts.items():
        people_of[pooled[level]] = people_of.get(pooled[level], 0) + count
    assert min(people_of.values()) >= 10
    assert len(people_of) > 1
    seen = [pooled[level] for level in LEVELS if level in counts]
    assert len(seen) - 1 == sum(a == b for a, b in pairwise(seen)) + len(people_of) - 1


def test_every_choice_that_the_survey_adjusts_for_has_its_order_of_pooling_with_every_answer() -> None:
    form, published = columns(Participants), columns(PUBLISHED["participants"])
    chosen = {
        name for row in SURVEY.estimands for name in row.adjustment if name in form and form[name].kind == "choice"
    }
    assert chosen == set(POOLING)
    for name, pools in POOLING.items():
        missing = {*form[name].missing_words, *published[name].missing_words} - {"withheld"}
        assert set(pools) == {*form[name].options, *published[name].options, "withheld"} - missing
        assert {to for into in pools.values() for to in into} <= set(pools)


def test_the_order_of_pooling_is_the_frozen_one() -> None:
    # Written before any survey answer came: another order is another specification, and CHANGELOG has to say so.
    written = json.dumps([FEWEST_PERSONS, POOLING], sort_keys=True, separators=(",", ":"))
    frozen = "4f9930a01117697d6029a84b77fd53df16498b7cb3b961126cc687aa6c7e4440"
    assert hashlib.sha256(written.encode()).hexdigest() == frozen


def test_who_answered_decides_and_how_often_they_jerk_does_not() -> None:
    ages = ["25-34"] * 40 + ["35-44"] * 36 + ["75+"] * 4
    frame = people(age_band=ages, stimulant=first(8, 1, 0), any_nicotine=first(30, 1, 0))
    rng = np.random.default_rng(1)
    whole = ask(frame, "age_band", "stimulant", "any_nicotine").lean
    for _ in range(5):
        other = frame.with_columns(jerk_nights_30d=pl.Series(rng.integers(1, 30, N)))
        found = ask(other, "age_band", "stimulant", "any_nicotine").lean
        assert (found.adjustment, found.left, found.pooled) == (whole.adjustment, whole.left, whole.pooled)
        assert found.frame["age_band"].equals(whole.frame["age_band"])


def test_rows_that_come_back_when_a_column_leaves_count_for_the_others() -> None:
    # Of those who told their shift three take stimulants. Nobody who told works one: shift leaves, and there are ten.
    frame = people(stimulant=first(10, 1, 0), shift_pattern=first(7, None, "none"))
    asked = ask(frame, "shift_pattern", "stimulant")
    assert asked.lean.adjustment == ("stimulant",)
    assert asked.fit().info["n_rows"] == N


@pytest.mark.parametrize("nights", [0, 30])
def test_a_level_in_which_all_have_the_same_extreme_answer_is_dropped_and_counted(nights: int) -> None:
    frame = people(rls_probable=first(12, 1, 0))
    settled = pl.Series([nights] * 12 + frame["jerk_nights_30d"][12:].to_list())
    frame = frame.with_columns(jerk_nights_30d=settled)
    asked = ask(frame, "rls_probable", "stress_usual_0_10")
    assert asked.lean.settled == 12
    assert slope(asked) == pytest.approx(slope(ask(frame[12:], "stress_usual_0_10")), rel=1e-12)
    row = row_of(asked)
    assert (row["n_rows"], row["n_dropped"], row["adjustment"]) == (N - 12, 12, "stress_usual_0_10")


def test_the_slope_without_a_settled_level_is_the_limit_of_the_slope_with_it() -> None:
    frame = people(rls_probable=first(12, 1, 0))
    frame = frame.with_columns(jerk_nights_30d=pl.Series([0] * 12 + frame["jerk_nights_30d"][12:].to_list()))
    ready = ask(frame).exposed().with_columns(never=(1 - pl.col("rls_probable") * (1 - 1e-9)))
    # A level with a billionth of the chance of others, held: as near to never as numbers go.
    limit = fit(ready, ("jerk_nights_30d", "nights_asked"), ["caffeine"], "cloglog", exposure="never")
    assert slope(ask(frame, "rls_probable"))[0] == pytest.approx(limit.params[1], rel=1e-6)


def test_people_who_did_not_tell_a_level_that_was_dropped_stay_out() -> None:
    frame = people(rls_probable=[*first(12, 1, 0)[:-5], *[None] * 5])
    frame = frame.with_columns(jerk_nights_30d=pl.Series([0] * 12 + frame["jerk_nights_30d"][12:].to_list()))
    assert ask(frame, "rls_probable").fit().info["n_rows"] == N - 12 - 5


def test_rows_used_are_those_of_the_fit_in_their_pooled_levels() -> None:
    ages = ["25-34"] * 40 + ["35-44"] * 36 + ["75+"] * 4
    frame = people(age_band=ages, rls_probable=first(12, 1, 0))
    frame = frame.with_columns(jerk_nights_30d=pl.Series([0] * 12 + frame["jerk_nights_30d"][12:].to_list()))
    used = ask(frame, "age_band", "rls_probable").rows_used()
    assert used["person"].to_list() == frame["participant_id"][12:].to_list()
    assert used["age_band"].unique().sort().to_list() == ["25-34", "35-44 or 75+"]


def separated() -> pl.DataFrame:
    """Give respondents whose stress settles whether they ever jerk, so that no level can be dropped."""
    rng = np.random.default_rng(2)
    stress = rng.permutation(np.arange(N) / 10)
    return people(stress_usual_0_10=stress, jerk_nights_30d=np.where(stress > 4, 30, 0))


@pytest.mark.parametrize(
    "alone", [separated(), people(stress_usual_0_10=first(1, 5.0, 0.0))], ids=["separated", "alone"]
)
def test_what_still_separates_is_fitted_with_its_bias_reduced_and_says_so(alone: pl.DataFrame) -> None:
    asked = ask(alone, "stress_usual_0_10")
    with pytest.raises(HypnicError):
        fit(asked.exposed(), ("jerk_nights_30d", "nights_asked"), ["caffeine", "stress_usual_0_10"], "cloglog")
    row = row_of(asked)
    assert (row["status"], row["covariance"], row["family"]) == ("estimated", "bias-reduced", "cloglog")
    assert row["df"] == N - 3
    assert np.isfinite([row["conf_low"], row["conf_high"]]).all()


def test_a_fit_that_runs_away_too_slowly_to_be_refused_is_reduced_too() -> None:
    rng = np.random.default_rng(
        298
    )  # one of four hundred in which the first respondent, alone in a column, jerks never
    x, z = rng.integers(0, 6, 40), rng.integers(0, 2, 40)
    k = rng.binomial(30, 1 - np.exp(-0.15 * np.exp(0.1 * x + 0.2 * z) * rng.gamma(2, 0.5, 40)))
    frame = pl.DataFrame({"k": k, "n": 30, "x": x, "z": z, "alone": [5] + [0] * 39})
    assert not fit(frame, ("k", "n"), ["x", "z", "alone"], "cloglog").info["converged"]
    found = fit_or_reduced(frame, ("k", "n"), ["x", "z", "alone"], "cloglog", covariance="HC3")
    assert found.info["converged"]
    assert np.isfinite(found.vcov).all()
    assert found.info["covariance"] == "bias-reduced"


@pytest.mark.slow
def test_bias_reduced_limits_hold_where_persons_differ_and_model_limits_do_not() -> None:
    terms, nights = ["x", "alone"], ("k", "n")
    held = {"ours": 0, "model": 0}
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = rng.integers(0, 6, 40)
        k = rng.binomial(30, 1 - np.exp(-0.15 * np.exp(0.1 * x) * rng.gamma(2, 0.5, 40)))
        frame = pl.DataFrame({"k": k, "n": 30, "x": x, "alone": [5] + [0] * 39})
        ours = fit_or_reduced(frame, nights, terms, "cloglog", covariance="HC3")
        model = fit(frame, nights, terms, "cloglog", covariance="model", bias_reduced=True)
        for name, fitted in (("ours", ours), ("model", model)):
            line = fitted.contrast({"x": 1}).row(0, named=True)
            held[name] += line["conf_low"] <= 0.1 <= line["conf_high"]
    assert held["ours"] >= 88  # of 100 with a chance of 0.95 fewer come once in a thousand times
    assert held["model"] < 85


def test_bias_reduced_errors_are_model_errors_times_the_spread_of_the_answers() -> None:
    asked = ask(people(stress_usual_0_10=first(1, 5.0, 0.0)), "stress_usual_0_10")
    terms = ["caffeine", "stress_usual_0_10"]
    nights = ("jerk_nights_30d", "nights_asked")
    model = fit(asked.exposed(), nights, terms, "cloglog", covariance="model", bias_reduced=True)
    assert asked.fit().info["scale"] > 1.5
    assert np.allclose(asked.fit().vcov, model.vcov * asked.fit().info["scale"])
    assert np.array_equal(asked.fit().params, model.params)


def test_a_survey_with_weights_is_left_as_it_is() -> None:
    frame = people(stimulant=first(9, 1, 0), w=[1.0] * N)
    asked = ask(frame, "stimulant", weights="w", covariance="design")
    assert not asked.lean.changed
    assert "stimulant" in asked.fit().names


def nights(**told: object) -> AnalysisSet:
    """Give twenty diaries of eight nights; `told` are columns, a value a person or a night."""
    rng = np.random.default_rng(3)
    person = np.repeat(np.arange(20), 8)
    frame = pl.DataFrame({
        "participant_id": [f"p{row:02}" for row in person],
        "jerk_count": rng.poisson(1.5, len(person)),
        "stress_0_10": rng.integers(0, 11, len(person)),
        "sleep_loss_prev_h": rng.normal(size=len(person)),
    })  # fmt: skip
    added: Mapping[str, pl.Series] = {
        name: pl.Series(name, np.repeat(np.asarray(v), 8) if len(v) == 20 else v)  # type: ignore[arg-type]
        for name, v in told.items()
    }
    person_column = {"groups": "participant_id", "cluster": "participant_id"}
    estimand = replace(DIARY.estimands[2], adjustment=("sleep_loss_prev_h", "next_day_free"))
    return AnalysisSet(DIARY, frame.with_columns(**added), "participant_id", "jerk_count", (estimand,), person_column)


@pytest.mark.parametrize(
    "values", [[None] * 160, [1] * 160, [0, 1] * 10], ids=["nobody answered", "constant", "never varies in a person"]
)
def test_in_a_diary_what_never_varies_within_a_person_leaves(values: list[int | None]) -> None:
    data = nights(next_day_free=values)
    row = next(iter(primary_rows(data)))
    assert (row["status"], row["adjustment"]) == ("estimated", "sleep_loss_prev_h")


def test_in_a_diary_a_column_that_few_persons_vary_in_stays() -> None:
    data = nights(next_day_free=[1, 0] * 4 + [0] * 152)
    assert Question(data, data.estimands[0]).lean.adjustment == ("sleep_loss_prev_h", "next_day_free")


def test_what_was_withheld_of_the_same_people_is_one_coefficient_and_the_ratio_is_there() -> None:
    """Shifts and the third sex are known of the same sixty, so that one withheld level tells the other."""
    sex = ["female"] * 30 + ["male"] * 30 + ["other_or_undisclosed"] * 20
    shift = ["none"] * 60 + ["withheld"] * 20
    both = ask(people(sex_at_birth=sex, shift_pattern=shift), "sex_at_birth", "shift_pattern")
    one = ask(people(sex_at_birth=sex, shift_pattern=shift), "sex_at_birth")
    assert both.lean.left == {"shift_pattern": "told by the others"}
    assert both.fit().contrast({"caffeine": 1}).equals(one.fit().contrast({"caffeine": 1}))


def test_a_level_that_others_tell_joins_the_first_and_the_rest_of_its_column_stays() -> None:
    sex = ["female", "male"] * 30 + ["other_or_undisclosed"] * 20
    shift = ["any"] * 15 + ["none"] * 45 + ["withheld"] * 20
    found = ask(people(sex_at_birth=sex, shift_pattern=shift), "sex_at_birth", "shift_pattern")
    assert found.lean.adjustment == ("sex_at_birth", "shift_pattern")
    assert found.lean.joined == ("shift_pattern",)
    assert found.fit().names == (
        "(Intercept)", "caffeine", "sex_at_birth[male]", "sex_at_birth[other_or_undisclosed]", "shift_pattern[none]",
    )  # fmt: skip
    assert found.kept().lean.joined == ()


told_columns = st.lists(st.lists(st.sampled_from("abc"), min_size=30, max_size=30), min_size=1, max_size=4)


@given(told_columns, st.lists(st.integers(0, 2), min_size=30, max_size=30))
def test_what_is_left_has_full_rank_and_says_all_that_there_was(choices, numbers) -> None:
    frame = pl.DataFrame({f"c{place}": values for place, values in enumerate(choices)} | {"n": numbers})
    told = without_told(frame, frame.columns)
    kept = frame.with_columns(rest for rest in told.values() if rest is not None)
    kept = kept.select(name for name in frame.columns if name not in told or told[name] is not None)

    def expanded(some: pl.DataFrame) -> np.ndarray:
        parts = [np.ones((30, 1))]
        parts += [
            some.select(pl.col(name)).to_dummies().to_numpy()[:, 1:] if some[name].dtype == pl.String
            else some.select(name).to_numpy() for name in some.columns
        ]  # fmt: skip
        return np.hstack(parts).astype(float)

    left = expanded(kept)
    assert left.shape[1] == np.linalg.matrix_rank(left) == np.linalg.matrix_rank(np.hstack([left, expanded(frame)]))
