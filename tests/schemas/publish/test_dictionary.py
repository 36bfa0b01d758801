"""The dictionary for programs: every fact of every column."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from hypnic.schemas import TABLES, Nights, Participants, columns, dtypes
from hypnic.schemas.drinks import ALCOHOL, CAFFEINE
from hypnic.schemas.publish.asking import BETWEEN
from hypnic.schemas.publish.dictionary import SERVED, as_markdown
from hypnic.schemas.publish.form import form
from hypnic.schemas.publish.tabular import HEADER, as_csv, as_json, facts
from hypnic.schemas.publish.wording import ANSWERS, HOW_OFTEN

EVERY = [column for model in (Participants, Nights) for column in columns(model).values()]


def test_json_and_csv_hold_a_record_for_each_column_in_table_order() -> None:
    names = [column.name for column in EVERY]
    assert [record["name"] for record in json.loads(as_json())] == names
    assert [row["name"] for row in csv.DictReader(io.StringIO(as_csv()))] == names
    assert {record["table"] for record in facts(["nights"])} == {"nights"}


def test_the_page_explains_clock_hours_missing_codes_and_lists_before_its_first_table() -> None:
    opening = as_markdown().partition("## participants")[0]
    assert "31.0 is 07:00 on the next day" in opening
    assert all(code in opening for code in ("-7", "-8", "-9", "`arm|leg`"))


def test_every_table_that_load_gives_has_a_section_with_each_of_its_columns() -> None:
    page = as_markdown()
    for name, model in {**TABLES, **SERVED}.items():
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == list(dtypes(model))


def test_a_record_says_what_the_field_says() -> None:
    record = next(record for record in facts() if record["name"] == "caffeine_last_clock_h")
    assert list(record) == list(HEADER)
    assert record["missing_words"] == ["-7", "-8", "-9"]
    assert (record["low"], record["high"], record["step"], record["unit"]) == (0, 36, 0.25, "clock h")
    assert (record["tier"], record["required"], record["privacy"]) == ("extended", True, "habit")
    assert record["routing"] == "caffeine_mg > 0"
    assert record["hint"].startswith("type a number from 0 to 36")


def test_csv_joins_words_and_says_true_and_false_as_a_table_does() -> None:
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(as_csv()))}
    assert rows["exercise_intensity"]["options"] == "none|light|moderate|vigorous"
    assert rows["exercise_intensity"]["ordered"] == "true"
    assert rows["exercise_end_clock_h"]["step"] == "0.25"


def test_every_column_is_in_its_form_once() -> None:
    for table, model in {"participants": Participants, "nights": Nights}.items():
        named = [item.name for item in form(table) if item.column]
        assert sorted(named) == sorted(columns(model))
        assert len({item.name for item in form(table)}) == len(form(table))


def test_the_evening_is_asked_before_the_morning_and_the_exposures_are_in_it() -> None:
    sections = {item.name: item.section.split(",")[0] for item in form("nights")}
    names = list(columns(Nights))
    evening = names[names.index("next_day_free") : names.index("unusual_night")]
    assert {sections[name] for name in evening} == {"Evening"}
    assert {sections[name] for name in names[names.index("unusual_night") :]} == {"Morning"}


def test_a_list_offers_each_answer_and_missing_code_of_its_column_except_not_asked() -> None:
    for item in [*form("participants"), *form("nights")]:
        if item.column and item.answer in {"one", "many"} and item.column.words:
            assert [word for word, _ in item.choices] == [word for word in item.column.words if word != "-7"]
        if item.column and item.column.kind in {"integer", "number"} and item.answer == "one":
            numbers = [float(word) for word, _ in item.choices if float(word) >= 0]
            assert (min(numbers), max(numbers)) == (item.column.low, item.column.high)
            assert {word for word, _ in item.choices if word.startswith("-")} == {
                str(code) for code in item.column.codes if code != -7
            }


def test_a_followup_offers_what_is_left_of_its_column_and_is_computed_for_who_is_not_asked() -> None:
    items = {item.name: item for table in TABLES for item in form(table)}
    asked = items["ask_jerk_reporter"]
    assert [word for word, _ in asked.choices] == ["self", "other_person", "both", "-8"]
    assert asked.asked == "{jerk_count} > 0"
    assert items["jerk_reporter"].calculation == (
        "if({jerk_count} = '0', 'none', if({jerk_count} < 0, '-8', {ask_jerk_reporter}))"
    )
    assert items["ask_waso_min"].low == 1


def test_whether_medicines_changed_is_asked_after_every_answer_about_them_but_a_refusal() -> None:
    asked = next(item.asked for item in form("participants") if item.name == "ask_med_change_30d")
    named = set(re.findall(r"{med_classes:(\w+)}", asked))
    assert named == set(columns(Participants)["med_classes"].options) - {"undisclosed"}


def test_a_clock_is_picked_by_its_time_of_day_from_noon_on() -> None:
    labels = {item.name: dict(item.choices) for item in form("nights")}
    assert labels["bed_clock_h"]["22.5"] == "22:30"
    assert labels["wake_clock_h"]["31"] == "07:00, the next morning"
    assert labels["caffeine_last_clock_h"]["9.25"] == "09:15 in the morning"
    starts = {name: next(iter(labels[name])) for name in labels if name.endswith("_clock_h")}
    assert starts == {
        "caffeine_last_clock_h": "12", "exercise_end_clock_h": "12", "bed_clock_h": "12", "wake_clock_h": "24"
    }  # fmt: skip


def test_the_lowest_answer_of_gad_2_and_phq_2_reads_not_at_all() -> None:
    for item in form("participants"):
        if item.name.startswith(("gad2", "phq2")):
            assert item.choices[:4] == tuple(zip("0123", HOW_OFTEN, strict=True))
            assert item.choices[0][1] == "not at all"


def test_every_answer_that_is_reworded_is_an_answer() -> None:
    known = {word for column in EVERY for word in (*column.words, *map(str, column.codes))}
    assert set(ANSWERS) <= known


def test_a_form_alone_asks_what_the_other_would_have_told() -> None:
    alone = {item.name: item for item in form("nights", alone=True)}
    assert alone["ask_nicotine_evening_n"].asked == "{evening_nicotine_any} = 'yes'"
    assert alone["jerk_location"].asked == "{jerk_count} > 0"
    both = {item.name: item for item in form("nights")}
    assert both["nicotine_evening_n"].asked.startswith("{nicotine_use} = 'smoked' or ")
    assert "evening_nicotine_any" not in both


def test_a_drink_makes_whole_steps_of_caffeine_and_grams_of_its_alcohol() -> None:
    assert all(drink.amount % 5 == 0 for drink in CAFFEINE if drink.name != "tablet_mg")
    assert {drink.name: drink.amount for drink in ALCOHOL}["large_beer"] == pytest.approx(500 * 0.05 * 0.789, abs=0.05)


@pytest.mark.parametrize("name", BETWEEN)
def test_a_rule_between_answers_refuses_its_bad_example_and_takes_its_good_one(name: str, person, diary) -> None:
    rule = BETWEEN[name][0]
    model, row = (Participants, person) if rule.startswith("P") else (Nights, diary[0])
    example = {numbered.id: numbered for numbered in model.rules()}[rule]
    good, bad = row | dict(example.good), row | dict(example.bad)
    if good[name] == "-7":  # a form offers no "not asked"
        good[name] = "0"
    assert _holds(name, good)
    tried = [bad[name]] if name in example.bad else _offered(name)  # the example may break the rule elsewhere
    assert not all(_holds(name, bad | {name: value}) for value in tried)


def _offered(name: str) -> list[str]:
    item = next(item for table in ("participants", "nights") for item in form(table) if item.name == name)
    return [word for word, _ in item.choices] or ["0", "10"]


def _holds(name: str, cells: dict[str, str]) -> bool:
    """Evaluate the form's condition in Python: `=` is ==, `.` the cell itself, numbers are numbers."""

    def value(text: str) -> str:
        return repr(float(text)) if re.fullmatch(r"-?\d+(\.\d+)?", text) else repr(text or "-7")

    code = re.sub(r"(?<![<>!])=", "==", BETWEEN[name][1]).replace("'-8'", "-8")
    code = re.sub(r"{(\w+)}", lambda found: value(cells[found[1]]), code)
    code = re.sub(r"(?<![\w.'])\.(?![\w.])", value(cells[name]), code)
    try:
        return bool(eval(code))  # noqa: S307 -- our own condition
    except TypeError:  # XPath: a word compared with a number is neither above nor below it
        return bool(eval(re.sub(r"'[^']*' (<=?|>=?) ", r"float('nan') \1 ", code)))  # noqa: S307
