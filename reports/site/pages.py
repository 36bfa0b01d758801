"""A page of the site, the menu that leads to all of them, and how a page is put in its frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hypnic.reports.frame import Frame, Link, environment, framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FRONT = "index.html"
NAME = "hypnic"
# Every page of the site, in the order of the menu; what a build has no source for is left out of it.
MENU = {
    FRONT: "Front page",
    "across.html": "Across studies",
    "claims.html": "What people say",
    "data.html": "Get the data",
    "send.html": "Send data",
    "field/index.html": "Run a study",
    "dictionary.html": "Dictionary",
    "rules.html": "Rules",
    "methods.html": "Methods",
    "guide.html": "Guide",
    "api/index.html": "API",
    "find.html": "Find",
}


class Entry(NamedTuple):
    """A line of the index: what there is, where, of which kind it is, and by which further words it is found."""

    words: str
    href: str
    kind: str
    alike: str = ""


@dataclass(frozen=True)
class SitePage:
    """A page: `path` is below the site's folder, `body` and `lead` are HTML, `entries` what the index lists of it."""

    path: str
    title: str
    body: str
    summary: str
    lead: str = ""
    notices: tuple[str, ...] = ()
    downloads: tuple[Link, ...] = ()
    data_date: str = ""
    wide: bool = False
    above: tuple[Link, ...] = ()  # pages between the front and this one, by their path below the site's folder
    entries: tuple[Entry, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)  # what lies next to it, by its path below the folder


def relative(href: str, path: str) -> str:
    """Give an address below the site's folder as seen from a page.

    >>> relative("claims.html#sayings", "api/hypnic.html"), relative("claims.html", "index.html")
    ('../claims.html#sayings', 'claims.html')
    """
    return "../" * path.count("/") + href


def rendered(page: SitePage, paths: Sequence[str]) -> str:
    """Give the whole page; `paths` are all pages of the site."""
    trail = () if page.path == FRONT else (Link(NAME, FRONT), *page.above)
    passed = {page.path, *(link.href for link in trail)}
    menu = [Link(words, path) for path, words in MENU.items() if path in paths and path not in passed]

    def seen(links: Iterable[Link]) -> tuple[Link, ...]:
        return tuple(Link(one.label, relative(one.href, page.path), one.note) for one in links)

    frame = Frame(
        title=page.title, data_date=page.data_date, notices=page.notices, wide=page.wide, summary=page.summary,
        key=f"hypnic-{page.path.removesuffix('.html').replace('/', '-')}",
        trail=seen(trail), pages=seen(menu), downloads=seen(page.downloads),
    )  # fmt: skip
    return framed(frame, page.body, page.lead)


def filled(template: str, **names: object) -> str:
    """Give the HTML of a template of the site."""
    return environment().get_template(f"site-{template}.html.j2").render(**names)
