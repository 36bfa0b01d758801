"""Where a rule starts to speak: the last answer that it lets pass, and the first that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import hypnic
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.published import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]

ASLEEP_AT_ONCE = {"sol_min": "0", "awakenings_n": "0", "waso_min": "0"}


def clocks(bed: float, wake: float, **more: str) -> Row:
    return ASLEEP_AT_ONCE | {"bed_clock_h": str(bed), "wake_clock_h": str(wake)} | more


NO_JERK = {"jerk_count": "0", "jerk_reporter": "none", "jerk_intensity_0_4": "0"} | dict.fromkeys(
    ("jerk_location", "jerk_sensation", "jerk_timing"), ""
)
NIGHTS = {
    "N02: late caffeine may be all of the day's": (
        "error", {"caffeine_mg": "180", "caffeine_after_14_mg": "180"},
        {"caffeine_mg": "180", "caffeine_after_14_mg": "181"},
    ),
    "N03: 0 mg have no time": (
        "error", {"caffeine_mg": "0", "caffeine_after_14_mg": "0", "caffeine_last_clock_h": "-7"},
        {"caffeine_mg": "5", "caffeine_after_14_mg": "0", "caffeine_last_clock_h": "-7"},
    ),
    "N04: caffeine after 14:00 ends after 14:00": (
        "error", {"caffeine_after_14_mg": "1", "caffeine_last_clock_h": "14.25"}, {"caffeine_last_clock_h": "14.0"},
    ),
    "N04: caffeine none of which is after 14:00 ends by 14:00": (
        "error", {"caffeine_after_14_mg": "0", "caffeine_last_clock_h": "14.0"},
        {"caffeine_after_14_mg": "0", "caffeine_last_clock_h": "14.25"},
    ),
    "N05: the last caffeine may end as one goes to bed": (
        "flag", {"caffeine_last_clock_h": "23.25"}, {"caffeine_last_clock_h": "23.5"},
    ),
    "N06: a minute of exercise is exercise": (
        "error", {"exercise_min": "1"}, {"exercise_min": "1", "exercise_type": "none"},
    ),
    "N07: exercise may end as one goes to bed": (
        "flag", {"exercise_end_clock_h": "23.25"}, {"exercise_end_clock_h": "23.5"},
    ),
    "N08: waking comes after falling asleep, not with it": (
        "error", clocks(22, 22.25, sol_min="14"), clocks(22, 22.25, sol_min="15"),
    ),
    "N09: some sleep there is": (
        "error", clocks(23, 24, sol_min="30", awakenings_n="1", waso_min="29"),
        clocks(23, 24, sol_min="30", awakenings_n="1", waso_min="30"),
    ),
    "N09: 16 hours are possible": ("error", clocks(20, 36), clocks(20, 36.25)),
    "N09: 2 hours are enough": ("warning", clocks(23, 25), clocks(23, 24.75)),
    "N09: 13 hours are not too many": ("warning", clocks(20, 33), clocks(20, 33.25)),
    "N10: a minute awake is an awakening": (
        "error", {"awakenings_n": "1", "waso_min": "1"}, {"awakenings_n": "0", "waso_min": "1"},
    ),
    "N10: an awakening takes a minute": (
        "error", {"awakenings_n": "0", "waso_min": "0"}, {"awakenings_n": "1", "waso_min": "0"},
    ),
    "N11: a jerk is of strength 1 at least": ("error", {"jerk_intensity_0_4": "1"}, {"jerk_intensity_0_4": "0"}),
    "N11: the strength of a jerk was asked": ("error", {"jerk_intensity_0_4": "-8"}, {"jerk_intensity_0_4": "-7"}),
    "N12: no jerk has no strength": ("error", NO_JERK, NO_JERK | {"jerk_intensity_0_4": "1"}),
    "N12: who would have noticed may be unknown": (
        "error", NO_JERK | {"jerk_reporter": "-8"}, NO_JERK | {"jerk_reporter": "self"},
    ),
    "N13: a count of 0 is known": ("error", NO_JERK, NO_JERK | {"jerk_count": "-8"}),
    "N14: a jerk where there never was one": ("warning", NO_JERK, {"jerk_count": "1"}),
    "N15: the morning part may come 24 hours later": ("flag", {"morning_lag_h": "24"}, {"morning_lag_h": "24.5"}),
    "N15: after 36 hours it is late": ("flag", {"morning_lag_h": "24"}, {"morning_lag_h": "36"}),
    "N15: after more it is void": ("error", {"morning_lag_h": "36"}, {"morning_lag_h": "36.5"}),
    "N17: 150 g of alcohol are not rare": ("warning", {"alcohol_g": "150"}, {"alcohol_g": "150.5"}),
    "N17: 3 hours to fall asleep are not rare": ("warning", {"sol_min": "180"}, {"sol_min": "181"}),
    "N19: to bed at noon": ("suggestion", clocks(11.75, 17), clocks(12, 17)),
    "N19: to bed at 18:00": ("suggestion", clocks(18.25, 22), clocks(18, 22)),
    "N19: up at 16:00": ("suggestion", clocks(12.5, 15.75), clocks(12.5, 16)),
    "N19: up at midnight": ("suggestion", clocks(18, 24.25), clocks(18, 24)),
    "afternoon: coffee before one": ("suggestion", {"caffeine_last_clock_h": "0.75"}, {"caffeine_last_clock_h": "1.0"}),
    "afternoon: sport from 6:30": ("suggestion", {"exercise_end_clock_h": "6.5"}, {"exercise_end_clock_h": "6.25"}),
    "N19: asleep for 2 hours": ("suggestion", clocks(14.25, 16), clocks(14, 16)),
}  # fmt: skip
PEOPLE = {
    "P03: 0 nights say nothing": ("error", {"jerk_ever": "unsure", "jerk_nights_30d": "0"}, {"jerk_ever": "unsure"}),
    "P03: 1 night does": (
        "error", {"jerk_freq_12mo": "never", "jerk_nights_30d": "0"},
        {"jerk_freq_12mo": "never", "jerk_nights_30d": "1"},
    ),
    "P07: none is 0": ("error", {"audit_c_q1": "0", "audit_c_q2": "0"}, {"audit_c_q1": "0", "audit_c_q2": "1"}),
    "P07: one drinking day a month may be": ("error", {"audit_c_q1": "1"}, {"audit_c_q1": "0"}),
    "P10: 1000 mg of caffeine": ("warning", {"caffeine_usual_mg": "1000"}, {"caffeine_usual_mg": "1001"}),
    "range: late caffeine may be all of it": (
        "error", {"caffeine_usual_mg": "210", "caffeine_after_14_usual_mg": "210"},
        {"caffeine_usual_mg": "210", "caffeine_after_14_usual_mg": "211"},
    ),
} | {
    f"P04: {often} is {least} nights at least": (
        "warning", {"jerk_freq_12mo": often, "jerk_nights_30d": f"{least}"},
        {"jerk_freq_12mo": often, "jerk_nights_30d": f"{least - 1}"},
    )
    for often, least in {"every_night": 27, "most_nights": 15}.items()
} | {
    f"P04: {often} is {most} nights at most": (
        "warning", {"jerk_freq_12mo": often, "jerk_nights_30d": f"{most}"},
        {"jerk_freq_12mo": often, "jerk_nights_30d": f"{most + 1}"},
    )
    for often, most in {"weekly": 12, "monthly": 4, "few_a_year": 2}.items()
}  # fmt: skip


@pytest.mark.parametrize(("case", "level", "passes", "fails"), [(k, *v) for k, v in NIGHTS.items()], ids=NIGHTS)
def test_a_rule_on_nights_speaks_from_its_bound_on(  # noqa: PLR0913, PLR0917 -- a case and the fixtures
    case: str, level: str, passes: Row, fails: Row, person: Row, diary: list[Row], save: Save
) -> None:
    diary[1] |= passes
    diary[2] |= fails
    people = save("participants", [person | ({"jerk_ever": "no"} if case.startswith("N14") else {})])
    found = hypnic.check(people, save("nights", diary)).filter(rule=case.partition(":")[0], level=level)
    lines = set(found.filter(table="nights")["line"])
    assert lines & {3, 4} == {4}


@pytest.mark.parametrize(("case", "level", "passes", "fails"), [(k, *v) for k, v in PEOPLE.items()], ids=PEOPLE)
def test_a_rule_on_people_speaks_from_its_bound_on(  # noqa: PLR0913, PLR0917 -- a case and the fixtures
    case: str, level: str, passes: Row, fails: Row, person: Row, save: Save
) -> None:
    rows = [person | passes, person | fails | {"participant_id": "p_zzzzzzzzzzzzzzzz"}]
    found = hypnic.check(save("participants", rows)).filter(rule=case.partition(":")[0], level=level)
    assert found["line"].to_list() == [3]


@pytest.mark.parametrize(("nights", "levels"), [(4, ["flag"]), (5, ["warning"]), (9, ["warning"]), (10, [])])
def test_a_diary_of_5_nights_is_kept_and_one_of_10_is_long_enough(
    nights: int, levels: list[str], diary: list[Row], save: Save
) -> None:
    found = hypnic.check(save("nights", diary[:nights]))
    assert found.select("rule", "level").rows() == [("N20", level) for level in levels]


def test_a_night_without_a_jerk_is_an_answered_night(diary: list[Row], save: Save) -> None:
    assert hypnic.check(save("nights", [night | NO_JERK for night in diary])).is_empty()


def test_a_night_whose_count_is_unknown_is_not_an_answered_night(diary: list[Row], save: Save) -> None:
    unknown = NO_JERK | {"jerk_count": "-8", "jerk_reporter": "-8", "jerk_intensity_0_4": "-8"}
    found = hypnic.check(save("nights", [*diary[:4], *(night | unknown for night in diary[4:])]))
    assert found.select("rule", "level", "line").rows() == [("N20", "flag", 2)]


ASKED = [name for name, facts in columns(Participants).items() if facts.required and facts.routing is None]
REFUSED = dict.fromkeys((name for name in ASKED if -9 in columns(Participants)[name].codes), "-9")


@pytest.mark.parametrize("more", [0, 1])
def test_a_form_is_abandoned_where_more_than_half_of_what_was_asked_is_blank(
    more: int, person: Row, save: Save
) -> None:
    blank = [name for name in ASKED if name != "participant_id"][: len(ASKED) // 2 + more]
    found = hypnic.check(save("participants", [person | {"phq2_q2": "0"} | dict.fromkeys(blank, "")]))
    assert ("P11" in found["rule"]) is bool(more)


def test_a_refusal_counts_as_much_as_a_blank_towards_an_abandoned_form(person: Row, save: Save) -> None:
    others = [name for name in ASKED if name not in {"participant_id", *REFUSED}]
    blank = others[: len(ASKED) // 2 + 1 - len(REFUSED)]
    half = person | dict.fromkeys(blank[:-1], "") | REFUSED
    assert "P11" not in hypnic.check(save("participants", [half]))["rule"]
    assert "P11" in hypnic.check(save("participants", [half | {blank[-1]: ""}]))["rule"]


@pytest.mark.parametrize(("sol", "waso"), [(0, 0), (15, 0), (0, 45), (600, 720)])
def test_of_all_pairs_of_clocks_those_are_suspected_that_one_move_by_12_hours_alone_repairs(
    sol: int, waso: int
) -> None:
    bed, wake = (grid.ravel() for grid in np.meshgrid(np.arange(12, 36.25, 0.25), np.arange(16, 48.25, 0.25)))

    def possible(bed: np.ndarray, wake: np.ndarray) -> np.ndarray:
        asleep = wake - bed - (sol + waso) / 60
        there = (bed >= 12) & (bed <= 36) & (wake >= 16) & (wake <= 48)
        return there & (wake > bed + sol / 60) & (asleep > 0) & (asleep <= 16)

    moves = [possible(bed + 12, wake), possible(bed - 12, wake), possible(bed, wake + 12), possible(bed, wake - 12)]
    alone = ~possible(bed, wake) & (sum(move.astype(int) for move in moves) == 1)
    frame = pl.DataFrame({"bed_clock_h": bed, "wake_clock_h": wake}).with_columns(sol_min=sol, waso_min=waso)
    clauses = [clause for rule in Nights.rules() if rule.id == "N19" for clause in rule.clauses[:3]]
    for clause in clauses:
        move = moves[("bed", "wake").index(clause.column.partition("_")[0]) * 2 + ("off" in clause.hint)]
        suspected = ~frame.select(clause.holds).to_series().to_numpy()
        np.testing.assert_array_equal(suspected, alone & move)
    assert not (alone & moves[0]).any()


@pytest.mark.parametrize("column", ["stress_0_10", "sol_min", "bed_clock_h", "caffeine_mg", "waso_min"])
def test_nobody_was_not_asked_what_everybody_is_asked(column: str, diary, save) -> None:
    diary[2][column] = "-7"
    found = hypnic.check(save("nights", diary)).filter(column=column, line=4)
    assert found.select("level", "value").rows() == [("error", "-7")]
    assert "-7" not in found["hint"][0]
    assert "-7" not in columns(Nights)[column].missing_words


def test_coffee_in_the_small_hours_is_a_hint_without_a_number_and_no_rule_of_what_is_published() -> None:
    hint = next(rule for rule in Nights.rules() if rule.id == "afternoon")
    assert hint.level == "suggestion"
    clauses = next(rule for rule in Nights.rules() if rule.id == "N17").clauses
    assert [clause.column for clause in clauses] == ["alcohol_g", "exercise_type", "sol_min"]
    assert all(rule.id[1:].isdigit() for rule in PUBLISHED["nights"].rules())
