"""The index of the site: every page, section, saying, column, rule and function, searched without a network."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from hypnic.reports.site.pages import FRONT, Entry, SitePage, filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.reports.site.studies import Shown

PAGE = "find.html"
# Pages whose parts are entries already, and pages of a study that have words of their own.
LISTED = ("claims.html", "dictionary.html", "rules.html", "api/", "field/questionnaire-", "field/information-")
READ = ("index.html", "sensitivity.html", "diagnostics.html", "methods.html")
HEADING = re.compile(r'<h[23][^>]* id="([^"]+)"[^>]*>(.*?)</h[23]>', re.DOTALL)
TERM = re.compile(r'<dt id="(term-[^"]+)">(.*?)</dt>\s*<dd>(.*?)</dd>', re.DOTALL)
NO_WORDS = re.compile(r"<(svg|script|style|pre)\b.*?</\1>|<[^>]+>", re.DOTALL)
PERMALINK = re.compile(r'<a class="permalink".*?</a>')
WORD = re.compile(r"[^\W\d_]{3,}")


def find_page(pages: Sequence[SitePage], shown: Sequence[Shown] = ()) -> SitePage:
    """Give the page that lists what is on all `pages` and in the reports: it works without a script.

    With one it is narrowed down, also by the words that a section has.
    """
    entries = [
        *(Entry(page.title, page.path, "page") for page in pages),
        Entry("How to cite, licence, version and contact", f"{FRONT}#about", "how to"),
        *(entry for page in pages for entry in page.entries if entry.kind != "page"),
        *(one for page in pages if not page.path.startswith(LISTED) for one in _sections(page.path, "", page.body)),
        *(entry for one in shown for entry in _of_study(one)),
    ]
    kinds = tuple(dict.fromkeys(entry.kind for entry in entries))
    return SitePage(
        PAGE, "Find on this site", filled("find", entries=entries, kinds=kinds),
        "Every page, section, saying, column, rule and function of the site in one list that can be searched.",
    )  # fmt: skip


def _of_study(one: Shown) -> Iterator[Entry]:
    """List the terms of a study's glossary, then the sections of its pages: the glossary as a whole has every word."""
    for id_, term, meaning in TERM.findall(one.files.get("methods.html", b"").decode()):
        yield Entry(_said(term), f"{one.folder}/methods.html#{id_}", "term", _words(meaning))
    for name in READ:
        page = one.files.get(name, b"").decode()
        yield from _sections(f"{one.folder}/{name}", one.short, page.partition('<div class="body">')[2])


def _sections(path: str, whose: str, body: str) -> Iterator[Entry]:
    """List the headings of a page, each with the words that stand below it."""
    _, *parts = HEADING.split(PERMALINK.sub("", body.partition("</main>")[0]))
    for id_, heading, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        words = f"{_said(heading)} ({whose})" if whose else _said(heading)
        yield Entry(words, f"{path}#{id_}", "section", _words(text))


def _said(html: str) -> str:
    return " ".join(unescape(NO_WORDS.sub(" ", html)).split())


def _words(html: str) -> str:
    """Give each word of a text once.

    >>> _words("<p>Withdraw, or <em>withdraw</em> later</p>")
    'later withdraw'
    """
    return " ".join(sorted(set(WORD.findall(_said(html).lower()))))
