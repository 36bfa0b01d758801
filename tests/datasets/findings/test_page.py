"""The page shows every finding in its row, and nothing that a finding does not hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hypnic
from hypnic.datasets.findings.page import CELLS, ROWS, as_page
from hypnic.palette import LIGHT, style_sheet
from hypnic.schemas import columns
from hypnic.schemas.nights import Nights

if TYPE_CHECKING:
    from collections.abc import Callable

    Save = Callable[..., Path]
    Row = dict[str, str]

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """A page that is read strictly: every element is closed, and every id is alone."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements for key, value in attributes.items() if key == name and value]


@pytest.fixture
def faulty(diary: list[Row], save: Save) -> Path:
    diary[1] |= {"stress_0_10": "11", "sol_min": "<b>ten</b>"}
    diary[3] |= {"stress_0_10": "4915112345678"}
    diary[5] |= {"participant_id": "Jane Doe"}
    return save("nights", diary)


def test_a_faulty_cell_stands_in_its_row_under_its_letter_and_the_rest_of_the_row_are_dots(faulty: Path) -> None:
    text = as_page(hypnic.check(faulty), [Path("nights.csv")])
    rows = dict(re.findall(r'<tr><th scope="row">(\d+)</th>(.*?)</tr>', text))
    assert set(rows) == {"3", "5", "7"}
    assert re.findall(r'<th scope="col">(\w+)', text) == ["row", "A", "L", "AA"]
    assert "<code>11</code>" in rows["3"]
    assert rows["5"].count("·") == 2


def test_the_page_holds_no_cell_but_short_plain_numbers_of_findings(faulty: Path, diary: list[Row]) -> None:
    found = hypnic.check(faulty)
    text = as_page(found, [Path("nights.csv")])
    assert re.findall(r"<code>(.*?)</code>", text) == ["11", "11"]
    assert found["value"].drop_nulls().to_list() == ["11"]
    for secret in ("Jane", "Doe", "4915112345678", "ten</b>", diary[0]["participant_id"], "endurance"):
        assert secret not in text


def test_the_page_is_whole_and_its_links_and_labels_lead_somewhere(faulty: Path) -> None:
    page = Page(as_page(hypnic.check(faulty), [Path("nights.csv")]))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in page.all("href") if target.startswith("#")} <= set(ids)
    assert set(page.all("aria-labelledby")) <= set(ids)


def test_the_page_asks_for_nothing_from_anywhere(faulty: Path) -> None:
    page = Page(as_page(hypnic.check(faulty), [Path("nights.csv")]))
    assert page.all("src") == []
    assert {target for target in page.all("href") if not target.startswith("#")} == {"data:,"}
    assert "://" not in as_page(hypnic.check(faulty), [Path("nights.csv")])


def test_without_a_script_everything_is_shown_and_the_filter_is_hidden(faulty: Path) -> None:
    page = Page(as_page(hypnic.check(faulty), [Path("nights.csv")]))
    hidden = [attributes.get("id") for _, attributes in page.elements if "hidden" in attributes]
    assert hidden == ["filter"]


def test_the_page_takes_its_colours_from_the_palette_and_asks_for_none_that_is_not_there(faulty: Path) -> None:
    text = as_page(hypnic.check(faulty), [Path("nights.csv")])
    assert style_sheet() in text
    assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= set(LIGHT)


def test_a_clean_file_has_a_page_without_findings(diary: list[Row], save: Save) -> None:
    text = as_page(hypnic.check(save("nights", diary)), [Path("nights.csv")])
    Page(text)
    assert "no findings" in text
    assert "data-rule=" not in text


def test_findings_of_the_header_need_no_row(diary: list[Row], save: Save) -> None:
    rows = [{name: night[name] for name in night if name != "wake_clock_h"} for night in diary]
    text = as_page(hypnic.check(save("nights", rows)), [Path("nights.csv")])
    Page(text)
    assert "<li>the header</li>" in text
    assert "<table>" not in text


def test_a_file_name_cannot_break_out_of_the_page(faulty: Path) -> None:
    name = '"><script>alert(1)</script>.csv'
    odd = faulty.rename(faulty.parent / name.replace("/", "-"))
    text = as_page(hypnic.check(odd), [odd])
    Page(text)
    assert "<script>alert" not in text


def test_a_file_full_of_faults_makes_a_page_that_opens(diary: list[Row], save: Save) -> None:
    rows = [
        diary[0] | {"night_index": str(1 + n % 28), "stress_0_10": "11", "sol_min": str(n % 97)} for n in range(900)
    ]
    text = as_page(hypnic.check(save("nights", rows)), [Path("nights.csv")])
    assert text.count('<th scope="row">') == ROWS
    page = Page(text)
    assert {target.removeprefix("#") for target in page.all("href") if target[0] == "#"} <= set(page.all("id"))
    assert f"and {900 - ROWS} more rows" in text
    assert f"and {900 - CELLS} more" in text
    assert text.count("<li>") <= len(columns(Nights)) * CELLS
