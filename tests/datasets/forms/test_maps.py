"""A form whose questions are the study's own: the map that is written for it, filled in, and what is never guessed."""

from __future__ import annotations

import csv
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from hypnic.datasets.forms import convert, convert_together, read_codebook, read_map
from hypnic.datasets.forms.together import sketch
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion

    Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(*rows: Sequence[str], name: str = "export.csv") -> Path:
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return tmp_path / name

    return write


def by_map(form: str, path: Path, own: str, table: str = "participants") -> Conversion:
    (path.parent / "map.toml").write_text(own, "utf-8")
    return convert(form, path, table, codebook=read_map(path.parent / "map.toml"))


def said(made: Conversion, part: str) -> bool:
    return any(part in line for line in made.said)


def test_questions_in_a_studys_own_words_are_read_as_its_map_says(written: Written) -> None:
    path = written(
        [
            "Timestamp",
            "How old are you?",
            "Ever had a jolt?",
            "How tense are your days?",
            "sleep_need_h",
            "consent_open_data",
        ],
        ["2026-03-02", "25-34", "Yes", "6", "8", "yes"],
    )
    first = convert("google-forms", path, "participants")
    assert '"How tense are your days?" = ""' in first.map
    assert '# "How old are you?" = ""  # left out as private' in first.map
    assert "Timestamp" not in first.map
    filled = first.map.replace('"How tense are your days?" = ""', '"How tense are your days?" = "stress_usual_0_10"')
    filled = filled.replace('# "How old are you?" = ""', '"How old are you?" = "age_band"')
    filled = filled.replace('"Ever had a jolt?" = ""', '"Ever had a jolt?" = "jerk_ever"')
    made = by_map("google-forms", path, filled)
    assert made.frame.select("age_band", "jerk_ever", "stress_usual_0_10").row(0) == ("25-34", "yes", "6")


def test_an_export_of_which_hardly_a_question_is_known_still_gets_a_map(written: Written) -> None:
    path = written(["Timestamp", "Jolts?", "Tense?"], ["2026-03-02", "2", "6"])
    with pytest.raises(HypnicError, match="run it with --map"):
        convert("google-forms", path)
    assert '"Tense?" = ""' in sketch(path, form="google-forms")


QUALTRICS = (
    ["ResponseId", "Status", "Q1", "Q2_1", "Q2_2", "Q3", "Q4"],
    [
        "Response ID", "Response Type", "How do you feel on most days?",
        "Which pills? - Selected Choice - Iron", "Which pills? - Selected Choice - Magnesium", "jerk_ever",
        "sleep_need_h",
    ],
    [f'{{"ImportId":"{n}"}}' for n in range(7)],
    ["R_1", "IP Address", "6", "Iron", "", "yes", "8"],
)  # fmt: skip


def test_a_qualtrics_map_goes_by_the_questions_and_has_one_line_for_the_choices_of_one(written: Written) -> None:
    path = written(*QUALTRICS)
    own = convert("qualtrics", path, "participants").map
    assert '"How do you feel on most days?" = ""' in own  # `do` is no display order
    assert '"Which pills?" = ""  # its 2 columns hold a choice each' in own
    own = own.replace('most days?" = ""', 'most days?" = "stress_usual_0_10"')
    made = by_map("qualtrics", path, own.replace('pills?" = ""', 'pills?" = "supplements"'))
    assert made.frame.select("stress_usual_0_10", "supplements").row(0) == ("6", "iron")


def test_a_map_given_back_unchanged_makes_the_same_table(written: Written) -> None:
    path = written(*QUALTRICS)
    first = convert("qualtrics", path, "participants")
    again = by_map("qualtrics", path, first.map)
    assert again.frame.drop("participant_id").equals(first.frame.drop("participant_id"))


def test_codes_of_a_redcap_project_are_read_by_the_words_of_a_map(written: Written) -> None:
    path = written(["record_id", "hj", "pill___1", "pill___2"], ["1", "2", "1", "0"], ["2", "1", "0", "1"])
    own = '[columns]\nhj = "jerk_ever"\npill = "supplements"\n[values.hj]\n1 = "yes"\n2 = "unsure"\n[values.pill]\n'
    made = by_map("redcap", path, own + '1 = "iron"\n2 = "magnesium"\n')
    assert made.frame.select("jerk_ever", "supplements").rows() == [("unsure", "iron"), ("yes", "magnesium")]
    assert made.complete


DICTIONARY = ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"]


def test_the_questions_of_a_data_dictionary_count_as_headers_and_stand_in_the_map(written: Written) -> None:
    book = written(
        DICTIONARY,
        ["wine_n", "text", "Glasses of wine (150 ml) in a usual week", ""],
        ["x1", "radio", "How calm are you?", "1, Very | 2, Not"],
        name="dictionary.csv",
    )
    made = convert(
        "redcap",
        written(["record_id", "wine_n", "x1", "jerk_ever"], ["1", "2", "1", "yes"]),
        codebook=read_codebook(book),
    )
    assert made.frame["alcohol_usual_g_wk"].to_list() == ["28.4"]
    assert '"x1" = ""  # How calm are you?' in made.map


def test_a_label_that_is_none_of_the_words_is_not_called_a_missing_label(written: Written) -> None:
    book = written(DICTIONARY, ["jerk_ever", "radio", "Ever?", "1, Yes | 2, Now and then"], name="dictionary.csv")
    path = written(["record_id", "jerk_ever", "stress_usual_0_10"], ["1", "1", "3"], ["2", "2", "4"])
    made = convert("redcap", path, codebook=read_codebook(book))
    assert made.frame["jerk_ever"].to_list() == ["yes", None]
    assert said(made, "the study's label for it is none of yes or no or unsure")
    assert not said(made, "export labels")


def test_the_row_of_a_grid_is_counted_as_its_question_says(written: Written) -> None:
    path = written(
        ["Respondent ID", "How many on a usual day?", "", "How many of them after 2 pm?", "", "stress_usual_0_10"],
        ["", "Espresso", "Cola", "Espresso", "Cola", "Response"],
        ["11", "2", "1", "1", "0", "4"],
    )
    made = convert("surveymonkey", path, "participants")
    assert made.frame.select("caffeine_usual_mg", "caffeine_after_14_usual_mg").row(0) == ("200", "80")


def test_wine_of_a_usual_day_is_not_taken_for_a_weeks(written: Written) -> None:
    path = written(["jerk_ever", "stress_usual_0_10", "Glasses of wine (150 ml) on a usual day"], ["yes", "4", "1"])
    made = convert("google-forms", path, "participants")
    assert "alcohol_usual_g_wk" not in made.frame.columns
    assert said(made, "so alcohol_usual_g_wk is not computed")


def test_a_sum_waits_for_the_drink_next_to_it_that_nobody_knows(written: Written) -> None:
    path = written(
        ["record_id", "cof_day", "tea_day", "cola_day", "jerk_ever", "stress_usual_0_10"],
        ["1", "3", "1", "0", "yes", "4"],
    )
    made = convert("redcap", path, "participants")
    assert "caffeine_usual_mg" not in made.frame.columns
    assert said(made, 'drink not matched: B "')


def test_questions_asked_in_a_loop_become_nights_of_their_person(written: Written) -> None:
    names = ["sol_min", "jerk_count"]
    path = written(
        ["ResponseId", "Status", "age_band", "jerk_ever", *(f"{n}_{name}" for n in (1, 2, 4) for name in names)],
        ["Response ID", "Response Type", "a", "b", *(f"Night {n} - {name}" for n in (1, 2, 4) for name in names)],
        [f'{{"ImportId":"{n}"}}' for n in range(10)],
        ["R_1", "IP Address", "25-34", "yes", "20", "2", "", "", "15", "0"],
        ["R_2", "IP Address", "35-44", "no", "5", "0", "10", "1", "", ""],
    )
    people, nights = convert_together("qualtrics", [path])
    assert people.frame["age_band"].to_list() == ["25-34", "35-44"]
    assert nights.frame.select("night_index", *names).rows() == [
        ("1", "20", "2"), ("4", "15", "0"), ("1", "5", "0"), ("2", "10", "1"),
    ]  # fmt: skip
    assert nights.frame["participant_id"].unique(maintain_order=True).equals(people.frame["participant_id"])


def test_the_sheets_of_a_kobo_workbook_are_the_form_and_its_repeats(tmp_path: Path) -> None:
    sheets = {
        "Study": [["jerk_ever", "stress_usual_0_10", "_index"], ["yes", "4", "1"], ["no", "3", "2"]],
        "night": [
            ["night_index", "jerk_count", "sol_min", "_parent_index"],
            ["1", "2", "20", "2"],
            ["1", "0", "5", "1"],
        ],
    }
    with xlsxwriter.Workbook(tmp_path / "kobo.xlsx") as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    people, nights = convert_together("odk", [tmp_path / "kobo.xlsx"])
    assert nights.frame["participant_id"].to_list() == people.frame["participant_id"].to_list()[::-1]


def test_a_choice_of_a_field_next_to_it_is_no_question_of_its_own(written: Written) -> None:
    path = written(
        ["habits/supplements", "habits/supplements/magnesium", "wine_week", "jerk_ever"], ["magnesium", "1", "2", "yes"]
    )
    made = convert("odk", path)
    assert made.table == "participants"
    assert made.frame.select("supplements", "alcohol_usual_g_wk").row(0) == ("magnesium", "28.4")


def test_a_zip_of_csv_files_is_named_as_what_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "form.zip", "w") as packed:
        packed.writestr("form.csv", "a,b\n")
    with pytest.raises(HypnicError, match="a zip of CSV files; unpack it"):
        read_text(tmp_path / "form.zip")


def test_a_person_who_answers_twice_is_said(written: Written) -> None:
    rows = [["code", "jerk_ever", "stress_usual_0_10"], ["R4", "yes", "4"], ["K7", "no", "3"], ["r4", "yes", "5"]]
    made = convert("google-forms", written(*rows), "participants")
    assert said(made, "the same person answers more than once, in rows 2, 4")
    assert not made.complete


def test_who_never_had_a_jerk_had_none_in_thirty_nights(written: Written) -> None:
    path = written(["jerk_ever", "jerk_freq_12mo", "jerk_nights_30d"], ["no", "", ""], ["yes", "", ""])
    made = convert("google-forms", path, "participants")
    assert made.frame.select("jerk_freq_12mo", "jerk_nights_30d").rows() == [("never", "0"), (None, None)]
    assert said(made, "filled: never in 1 row of jerk_freq_12mo, where jerk_ever is no")


def test_a_limesurvey_code_of_the_studys_own_leaves_the_choices_of_its_row_unread(written: Written) -> None:
    path = written(
        ["id", "supplements[iron]", "supplements[mag]", "jerkever", "stressusual010"],
        ["1", "Y", "Y", "yes", "4"], ["2", "Y", "", "no", "3"],
    )  # fmt: skip
    made = convert("limesurvey", path, "participants")
    assert made.frame["supplements"].to_list() == [None, "iron"]


@pytest.mark.parametrize(
    ("question", "cell", "column", "read"),
    [
        ("How many hours do you exercise per week?", "1.5", "exercise_vigorous_min_wk", "90"),
        ("Sleep on a usual night, in minutes", "420", "sleep_usual_h", "7"),
        ("Wine on a usual day (glasses)", "1", "wine_150", "99.4"),
        ("Cups of coffee in a week", "14", "filter_coffee_200", "180"),
    ],
)
def test_a_map_does_not_change_the_unit_that_a_question_names(
    question: str, cell: str, column: str, read: str, written: Written
) -> None:
    path = written(["jerk_ever", "stress_usual_0_10", question], ["yes", "4", cell])
    made = by_map("google-forms", path, f'[columns]\n"{question}" = "{column}"\n')
    assert read in made.frame.row(0)


def test_a_map_cannot_name_a_column_of_another_scale(written: Written) -> None:
    path = written(["jerk_ever", "sleep_need_h", "How tense? (1-5)"], ["yes", "8", "4"])
    made = by_map("google-forms", path, '[columns]\n"How tense? (1-5)" = "stress_usual_0_10"\n')
    assert "stress_usual_0_10" not in made.frame.columns
    assert said(made, "not taken:")


def test_core_columns_that_were_not_found_are_said_with_the_way_on(written: Written) -> None:
    heads, cells = ["jerk_ever", "stress_usual_0_10", "Age class"], ["yes", "4", "25-34"]
    assert said(convert("odk", written(heads, cells), "participants"), "no column for consent_open_data, age_band,")
    assert not said(convert("odk", written(heads[:2], cells[:2]), "participants"), "no column for")  # nothing left
