"""The page: what a reader, a screen reader and a reviewer find on it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from hypnic.analysis.studies.demo import SYNTHETIC
from hypnic.palette import DARK, LIGHT, PRINT, style_sheet
from hypnic.schemas.estimates import ROLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("built")  # half a minute to make: once, in one process
ORDER = [
    "answer-heading", "ratios", "people", "outcome", "exposures", "kinds", "said", "fit", "missing", "methods",
    "provenance", "about-heading",
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """Every tag with its attributes, and the text outside of styles and drawings."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"style", "svg", "head"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._inside:
            self.words.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def source(built: Path) -> str:
    return (built / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_the_first_line_says_that_the_data_are_synthetic(page: Page) -> None:
    assert page.words[0] == SYNTHETIC


def test_the_sections_come_in_their_order(page: Page) -> None:
    assert [attrs["id"] for tag, attrs in page.tags if tag == "h2"] == ORDER


def test_every_estimate_is_on_its_own_page_under_its_role(built: Path) -> None:
    source = (built / "estimates.html").read_text("utf-8")
    rows = pl.read_csv(built / "estimates.csv")["role"].value_counts(sort=False)
    counts = dict(rows.iter_rows())
    captions = re.findall(r"<caption>(\w+) rows of estimates.csv \((\d+)\)", source)
    assert captions == [(role.capitalize(), str(counts[role])) for role in ROLES if role in counts]


def test_the_page_asks_nothing_of_the_network_and_runs_no_script(source: str, page: Page) -> None:
    loaded = [value for _, attrs in page.tags for key in ("src", "href", "xlink:href") if (value := attrs.get(key))]
    assert [value for value in loaded if ":" in value] == []
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in page.tags}
    assert "@import" not in source


def test_every_link_of_every_page_has_its_target(built: Path) -> None:
    pages = {path.name: Page(path.read_text("utf-8")) for path in built.glob("*.html")}
    ids = {name: {attrs["id"] for _, attrs in page.tags if "id" in attrs} for name, page in pages.items()}
    dead = []
    for name, page in pages.items():
        for value in (attrs["href"] for tag, attrs in page.tags if tag == "a"):
            file, _, place = str(value).partition("#")
            if not (built / (file or name)).is_file() or (place and place not in ids[file or name]):
                dead.append((name, value))
    assert dead == []


def test_the_body_of_the_page_is_at_most_3500_words(source: str) -> None:
    lead, _, rest = source.partition('<div class="lead">')[2].partition('<nav class="contents"')
    body = Page(lead + rest.partition("</nav>")[2].partition("</main>")[0])
    assert 1000 < len(" ".join(body.words).split()) <= 3500


def test_a_saying_at_the_first_screen_is_said_with_its_numbers_and_how_sure_it_is(source: str) -> None:
    lead = source.partition('<div class="lead">')[2].partition("</section>")[0]
    text = " ".join(re.sub("<[^>]+>", " ", lead).split())
    assert (
        "After 100 mg more caffeine from 2 pm on (a mug of coffee): about 6 more jerks in 100 nights (0.2 to 12 more)."
        " Weak sign , but the survey says the opposite ." in text
    )
    assert text.count("more jerks in 100 nights") == 5


def test_no_id_is_given_twice_and_every_reference_has_its_target(source: str, page: Page) -> None:
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert not [name for name, n in ids.items() if n > 1]
    named = re.findall(r'(?:href="#|url\(#)([^")]+)', source)
    labels = [part for _, attrs in page.tags for part in (attrs.get("aria-labelledby") or "").split()]
    assert named
    assert {*named, *labels} <= set(ids)


def test_every_table_has_a_caption_and_every_heading_cell_its_scope(page: Page) -> None:
    tags = Counter(tag for tag, _ in page.tags)
    assert tags["table"] == tags["caption"] > 0
    assert all(attrs.get("scope") in {"col", "row", "rowgroup"} for tag, attrs in page.tags if tag == "th")


def test_the_page_says_its_language_and_has_one_main_heading(page: Page) -> None:
    assert dict(page.tags)["html"]["lang"] == "en"
    assert Counter(tag for tag, _ in page.tags)["h1"] == 1


def test_no_cell_speaks_of_significance_or_of_causes(page: Page) -> None:
    text = " ".join(page.words).lower()
    assert "significan" not in text
    assert not re.search(r"\bcaus(es|ed|al|ing)\b", text)
    assert "associated with" in text


def test_no_figure_is_without_words_and_a_synthetic_one_says_so(built: Path) -> None:
    figures = sorted((built / "figures").glob("*.svg"))
    assert len(figures) >= 12
    for file in figures:
        root = ET.parse(file).getroot()  # noqa: S314 -- our own file
        title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
        assert root.get("role") == "img"
        assert "<text" in file.read_text("utf-8")  # and not outlines of its letters
        assert "@font-face" in file.read_text("utf-8")
        assert root.get("aria-labelledby") == f"{file.stem}-title {file.stem}-desc"
        assert title
        assert "synthetic" in title
        assert file.with_name(file.name.replace("-phone", "")).with_suffix(".csv").read_text().startswith("data,")
        assert re.search(r"\d", description or "")
        assert ">Synthetic data</text>" in file.read_text("utf-8")


def test_every_table_and_figure_of_a_page_can_be_downloaded(built: Path, page: Page) -> None:
    linked = {str(attrs["href"]) for tag, attrs in page.tags if tag == "a"}
    figures = [attrs["id"] for tag, attrs in page.tags if tag == "figure"]
    tables = Counter(tag for tag, _ in page.tags)["tbody"]  # groups of one table have a file each
    assert len(figures) > 10
    for name in figures:
        assert {f"figures/{str(name).removeprefix('figure-')}.{kind}" for kind in ("svg", "csv")} <= linked
    told = [href for href in linked if href.startswith("tables/")]
    assert len(told) == tables
    for href in told:
        assert (built / href).read_text("utf-8").startswith("data,")


def test_estimates_can_be_sorted_where_the_heads_of_a_table_are_not_seen(built: Path) -> None:
    page = (built / "estimates.html").read_text("utf-8")
    heads = re.findall(r"<th scope=\"col\">(.*?)</th>", page.partition("</thead>")[0])
    (choices,) = re.findall(r'<select name="column">(.*?)</select>', page)
    told = [re.sub("<[^>]+>", "", head) for head in heads]
    assert len(told) == 9
    assert re.findall(r"<option[^>]*>([^<]+)", choices) == ["place in the file", *told]


def test_every_table_of_every_page_can_be_downloaded(built: Path) -> None:
    for path in built.glob("*.html"):
        parts = re.split(r"<table", re.sub(r"<footer.*", "", path.read_text("utf-8"), flags=re.DOTALL))[1:]
        lacking = [
            part[:60]
            for part, following in zip(parts, [*parts[1:], ""], strict=True)
            if not re.search(r'href="[\w/.-]+\.csv"', part) and "continued</caption>" not in following  # side by side
        ]
        assert lacking == [] or path.name == "estimates.html"  # whose rows are those of estimates.csv
    for link in re.findall(r'href="(tables/[^"]+)"', "".join(p.read_text("utf-8") for p in built.glob("*.html"))):
        assert (built / link).is_file()


def test_nothing_tells_of_the_machine_or_the_hour(built: Path) -> None:
    for file in built.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert str(built.parent).encode() not in content
            assert not re.search(rb"\b20\d\d-\d\d-\d\d", content)


@pytest.mark.parametrize("ground", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_text_stands_out_from_its_ground_as_wcag_aa_asks(ground: dict[str, str]) -> None:
    for text in ("ink", "quiet", "link", "error", "flag", "warning", "suggestion"):
        assert contrast(ground[text], ground["paper"]) >= 4.5
    assert contrast(ground["ink"], ground["warn"]) >= 4.5
    for mark in ("first", "second"):
        assert contrast(ground[mark], ground["paper"]) >= 3


def test_a_figure_takes_the_colours_of_its_page_so_that_dark_has_its_own(source: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", source, re.DOTALL)
    assert len(figures) > 5
    assert "var(--first)" in "".join(figures)
    assert not {name for name in ("first", "second", "ink", "paper") if LIGHT[name] in "".join(figures)}


def test_no_two_pages_have_one_key_in_bibtex(built: Path) -> None:
    keys = {path.name: re.findall(r"@misc\{(.+),", path.read_text("utf-8")) for path in built.glob("*.html")}
    assert keys["index.html"] == ["hypnic-demo"]
    assert sorted(map(len, keys.values())) == [1] * len(keys)
    assert len({key for (key,) in keys.values()}) == len(keys)


def test_the_page_takes_its_colours_from_the_palette(source: str) -> None:
    assert style_sheet() in source


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
