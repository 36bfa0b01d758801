"""The derived columns, on tables small enough to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from hypnic.analysis import tidy_nights, tidy_participants
from hypnic.datasets.checking.types import typed
from hypnic.datasets.cleaning import clean
from hypnic.schemas import Nights, Participants, Table

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, str]


def cleaned(rows: list[Row], model: type[Table]) -> pl.LazyFrame:
    text = pl.DataFrame(rows).with_columns(pl.when(pl.all() != "").then(pl.all()))
    return clean(typed(text, model), model).lazy()


@pytest.fixture
def nights(person: Row, diary: list[Row]) -> Callable[..., pl.DataFrame]:
    """Tidy the diary after changing cells: {night index: {column: cell}}; None takes the night out."""

    def tidy(changes: dict[int, dict[str, str] | None] | None = None) -> pl.DataFrame:
        changed = changes or {}
        rows = [night | (changed.get(n) or {}) for n, night in enumerate(diary, 1) if changed.get(n, {}) is not None]
        return tidy_nights(cleaned(rows, Nights), cleaned([person], Participants)).collect().sort("night_index")

    return tidy


def one(frame: pl.DataFrame, column: str, night: int = 1) -> Any:
    return frame.filter(night_index=night)[column].item()


def test_time_asleep_is_the_night_less_what_was_spent_awake(nights: Callable[..., pl.DataFrame]) -> None:
    assert one(nights(), "tst_h") == pytest.approx(31.0 - 23.25 - (6 + 10) / 60)


def test_sleep_lost_is_the_need_less_last_nights_sleep(nights: Callable[..., pl.DataFrame]) -> None:
    tidy = nights({2: {"wake_clock_h": "27.25", "sol_min": "0", "awakenings_n": "0", "waso_min": "0"}})
    assert one(tidy, "sleep_loss_prev_h", 3) == pytest.approx(8.0 - 4.0)
    assert one(tidy, "sleep_loss_prev_h", 1) is None


def test_an_absent_night_before_leaves_the_sleep_loss_unknown(nights: Callable[..., pl.DataFrame]) -> None:
    assert one(nights({4: None}), "sleep_loss_prev_h", 5) is None
    assert one(nights({4: None}), "stress_prev", 5) is None


def test_the_three_night_debt_needs_two_nights(nights: Callable[..., pl.DataFrame]) -> None:
    assert one(nights(), "sleep_debt_3n_h", 2) is None
    assert one(nights(), "sleep_debt_3n_h", 3) is not None
    assert one(nights({4: None}), "sleep_debt_3n_h", 5) is not None


def test_irregular_sleep_looks_at_five_nights_before_and_needs_four(nights: Callable[..., pl.DataFrame]) -> None:
    assert one(nights(), "midsleep_sd_prior5_h", 4) is None
    middles = [(23.25 + (5 + n) / 60 + 31.0) / 2 for n in range(1, 5)]
    assert one(nights(), "midsleep_sd_prior5_h", 5) == pytest.approx(pl.Series(middles).std())


@pytest.mark.parametrize(
    ("cells", "late"),
    [
        ({"exercise_intensity": "vigorous", "exercise_end_clock_h": "21.25"}, 1),
        ({"exercise_intensity": "vigorous", "exercise_end_clock_h": "21.0"}, 0),
        ({"exercise_intensity": "moderate", "exercise_end_clock_h": "23.0"}, 0),
        ({"exercise_min": "0", "exercise_intensity": "none", "exercise_type": "none", "exercise_end_clock_h": "-7"}, 0),
        ({"exercise_intensity": "vigorous", "exercise_end_clock_h": "-8"}, None),
        ({"exercise_intensity": "light", "exercise_end_clock_h": "-8"}, 0),
    ],
)
def test_late_exercise_is_vigorous_and_ends_at_most_two_hours_before_bed(
    cells: Row, late: int | None, nights: Callable[..., pl.DataFrame]
) -> None:
    assert one(nights({1: cells}), "late_vigorous_exercise") == late


def test_a_missing_count_is_never_zero(nights: Callable[..., pl.DataFrame]) -> None:
    tidy = nights({1: {"jerk_count": "-8"}})
    assert one(tidy, "jerk_count") is None
    assert one(tidy, "any_jerk") is None


def test_within_parts_sum_to_zero_over_answered_nights(nights: Callable[..., pl.DataFrame]) -> None:
    tidy = nights({3: {"stress_0_10": "9"}, 5: {"jerk_count": "-8", "stress_0_10": "0"}})
    answered = tidy.filter(pl.col("jerk_count").is_not_null())
    assert answered["stress_0_10_within"].sum() == pytest.approx(0)
    assert one(tidy, "stress_0_10_between") == pytest.approx((4 * 10 + 9) / 11)


def test_without_the_column_of_time_awake_nothing_is_taken_off(person: Row, diary: list[Row]) -> None:
    rows = [{name: cell for name, cell in night.items() if name != "waso_min"} for night in diary]
    tidy = tidy_nights(cleaned(rows, Nights), cleaned([person], Participants)).collect()
    assert one(tidy, "tst_h") == pytest.approx(31.0 - 23.25 - 6 / 60)


def derived(person: Row, **cells: str) -> dict[str, Any]:
    return tidy_participants(cleaned([person | cells], Participants)).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("nights", "ladder", "band"), [("5", "weekly", (5, 5)), ("-8", "weekly", (3, 8)), ("-9", "unknown", (None, None))]
)
def test_the_years_ladder_stands_in_where_the_nights_are_unknown(
    nights: str, ladder: str, band: tuple[int | None, int | None], person: Row
) -> None:
    row = derived(person, jerk_nights_30d=nights, jerk_freq_12mo=ladder)
    assert (row["jerk_nights_lo"], row["jerk_nights_hi"]) == band


def test_a_sum_of_items_is_unknown_where_an_item_is(person: Row) -> None:
    row = derived(person)
    assert (row["audit_c_total"], row["gad2_total"], row["phq2_total"]) == (3, 1, None)


@pytest.mark.parametrize(
    ("features", "probable"),
    [
        ("eased_by_moving|urge_to_move|worse_at_rest|worse_evening", True),
        ("eased_by_moving|explained_by_cramp_or_posture|urge_to_move|worse_at_rest|worse_evening", False),
        ("urge_to_move|worse_evening", False),
        ("none", False),
        ("refused", None),
    ],
)
def test_restless_legs_are_probable_with_all_four_features_unexplained(
    features: str, probable: bool | None, person: Row
) -> None:
    assert derived(person, rls_features=features)["rls_probable"] is probable


@pytest.mark.parametrize(
    ("cells", "category"),
    [
        ({}, "hypnic_jerk"),
        ({"red_flags": "lost_awareness"}, "unclassified_see_clinician"),
        ({"movement_pattern": "sustained_posture"}, "sustained_other"),
        ({"movement_pattern": "regular_5_90_s", "movement_states": "asleep_told_by_other"}, "possible_plm"),
        ({"movement_pattern": "regular_5_90_s"}, "unclassified"),
        ({"movement_pattern": "skin_flicker_no_limb_move"}, "fasciculation_like"),
        ({"movement_states": "waking_up"}, "unclassified"),
    ],
)
def test_the_report_category_is_the_first_that_fits(cells: Row, category: str, person: Row) -> None:
    assert derived(person, **cells)["twitch_class"] == category


@pytest.mark.parametrize(
    ("cells", "flagged"),
    [
        ({}, False),
        ({"red_flags": "numbness"}, True),
        ({"red_flags": "spreading"}, False),
        ({"red_flags": "spreading", "movement_pattern": "skin_flicker_no_limb_move"}, True),
        ({"jerk_sleep_impact": "delays_sleep", "jerk_freq_12mo": "several_a_week"}, True),
        ({"jerk_sleep_impact": "delays_sleep"}, False),
        ({"red_flags": "refused"}, None),
    ],
)
def test_anything_worth_showing_to_a_doctor_raises_the_flag(cells: Row, flagged: bool | None, person: Row) -> None:
    assert derived(person, **cells)["red_flag_any"] is flagged
