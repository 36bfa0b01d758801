"""The index of the site: every page, saying, column, rule and function, to be searched without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.reports.site.pages import Entry, SitePage, filled

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = "find.html"


def find_page(pages: Sequence[SitePage]) -> SitePage:
    """Give the page that lists what is on all `pages`: it works without a script, and one narrows it down."""
    entries = [
        *(Entry(page.title, page.path, "page") for page in pages),
        *(entry for page in pages for entry in page.entries if entry.kind != "page"),
    ]
    kinds = tuple(dict.fromkeys(entry.kind for entry in entries))
    return SitePage(
        PAGE, "Find on this site", filled("find", entries=entries, kinds=kinds),
        "Every page, saying, column, rule and function of the site in one list that can be searched.",
    )  # fmt: skip
