"""What a conversion does with each kind of column, and what it never does."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

import hypnic
from hypnic.datasets.answers import clock
from hypnic.datasets.converting import Tokens, convert
from hypnic.datasets.drinks import drink, total
from hypnic.datasets.exports import profiles
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ADDRESS = "maria.muster@example.org"
NIGHT = {"respondent_id": "7", "stress_0_10": "4", "sol_min": "15", "jerk_count": "1"}


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a plain export."""

    def write(*rows: dict[str, str]) -> Path:
        path = tmp_path / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def said(made, start: str) -> list[str]:
    return [line for line in made.said if line.startswith(start)]


def test_drinks_become_milligrams_and_grams_by_the_table(export) -> None:
    drinks = {
        "coffee_cups": "2",
        "espresso": "0",
        "coffee_cups_after_14": "1",
        "espresso_after_14": "0",
        "beer_500": "1",
    }
    row = convert("odk", export(NIGHT | drinks)).frame.row(0, named=True)
    assert (row["caffeine_mg"], row["caffeine_after_14_mg"], row["alcohol_g"]) == ("180", "90", "19.7")


@pytest.mark.parametrize(
    ("column", "mg", "grams"),
    [("cola_330", 40 * 330 / 355, 0), ("tea", 50, 0), ("energy_250", 80, 0), ("wine_150", 0, 150 * 0.12 * 0.789),
     ("spirits_40", 0, 40 * 0.4 * 0.789), ("Espresso (60 ml) after 14:00", 80, 0)],
)  # fmt: skip
def test_a_drink_is_told_by_its_name_and_size(column: str, mg: float, grams: float) -> None:
    found = drink(column)
    assert found is not None
    assert (found.caffeine_mg, found.alcohol_g) == (pytest.approx(mg), pytest.approx(grams))


def test_a_drink_left_blank_leaves_the_sum_blank_and_a_sip_is_not_nothing() -> None:
    coffee, tea = drink("coffee"), drink("tea_10")
    assert coffee
    assert tea
    assert (total([coffee, tea], ["2", ""]), total([coffee, tea], ["0", "0"])) == ("", "0")
    assert (total([coffee, tea], ["0", "0.5"]), total([coffee, tea], ["many", "1"])) == ("5", None)


def test_caffeine_after_14_is_not_computed_unless_asked_for_every_drink(export) -> None:
    made = convert("odk", export(NIGHT | {"coffee": "2", "tea": "1", "coffee_after_14": "1"}))
    assert made.frame["caffeine_mg"].to_list() == ["230"]
    assert "caffeine_after_14_mg" not in made.frame.columns
    assert said(made, "not computed: caffeine_after_14_mg")


def test_a_participants_drinks_are_of_a_usual_day_and_week(export) -> None:
    row = {"jerk_ever": "yes", "age_band": "35-44", "sex_at_birth": "male", "coffee": "3", "wine": "4"}
    made = convert("google-forms", export(row)).frame.row(0, named=True)
    assert (made["caffeine_usual_mg"], made["alcohol_usual_g_wk"]) == ("270", "56.8")


@pytest.mark.parametrize(
    ("typed", "bed", "wake"),
    [
        ("00:30", "24.5", "31"),
        ("11:30 PM", "23.5", "31"),
        ("25.0", "25", "31"),
        ("23:40", "23.75", "31"),
        ("3 am", "", "31"),
    ],
)
def test_times_of_day_go_on_the_clock_of_the_diary_day(typed: str, bed: str, wake: str, export) -> None:
    made = convert("odk", export(NIGHT | {"bed_clock_h": typed, "wake_clock_h": "07:00"})).frame.fill_null("")
    assert made.select("bed_clock_h", "wake_clock_h").rows() == [(bed, wake)]


@pytest.mark.parametrize("typed", ["24:00", "7:60", "13:00 pm", "0:30 am", "2024-03-01 23:30", "7", "23.5"])
def test_what_is_no_time_of_day_is_not_taken_for_one(typed: str) -> None:
    assert clock(typed) is None


def test_what_may_tell_who_is_dropped_and_never_printed(export) -> None:
    private = {
        "E-mail": ADDRESS,
        "Your full name": "Maria Muster",
        "IP": "203.0.113.9",
        "Timestamp": "2024-03-01 21:05",
    }
    made = convert("google-forms", export(NIGHT | private | {"stress_0_10": ADDRESS, "Shoe size": "41"}))
    everything = made.frame.write_csv() + "\n".join(made.said)
    assert not re.search("maria|muster|203|2024|full name|e-mail", everything, re.IGNORECASE)
    assert said(made, "dropped, as the tool's own or private: E, F, G, H")
    assert said(made, "not read, left blank: stress_0_10 in row 2")
    assert said(made, 'dropped, as no question of nights: I "Shoe size"')


def test_a_misspelt_column_is_named_with_the_nearest_and_not_taken(export) -> None:
    made = convert("odk", export(NIGHT | {"awakenigns_n": "1"}))
    assert "awakenings_n" not in made.frame.columns
    assert said(made, "dropped")[0].endswith('E "awakenigns_n"; rename it to awakenings_n if it is that')


def test_nights_of_the_same_person_have_the_same_random_token_and_count_up(export) -> None:
    rows = [NIGHT | {"respondent_id": key} for key in ("7", "8", "7")]
    one, two = (convert("odk", export(*rows)).frame for _ in range(2))
    assert one["participant_id"].n_unique() == 2
    assert one["night_index"].to_list() == ["1", "1", "2"]
    assert not set(one["participant_id"]) & set(two["participant_id"])


def test_a_seed_draws_the_same_tokens_and_a_shared_one_links_two_tables(export) -> None:
    path = export(NIGHT | {"jerk_ever": "yes", "age_band": "35-44"})
    tokens = Tokens(1)
    nights, people = (
        convert("odk", path, table, tokens).frame["participant_id"] for table in ("nights", "participants")
    )
    assert nights.to_list() == people.to_list() == [Tokens(1)("7")]


def test_the_forms_own_tokens_are_kept_if_all_have_the_pattern(export) -> None:
    own = "p_abcdefghij234567"
    rows = [NIGHT | {"participant_id": own}, NIGHT | {"participant_id": "p_2"}]
    assert convert("odk", export(rows[0])).frame["participant_id"].to_list() == [own]
    assert own not in convert("odk", export(*rows)).frame["participant_id"].to_list()


def test_a_row_without_consent_is_left_out(export) -> None:
    person = {"jerk_ever": "yes", "age_band": "35-44", "consent_open_data": "Yes"}
    made = convert(
        "google-forms", export(person, person | {"consent_open_data": "No"}, person | {"consent_open_data": ""})
    )
    assert made.frame.height == 1
    assert said(made, "left out: 2 rows without consent")


def test_a_question_that_was_not_asked_is_minus_7_and_one_left_blank_stays_blank(export) -> None:
    rows = [NIGHT | {"exercise_min": "0", "exercise_end_clock_h": "", "nap_min": ""}, NIGHT | {
        "exercise_min": "30", "exercise_end_clock_h": "", "nap_min": ""}]  # fmt: skip
    made = convert("odk", export(*rows)).frame
    assert made.select("exercise_end_clock_h", "nap_min").rows() == [("-7", None), (None, None)]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ("12", ["no", "yes"]),
        ("10", ["yes", "no"]),
        ("11", [None, None]),
        ("13", ["no", "unknown"]),
        ("03", [None, None]),
    ],
)
def test_a_code_that_could_mean_yes_or_no_is_not_guessed(cells: str, read: list[str | None], export) -> None:
    rows = [NIGHT | {"rhythmic_leg_moves": cell} for cell in cells]
    assert convert("redcap", export(*rows)).frame["rhythmic_leg_moves"].to_list() == read


def test_an_answer_in_several_words_is_sorted_and_one_unknown_word_leaves_it_unread(export) -> None:
    person = {"jerk_ever": "yes", "age_band": "35-44"}
    rows = [person | {"supplements": text} for text in ("Magnesium, Iron", "Iron, my tea")]
    made = convert("google-forms", export(*rows))
    assert made.frame["supplements"].to_list() == ["iron|magnesium", None]
    assert said(made, "not read, left blank: supplements in row 3")


@pytest.mark.parametrize(
    ("form", "row", "words"),
    [("qualtrics", NIGHT, "not laid out as Qualtrics exports"), ("paper", NIGHT, "choose one of google-forms"),
     ("odk", {"a": "1", "b": "2"}, "hardly a column"),
     ("odk", {name: NIGHT[name] for name in ("stress_0_10", "sol_min")}, "which nights are of the same person")],
)  # fmt: skip
def test_what_cannot_be_converted_is_one_line_with_the_remedy(
    form: str, row: dict[str, str], words: str, export
) -> None:
    with pytest.raises(HypnicError, match=words) as error:
        convert(form, export(row, row, row))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", profiles())
def test_a_profile_says_where_its_layout_is_documented(name: str) -> None:
    assert profiles()[name].documented.startswith("https://")


def test_a_utf_16_export_is_read_too(export) -> None:
    path = export(NIGHT)
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert convert("redcap", path).frame.height == 1


def test_what_was_converted_is_what_check_reads(export, tmp_path: Path) -> None:
    convert("odk", export(NIGHT | {"nap_min": "-9"})).frame.write_csv(tmp_path / "nights.csv")
    assert "type" not in hypnic.check(tmp_path / "nights.csv")["rule"].to_list()
