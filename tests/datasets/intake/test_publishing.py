"""What is published tells nothing of what was taken away, and the rest is as it was typed."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from hypnic.datasets.checking.types import typed
from hypnic.datasets.cleaning import clean, missingness
from hypnic.datasets.intake.published import as_csv
from hypnic.datasets.intake.publishing import publishable
from hypnic.schemas import PUBLISHED, TABLES

Frames = dict[str, pl.DataFrame]


def frame(table: str, rows: list[dict[str, str]]) -> pl.DataFrame:
    text = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    return typed(text.with_columns(pl.when(pl.all() != "").then(pl.all())), TABLES[table])


@pytest.fixture
def raw(person, diary) -> Callable[..., Frames]:
    """Give twenty people with a diary each; `cells` change those of some, by their place."""

    def make(cells: dict[int, dict[str, str]] | None = None, nights: dict[str, str] | None = None) -> Frames:
        tokens = ["p_" + letter * 16 for letter in "abcdefghijklmnopqrst"]
        people = [
            person | {"participant_id": token, "med_classes": ("none", "melatonin")[n % 2]} | (cells or {}).get(n, {})
            for n, token in enumerate(tokens)
        ]
        rows = [night | {"participant_id": token} | (nights or {}) for token in tokens for night in diary]
        return {"participants": frame("participants", people), "nights": frame("nights", rows)}

    return make


@pytest.fixture
def published(seeded) -> Callable[[Frames], dict[str, bytes]]:
    """Give the bytes that are published of some tables."""

    def make(tables: Frames) -> dict[str, bytes]:
        return {name: as_csv(table, PUBLISHED[name]) for name, table in publishable(tables, (), seeded())[0].items()}

    return make


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"recruitment_source": "search"}, {"recruitment_source": "clinic"}),
        ({"red_flags": "lost_awareness"}, {"red_flags": "family_als_ms|tongue_bite_or_wet_bed"}),
        ({"dx_conditions": "als_mnd"}, {"dx_conditions": "epilepsy|ms"}),
        ({"dx_conditions": "kidney_or_thyroid"}, {"dx_conditions": "none"}),
        ({"med_classes": "opioid"}, {"med_classes": "dopaminergic"}),
        ({"audit_c_q1": "3", "audit_c_q2": "0"}, {"audit_c_q1": "1", "audit_c_q2": "2"}),
        ({"country_code": "AT"}, {"country_code": "LI"}),
        ({"country_code": "US"}, {"country_code": "JP"}),
        ({"shift_pattern": "night"}, {"shift_pattern": "early"}),
        ({"age_band": "75+"}, {"age_band": "65-74"}),
        ({"caffeine_usual_mg": "1400"}, {"caffeine_usual_mg": "1990"}),
        ({"caffeine_usual_mg": "209"}, {"caffeine_usual_mg": "211"}),
        ({"alcohol_usual_g_wk": "70.5"}, {"alcohol_usual_g_wk": "71.4"}),
    ],
)
def test_other_answers_in_the_place_of_what_is_taken_away_give_the_same_bytes(before, after, raw, published) -> None:
    """One person's, and three people's: what was typed can't be found in anything that follows from it."""
    for count in (1, 3):
        assert published(raw(dict.fromkeys(range(count), before))) == published(raw(dict.fromkeys(range(count), after)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"other_stimulant": "no"}, {"other_stimulant": "yes"}),
        ({"bed_clock_h": "23.25"}, {"bed_clock_h": "23.5"}),
        ({"caffeine_last_clock_h": "16.25"}, {"caffeine_last_clock_h": "16.5"}),
        ({"morning_lag_h": "0.31"}, {"morning_lag_h": "0.62"}),
        ({"jerk_count": "31"}, {"jerk_count": "50"}),
        ({"alcohol_g": "201"}, {"alcohol_g": "390"}),
    ],
)
def test_so_do_other_answers_of_a_night(before, after, raw, published) -> None:
    assert published(raw(nights=before)) == published(raw(nights=after))


def test_what_is_published_as_typed_does_change_the_bytes(raw, published) -> None:
    assert published(raw({0: {"stress_usual_0_10": "4"}})) != published(raw({0: {"stress_usual_0_10": "5"}}))


def test_neither_order_nor_token_tells_which_row_was_whose(raw, seeded) -> None:
    tables = publishable(raw({0: {"stress_usual_0_10": "9"}}), (), seeded())[0]
    tokens = tables["participants"]["participant_id"]
    assert tokens.to_list() == sorted(tokens)
    assert set(tokens).isdisjoint(raw()["participants"]["participant_id"])
    assert set(tables["nights"]["participant_id"]) == set(tokens)
    again = publishable(raw({0: {"stress_usual_0_10": "9"}}))[0]["participants"]
    assert set(again["participant_id"]).isdisjoint(tokens)


def test_clocks_go_to_half_hours_and_stay_on_their_side_of_14_00(raw, seeded) -> None:
    late = {"caffeine_last_clock_h": "14.25", "bed_clock_h": "23.0", "wake_clock_h": "30.75"}
    night = publishable(raw(nights=late), (), seeded())[0]["nights"]
    assert night.select("caffeine_last_clock_h", "bed_clock_h", "wake_clock_h").row(0) == (14.5, 23.0, 31.0)


def test_a_dose_above_zero_stays_above_zero(raw, seeded) -> None:
    night = publishable(raw(nights={"caffeine_after_14_mg": "2", "alcohol_g": "0.2"}), (), seeded())[0]["nights"]
    assert night.select("caffeine_after_14_mg", "alcohol_g").row(0) == (5.0, 1.0)


def test_a_night_that_rounding_makes_impossible_loses_the_clock_and_says_so(raw, seeded) -> None:
    short = {"bed_clock_h": "23.25", "wake_clock_h": "23.5", "sol_min": "5", "waso_min": "5"}
    nights = publishable(raw(nights=short), (), seeded())[0]["nights"]
    assert nights["wake_clock_h"].unique().to_list() == [-6]
    missing = missingness(nights, PUBLISHED["nights"]).filter(column="wake_clock_h")
    assert missing["reason"].unique().to_list() == ["withheld"]
    assert clean(nights, PUBLISHED["nights"])["wake_clock_h"].null_count() == nights.height


def test_medicines_that_fewer_than_ten_take_are_other(raw, seeded) -> None:
    tables = raw({n: {"med_classes": "opioid"} for n in range(9)} | {12: {"med_classes": "melatonin|opioid"}})
    kept = publishable(tables, (), seeded())[0]["participants"]["med_classes"].value_counts().sort("med_classes")
    assert kept.rows() == [("none", 4), ("opioid", 9), ("opioid|other", 1), ("other", 6)]
    rare = raw({n: {"med_classes": "opioid|stimulant"} for n in range(3)})
    shown = set(publishable(rare, (), seeded())[0]["participants"]["med_classes"])
    assert shown == {"other", "none"}


def test_how_long_somebody_goes_on_is_no_fingerprint(person, diary, seeded) -> None:
    """Nobody is known by being the only one with 28 nights; a length that ten people share stays."""
    tokens = ["p_" + letter * 16 for letter in "abcdefghijkl"]
    people = [
        person | {"participant_id": token, "med_classes": ("none", "melatonin")[n % 2]}
        for n, token in enumerate(tokens)
    ]

    def longest(lengths: list[int]) -> list[int]:
        rows = [
            diary[0] | {"participant_id": token, "night_index": str(night)}
            for token, length in zip(tokens, lengths, strict=True)
            for night in range(1, length + 1)
        ]
        tables = {"participants": frame("participants", people), "nights": frame("nights", rows)}
        nights = publishable(tables, (), seeded())[0]["nights"]
        return sorted(nights.group_by("participant_id").len()["len"])

    assert longest([14] * 11 + [28]) == [14] * 12
    assert longest([20] * 10 + [28, 3]) == [3] + [20] * 11


def test_the_account_counts_people_and_cells_for_the_sender(raw, seeded) -> None:
    account = publishable(raw({0: {"country_code": "AT"}}), (), seeded()).account
    taken = {(column, reason): (people, cells) for column, reason, people, cells in account.iter_rows()}
    assert taken["other_stimulant", "never published"] == (20, 240)
    assert taken["bed_clock_h", "rounded or topped"] == (20, 240)
    assert taken["country_code", "few people alike"] == (10, 10)


def test_a_survey_with_the_core_columns_alone_can_be_published(person, seeded) -> None:
    from hypnic.schemas import columns

    core = [name for name, column in columns(TABLES["participants"]).items() if column.tier == "core"]
    rows = [{name: person[name] for name in core} | {"participant_id": "p_" + letter * 16} for letter in "abcdef"]
    people = publishable({"participants": frame("participants", rows)}, (), seeded())[0]["participants"]
    assert people.columns == core
