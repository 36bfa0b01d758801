"""What a submission says of itself goes through the privacy gate, and ordinary titles pass it."""

from __future__ import annotations

import pytest

from hypnic.datasets.checking.sentences import private_sentence
from hypnic.datasets.intake.facts import fault
from hypnic.schemas.submission import FACTS


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Ask planted@example.org", "an e-mail address"),
        ("Ask planted at example dot org", "an e-mail address"),
        ("Call 0151 555 01 23", "a number of 7 or more digits"),
        ("See www.example.org", "a web address"),
        ("Diary of Planted Name", "somebody's name, or a place"),
        ("Planted Name", "somebody's name, or a place"),
        ("Kept by Planted van der Name", "somebody's name, or a place"),
        ("Diary of P. Planted", "somebody's name, or a place"),
        ("Asked by Dr. Planted", "somebody's name"),
        ("Answers of August 2026", "a calendar date"),
        ("Answers of 14.8.2026", "a calendar date"),
        ("Collected at 48.137, 11.575", "a latitude and longitude"),
    ],
)
def test_a_private_thing_within_a_sentence_is_told_by_its_kind_alone(sentence: str, kind: str) -> None:
    assert fault(FACTS["title"], sentence) == f"it holds {kind}; take it out"


@pytest.mark.parametrize(
    "sentence",
    [
        "Berlin Sleep Study", "Our Survey of Sleep Starts", "Diary of a sleep laboratory's open day",
        "Spring 2026 survey",
        "Every respondent, aged 18 or over, agreed that their answers are published under CC0-1.0.",
        "I agree that my answers, without anything that names me, are published for anyone to use.",
        "Nobody was asked: a program drew every answer.", "Alle Befragten haben zugestimmt.", "2026/27 survey",
    ],
)  # fmt: skip
def test_an_ordinary_title_or_consent_passes(sentence: str) -> None:
    assert private_sentence(sentence) is None
