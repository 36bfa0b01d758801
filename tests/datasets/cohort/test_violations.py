"""What goes against the models, one by one: switched off it changes nothing, switched on it does what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hypnic.datasets.checking.types import typed
from hypnic.datasets.cohort.nights import Diary, live
from hypnic.datasets.cohort.people import People, draw_traits, habits
from hypnic.datasets.cohort.process import Process, Violations
from hypnic.datasets.cohort.simulation import simulate
from hypnic.schemas import Nights

PERSONS = 6000


@pytest.fixture(scope="module")
def people() -> People:
    return habits(draw_traits(np.random.default_rng(0), PERSONS), Process())


def lived(people: People, **switched: float) -> Diary:
    process = Process(violations=Violations(**switched))
    return live(np.random.default_rng(1), people, process, 14)


@pytest.fixture(scope="module")
def plain(people: People) -> Diary:
    return lived(people)


def within(values: np.ndarray) -> np.ndarray:
    """Take each person's mean over the nights away."""
    return values - values.mean(axis=1, keepdims=True)


def slope(y: np.ndarray, x: np.ndarray) -> float:
    """Regress within persons."""
    return float((within(x) * within(y)).sum() / (within(x) ** 2).sum())


def test_what_is_switched_off_is_not_among_the_parameters() -> None:
    assert "violations" not in Process().parameters()
    assert Process(violations=Violations(slow=0.2)).parameters()["violations"]["slow"] == 0.2


def test_a_cohort_with_something_switched_on_has_no_truth_of_the_demo() -> None:
    assert set(simulate(40, 10, process=Process(violations=Violations(feedback=1))).truth) == {
        "synthetic", "drawn", "process",
    }  # fmt: skip


def test_feedback_takes_coffee_away_after_a_jerk_and_makes_the_day_tense(people: People, plain: Diary) -> None:
    fed = lived(people, feedback=1.0)
    for name, least, most in (("caffeine_after_14", -60, -3), ("stress", 0.5, 1.2)):
        before, after = (slope(d[name][:, 1:], np.log1p(d["jerks"][:, :-1])) for d in (plain, fed))
        assert least < after - before < most


def test_persistence_makes_jerks_follow_jerks(people: People, plain: Diary) -> None:
    again = lived(people, persistence=0.5)
    before, after = (slope(d["jerks"][:, 1:], np.log1p(d["jerks"][:, :-1])) for d in (plain, again))
    assert after > before + 0.05


def test_a_slow_cause_makes_stress_and_jerks_rise_together_beyond_the_ratio(people: People, plain: Diary) -> None:
    slow = lived(people, slow=0.5)
    before, after = (slope(d["jerks"], d["stress"]) for d in (plain, slow))
    assert after > 1.5 * before


def test_bad_nights_leave_the_next_one_empty_more_often(people: People, plain: Diary) -> None:
    apart = {}
    for name, diary in {"plain": plain, "hard": lived(people, missing=6.0)}.items():
        bad, absent = diary["jerks"][:, :-1] >= 3, ~diary.present[:, 1:]
        apart[name] = absent[bad].mean() - absent[~bad].mean()
    assert 0 < 3 * apart["plain"] < apart["hard"]


def test_alone_half_the_jerks_are_missed_and_none_is_made_up(people: People, plain: Diary) -> None:
    missed = lived(people, noticing=2.0)
    never, most = people.partner == 0, people.partner == 2
    # On dry evenings without late exercise somebody is near as often as `bed_partner` says.
    quiet = (plain["alcohol"] == 0) & (plain["late_exercise"] == 0)
    share = {name: missed["jerks"][rows[:, None] & quiet].sum() / plain["jerks"][rows[:, None] & quiet].sum()
             for name, rows in (("never", never), ("most", most))}  # fmt: skip
    assert share["never"] == pytest.approx(0.525, abs=0.08)
    assert share["most"] == pytest.approx(0.925, abs=0.08)


def test_told_doses_are_right_on_average_and_a_dry_evening_stays_dry(people: People) -> None:
    process = Process(violations=Violations(misreport=0.3))
    told = live(np.random.default_rng(1), people, process, 1)  # the first night: nothing has come of it yet
    true = live(np.random.default_rng(1), people, Process(), 1)
    drunk = true["alcohol"] > 0
    assert ((told["alcohol"] > 0) == drunk).all()
    assert told["alcohol"][drunk].mean() == pytest.approx(true["alcohol"][drunk].mean(), rel=0.03)
    ratio = np.log(told["alcohol"][drunk] / true["alcohol"][drunk])
    assert ratio.std() == pytest.approx(0.3, abs=0.04)


def test_a_cohort_with_everything_switched_on_breaks_no_rule_of_the_tables() -> None:
    everything = Violations(1.0, 0.3, 0.4, 6.0, 2.0, 0.3)
    told = simulate(60, 60, seed=3, process=replace(Process(), violations=everything)).nights
    assert told["participant_id"].n_unique() == 60
    assert typed(told, Nights).height == told.height
