"""The pages of a report: HTML files that ask nothing of the network."""

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
    return _rendered("page.html.j2", report)


def claims_page(report: Report) -> str:
    """Render what people say and what the data say of it as HTML."""
    return _rendered("claims.html.j2", report, said=report.sayings)


def _rendered(template: str, report: Report, **more: object) -> str:
    environment = Environment(
        loader=PackageLoader("hypnic.reports", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    # Only what this package wrote itself goes in unescaped: its style sheet, and its own drawings.
    environment.filters["drawn"] = lambda drawing: Markup(drawing.inline)  # noqa: S704
    style = style_sheet() + resources.files("hypnic.reports").joinpath("templates/style.css").read_text("utf-8")
    return environment.get_template(template).render(report=report, style=Markup(style), **more)  # noqa: S704
