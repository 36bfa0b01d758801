"""What a conversion does with each kind of column, and what it never does."""

from __future__ import annotations

import csv
import gzip
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hypnic
from hypnic.datasets.forms.conversion import Tokens, convert
from hypnic.datasets.forms.drinks import Counted, counted, total
from hypnic.datasets.forms.hours import clock
from hypnic.datasets.forms.layouts import profiles
from hypnic.errors import HypnicError
from hypnic.schemas import Participants, columns
from hypnic.schemas.drinks import DRINKS, Drink
from hypnic.schemas.publish.form import form

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ADDRESS = "maria.muster@example.org"
OWN = "p_abcdefghij234567"
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
    ("column", "name", "amount", "late"),
    [("cola_330", "cola", 40 * 330 / 355, False), ("tea", "black_tea", 50, False), ("wine_175", "wine", 16.6, False),
     ("spirits_40", "spirits", 12.6, False), ("Espresso (60 ml) after 14:00", "espresso", 80, True),
     ("How many cups of coffee did you drink today?", "filter_coffee", 90, False),
     ("beer 0,5 l", "small_beer", 19.7, False),
     ("bottles of wine 75 cl", "wine", 71.0, False), ("small_beers", "small_beer", 13.0, False),
     ("fortified wine", "fortified", 8.0, False), ("coffee_after_2pm", "filter_coffee", 90, True)],
)  # fmt: skip
def test_a_drink_is_told_by_its_name_and_size(column: str, name: str, amount: float, late: bool) -> None:
    found = counted(column)
    assert found is not None
    assert (found.drink.name, found.drink.amount, found.late) == (name, pytest.approx(amount), late)


@pytest.mark.parametrize(
    "column", ["beer", "pints of beer", "bottle of wine", "decaf coffee", "mate", "caffeine_mg", "small_beer_after_14"]
)
def test_a_drink_that_is_not_in_the_table_or_of_no_certain_size_is_not_guessed(column: str) -> None:
    assert counted(column) is None


@pytest.mark.parametrize("table", ["participants", "nights"])
@pytest.mark.parametrize("drink", DRINKS, ids=[drink.name for drink in DRINKS])
def test_the_counts_that_our_forms_ask_for_are_told_by_name_and_by_question(drink: Drink, table: str) -> None:
    items = [item for item in form(table) if re.fullmatch(rf"(day|usual)_{drink.name}(_late)?_n", item.name)]
    assert items
    for item in items:
        assert counted(item.name) == counted(item.label) == Counted(drink, late=item.name.endswith("_late_n"))


def test_a_drink_left_blank_leaves_the_sum_blank_and_a_sip_is_not_nothing() -> None:
    coffee, tea = counted("coffee"), counted("tea_10")
    assert coffee
    assert tea
    assert (total([coffee, tea], ["2", ""]), total([coffee, tea], ["0", "0"])) == ("", "0")
    assert (total([coffee, tea], ["0", "0.5"]), total([coffee, tea], ["many", "1"])) == ("5", None)


def test_a_sum_that_is_blank_for_want_of_a_count_is_told(export) -> None:
    rows = [{"coffee": "2", "tea": ""}, {"coffee": "", "tea": ""}, {"coffee": "1", "tea": "0"}]
    made = convert("odk", export(*(NIGHT | row for row in rows)))
    assert made.frame["caffeine_mg"].to_list() == [None, None, "90"]
    assert said(made, "left blank: caffeine_mg in 1 row that count some drinks and not others; type 0 for none")


def test_a_country_is_told_by_its_name(export) -> None:
    rows = [{"jerk_ever": "yes", "age_band": "35-44", "country_code": name} for name in ("Austria", "at", "Atlantis")]
    assert convert("google-forms", export(*rows)).frame["country_code"].to_list() == ["AT", "AT", None]


def test_redcap_exported_by_labels_is_read_too(export) -> None:
    row = {
        "Have you ever been jolted by a sudden jerk of your body while drifting off?": "yes",
        "Which age group are you in?": "75 or older",
        "Which of these do you take? (choice=vitamin B12)": "Checked",
        "Which of these do you take? (choice=iron)": "Unchecked",
    }
    question = columns(Participants)["supplements"].question
    made = convert("redcap", export({name.replace("Which of these do you take?", question): row[name] for name in row}))
    assert made.frame.drop("participant_id").rows() == [("75+", "yes", "b12")]


def test_a_drink_that_the_table_does_not_have_is_told_with_what_to_do(export) -> None:
    made = convert("odk", export(NIGHT | {"coffee": "2", "mate_cups": "1", "beer": "2"}))
    assert not made.complete
    assert not {"caffeine_mg", "alcohol_g"} & set(made.frame.columns)  # without the mate they would be too small
    told = said(made, "drink not matched")
    assert [line.split(",")[0] for line in told] == ['drink not matched: F "mate_cups"', 'drink not matched: G "beer"']
    assert told[0].endswith("so caffeine_mg and alcohol_g are not computed")
    (once,) = said(made, "drinks not matched")  # the list of drinks is long
    assert once.startswith("drinks not matched: say in its name which drink each counts and its ml, as espresso_60, ")


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
        ("3 am", "27", "31"),
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
    assert not re.search("maria|muster|203|2024", everything, re.IGNORECASE)
    assert said(made, 'left out as private: E "E-mail", F "Your full name", G "IP", H "Timestamp"')
    assert said(made, "not read, left blank: stress_0_10 in row 2")
    assert said(made, 'left out as no question of nights: I "Shoe size"')
    assert not made.complete


@pytest.mark.parametrize(
    "header", [ADDRESS, "Maria Muster", "+43 660 1234567", "203.0.113.9", f"{'x' * 36} 0660123456"]
)
def test_a_header_that_is_somebodys_data_itself_is_told_by_its_place_alone(header: str, export) -> None:
    made = convert("google-forms", export(NIGHT | {header: "4"}))
    assert header[:44] not in "\n".join(made.said)
    assert [line for line in said(made, "left out as") if line.split(": ")[1].split(";")[0] == "E"]


def test_a_misspelt_column_is_named_with_the_nearest_and_not_taken(export) -> None:
    made = convert("odk", export(NIGHT | {"awakenigns_n": "1"}))
    assert "awakenings_n" not in made.frame.columns
    assert said(made, "left out as")[0].endswith('E "awakenigns_n"; rename it to awakenings_n if it is that')


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


def test_a_token_of_the_form_is_kept_and_another_key_is_replaced(export) -> None:
    rows = [NIGHT | {"participant_id": OWN}, NIGHT | {"participant_id": "p_2"}]
    made = convert("odk", export(*rows))
    kept, new = made.frame["participant_id"].to_list()
    assert kept == OWN
    assert re.fullmatch(r"p_[a-z2-7]{16}", new)
    assert said(made, "participant_id: 1 of the form's own tokens, 1 new random tokens")


def test_a_tools_own_key_stands_for_the_token_that_it_once_stood_next_to(export) -> None:
    person = dict.fromkeys(NIGHT, "") | {"jerk_ever": "yes", "age_band": "35-44", "participant_id": OWN}
    path = export(person | {"record_id": "1"}, dict.fromkeys(person, "") | NIGHT | {"record_id": "1"})
    for table in ("participants", "nights"):
        assert convert("redcap", path, table).frame["participant_id"].to_list() == [OWN]


def test_what_a_night_was_not_asked_hangs_on_the_participants_answers(export) -> None:
    person = {"jerk_ever": "yes", "age_band": "35-44", "nicotine_use": "none"}
    path = export(NIGHT | person | {"nicotine_evening_n": ""})
    tokens = Tokens()
    convert("odk", path, "participants", tokens)
    assert convert("odk", path, "nights", tokens).frame["nicotine_evening_n"].to_list() == ["-7"]


def test_a_question_asked_twice_is_read_from_where_it_was_answered_and_not_where_the_answers_differ(export) -> None:
    pairs = [("4", ""), ("", "5"), ("6", "6"), ("1", "2")]
    rows = [
        NIGHT | {"stress_0_10": a, "How stressful was today? (0 calm, 10 the most you can imagine).1": b}
        for a, b in pairs
    ]
    made = convert("google-forms", export(*rows))
    assert made.frame["stress_0_10"].to_list() == ["4", "5", "6", None]
    assert said(made, "not read, left blank: stress_0_10 in row 5")


def test_what_was_decided_is_said(export) -> None:
    rows = [NIGHT | {"bed_clock_h": "23:10", "wake_clock_h": "7:00"}, dict.fromkeys(NIGHT, "") | {"bed_clock_h": ""}]
    made = convert("odk", export(*rows, NIGHT | {"respondent_id": "", "bed_clock_h": "22:30", "wake_clock_h": "6:50"}))
    assert made.frame["bed_clock_h"].to_list() == ["23.25"]
    assert said(made, "left out: row 3: no answer of nights")
    assert said(made, "left out: row 4: no respondent named")
    assert said(made, "rounded to the quarter hour: bed_clock_h in 1 row, wake_clock_h in 1 row")
    assert said(made, "night_index: numbered by each person's rows in the file's order")


@pytest.mark.parametrize(
    ("form", "mark", "void"),
    [("odk", "ReviewState", "rejected"), ("odk", "_validation_status", "validation_status_not_approved"),
     ("odk", "_validation_status", "Not Approved"), ("odk", "_validation_status", "Non approuv\u00e9"),
     ("odk", "_validation_status", "No aprobado"), ("odk", "_validation_status", "unreadable word"),
     ("qualtrics", "Status", "Survey Preview")],
)  # fmt: skip
def test_what_the_tool_marks_as_no_answer_is_left_out(form: str, mark: str, void: str, export) -> None:
    row = NIGHT | {mark: "", "externalreference": "7"}
    heads = [dict(zip(row, row, strict=True)), dict.fromkeys(row, '{"ImportId":"x"}')] if form == "qualtrics" else []
    made = convert(form, export(*heads, row, row | {mark: void}))
    assert made.frame.height == 1
    assert said(made, "left out: row")


@pytest.mark.parametrize(
    "status", ["validation_status_approved", "Approved", "On Hold", "Approuv\u00e9", "Aprobado", ""]
)
def test_what_kobo_marks_as_an_answer_stays_in_whatever_language(status: str, export) -> None:
    row = NIGHT | {"_validation_status": ""}
    made = convert("odk", export(row, row | {"_validation_status": status}))
    assert made.frame.height == 2


def test_a_row_without_consent_is_left_out(export) -> None:
    person = {"jerk_ever": "yes", "age_band": "35-44", "consent_open_data": "Yes"}
    made = convert(
        "google-forms", export(person, person | {"consent_open_data": "No"}, person | {"consent_open_data": ""})
    )
    assert made.frame.height == 1
    assert said(made, "left out: rows 3, 4: no consent")


def test_a_question_that_was_not_asked_is_minus_7_and_one_left_blank_stays_blank(export) -> None:
    rows = [NIGHT | {"exercise_min": "0", "exercise_end_clock_h": "", "nap_min": ""}, NIGHT | {
        "exercise_min": "30", "exercise_end_clock_h": "", "nap_min": ""}]  # fmt: skip
    made = convert("odk", export(*rows)).frame
    assert made.select("exercise_end_clock_h", "nap_min").rows() == [("-7", None), (None, None)]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ("12", [None, None]),
        ("10", ["yes", "no"]),
        ("11", [None, None]),
        ("13", [None, None]),
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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=st.sampled_from(sorted(profiles())), cells=st.lists(st.text(max_size=12), min_size=4, max_size=4))
def test_whatever_was_typed_is_converted_or_refused_in_plain_lines(form: str, cells: list[str], export) -> None:
    heads = [dict(zip(NIGHT, NIGHT, strict=True)), dict.fromkeys(NIGHT, "ImportId")] if form == "qualtrics" else []
    try:
        said = convert(form, export(*heads, dict(zip(NIGHT, cells, strict=True)), NIGHT), "nights").said
    except HypnicError as error:
        said = [str(error)]
    assert said
    assert all(len(line.splitlines()) == 1 for line in said)


@pytest.mark.parametrize(
    ("saved", "told"),
    [(lambda text: text.encode("utf-16"), "UTF-16"), (lambda text: gzip.compress(text.encode()), "gzip"),
     (lambda text: text.replace(",", "\t").encode(), "tabs"), (lambda text: text.replace(",", "|").encode(), "pipes")],
)  # fmt: skip
def test_an_export_is_read_in_every_dialect_that_check_reads_and_said(saved, told: str, export) -> None:
    path = export(NIGHT)
    path.write_bytes(saved(path.read_text("utf-8")))
    made = convert("redcap", path)
    assert made.frame["stress_0_10"].to_list() == ["4"]
    assert told in said(made, "export.csv: read as")[0]


def test_a_line_with_too_few_cells_is_named(export) -> None:
    path = export(NIGHT, NIGHT)
    path.write_text(path.read_text("utf-8") + "7,4\n", "utf-8")
    with pytest.raises(HypnicError, match="line 4: fix the lines"):
        convert("odk", path)


def test_what_was_converted_is_what_check_reads(export, tmp_path: Path) -> None:
    convert("odk", export(NIGHT | {"nap_min": "-9"})).frame.write_csv(tmp_path / "nights.csv")
    assert "type" not in hypnic.check(tmp_path / "nights.csv")["rule"].to_list()
