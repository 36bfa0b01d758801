"""Where the checks change their mind: the last clock, word, length or number on either side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

import hypnic
from hypnic.datasets.checking.headings import private_name
from hypnic.datasets.checking.privacy import private_value
from hypnic.datasets.checking.sentences import private_sentence
from hypnic.datasets.checking.suggestions import suggest
from hypnic.datasets.reading.references import letters
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]

FACTS = columns(Participants) | columns(Nights)


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("wake_clock_h", "12 pm", "36.0"), ("bed_clock_h", "12 am", "24.0"), ("bed_clock_h", "12:30 am", "24.5"),
        ("bed_clock_h", "1:15 pm", "13.25"), ("bed_clock_h", "13:00", "13.0"), ("bed_clock_h", "12:30 pm", "12.5"),
        ("bed_clock_h", "36:00", "36.0"), ("wake_clock_h", "12", "36.0"), ("wake_clock_h", "15", "39.0"),
        ("caffeine_last_clock_h", "6:00", "6.0"), ("caffeine_last_clock_h", "12:00", "12.0"),
        ("alcohol_g", "1,50", "1.5"), ("alcohol_g", "1.5000", "1.5"), ("exercise_min", "0.5 h", "30"),
        ("sleep_need_h", "480 min", "8"), ("stress_0_10", "-9.0", "-9"), ("stress_0_10", "10/10", "10"),
        ("stress_0_10", "0 points", "0"), ("jerk_ever", "no.", "no"), ("strategies_tried", "none, none", "none"),
        ("sol_min", 199 * " " + "5", "5"),
    ],
)  # fmt: skip
def test_what_lies_just_inside_has_its_one_replacement(column: str, cell: str, text: str) -> None:
    found = suggest(cell, FACTS[column])
    assert found is not None
    assert (found.text, found.certain) == (text, True)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("wake_clock_h", "13 pm"), ("wake_clock_h", "0 am"), ("bed_clock_h", "37:00"), ("alcohol_g", "401 g"),
        ("exercise_min", "0.51 h"), ("stress_0_10", "11 points"), ("jerk_count", "50.5"), ("sol_min", 200 * " " + "5"),
        ("caffeine_mg", "-1"), ("sleep_need_h", "8 min"), ("caffeine_mg", "2 g"), ("bed_clock_h", "23.5 h"),
    ],
)  # fmt: skip
def test_what_lies_just_outside_has_none(column: str, cell: str) -> None:
    assert suggest(cell, FACTS[column]) is None


@pytest.mark.parametrize(
    ("column", "cell", "text", "others"),
    [
        ("bed_clock_h", "12:00", "24.0", ["12.0", "36.0"]), ("bed_clock_h", "12:30", "24.5", ["12.5"]),
        ("caffeine_last_clock_h", "5:45", "29.75", ["5.75"]),
        ("wake_clock_h", "11.75", "35.75", ["23.75", "47.75"]), ("wake_clock_h", "0", "36.0", ["24.0"]),
        ("bed_clock_h", "23:20", "23.25", []), ("bed_clock_h", "23:25", "23.5", []),
    ],
)  # fmt: skip
def test_what_may_be_several_hours_is_left_to_a_person_and_names_each(
    column: str, cell: str, text: str, others: list[str]
) -> None:
    found = suggest(cell, FACTS[column])
    assert found is not None
    assert (found.text, found.certain) == (text, False)
    assert re.findall(r", or ([\d.]+) for", found.remark) == others


def test_columns_past_z_are_named_as_a_spreadsheet_names_them() -> None:
    assert [letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize(("digits", "rule"), [(6, "range"), (7, "PV2")])
def test_a_number_of_seven_digits_is_private_in_a_number_column_too(
    digits: int, rule: str, diary: list[Row], save: Save
) -> None:
    diary[4]["sol_min"] = "1234567"[:digits]
    assert hypnic.check(save("nights", diary)).select("rule", "cell", "value").rows() == [(rule, "AA6", None)]


@pytest.mark.parametrize(("typed", "value"), [("9999", "9999"), ("10000", None)])
def test_a_finding_repeats_numbers_of_four_digits_at_most(
    typed: str, value: str | None, diary: list[Row], save: Save
) -> None:
    diary[4]["sol_min"] = typed
    assert hypnic.check(save("nights", diary))["value"].to_list() == [value]


def test_an_answer_may_have_64_characters_and_no_more() -> None:
    words = "coffee " * 9
    assert private_value(words + "a") is None
    assert private_value(words + "ab") == "free text"


def test_one_strange_word_is_a_slip_of_the_pen_and_two_are_free_text() -> None:
    assert private_value("late coffee with wuzzle") is None
    assert private_value("late coffee with wuzzle fizzgig") == "free text"


def test_of_four_words_none_need_be_the_instruments_to_be_free_text() -> None:
    assert private_value("wuzzle fizzgig drabble") is None
    assert private_value("wuzzle fizzgig drabble snark") == "free text"


def test_what_stands_within_the_first_256_characters_is_seen() -> None:
    seen, unseen = (private_sentence("Coffee. " * words + "a@b.example") for words in (30, 40))
    assert seen == "an e-mail address"
    assert unseen is None


def test_a_refused_word_is_found_among_32_letters_run_together() -> None:
    assert private_name("my" * 13 + "phone")
    assert private_name("numbernumbernumber" + "surname")


def test_two_words_are_refused_that_are_one_of_the_list_together() -> None:
    assert private_name("e mail")
    assert private_name("post_code")
    assert private_name("birth_day_of_week")
    assert private_name("mean_sleep_day") is None


def test_two_unknown_words_with_capitals_are_somebody_and_one_is_where_a_name_stands() -> None:
    assert private_sentence("Rosalind sleep diaries") is None
    assert private_sentence("Diaries of Rosalind") == "somebody's name, or a place"
    assert private_sentence("Diaries of Rosalind Franklin") == "somebody's name, or a place"
    assert private_sentence("Sleep Study") is None


def test_a_file_with_one_known_column_is_taken_only_where_the_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("sol_min\n5\n")
    with pytest.raises(HypnicError, match="does not hold the column names"):
        hypnic.check(path)
    assert set(hypnic.check(path, table="nights")["table"]) == {"nights"}


def test_a_file_with_two_known_columns_tells_its_table(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("sol_min,waso_min\n5,5\n")
    assert set(hypnic.check(path)["table"]) == {"nights"}


def test_a_table_that_is_named_may_have_as_many_columns_as_the_other(tmp_path: Path) -> None:
    path = tmp_path / "token.csv"
    path.write_text("participant_id\np_abcdefghij234567\n")
    for table in ("participants", "nights"):
        assert set(hypnic.check(path, table=table)["table"]) == {table}


def test_a_workbook_has_the_line_of_its_row(diary: list[Row], tmp_path: Path) -> None:
    diary[2]["stress_0_10"] = "11"
    path = tmp_path / "nights.xlsx"
    pl.DataFrame(diary).write_excel(path)
    assert hypnic.check(path).select("rule", "line", "row", "cell").rows() == [("range", 4, 3, "L4")]


@pytest.mark.parametrize(("use", "rules"), [("undisclosed", set()), ("smoked", {"required"}), ("none", set())])
def test_a_question_may_be_blank_unless_the_answer_before_it_asks_for_it(
    use: str, rules: set[str], person: Row, diary: list[Row], save: Save
) -> None:
    diary[3]["nicotine_evening_n"] = ""
    others = [night | {"nicotine_evening_n": "0" if use == "none" else "-8"} for night in diary]
    people = save("participants", [person | {"nicotine_use": use}])
    found = hypnic.check(people, save("nights", [*others[:3], diary[3], *others[4:]]))
    assert set(found["rule"]) == rules


@pytest.mark.parametrize(("typed", "rules"), [("0", []), ("-7", []), ("-8", ["N16"]), ("1", ["N16"])])
def test_who_uses_no_nicotine_types_0_or_not_asked(
    typed: str, rules: list[str], person: Row, diary: list[Row], save: Save
) -> None:
    nights = [night | {"nicotine_evening_n": "0"} for night in diary]
    nights[5]["nicotine_evening_n"] = typed
    found = hypnic.check(save("participants", [person | {"nicotine_use": "none"}]), save("nights", nights))
    assert found["rule"].to_list() == rules


@pytest.mark.parametrize(("typed", "rules"), [("0", []), ("-7", []), ("-8", ["P07"]), ("1", ["P07"])])
def test_who_never_drinks_types_0_or_not_asked(typed: str, rules: list[str], person: Row, save: Save) -> None:
    row = person | {"audit_c_q1": "0", "audit_c_q2": typed, "audit_c_q3": "0"}
    assert hypnic.check(save("participants", [row]))["rule"].to_list() == rules


@pytest.mark.parametrize(
    ("code", "rules"), [("-7", ["range"]), ("-8", []), ("-9", []), ("-6", ["range"]), ("-10", ["range"])]
)
def test_two_codes_say_why_an_asked_number_is_missing_and_no_other_does(
    code: str, rules: list[str], diary: list[Row], save: Save
) -> None:
    diary[5]["stress_0_10"] = code
    assert hypnic.check(save("nights", diary))["rule"].to_list() == rules


def test_a_column_may_be_called_by_a_whole_question() -> None:
    asked = "How often, on an ordinary evening, do you drink coffee, tea, cola or other things that keep you awake?"
    assert private_name(asked) is None
    assert private_value(asked) == "free text"
