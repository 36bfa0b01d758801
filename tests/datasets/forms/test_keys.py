"""Who a row is of: by what titles ask, by names that stand once, and never by what tells replies apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hypnic.datasets.forms import convert
from hypnic.datasets.forms.together import convert_together
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = ("23:15,7:00,0", "0:30,8:15,2", "22:45,6:30,1", "23:00,7:00,0")
ANSWERS = "When did you start trying to sleep?,When did you finally wake up?,Jerks"
MICROSOFT = "ID,Start time,Completion time,Email,Name"


def people(made) -> str:
    """Give the people of the rows as letters."""
    known: dict[str, str] = {}
    return "".join(known.setdefault(one, chr(65 + len(known))) for one in made.frame["participant_id"])


def save(path: Path, heads: str, *rows: str) -> Path:
    path.write_text("\n".join([heads, *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("title", ["Your code", "Dein Code", "Enter your diary code", "Votre pseudonyme", "Codice"])
def test_people_are_told_apart_by_the_code_that_a_form_asks_for(title: str, tmp_path: Path) -> None:
    rows = [f"2026-03-0{n // 2 + 1} 08:00,{code},{n // 2 + 1},{NIGHTS[n]}" for n, code in enumerate("xyxy")]
    path = save(tmp_path / "export.csv", f"Timestamp,{title},Night,{ANSWERS}", *rows)
    made = convert("google-forms", path)
    assert (people(made), made.frame["night_index"].to_list()) == ("ABAB", ["1", "1", "2", "2"])


def test_replies_that_are_all_anonymous_are_not_one_persons(tmp_path: Path) -> None:
    heads = f"{MICROSOFT},Your code,Which night of the diary is it?,{ANSWERS}"
    rows = [f"{n},,,anonymous,,{code},{n // 2 + 1},{NIGHTS[n]}" for n, code in enumerate("xyxy")]
    made = convert("microsoft-forms", save(tmp_path / "a.csv", heads, *rows))
    assert (people(made), made.frame["night_index"].to_list()) == ("ABAB", ["1", "1", "2", "2"])
    without = [f"{n},,,anonymous,,{night}" for n, night in enumerate(NIGHTS)]
    with pytest.raises(HypnicError, match="no column tells which nights are of the same person"):
        convert("microsoft-forms", save(tmp_path / "b.csv", f"{MICROSOFT},{ANSWERS}", *without))


def test_a_number_of_replies_is_no_person_next_to_a_code_and_alone_it_is_refused(tmp_path: Path) -> None:
    own = "Respondent ID,Collector ID,Start Date,IP Address"
    heads = [f"{own},Your diary code,Night number,{ANSWERS}", ",,,,Response,Response,Response,Response,Response"]
    rows = [f"11800{n},4,,,{code},{n // 2 + 1},{NIGHTS[n]}" for n, code in enumerate("xyxy")]
    assert people(convert("surveymonkey", save(tmp_path / "a.csv", *heads, *rows))) == "ABAB"
    bare = [row.replace("Your diary code,", "").replace(",Response", "", 1) for row in heads]
    bare += [re.sub(",[xy],", ",", row) for row in rows]
    with pytest.raises(HypnicError, match="A differs in every row, so nobody has two nights, though nights are number"):
        convert("surveymonkey", save(tmp_path / "b.csv", *bare))


def test_a_name_that_stands_once_above_its_rows_is_that_of_all_of_them(tmp_path: Path) -> None:
    rows = [f"{name},{n % 2 + 1},{NIGHTS[n]}" for n, name in enumerate(["x", "", "y", ""])]
    made = convert("spreadsheet", save(tmp_path / "a.csv", "Participant,Night,Bedtime,Wake time,Jerks", *rows))
    assert (people(made), made.frame.height, made.complete) == ("AABB", 4, True)
    assert any(line.endswith("a row without a cell in A is taken as the person's above it") for line in made.said)


def test_a_row_without_a_name_among_named_ones_is_left_out_and_the_exit_code_says_so(tmp_path: Path) -> None:
    rows = [f"{name},{n + 1},{NIGHTS[n]}" for n, name in enumerate(["x", "x", "", "x"])]
    made = convert("spreadsheet", save(tmp_path / "a.csv", "Participant,Night,Bedtime,Wake time,Jerks", *rows))
    assert (people(made), made.complete) == ("AAA", False)
    assert "left out: row 4: no respondent named" in made.said


def test_a_merged_name_is_that_of_all_rows_it_covers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [[name, n % 2 + 1, *NIGHTS[n].split(",")] for n, name in enumerate(["x", None, "y", None])]
    for row in (["Participant", "Night", "Bedtime", "Wake time", "Jerks"], *rows):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A4:A5")
    book.save(tmp_path / "a.xlsx")
    made = convert("spreadsheet", tmp_path / "a.xlsx")
    assert (people(made), made.frame["night_index"].to_list()) == ("AABB", ["1", "2", "1", "2"])


QUALTRICS = "StartDate EndDate Status ResponseId participant_token night_index bed_clock_h wake_clock_h jerk_count"
GERMAN = "Startdatum Enddatum Antworttyp Antwort-ID Code Nacht Bettzeit Aufgewacht Zuckungen"


@pytest.mark.parametrize(
    ("status", "rows", "complete"),
    [
        ("IP-Adresse", 2, True),
        ("Umfragevorschau", 1, True),
        ("IP\u30a2\u30c9\u30ec\u30b9", 2, True),
        ("\u0422\u0435\u0441\u0442", 1, False),
    ],
    ids=["German", "a German preview", "Japanese", "a word that is not known"],
)
def test_a_preview_is_no_answer_in_any_language_of_the_interface(
    status: str,
    rows: int,
    complete: bool,
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    answers = [["", "", said, f"R_{n}", "x", n, "23:15", "7:00", 0] for n, said in ((1, "IP Address"), (2, status))]
    for row in (QUALTRICS.split(), GERMAN.split(), *answers):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    made = convert("qualtrics", tmp_path / "a.xlsx")
    assert (made.frame.height, made.complete) == (rows, complete)


SURVEY = "Age,Sex,Country,Stress (0-10),Alcohol (g/week),Alcohol,Exercise (hours per week),Caffeine (mg)"


def test_what_a_survey_calls_as_a_diary_does_is_asked_of_usual_days(tmp_path: Path) -> None:
    made = convert("spreadsheet", save(tmp_path / "a.csv", SURVEY, "34,F,Germany,4,20,3,1.5,180", "51,M,USA,5,0,0,0,0"))
    read = {name: made.frame[name].to_list() for name in made.frame.columns if "_usual_" in name or "_wk" in name}
    assert made.table == "participants"
    assert read == {
        "caffeine_usual_mg": ["180", "0"],
        "alcohol_usual_g_wk": ["20", "0"],
        "stress_usual_0_10": ["4", "5"],
        "exercise_vigorous_min_wk": ["90", "0"],
        "sleep_usual_h": ["-8", "-8"],
    }
    assert made.frame["sex_at_birth"].to_list() == ["female", "male"]


@pytest.mark.parametrize(
    ("letters", "read"),
    [("WMD", ["female", "male", "other_or_undisclosed"]), ("HM", ["male", "female"]), ("MM", [None, None])],
    ids=["German", "Spanish", "one letter alone"],
)
def test_a_letter_for_sex_is_read_as_the_other_letters_of_its_column_tell(
    letters: str, read: list[str | None], tmp_path: Path
) -> None:
    rows = [f"34,{letter},Germany,yes" for letter in letters]
    made = convert("spreadsheet", save(tmp_path / "a.csv", "Age,Sex,Country,Jerks ever", *rows))
    assert made.frame["sex_at_birth"].to_list() == read


PERSON = "2026-03-01 08:00,{mail},{name},yes,4"
HEADS = "Timestamp,Email Address,Choose a nickname (you will need it again for the diary!),jerk_ever,jerk_nights_30d"


def study(folder: Path, *names: str) -> list:
    """Convert a form that two people filled in, who are known by an address and a nickname, and a diary of `names`."""
    rows = [PERSON.format(mail=f"{n}@example.org", name=name) for n, name in enumerate(("owl", "fox"))]
    nights = [f"2026-03-0{n} 08:00,{name},{n},{NIGHTS[0]}" for n, name in enumerate(names, 1)]
    paths = [
        save(folder / "form.csv", HEADS, *rows),
        save(folder / "diary.csv", f"Timestamp,Your nickname,Night,{ANSWERS}", *nights),
    ]
    return convert_together("google-forms", paths)


def test_two_files_are_tied_by_the_key_that_both_have_though_one_has_a_better_one(tmp_path: Path) -> None:
    form, diary = study(tmp_path, "owl", "Fox", "owl")
    assert diary.frame["participant_id"].is_in(form.frame["participant_id"].to_list()).all()
    assert diary.complete


def test_a_night_of_somebody_who_is_not_among_the_participants_is_said_with_its_row(tmp_path: Path) -> None:
    _, diary = study(tmp_path, "owl", "foxx", "owl")
    assert any(line.startswith("participant_id: row 3 has a key that no participant has") for line in diary.said)


def test_files_that_no_key_ties_together_are_said_to_be_apart(tmp_path: Path) -> None:
    _, diary = study(tmp_path, "hare", "hare")
    assert not diary.complete
    assert any(line.startswith("participant_id: no night names anybody who is among") for line in diary.said)
