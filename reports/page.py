"""The page of a report: one HTML file that asks nothing of the network."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hypnic.palette import style_sheet

if TYPE_CHECKING:
    from hypnic.reports.report import Report


def page(report: Report) -> str:
    """Render a report as HTML."""
    environment = Environment(
        loader=PackageLoader("hypnic.reports", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    # Only what this package wrote itself goes in unescaped: its style sheet, and its own drawings.
    environment.filters["drawn"] = lambda drawing: Markup(drawing.inline)  # noqa: S704
    style = style_sheet() + resources.files("hypnic.reports").joinpath("templates/style.css").read_text("utf-8")
    return environment.get_template("page.html.j2").render(report=report, style=Markup(style))  # noqa: S704
