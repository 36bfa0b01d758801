"""The glossary: each field term in plain words, and a link from its first use on a page."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

# Text that is left alone: tags, and what stands inside of these.
SKIPPED = re.compile(
    r"(<(svg|script|style|h1|h2|h3|a|code|pre|summary|caption|thead|option)\b.*?</\2>|<[^>]+>)", re.DOTALL
)


class Term(NamedTuple):
    """A term: its id, the words it is looked up by, and what it means."""

    id: str
    title: str
    forms: tuple[str, ...]
    words: str


@cache
def terms() -> tuple[Term, ...]:
    """Give every term, by its title.

    >>> terms()[0].title
    '95 % interval'
    """
    text = resources.files("hypnic.reports").joinpath("texts/glossary.toml").read_text("utf-8")
    found = [Term(name, one["title"], tuple(one["forms"]), one["words"]) for name, one in tomllib.loads(text).items()]
    return tuple(sorted(found, key=lambda term: term.title.lower()))


def linked(html: str, page: str) -> str:
    """Link the first use of each term in a piece of HTML to its entry on `page`; headings, links and figures stay.

    >>> linked("<h2>Odds ratio</h2><p>Odds ratio, odds ratio</p>", "g.html")
    '<h2>Odds ratio</h2><p><a class="term" href="g.html#term-odds-ratio">Odds ratio</a>, odds ratio</p>'
    """
    known = {_plain(form): term.id for term in terms() for form in term.forms}
    words = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(map(_spaced, words))})(?![\w-])", re.IGNORECASE)
    told: set[str] = set()

    def link(found: re.Match[str]) -> str:
        term = known[_plain(found[0])]
        if term in told:
            return found[0]
        told.add(term)
        return f'<a class="term" href="{page}#term-{term}">{found[0]}</a>'

    parts: list[str] = []
    at = 0
    for skipped in SKIPPED.finditer(html):
        parts += [pattern.sub(link, html[at : skipped.start()]), skipped[0]]
        at = skipped.end()
    return "".join([*parts, pattern.sub(link, html[at:])])


def _plain(form: str) -> str:
    return " ".join(form.replace("&nbsp;", " ").split()).lower()


def _spaced(form: str) -> str:
    return r"(?:\s|&nbsp;)".join(map(re.escape, form.split()))
