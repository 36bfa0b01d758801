"""A column that says whether, and the next one that says how many: the number counts, and a no is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion


def diary(folder: Path, names: str, *nights: str) -> Path:
    path = folder / "diary.csv"
    rows = [f"2026-01-{12 + n},22:{15 + n},7:00,{night}" for n, night in enumerate(nights)]
    path.write_text("\n".join([f"Date,Bedtime,Woke up,{names}", *rows]), "utf-8")
    return path


def made(folder: Path, names: str, *nights: str) -> Conversion:
    return convert("spreadsheet", diary(folder, names, *nights))


@pytest.mark.parametrize(
    ("names", "yes", "no"),
    [
        ("Jerks?,How many", "Y", "N"), ("Zuckungen,Anzahl", "ja", "nein"), ("Sursauts,Combien", "oui", "non"),
        ("Sacudidas,Cuántas", "sí", "no"), ("Jerks,If yes how many?", "yes", "no"),
        ("Hypnic jerks,Number of jerks", "yes", "no"), ("Scosse,Numero di scosse", "sì", "no"),
    ],
)  # fmt: skip
def test_the_number_is_the_count_and_where_there_were_none_it_is_0(names, yes: str, no: str, tmp_path: Path) -> None:
    found = made(tmp_path, names, f"{yes},2", f"{no},", f"{yes},1", f"{no},0", ",")
    assert found.frame["jerk_count"].to_list() == ["2", "0", "1", "0", None]
    assert found.complete
    assert "jerk_count: E says how many, and D where there were none" in found.said


def test_a_yes_without_a_number_and_a_no_with_one_are_left_for_the_person(tmp_path: Path) -> None:
    found = made(tmp_path, "Jerks?,How many", "Y,", "N,3", "Y,0", "Y,2")
    assert found.frame["jerk_count"].to_list() == [None, None, None, "2"]
    assert not found.complete
    assert any("jerk_count in rows 2, 3, 4" in line for line in found.said)


def test_minutes_after_a_yes_are_the_exercise(tmp_path: Path) -> None:
    found = made(tmp_path, "Exercise,How long,Jerks", "yes,45 min,0", "no,,1", "yes,1 h,0")
    assert found.frame["exercise_min"].to_list() == ["45", "0", "60"]


def test_what_was_drunk_after_a_yes_is_the_alcohol(tmp_path: Path) -> None:
    found = made(tmp_path, "Alcohol (y/n),What,Jerks", "yes,2 glasses of wine,0", "no,,1", "yes,1 x 0.5 l beer,0")
    assert found.frame["alcohol_g"].to_list() == ["28.4", "0", "19.7"]


def test_how_often_after_a_yes_is_no_number_of_minutes(tmp_path: Path) -> None:
    found = made(tmp_path, "Exercise,How many,Jerks", "yes,3,0", "no,,1", "yes,2,0")
    assert found.frame["exercise_min"].to_list() == [None, "0", None]
    assert not found.complete


@pytest.mark.parametrize("names", ["Jerks?,Stress", "Jerks?,Notes", "Jerks,How many"])
def test_nothing_is_joined_where_one_is_a_count_already_or_the_other_is_something_else(names, tmp_path: Path) -> None:
    found = made(tmp_path, names, "1,4", "0,2", "2,3")
    assert found.frame["jerk_count"].to_list() == ["1", "0", "2"]


def test_a_map_that_hypnic_wrote_gives_the_same_table(tmp_path: Path) -> None:
    path = diary(tmp_path, "Jerks?,How many", "Y,2", "N,", "Y,1")
    first = convert("spreadsheet", path)
    (tmp_path / "map.toml").write_text(first.map, "utf-8")
    again = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    assert again.frame.drop("participant_id").equals(first.frame.drop("participant_id"))


@pytest.mark.parametrize(
    ("cells", "name", "amounts"),
    [
        (("1 glass of wine", "none", "2 x 0.5 l beer"), "alcohol_g", ["14.2", "0", "39.4"]),
        (("1 glass of wine", "0", "2 pints"), "alcohol_g", ["14.2", "0", None]),
        (("2 espressi", "none", "1 espresso"), "caffeine_mg", ["160", "0", "80"]),
    ],
)
def test_drinks_are_what_their_cells_name(cells, name: str, amounts, tmp_path: Path) -> None:
    found = made(tmp_path, "Jerks,Drinks", *(f"{n % 2},{cell}" for n, cell in enumerate(cells)))
    assert found.frame[name].to_list() == amounts


@pytest.mark.parametrize("cells", [("2", "0", "1"), ("1 coffee, 1 beer", "2", "0"), ("wine", "1 coffee", "2 cokes")])
def test_drinks_of_both_kinds_or_of_none_that_is_named_are_asked_about(cells, tmp_path: Path) -> None:
    found = made(tmp_path, "Jerks,Drinks", *(f'{n % 2},"{cell}"' for n, cell in enumerate(cells)))
    assert not {"alcohol_g", "caffeine_mg"} & {name for name in found.frame.columns if found.frame[name].count()}
    assert not found.complete


def test_in_a_survey_jerks_with_yes_and_no_are_whether_somebody_has_them_at_all(tmp_path: Path) -> None:
    path = tmp_path / "umfrage.csv"
    path.write_text(
        "Alter;Geschlecht;Land;Einschlafzuckungen?;Nächte im letzten Monat;Stress (0-10);Schlaf pro Nacht\n"
        "34;w;DE;ja;5;6;7\n52;m;AT;nein;0;3;6,5\n61;m;CH;weiß nicht;2;5;8\n",
        "utf-8",
    )
    found = convert("spreadsheet", path).frame
    read = {name: found[name].to_list() for name in ("jerk_ever", "jerk_nights_30d", "stress_usual_0_10")}
    assert read == {
        "jerk_ever": ["yes", "no", "unsure"], "jerk_nights_30d": ["5", "0", "2"], "stress_usual_0_10": ["6", "3", "5"],
    }  # fmt: skip
    assert found["sleep_usual_h"].to_list() == ["7", "6.5", "8"]


def test_what_somebody_who_refuses_typed_is_not_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("Age,Sex,Country,Consent\n34,f,DE,yes\n52,m,Nowhere,no\n61,m,CH,yes\n", "utf-8")
    found = convert("spreadsheet", path)
    assert found.frame["country_code"].to_list() == ["DE", "CH"]
    assert not any(line.startswith("not read") for line in found.said)
