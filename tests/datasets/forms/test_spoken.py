"""Words that people type in place of times, numbers and choices, in seven languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion


def nights(folder: Path, name: str, *cells: str) -> Conversion:
    """Convert nights with one more column, by hypnic's own names."""
    rows = [f"{n};23:15;7:00;1;{cell}" for n, cell in enumerate(cells, 1)]
    (folder / "diary.csv").write_text("\n".join([f"Night;Going to bed;Wake time;Jerks;{name}", *rows]), "utf-8")
    return convert("spreadsheet", folder / "diary.csv", "nights")


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("quarter to twelve", "23.75"),
        ("half past eleven", "23.5"),
        ("half eleven", "23.5"),
        ("around 11", "23"),
        ("11ish", "23"),
        ("~11", "23"),
        ("eleven", "23"),
        ("about 11:30 pm", "23.5"),
        ("halb zwölf", "23.5"),
        ("Viertel vor zwölf", "23.75"),
        ("viertel nach zwölf", "24.25"),
        ("dreiviertel elf", "22.75"),
        ("11 Uhr abends", "23"),
        ("ca. 23 Uhr", "23"),
        ("las once menos cuarto", "22.75"),
        ("12 de la noche", "24"),
        ("once y media", "23.5"),
        ("minuit moins le quart", "23.75"),
        ("onze heures et demie", "23.5"),
        ("undici e mezza", "23.5"),
        ("mezzanotte e un quarto", "24.25"),
        ("kwart voor twaalf", "23.75"),
        ("half elf", "22.5"),
        ("onze e meia", "23.5"),
        ("half past midnight", "24.5"),
    ],
)
def test_a_bedtime_in_words_is_of_the_evening_or_after_midnight(typed: str, hour: str, tmp_path: Path) -> None:
    rows = ["Night;Bedtime;Wake time;Jerks", "1;11:30 pm;7:00;1", f"2;{typed};7:00;0", "3;10:45 pm;6:45;0"]
    (tmp_path / "diary.csv").write_text("\n".join(rows), "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    assert (made.frame["bed_clock_h"].to_list(), made.complete) == (["23.5", hour, "22.75"], True)


@pytest.mark.parametrize(
    ("typed", "hour"), [("half past six", "30.5"), ("halb sieben", "30.5"), ("siete y cuarto", "31.25")]
)
def test_a_waking_in_words_is_of_the_morning(typed: str, hour: str, tmp_path: Path) -> None:
    rows = ["Night;Bedtime;Wake time;Jerks", "1;23:30;7:00;1", f"2;23:15;{typed};0"]
    (tmp_path / "diary.csv").write_text("\n".join(rows), "utf-8")
    assert convert("spreadsheet", tmp_path / "diary.csv").frame["wake_clock_h"].to_list() == ["31", hour]


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("hora y media", "90"),
        ("anderthalb Stunden", "90"),
        ("une heure et demie", "90"),
        ("an hour and a half", "90"),
        ("un'ora e mezza", "90"),
        ("anderhalf uur", "90"),
        ("uma hora e meia", "90"),
        ("half an hour", "30"),
        ("eine halbe Stunde", "30"),
        ("una demi-heure", None),
        ("trois quarts d\u2019heure", "45"),
        ("een kwartier", "15"),
    ],
)
def test_a_duration_in_words_is_minutes(typed: str, minutes: str | None, tmp_path: Path) -> None:
    assert nights(tmp_path, "Exercise", typed, "20").frame["exercise_min"].to_list() == [minutes, "20"]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("once", "1"),
        ("Twice", "2"),
        ("zweimal", "2"),
        ("une fois", "1"),
        ("tres veces", "3"),
        ("due volte", "2"),
        ("één keer", "1"),
    ],
)
def test_how_often_in_words_is_a_count(typed: str, count: str, tmp_path: Path) -> None:
    made = nights(tmp_path, "Awakenings;Coffee", f"{typed};{typed}", "0;0")
    assert made.frame["awakenings_n"].to_list() == [count, "0"]
    assert made.frame["caffeine_mg"].to_list() == [f"{int(count) * 90}", "0"]


@pytest.mark.parametrize(
    ("name", "typed", "word"),
    [
        ("jerk_location", "legs", "leg"),
        ("jerk_location", "Head", "head_neck"),
        ("jerk_location", "beide Arme", None),
        ("jerk_location", "Arme", "arm"),
        ("jerk_location", "piernas", "leg"),
        ("jerk_location", "tout le corps", "whole_body"),
        ("jerk_sensation", "electric shock", "shock"),
        ("jerk_sensation", "Stromschlag", "shock"),
        ("jerk_sensation", "sensación de caída", "falling"),
        ("jerk_timing", "While falling asleep", "drifting_off"),
        ("jerk_timing", "beim Einschlafen", "drifting_off"),
        ("jerk_timing", "en s\u2019endormant", "drifting_off"),
        ("jerk_reporter", "Me", "self"),
        ("jerk_reporter", "I did", "self"),
        ("jerk_reporter", "ich selbst", "self"),
        ("jerk_reporter", "mi pareja", "other_person"),
        ("stress_0_10", "Prefer not to say", "-9"),
        ("stress_0_10", "keine Angabe", "-9"),
        ("stress_0_10", "prefiero no decirlo", "-9"),
        ("stress_0_10", "weiß nicht", "-8"),
        ("unusual_night", "je préfère ne pas répondre", None),
    ],
)
def test_a_choice_is_read_in_the_words_that_people_have_for_it(name, typed, word, tmp_path: Path) -> None:
    assert nights(tmp_path, name, typed, "").frame[name].to_list()[0] == word


@pytest.mark.parametrize(
    ("name", "typed", "word"),
    [
        ("jerk_freq_12mo", "Several times a week", "several_a_week"),
        ("jerk_freq_12mo", "mehrmals pro Woche", "several_a_week"),
        ("jerk_freq_12mo", "casi todas las noches", "most_nights"),
        ("country_code", "UK", "GB"),
        ("country_code", "USA", "US"),
        ("country_code", "England", "GB"),
        ("country_code", "Angleterre", "GB"),
        ("age_band", "Prefer not to say", "refused"),
        ("age_band", "preferisco non rispondere", "refused"),
        ("sex_at_birth", "keine Angabe", "other_or_undisclosed"),
    ],
)
def test_a_choice_of_a_survey_is_read_in_the_words_that_people_have_for_it(name, typed, word, tmp_path: Path) -> None:
    others = [column for column in ("age_band", "country_code", "sex_at_birth") if column != name]
    known = {"age_band": "34", "country_code": "France", "sex_at_birth": "female"}
    text = f"id;{name};{';'.join(others)}\na;{typed};{';'.join(known[column] for column in others)}\n"
    (tmp_path / "people.csv").write_text(text, "utf-8")
    assert convert("spreadsheet", tmp_path / "people.csv", "participants").frame[name].to_list() == [word]
