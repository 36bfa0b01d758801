"""The REDCap data dictionary keeps REDCap's rules for one."""

from __future__ import annotations

import csv
import io
import re
import sys

import pytest

from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.publish.redcap import COLUMNS, as_redcap

BOTH = ["participants", "nights"]
FIELDS = list(csv.DictReader(io.StringIO(as_redcap(BOTH))))
BY_NAME = {row["Variable / Field Name"]: row for row in FIELDS}
CHOICES, LOGIC, NOTE = COLUMNS[5], COLUMNS[11], COLUMNS[17]
TYPES = {"text", "dropdown", "radio", "checkbox", "calc", "descriptive"}


def coded(row: dict[str, str]) -> dict[str, str]:
    return dict(choice.split(", ", 1) for choice in row[CHOICES].split(" | "))


def test_it_has_the_18_columns_and_starts_with_the_record() -> None:
    assert len(COLUMNS) == 18
    assert list(FIELDS[0]) == list(COLUMNS)
    assert FIELDS[0]["Variable / Field Name"] == "record_id"


def test_names_are_lower_case_short_and_come_once_and_a_form_is_in_one_piece() -> None:
    assert len(BY_NAME) == len(FIELDS)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in BY_NAME)
    assert [row["Form Name"] for row in FIELDS] == sorted((row["Form Name"] for row in FIELDS), reverse=True)


def test_every_column_of_both_tables_is_a_field() -> None:
    assert {*columns(Participants), *columns(Nights)} <= set(BY_NAME)


@pytest.mark.parametrize("row", FIELDS, ids=BY_NAME)
def test_a_field_is_well_formed(row: dict[str, str]) -> None:
    kind = row["Field Type"]
    assert kind in TYPES
    assert row["Field Label"]
    assert bool(row[CHOICES]) == (kind in {"radio", "dropdown", "checkbox", "calc"})
    assert row["Text Validation Type OR Show Slider Number"] in {"", "integer", "number"}
    if kind in {"radio", "dropdown", "checkbox"}:
        codes = [choice.split(", ", 1)[0] for choice in row[CHOICES].split(" | ")]
        assert len(set(codes)) == len(codes)
        legal = r"[A-Za-z0-9_]+" if kind == "checkbox" else r"[A-Za-z0-9_]+|-?\d+(\.\d+)?"
        assert all(re.fullmatch(legal, code) for code in codes)


@pytest.mark.parametrize("row", FIELDS, ids=BY_NAME)
def test_logic_and_calculations_name_fields_and_codes_that_exist(row: dict[str, str]) -> None:
    calculation = row[CHOICES] if row["Field Type"] == "calc" else ""
    logic = f"{row[LOGIC]} {calculation} {row[NOTE]}".replace("[current-instance]", "")
    assert logic.count("(") == logic.count(")")
    assert "{" not in logic
    for name, ticked in re.findall(r"\[(\w+)(?:\((\w+)\))?\]", logic):
        assert name in BY_NAME
        assert not ticked or ticked in coded(BY_NAME[name])
    for name, word in re.findall(r"\[(\w+)\] (?:=|<>) '([^']*)'", logic):
        assert BY_NAME[name]["Field Type"] == "text" or not word or word in coded(BY_NAME[name])


def test_routing_becomes_branching_logic() -> None:
    assert BY_NAME["jerk_location"][LOGIC] == "[jerk_count] > 0"
    assert "[jerk_ever] = 'yes'" in BY_NAME["jerk_distress_0_10"][LOGIC]
    assert "[strategies_tried(magnesium)] = '1'" in BY_NAME["strategies_helped"][LOGIC]
    assert "(none)" not in BY_NAME["strategies_helped"][LOGIC]


def test_without_consent_nothing_more_is_asked() -> None:
    names = [row["Variable / Field Name"] for row in FIELDS if row["Form Name"] == "participants"]
    assert names[:4] == ["record_id", "information", "adult", "consent_open_data"]
    assert BY_NAME["consent_open_data"][LOGIC] == "[adult] = 'yes'"
    assert all("[consent_open_data] = 'true'" in BY_NAME[name][LOGIC] for name in names[4:])


def test_the_information_comes_first_and_says_what_cannot_be_taken_back_and_what_the_team_must_fill_in() -> None:
    said = BY_NAME["information"]["Field Label"]
    assert all(words in said for words in ("CC0", "cannot be called back", "health data", "withdraw with a code"))
    assert said.count("[TEAM: ") == 3


def test_a_withdrawal_code_is_shown_where_the_team_filled_it_in() -> None:
    assert BY_NAME["withdrawal_code"][NOTE].startswith("@HIDDEN-SURVEY ")
    assert "[withdrawal_code]" in BY_NAME["withdrawal_shown"]["Field Label"]
    assert BY_NAME["withdrawal_shown"][LOGIC].endswith("[withdrawal_code] <> ''")


def test_missing_answers_can_be_given() -> None:
    assert {"-8", "-9"} <= set(coded(BY_NAME["jerk_count"]))
    assert "refused" in coded(BY_NAME["ask_red_flags"])
    minutes = BY_NAME["sol_min"]
    assert (minutes["Text Validation Min"], minutes["Text Validation Max"]) == ("-9", "600")
    assert "-8" in minutes["Field Note"]


def test_none_stands_alone_and_recoded_answers_are_told() -> None:
    assert BY_NAME["supplements"][NOTE] == "@NONEOFTHEABOVE='none,refused'"
    assert "75_plus is 75+" in BY_NAME["age_band"][NOTE]


def test_what_was_ticked_is_put_together_for_who_was_asked() -> None:
    note = BY_NAME["movement_states"][NOTE]
    assert note.startswith("@HIDDEN @CALCTEXT(if([jerk_ever] = 'yes' or [movements_any] = 'yes', concat(if([ask_mov")
    assert note.count("if([ask_movement_states(waking_up)] = '1', 'waking_up ', '')") == 1


def test_what_is_computed_is_hidden() -> None:
    every = columns(Participants) | columns(Nights)
    computed = [name for name, facts in every.items() if facts.question.startswith("(computed)")]
    for name in [*computed, "schema_version", "attention_ok"]:
        assert BY_NAME[name][NOTE].startswith("@HIDDEN")
    assert "@HIDDEN-SURVEY" in BY_NAME["participant_id"][NOTE]


def test_nights_alone_carry_the_token_and_ask_first_whether_there_was_nicotine() -> None:
    fields = {row["Variable / Field Name"]: row for row in csv.DictReader(io.StringIO(as_redcap(["nights"])))}
    assert list(fields)[:3] == ["record_id", "welcome", "participant_id"]
    assert fields["ask_nicotine_evening_n"][LOGIC] == "[evening_nicotine_any] = 'yes'"
    assert BY_NAME["nicotine_evening_n"][LOGIC].startswith("[nicotine_use] = 'smoked' or ")


def test_no_text_of_a_protected_questionnaire_is_in_it() -> None:
    text = as_redcap(BOTH).lower()
    protected = ("drink containing alcohol", "six or more drinks", "doze", "pittsburgh", "insomnia severity")
    assert [words for words in protected if words in text] == []


def test_without_the_names_of_countries_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycountry", None)
    with pytest.raises(HypnicError, match=r"pip install 'hypnic\[forms\]'"):
        as_redcap(["participants"])
