"""What is special about a tool's export: SurveyMonkey's choices, Microsoft Forms' semicolons, Qualtrics' languages."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hypnic.datasets.forms import convert

if TYPE_CHECKING:
    from pathlib import Path


def test_surveymonkey_has_a_question_over_the_first_of_its_choices(tmp_path: Path) -> None:
    heads = ["Respondent ID", "IP Address", "supplements", "", "", "jerk_nights_30d", "stress_usual_0_10"]
    choices = ["", "", "Iron", "Magnesium", "None", "Open-Ended Response", "Response"]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, choices, ["11", "x", "Iron", "Magnesium", "", "5", "4"],
                                    ["12", "x", "", "", "None", "0", "3"]])  # fmt: skip
    made = convert("surveymonkey", tmp_path / "a.csv", "participants")
    assert made.frame.select("supplements", "jerk_nights_30d", "stress_usual_0_10").rows() == [
        ("iron|magnesium", "5", "4"), ("none", "0", "3"),
    ]  # fmt: skip
    assert made.complete


def test_microsoft_forms_ends_each_choice_with_a_semicolon(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(
        ["ID", "Start time", "Completion time", "Email", "Name", "supplements", "jerk_nights_30d", "jerk_ever"]
    )
    book.active.append([1, "", "", "anonymous", "", "Iron;Magnesium;", 5, "Yes"])
    book.save(tmp_path / "a.xlsx")
    made = convert("microsoft-forms", tmp_path / "a.xlsx", "participants")
    assert made.frame.select("supplements", "jerk_nights_30d", "jerk_ever").row(0) == ("iron|magnesium", "5", "yes")


@pytest.mark.parametrize(
    "heads", [["Response ID", "Start Date"], ["Antwort-ID", "Startdatum"], ["\u56de\u7b54ID", "\u958b\u59cb\u65e5"]]
)
def test_a_qualtrics_workbook_is_known_in_any_language_of_the_interface(heads: list[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["ResponseId", "StartDate", "stress_usual_0_10", "jerk_ever", "jerk_nights_30d"])
    book.active.append([*heads, "x", "y", "z"])
    book.active.append(["R_1", "", "4", "yes", "5"])
    book.save(tmp_path / "a.xlsx")
    made = convert("qualtrics", tmp_path / "a.xlsx", "participants")
    assert made.frame.select("stress_usual_0_10", "jerk_ever", "jerk_nights_30d").rows() == [("4", "yes", "5")]
