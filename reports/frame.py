"""The frame of every page of the site: what stands around its body, and what each page must say of itself.

A page is a `Frame` and a body of HTML. The frame adds the contents list (from the body's `<h2 id>`), a permanent link
to each heading with an id, the date of the data and of the specification, version, licence, how to cite, where to ask,
the downloads, the content security policy, and the one style sheet (light, dark, printed, and for a phone).

>>> body = '<h2 id="cells">Cells</h2><p>One rule.</p><h2 id="rows">Rows</h2><p>Another.</p>'
>>> page = framed(Frame("Rules", data_date="26 November 2026"), body)
>>> '<a href="#cells">Cells</a>' in page, "default-src &#39;none&#39;" in page
(True, True)
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import unescape
from importlib import resources
from importlib.metadata import version
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from hypnic.analysis.studies.specification import FROZEN, FROZEN_ON
from hypnic.palette import style_sheet
from hypnic.reports.contact import NO_ADDRESS, TRACKER, UNKNOWN, tracker
from hypnic.reports.fonts import font_faces

HEADING = re.compile(r'<h([23])((?: [^>]*)?) id="([^"]+)"([^>]*)>(.*?)</h\1>', re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
BRACKETS = re.compile(r"\([^()]{1,24}\)")  # an interval behind its estimate: it stays on one line
TAG = re.compile(r"<[^>]+>")
AUTHORS, YEAR = "The hypnic contributors", 2026
LICENCE = "Code MIT, data and text CC0 1.0: use them as you like"


class Link(NamedTuple):
    """A link of a page: `note` says in a few words what is behind it."""

    label: str
    href: str
    note: str = ""


class Heading(NamedTuple):
    """An entry of the contents list."""

    id: str
    words: str


@dataclass(frozen=True)
class Frame:
    """What a page says of itself.

    `trail` leads from the front page down to this one, `pages` are its neighbours; addresses are relative. `banner` is
    what has to be read first, `notices` come under the title. `key` names the page in BibTeX, `part_of` the report
    that it belongs to; `wide` gives tables the whole screen. `data_date` says in words when the data are from; a page
    without data leaves it empty.
    """

    title: str
    data_date: str = ""
    banner: str = ""
    notices: tuple[str, ...] = ()
    trail: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    key: str = "hypnic"
    part_of: str = ""
    wide: bool = False
    specified: bool = True
    summary: str = ""  # one plain sentence, for search engines and previews

    @property
    def window(self) -> str:
        """Give the title of the window."""
        return " – ".join([self.title, *(link.label for link in reversed(self.trail))])

    @property
    def _cited(self) -> str:
        """Give the title as others cite it: with the report that the page is a part of."""
        return f"{self.part_of}: {self.title}" if self.part_of else self.title

    @property
    def citation(self) -> str:
        """Give the sentence that cites the page."""
        rule = f" Specification {FROZEN[:12]}." if self.specified else ""
        data = f" Data: {self.data_date}." if self.data_date else ""
        return f"{AUTHORS} ({YEAR}). {self._cited}. hypnic, version {version('hypnic')}.{data}{rule} CC0-1.0."

    @property
    def bibtex(self) -> str:
        """Give the same for BibTeX."""
        data, rule = f"Data: {self.data_date}", f"Specification {FROZEN[:12]}"
        note = ". ".join([*([data] if self.data_date else []), *([rule] if self.specified else []), "CC0-1.0"])
        return (
            f"@misc{{{self.key},\n  author = {{{{{AUTHORS}}}}},\n  title = {{{self._cited}}},\n  year = {{{YEAR}}},\n"
            f"  howpublished = {{hypnic, version {version('hypnic')}}},\n  note = {{{note}}}\n}}"
        )


def framed(frame: Frame, body: str, lead: str = "") -> str:
    """Give the whole page; `lead` is a first screen, which on a phone comes before the contents list.

    `body` is HTML of `<section>`s or anything else that may stand in `<main>`. Scripts in it must be inline.
    """
    contents = tuple(Heading(id_, _plain(words)) for level, _, id_, _, words in HEADING.findall(body) if level == "2")
    page = environment().get_template("frame.html.j2").render(
        frame=frame, contents=contents, lead=Markup(linked(lead)), body=Markup(linked(body)),  # noqa: S704
        policy=_policy(lead + body), style=Markup(style()), version=version("hypnic"), licence=LICENCE,  # noqa: S704
        tracker=TRACKER, issues=tracker(), unknown=UNKNOWN, no_address=NO_ADDRESS, specification=FROZEN,
        specified_on=FROZEN_ON,
    )  # fmt: skip
    return re.sub(r"\n\s*\n+", "\n", page)


def linked(body: str) -> str:
    """Add a permanent link to each heading of the second and third level that has an id.

    >>> linked('<h3 id="x">Dose &amp; rug</h3>')
    '<h3 id="x">Dose &amp; rug <a class="permalink" href="#x" aria-label="Link to: Dose &amp; rug">#</a></h3>'
    """
    return HEADING.sub(_with_link, body)


def _with_link(found: re.Match[str]) -> str:
    level, before, id_, after, words = found.groups()
    label = escape(_plain(words))
    link = f'<a class="permalink" href="#{id_}" aria-label="Link to: {label}">#</a>'
    return f'<h{level}{before} id="{id_}"{after}>{words} {link}</h{level}>'


def _plain(words: str) -> str:
    return unescape(TAG.sub("", words)).strip()


def _policy(body: str) -> str:
    """Allow the page's own scripts, by their hash, and nothing from anywhere else."""
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in SCRIPT.findall(body)
    )
    return (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src 'self' data:; base-uri 'none';"
        f" form-action 'none'; script-src {hashes or chr(39) + 'none' + chr(39)}"
    )


@cache
def style() -> str:
    """Give the one style sheet of the site: colours, font and rules."""
    rules = resources.files("hypnic.reports").joinpath("templates/style.css").read_text("utf-8")
    return style_sheet() + font_faces() + rules


@cache
def environment() -> Environment:
    """Give the one jinja environment of the pages."""
    made = Environment(
        loader=PackageLoader("hypnic.reports", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    # Only what this package wrote itself goes in unescaped: its own drawings.
    made.filters["whole"] = lambda cell: BRACKETS.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), cell)
    made.filters["drawn"] = lambda drawing: Markup(drawing.inline)  # noqa: S704
    return made
