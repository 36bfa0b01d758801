"""The forms in each language: nothing left in English, nothing translated that is no longer asked."""

from __future__ import annotations

import csv
import io
import re

import pytest

from hypnic.schemas import TABLES
from hypnic.schemas.publish.form import form
from hypnic.schemas.publish.item import Item
from hypnic.schemas.publish.redcap import as_redcap
from hypnic.schemas.publish.translation import NUMBER, PARTS, Language, in_language, languages

OTHERS = [code for code in languages() if code != "en"]
EACH = pytest.mark.parametrize("code", OTHERS)
SEEN = [item for table in TABLES for alone in (False, True) for item in form(table, alone=alone)
        if item.answer not in {"calculated", "words", "hidden"}]  # fmt: skip
HEADINGS = {"Information and consent", "Questionnaire", "About you", "One night of the diary"}


def texts(item: Item) -> set[str]:
    named = {word: label for word, label in item.choices if item.name != "country_code" or word == "ZZ"}
    return {item.label, item.section, item.hint, item.excuse, *named.values()} - {""}


@EACH
def test_every_text_that_people_see_is_translated(code: str) -> None:
    said = languages()[code]
    assert [text for item in SEEN for text in texts(item) if said.lacks(text)] == []
    assert [text for item in SEEN for text in texts(item) if "#" in said.says(text)] == []


def test_a_text_of_two_lacks_what_one_of_them_lacks() -> None:
    half = Language("xx", "Half", reviewed=False, words={": how many?": ": kiom?", "Cups (# ml)": "Tasoj (# ml)"})
    assert half.says("Cups (200 ml): how many?") == "Tasoj (200 ml): kiom?"
    assert not half.lacks("Cups (200 ml): how many?")
    assert half.lacks("Cans (200 ml): how many?")
    assert half.lacks("Cups (200 ml)\n\nCans")


@EACH
def test_nothing_is_translated_that_no_form_says(code: str) -> None:
    every = {part for item in SEEN for text in texts(item) for part in text.split("\n\n")} | HEADINGS
    for part in PARTS:
        every |= {part} | {piece.strip() for text in every for piece in text.split(part)}
    every |= {NUMBER.sub("#", text) for text in every}
    assert set(languages()[code].words) - every == set()


@EACH
def test_a_translation_keeps_the_numbers_the_marks_for_the_team_and_the_answers_it_names(code: str) -> None:
    for english, said in languages()[code].words.items():
        assert said.count("#") == english.count("#")
        assert said.count("[TEAM: ") >= english.count("[TEAM: ")
        assert re.findall(r"{\w+}", said) == re.findall(r"{\w+}", english)


@EACH
def test_the_answers_of_a_question_stay_different(code: str) -> None:
    for item in SEEN:
        labels = [label for _, label in in_language(item, languages()[code]).choices]
        assert len({*labels}) == len(labels), item.name


@EACH
def test_an_unread_translation_says_so(code: str) -> None:
    assert languages()[code].reviewed is False


def test_countries_are_named_in_the_language() -> None:
    country = next(item for item in SEEN if item.name == "country_code")
    assert dict(in_language(country, languages()["de"]).choices)["DE"] == "Deutschland"


def test_redcap_speaks_the_language_that_is_asked_for_with_the_same_codes() -> None:
    english, german = (list(csv.DictReader(io.StringIO(as_redcap(["nights"], code)))) for code in ("en", "de"))
    label, choices = "Field Label", "Choices, Calculations, OR Slider Labels"
    asked = {row["Variable / Field Name"]: row for row in german}
    assert asked["bed_clock_h"][label] == "Ab wann haben Sie versucht einzuschlafen?"
    for row, other in zip(english, german, strict=True):
        codes = [[one.split(", ")[0] for one in each[choices].split(" | ")] for each in (row, other)]
        assert codes[0] == codes[1] or row["Field Type"] == "calc"
