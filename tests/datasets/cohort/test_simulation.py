"""The synthetic cohort: same bytes for the same seed, every column, and a story that shows in the rows."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from hypnic.datasets.cohort.nights import live, total_sleep
from hypnic.datasets.cohort.people import draw_traits, habits
from hypnic.datasets.cohort.process import Process
from hypnic.datasets.cohort.simulation import SYNTHETIC, Cohort, simulate, write
from hypnic.datasets.cohort.truth import generator
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, columns

CORE_PARTICIPANTS, CORE_NIGHTS = (
    [name for name, facts in columns(model).items() if facts.tier == "core"] for model in (Participants, Nights)
)


@pytest.fixture(scope="module")
def demo() -> Cohort:
    return simulate()


def number(column: str) -> pl.Expr:
    """Read a column of text as numbers, missing codes as null."""
    value = pl.col(column).cast(pl.Float64)
    return pl.when(value.is_in([-7.0, -8.0, -9.0])).then(None).otherwise(value).alias(column)


def test_the_committed_demo_is_what_the_code_draws(demo: Cohort, tmp_path: Path) -> None:
    write(demo, tmp_path)
    committed = files("hypnic.datasets").joinpath("demo")
    for name in ("participants.csv", "nights.csv", "truth.json"):
        assert (tmp_path / name).read_bytes() == committed.joinpath(name).read_bytes(), name


def test_another_seed_draws_other_people() -> None:
    one, other = simulate(40, 10, seed=1), simulate(40, 10, seed=2)
    assert one.participants["participant_id"].to_list() != other.participants["participant_id"].to_list()
    assert not one.nights["jerk_count"].equals(other.nights["jerk_count"])


def test_files_are_plain_text_with_unix_lines(demo: Cohort, tmp_path: Path) -> None:
    write(demo, tmp_path)
    for name in ("participants.csv", "nights.csv"):
        raw = (tmp_path / name).read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        assert len(raw) < 2_000_000


def test_truth_says_synthetic_first(demo: Cohort) -> None:
    assert next(iter(demo.truth.items())) == ("synthetic", SYNTHETIC)
    assert demo.truth["process"]["parameters"]["stress"] == 1.16


def test_another_process_claims_no_population_truth() -> None:
    truth = simulate(40, 10, process=Process(stress=1.0)).truth
    assert truth["process"]["parameters"]["stress"] == 1.0
    assert "diary" not in truth


def test_both_tables_are_whole_and_in_the_order_of_the_form(demo: Cohort) -> None:
    assert demo.participants.columns == list(columns(Participants))
    assert demo.nights.columns == list(columns(Nights))
    assert demo.nights.columns[-1] == "leg_cramp"
    assert set(demo.participants.dtypes) | set(demo.nights.dtypes) == {pl.String()}


def test_nights_only_are_the_same_nights(demo: Cohort) -> None:
    fast = simulate(nights_only=True)
    assert fast.participants.columns == CORE_PARTICIPANTS
    assert set(CORE_NIGHTS) < set(fast.nights.columns)
    assert fast.nights.equals(demo.nights.select(fast.nights.columns))
    kept = demo.participants.join(fast.nights.select("participant_id").unique(), on="participant_id", how="semi")
    assert fast.participants.equals(kept.select(fast.participants.columns))


def test_everybody_writes_at_least_ten_whole_nights_with_gaps_in_between(demo: Cohort) -> None:
    silent = pl.any_horizontal(pl.col(CORE_NIGHTS).is_in(["-8", "-9"]))
    whole = demo.nights.filter(~silent).group_by("participant_id").len()
    assert whole.height == 400
    assert whole["len"].min() == 10
    indices = demo.nights.group_by("participant_id").agg(number("night_index").max().alias("last"), pl.len())
    assert (indices["last"] > indices["len"]).any()


def test_some_people_never_jerk_and_say_so(demo: Cohort) -> None:
    diary = demo.nights.group_by("participant_id").agg(number("jerk_count").sum())
    silent = demo.participants.join(diary, on="participant_id").filter(jerk_ever="no")
    assert silent.height > 20
    assert silent["jerk_count"].to_list() == [0.0] * silent.height
    assert 120 < demo.participants.filter(jerk_ever="no").height < 240  # of 1200


def test_counts_are_overdispersed_within_people() -> None:
    calm = Process(1, 1, 1, 0, 1, 1, 1, never=0, rate=1)
    people = habits(draw_traits(generator(0), 4000), calm)
    jerks = live(generator(1), people, calm, 14)["jerks"]
    mean, variance = jerks.mean(axis=1), jerks.var(axis=1, ddof=1)
    # gamma noise of size 2 on a Poisson count: variance = rate + rate^2 / 2, here for rates near 1
    middle = (mean > 0.8) & (mean < 1.2)
    assert 1.4 < variance[middle].mean() < 1.6


def test_twitchy_people_drink_less_coffee() -> None:
    people = habits(draw_traits(generator(0), 20_000), Process())
    jerks = np.isfinite(people.base)
    assert np.corrcoef(people.twitchiness, people.caffeine_after_14)[0, 1] < -0.25
    assert np.corrcoef(people.twitchiness[jerks], people.base[jerks])[0, 1] > 0.5


def test_a_stressful_day_brings_coffee_drink_and_a_short_night() -> None:
    people = habits(draw_traits(generator(0), 5000), Process())
    diary = live(generator(1), people, Process(), 14)
    slept = total_sleep(diary["bed"], diary.grids)
    tense = within(diary["stress"])
    assert np.corrcoef(tense, within(diary["caffeine_after_14"]))[0, 1] > 0.05
    assert np.corrcoef(tense, within(diary["alcohol"]))[0, 1] > 0.03
    assert np.corrcoef(tense, within(slept))[0, 1] < -0.1


def test_a_night_with_jerks_shortens_the_night() -> None:
    people = habits(draw_traits(generator(0), 5000), Process())
    diary = live(generator(1), people, Process(), 14)
    awake = diary["sol"] + diary["waso"]
    assert awake[diary["jerks"] > 0].mean() > awake[diary["jerks"] == 0].mean() + 3


def within(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Differences from each person's mean, in one row."""
    return np.ravel(grid - grid.mean(axis=1, keepdims=True))


def test_the_written_clocks_give_the_sleep_loss_that_acted() -> None:
    people = habits(draw_traits(generator(0), 300), Process())
    diary = live(generator(1), people, Process(), 14)
    slept = total_sleep(diary["bed"], diary.grids)
    acted = diary["sleep_loss"][:, 1:]
    np.testing.assert_array_equal(acted, (people.sleep_need[:, None] - slept)[:, :-1])
    np.testing.assert_array_equal(diary["bed"] * 4, np.round(diary["bed"] * 4))
    np.testing.assert_array_equal(diary["wake"] * 4, np.round(diary["wake"] * 4))


def test_nights_with_a_jerk_agree_with_the_ladder(demo: Cohort) -> None:
    bands = {"never": (0, 0), "few_a_year": (0, 1), "monthly": (1, 3), "weekly": (3, 8),
             "several_a_week": (8, 20), "most_nights": (15, 29), "every_night": (27, 30)}  # fmt: skip
    answered = demo.participants.with_columns(number("jerk_nights_30d")).drop_nulls("jerk_nights_30d")
    for rung, (low, high) in bands.items():
        nights = answered.filter(jerk_freq_12mo=rung)["jerk_nights_30d"]
        assert nights.len() > 0, rung
        assert nights.is_between(low, high).all(), rung


def test_most_answers_are_there_and_some_are_not(demo: Cohort) -> None:
    for table in (demo.participants, demo.nights):
        codes = table.select(pl.all().is_in(["-8", "-9", "refused", "unknown", "undisclosed"]).mean())
        share = np.array(codes.row(0))
        assert 0.001 < share.mean() < 0.03
        assert share.max() < 0.15


def test_an_unknown_count_has_no_details(demo: Cohort) -> None:
    unknown = demo.nights.filter(jerk_count="-8")
    assert unknown.height > 5
    details = unknown.select("jerk_location", "jerk_sensation", "jerk_timing")
    assert details.null_count().row(0) == (unknown.height,) * 3
    assert set(unknown["jerk_reporter"]) == {"-8"}
    assert unknown["jerk_intensity_0_4"].unique().to_list() == ["-7"]


@pytest.mark.parametrize(
    ("sizes", "word"), [((10, 20, 14), "n_diaries"), ((10, 0, 14), "n_diaries"), ((10, 5, 29), "n_nights")]
)
def test_impossible_sizes_are_refused_in_words(sizes: tuple[int, int, int], word: str) -> None:
    with pytest.raises(HypnicError, match=word):
        simulate(*sizes)


def test_the_committed_truth_is_complete() -> None:
    truth = json.loads(files("hypnic.datasets").joinpath("demo/truth.json").read_text(encoding="utf-8"))
    for design in ("diary", "survey"):
        assert list(truth[design]) == ["caffeine", "alcohol", "stress", "exercise", "sleep_loss"]
        for entry in truth[design].values():
            assert {"unit", "direct", "total", "target", "target_log_se", "how"} == set(entry)
