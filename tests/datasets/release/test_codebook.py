"""The codebook shows each column, and no count that tells of fewer than ten people."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from hypnic.datasets.release.codebook import codebook, shielded


@pytest.fixture(scope="module")
def page(contents) -> str:
    """Give the page of the small release."""
    return codebook(contents)


def section(page: str, name: str) -> str:
    found = re.search(rf"<section id='{name}'>.*?</section>", page, re.DOTALL)
    assert found, name
    return found[0]


def test_every_column_has_a_section_with_its_question(page, contents) -> None:
    for table, described in contents.described.items():
        for column in described.columns:
            assert f"<code>{column.name}</code>" in section(page, f"{table}-{column.name}")
    assert "Which sex was recorded for you at birth?" in section(page, "participants-sex_at_birth")


def test_the_one_person_in_namibia_is_not_counted(page) -> None:
    countries = section(page, "participants-country_code")
    assert "Namibia" not in countries
    assert re.search(r"each of 267 others</td><td class='n'>&lt;10 or withheld<", countries)
    assert ">79<" not in countries


def test_no_count_of_people_is_under_ten(page, contents) -> None:
    for column in contents.described["participants"].columns:
        counts = re.findall(r"<td class='n'>(\d[\d,]*)<", section(page, f"participants-{column.name}"))
        assert all(int(count.replace(",", "")) >= 10 for count in counts), column.name


def test_rows_are_hidden_with_the_people_that_they_are_of() -> None:
    assert shielded([(300, 60), (90, 9), (200, 50)]) == [300, "<10", "withheld"]


def test_a_column_of_amounts_is_drawn_in_steps(page) -> None:
    minutes = section(page, "nights-sol_min")
    assert "<svg" in minutes
    assert "<td>0 to 60</td>" in minutes
    assert "<td>61 to 121</td>" in minutes
    assert "<td>549 to 600</td>" in minutes
    assert "<td>4 to under 4.8</td>" in section(page, "participants-sleep_need_h")


def test_why_answers_are_missing_is_counted(page) -> None:
    assert "no answer: not asked" in section(page, "nights-jerk_location")


def test_no_token_is_on_the_page(page) -> None:
    assert not re.search(r"p_[a-z2-7]{16}<", page)


def test_the_page_says_that_it_is_synthetic(page) -> None:
    assert "Synthetic data: nobody gave these answers." in page


def test_every_element_that_is_opened_is_closed(page) -> None:
    class Balance(HTMLParser):
        void = frozenset({"meta", "rect"})

        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: list) -> None:  # noqa: ARG002
            if tag not in self.void:
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert tag in self.void or self.open.pop() == tag

    reader = Balance()
    reader.feed(page)
    assert reader.open == []
