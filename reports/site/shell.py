"""A plain frame of a page, until the one that all pages share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hypnic.palette import style_sheet

HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>')


class Link(NamedTuple):
    """A link of a page: `note` says in a few words what is behind it."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class Frame:
    """What a page says of itself."""

    title: str
    data_date: str = ""
    notices: tuple[str, ...] = ()
    trail: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    key: str = "hypnic"
    wide: bool = False
    specified: bool = True
    summary: str = ""


def framed(frame: Frame, body: str, lead: str = "") -> str:
    """Give the whole page."""
    style = style_sheet() + resources.files("hypnic.reports").joinpath("templates/style.css").read_text("utf-8")
    return environment().get_template("site-shell.html.j2").render(
        frame=frame, contents=HEADING.findall(body), lead=Markup(lead), body=Markup(body),  # noqa: S704
        style=Markup(style),  # noqa: S704
    )  # fmt: skip


@cache
def environment() -> Environment:
    """Give the one jinja environment of the pages."""
    made = Environment(
        loader=PackageLoader("hypnic.reports", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["lower_first"] = lambda words: words[:1].lower() + words[1:]
    made.filters["capitalize_first"] = lambda words: words[:1].upper() + words[1:]
    made.filters["drawn"] = lambda drawing: Markup(drawing.inline)  # noqa: S704
    return made
