"""The frame: what every page of the site says of itself, and what it may do."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from hypnic.analysis.studies.specification import FROZEN
from hypnic.environment import environment
from hypnic.palette import style_sheet
from hypnic.reports.fonts import font_faces
from hypnic.reports.frame import Frame, Link, framed

BODY = '<section><h2 id="cells">Cells &amp; rows</h2><p>x</p></section><section><h2 id="b">B</h2></section>'


def test_a_page_lists_its_sections_and_each_has_a_link_to_itself() -> None:
    page = framed(Frame("Rules"), BODY)
    contents = page.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="(#\w+)">([^<]+)', contents)[:2] == [("#cells", "Cells &amp; rows"), ("#b", "B")]
    assert 'href="#cells" aria-label="Link to: Cells &amp; rows"' in page


def test_the_first_screen_comes_before_the_contents_list() -> None:
    page = framed(Frame("Study"), BODY, lead="<p>the answer</p>")
    assert page.index("the answer") < page.index("On this page") < page.index('id="cells"')


def test_a_page_says_its_dates_version_licence_citation_and_contact() -> None:
    page = framed(Frame("Rules", data_date="interviews of 2005 to 2008", key="hypnic-x"), BODY)
    for said in (
        "interviews of 2005 to 2008",
        FROZEN[:12],
        "CC0",
        "@misc{hypnic-x,",
        "open an issue in the repository that you have this page from",
        "hypnic, version",
    ):
        assert said in page


def test_a_page_of_a_report_is_cited_with_the_report_that_it_belongs_to() -> None:
    page = framed(Frame("All estimates", part_of="Sleep starts on postcards"), BODY)
    assert "(2026). Sleep starts on postcards: All estimates. hypnic" in page
    assert "title = {Sleep starts on postcards: All estimates}" in page


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("https://github.com/somebody/hypnic", '<a href="https://github.com/somebody/hypnic/issues">the issue tracker'),
        ("/home/somebody/hypnic", "open an issue in the repository"),
        ("https://<b>", "open an issue in the repository"),
    ],
)
def test_contact_is_a_link_where_the_address_of_the_repository_is_known(named: str, told: str) -> None:
    with environment({"HYPNIC_REPOSITORY": named}):
        page = framed(Frame("Rules"), BODY)
    assert told in page
    assert "somebody" not in page.replace("https://github.com/somebody/hypnic/issues", "")


def test_a_page_may_run_its_own_scripts_and_ask_nothing_of_anyone() -> None:
    page = framed(Frame("Rules"), f"{BODY}<script>show();</script>")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    own = b64encode(sha256(b"show();").digest()).decode()
    assert "default-src &#39;none&#39;" in policy
    assert f"script-src &#39;sha256-{own}&#39;" in policy


def test_words_given_to_a_frame_are_not_read_as_html() -> None:
    page = framed(Frame("<b>Rules</b>", downloads=(Link("a<b", "x.csv"),)), BODY)
    assert "<b>Rules" not in page
    assert "a&lt;b" in page


def test_the_colours_and_the_font_are_inside_the_page() -> None:
    page = framed(Frame("Rules"), BODY)
    assert style_sheet() in page
    assert font_faces() in page
    assert "https:" not in page


def test_a_font_has_the_letters_of_a_page_and_no_more() -> None:
    faces = re.findall(r"base64,([^)]+)", font_faces())
    fonts = [TTFont(BytesIO(b64decode(face))) for face in faces]
    assert len(fonts) == 2
    for font in fonts:
        assert {*map(ord, "Age 0.5 to 1.2 % – ≤ ≥")} <= set(font.getBestCmap())
        assert len(font.getGlyphOrder()) < 150
