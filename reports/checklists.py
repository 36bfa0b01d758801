"""The reporting checklists STROBE and CHERRIES, each item with the place where it is answered."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from hypnic.analysis.studies import Study


class Item(NamedTuple):
    """One item: what it asks, and where a reader finds that."""

    number: str
    asks: str
    where: str
    href: str


class Checklist(NamedTuple):
    """A list with its source."""

    id: str
    title: str
    source: str
    items: tuple[Item, ...]

    @property
    def table(self) -> Table:
        """Give it as a table, to be kept as a file."""
        rows = tuple((item.number, item.asks, item.where, item.href) for item in self.items)
        return Table(self.title, ("Item", "What it asks", "Where it is", "Address"), rows)


STROBE = ("strobe", "STROBE: reporting of observational studies", "von Elm and others 2007, PLoS Medicine 4:e296")
CHERRIES = ("cherries", "CHERRIES: reporting of surveys on the internet", "Eysenbach 2004, J Med Internet Res 6:e34")


def checklists(study: Study) -> tuple[Checklist, ...]:
    """Give the lists that a study is held against: all by STROBE, those of volunteers by CHERRIES too.

    >>> from hypnic.analysis.studies.registry import named
    >>> [one.id for one in checklists(named("nhanes"))]
    ['strobe']
    """
    asked = (STROBE,) if study.shares else (STROBE, CHERRIES)
    return tuple(Checklist(name, title, source, _items(name)) for name, title, source in asked)


def _items(name: str) -> tuple[Item, ...]:
    text = resources.files("hypnic.reports").joinpath(f"texts/{name}.csv").read_text("utf-8")
    return tuple(Item(row["item"], row["asks"], row["where"], row["href"]) for row in csv.DictReader(text.splitlines()))
