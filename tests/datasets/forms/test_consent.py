"""Consent in a study's own words: whoever refuses is left out, and nobody else is."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms.consent import agrees
from hypnic.datasets.forms.conversion import convert
from hypnic.datasets.forms.together import convert_together

if TYPE_CHECKING:
    from pathlib import Path

PERSON = {"Your nickname": "owl", "In which country do you live?": "Germany", "jerk_ever": "Yes"}


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("title", "yes", "no"),
    [
        ("I have read the above.\nI agree that my answers are published (open data).", "Yes, I agree", "No, I do not"),
        ("Ich willige ein, dass meine Antworten ver\u00f6ffentlicht werden", "Ja", "Ich willige nicht ein"),
        ("J'accepte que mes r\u00e9ponses soient publi\u00e9es", "J'accepte", "Je n'accepte pas"),
        ("Doy mi consentimiento para publicar mis respuestas", "S\u00ed, acepto", "No acepto"),
        ("Aceito que as minhas respostas sejam dados abertos", "Sim, aceito participar no estudo", "N\u00e3o aceito"),
    ],
)
def test_a_question_for_consent_in_own_words_is_read_and_whoever_refuses_is_left_out(
    title: str, yes: str, no: str, tmp_path: Path
) -> None:
    rows = [PERSON | {title: yes}, PERSON | {"Your nickname": "fox", title: no}]
    made = convert("google-forms", write(tmp_path / "form.csv", *rows))
    assert made.frame["consent_open_data"].to_list() == ["true"]
    assert "left out: row 3: no consent" in made.said


def test_who_refuses_to_take_part_is_left_out_though_nothing_is_said_of_publishing(tmp_path: Path) -> None:
    title = "I consent to take part"
    rows = [PERSON | {title: "Yes"}, PERSON | {"Your nickname": "fox", title: "No"}]
    made = convert("google-forms", write(tmp_path / "form.csv", *rows))
    assert made.frame.height == 1
    assert "consent_open_data" not in made.frame.columns


@pytest.mark.parametrize(
    "title", ["I agree to be contacted again", "Do you agree that coffee makes you jump?", "I agree to audio recording"]
)
def test_a_no_to_another_question_leaves_nobody_out(title: str, tmp_path: Path) -> None:
    rows = [PERSON | {title: "Yes"}, PERSON | {"Your nickname": "fox", title: "No"}]
    assert convert("google-forms", write(tmp_path / "form.csv", *rows)).frame.height == 2


def test_consent_that_was_asked_at_another_visit_counts_for_all_rows_of_a_person(tmp_path: Path) -> None:
    header = "record_id,redcap_event_name,consent_open_data,jerk_nights_30d,bed_clock_h,wake_clock_h,jerk_count"
    lines = [header, "1,screening_arm_1,1,,,,", "1,baseline_arm_1,,4,,,", "1,night_1_arm_1,,,23:00,7:00,1",
             "2,screening_arm_1,0,,,,", "2,baseline_arm_1,,9,,,", "2,night_1_arm_1,,,23:00,7:00,1"]  # fmt: skip
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    people, nights = convert_together("redcap", [path])
    assert people.frame["jerk_nights_30d"].drop_nulls().to_list() == ["4"]
    assert (nights.frame.height, nights.frame["participant_id"][0]) == (1, people.frame["participant_id"][0])


def test_drinks_of_one_night_are_no_drinks_of_a_usual_day_where_an_export_has_both(tmp_path: Path) -> None:
    header = "record_id,redcap_event_name,consent_open_data,jerk_nights_30d,coffee_usual_cups,coffee,coffee_after_14,bed_clock_h,wake_clock_h,jerk_count"  # noqa: E501
    lines = [header, "1,baseline_arm_1,1,4,3,,,,,", "1,night_1_arm_1,,,,2,1,23:00,7:00,1"]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    people, nights = convert_together("redcap", [path])
    assert people.frame["caffeine_usual_mg"].to_list() == ["270"]
    assert "caffeine_after_14_usual_mg" not in people.frame.columns
    assert nights.frame.select("caffeine_mg", "caffeine_after_14_mg").rows() == [("180", "90")]


@pytest.mark.parametrize(
    ("said", "meant"), [("Checked", True), ("0", False), ("nicht einverstanden", False), ("later", None), ("", None)]
)
def test_a_cell_agrees_refuses_or_says_neither(said: str, meant: bool | None) -> None:
    assert agrees(said) is meant


@pytest.mark.parametrize(
    "question",
    [
        "By continuing you agree that your anonymised answers may be published as open data.",
        "Do you agree that your anonymised answers are published as open data?",
        "Vous acceptez que vos r\u00e9ponses anonymes soient publi\u00e9es",
    ],
)
def test_who_does_not_agree_is_left_out_in_whatever_words_a_study_asks(question: str, tmp_path: Path) -> None:
    rows = [f'"{question}",jerk_ever,sleep_need_h', "I agree,yes,8", "I do not agree,yes,7"]
    (tmp_path / "a.csv").write_text("\n".join(rows), "utf-8")
    made = convert("google-forms", tmp_path / "a.csv")
    assert made.frame["sleep_need_h"].to_list() == ["8"]


def test_an_opinion_on_a_scale_is_no_consent(tmp_path: Path) -> None:
    rows = ["Do you agree that data of apps are exact?,jerk_ever,sleep_need_h", "I agree,yes,8", "I disagree,yes,7"]
    (tmp_path / "a.csv").write_text("\n".join([*rows, "I strongly agree,no,6"]), "utf-8")
    assert convert("google-forms", tmp_path / "a.csv").frame.height == 3
