"""Markdown of our own as HTML: docstrings and the guide."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt

HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@cache
def _reader() -> MarkdownIt:
    # Raw HTML is shown as text: what we write needs none.
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html(text: str, *, down: int = 0) -> str:
    """Give Markdown as HTML; headings go `down` so many levels and get an id.

    >>> html("# First *step*", down=1)
    '<h2 id="first-step">First <em>step</em></h2>\\n'
    """
    made = HEADING.sub(lambda found: _heading(int(found[1]) + down, found[2]), _reader().render(text))
    return TABLE.sub(_wrapped, made)


def slug(words: str) -> str:
    """Make an id of words; it begins with a letter.

    >>> slug("3. A ratio, within <em>people</em>")
    'a-ratio-within-people'
    """
    return re.sub(r"[^a-z0-9]+", "-", TAG.sub("", words).lower()).lstrip("-0123456789").rstrip("-")


def _heading(level: int, words: str) -> str:
    level = min(level, 6)
    return f'<h{level} id="{slug(words)}">{words}</h{level}>'


def _wrapped(found: re.Match[str]) -> str:
    table = found[0].replace("<table>", '<table class="words">').replace("<th>", '<th scope="col">')
    return f'<div class="table">{table}</div>'
