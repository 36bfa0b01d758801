"""A choice is told by its label: in the headers, in the codebook, and never by its number alone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from hypnic.datasets.forms import convert, read_codebook
from hypnic.datasets.forms.choices import apart
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

PERSON = {"record_id": "1", "jerk_ever": "yes", "age_band": "35-44"}


def table(path: Path, *lines: Sequence[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def answered(path: Path, **columns: str) -> Path:
    row = PERSON | columns
    return table(path, list(row), list(row.values()))


def supplements(form: str, path: Path, codebook: Path | None = None) -> tuple[str | None, bool]:
    made = convert(form, path, codebook=read_codebook(codebook) if codebook else None)
    return made.frame["supplements"].item(), made.complete


def test_a_choice_named_by_a_number_alone_is_listed_as_unread_and_not_guessed(tmp_path: Path) -> None:
    made = convert("redcap", answered(tmp_path / "a.csv", supplements___1="1", supplements___0="0"))
    assert (made.frame["supplements"].item(), made.complete) == (None, False)
    assert any(line.startswith("choices not read: supplements (D-E): ") for line in made.said)


def test_codes_of_one_cell_are_not_guessed_either(tmp_path: Path) -> None:
    for cell in ("1", "1,4"):
        assert supplements("qualtrics", table(
            tmp_path / "a.csv", [*PERSON, "supplements"], ["ImportId"] * 4, [*PERSON.values(), cell]
        )) == (None, False)  # fmt: skip


def test_the_label_in_the_second_header_row_decodes_the_number(tmp_path: Path) -> None:
    heads = [*PERSON, "supplements_1", "supplements_4", "supplements_9"]
    texts = [*PERSON, *(f"What do you take? - Selected Choice - {word}" for word in ("Iron", "Magnesium", "None"))]
    marks = [f'{{"ImportId":"QID{n}_1"}}' for n in range(len(heads))]
    export = table(tmp_path / "a.csv", heads, texts, marks, [*PERSON.values(), "1", "1", ""])
    assert supplements("qualtrics", export) == ("iron|magnesium", True)


def test_redcaps_data_dictionary_decodes_fields_and_checkboxes(tmp_path: Path) -> None:
    book = table(
        tmp_path / "book.csv",
        ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"],
        ["supplements", "checkbox", "Which?", "0, none | 1, Iron | 4, Magnesium | -9, Refused | 7, Zinc"],
        ["age_band", "radio", "Age", "1, 18-24 | 2, 35-44"],
    )
    ticks = {"supplements___1": "1", "supplements___4": "1", "supplements___0": "0", "supplements____9": "0"}
    export = answered(tmp_path / "a.csv", **ticks, age_band="2")
    assert supplements("redcap", export, book) == ("iron|magnesium", True)
    assert convert("redcap", export, codebook=read_codebook(book)).frame["age_band"].item() == "35-44"


def test_a_choice_that_the_instrument_does_not_have_is_left_out_and_said(tmp_path: Path) -> None:
    book = table(tmp_path / "book.csv", ["column", "code", "label"], ["supplements", "1", "Iron"],
                 ["supplements", "2", "Zinc"])  # fmt: skip
    export = answered(tmp_path / "a.csv", supplements___1="1", supplements___2="1")
    made = convert("redcap", export, codebook=read_codebook(book))
    assert (made.frame["supplements"].item(), made.complete) == ("iron", False)
    assert any(line.startswith("choices left out: supplements (E) in row 2") for line in made.said)


def test_an_xlsform_decodes_numbers_and_names_a_question_by_its_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "form.xlsx") as book:
        survey, choices = book.add_worksheet("survey"), book.add_worksheet("choices")
        question = "Which of these do you take at least weekly?"
        for place, row in enumerate([["type", "name", "label"], ["select_multiple s", "q7", question]]):
            survey.write_row(place, 0, row)
        rows = [["list_name", "name", "label::Deutsch", "label::English"], ["s", 1, "Eisen", "Iron"],
                ["s", 2, "keine", "None"]]  # fmt: skip
        for place, row in enumerate(rows):
            choices.write_row(place, 0, row)
    assert supplements("odk", answered(tmp_path / "a.csv", q7="1"), tmp_path / "form.xlsx") == ("iron", True)


def test_what_is_no_codebook_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(HypnicError, match="this is no codebook; give a REDCap data dictionary"):
        read_codebook(table(tmp_path / "a.csv", ["a", "b"], ["1", "2"]))


def test_a_negative_code_is_the_instruments_own(tmp_path: Path) -> None:
    assert supplements("redcap", answered(tmp_path / "a.csv", supplements____9="1")) == ("refused", True)


def test_columns_of_0_and_1_are_read_where_the_joined_cell_cannot_be(tmp_path: Path) -> None:
    export = answered(
        tmp_path / "a.csv", supplements="iron my_tea", **{"supplements/iron": "1", "supplements/magnesium": "0"}
    )
    assert supplements("odk", export) == ("iron", True)


def test_a_joined_cell_and_columns_that_contradict_it_are_not_read(tmp_path: Path) -> None:
    export = answered(tmp_path / "a.csv", supplements="iron", **{"supplements/iron": "0", "supplements/magnesium": "1"})
    assert supplements("odk", export) == (None, False)


def test_a_label_that_holds_the_separator_is_read_whole(tmp_path: Path) -> None:
    export = answered(tmp_path / "a.csv", supplements="Electrolyte, drink, Iron")
    assert supplements("google-forms", export) == ("electrolyte_drink|iron", True)


LABELS = st.lists(st.sampled_from(["a", "a, b", "b", "c, d, e", "d"]), min_size=1, max_size=8)


@given(LABELS)
def test_joined_labels_come_apart_into_the_same_text(labels: list[str]) -> None:
    known = dict.fromkeys(["a", "a, b", "b", "c, d, e", "d"])
    read = apart(", ".join(labels), r"\s*,\s*", lambda part: part if part in known else None)
    assert read is not None
    assert ", ".join(read) == ", ".join(labels)


@given(st.text(max_size=40))
def test_text_that_is_no_list_of_labels_is_not_read(text: str) -> None:
    assert apart(f"{text}?", r"\s*,\s*", {"a": "a"}.get) is None


CASES = Path(__file__).parents[4] / "shared" / "cases"


@pytest.mark.skipif(not CASES.exists(), reason="the reduced inputs lie next to the repository, and are not there")
def test_reduced_inputs_of_choices_are_read_or_said() -> None:
    made = convert("redcap", CASES / "F03-silent-tick-codes" / "redcap.csv")
    assert (made.frame["supplements"].to_list(), made.complete) == ([None, None], False)
    split = CASES / "F10-kobo-split-columns"
    assert convert("odk", split / "labels.csv").frame["supplements"].to_list() == ["electrolyte_drink|iron"]
    assert convert("odk", split / "other.csv").frame["supplements"].to_list() == ["iron", None]


def test_a_question_with_one_answer_that_was_asked_as_checkboxes_is_read_where_one_is_ticked(tmp_path: Path) -> None:
    night = {"record_id": "1", "stress_0_10": "4", "sol_min": "15"}
    said = [("Checked", ""), ("", ""), ("Checked", "Checked")]
    boxes = ("exercise_intensity (choice=Light)", "exercise_intensity (choice=Hard)")
    rows = [list((night | dict(zip(boxes, one, strict=True))).values()) for one in said]
    made = convert("redcap", table(tmp_path / "a.csv", [*night, *boxes], *rows), "nights")
    assert made.frame["exercise_intensity"].to_list() == ["light", None, None]
    assert not made.complete


@pytest.mark.parametrize("frame", ["supplements_{}", "Supplements: {}", "Supplements [{}]", "supplements ({})"])
@pytest.mark.parametrize("tick", ["1", "x", "TRUE", "oui", "\u2713"])
def test_columns_of_a_persons_own_table_that_name_a_question_and_a_choice_are_ticks(
    frame: str, tick: str, tmp_path: Path
) -> None:
    heads = [frame.format(word) for word in ("iron", "magnesium", "zinc")]
    row = {"age_band": "35-44", "stress_usual_0_10": "4", "jerk_ever": "yes"} | dict(
        zip(heads, (tick, "", ""), strict=True)
    )
    made = convert("spreadsheet", table(tmp_path / "a.csv", list(row), list(row.values())))
    assert made.frame["supplements"].to_list() == ["iron"]
